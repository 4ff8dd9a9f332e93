"""Run: the postings of one cohort under the keys of one region, in order.

A posting says that a certificate has a key at a place: its id in the upper 32 bits, the place in the lower.
The regions divide all keys, so that several processes can merge the runs of all cohorts, each a region, and none
needs much memory.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

from starcert.search.folding import WHOLE, WORD
from starcert.search.sharded.cohort import Place
from starcert.search.sharded.keys import keys

REGIONS = ("", *(WORD + c for c in "cfhjlnqtxz"), WHOLE, WHOLE + "9", WHOLE + "a", WHOLE + "m", *"\u2e80云具威新湖茂装")
"""The first key that can lie in each region."""

POSTING = 8  # bytes
FAST = 1  # a level of compression: runs are remembered from build to build, not published


class Run(NamedTuple):
    """The keys, which rise, where the postings of each begin in `postings`, the last end, and all postings."""

    keys: list[str]
    offsets: list[int]
    postings: bytes

    def pieces(self) -> Iterator[tuple[str, bytes]]:
        """Each key with its postings."""
        for key, start, end in zip(self.keys, self.offsets, self.offsets[1:], strict=False):
            yield key, self.postings[start:end]


def runs(places: Iterable[Place]) -> list[bytes]:
    """The run of each region, packed."""
    postings: dict[str, list[int]] = {}
    for id, entry in places:
        high = id << 32
        for key, place in keys(entry):
            postings.setdefault(key, []).append(high | place)
    ordered = sorted(postings)
    cuts = [*(bisect_left(ordered, first) for first in REGIONS), len(ordered)]
    return [_packed(ordered[start:end], postings) for start, end in pairwise(cuts)]


def opened(packed: bytes) -> Run:
    """The run that was packed."""
    data = zlib.decompress(packed)
    count, text = (int.from_bytes(data[at : at + 4], "little") for at in (0, 4))
    body = 8 + text
    sizes = _native(array("I", data[body : body + 4 * count]))
    offsets = list(accumulate((size * POSTING for size in sizes), initial=0))
    return Run(data[8:body].decode().split("\n") if count else [], offsets, data[body + 4 * count :])


def as_bytes(postings: Iterable[int]) -> bytes:
    """Postings as they stand in a run."""
    return _native(array("Q", postings)).tobytes()


def as_numbers(postings: bytes) -> array[int]:
    """The postings that stand in a piece of a run."""
    return _native(array("Q", postings))


def _native(numbers: array[int]) -> array[int]:
    """The numbers, whose lowest bytes come first in files, as this machine has them; and the other way round."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _packed(ordered: list[str], postings: dict[str, list[int]]) -> bytes:
    text = "\n".join(ordered).encode()
    sizes = _native(array("I", [len(postings[key]) for key in ordered]))
    numbers = as_bytes(chain.from_iterable(postings[key] for key in ordered))
    head = len(ordered).to_bytes(4, "little") + len(text).to_bytes(4, "little")
    return zlib.compress(b"".join([head, text, sizes.tobytes(), numbers]), FAST)
