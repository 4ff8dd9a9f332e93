"""Shard: a file of the index, with the postings of all certificates under the keys from a first to a last one."""

import operator
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, groupby
from typing import NamedTuple
from zlib import crc32

from starcert.search.sharded.cohort import SLOTS
from starcert.search.sharded.pack import name, pack, unpack
from starcert.search.sharded.run import POSTING, as_bytes, as_numbers, opened

SIZE = 2_048  # postings in a shard on average
PLACE_BITS = 32


class Shard(NamedTuple):
    """The first key and the last of a shard, and its file."""

    first: str
    last: str
    path: str


class Change(NamedTuple):
    """A cohort that has changed, and its run in a region, before and now."""

    cohort: int
    before: bytes
    now: bytes


def merged(runs: Iterable[bytes]) -> Iterator[tuple[Shard, bytes]]:
    """The shards of a region with their bytes; `runs` are of all cohorts, in their order.

    A key begins a shard or not whatever the other keys are, so that a changed certificate changes the shards of its
    own keys alone. The more postings a key has, the likelier it begins one.
    """
    pieces: dict[str, list[bytes]] = {}
    for run in map(opened, runs):
        for key, postings in run.pieces():
            pieces.setdefault(key, []).append(postings)
    yield from _cut({key: b"".join(pieces[key]) for key in sorted(pieces)})


def renewed(
    shards: Sequence[Shard], changes: Iterable[Change], read: Callable[[str], bytes]
) -> Iterator[tuple[Shard, bytes | None]]:
    """The shards of a region after a change of some cohorts, the new ones with their bytes.

    `shards` are those before, whose files `read` gives.
    """
    fresh = _fresh(changes)
    firsts = [shard.first for shard in shards]
    stale: dict[int, list[str]] = defaultdict(list)
    for key in fresh:
        index = max(0, bisect_right(firsts, key) - 1)
        stale[index].append(key)
        if index and firsts[index] == key:
            stale[index - 1].extend(())  # which goes on if the key begins a shard no longer
    for is_stale, group in groupby(range(max(1, len(shards))), stale.__contains__):
        indices = list(group)
        some = shards[indices[0] : indices[-1] + 1]
        if is_stale:
            keys = chain.from_iterable(stale[index] for index in indices)
            yield from _rewritten(map(read, (shard.path for shard in some)), {key: fresh[key] for key in keys})
        else:
            yield from ((shard, None) for shard in some)


def _fresh(changes: Iterable[Change]) -> dict[str, dict[int, bytes]]:
    """For each key of which a cohort's postings have changed, those of each such cohort as they are now."""
    fresh: dict[str, dict[int, bytes]] = defaultdict(dict)
    for cohort, before, now in changes:
        if before != now:
            old, new = dict(opened(before).pieces()), dict(opened(now).pieces())
            for key in old.keys() | new.keys():
                if old.get(key) != new.get(key):
                    fresh[key][cohort] = new.get(key, b"")
    return fresh


def _rewritten(files: Iterable[bytes], fresh: Mapping[str, Mapping[int, bytes]]) -> Iterator[tuple[Shard, bytes]]:
    pieces = dict(chain.from_iterable(map(_held, files)))
    for key, cohorts in fresh.items():
        others = [each for each in as_numbers(pieces.get(key, b"")) if (each >> PLACE_BITS) // SLOTS not in cohorts]
        pieces[key] = as_bytes(sorted([*others, *chain.from_iterable(map(as_numbers, cohorts.values()))]))
    yield from _cut({key: pieces[key] for key in sorted(pieces) if pieces[key]})


def _held(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Each key of a shard's file with its postings."""
    values, arrays = unpack(data)
    start = 0
    for key, size in zip(values["keys"], arrays["sizes"], strict=True):
        end = start + size
        ids = accumulate(arrays["ids"][start:end])
        yield (
            key,
            as_bytes(id << PLACE_BITS | place for id, place in zip(ids, arrays["places"][start:end], strict=True)),
        )
        start = end


def _cut(pieces: Mapping[str, bytes]) -> Iterator[tuple[Shard, bytes]]:
    keys: list[str] = []
    for key, postings in pieces.items():
        if keys and crc32(key.encode()) % SIZE < len(postings) // POSTING:
            yield _shard(keys, pieces)
            keys = []
        keys.append(key)
    if keys:
        yield _shard(keys, pieces)


def _shard(keys: list[str], pieces: Mapping[str, bytes]) -> tuple[Shard, bytes]:
    found = [pieces[key] for key in keys]
    postings = as_numbers(b"".join(found))
    sizes = [len(piece) // POSTING for piece in found]
    ids = [posting >> PLACE_BITS for posting in postings]
    places = [posting & (1 << PLACE_BITS) - 1 for posting in postings]
    steps = [0, *map(operator.sub, ids[1:], ids)]
    for start in accumulate(sizes[:-1], initial=0):  # the first of each key stands in full
        steps[start] = ids[start]
    data = pack({"keys": keys}, {"sizes": sizes, "ids": steps, "places": places})
    return Shard(keys[0], keys[-1], f"shards/{name(data)}"), data
