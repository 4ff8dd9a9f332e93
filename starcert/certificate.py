"""Certificate: what a body vouches for, and what it is worth on a day."""

import datetime
from dataclasses import dataclass, replace

from starcert.body import Body
from starcert.scheme import Level, Scheme
from starcert.score import ItemisedScore, Score
from starcert.status import Status
from starcert.vocabulary import Term

CORRECTABLE = ("holder.uscc", "scheme", "first_issued", "issued", "expires", "audits", "decisions")
"""What of a certificate once recorded changes by a correction only; of audits and decisions, those recorded so far."""


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name the holder bore until that day, inclusive."""

    name: str
    until: datetime.date


@dataclass(frozen=True, slots=True)
class Holder:
    """The organisation certified. `uscc` is its unified social credit code (GB 32100-2015)."""

    name: str
    name_en: str | None
    uscc: str
    address: str
    address_en: str | None
    website: str | None
    former_names: tuple[FormerName, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A site the certificate covers: the head office or a service outlet."""

    kind: str
    name: str
    address: str
    city: str


@dataclass(frozen=True, slots=True)
class Audit:
    """An on-site evaluation of the holder, its score and the level that the score led to."""

    kind: str
    date: datetime.date
    score: Score | ItemisedScore
    level: Level


@dataclass(frozen=True, slots=True)
class Decision:
    """A dated decision of the body. Only a suspension has an `end`, its last day; `start` is its first."""

    kind: str
    date: datetime.date
    start: datetime.date | None
    end: datetime.date | None
    reason: str | None

    @property
    def effective(self) -> datetime.date:
        """The first day on which the decision holds."""
        return self.start or self.date

    @property
    def final(self) -> bool:
        """Whether nothing can follow it."""
        return self.kind in (Status.WITHDRAWN, Status.CANCELLED)


@dataclass(frozen=True, slots=True)
class Correction:
    """The record was wrong, and on that day these of CORRECTABLE were set right; readers are not told why."""

    date: datetime.date
    keys: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate as recorded; audits, decisions and corrections are in the order of the record."""

    number: str
    body: Body
    scheme: Scheme
    standard: str
    level: Level
    holder: Holder
    scope: str
    scope_en: str | None
    brands: tuple[str, ...]
    region: Term
    industry: Term
    sites: tuple[Place, ...]
    filed_rule: str
    first_issued: datetime.date
    issued: datetime.date
    expires: datetime.date
    previous_expires: datetime.date | None
    supersedes: str | None
    superseded_by: str | None
    parent: str | None
    mark_uses: tuple[str, ...]
    audits: tuple[Audit, ...]
    decisions: tuple[Decision, ...]
    corrections: tuple[Correction, ...]

    @property
    def slug(self) -> str:
        """The certificate's place on the site: its number in upper case with every '/' made '-'."""
        return slug(self.number)

    def status_on(self, day: datetime.date) -> Status:
        """The one status that holds on this day, by precedence."""
        final = [decision for decision in self.decisions if decision.final and day >= decision.effective]
        if final:
            return Status(final[0].kind)
        if day > self.expires:
            return Status.EXPIRED
        if self.decisions and self._suspended_on(day):
            return Status.SUSPENDED
        if day > self.audit_due(day):
            return Status.OVERDUE
        return Status.VALID if day >= self.issued else Status.NOT_YET_VALID

    def _suspended_on(self, day: datetime.date) -> bool:
        """Whether the latest decision in force is a suspension; passing its end does not lift one."""
        in_force = [decision for decision in self.decisions if decision.effective <= day]
        latest = sorted(in_force, key=lambda decision: decision.effective)[-1:]
        return any(decision.kind == Status.SUSPENDED for decision in latest)

    def audit_due(self, day: datetime.date) -> datetime.date:
        """The last day on which the audit after `day` is in time, counted from issue or the last audit."""
        latest = max(day, self.issued)
        counted_from = max([start for start in self.surveillance_days() if start <= latest])
        return self.scheme.surveillance.due_after(counted_from)

    def surveillance_days(self) -> list[datetime.date]:
        """The days that the next audit is counted from: the issue, and every audit of a kind that the scheme counts."""
        counted = self.scheme.surveillance.audits
        return [self.issued, *[audit.date for audit in self.audits if audit.kind in counted]]

    def known_on(self, day: datetime.date) -> "Certificate":
        """The certificate as it stood on the day: without the audits held later, at the level of the last before."""
        audits = tuple(audit for audit in self.audits if audit.date <= day)
        if not audits or len(audits) == len(self.audits):
            return self
        return replace(self, audits=audits, level=audits[-1].level)


def slug(number: str) -> str:
    """The upper-case form of a number that its address on the site and its file are named by."""
    return number.upper().replace("/", "-")
