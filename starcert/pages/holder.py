"""Holder: H/USCC/, all valid certificates of one holder, in both languages; for two or more only."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from starcert.listing import Row
from starcert.pages import lists
from starcert.pages.environment import Environment
from starcert.rulebook import Rulebook
from starcert.scheme import Level


def pages(rows: Sequence[Row], rulebook: Rulebook, environment: Environment) -> Iterator[tuple[str, bytes]]:
    """The pages of each holder with at least two certificates: paths and bytes, in the order of names."""
    held: defaultdict[str, list[Row]] = defaultdict(list)
    for row in lists.in_order(rows):
        held[row.uscc].append(row)
    for uscc, some in held.items():
        if len(some) >= 2:
            yield from _holder(uscc, some, rulebook, environment)


def _holder(
    uscc: str, rows: Sequence[Row], rulebook: Rulebook, environment: Environment
) -> Iterator[tuple[str, bytes]]:
    latest = max(rows, key=lambda row: (row.issued, row.number))
    for leaf in lists.leaves(rows):
        path = f"H/{uscc}/{leaf.path}"
        shown = [_shown(row, rulebook) for row in leaf.rows]
        yield (
            f"{path}index.html",
            environment.render(
                "holder.html",
                both=True,
                twin=None,
                path=path,
                uscc=uscc,
                name=latest.name,
                name_en=latest.name_en,
                leaf=leaf,
                total=len(rows),
                shown=shown,
            ),
        )


def _shown(row: Row, rulebook: Rulebook) -> tuple[Row, Level, str]:
    """A row with its level and its standard."""
    scheme = rulebook.schemes[row.scheme]
    return row, scheme.by_level[row.level], scheme.standard
