"""What a certificate is on each day: boundaries day by day, precedence, and laws that hold for every certificate."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
import records
from certificates import DAYS, any_certificate, audits
from hypothesis import given

from starcert.certificate import Certificate, Decision
from starcert.chronicle import history, unchanged_around, valid_periods
from starcert.days import ONE_DAY, months_after, years_after
from starcert.rules import tie
from starcert.scheme import Surveillance
from starcert.status import Status

VALID, EXPIRED, OVERDUE = Status.VALID, Status.EXPIRED, Status.OVERDUE
SUSPENDED, WITHDRAWN, CANCELLED = Status.SUSPENDED, Status.WITHDRAWN, Status.CANCELLED
NOT_YET = Status.NOT_YET_VALID
EVERY_YEAR = ("2025-02-11", "2026-02-09", "2027-02-08", "2028-01-10")


def decisions(*texts: str) -> tuple[Decision, ...]:
    """Decisions from texts such as 'withdrawn 2026-04-01' or 'suspended 2026-04-01 2026-09-30'."""
    made = []
    for text in texts:
        kind, *days = text.split()
        first, *end = map(date.fromisoformat, days)
        suspension = (first, end[0], "reason") if end else (None, None, "reason")
        made.append(Decision(kind, first, *suspension))
    return tuple(made)


def certificate(*decided: str, audited: tuple[str, ...] = EVERY_YEAR, **changes: object) -> Certificate:
    """A certificate issued 2025-03-01 that expires 2028-02-29; an audit is due each year, with 30 days of grace."""
    plain = records.certificate(records.RECORD)
    return replace(plain, audits=audits(*audited), decisions=decisions(*decided), **changes)


def around(one: Certificate, day: str) -> list[Status]:
    """The status on the day before, on the day and on the day after."""
    return [one.status_on(date.fromisoformat(day) + timedelta(days=offset)) for offset in (-1, 0, 1)]


ONE_AUDIT, TWO_AUDITS = EVERY_YEAR[:1], EVERY_YEAR[:2]
SUSPENSION = "suspended 2026-04-01 2026-09-30"
TRIPLES = {
    "issued": (certificate(), "2025-03-01", [NOT_YET, VALID, VALID]),
    "expires, inclusive": (certificate(), "2028-02-29", [VALID, VALID, EXPIRED]),
    "start of a suspension": (certificate(SUSPENSION), "2026-04-01", [VALID, SUSPENDED, SUSPENDED]),
    "end of a suspension": (certificate(SUSPENSION), "2026-09-30", [SUSPENDED, SUSPENDED, SUSPENDED]),
    "restored": (certificate(SUSPENSION, "restored 2026-06-01"), "2026-06-01", [SUSPENDED, VALID, VALID]),
    "restored late": (certificate(SUSPENSION, "restored 2026-11-01"), "2026-11-01", [SUSPENDED, VALID, VALID]),
    "withdrawn": (certificate("withdrawn 2026-04-01"), "2026-04-01", [VALID, WITHDRAWN, WITHDRAWN]),
    "cancelled": (certificate("cancelled 2026-04-01"), "2026-04-01", [VALID, CANCELLED, CANCELLED]),
    "audit due after issue": (certificate(audited=ONE_AUDIT), "2026-03-31", [VALID, VALID, OVERDUE]),
    "audit due after an audit": (certificate(audited=TWO_AUDITS), "2027-03-11", [VALID, VALID, OVERDUE]),
    "audit done on the due day": (certificate(audited=("2026-03-31",)), "2026-03-31", [VALID, VALID, VALID]),
    "audit done late": (certificate(audited=("2026-04-05",)), "2026-04-05", [OVERDUE, VALID, VALID]),
    "suspended when an audit is due": (
        certificate("suspended 2026-03-31 2026-09-30", audited=ONE_AUDIT),
        "2026-03-31",
        [VALID, SUSPENDED, SUSPENDED],
    ),
    "restored without the audit due": (
        certificate(SUSPENSION, "restored 2026-06-01", audited=ONE_AUDIT),
        "2026-06-01",
        [SUSPENDED, OVERDUE, OVERDUE],
    ),
    "suspended before issue": (
        certificate("suspended 2025-02-20 2025-06-01"),
        "2025-02-20",
        [NOT_YET, SUSPENDED, SUSPENDED],
    ),
}


@pytest.mark.parametrize("case", TRIPLES)
def test_a_status_begins_and_ends_on_its_day(case: str) -> None:
    """The day before a boundary, the day itself and the day after."""
    one, day, expected = TRIPLES[case]
    assert around(one, day) == expected


def test_a_suspension_past_its_end_stays_one() -> None:
    """Only a decision lifts a suspension; the expiry overtakes it."""
    one = certificate(SUSPENSION)
    assert one.status_on(date(2028, 2, 29)) is SUSPENDED
    assert one.status_on(date(2028, 3, 1)) is EXPIRED


def test_a_special_audit_does_not_stand_in_for_the_yearly_one() -> None:
    """Only the kinds of audit that the scheme counts put off the due day."""
    special = audits("2025-02-11") + audits("2026-01-10", kind="special")
    assert around(certificate(), "2026-03-31") == [VALID, VALID, VALID]
    assert around(replace(certificate(), audits=special), "2026-03-31") == [VALID, VALID, OVERDUE]


def test_the_grace_is_the_schemes() -> None:
    """Without days of grace the audit is due on the day of issue, a year on."""
    plain = certificate(audited=ONE_AUDIT)
    strict = replace(plain.scheme, surveillance=Surveillance(12, 0, ("surveillance",)))
    assert around(replace(plain, scheme=strict), "2026-03-01") == [VALID, VALID, OVERDUE]


LEAP_DAYS = [
    (date(2024, 2, 29), 12, date(2025, 2, 28)),
    (date(2024, 2, 29), 48, date(2028, 2, 29)),
    (date(2024, 3, 31), 11, date(2025, 2, 28)),
    (date(2027, 8, 31), 6, date(2028, 2, 29)),
    (date(2025, 12, 31), 2, date(2026, 2, 28)),
    (date(2025, 1, 1), 12, date(2026, 1, 1)),
]


@pytest.mark.parametrize(("day", "months", "expected"), LEAP_DAYS)
def test_months_end_on_the_same_day_or_the_months_last(day: date, months: int, expected: date) -> None:
    """A month that lacks the day ends on its last."""
    assert months_after(day, months) == expected


def test_three_years_from_a_leap_day_end_on_the_28th() -> None:
    """A certificate issued on 29 February runs to 28 February."""
    assert years_after(date(2024, 2, 29), 3) == date(2027, 2, 28)
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_a_certificate_issued_on_a_leap_day() -> None:
    """Its audit is due on 28 February with 30 days of grace, which ends on 30 March."""
    leap = certificate(audited=("2024-02-11",), issued=date(2024, 2, 29), expires=date(2027, 2, 28))
    assert around(leap, "2024-02-29") == [NOT_YET, VALID, VALID]
    assert around(leap, "2025-03-30") == [VALID, VALID, OVERDUE]


PRECEDENCE = [
    (("withdrawn 2026-05-01", SUSPENSION), "2028-03-01", WITHDRAWN),
    (("cancelled 2026-05-01", SUSPENSION), "2028-03-01", CANCELLED),
    ((SUSPENSION, "withdrawn 2026-05-01"), "2026-05-01", WITHDRAWN),
    ((SUSPENSION,), "2028-03-01", EXPIRED),
    ((SUSPENSION,), "2028-02-01", SUSPENDED),
    ((), "2028-03-01", EXPIRED),
    ((), "2028-02-01", OVERDUE),
    (("cancelled 2025-01-10",), "2025-02-01", CANCELLED),
    (("suspended 2025-01-10 2025-06-01",), "2025-02-01", SUSPENDED),
    ((), "2025-02-01", NOT_YET),
]


@pytest.mark.parametrize(("decided", "day", "expected"), PRECEDENCE)
def test_the_graver_status_holds(decided: tuple[str, ...], day: str, expected: Status) -> None:
    """Withdrawn or cancelled, then expired, suspended, overdue, not yet valid, valid."""
    assert certificate(*decided, audited=ONE_AUDIT).status_on(date.fromisoformat(day)) is expected


def test_history_names_every_change_once() -> None:
    """The history of an eventful certificate, as its first days."""
    eventful = certificate(SUSPENSION, "restored 2026-06-01", "withdrawn 2027-12-01", audited=ONE_AUDIT)
    assert history(eventful) == (
        (date(2025, 3, 1), VALID),
        (date(2026, 4, 1), SUSPENDED),
        (date(2026, 6, 1), OVERDUE),
        (date(2027, 12, 1), WITHDRAWN),
    )
    assert valid_periods(eventful) == ((date(2025, 3, 1), date(2026, 3, 31)),)


def every_day(one: Certificate) -> dict[date, Status]:
    """The status on every day from before anything to after everything."""
    ends = [one.expires, *(audit.date for audit in one.audits), *(decision.effective for decision in one.decisions)]
    first, last = date(2024, 5, 31), max(ends) + timedelta(days=2)
    days = (first + timedelta(days=count) for count in range((last - first).days + 1))
    return {day: one.status_on(day) for day in days}


@given(any_certificate())
def test_a_valid_day_lies_within_the_certificate_with_its_audit_in_time(one: Certificate) -> None:
    """Valid implies issued by then, not expired, audit in time, and nothing suspended or ended it."""
    for day, status in every_day(one).items():
        assert isinstance(status, Status)
        if status is VALID:
            assert one.issued <= day <= one.expires
            assert day <= one.audit_due(day)
            assert not any(decision.final and decision.effective <= day for decision in one.decisions)


@given(any_certificate())
def test_nothing_is_valid_after_withdrawal_or_cancellation(one: Certificate) -> None:
    """The first day of a final decision ends every other status for good."""
    ends = [decision.effective for decision in one.decisions if decision.final]
    for day, status in every_day(one).items():
        assert (status in (WITHDRAWN, CANCELLED)) == any(day >= end for end in ends)


@given(any_certificate())
def test_what_is_said_changes_with_the_status_and_with_audits_alone(one: Certificate) -> None:
    """Looked for day by day, the days around are bounded by a new status or an audit's date, and by nothing else."""
    days, audited = every_day(one), {audit.date for audit in one.audits}
    news = {day for (_, before), (day, status) in pairwise(days.items()) if status is not before or day in audited}
    for day in [min(days), *sorted(news)[:4], one.issued, one.expires]:
        first, following = unchanged_around(one, day)
        assert first == max((turn for turn in news if turn <= day), default=None)
        assert following == min((turn for turn in news if turn > day), default=None)


@given(any_certificate())
def test_valid_periods_are_the_valid_days(one: Certificate) -> None:
    """The periods hold every valid day and no other, and no two of them touch."""
    periods = valid_periods(one)
    for day, status in every_day(one).items():
        assert (status is VALID) == any(first <= day <= last for first, last in periods)
    assert all(last + ONE_DAY < following for (_, last), (following, _) in pairwise(periods))


@given(any_certificate())
def test_history_agrees_with_the_status_of_each_day(one: Certificate) -> None:
    """The latest entry by a day is that day's status; before the first it is not yet valid."""
    turns = ((date.min, NOT_YET), *history(one))
    for day, status in every_day(one).items():
        assert [held for first, held in turns if first <= day][-1] is status
    assert all(before is not after for (_, before), (_, after) in pairwise(turns))


@given(any_certificate(), DAYS)
def test_a_tie_tells_the_same_status(one: Certificate, day: date) -> None:
    """What is kept for the rules between records knows the certificate's status on any day."""
    record = records.record(records.RECORD)
    tied = tie(one, record, "record.yaml")
    assert tied.status_on(day) is one.status_on(day)
    assert tuple(tied.valid_periods()) == valid_periods(one)
