"""Memory: what a build knew of the site it made, kept beside it, so that the next one does only what has changed.

It is a cache: without it everything is made anew, and `output` vouches that it tells of the site as it stands.
All that a build learns is written within one transaction, which `keep` ends. The only user of sqlite3.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Self

from starcert.listing import Row
from starcert.outcome import Due, Outcome
from starcert.packing import pack, unpacker
from starcert.problems import Problem
from starcert.recordfile import RecordFile
from starcert.rules import Tie
from starcert.status import Status

FIELDS = ", ".join(Outcome._fields)
MANY = 500
"""How many values one question may name."""

MOMENT = 2_000_000_000  # nanoseconds: no disk counts time more coarsely
UNSEEN = -1

LAYOUT = f"""
    CREATE TABLE facts (name PRIMARY KEY, value) WITHOUT ROWID;
    CREATE TABLE records ({FIELDS}, PRIMARY KEY (path));
    CREATE TABLE disputes (path, problem);
    CREATE INDEX by_slug ON records (slug);
    CREATE INDEX by_supersedes ON records (supersedes) WHERE supersedes IS NOT NULL;
    CREATE INDEX by_superseded_by ON records (superseded_by) WHERE superseded_by IS NOT NULL;
    CREATE INDEX by_parent ON records (parent) WHERE parent IS NOT NULL;
    CREATE INDEX by_days ON records (first, until);
    CREATE INDEX by_status ON records (status, turn);
    CREATE INDEX by_problems ON records (path) WHERE problems != x'';
"""
LINKED = ("slug", "supersedes", "superseded_by", "parent")

unpack_row: Callable[[bytes], Row] = unpacker(Row)
unpack_tie: Callable[[bytes], Tie] = unpacker(Tie)
unpack_problem: Callable[[bytes], Problem] = unpacker(Problem)
unpack_problems: Callable[[bytes], tuple[Problem, ...]] = unpacker(tuple[Problem, ...])


class Memory:
    """The memory in a file, or in no file: `with Memory(path) as memory`.

    Leaving the block without `keep` forgets what was learnt in it. sqlite3.DatabaseError when the file is no memory.
    """

    def __init__(self, path: Path | str = ":memory:") -> None:
        self._path = path

    def __enter__(self) -> Self:
        self._base = sqlite3.connect(self._path, isolation_level=None)
        # What a power cut leaves of the file is never believed, and nothing of it is written before `keep`.
        self._base.executescript(
            "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
            "PRAGMA cache_spill = OFF; PRAGMA temp_store = MEMORY;"
        )
        self._base.execute("BEGIN")
        self.new = not self._all("SELECT name FROM sqlite_schema LIMIT 1")
        if self.new:
            for statement in filter(str.strip, LAYOUT.split(";")):
                self._base.execute(statement)
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def keep(self) -> None:
        """Write down what was learnt."""
        self._base.execute("COMMIT")

    def _all(self, question: str, *values: object) -> list[Any]:
        return self._base.execute(question, values).fetchall()

    def _first_of_all(self, question: str, *values: object) -> Iterator[Any]:
        return (row[0] for row in self._base.execute(question, values))

    def _each(self, question: str, values: Iterable[str]) -> Iterator[Any]:
        """The answers to a question with IN (?) for that many values."""
        listed = sorted(values)
        for start in range(0, len(listed), MANY):
            some = listed[start : start + MANY]
            yield from self._base.execute(question.replace("(?)", f"({','.join('?' * len(some))})"), some)

    # Facts

    def fact(self, name: str) -> Any:
        """A fact by its name, or None."""
        found = self._all("SELECT value FROM facts WHERE name = ?", name)
        return json.loads(found[0][0]) if found else None

    def note(self, name: str, fact: object) -> None:
        """Remember a fact: what JSON can hold."""
        self._base.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, json.dumps(fact)))

    # Records

    def due(self, files: Sequence[RecordFile], day: date, began: int) -> tuple[list[Due], list[str]]:
        """The records to work on for the day, and the paths of those that are gone.

        A file that was changed shortly before the build `began` (nanoseconds, by the clock of the disk) could change
        again without showing it, so it is not remembered as seen.
        """
        question = "SELECT path, size, inode, changed, digest FROM records"
        seen = {path: told for path, *told in self._base.execute(question)}
        moved = self.elsewhen(day)
        due = []
        for listed in files:
            file = listed if listed.changed < began - MOMENT else listed._replace(changed=UNSEEN)
            told = seen.pop(file.shown, None)
            if told is None or file.shown in moved:
                due.append(Due(file))
            elif file.changed == UNSEEN or told[:3] != [file.size, file.inode, file.changed]:
                due.append(Due(file, told[3]))
        return due, list(seen)

    def elsewhen(self, day: date) -> set[str]:
        """The paths of the records of which something else is to be said on that day."""
        today = day.toordinal()
        return set(self._first_of_all("SELECT path FROM records WHERE first > ?1 OR until <= ?1", today))

    def void(self, field: str, value: str) -> None:
        """Believe no longer what was learnt of the records with that scheme or body."""
        self._base.execute(f"UPDATE records SET digest = x'', changed = {UNSEEN} WHERE {field} = ?", (value,))

    def learn(self, outcomes: Iterable[Outcome]) -> None:
        """Remember sound records, in place of what was known of their paths."""
        marks = ", ".join("?" * len(Outcome._fields))
        self._base.executemany(f"INSERT OR REPLACE INTO records VALUES ({marks})", outcomes)

    def look(self, file: RecordFile) -> None:
        """Remember a file as it is listed now, whose record says what it said."""
        told = (file.size, file.inode, file.changed, file.shown)
        self._base.execute("UPDATE records SET size = ?, inode = ?, changed = ? WHERE path = ?", told)

    def forget(self, paths: Collection[str]) -> None:
        """Know nothing of these records any more."""
        for table in ("records", "disputes"):
            self._base.executemany(f"DELETE FROM {table} WHERE path = ?", [(path,) for path in paths])

    def at(self, paths: Iterable[str]) -> Iterator[Outcome]:
        """What is known of the records at these paths."""
        return map(Outcome._make, self._each(f"SELECT {FIELDS} FROM records WHERE path IN (?)", paths))

    def warnings(self) -> Iterator[tuple[str, str, tuple[Problem, ...]]]:
        """Path, number and warnings of each record that has any."""
        question = "SELECT path, number, problems FROM records WHERE problems != x''"
        for path, number, problems in self._base.execute(question):
            yield path, number, unpack_problems(problems)

    # What lies between records

    def linked(self, slugs: Collection[str]) -> set[str]:
        """The paths of the records that have one of these slugs, or refer to it."""
        found: set[str] = set()
        for field in LINKED:
            found.update(path for (path,) in self._each(f"SELECT path FROM records WHERE {field} IN (?)", slugs))
        return found

    def ties(self, paths: Iterable[str] | None = None) -> Iterator[Tie]:
        """The ties of the records at these paths, or of all."""
        if paths is None:
            return map(unpack_tie, self._first_of_all("SELECT tie FROM records"))
        return (unpack_tie(tie) for (tie,) in self._each("SELECT tie FROM records WHERE path IN (?)", paths))

    def met(self, slugs: Iterable[str]) -> Iterator[Tie]:
        """The ties of the records that have one of these slugs."""
        return (unpack_tie(tie) for (tie,) in self._each("SELECT tie FROM records WHERE slug IN (?)", slugs))

    def numbers(self) -> Iterator[str]:
        """The number of every record."""
        return self._first_of_all("SELECT number FROM records")

    def between(self, judged: Collection[str] | None, problems: Iterable[Problem]) -> list[Problem]:
        """All that is wrong between records, when this is what is wrong with those judged just now, or with all."""
        if judged is None:
            self._base.execute("DELETE FROM disputes")
        else:
            self._base.executemany("DELETE FROM disputes WHERE path = ?", ((path,) for path in judged))
        self._base.executemany("INSERT INTO disputes VALUES (?, ?)", ((one.path, pack(one)) for one in problems))
        return [unpack_problem(packed) for packed in self._first_of_all("SELECT problem FROM disputes")]

    # What is published

    def published(self, slugs: Iterable[str]) -> set[str]:
        """Those of the slugs that are a valid certificate's."""
        return {slug for slug, row in self._each("SELECT slug, row FROM records WHERE slug IN (?)", slugs) if row}

    def rows(self) -> Iterator[tuple[Row, str]]:
        """The row of each valid certificate, with the imprint of its page."""
        question = "SELECT row, imprint FROM records WHERE status = ? ORDER BY path"
        return ((unpack_row(row), imprint) for row, imprint in self._base.execute(question, (Status.VALID,)))

    def by_status(self) -> Counter[Status]:
        """How many certificates have each status."""
        counted = self._base.execute("SELECT status, count(*) FROM records GROUP BY status")
        return Counter({Status(status): count for status, count in counted})

    def next_turn(self) -> date | None:
        """The next day on which a certificate enters or leaves the register."""
        [(turn,)] = self._all("SELECT min(turn) FROM records")
        return date.fromordinal(turn) if turn else None
