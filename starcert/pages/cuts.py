"""Cuts: where a long list is divided into pages. The rows themselves decide, not their places in the list.

Every row has a lot, drawn from its slug. A row with the greatest lot among its neighbours begins a page. So a row that
comes or goes moves only the cuts around it, where a count of rows to a page would move every cut behind it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import accumulate, pairwise

WHOLE = 150  # lines that a page holds without being cut
MOST = 200  # lines that a page may hold
MOST_BYTES = 180_000  # that the lines of a page may have, which leaves 20,000 for what stands around them
REACH = 32  # neighbours on either side among which a line has the greatest lot to begin a page
LEAST = REACH + 1  # lines that a page of a long list has


def lot(slug: str) -> int:
    """The number that a slug draws, the same every time; it fits a signed integer of 64 bits."""
    return int.from_bytes(blake2b(slug.encode(), digest_size=8).digest(), signed=True)


def cuts(lots: Sequence[int], sizes: Sequence[int]) -> list[int]:
    """The places at which the pages of a list begin, but for the first; given its lines' lots and sizes in bytes."""
    ends = list(accumulate(sizes, initial=0))
    if len(lots) <= WHOLE and ends[-1] <= MOST_BYTES:
        return []
    natural = list(_natural(lots))
    return [
        place
        for start, stop in pairwise((0, *natural, len(lots)))
        for place in (*_forced(start, stop, lots, ends), stop)
        if place < len(lots)
    ]


def _natural(lots: Sequence[int]) -> Iterator[int]:
    """Where a lot is the greatest in reach, of equal ones the first; never so near an end that a page is too small.

    Of so many lines as one reach has, and one more, only that with the greatest lot can be such a place.
    """
    for start in range(0, len(lots), LEAST):
        block = lots[start : start + LEAST]
        greatest = max(block)
        place = start + block.index(greatest)
        if (
            LEAST <= place <= len(lots) - LEAST
            and greatest > max(lots[place - REACH : place])
            and greatest >= max(lots[place : place + LEAST])
        ):
            yield place


def _forced(start: int, stop: int, lots: Sequence[int], ends: Sequence[int]) -> Iterator[int]:
    """Where a page from `start` to `stop` is cut because it is too long: at the greatest lot that makes it fit."""
    while stop - start >= 2 * LEAST and (stop - start > MOST or ends[stop] - ends[start] > MOST_BYTES):
        fitting = bisect_right(ends, ends[start] + MOST_BYTES) - 1
        latest = max(start + LEAST, min(start + MOST, fitting, stop - LEAST))
        near = lots[start + LEAST : latest + 1]
        start += LEAST + near.index(max(near))
        yield start
