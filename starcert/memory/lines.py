"""Lines: every valid certificate on every list that it is on."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from starcert.memory.base import Base

LAYOUT = """
    CREATE TABLE lines (list, place, slug, lot, room, PRIMARY KEY (list, place)) WITHOUT ROWID;
    CREATE TABLE lengths (list PRIMARY KEY, count) WITHOUT ROWID;
"""


class Line(NamedTuple):
    """A certificate on a list; `lot` and `room` cut the list into pages."""

    slug: str
    lot: int
    room: int


class Lines:
    """What the memory knows of lists."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def add(self, lines: Iterable[tuple[str, bytes, Line]]) -> None:
        """Put lines on lists, each with the list's path and its place there."""
        told = ((path, place, *line) for path, place, line in lines)
        self._base.do_each("INSERT INTO lines VALUES (?, ?, ?, ?, ?)", told)

    def remove(self, places: Iterable[tuple[str, bytes]]) -> None:
        """Take lines off lists, by the list's path and the place there."""
        self._base.do_each("DELETE FROM lines WHERE list = ? AND place = ?", places)

    def of(self, path: str) -> tuple[Sequence[str], Sequence[int], Sequence[int]]:
        """The slugs, lots and rooms of the lines of a list, each in order."""
        lines = self._base.all("SELECT slug, lot, room FROM lines WHERE list = ? ORDER BY place", path)
        slugs, lots, rooms = zip(*lines, strict=True) if lines else ((), (), ())
        return slugs, lots, rooms

    def rows_of(self, path: str) -> list[bytes]:
        """The packed rows of a list, in order."""
        question = "SELECT row FROM lines JOIN records USING (slug) WHERE list = ? AND row != x'' ORDER BY lines.place"
        return list(self._base.firsts(question, path))

    def lists(self) -> list[str]:
        """The path of every list that has a line."""
        return list(self._base.firsts("SELECT DISTINCT list FROM lines"))

    def measure(self, path: str) -> None:
        """Count the lines of a list, for `lengths`."""
        self._base.do("DELETE FROM lengths WHERE list = ?", path)
        counted = "SELECT list, count(*) FROM lines WHERE list = ? GROUP BY list"
        self._base.do(f"INSERT INTO lengths {counted}", path)

    def lengths(self) -> dict[str, int]:
        """How long each list is that has a line."""
        return dict(self._base.all("SELECT list, count FROM lengths"))
