"""Index: what the steps to the search index of a large register gave."""

import json
from collections.abc import Sequence

from starcert.memory.base import Base

LAYOUT = """
    CREATE TABLE summaries (cohort PRIMARY KEY, summary) WITHOUT ROWID;
    CREATE TABLE runs (region, cohort, run, PRIMARY KEY (region, cohort)) WITHOUT ROWID;
    CREATE TABLE shards (region PRIMARY KEY, shards) WITHOUT ROWID;
"""


class Index:
    """What the memory knows of the search index."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def clear(self) -> None:
        """Know nothing."""
        for table in ("summaries", "runs", "shards"):
            self._base.do(f"DELETE FROM {table}")

    def gathered(self, cohort: int, summary: bytes, runs: Sequence[bytes]) -> dict[int, bytes]:
        """Remember what a cohort gave; for each region in which its run changed, the run before."""
        known = dict(self._base.all("SELECT region, run FROM runs WHERE cohort = ?", cohort))
        changed = {region: run for region, run in enumerate(runs) if known.get(region) != run}
        self._base.do("INSERT OR REPLACE INTO summaries VALUES (?, ?)", cohort, summary)
        told = ((region, cohort, run) for region, run in changed.items())
        self._base.do_each("INSERT OR REPLACE INTO runs VALUES (?, ?, ?)", told)
        return {region: known.get(region, b"") for region in changed}

    def summaries(self) -> list[bytes]:
        """The summaries of all cohorts, in their order."""
        return list(self._base.firsts("SELECT summary FROM summaries ORDER BY cohort"))

    def runs(self, region: int) -> list[bytes]:
        """The runs of all cohorts in a region, in the order of cohorts."""
        return list(self._base.firsts("SELECT run FROM runs WHERE region = ? ORDER BY cohort", region))

    def run(self, region: int, cohort: int) -> bytes:
        """The run of one cohort in a region."""
        [(run,)] = self._base.all("SELECT run FROM runs WHERE region = ? AND cohort = ?", region, cohort)
        return bytes(run)

    def shards(self, region: int) -> list[list[str]] | None:
        """The shards of a region as they were noted, or None."""
        found = self._base.all("SELECT shards FROM shards WHERE region = ?", region)
        return json.loads(found[0][0]) if found else None

    def note_shards(self, region: int, shards: Sequence[Sequence[str]]) -> None:
        """Remember the shards of a region."""
        self._base.do("INSERT OR REPLACE INTO shards VALUES (?, ?)", region, json.dumps(shards))
