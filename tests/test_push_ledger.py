"""The ledger: a cache that is never wrong, whatever happens to its file."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from project import DAY, REPOSITORY
from pushing import PATH, Register, another, register
from repositories import Clone

from starcert.git import Repository
from starcert.push import ledger

GOOD = "99925SC00124R0M"


@pytest.fixture
def place(tmp_path: Path) -> Register:
    """A register with a ledger of its first commit."""
    made = register(tmp_path)
    made.change(another(GOOD), "first")
    made.push(refused=False)
    return made


def known(place: Register) -> tuple[str, list[str]]:
    """The commit that the ledger is of, and the paths that it knows."""
    with sqlite3.connect(place.bare / "ledger") as base:
        [(told,)] = base.execute("SELECT json_extract(value, '$.commit') FROM facts WHERE name = 'ledger'")
        return told, [path for (path,) in base.execute("SELECT path FROM records ORDER BY path")]


def test_it_tells_of_what_main_had_before_the_push(place: Register) -> None:
    """A push that passed hooks may still fail, so it is no part of it; the next push finds it in main."""
    assert known(place) == (place.clerk.git("rev-parse", "HEAD~1").strip(), [PATH])
    before = place.tip
    place.change(another("99925SC00125R0M", ("region: 33", "region: 99")))
    place.push()
    [added] = another(GOOD)
    assert known(place) == (before, [PATH, added])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def noise(file: Path) -> None:
    file.write_bytes(os.urandom(100_000))


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def holed(file: Path) -> None:
    with open(file, "r+b") as opened:
        opened.seek(4096)
        opened.write(bytes(file.stat().st_size - 4096))


def of_another_program(file: Path) -> None:
    with sqlite3.connect(file) as base:
        base.execute("UPDATE facts SET value = json_set(value, '$.program', 'other', '$.commit', 'nonsense')")
        base.execute("DELETE FROM records")


def of_a_lost_commit(file: Path) -> None:
    with sqlite3.connect(file) as base:
        base.execute("UPDATE facts SET value = json_set(value, '$.commit', ?)", ("1" * 40,))
        base.execute("DELETE FROM records")


def of_no_shape(file: Path) -> None:
    with sqlite3.connect(file) as base:
        base.execute("UPDATE facts SET value = '[1]'")


@pytest.mark.parametrize(
    "harm", [Path.unlink, empty, noise, cut, holed, of_another_program, of_a_lost_commit, of_no_shape]
)
def test_what_cannot_be_believed_is_made_anew(place: Register, harm: Callable[[Path], None]) -> None:
    """And a link to a record that only the register has is known as before."""
    harm(place.bare / "ledger")
    before = place.tip
    place.change(another("99925SC00125R0M", also=f"parent: {GOOD}\n"))
    assert place.push(refused=False) == ""
    [added] = another(GOOD)
    assert known(place) == (before, [PATH, added])


def test_a_branch_that_was_set_back_by_the_operator_is_judged_anew(place: Register) -> None:
    """The ledger is then of a commit that main has no more."""
    place.change(another("99925SC00125R0M"))
    place.push(refused=False)
    place.change(another("99925SC00126R0M"))
    place.push(refused=False)
    first = place.clerk.git("rev-list", "--max-parents=0", "HEAD").strip()
    place.clerk.git("--git-dir", str(place.bare), "update-ref", "refs/heads/main", first)
    place.clerk.git("reset", "-q", "--hard", first)
    place.change(another(GOOD))
    assert place.push(refused=False) == ""
    assert known(place) == (first, [PATH])


def test_pushes_at_the_same_time_do_not_harm_it(place: Register, tmp_path: Path) -> None:
    """One of them wins, the others are refused; the ledger is of what main has."""
    clerks = [Clone(tmp_path / f"clerk{n}", place.bare) for n in range(4)]
    pushes = []
    for n, clerk in enumerate(clerks):
        place.clerk.git("clone", "-q", place.bare.as_uri(), str(clerk.folder))
        clerk.commit(another(f"99925SC0013{n}R0M"))
    for clerk in clerks:
        pushes.append(subprocess.Popen(["git", "push", "-q"], cwd=clerk.folder, stderr=subprocess.DEVNULL))
    assert sorted(push.wait() for push in pushes) == [0, 1, 1, 1]
    place.clerk.git("pull", "-q", "--rebase", "origin", "main")
    before = place.tip
    place.change(another("99925SC00139R0M"))
    assert place.push(refused=False) == ""
    assert known(place)[0] == before
    assert len(known(place)[1]) == 3


def test_what_is_killed_on_the_way_leaves_it_whole(place: Register) -> None:
    """At any moment of catching up."""
    script = (
        f"import sys; sys.path.insert(0, {str(REPOSITORY)!r})\n"
        "from datetime import date; from pathlib import Path\n"
        "from starcert.git import Repository; from starcert.push import ledger\n"
        f"bare = Path({str(place.bare)!r}); repository = Repository(bare); print(flush=True)\n"
        f"with ledger.opened(repository, repository.tip('main'), ledger.Asked(date.fromisoformat({DAY!r})), "
        "bare / 'ledger'): pass\n"
    )
    for n in range(12):
        process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
        assert process.stdout
        process.stdout.readline()
        time.sleep(n * 0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    repository = Repository(place.bare)
    asked = ledger.Asked(date.fromisoformat(DAY))
    with ledger.opened(repository, repository.tip("main"), asked, place.bare / "ledger") as book:
        assert {one.number for one in book.memory.records.at([PATH])} == {"99925SC00123R1M"}
        assert book.commit == place.tip
    assert known(place)[0] == place.tip
