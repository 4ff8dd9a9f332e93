"""Shard: a file of the index, with the postings of all certificates under the keys from a first to a last one."""

import operator
import sys
from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from typing import NamedTuple
from zlib import crc32

from starcert.search.sharded.pack import name, pack
from starcert.search.sharded.run import POSTING, opened

SIZE = 2_048  # postings in a shard on average


class Shard(NamedTuple):
    """The first key and the last of a shard, and its file."""

    first: str
    last: str
    path: str


Range = tuple[str, str | None]
"""Keys from a first one on, before another; None stands for the end."""


def merged(runs: Iterable[bytes], ranges: Sequence[Range] = (("", None),)) -> Iterator[tuple[Shard, bytes]]:
    """The shards of a region, or of ranges of its keys, with their bytes; `runs` are of all cohorts, in their order.

    A key begins a shard or not whatever the other keys are, so that a changed certificate changes the shards of its
    own keys alone. The more postings a key has, the likelier it begins one.
    """
    pieces: list[dict[str, list[bytes]]] = [{} for _ in ranges]
    for run in map(opened, runs):
        for found, (start, end) in zip(pieces, ranges, strict=True):
            for key, postings in run.pieces(start, end):
                found.setdefault(key, []).append(postings)
    for found in pieces:
        yield from _cut({key: b"".join(found[key]) for key in sorted(found)})


def renewed(
    shards: Sequence[Shard], changed: Collection[str], runs: Iterable[bytes]
) -> tuple[list[Shard], dict[str, bytes]]:
    """The shards of a region after its postings under some keys changed, and the bytes of the new ones.

    `shards` are those before; `runs` are of all cohorts, as they are now.
    """
    if not changed:
        return list(shards), {}
    stale = _stale([shard.first for shard in shards], changed)
    starts = ["", *(shard.first for shard in shards[1:]), None]
    ranges: list[Range] = []
    for is_stale, group in groupby(range(len(shards)), stale.__contains__):
        if is_stale:
            indices = list(group)
            ranges.append((starts[indices[0]] or "", starts[indices[-1] + 1]))
    new = dict(merged(runs, ranges or [("", None)]))
    kept = [shard for index, shard in enumerate(shards) if index not in stale]
    return sorted([*kept, *new]), {shard.path: data for shard, data in new.items()}


def _stale(firsts: Sequence[str], changed: Iterable[str]) -> set[int]:
    """The shards that hold, or are to hold, one of the keys."""
    stale = set()
    for key in changed:
        index = max(0, bisect_right(firsts, key) - 1)
        stale.add(index)
        if index and firsts[index] == key:
            stale.add(index - 1)  # which goes on if the key begins a shard no longer
    return stale & set(range(len(firsts)))


def touched(old: bytes, new: bytes) -> set[str]:
    """The keys whose postings differ between two runs of one cohort and region."""
    if old == new:
        return set()
    return {key for key, _ in set(opened(old).pieces()) ^ set(opened(new).pieces())}


def _cut(pieces: dict[str, bytes]) -> Iterator[tuple[Shard, bytes]]:
    keys: list[str] = []
    for key, postings in pieces.items():
        if keys and crc32(key.encode()) % SIZE < len(postings) // POSTING:
            yield _shard(keys, pieces)
            keys = []
        keys.append(key)
    if keys:
        yield _shard(keys, pieces)


def _shard(keys: list[str], pieces: dict[str, bytes]) -> tuple[Shard, bytes]:
    found = [pieces[key] for key in keys]
    halves = array("I", b"".join(found))
    if sys.byteorder == "big":
        halves.byteswap()
    sizes = [len(postings) // POSTING for postings in found]
    ids = halves[1::2].tolist()
    steps = [0, *map(operator.sub, ids[1:], ids)]
    for start in accumulate(sizes[:-1], initial=0):  # the first of each key stands in full
        steps[start] = ids[start]
    data = pack({"keys": keys}, {"sizes": sizes, "ids": steps, "places": halves[::2]})
    return Shard(keys[0], keys[-1], f"shards/{name(data)}"), data
