"""Publishing survives what kills it and what fails, and readers never notice; survival.py is the long run of the same.

A small register goes to and fro between two releases; after each harm it is repaired, and must be as if there had been
none.
"""

import json
import random
from collections.abc import Iterator
from itertools import cycle

import pytest
from deaths import Call
from harms import FAILURES, AtCall, AtInstant, Harm, OfOne, pagefind, stage, worker
from readers import reading
from releases import Step
from servers import serving
from trials import Trial, trial

RATE = 200
WAYS = {"at once": True, "file by file": False}


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


def test_killed_at_any_instant_the_next_publication_repairs(host: Trial, to_and_fro: Iterator[Step]) -> None:
    """Also between the calls."""
    moments = random.Random(27922)
    survives(host, to_and_fro, [AtInstant(moments.uniform(0, 0.6)) for _ in range(2)])


def test_a_call_that_fails_is_told_in_a_sentence(host: Trial, to_and_fro: Iterator[Step]) -> None:
    """Disk full, permission denied, disk broken: the site stands, and the next publication repairs."""
    calls = [call for call in kinds(host.plan["back"]) if stage(call) in ("going live", "staging")]
    survives(host, to_and_fro, [AtCall(call, error) for call, error in zip(calls, cycle(FAILURES), strict=False)][:5])


@pytest.mark.parametrize(("victim", "find"), [("pagefind", pagefind), ("worker", worker)])
def test_a_process_that_is_killed_leaves_the_old_site(
    host: Trial, to_and_fro: Iterator[Step], victim: str, find: object
) -> None:
    """Whoever waits is told in a sentence."""
    host.publications.shared = victim == "worker"
    try:
        survives(host, to_and_fro, [OfOne(victim, find)])  # type: ignore[arg-type]
    finally:
        host.publications.shared = False
    assert host.counts[f"failures: {victim} killed: told"] > 0


def test_a_git_that_is_killed_leaves_the_old_site(host: Trial, to_and_fro: Iterator[Step]) -> None:
    """Nothing of the half-written files is built."""
    call = next(call for call in host.plan["back"] if call.git and call.name == "rename")
    survives(host, to_and_fro, [AtCall(call, git_only=True)])
    assert host.counts["failures: git killed: told"] > 0
