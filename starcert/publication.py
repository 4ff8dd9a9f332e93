"""Publication: all that a build writes besides the certificates' pages, and no more of it than has changed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from starcert.catalogue import Catalogue, Published
from starcert.census import Census
from starcert.listing import page_path
from starcert.memory import Memory
from starcert.order import Order
from starcert.pages import sitemap
from starcert.pages.assets import FOLDER as FIRST
from starcert.pages.edition import Edition, Pages
from starcert.search import LAST
from starcert.stopwatch import Stopwatch

__all__ = ["FIRST", "LAST", "Publication"]

LATEST = 20
"""Certificates that pages may show as issued last."""


@dataclass(slots=True)
class Publication:
    """The files of an edition beyond the certificates' pages; those that it makes it writes.

    `read` gives the bytes of a file of the site as it is published so far.

    `made_with` tells what its pages hang on besides records. `stale` are the paths of files that are no more.
    """

    order: Order
    memory: Memory
    edition: Edition
    write: Callable[[str, bytes], None]
    read: Callable[[str], bytes]
    made_with: str
    watch: Stopwatch
    stale: set[str] = field(default_factory=set)

    def make(self, before: Published, after: Published) -> None:
        """Make what changes when, of the certificates touched, those were valid `before`, and these are now."""
        made_with, day, _ = self.memory.fact("site") or (None, None, None)
        renewed = made_with != self.made_with
        with self.watch.stage("lists"):
            held = self.memory.records.held()
            self._lists(before, after, renewed, held)
        if renewed:
            with self.watch.stage("furniture"):
                self._own("furniture", self.edition.furniture())
        listed, both = {*before, *after}, {**before, **after}
        moved = {slug for slug in listed if _told(before, slug) != _told(after, slug)}
        rolls = {both[slug].roll for slug in moved}
        with self.watch.stage("rolls"):
            self._rolls(rolls if day == str(self.order.day) else None)
        with self.watch.stage("census and sitemaps"):
            total = self.memory.records.count_published()
            self._own("census", self.edition.census(self._census(total, held)))
            self._sitemaps(total, rolls)
        if self.order.search and (self.memory.new or moved):
            from starcert.indexing import Indexing  # noqa: PLC0415  # a build without an index should not wait for it

            with self.watch.stage("search index"):
                indexing = Indexing(self.memory, self.write, self.read, self.order.jobs)
                indexing.make(moved, total)
                self.stale |= indexing.stale
        self.stale -= self.memory.pages.among(self.stale)

    def _lists(self, before: Published, after: Published, renewed: bool, held: Mapping[str, int]) -> None:
        read = None if renewed else self.read
        catalogue = Catalogue(self.memory, self.edition, self.write, self.order.jobs, self.made_with, held, read)
        if self.memory.new:
            catalogue.begin()
        else:
            catalogue.change(before, after)
            if renewed:
                catalogue.renew()
        self.stale |= catalogue.stale

    def _census(self, total: int, held: Mapping[str, int]) -> Census:
        records = self.memory.records
        return Census(total, self.memory.lines.lengths(), records.latest(LATEST), held, records.next_turn())

    def _own(self, owner: str, pages: Pages) -> None:
        """Write the files that belong together, and note which of them are no more."""
        paths = {}
        for path, data in pages:
            self.write(path, data)
            paths[path] = b""
        self.stale |= self.memory.pages.replace(owner, paths)

    def _rolls(self, moved: set[str] | None) -> None:
        """The rolls that certificates came to or went from, or all."""
        if moved is None:
            self._own("roll", self.edition.rolls(self.memory.records.rolls()))
            return
        made = dict(self.edition.rolls(self.memory.records.rolls(moved)))
        for page in made.items():
            self.write(*page)
        kept = self.memory.pages.of("roll").keys() - moved
        self.stale |= self.memory.pages.replace("roll", dict.fromkeys(kept | made.keys(), b""))

    def _sitemaps(self, total: int, moved: Iterable[str]) -> None:
        """The only sitemap of a small register; of a large one, those of the parts in which certificates moved."""
        register, slugs, others = self.order.register, self.memory.records.slugs, self.memory.pages.named(sitemap.PAGE)
        if total + len(others) <= sitemap.ONE:
            made = [sitemap.whole([*others, *map(page_path, slugs(""))], register)]
            names = []
        else:
            parts, known = sitemap.parts(total), self.memory.fact("sitemaps") or ()
            names = [sitemap.name(part) for part in parts]
            due = [part for part in parts if sitemap.name(part) not in known or _in(part, moved)]
            made = [sitemap.of_certificates(part, map(page_path, slugs(part)), register) for part in due]
            made += sitemap.of_others(others, register)
            names = sorted({*names, *(path for path, _ in made)})
            made.append(sitemap.index(names, register))
        for page in made:
            self.write(*page)
        self.stale |= {*(self.memory.fact("sitemaps") or ())} - {*names}
        self.memory.note("sitemaps", names)


def _told(published: Published, slug: str) -> tuple[bytes, str] | None:
    """What lists, rolls and the index tell of a certificate."""
    return (published[slug].row, published[slug].imprint) if slug in published else None


def _in(part: str, rolls: Iterable[str]) -> bool:
    return any(roll.startswith(f"roll/{part}") for roll in rolls)
