"""Records: what came of each sound record, and what is wrong between records."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date

from starcert.listing import Row
from starcert.memory.base import Base
from starcert.outcome import COHORTS, Outcome, unpack_problems
from starcert.packing import pack, unpacker
from starcert.problems import Problem
from starcert.rules import Tie
from starcert.status import Status

SHARED = "SELECT slug FROM records GROUP BY slug HAVING count(*) > 1"
LINKED = ("slug", "supersedes", "superseded_by", "parent")
LAYOUT = f"""
    CREATE TABLE records ({", ".join(Outcome._fields)}, PRIMARY KEY (path));
    CREATE TABLE disputes (path, problem);
    CREATE INDEX by_slug ON records (slug);
    CREATE INDEX by_supersedes ON records (supersedes) WHERE supersedes IS NOT NULL;
    CREATE INDEX by_superseded_by ON records (superseded_by) WHERE superseded_by IS NOT NULL;
    CREATE INDEX by_parent ON records (parent) WHERE parent IS NOT NULL;
    CREATE INDEX by_first ON records (first);
    CREATE INDEX by_until ON records (until);
    CREATE INDEX by_status ON records (status);
    CREATE INDEX by_turn ON records (turn);
    CREATE INDEX by_doubt ON records (path) WHERE digest = x'';
    CREATE INDEX by_problems ON records (path) WHERE problems != x'';
    CREATE INDEX by_roll ON records (roll, slug, imprint) WHERE row != x'';
    CREATE INDEX by_cohort ON records (cohort) WHERE row != x'';
    CREATE INDEX by_holder ON records (uscc) WHERE row != x'';
    CREATE INDEX by_issue ON records (issued DESC, number) WHERE row != x'';
"""

unpack_row: Callable[[bytes], Row] = unpacker(Row)
unpack_tie: Callable[[bytes], Tie] = unpacker(Tie)
unpack_problem: Callable[[bytes], Problem] = unpacker(Problem)


class Records:
    """What the memory knows of records."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def other(self, day: date) -> set[str]:
        """The paths of the records of which something else is to be said, because of the day or what they hang on."""
        today = day.toordinal()
        return {
            *self._base.firsts("SELECT path FROM records WHERE digest = x''"),
            *self._base.firsts("SELECT path FROM records WHERE first > ?", today),
            *self._base.firsts("SELECT path FROM records WHERE until <= ?", today),
        }

    def void(self, field: str, value: str) -> None:
        """Believe no longer what was learnt of the records with that scheme or body."""
        self._base.do(f"UPDATE records SET digest = x'' WHERE {field} = ?", value)

    def learn(self, outcomes: Iterable[Outcome]) -> None:
        """Remember sound records, in place of what was known of their paths."""
        marks = ", ".join("?" * len(Outcome._fields))
        self._base.do_each(f"INSERT OR REPLACE INTO records VALUES ({marks})", outcomes)

    def forget(self, paths: Collection[str]) -> None:
        """Know nothing of these records any more."""
        for table in ("records", "disputes"):
            self._base.do_each(f"DELETE FROM {table} WHERE path = ?", [(path,) for path in paths])

    def at(self, paths: Iterable[str]) -> Iterator[Outcome]:
        """What is known of the records at these paths."""
        return map(Outcome._make, self._base.among("SELECT * FROM records WHERE path IN (?)", paths))

    def digests(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The digests of the bytes with which these records were judged, by path; empty where that is void."""
        return dict(self._base.among("SELECT path, digest FROM records WHERE path IN (?)", paths))

    def paths(self) -> Iterator[str]:
        """The path of every record."""
        return self._base.firsts("SELECT path FROM records")

    def warnings(self) -> Iterator[tuple[str, str, tuple[Problem, ...]]]:
        """Path, number and warnings of each record that has any."""
        question = "SELECT path, number, problems FROM records WHERE problems != x''"
        for path, number, problems in self._base.each(question):
            yield path, number, unpack_problems(problems)

    # Between records

    def linked(self, slugs: Collection[str]) -> set[str]:
        """The paths of the records that have one of these slugs, or refer to it."""
        found: set[str] = set()
        for field in LINKED:
            found.update(path for (path,) in self._base.among(f"SELECT path FROM records WHERE {field} IN (?)", slugs))
        return found

    def tied(self) -> set[str]:
        """The paths of the records that refer to another, or share a slug with one."""
        found = {*self._base.firsts(f"SELECT path FROM records WHERE slug IN ({SHARED})")}
        for field in LINKED[1:]:
            found.update(self._base.firsts(f"SELECT path FROM records WHERE {field} IS NOT NULL"))
        return found

    def ties_at(self, paths: Iterable[str]) -> Iterator[Tie]:
        """The ties of the records at these paths."""
        return (unpack_tie(tie) for (tie,) in self._base.among("SELECT tie FROM records WHERE path IN (?)", paths))

    def ties_of(self, slugs: Iterable[str]) -> Iterator[Tie]:
        """The ties of the records that have one of these slugs."""
        return (unpack_tie(tie) for (tie,) in self._base.among("SELECT tie FROM records WHERE slug IN (?)", slugs))

    def numbers(self) -> Iterator[str]:
        """The number of every record."""
        return self._base.firsts("SELECT number FROM records")

    def between(self, judged: Collection[str] | None, problems: Iterable[Problem]) -> list[Problem]:
        """All that is wrong between records, when this is what is wrong with those judged just now, or with all."""
        if judged is None:
            self._base.do("DELETE FROM disputes")
        else:
            self._base.do_each("DELETE FROM disputes WHERE path = ?", ((path,) for path in judged))
        self._base.do_each("INSERT INTO disputes VALUES (?, ?)", ((one.path, pack(one)) for one in problems))
        return [unpack_problem(packed) for packed in self._base.firsts("SELECT problem FROM disputes")]

    # What is published

    def published(self, slugs: Iterable[str]) -> dict[str, Outcome]:
        """The valid ones among the certificates with these slugs."""
        question = "SELECT * FROM records WHERE slug IN (?) AND row != x''"
        return {outcome.slug: outcome for outcome in map(Outcome._make, self._base.among(question, slugs))}

    def all_published(self) -> Iterator[Outcome]:
        """Every valid certificate."""
        return map(Outcome._make, self._base.each("SELECT * FROM records WHERE row != x''"))

    def rows_of(self, slugs: Iterable[str]) -> dict[str, bytes]:
        """The packed rows of the certificates with these slugs."""
        return dict(self._base.among("SELECT slug, row FROM records WHERE slug IN (?)", slugs))

    def latest(self, count: int) -> list[Row]:
        """The rows issued last, the newest first; those of one day in the order of their numbers."""
        question = "SELECT row FROM records WHERE row != x'' ORDER BY issued DESC, number LIMIT ?"
        return list(map(unpack_row, self._base.firsts(question, count)))

    def of_holder(self, uscc: str) -> list[Row]:
        """The rows of a holder, in the order of numbers."""
        question = "SELECT row FROM records WHERE uscc = ? AND row != x'' ORDER BY number"
        return list(map(unpack_row, self._base.firsts(question, uscc)))

    def held(self) -> dict[str, int]:
        """How many certificates each holder has that has more than one, by unified social credit code."""
        question = "SELECT uscc, count(*) FROM records WHERE row != x'' GROUP BY uscc HAVING count(*) > 1"
        return dict(self._base.all(question))

    def rolls(self, paths: Iterable[str] | None = None) -> Iterator[tuple[str, str, str]]:
        """The roll, slug and imprint of each page on these rolls, or on all; in the order of rolls and slugs."""
        question, order = "SELECT roll, slug, imprint FROM records WHERE row != x''", "ORDER BY roll, slug"
        if paths is None:
            return self._base.each(f"{question} {order}")
        return self._base.among(f"{question} AND roll IN (?) {order}", paths)

    def packed_rows(self) -> Iterator[bytes]:
        """The packed row of each valid certificate, in the order of slugs."""
        return self._base.firsts("SELECT row FROM records WHERE row != x'' ORDER BY slug")

    def of_cohort(self, cohort: int, cohorts: int) -> list[bytes]:
        """The packed rows of the valid certificates in one of so many cohorts."""
        width = COHORTS // cohorts
        question = "SELECT row FROM records WHERE row != x'' AND cohort >= ? AND cohort < ?"
        return list(self._base.firsts(question, cohort * width, (cohort + 1) * width))

    def slugs(self, part: str) -> Iterator[str]:
        """The slugs of the valid certificates on the rolls whose names begin so."""
        bounds = f"roll/{part}", f"roll/{part}~"
        return self._base.firsts("SELECT slug FROM records WHERE row != x'' AND roll BETWEEN ? AND ?", *bounds)

    def count_published(self) -> int:
        """How many certificates are valid."""
        [(count,)] = self._base.all("SELECT count(*) FROM records WHERE row != x''")
        return int(count)

    def by_status(self) -> Counter[Status]:
        """How many certificates have each status."""
        counted = self._base.each("SELECT status, count(*) FROM records GROUP BY status")
        return Counter({Status(status): count for status, count in counted})

    def next_turn(self) -> date | None:
        """The next day on which a certificate enters or leaves the register."""
        [(turn,)] = self._base.all("SELECT min(turn) FROM records")
        return date.fromordinal(turn) if turn else None
