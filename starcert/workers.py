"""Workers: processes that share out work, whose answers come back in the order of the work.

Of `jobs` workers, each takes every `jobs`-th run of things; it waits when its answers are not fetched, so that no
answers pile up. One worker is no process of its own. The only user of multiprocessing.
"""

import gc
import mmap
import os
import signal
import struct
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, TypeVar

from starcert.problems import Mistake

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkContext

T = TypeVar("T")
R = TypeVar("R")
RUN = 64
FEW = 4 * RUN

Share = tuple[int, int, int]
"""Which worker it is, of how many, and how many things make a run."""

_AT = struct.Struct("q")


class WorkerDied(Mistake):
    """A worker was ended by the system; the text is one sentence that says what it was working on."""


def cores() -> int:
    """How many workers this machine has room for."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(work: Callable[[T], R], things: Sequence[T], jobs: int, few: int = FEW) -> Iterator[R]:
    """`work` of each thing, in order. What it raises comes through, with a note that names the thing.

    For no more things than `few`, to start processes would cost more than it saves.
    """
    if jobs == 1 or len(things) <= few:
        return (_noted(work, thing) for thing in things)
    return _shared_out(work, things, jobs, max(1, min(RUN, len(things) // (4 * jobs))))


def _forking() -> "ForkContext":
    import multiprocessing  # noqa: PLC0415  # who does all alone should not wait for it

    return multiprocessing.get_context("fork")


def _shared_out(work: Callable[[T], R], things: Sequence[T], jobs: int, size: int) -> Iterator[R]:
    places = mmap.mmap(-1, _AT.size * jobs)
    gc.freeze()  # what is there already is never looked at again, so workers go on sharing its memory
    with ExitStack() as ending:
        answers: list[Connection] = []
        for worker in range(jobs):
            answers.append(_started(work, things, (worker, jobs, size), places, answers, ending))
        gc.unfreeze()
        for run in range(0, len(things), size):
            worker = run // size % jobs
            try:
                found, error = answers[worker].recv()
            except EOFError:
                thing = things[_AT.unpack_from(places, _AT.size * worker)[0]]
                raise WorkerDied(f"A worker was killed while it worked on {thing}; is there enough memory?") from None
            yield from found
            if error:
                raise error


def _started(
    work: Callable[[T], R],
    things: Sequence[T],
    share: Share,
    places: mmap.mmap,
    others: Sequence["Connection"],
    ending: ExitStack,
) -> "Connection":
    forking = _forking()
    here, there = forking.Pipe(duplex=False)
    process = forking.Process(target=_serve, args=(work, things, share, places, there, [*others, here]), daemon=True)
    process.start()
    there.close()
    ending.callback(process.join)
    ending.callback(process.terminate)
    ending.callback(here.close)
    return here


def _serve(
    work: Callable[[T], R],
    things: Sequence[T],
    share: Share,
    places: mmap.mmap,
    answers: "Connection",
    inherited: Sequence["Connection"],
) -> None:
    """A worker's life: every `jobs`-th run, each sent as soon as it is done, until one raises.

    What the parent reads from is `inherited`, and closed: else no worker would learn that the parent is dead.
    """
    worker, jobs, size = share
    for other in inherited:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, who ends its workers
    with suppress(BrokenPipeError):
        for run in range(worker * size, len(things), jobs * size):
            found: list[R] = []
            try:
                for at in range(run, min(run + size, len(things))):
                    _AT.pack_into(places, _AT.size * worker, at)
                    found.append(_noted(work, things[at]))
            except Exception as error:
                error.add_note("".join(traceback.format_tb(error.__traceback__)))
                answers.send((found, error))
                return
            answers.send((found, None))


def _noted(work: Callable[[T], R], thing: T) -> R:
    try:
        return work(thing)
    except Exception as error:
        error.add_note(f"This happened while working on {thing}.")
        raise
