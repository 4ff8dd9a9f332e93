"""Outcome: what came of one certificate's record on one day, in plain values.

So it passes quickly from a worker to the build, and into the memory of the site.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from time import perf_counter_ns
from typing import NamedTuple

from starcert import yamlfile
from starcert.certificate import Certificate
from starcert.chronicle import History, next_turn_after, unchanged_around
from starcert.listing import Row, entry_path, row
from starcert.packing import pack, unpacker
from starcert.pages import cuts, lists, roll
from starcert.problems import Problem
from starcert.recordfile import RecordFile
from starcert.registry import Registry, Verdict
from starcert.search.sharded.cohort import cohort_of
from starcert.status import Status

COHORTS = 1 << 16
"""The finest division of the search index; every other is coarser by a power of two."""
STAGES = ("reading", "checking", "rendering", "writing")

unpack_problems: Callable[[bytes], tuple[Problem, ...]] = unpacker(tuple[Problem, ...])


class Outcome(NamedTuple):
    """What came of one record. Bytes are packed values, empty where there is none; days are ordinals.

    `tie` and all after it are those of a sound record: the status holds from the day `first` on, up to before `until`;
    `turn` is the next day on which the certificate enters or leaves the register. What comes after that is a valid
    one's: its row and all that lists, the roll and holders' pages ask of it.
    """

    path: str
    body: str
    digest: bytes
    number: str
    slug: str
    problems: bytes
    tie: bytes = b""
    scheme: str = ""
    supersedes: str | None = None
    superseded_by: str | None = None
    parent: str | None = None
    status: str = ""
    first: int = 0
    until: int = 0
    turn: int | None = None
    row: bytes = b""
    place: bytes = b""
    lot: int = 0
    room: int = 0
    uscc: str = ""
    issued: int = 0
    roll: str = ""
    cohort: int = 0
    imprint: str = ""


class Due(NamedTuple):
    """A record to be worked on; `known` is the digest of the bytes with which nothing would change, if any."""

    file: RecordFile
    known: bytes | None = None

    def __str__(self) -> str:
        return self.file.shown


class Done(NamedTuple):
    """The outcome, or None where the record says what is known; nanoseconds spent, by STAGES."""

    outcome: Outcome | None
    spent: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with each record: it is read, checked, and if it is valid on the day, its page is written.

    Without `page`, which gives a page's path, bytes and imprint, no page is made. Nor is one of the `clashing` slugs:
    several records have them, so that none of them can be published.
    """

    registry: Registry
    day: date
    page: Callable[[Certificate, History | None], tuple[str, bytes, str]] | None = None
    write: Callable[[str, bytes], None] | None = None
    clashing: Container[str] = ()

    def __call__(self, due: Due) -> Done:
        """The outcome of one record."""
        file, began = due.file, perf_counter_ns()
        data, problem = file.read()
        digest = blake2b(data, digest_size=16).digest()
        if digest == due.known:
            return Done(None, (perf_counter_ns() - began, 0, 0, 0))
        record, found = (None, [problem]) if problem else yamlfile.read(data, file.shown)
        read = perf_counter_ns()
        verdict = self.registry.judge_record(record, found, file.shown, file.folder, file.stem)
        outcome = self._outcome(file, digest, verdict)
        checked = perf_counter_ns()
        rendered = checked
        if outcome.row and self.page and self.write and verdict.certificate and outcome.slug not in self.clashing:
            known = verdict.certificate.known_on(self.day)
            turns = verdict.tie.history if verdict.tie and known is verdict.certificate else None
            path, page, imprint = self.page(known, turns)
            outcome, rendered = outcome._replace(imprint=imprint), perf_counter_ns()
            self.write(path, page)
        return Done(outcome, (read - began, checked - read, rendered - checked, perf_counter_ns() - rendered))

    def _outcome(self, file: RecordFile, digest: bytes, verdict: Verdict) -> Outcome:
        problems = pack(verdict.problems) if verdict.problems else b""
        of_file = (file.shown, file.folder, digest)
        certificate, tie = verdict.certificate, verdict.tie
        if not (certificate and tie):
            return Outcome(*of_file, verdict.number, file.stem, problems)
        first, until = unchanged_around(certificate, self.day, tie.history)
        turn, status = next_turn_after(certificate, self.day, tie.history), certificate.status_on(self.day)
        outcome = Outcome(
            *of_file,
            certificate.number,
            certificate.slug,
            problems,
            tie=pack(tie),
            scheme=certificate.scheme.id,
            supersedes=tie.supersedes,
            superseded_by=tie.superseded_by,
            parent=tie.parent,
            status=status.value,
            first=first.toordinal() if first else 0,
            until=until.toordinal() if until else date.max.toordinal() + 1,
            turn=turn.toordinal() if turn else None,
        )
        return published(outcome, row(certificate.known_on(self.day))) if status is Status.VALID else outcome


def published(outcome: Outcome, row: Row) -> Outcome:
    """The outcome of a valid certificate, with its row."""
    return outcome._replace(
        row=pack(row),
        place=lists.place(row),
        lot=cuts.lot(row.slug),
        room=lists.size(row),
        uscc=row.uscc,
        issued=row.issued.toordinal(),
        roll=roll.place(row.slug),
        cohort=cohort_of(entry_path(row.slug), COHORTS),
    )
