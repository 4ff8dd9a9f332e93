"""Workers share out what is to be done, and nobody can tell how many there were."""

import mmap
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from processes import group_ends

from starcert.workers import FEW, RUN, WorkerDied, spread

MANY = FEW + 3 * RUN + 1
"""More things than one process does by itself, in runs of which the last is not full."""
REPOSITORY = Path(__file__).parent.parent


def double(number: int) -> int:
    return 2 * number


def fail_at(number: int) -> Callable[[int], int]:
    """Work that cannot be done on one of the numbers."""

    def work(one: int) -> int:
        if one == number:
            raise ValueError("it is spoilt")
        return one

    return work


def kill_at(number: int, how: signal.Signals) -> Callable[[int], int]:
    """Work in which the system ends the process at one of the numbers."""

    def work(one: int) -> int:
        if one == number:
            os.kill(os.getpid(), how)
            time.sleep(60)
        return one

    return work


@pytest.fixture(autouse=True)
def none_are_left() -> object:
    """After each test, whatever came of it, no worker runs."""
    yield
    assert multiprocessing.active_children() == []


@given(st.integers(0, 1_000), st.integers(1, 5), st.integers(0, 8))
@settings(max_examples=30, deadline=None)
def test_answers_come_in_the_order_of_the_things(count: int, jobs: int, few: int) -> None:
    """However many things and workers there are, and however they are divided."""
    assert list(spread(double, range(count), jobs, few)) == [2 * number for number in range(count)]


def test_the_slowest_worker_changes_no_order() -> None:
    """An answer waits for those before it."""

    def work(number: int) -> int:
        time.sleep(0.05 if number % (3 * RUN) == 0 else 0)
        return number

    assert list(spread(work, range(MANY), 3)) == list(range(MANY))


def test_several_workers_are_several_processes() -> None:
    """None of them is the one that asked; a single one is."""
    own = os.getpid()
    assert len(found := set(spread(lambda _: os.getpid(), range(MANY), 3))) == 3
    assert own not in found
    assert set(spread(lambda _: os.getpid(), range(MANY), 1)) == {own}


@pytest.mark.parametrize(("count", "alone"), [(FEW - 1, True), (FEW, True), (FEW + 1, False)])
def test_few_things_start_no_worker(count: int, alone: bool) -> None:
    """To start one would take longer than the work."""
    assert (set(spread(lambda _: os.getpid(), range(count), 2)) == {os.getpid()}) == alone


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("number", [0, RUN - 1, RUN, MANY - 1])
def test_what_is_raised_comes_through_and_names_the_thing(jobs: int, number: int) -> None:
    """All answers before it come first; a worker's exception tells where in the program it was raised as well."""
    answers = spread(fail_at(number), range(MANY), jobs)
    assert [next(answers) for _ in range(number)] == list(range(number))
    with pytest.raises(ValueError, match="it is spoilt") as raised:
        next(answers)
    assert str(raised.value) == "it is spoilt"
    notes = raised.value.__notes__
    assert notes[0] == f"This happened while working on {number}."
    assert jobs == 1 or 'raise ValueError("it is spoilt")' in notes[1]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("number", [0, RUN + 7, MANY - 1])
def test_a_worker_that_is_killed_is_told_with_what_it_worked_on(how: signal.Signals, number: int) -> None:
    """The system ends a process that takes too much memory, or whose program fails."""
    sentence = f"A worker was killed while it worked on {number}; is there enough memory?"
    with pytest.raises(WorkerDied, match=f"^{re.escape(sentence)}$"):
        list(spread(kill_at(number, how), range(MANY), 2))


def test_whoever_asks_for_no_more_ends_the_workers() -> None:
    """Their work is not awaited."""
    answers = spread(double, range(10**9), 2)
    assert next(answers) == 0
    assert len(multiprocessing.active_children()) == 2
    answers.close()  # type: ignore[attr-defined]


def test_answers_that_are_not_fetched_do_not_pile_up() -> None:
    """A worker waits with its next run when nobody took the one before: no memory grows with the register."""
    done = mmap.mmap(-1, 100 * MANY)

    def work(number: int) -> bytes:
        done[number] = 1
        return bytes(10_000)

    answers = spread(work, range(100 * MANY), 2)
    next(answers)
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        assert done[:].count(1) <= 3 * RUN
        time.sleep(0.05)
    answers.close()  # type: ignore[attr-defined]


WORKING = """
import os, time
from starcert.workers import spread

def work(number):
    os.write(1, b"working\\n")
    if {busy} and number >= 64:
        time.sleep(60)
    return bytes(10_000)

if __name__ == "__main__":
    answers = spread(work, range(100_000), 2)
    next(answers)
    os.write(1, b"fetched\\n")
    time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_who_started_it(how: signal.Signals) -> None:
    """However a build ends: by Ctrl-C, by its scheduler, or by the system, while its workers wait to be asked."""
    program = WORKING.format(busy=False)
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert process.stdout
    for _ in range(3 * RUN):  # now both have answers that nobody takes
        assert process.stdout.readline() in (b"working\n", b"fetched\n")
    time.sleep(0.2)
    os.kill(process.pid, how)
    process.wait()
    process.stdout.close()
    assert group_ends(process.pid)


def test_ctrl_c_ends_workers_that_are_busy() -> None:
    """The terminal interrupts all processes at once; the first of them ends the others, and none complains."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKING.format(busy=True)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout
    assert process.stderr
    while process.stdout.readline() != b"fetched\n":
        pass
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=20)
    assert told.count(b"Traceback") == 1
    assert told.splitlines()[-1] == b"KeyboardInterrupt"
    assert group_ends(process.pid)
