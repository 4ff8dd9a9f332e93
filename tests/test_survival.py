"""Publishing survives what kills it and what fails, and readers never notice; survival.py is the long run of the same.

A small register goes to and fro between two releases; after each harm it is repaired, and must be as if there had been
none.
"""

import json
import os
import random
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import pytest
from deaths import Call
from harms import FAILURES, AtCall, AtInstant, Harm, OfOne, pagefind, stage, worker
from project import tree as files
from readers import reading
from releases import Step
from servers import serving
from trials import Trial, trial

RATE = 200
GIT = shutil.which("git")
WAYS = {"at once": True, "file by file": False}
SOUND, REFUSED = 0, 1
at_once = pytest.mark.parametrize("to_and_fro", ["at once"], indirect=True)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """A host that is read through nginx all the while; what its readers found is told at the end."""
    folder = tmp_path_factory.mktemp("survival")
    with trial(folder, 8) as made:
        told, text = folder / "told.json", made.course.host.host("file", "nginx").out
        with (
            serving("nginx", text, folder / "nginx") as address,
            reading(made.course, address, made.window, RATE, told),
        ):
            yield made
        read = json.loads(told.read_bytes())
        assert read["wrong"] == []
        assert read["counts"]["assets"] > 100
        assert read["counts"]["pages that their roll confirms"] > 100


@pytest.fixture(scope="module", params=WAYS)
def to_and_fro(host: Trial, request: pytest.FixtureRequest) -> Iterator[Step]:
    """Two steps in turn, whose calls are known: records, templates and assets change, and change back."""
    host.publications.at_once = WAYS[request.param]
    first, _, third, *_ = (step.new for step in host.course.steps)
    steps = [Step("there", first, third, ("publish",)), Step("back", third, first, ("publish",))]
    host.bring(first)
    for step in steps:
        host.learn(step)
    return cycle(steps)


def of_git(host: Trial, name: str) -> Call:
    """A call of that name by which git changes the tree."""
    return next(call for call in host.plan["back"] if call.git and call.name == name)


def kinds(calls: list[Call]) -> list[Call]:
    """Of each name of a call, and of those by which the site goes live, the one in the middle."""
    groups: dict[tuple[str, bool, bool], list[Call]] = {}
    for call in calls:
        groups.setdefault((call.name, call.git, stage(call) == "going live"), []).append(call)
    return [group[len(group) // 2] for group in groups.values()]


def survives(host: Trial, steps: Iterator[Step], harms: list[Harm]) -> None:
    """Nothing is wrong after any of the harms, each done to a step."""
    for harm in harms:
        host.step(next(steps), harm)
    wrong, host.wrong[:] = list(host.wrong), []
    assert wrong == []


def test_killed_at_any_kind_of_call_the_next_publication_repairs(host: Trial, to_and_fro: Iterator[Step]) -> None:
    """Whatever was being done; until then readers have the old site or the new one."""
    before = host.counts["kills"]
    calls = kinds(host.plan["back"])
    if not host.publications.at_once:
        calls = [call for call in calls if stage(call) == "going live"]
    survives(host, to_and_fro, [AtCall(call) for call in calls])
    assert host.counts["kills"] - before >= len(calls) - 2


@at_once
def test_killed_at_any_instant_the_next_publication_repairs(host: Trial, to_and_fro: Iterator[Step]) -> None:
    """Also between the calls."""
    moments = random.Random(27922)
    survives(host, to_and_fro, [AtInstant(moments.uniform(0, 0.6)) for _ in range(2)])


def test_a_call_that_fails_is_told_in_a_sentence(host: Trial, to_and_fro: Iterator[Step]) -> None:
    """Disk full, permission denied, disk broken: nothing is lost, and the next publication repairs."""
    calls = [call for call in kinds(host.plan["back"]) if stage(call) == "going live"]
    calls += [next(call for call in host.plan["back"] if stage(call) == "the memory" and call.name == "pwrite64")]
    calls += [call for call in host.plan["back"] if call.name == "unlink" and "lock" in call.about]
    survives(host, to_and_fro, [AtCall(call, error) for call, error in zip(calls, cycle(FAILURES), strict=False)])


@at_once
@pytest.mark.parametrize(("victim", "find"), [("pagefind", pagefind), ("worker", worker)])
def test_a_process_that_is_killed_leaves_the_old_site(
    host: Trial, to_and_fro: Iterator[Step], victim: str, find: Callable[[int], int | None]
) -> None:
    """Whoever waits is told in a sentence."""
    host.publications.shared = victim == "worker"
    try:
        survives(host, to_and_fro, [OfOne(victim, find)])
    finally:
        host.publications.shared = False
    assert host.counts[f"failures: {victim} killed: told"] == 1


@at_once
def test_a_git_that_is_killed_leaves_the_old_site(host: Trial, to_and_fro: Iterator[Step]) -> None:
    """Nothing of the half-written files is built."""
    survives(host, to_and_fro, [AtCall(of_git(host, "rename"), git_only=True)])
    assert host.counts["failures: git killed: told"] == 1


@at_once
def test_a_file_that_git_cannot_remove_is_not_published_again(host: Trial, to_and_fro: Iterator[Step]) -> None:
    """Git says so and goes on; its word for the tree would be wrong."""
    told = host.counts["failures: EACCES: told"]
    survives(host, to_and_fro, [AtCall(of_git(host, "unlink"), "EACCES")])
    assert host.counts["failures: EACCES: told"] == told + 1


@at_once
def test_a_git_that_outlives_us_is_waited_for(host: Trial, to_and_fro: Iterator[Step], tmp_path: Path) -> None:
    """Else it would still write into the tree when the next publication has brought it to another commit."""
    late = tmp_path / "git"
    late.write_text(f'#!/bin/sh\ncase "$*" in *read-tree*) touch {tmp_path}/begun; sleep 2 ;; esac\nexec {GIT} "$@"\n')
    late.chmod(0o755)
    there, back = next(to_and_fro), next(to_and_fro)
    if host.live != there.old:
        there, back = back, there
    host.window.open(*map(host.index, (there.old, there.new)))
    host.course.point(there.new.commit)
    pid = host.publications.start(host.arguments(there), git=tmp_path)
    while not (tmp_path / "begun").exists():
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    host.bring(there.old)
    tree = host.course.host.repository / "starcert/tree"
    time.sleep(2)
    host.course.host.git("checkout", "--quiet", there.old.commit)
    assert files(tree / "registry") == files(host.course.host.clone / "registry")


def test_all_is_on_the_disk_before_the_memory_is_believed(host: Trial) -> None:
    """Else, after a power cut, names in the site's folders could be old while the memory tells of the new ones."""
    host.publications.at_once = False
    first, second = (step.new for step in host.course.steps[:2])
    host.bring(first)
    host.learn(Step("records change", first, second, ("publish",)))
    site = str(host.course.host.site)
    names = [f"{call.name} {call.about}" for call in host.plan["records change"] if not call.git]
    moved = [at for at, text in enumerate(names) if re.match("rename|unlink|rmdir", text) and f'"{site}/' in text]
    flushed = [at for at, text in enumerate(names) if text.startswith("syncfs")]
    given = [at for at, text in enumerate(names) if text.startswith("open") and ".starcert-vouch" in text]
    assert len(moved) > 10
    assert given
    assert any(moved[-1] < at < given[-1] for at in flushed)


@at_once
def test_a_judge_that_is_killed_leaves_a_ledger_that_judges(host: Trial, to_and_fro: Iterator[Step]) -> None:
    """Killed while the ledger is made, or brought to another commit: the next push is judged, and rightly."""
    first, second, third, *_ = (step.new for step in host.course.steps)
    repository, runs = host.course.host.repository, host.publications
    ledger, judged = repository / "starcert/ledger", ["--as-of", first.day, "host", "receive", str(repository)]
    pushes = {SOUND: (second, third), REFUSED: (first, second)}  # templates alone; a record is removed
    try:
        for answer, (old, new) in pushes.items():
            host.course.point(old.commit)
            runs.given = f"{old.commit} {new.commit} refs/heads/main\n"
            ledger.unlink(missing_ok=True)
            calls = {call.name: call for call in runs.calls(judged, answer) if "/starcert/ledger" in call.about}
            assert {"openat", "pwrite64", "fsync", "rename"} <= calls.keys()
            for call in calls.values():
                ledger.unlink(missing_ok=True)
                assert runs.killed_at(call, judged).code == -signal.SIGKILL
                assert runs.run(judged).code == answer
    finally:
        runs.given = ""
        host.bring(first)
