"""Sitemap: the address of every page, for crawlers. https://www.sitemaps.org/protocol.html

A large register has several, and one more that leads to them: some for certificates, each for those on certain rolls,
so that a certificate that comes or goes changes one of them; and some for all other pages.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from xml.sax.saxutils import escape

from starcert.register import Register

PAGE = "index.html"
ONE = 10_000  # addresses at most in the only sitemap, and on average in each of several; 50,000 may be
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
DIGITS = "0123456789abcdef"


def whole(pages: Iterable[str], register: Register) -> tuple[str, bytes]:
    """The only sitemap of a small register: of the pages among these files."""
    return "sitemap.xml", _map("urlset", "url", sorted(_addresses(pages)), register)


def parts(certificates: int) -> Sequence[str]:
    """How the names of the rolls begin, in each part of the certificates of a large register."""
    length = 1
    while certificates > 4 * 16 ** (length - 1) * ONE and length < 3:
        length += 1
    return ["".join(digits) for digits in product(DIGITS[:4], *[DIGITS] * (length - 1))]


def name(part: str) -> str:
    """Where the sitemap of a part of the certificates lies."""
    return f"sitemap-c-{part}.xml"


def of_certificates(part: str, pages: Iterable[str], register: Register) -> tuple[str, bytes]:
    """The sitemap of one part of the certificates."""
    return name(part), _map("urlset", "url", sorted(_addresses(pages)), register)


def of_others(pages: Iterable[str], register: Register) -> Iterator[tuple[str, bytes]]:
    """The sitemaps of the other pages among these files."""
    listed = sorted(_addresses(pages))
    for number, start in enumerate(range(0, len(listed), ONE), 1):
        yield f"sitemap-{number}.xml", _map("urlset", "url", listed[start : start + ONE], register)


def index(names: Iterable[str], register: Register) -> tuple[str, bytes]:
    """The sitemap that leads to those of these names."""
    return "sitemap.xml", _map("sitemapindex", "sitemap", names, register)


def _addresses(files: Iterable[str]) -> Iterator[str]:
    return (path.removesuffix(PAGE) for path in files if path == PAGE or path.endswith(f"/{PAGE}"))


def _map(root: str, item: str, paths: Iterable[str], register: Register) -> bytes:
    items = "".join(f"<{item}><loc>{escape(f'{register.address}/{path}')}</loc></{item}>\n" for path in paths)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n{items}</{root}>\n'.encode()
