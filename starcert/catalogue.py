"""Catalogue: every list of the site and every holder's page, from the lines that the memory holds.

Of a list that a change touches, the outline is made anew, which is quick; of its pages, only those are made anew that
are made of other things than in the last build.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise

from starcert.memory import Memory
from starcert.memory.lines import Line
from starcert.memory.records import unpack_row
from starcert.outcome import Outcome
from starcert.packing import pack
from starcert.pages import lists
from starcert.pages.edition import Edition
from starcert.pages.groups import Group, groups, groups_of
from starcert.pages.lists import Listed
from starcert.pages.outline import Part, Tier, outline
from starcert.press import Former, Page, Press

DIGEST = 8  # bytes

Write = Callable[[str, bytes], None]
Published = Mapping[str, Outcome]


@dataclass(frozen=True, slots=True)
class Cut:
    """A list cut into pages; the places and the slugs are those of its rows, in order."""

    places: Sequence[bytes]
    slugs: Sequence[str]
    tiers: Sequence[Tier]

    def parts(self) -> Iterator[tuple[Part, Sequence[Part]]]:
        """Every page with the parts that it leads to, none for a leaf."""
        for below, tier in pairwise([(), *self.tiers]):
            yield from ((part, [below[place] for place in part.parts]) for part in tier)

    def ends(self, part: Part) -> Sequence[str]:
        """The slugs of a part's first and last row, if it has any."""
        return (self.slugs[part.rows[0]], self.slugs[part.rows[-1]]) if part.rows else ()

    def shown(self, part: Part, below: Sequence[Part]) -> Sequence[str]:
        """The slugs of the rows that a page shows, or names as the ends of its parts."""
        if below:
            return [slug for one in below for slug in self.ends(one)]
        return self.slugs[part.rows.start : part.rows.stop]

    def made_of(self, part: Part, below: Sequence[Part], made_with: str) -> bytes:
        """The digest of what a page is made of, but for what its rows say: of those, it is known which have changed."""
        ends = [(one.path, len(one.rows), *self.ends(one)) for one in below or (part,)]
        told = (made_with, part.path, part.previous, part.next, part.ancestors, ends)
        return blake2b(repr(told).encode(), digest_size=DIGEST).digest()


@dataclass(slots=True)
class Catalogue:
    """The lists of an edition; what it makes it writes.

    `made_with` tells what all pages hang on besides their rows; `held`, how many certificates a holder of several has.
    `read` gives the pages of the last build, if they were made with the same. `stale` are the paths of what is no more.
    """

    memory: Memory
    edition: Edition
    write: Write
    jobs: int
    made_with: str
    held: Mapping[str, int]
    read: Callable[[str], bytes] | None = None
    stale: set[str] = field(default_factory=set)
    _moved: Set[str] = frozenset()

    def begin(self) -> None:
        """Make the lists of all certificates, of which the memory knows no list yet."""
        lines = (line for outcome in self.memory.records.all_published() for line in _lines(outcome))
        self.memory.lines.change((), lines)
        self.renew()

    def renew(self) -> None:
        """Make all pages anew that are made with other things than before."""
        self._make(self.memory.lines.lengths(), self.held)

    def change(self, before: Published, after: Published) -> None:
        """Make the pages that change when, of those touched, certificates were valid `before` and others are now."""
        moved = [slug for slug in before.keys() | after.keys() if _row(before, slug) != _row(after, slug)]
        gone = [line for slug in moved if slug in before for line in _lines(before[slug])]
        come = [line for slug in moved if slug in after for line in _lines(after[slug])]
        self.memory.lines.change(gone, come)
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
        due: list[Page] = []
        for path in sorted(touched):
            files, pages = self._list(path, shown[path]) if path in shown else ({}, [])
            self.stale |= self.memory.pages.replace(f"browse/{path}", files)
            due += pages
        former = Former(self.read, self._moved) if self.read else None
        press = Press(self.memory.records, self.edition, self.write, self.jobs, former)
        press.run(due, self.held)
        for uscc in sorted(holders):
            self.stale |= self.memory.pages.replace(f"H/{uscc}/", self._holder(uscc))

    def _list(self, path: str, group: Group) -> tuple[dict[str, bytes], list[Page]]:
        """The files of a list, with what each is made of; and those of its pages that are to be made anew."""
        column, before = self.memory.lines.of(path), self.memory.pages.of(f"browse/{path}")
        cut = Cut(column.places, column.slugs, outline(column.slugs, column.lots, column.rooms))
        made_of = {part.path: cut.made_of(part, below, self.made_with) for part, below in cut.parts()}
        first, *_ = trees = self.edition.trees
        due = [
            self._page(group, part, below, cut)
            for part, below in cut.parts()
            if before.get(_file(first.prefix, path, part.path)) != made_of[part.path]
            or not self._moved.isdisjoint(cut.shown(part, below))
        ]
        return {_file(tree.prefix, path, part): of for tree in trees for part, of in made_of.items()}, due

    def _page(self, group: Group, part: Part, below: Sequence[Part], cut: Cut) -> Page:
        place = cut.places[part.rows[0]] if part.rows else b""
        if below:
            return Page(place, group, part, parts=self._listed(below, cut))
        return Page(place, group, part, slugs=pack(cut.shown(part, below)))

    def _listed(self, parts: Sequence[Part], cut: Cut) -> list[Listed]:
        """The parts as the page above them knows them."""
        rows = self.memory.records.rows_of({slug for part in parts for slug in cut.ends(part)})
        ends = {slug: lists.end(unpack_row(row)) for slug, row in rows.items()}
        return [Listed(part.path, len(part.rows), [ends[slug] for slug in cut.ends(part)]) for part in parts]

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


def _file(prefix: str, path: str, part: str) -> str:
    return f"{prefix}browse/{path}{part}index.html"
