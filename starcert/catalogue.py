"""Catalogue: every list of the site and every holder's page, from the lines that the memory holds.

Of a list that a change touches, the outline is made anew, which is quick; of its pages, only those are made anew that
are made of other things than in the last build.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain
from typing import NamedTuple

from starcert.memory import Memory
from starcert.memory.lines import Line
from starcert.memory.records import unpack_row
from starcert.outcome import Outcome
from starcert.pages import lists
from starcert.pages.edition import Edition
from starcert.pages.groups import Group, groups, groups_of
from starcert.pages.lists import Listed
from starcert.pages.outline import Part, Tier, outline
from starcert.workers import spread

DIGEST = 8  # bytes
FEW = 4
"""Pages that one process makes sooner than two that must be started for them."""
MANY = 100_000
"""Rows on pages that wait to be made: for more of them there should be memory, for fewer no processes be started."""

Write = Callable[[str, bytes], None]
Published = Mapping[str, Outcome]


class Leaf(NamedTuple):
    """A leaf to be made, and its packed rows."""

    group: Group
    part: Part
    rows: Sequence[bytes]

    def __str__(self) -> str:
        return f"browse/{self.group.path}{self.part.path}"


class Range(NamedTuple):
    """A page to be made that leads to parts of a list."""

    group: Group
    part: Part
    parts: Sequence[Listed]

    def __str__(self) -> str:
        return f"browse/{self.group.path}{self.part.path}"


@dataclass(slots=True)
class Catalogue:
    """The lists of an edition; what it makes it writes.

    `made_with` tells what all pages hang on besides their rows. `stale` are the paths of pages that are no more.
    """

    memory: Memory
    edition: Edition
    write: Write
    jobs: int
    made_with: str
    stale: set[str] = field(default_factory=set)
    _held: Mapping[str, int] = field(default_factory=dict)
    _moved: Set[str] = frozenset()
    _due: list[Leaf | Range] = field(default_factory=list)

    def begin(self) -> None:
        """Make the lists of all certificates, of which the memory knows no list yet."""
        lines = (line for outcome in self.memory.records.all_published() for line in _lines(outcome))
        self.memory.lines.change((), lines)
        self.renew()

    def renew(self) -> None:
        """Make all pages anew that are made with other things than before."""
        self._held = self.memory.records.held()
        self._make(self.memory.lines.lengths(), self._held)

    def change(self, before: Published, after: Published) -> None:
        """Make the pages that change when, of those touched, certificates were valid `before` and others are now."""
        moved = [slug for slug in before.keys() | after.keys() if _row(before, slug) != _row(after, slug)]
        gone = [line for slug in moved if slug in before for line in _lines(before[slug])]
        come = [line for slug in moved if slug in after for line in _lines(after[slug])]
        self.memory.lines.change(gone, come)
        self._held = self.memory.records.held()
        holders = {both[slug].uscc for slug in moved for both in (before, after) if slug in both}
        beside = [row for uscc in holders for row in self.memory.records.of_holder(uscc)]
        self._moved = {*moved, *(row.slug for row in beside)}
        touched = {path for path, _ in (*gone, *come)}.union(path for row in beside for path in groups_of(row))
        self._make(touched, holders)

    def _make(self, paths: Iterable[str], holders: Iterable[str]) -> None:
        """Every body has a list, though it be empty."""
        touched = {*paths, *(f"body/{body}/" for body in self.edition.rulebook.bodies)}
        kinds = groups(self.edition.rulebook, self.memory.lines.lengths())
        shown = {group.path: group for some in kinds.values() for group in some}
        for path in sorted(touched):
            self.stale |= self.memory.pages.replace(f"browse/{path}", self._list(path, shown.get(path)))
            if sum(len(page.part.rows) for page in self._due if isinstance(page, Leaf)) > MANY:
                self._write_due()
        self._write_due()
        for uscc in sorted(holders):
            self.stale |= self.memory.pages.replace(f"H/{uscc}/", self._holder(uscc))

    def _list(self, path: str, group: Group | None) -> dict[str, bytes]:
        """The pages of a list, with what each is made of; those made of other things than before are due."""
        if group is None:
            return {}
        (_, slugs, lots, rooms), before = self.memory.lines.of(path), self.memory.pages.of(f"browse/{path}")
        tiers = outline(slugs, lots, rooms)
        made_of = {part.path: self._made_of(part, tier, tiers, slugs) for tier, part in _parts(tiers)}
        first = self.edition.trees[0]
        due = {part for part, digest in made_of.items() if before.get(_file(first.prefix, path, part)) != digest}
        due |= {part.path for tier, part in _parts(tiers) if self._has_moved(part, tier, tiers, slugs)}
        self._due += self._leaves(group, [leaf for leaf in tiers[0] if leaf.path in due], slugs)
        for tier, part in _parts(tiers):
            if tier and part.path in due:
                self._due.append(self._range(group, part, tiers[tier - 1], slugs))
        return {
            _file(tree.prefix, path, part): digest for tree in self.edition.trees for part, digest in made_of.items()
        }

    def _made_of(self, part: Part, tier: int, tiers: Sequence[Tier], slugs: Sequence[str]) -> bytes:
        """What a page is made of, but for the rows that it shows: of those, `_moved` tells which have changed."""
        children = [tiers[tier - 1][place] for place in part.parts] if tier else [part]
        ends = [(child.path, len(child.rows), *self._ends(child, slugs)) for child in children]
        told = (self.made_with, part.path, part.previous, part.next, part.ancestors, ends)
        return blake2b(repr(told).encode(), digest_size=DIGEST).digest()

    @staticmethod
    def _ends(part: Part, slugs: Sequence[str]) -> tuple[str, ...]:
        return (slugs[part.rows[0]], slugs[part.rows[-1]]) if part.rows else ()

    def _has_moved(self, part: Part, tier: int, tiers: Sequence[Tier], slugs: Sequence[str]) -> bool:
        """Whether a row that the page shows, or names as an end, is another than in the last build."""
        if tier:
            shown: Sequence[str] = [slug for place in part.parts for slug in self._ends(tiers[tier - 1][place], slugs)]
        else:
            shown = slugs[part.rows.start : part.rows.stop]
        return not self._moved.isdisjoint(shown)

    def _leaves(self, group: Group, due: Sequence[Part], slugs: Sequence[str]) -> list[Leaf]:
        shown = [slugs[part.rows.start : part.rows.stop] for part in due]
        rows = self.memory.records.rows_of(chain.from_iterable(shown))
        return [Leaf(group, part, [rows[slug] for slug in some]) for part, some in zip(due, shown, strict=True)]

    def _range(self, group: Group, part: Part, below: Tier, slugs: Sequence[str]) -> Range:
        children = [below[place] for place in part.parts]
        ends = {slugs[place] for child in children for place in (child.rows[0], child.rows[-1])}
        rows = {slug: lists.end(unpack_row(row)) for slug, row in self.memory.records.rows_of(ends).items()}
        parts = [
            Listed(child.path, len(child.rows), (rows[slugs[child.rows[0]]], rows[slugs[child.rows[-1]]]))
            for child in children
        ]
        return Range(group, part, parts)

    def _write_due(self) -> None:
        due, self._due = self._due, []
        for _ in spread(self._write_page, due, self.jobs, few=FEW):
            pass

    def _write_page(self, due: Leaf | Range) -> None:
        """One page of a list, in every tree."""
        if isinstance(due, Leaf):
            pages = self.edition.leaf(due.group, due.part, list(map(unpack_row, due.rows)), self._held)
        else:
            pages = self.edition.range(due.group, due.part, due.parts)
        for page in pages:
            self.write(*page)

    def _holder(self, uscc: str) -> dict[str, bytes]:
        """The pages of a holder, who has them only with two certificates or more."""
        rows = self.memory.records.of_holder(uscc)
        pages = dict(self.edition.holder(rows)) if len(rows) > 1 else {}
        for page in pages.items():
            self.write(*page)
        return dict.fromkeys(pages, b"")


def _row(published: Published, slug: str) -> bytes:
    return published[slug].row if slug in published else b""


def _lines(outcome: Outcome) -> Iterator[tuple[str, Line]]:
    """The lines of a valid certificate, each with the list's path below browse/."""
    line = Line(outcome.place, outcome.slug, outcome.lot, outcome.room)
    return ((path, line) for path in groups_of(unpack_row(outcome.row)))


def _parts(tiers: Sequence[Tier]) -> Iterator[tuple[int, Part]]:
    return ((number, part) for number, tier in enumerate(tiers) for part in tier)


def _file(prefix: str, path: str, part: str) -> str:
    return f"{prefix}browse/{path}{part}index.html"
