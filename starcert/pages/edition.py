"""Edition: every page and file of the site as it stands on one day."""

from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from starcert import words
from starcert.census import Census
from starcert.certificate import Certificate
from starcert.chronicle import History
from starcert.listing import Row, is_sharded
from starcert.order import Order
from starcert.packing import pack, unpacker
from starcert.pages import assets, browse, certificate, files, holder, home, lists, missing, roll, search
from starcert.pages.environment import Contexts, Environment, Html, Links
from starcert.pages.groups import Group
from starcert.pages.lists import End, Listed
from starcert.pages.outline import Part
from starcert.pages.tree import trees
from starcert.rulebook import Rulebook

if TYPE_CHECKING:
    from starcert.pages.content import Articles

Pages = Iterator[tuple[str, bytes]]
"""Paths and bytes."""

LINKS = "links"
unpack_links: Callable[[bytes], dict[str, list[tuple[str, str]]]] = unpacker(dict[str, list[tuple[str, str]]])


class Edition:
    """The site of an order's day: the pages of certificates and of lists, and all that tells of the whole register.

    What takes a while to make of templates and texts is put in `stock`, if it is not there. A stock is good for the
    same templates, texts, settings and program, and for no others: nothing in it says what it is of.
    """

    def __init__(self, order: Order, rulebook: Rulebook, stock: MutableMapping[str, bytes] | None = None) -> None:
        stock = {} if stock is None else stock
        self.rulebook, self.trees = rulebook, trees(words.read(order.templates / "i18n", order.register.languages))
        self._order, self._levels = order, lists.levels(rulebook)
        self._contexts = Contexts([{"lang": tree.lang, "words": tree.words} for tree in self.trees])
        if LINKS not in stock:
            stock[LINKS] = pack(self._links())
        links, demonstration = unpack_links(stock[LINKS]), order.demonstration
        self._environment = Environment(order.templates, order.register, order.day, links, demonstration, stock)

    @cached_property
    def _articles(self) -> "Articles":
        from starcert.pages import content  # noqa: PLC0415  # which few builds need

        return content.read(self._order.content, self._order.register)

    def _links(self) -> Links:
        from starcert.pages import content  # noqa: PLC0415  # as above

        return content.links(self._articles, self.trees, self._order.register)

    def compile(self) -> None:
        """Have all templates ready before workers are started."""
        self._environment.compile()

    def certificate(self, valid: Certificate, turns: History | None = None) -> tuple[str, bytes, str]:
        """The path, the bytes and the imprint of a certificate's page; `turns` is its history, if that is known."""
        return certificate.page(valid, self._environment, turns)

    def row(self, row: Row, certificates: int) -> Sequence[bytes]:
        """A row of a list, in every tree; `certificates` is how many its holder has."""
        return lists.html(lists.line(row, self._levels, certificates), self._contexts, self._environment)

    def _joined(self, rows: Sequence[Sequence[bytes]]) -> Sequence[Html]:
        """What `row` made of several, in every tree."""
        return [Html(b"".join(row[number] for row in rows).decode()) for number in range(len(self.trees))]

    def leaf(self, group: Group, part: Part, ends: Sequence[End], rows: Sequence[Sequence[bytes]]) -> Pages:
        """A leaf of a list, in every tree: its first and its last row, if it has any, and what `row` made of all."""
        for tree, shown in zip(self.trees, self._joined(rows), strict=True):
            yield browse.leaf_page(group, part, ends, shown, tree, self._environment)

    def range(self, group: Group, part: Part, parts: Sequence[Listed]) -> Pages:
        """A page of a list that leads to parts of it, in every tree."""
        return (browse.range_page(group, part, parts, tree, self._environment) for tree in self.trees)

    def holder(self, rows: Sequence[Row]) -> Pages:
        """The pages of a holder who has these certificates, in the order of numbers."""
        return holder.pages(rows, self.rulebook, self._environment)

    def census(self, census: Census) -> Pages:
        """What tells of the register in figures, and of the day."""
        environment = self._environment
        latest = self._joined([self.row(row, census.held.get(row.uscc, 1)) for row in census.latest[: home.LATEST]])
        yield from home.pages(census, latest, self.rulebook, self.trees, environment)
        yield from browse.index(census, self.rulebook, self.trees, environment)
        yield from search.pages(self.rulebook, self.trees, environment, is_sharded(census.total))
        yield from files.feeds(census, self.rulebook, self.trees, environment)
        yield files.status(census, self.rulebook, environment.day, self._order.stamp)

    def rolls(self, listed: Iterable[tuple[str, str, str]]) -> Pages:
        """The rolls of these pages: of each its roll, its slug and its imprint, in the order of rolls and slugs."""
        return roll.files(listed, self._environment.day, self._environment.stale)

    def furniture(self) -> Pages:
        """What hangs on no certificate."""
        from starcert.pages import content  # noqa: PLC0415  # as above

        environment = self._environment
        yield from content.pages(self._articles, self.trees, environment)
        yield missing.page(environment)
        yield from assets.asset_files(environment.assets)
        yield files.robots(environment.register)
        yield files.host_headers()
        yield files.manifest(environment)
        yield from files.icons()
