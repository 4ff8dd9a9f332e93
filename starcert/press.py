"""Press: the pages of lists that a build makes, side by side, in the order of the names on them.

A certificate is on a list of each kind, and its row is the same on all. Pages that begin with the same names are made
one after another, whatever lists they are of, so that a row that was made for one is at hand for the next. And where a
page was there in the last build, most of its rows are as they were.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from typing import NamedTuple

from starcert.memory.records import Records, unpack_row
from starcert.packing import pack, unpacker
from starcert.pages import lists
from starcert.pages.edition import Edition
from starcert.pages.groups import Group
from starcert.pages.lists import Listed
from starcert.pages.outline import Part
from starcert.workers import spread

FEW = 4
"""Pages that one process makes sooner than two that must be started for them."""
MANY = 100_000
"""Rows of the pages that are made in one run: more take more memory, and fewer start more processes."""
KEPT = 20_000
"""Rows that a worker keeps: a page of a short list has names from afar, which those of long lists have much later."""

Rows = Mapping[str, bytes]
"""The packed rows of certificates, by slug."""
Shown = Callable[[str], Sequence[bytes]]
"""Makes the row of a slug in every tree."""

unpack_slugs: Callable[[bytes], list[str]] = unpacker(list[str])
NO_SLUGS = pack([])


class Page(NamedTuple):
    """A page to be made, in every tree: a range, which has parts, or else a leaf, which has rows.

    `place` is where its first row stands in every list. The slugs of a leaf's rows are packed, because the leaves of a
    large register wait all together.
    """

    place: bytes
    group: Group
    part: Part
    parts: Sequence[Listed] = ()
    slugs: bytes = NO_SLUGS

    def __str__(self) -> str:
        return f"browse/{self.group.path}{self.part.path}"


@dataclass(frozen=True, slots=True)
class Former:
    """The pages of the last build, by `read`, which were made with the same as now; some of their rows have `moved`."""

    read: Callable[[str], bytes]
    moved: Set[str]

    def needed(self, page: Page) -> set[str]:
        """The slugs of the rows on a page that have moved, and of the first and the last that have, or have not."""
        slugs = unpack_slugs(page.slugs)
        still = [slug for slug in slugs if slug not in self.moved]
        return {*slugs[:1], *slugs[-1:], *still[:1], *still[-1:], *self.moved & {*slugs}}

    def rows(self, paths: Sequence[str], slugs: Sequence[str]) -> dict[str, Sequence[bytes]]:
        """Of the rows of a leaf those that have not moved, as they are on its pages in every tree."""
        still = [slug for slug in slugs if slug not in self.moved]
        try:
            first, *others = (lists.rows_on(self.read(path), still) for path in paths)
        except OSError:  # it was not there, or is no more
            return {}
        if any(page.keys() != first.keys() for page in others):
            return {}
        return {
            slug: rows for slug, *rows in zip(first, first.values(), *(page.values() for page in others), strict=True)
        }


class Press:
    """Makes pages of an edition out of the rows that the memory holds, and writes them."""

    def __init__(
        self,
        records: Records,
        edition: Edition,
        write: Callable[[str, bytes], None],
        jobs: int,
        former: Former | None = None,
    ) -> None:
        self._records, self._edition, self._write, self._jobs = records, edition, write, jobs
        self._former = former

    def run(self, pages: Sequence[Page], held: Mapping[str, int]) -> None:
        """Make the pages; `held` says how many certificates a holder of several has.

        Those that take more from the pages of the last build than it turns out to have are made in a second round.
        """
        for some in _runs(sorted(pages, key=lambda page: page.place)):
            self._round(self._round(some, held, self._former.needed) if self._former else some, held, _all_on)

    def _round(
        self, pages: Sequence[Page], held: Mapping[str, int], needed: Callable[[Page], Iterable[str]]
    ) -> list[Page]:
        """Make the pages, given the rows that they are thought to need; those for which that was too few."""
        rows = self._records.rows_of({slug for page in pages for slug in needed(page)})
        shown = lru_cache(KEPT)(partial(self._show, rows, held))
        made = spread(partial(self._make, rows, shown), pages, self._jobs, few=FEW)
        return [page for page, is_made in zip(pages, made, strict=True) if not is_made]

    def _make(self, rows: Rows, shown: Shown, page: Page) -> bool:
        """Make a page, if the rows suffice."""
        if page.parts:
            made = self._edition.range(page.group, page.part, page.parts)
        else:
            slugs = unpack_slugs(page.slugs)
            known = self._known(page, slugs, rows, shown)
            if not all(slug in known or slug in rows for slug in slugs):
                return False
            ends = [lists.end(unpack_row(rows[slug])) for slug in (*slugs[:1], *slugs[-1:])]
            made = self._edition.leaf(page.group, page.part, ends, [known.get(slug) or shown(slug) for slug in slugs])
        for path, data in made:
            self._write(path, data)
        return True

    def _known(self, page: Page, slugs: Sequence[str], rows: Rows, shown: Shown) -> Mapping[str, Sequence[bytes]]:
        """The rows of a leaf that need not be made; none where the first and the last of them are not as they would be.

        That is so where the template of rows makes more than one line of each.
        """
        if not self._former:
            return {}
        known = self._former.rows([f"{tree.prefix}{page}index.html" for tree in self._edition.trees], slugs)
        ends = (*islice(known, 1), *islice(reversed(known), 1))
        return known if all(slug in rows and known[slug] == shown(slug) for slug in ends) else {}

    def _show(self, rows: Rows, held: Mapping[str, int], slug: str) -> Sequence[bytes]:
        row = unpack_row(rows[slug])
        return self._edition.row(row, held.get(row.uscc, 1))


def _all_on(page: Page) -> list[str]:
    return unpack_slugs(page.slugs)


def _runs(pages: Sequence[Page]) -> Iterator[Sequence[Page]]:
    """The pages in runs of hardly more than MANY rows."""
    start, rows = 0, 0
    for stop, page in enumerate(pages, 1):
        rows += 0 if page.parts else len(page.part.rows)
        if rows > MANY or stop == len(pages):
            yield pages[start:stop]
            start, rows = stop, 0
