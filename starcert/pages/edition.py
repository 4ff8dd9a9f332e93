"""Edition: every page and file of the site as it stands on one day."""

from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence

from starcert import words
from starcert.census import Census
from starcert.certificate import Certificate
from starcert.chronicle import History
from starcert.listing import Row, is_sharded
from starcert.order import Order
from starcert.packing import pack, unpacker
from starcert.pages import assets, browse, certificate, files, holder, home, lists, missing, roll, search
from starcert.pages.environment import Environment, Html, Links, Places
from starcert.pages.groups import Group
from starcert.pages.lists import End, Listed
from starcert.pages.outline import Part
from starcert.pages.tree import trees
from starcert.register import Register
from starcert.rulebook import Rulebook

Pages = Iterator[tuple[str, bytes]]
"""Paths and bytes."""

LINKS = "links"
unpack_links: Callable[[bytes], dict[str, list[tuple[str, str]]]] = unpacker(dict[str, list[tuple[str, str]]])


class Edition:
    """The site of an order's day: the pages of certificates and of lists, and all that tells of the whole register.

    What takes a while to make of templates and texts is put in `stock`, if it is not there from an edition of the same.
    """

    def __init__(self, order: Order, rulebook: Rulebook, stock: MutableMapping[str, bytes] | None = None) -> None:
        register, self._stamp = order.register, order.stamp
        stock = {} if stock is None else stock
        self.rulebook = rulebook
        self.trees = trees(words.read(order.templates / "i18n", register.languages))
        self._places = Places(lists.seen(rulebook, self.trees))
        self._content = order.content
        if LINKS not in stock:
            stock[LINKS] = pack(self._links(register))
        links = unpack_links(stock[LINKS])
        self._environment = Environment(order.templates, register, order.day, links, order.demonstration, stock)

    def _links(self, register: Register) -> Links:
        from starcert.pages import content  # noqa: PLC0415  # which few builds need

        return content.links(content.read(self._content, register), self.trees, register)

    def certificate(self, valid: Certificate, turns: History | None = None) -> tuple[str, bytes, str]:
        """The path, the bytes and the imprint of a certificate's page; `turns` is its history, if that is known."""
        return certificate.page(valid, self._environment, turns)

    def row(self, row: Row, certificates: int) -> Sequence[Html]:
        """A row of a list, in every tree; `certificates` is how many its holder has."""
        return lists.html(lists.line(row, certificates), self._places, self._environment)

    def leaf(self, group: Group, part: Part, ends: Sequence[End], rows: Sequence[Sequence[Html]]) -> Pages:
        """A leaf of a list, in every tree: its first and its last row, if it has any, and what `row` made of all."""
        for number, tree in enumerate(self.trees):
            shown = Html("".join(row[number] for row in rows))
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
        yield from home.pages(census, self.rulebook, self.trees, environment)
        yield from browse.index(census, self.rulebook, self.trees, environment)
        yield from search.pages(self.rulebook, self.trees, environment, is_sharded(census.total))
        yield from files.feeds(census, self.rulebook, self.trees, environment)
        yield files.status(census, self.rulebook, environment.day, self._stamp)

    def rolls(self, listed: Iterable[tuple[str, str, str]]) -> Pages:
        """The rolls of these pages: of each its roll, its slug and its imprint, in the order of rolls and slugs."""
        return roll.sorted_files(listed, self._environment.day, self._environment.stale)

    def furniture(self) -> Pages:
        """What hangs on no certificate."""
        from starcert.pages import content  # noqa: PLC0415  # as above

        environment = self._environment
        yield from content.pages(content.read(self._content, environment.register), self.trees, environment)
        yield missing.page(environment)
        yield from assets.asset_files(environment.assets)
        yield files.robots(environment.register)
        yield files.host_headers()
        yield files.manifest(environment)
        yield from files.icons()
