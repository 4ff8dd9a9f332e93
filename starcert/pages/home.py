"""Home: what the register is, the field that leads to a certificate, the latest issued and how many there are."""

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from starcert import seal
from starcert.listing import Row
from starcert.pages import lists
from starcert.pages.environment import Environment
from starcert.pages.groups import level_path
from starcert.pages.tree import Tree
from starcert.rulebook import Rulebook
from starcert.scheme import Scheme

LATEST = 8


def pages(
    rows: Sequence[Row],
    rulebook: Rulebook,
    next_change: date | None,
    trees: Sequence[Tree],
    environment: Environment,
) -> Iterator[tuple[str, bytes]]:
    """The home page of every tree: its path and bytes. `next_change` is the next day on which a list changes."""
    counts = Counter((row.scheme, row.level) for row in rows)
    newest, held, known = latest(rows, LATEST), lists.certificates_of(rows), lists.levels(rulebook)
    for tree in trees:
        lines = lists.lines(newest, tree, known, held)
        yield tree.page(
            environment,
            "home.html",
            "",
            day=environment.day,
            total=len(rows),
            next_change=next_change,
            rows=environment.joined(lists.html(lines, tree, environment)),
            schemes=[(scheme, _levels(scheme, counts)) for scheme in rulebook.schemes.values()],
        )


def latest(rows: Sequence[Row], most: int) -> list[Row]:
    """The rows issued last, the newest first; those of one day in the order of their numbers."""
    return heapq.nsmallest(most, rows, key=lambda row: (-row.issued.toordinal(), row.number))


def _levels(scheme: Scheme, counts: Counter[tuple[str, str]]) -> list[tuple[object, str, str, int]]:
    """The scheme's levels, the highest first, each with its seal, the path of its list, and how many hold it."""
    return [
        (
            level,
            seal.svg(level.stars),
            f"browse/{level_path(scheme.id, level.id)}",
            counts[scheme.id, level.id],
        )
        for level in reversed(scheme.levels)
    ]
