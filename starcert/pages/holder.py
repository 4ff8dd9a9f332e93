"""Holder: H/USCC/, all valid certificates of one holder, in both languages; for two or more only.

They are in the order of their numbers, and cut into parts as other lists are when they are many.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from starcert.listing import Row
from starcert.pages import lists
from starcert.pages.environment import Environment
from starcert.pages.lists import Listed
from starcert.pages.outline import Part
from starcert.rulebook import Rulebook
from starcert.scheme import Level


class Holder(NamedTuple):
    """Whose certificates they are, by the names on the latest of them."""

    uscc: str
    name: str
    name_en: str | None


def pages(rows: Sequence[Row], rulebook: Rulebook, environment: Environment) -> Iterator[tuple[str, bytes]]:
    """The pages of one holder, whose certificates these are in the order of numbers: paths and bytes."""
    holder, tiers = holder_of(rows), lists.tiers(rows)
    for leaf in tiers[0]:
        yield leaf_page(holder, leaf, rows[leaf.rows.start : leaf.rows.stop], rulebook, environment)
    for part, parts in lists.ranges(tiers, rows):
        yield range_page(holder, part, parts, environment)


def holder_of(rows: Iterable[Row]) -> Holder:
    """The holder of these certificates."""
    latest = max(rows, key=lambda row: (row.issued, row.number))
    return Holder(latest.uscc, latest.name, latest.name_en)


def leaf_page(
    holder: Holder, part: Part, rows: Sequence[Row], rulebook: Rulebook, environment: Environment
) -> tuple[str, bytes]:
    """The certificates of a holder, or one leaf of them."""
    numbers = rows[0].number, rows[-1].number
    return _page(holder, part, numbers, environment, shown=[_shown(row, rulebook) for row in rows], ranges=())


def range_page(holder: Holder, part: Part, parts: Sequence[Listed], environment: Environment) -> tuple[str, bytes]:
    """One page of a holder's certificates that leads to parts of them."""
    numbers = parts[0].ends[0].number, parts[-1].ends[1].number
    return _page(holder, part, numbers, environment, shown=(), ranges=parts)


def _page(
    holder: Holder, part: Part, numbers: tuple[str, str], environment: Environment, **values: Any
) -> tuple[str, bytes]:
    path = f"H/{holder.uscc}/{part.path}"
    content = environment.render(
        "holder.html",
        both=True,
        twin=None,
        path=path,
        uscc=holder.uscc,
        name=holder.name,
        name_en=holder.name_en,
        part=part,
        of=numbers if part.ancestors else None,
        total=None if values["shown"] and part.ancestors else len(part.rows),
        **values,
    )
    return f"{path}index.html", content


def _shown(row: Row, rulebook: Rulebook) -> tuple[Row, Level, str]:
    """A row with its level and its standard."""
    scheme = rulebook.schemes[row.scheme]
    return row, scheme.by_level[row.level], scheme.standard
