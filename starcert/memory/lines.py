"""Lines: every valid certificate on every list that it is on.

A list is one packed value, since it is only ever read as a whole.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence, Set
from typing import Any, NamedTuple

from starcert.memory.base import Base
from starcert.packing import pack, unpacker

LAYOUT = """
    CREATE TABLE lists (list PRIMARY KEY, count, lines);
"""


class Line(NamedTuple):
    """A certificate on a list; `place` orders the list, `lot` and `room` cut it into pages."""

    place: bytes
    slug: str
    lot: int
    room: int


class Column(NamedTuple):
    """The lines of a list, in the order of their places, by what they hold."""

    places: list[bytes]
    slugs: list[str]
    lots: list[int]
    rooms: list[int]


unpack_column: Callable[[bytes], Column] = unpacker(Column)
FEW = 500
"""Lines that come and go, for which to move the others within a list costs less than to take it apart."""


class Lines:
    """What the memory knows of lists, each by its path."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def change(self, gone: Iterable[tuple[str, Line]], come: Iterable[tuple[str, Line]]) -> None:
        """Take lines off lists and put others on, each with the list's path."""
        off: defaultdict[str, set[bytes]] = defaultdict(set)
        on: defaultdict[str, list[Line]] = defaultdict(list)
        for path, line in gone:
            off[path].add(line.place)
        for path, line in come:
            on[path].append(line)
        for path in sorted(off.keys() | on.keys()):
            self._keep(path, _changed(self.of(path), off[path], on[path]))

    def _keep(self, path: str, column: Column) -> None:
        self._base.do("DELETE FROM lists WHERE list = ?", path)
        if column.places:
            self._base.do("INSERT INTO lists VALUES (?, ?, ?)", path, len(column.places), pack(column))

    def of(self, path: str) -> Column:
        """The lines of a list."""
        found = self._base.all("SELECT lines FROM lists WHERE list = ?", path)
        return unpack_column(found[0][0]) if found else _empty()

    def lengths(self) -> dict[str, int]:
        """How long each list is that has a line."""
        return dict(self._base.all("SELECT list, count FROM lists"))


def _changed(column: Column, off: Set[bytes], on: Sequence[Line]) -> Column:
    """The lines of a list without those at the places `off` it, and with those that are `on` it now."""
    if len(off) + len(on) > FEW:
        lines = sorted([*(line for line in zip(*column, strict=True) if line[0] not in off), *on])
        return Column(*map(list, zip(*lines, strict=True))) if lines else _empty()
    columns: Sequence[list[Any]] = column
    for place in off:
        at = bisect_left(column.places, place)
        if column.places[at : at + 1] == [place]:
            for values in columns:
                del values[at]
    for line in on:
        at = bisect_left(column.places, line.place)
        for values, value in zip(columns, line, strict=True):
            values.insert(at, value)
    return column


def _empty() -> Column:
    return Column([], [], [], [])
