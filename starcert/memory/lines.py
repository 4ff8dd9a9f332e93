"""Lines: every valid certificate on every list that it is on.

A list is one packed value, since it is only ever read as a whole.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

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
EMPTY = Column([], [], [], [])


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
            kept = [line for line in zip(*self.of(path), strict=True) if line[0] not in off[path]]
            self._keep(path, sorted([*kept, *on[path]]))

    def _keep(self, path: str, lines: list[tuple[bytes, str, int, int]]) -> None:
        self._base.do("DELETE FROM lists WHERE list = ?", path)
        if lines:
            packed = pack(tuple(zip(*lines, strict=True)))
            self._base.do("INSERT INTO lists VALUES (?, ?, ?)", path, len(lines), packed)

    def of(self, path: str) -> Column:
        """The lines of a list."""
        found = self._base.all("SELECT lines FROM lists WHERE list = ?", path)
        return unpack_column(found[0][0]) if found else EMPTY

    def lengths(self) -> dict[str, int]:
        """How long each list is that has a line."""
        return dict(self._base.all("SELECT list, count FROM lists"))
