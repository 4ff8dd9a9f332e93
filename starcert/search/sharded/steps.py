"""Steps: the way from entries to the files of a sharded index.

    count = cohorts(number of entries)      a power of two, which seldom changes; if it does, all begins anew
    gather(entries, cohort, count)          for each cohort: entries -> its files, a summary, a run for each region
    merge(runs)                             for each of REGIONS: the runs of all cohorts -> shards and their files
    share(summaries, shards)                the files that tell of all: quick, for every build

`cohort_of(path, count)` says to which cohort an entry belongs. A build that remembers summaries, runs, shards and the
paths of each cohort's files takes few steps after a change: `gather` for the cohorts that changed, `renew` in place of
`merge` for each region, with the files of the last build, and `share`. The bytes are those of a build from nothing.
Where many cohorts have changed, `merge` takes no longer.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from starcert.search.entry import Entry
from starcert.search.sharded.cards import card_files, path
from starcert.search.sharded.cohort import cohort_of, cohorts, places
from starcert.search.sharded.run import REGIONS, runs
from starcert.search.sharded.shard import Change, Shard, merged, renewed
from starcert.search.sharded.shared import shared_files
from starcert.search.sharded.summary import Summary, summarised

__all__ = [
    "REGIONS",
    "Change",
    "Gathered",
    "Shard",
    "cohort_of",
    "cohorts",
    "files",
    "gather",
    "merge",
    "renew",
    "share",
]


class Gathered(NamedTuple):
    """What comes of a cohort: the path and the bytes of its files, its summary, and its run in each region."""

    files: dict[str, bytes]
    summary: bytes
    runs: list[bytes]


def gather(entries: Iterable[Entry], cohort: int, cohorts: int) -> Gathered:
    """All that one cohort gives; it may be empty. No two entries have one path."""
    placed = places(entries, cohort, cohorts)
    packed = card_files(placed)
    paths = {group: path(data) for group, data in packed.items()}
    files = {paths[group]: data for group, data in packed.items()}
    return Gathered(files, summarised(placed, paths).written(), runs(placed))


def merge(runs: Iterable[bytes]) -> tuple[list[Shard], dict[str, bytes]]:
    """The shards of one region with their files; `runs` are those of all cohorts there, in the order of cohorts."""
    made = dict(merged(runs))
    return list(made), {shard.path: data for shard, data in made.items()}


def renew(
    shards: Sequence[Shard], changes: Iterable[Change], read: Callable[[str], bytes]
) -> tuple[list[Shard], dict[str, bytes]]:
    """The same as `merge` gives, but only the files of new shards, from the region's shards in the last build.

    `changes` tell of each cohort that has changed since: its number, its run then, its run now. `read` gives the
    bytes of a shard's file of the last build.
    """
    made = dict(renewed(shards, changes, read))
    return list(made), {shard.path: data for shard, data in made.items() if data is not None}


def share(summaries: Iterable[bytes], shards: Iterable[Shard]) -> dict[str, bytes]:
    """The files about all certificates, from the summaries of all cohorts in their order and the shards of all regions.

    The one named "table.json" tells of all other files, so it is to be published last.
    """
    return dict(shared_files(list(map(Summary.read, summaries)), shards))


def files(entries: Iterable[Entry]) -> Iterator[tuple[str, bytes]]:
    """The path and the bytes of every file of the index, made from nothing in this process."""
    everything = list(entries)
    count = cohorts(len(everything))
    divided = defaultdict(list)
    for entry in everything:
        divided[cohort_of(entry.path, count)].append(entry)
    gathered = [gather(divided[cohort], cohort, count) for cohort in range(count)]
    for each in gathered:
        yield from each.files.items()
    shards: list[Shard] = []
    for region in range(len(REGIONS)):
        made, data = merge(each.runs[region] for each in gathered)
        shards.extend(made)
        yield from data.items()
    yield from share((each.summary for each in gathered), shards).items()
