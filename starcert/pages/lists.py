"""Lists: certificates in the order of their holders' names, as every list shows them.

Names are ordered by their bytes in GB 18030, a national standard, so the order is the same on every machine. Latin
letters come first, the 3,755 commonest characters in the order of pinyin, and 3,008 more after them by radical; rarer
ones stand before the common ones.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from starcert.listing import Row
from starcert.pages.cuts import lot
from starcert.pages.outline import Part, Tier, outline
from starcert.pages.tree import Tree
from starcert.rulebook import Rulebook
from starcert.scheme import Level

if TYPE_CHECKING:
    from starcert.pages.environment import Contexts, Environment

ROW_BYTES = 500  # that a row has besides its texts
ESCAPED = 5  # bytes that a character has at most, written as &#34;
DASH = " – "
LONGEST = 60  # characters of a name where it only says from where to where a part of a list goes

Levels = Mapping[tuple[str, str], Level]


class Line(NamedTuple):
    """One row as a list shows it; `certificates` is how many its holder has."""

    path: str
    number: str
    name: str
    name_en: str | None
    level: str
    level_en: str
    stars: int
    issued: str
    expires: str
    holder: str
    certificates: int


class End(NamedTuple):
    """Where a part of a list begins or ends: the names of the holder and the number of its first or last row."""

    name: str
    name_en: str | None
    number: str


class Listed(NamedTuple):
    """A part of a list as the page above it knows it."""

    path: str
    certificates: int
    ends: Sequence[End]


class Range(NamedTuple):
    """A part of a list as one language shows it, and in one line of text.

    Where both ends bear one name, `numbers` tell them apart.
    """

    path: str
    certificates: int
    text: str
    names: tuple[str, str]
    langs: tuple[str | None, str | None]
    numbers: tuple[str, str] | None

    @property
    def shown(self) -> tuple[str | None, ...]:
        """What the macro `shown` of _range.html takes."""
        (first, last), (first_lang, last_lang) = self.names, self.langs
        return (first, first_lang, last, last_lang, *(self.numbers or (None, None)))


def place(row: Row) -> bytes:
    """Where the row stands in every list, as bytes that sort: by the name of its holder, then by its number."""
    name = unicodedata.normalize("NFKC", row.name).lower().encode("gb18030", "replace")
    return name + b"\0" + row.number.encode()


def size(row: Row) -> int:
    """How many bytes the row has at most on a page, whatever has to be escaped."""
    texts = len(row.name) + len(row.name_en or "")
    return ROW_BYTES + ESCAPED * texts + len(row.number) + len(row.slug)


def tiers(rows: Sequence[Row]) -> list[Tier]:
    """The pages of the list of these rows, which are in order."""
    return outline([row.slug for row in rows], [lot(row.slug) for row in rows], [size(row) for row in rows])


def levels(rulebook: Rulebook) -> Levels:
    """Every scheme's levels, under the ids of both."""
    return {(scheme.id, level.id): level for scheme in rulebook.schemes.values() for level in scheme.levels}


def line(row: Row, known: Levels, certificates: int) -> Line:
    """The row as lists show it."""
    level = known[row.scheme, row.level]
    return Line(
        f"C/{row.slug}/",
        row.number,
        row.name,
        row.name_en,
        level.name,
        level.name_en,
        row.stars,
        row.issued.isoformat(),
        row.expires.isoformat(),
        f"H/{row.uscc}/",
        certificates,
    )


def html(line: Line, contexts: "Contexts", environment: "Environment") -> list[bytes]:
    """The line as a row of a table, in each of the contexts; it is the same in every list that it is on."""
    return environment.in_each("_row.html", "row", line, contexts)


def rows_on(page: bytes, slugs: Iterable[str]) -> dict[str, bytes]:
    """The rows of these slugs, in order, as a page of the same order shows them; if each row is one line there.

    It has none to give where something else than rows stands between them.
    """
    found: dict[str, bytes] = {}
    stop = 0
    for slug in slugs:
        at = page.find(b"/C/%b/" % slug.encode(), stop)
        if at < 0:
            continue
        start = page.rfind(b"\n", 0, at) + 1
        if start != stop and found and not all(b"/C/" in line for line in page[stop:start].splitlines()):
            return {}
        stop = page.find(b"\n", at) + 1
        found[slug] = page[start:stop]
    return found


def end(row: Row) -> End:
    """The row as the first or the last of a part of a list."""
    return End(row.name, row.name_en, row.number)


def ranges(tiers: Sequence[Tier], rows: Sequence[Row]) -> Iterator[tuple[Part, list[Listed]]]:
    """Every range of an outline with its parts, given all rows of the list."""
    for below, tier in pairwise(tiers):
        for part in tier:
            yield part, [_listed(below[place], rows) for place in part.parts]


def _listed(part: Part, rows: Sequence[Row]) -> Listed:
    return Listed(part.path, len(part.rows), (end(rows[part.rows[0]]), end(rows[part.rows[-1]])))


def between(part: Listed, tree: Tree) -> Range:
    """The part as the tree's language shows it."""
    (one, one_lang), (other, other_lang) = (_named(end, tree) for end in part.ends)
    first, last = part.ends
    numbers = (first.number, last.number) if one == other else None
    text = f"{one} {DASH.join(numbers)}" if numbers else f"{one}{DASH}{other}"
    return Range(part.path, part.certificates, text, (one, other), (one_lang, other_lang), numbers)


def _named(end: End, tree: Tree) -> tuple[str, str | None]:
    """The end's name and its language, if that is not the page's: the Chinese name where there is no English one."""
    if tree.lang == "en" and end.name_en:
        return _short(end.name_en), None
    return _short(end.name), None if tree.lang == "zh" else "zh-CN"


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
