"""Edition: every page and file of the site as it stands on one day."""

from collections.abc import Iterator, Sequence
from datetime import date

from starcert import words
from starcert.certificate import Certificate
from starcert.listing import Row, sharded
from starcert.order import Order
from starcert.pages import assets, browse, certificate, content, files, holder, home, missing, search
from starcert.pages.environment import Environment
from starcert.pages.tree import trees
from starcert.rulebook import Rulebook


class Edition:
    """The site of an order's day: first a page for each valid certificate, then all that tells of several."""

    def __init__(self, order: Order, rulebook: Rulebook) -> None:
        register = order.register
        self._rulebook = rulebook
        self._trees = trees(words.read(order.templates / "i18n", register.languages))
        self._articles = content.read(order.content, register)
        links = content.links(self._articles, self._trees, register)
        self._environment = Environment(order.templates, register, order.day, links, order.demonstration)

    def certificate(self, valid: Certificate) -> tuple[str, bytes]:
        """The path and the bytes of a certificate's page."""
        return certificate.page(valid, self._environment)

    def shared(self, rows: Sequence[Row], next_change: date | None) -> Iterator[tuple[str, bytes]]:
        """The path and the bytes of everything else but the search index; `rows` are all certificates valid."""
        paths = [f"C/{row.slug}/{files.PAGE}" for row in rows]
        for path, data in self._pages(rows, next_change):
            paths.append(path)
            yield path, data
        yield missing.page(self._environment)
        yield from assets.asset_files(self._environment.assets)
        yield from self._files(rows, next_change, paths)

    def _pages(self, rows: Sequence[Row], next_change: date | None) -> Iterator[tuple[str, bytes]]:
        rulebook, trees, environment = self._rulebook, self._trees, self._environment
        yield from home.pages(rows, rulebook, next_change, trees, environment)
        yield from search.pages(rulebook, trees, environment, sharded(len(rows)))
        yield from browse.pages(rows, rulebook, trees, environment)
        yield from holder.pages(rows, rulebook, environment)
        yield from content.pages(self._articles, trees, environment)

    def _files(
        self, rows: Sequence[Row], next_change: date | None, paths: Sequence[str]
    ) -> Iterator[tuple[str, bytes]]:
        environment = self._environment
        yield from files.feeds(rows, self._rulebook, self._trees, environment)
        yield from files.sitemaps(paths, environment.register)
        yield files.robots(environment.register)
        yield files.manifest(environment)
        yield from files.icons()
        yield files.status(environment.day, len(rows), next_change)
