"""Indexing: the files of the search index, of which a change makes few anew where there are many.

A small register's index is made as a whole. Of a large one, search.sharded tells what hangs on what, and the memory
keeps what its steps gave.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from starcert.listing import entry, entry_path, is_sharded
from starcert.memory import Memory
from starcert.memory.records import unpack_row
from starcert.search import FOLDER, engines
from starcert.search.sharded import steps
from starcert.search.sharded.steps import REGIONS, Change, Shard
from starcert.workers import spread

FEW = 2
FEW_OF_ALL = 4
"""Where more than one cohort of so many has changed, to merge all takes no longer than to renew."""


class Cohort(NamedTuple):
    """A cohort to be gathered, and the packed rows of its certificates."""

    number: int
    of: int
    rows: Sequence[bytes]

    def __str__(self) -> str:
        return f"part {self.number} of {self.of} of the search index"


class Region(NamedTuple):
    """A region to be merged from the runs of all cohorts; or to be renewed from its shards by the runs that changed."""

    number: int
    runs: Sequence[bytes]
    shards: Sequence[Shard] = ()
    changes: Sequence[Change] = ()

    def __str__(self) -> str:
        return f"region {self.number} of the search index"


@dataclass(slots=True)
class Indexing:
    """The search index of what the memory holds; its files are written. `stale` are the paths of those no more.

    `read` gives the bytes of a file of the published site; FileNotFoundError where there is none.
    """

    memory: Memory
    write: Callable[[str, bytes], None]
    read: Callable[[str], bytes]
    jobs: int
    stale: set[str] = field(default_factory=set)

    def make(self, moved: Iterable[str], total: int) -> None:
        """The index of `total` certificates, after those with the slugs `moved` came, went or changed."""
        before = self.memory.fact("cohorts")
        count = steps.cohorts(total) if is_sharded(total) else 0
        self.memory.note("cohorts", count)
        if count and count == before:
            self._sharded(sorted({steps.cohort_of(entry_path(slug), count) for slug in moved}), count)
        else:
            self._forget(before or 0)
            if count:
                self._sharded(range(count), count)
            else:
                rows = map(unpack_row, self.memory.records.packed_rows())
                self._own("index", dict(engines.files(map(entry, rows))))

    def _sharded(self, cohorts: Sequence[int], count: int) -> None:
        if not cohorts:
            return
        old = self._gather(cohorts, count)
        few = len(cohorts) * FEW_OF_ALL <= count
        self._merge([self._renewal(region, old[region]) if few else self._merger(region) for region in sorted(old)])
        shards = [shard for region in range(len(REGIONS)) for shard in self._shards(region) or ()]
        self._own("index", steps.share(self.memory.index.summaries(), shards))

    def _gather(self, cohorts: Sequence[int], count: int) -> dict[int, dict[int, bytes]]:
        """Gather cohorts; by region, the runs that changed, as they were before."""
        tasks = [Cohort(number, count, self.memory.records.of_cohort(number, count)) for number in cohorts]
        old: dict[int, dict[int, bytes]] = {}
        for cohort, (paths, summary, runs) in zip(cohorts, spread(self._gathered, tasks, self.jobs, FEW), strict=True):
            self.stale |= self.memory.pages.replace(f"cohort {cohort}", dict.fromkeys(paths, b""))
            for region, run in self.memory.index.gathered(cohort, summary, runs).items():
                old.setdefault(region, {})[cohort] = run
        return old

    def _gathered(self, cohort: Cohort) -> tuple[list[str], bytes, list[bytes]]:
        entries = (entry(unpack_row(row)) for row in cohort.rows)
        made = steps.gather(entries, cohort.number, cohort.of)
        return self._write(made.files), made.summary, made.runs

    def _merger(self, region: int) -> Region:
        return Region(region, self.memory.index.runs(region))

    def _renewal(self, region: int, before: dict[int, bytes]) -> Region:
        shards = self._shards(region)
        if shards is None:
            return self._merger(region)
        now = {cohort: self.memory.index.run(region, cohort) for cohort in before}
        changes = [Change(cohort, run, now[cohort]) for cohort, run in sorted(before.items())]
        return Region(region, (), shards, changes)

    def _merge(self, tasks: Sequence[Region]) -> None:
        """Make the shards of the regions whose runs changed."""
        for task, made in zip(tasks, spread(self._merged, tasks, self.jobs, FEW), strict=True):
            shards, new = made or self._merged(self._merger(task.number)) or ([], [])
            self.memory.index.note_shards(task.number, shards)
            kept = {f"{FOLDER}{shard.path}" for shard in shards}
            self.stale |= self.memory.pages.replace(f"region {task.number}", dict.fromkeys({*kept, *new}, b""))

    def _shards(self, region: int) -> list[Shard] | None:
        known = self.memory.index.shards(region)
        return None if known is None else [Shard(*shard) for shard in known]

    def _merged(self, region: Region) -> tuple[list[Shard], list[str]] | None:
        """The shards of a region and the paths of the new ones; None where a file of the last build is missing."""
        if not region.changes:
            shards, made = steps.merge(region.runs)
            return shards, self._write(made)
        try:
            shards, made = steps.renew(region.shards, region.changes, lambda path: self.read(FOLDER + path))
        except FileNotFoundError:
            return None
        return shards, self._write(made)

    def _write(self, made: dict[str, bytes]) -> list[str]:
        paths = [FOLDER + path for path in made]
        for path, data in zip(paths, made.values(), strict=True):
            self.write(path, data)
        return paths

    def _own(self, owner: str, made: dict[str, bytes]) -> None:
        self.stale |= self.memory.pages.replace(owner, dict.fromkeys(self._write(made), b""))

    def _forget(self, cohorts: int) -> None:
        """Drop the parts of an index that is divided in another way from now on."""
        self.memory.index.clear()
        owners = [f"cohort {number}" for number in range(cohorts)] + [f"region {n}" for n in range(len(REGIONS))]
        for owner in owners:
            self.stale |= self.memory.pages.replace(owner, {})
