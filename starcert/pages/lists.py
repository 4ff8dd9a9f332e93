"""Lists: certificates in the order of their holders' names, line by line and page by page, as every list shows them.

Names are ordered by their bytes in GB 18030, a national standard, so the order is the same on every machine. Latin
letters come first, the 3,755 commonest characters in the order of pinyin, and 3,008 more after them by radical; rarer
ones stand before the common ones.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from starcert.listing import Row
from starcert.pages.tree import Tree
from starcert.rulebook import Rulebook
from starcert.scheme import Level

ROWS = 100  # to a page
STEPS = (100, 10, 2, 1)  # to which other pages a page of a long list links, besides the first and the last

Levels = Mapping[tuple[str, str], Level]


@dataclass(frozen=True, slots=True)
class Line:
    """One row as a list shows it, in one language; `certificates` is how many its holder has."""

    path: str
    number: str
    name: str
    name_en: str | None
    level: str
    stars: int
    issued: str
    expires: str
    holder: str
    certificates: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a list; `last` is the number of its last page. Paths lie below the list's own."""

    rows: Sequence[Row]
    number: int
    last: int

    @property
    def path(self) -> str:
        """Where this page lies: '' for the first, then 2/, 3/ ..."""
        return _path(self.number)

    @property
    def previous(self) -> str | None:
        """Where the page before this one lies."""
        return _path(self.number - 1) if self.number > 1 else None

    @property
    def next(self) -> str | None:
        """Where the page after this one lies."""
        return _path(self.number + 1) if self.number < self.last else None

    @property
    def links(self) -> list[tuple[int, str]]:
        """The numbers and paths of the pages to link to: the first, the last, its own and ever nearer ones."""
        near = {self.number + step * way for step in STEPS for way in (-1, 0, 1)}
        return [(n, _path(n)) for n in sorted({1, self.last} | {n for n in near if 1 <= n <= self.last})]


def _path(number: int) -> str:
    return "" if number == 1 else f"{number}/"


def in_order(rows: Iterable[Row]) -> list[Row]:
    """The rows in the order of their holders' names, then of their numbers."""
    return sorted(rows, key=lambda row: (_collation(row.name), row.number))


def _collation(name: str) -> bytes:
    return unicodedata.normalize("NFKC", name).lower().encode("gb18030", "replace")


def leaves(rows: Sequence[Row]) -> Iterator[Leaf]:
    """The pages of a list; an empty list has one empty page."""
    last = max(1, -(-len(rows) // ROWS))
    return (Leaf(rows[ROWS * n : ROWS * (n + 1)], n + 1, last) for n in range(last))


def levels(rulebook: Rulebook) -> Levels:
    """Every scheme's levels, under the ids of both."""
    return {(scheme.id, level.id): level for scheme in rulebook.schemes.values() for level in scheme.levels}


def certificates_of(rows: Iterable[Row]) -> Counter[str]:
    """How many certificates each holder has, by unified social credit code."""
    return Counter(row.uscc for row in rows)


def lines(rows: Iterable[Row], tree: Tree, known: Levels, held: Mapping[str, int]) -> Iterator[Line]:
    """The rows as the tree's language shows them."""
    names = {key: tree.name_of(level) for key, level in known.items()}
    for row in rows:
        yield Line(
            f"C/{row.slug}/",
            row.number,
            row.name,
            row.name_en,
            names[row.scheme, row.level],
            row.stars,
            row.issued.isoformat(),
            row.expires.isoformat(),
            f"H/{row.uscc}/",
            held[row.uscc],
        )
