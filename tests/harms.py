"""Harms: what is done to a publication: its group is killed, one of its processes is, or one of its calls fails."""

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from deaths import Call, Ended, Publications

STAGES = {
    "/starcert/tree": "the tree",
    "/starcert/lock": "locks",
    ".starcert-lock": "locks",
    "/starcert/state.json": "the state",
    "/starcert/.state.json": "the state",
    "/starcert/news.json": "the state",
    "/starcert/.news.json": "the state",
    "/starcert/.tree.commit": "the tree",
    "/site.former": "former assets",
    ".starcert-memory": "the memory",
    ".starcert-newer": "the memory",
    ".starcert-vouch": "the memory's word",
    ".starcert-old": "going live",
    "/site/": "going live",
    "/site>": "going live",
    '/site"': "going live",
    ".starcert-next": "staging",
}
OFTEN = {"going live": 3}
"""Stages of which so many calls are taken where of others one is."""
FAILURES = ("ENOSPC", "EACCES", "EIO")


def stage(call: Call) -> str:
    """The part of a publication that a call belongs to."""
    if call.git:
        return "the tree"
    if call.name in ("unlinkat", "rmdir", "unlink") and ".starcert-next" in call.about:
        return "tidying"
    if call.name in ("renameat2", "rename") and ".starcert-next" in call.about:
        return "going live"
    return next((name for text, name in STAGES.items() if text in call.about), "other")


class Harm(Protocol):
    """What is done to a run."""

    @property
    def kills(self) -> bool:
        """Whether the whole group of processes is killed."""

    @property
    def name(self) -> str:
        """What is struck."""

    @property
    def stage(self) -> str:
        """The part of the publication that is."""

    @property
    def kind(self) -> str:
        """How."""

    def run(self, publications: Publications, arguments: Sequence[str]) -> Ended:
        """The run, harmed."""


@dataclass(frozen=True)
class AtCall:
    """The group is killed at a call; or the call fails with an error; or only git is killed, whose call it is."""

    call: Call
    error: str = ""
    git_only: bool = False

    @property
    def kills(self) -> bool:
        return not self.error and not self.git_only

    @property
    def name(self) -> str:
        return f"git {self.call.name}" if self.call.git else self.call.name

    @property
    def stage(self) -> str:
        return stage(self.call)

    @property
    def kind(self) -> str:
        return "killed" if self.kills else self.error or "git killed"

    def __str__(self) -> str:
        return f"{self.kind} at {self.name} {self.call.number} ({self.call.about[:150]})"

    def run(self, publications: Publications, arguments: Sequence[str]) -> Ended:
        if self.error:
            return publications.failing_at(self.call, self.error, arguments)
        if self.git_only:
            return publications.git_killed_at(self.call, arguments)
        return publications.killed_at(self.call, arguments)


@dataclass(frozen=True)
class AtInstant:
    """The group is killed after so many seconds."""

    seconds: float
    kills, name, stage, kind = True, "a random instant", "a random instant", "killed"

    def __str__(self) -> str:
        return f"killed after {self.seconds:.3f} s"

    def run(self, publications: Publications, arguments: Sequence[str]) -> Ended:
        return publications.killed_after(self.seconds, arguments)


@dataclass(frozen=True)
class OfOne:
    """One process of the group is killed as soon as it is there: the one that `find` finds."""

    name: str
    find: Callable[[int], int | None]
    kills, stage = False, "any"

    @property
    def kind(self) -> str:
        return f"{self.name} killed"

    def __str__(self) -> str:
        return self.kind

    def run(self, publications: Publications, arguments: Sequence[str]) -> Ended:
        return publications.bereft_of(self.find, arguments)


def pagefind(group: int) -> int | None:
    """The process of pagefind in a group."""
    return next((pid for pid, command in _others(group) if b"pagefind\0--service" in command), None)


def worker(group: int) -> int | None:
    """A worker in a group: a process of the same program as its first."""
    with contextlib.suppress(OSError):
        own = Path(f"/proc/{group}/cmdline").read_bytes()
        return next((pid for pid, command in _others(group) if command == own), None)
    return None


def _others(group: int) -> Iterator[tuple[int, bytes]]:
    for child in Path(f"/proc/{group}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for pid in map(int, child.read_text().split()):
                yield pid, Path(f"/proc/{pid}/cmdline").read_bytes()


def chosen(calls: Sequence[Call]) -> Iterator[Call]:
    """The calls in an order in which every name and stage comes early: the first and the last of each, then others."""
    groups = defaultdict[tuple[str, str, bool], list[Call]](list)
    for call in calls:
        groups[call.name, stage(call), call.git].append(call)
    order = [halves(group) for group in groups.values()]
    while order:
        for group in list(order):
            if not group:
                order.remove(group)
            for _ in range(min(len(group), OFTEN.get(stage(group[0]), 1)) if group else 0):
                yield group.pop(0)


def halves(calls: list[Call]) -> list[Call]:
    """The first, the last, the one in the middle of them, and so on."""
    taken, spans = [calls[0], *calls[-1:]] if len(calls) > 1 else calls[:], [(0, len(calls) - 1)]
    while spans:
        low, high = spans.pop(0)
        if high - low > 1:
            middle = (low + high) // 2
            taken.append(calls[middle])
            spans += [(low, middle), (middle, high)]
    return taken
