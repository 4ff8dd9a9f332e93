"""Outline: the pages of one list and how they lie above, below and beside each other.

A long list is cut into leaves, which show rows, and its own address shows ranges of them. When those are too many, they
are cut in the same way, tier upon tier, until the list's own page holds the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from starcert.pages.cuts import cuts

LINE_BYTES = 800  # at most, of the line that shows a range


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a list: a leaf that shows rows, or a range that shows the parts of the tier below.

    Paths lie below the list's own, whose path is ''. `rows` are the places of its rows in the list, `parts` those of
    its parts in the tier below (none for a leaf). `ancestors` lead from the list's own page down to the part above.
    """

    path: str
    rows: range
    parts: range
    previous: str | None
    next: str | None
    ancestors: tuple[str, ...]

    @property
    def up(self) -> str | None:
        """The path of the part above, if there is one."""
        return self.ancestors[-1] if self.ancestors else None


Tier = Sequence[Part]


@dataclass(frozen=True, slots=True)
class _Span:
    path: str
    rows: range
    parts: range


def outline(slugs: Sequence[str], lots: Sequence[int], sizes: Sequence[int]) -> list[Tier]:
    """The tiers of a list from its leaves up to its own page, which is alone in the last; values of its rows in order.

    A list that fits one page has one tier, and that page is its leaf. `sizes` are the bytes that a row has at most.
    """
    tiers = [_cut(slugs, lots, sizes, "from-")]
    name = "range-"
    while len(tiers[-1]) > 1:
        tiers.append(_bound(tiers[-1], slugs, lots, name))
        name = f"wide-{name}"
    return _linked(tiers)


def _cut(slugs: Sequence[str], lots: Sequence[int], sizes: Sequence[int], name: str) -> list[_Span]:
    bounds = pairwise((0, *cuts(lots, sizes), len(slugs)))
    return _named([(range(start, stop), range(0)) for start, stop in bounds], slugs, name)


def _bound(below: Sequence[_Span], slugs: Sequence[str], lots: Sequence[int], name: str) -> list[_Span]:
    """The tier above another: its parts, cut where the lots of their first rows say so."""
    firsts = [lots[span.rows.start] for span in below]
    bounds = pairwise((0, *cuts(firsts, [LINE_BYTES] * len(below)), len(below)))
    spans = [(range(below[start].rows.start, below[stop - 1].rows.stop), range(start, stop)) for start, stop in bounds]
    return _named(spans, slugs, name)


def _named(spans: Sequence[tuple[range, range]], slugs: Sequence[str], name: str) -> list[_Span]:
    """The list's own address for what is alone in its tier; else one that names the first row."""
    alone = len(spans) == 1
    return [_Span("" if alone else f"{name}{slugs[rows.start]}/", rows, parts) for rows, parts in spans]


def _linked(tiers: Sequence[Sequence[_Span]]) -> list[Tier]:
    above: list[tuple[str, ...]] = [()]
    linked: list[Tier] = []
    for tier in reversed(tiers):
        linked.append(list(_beside(tier, above)))
        above = [(*part.ancestors, part.path) for part in linked[-1] for _ in part.parts]
    return linked[::-1]


def _beside(tier: Sequence[_Span], above: Sequence[tuple[str, ...]]) -> Iterator[Part]:
    paths = [None, *(span.path for span in tier), None]
    for span, previous, following, ancestors in zip(tier, paths, paths[2:], above, strict=False):
        yield Part(span.path, span.rows, span.parts, previous, following, ancestors)
