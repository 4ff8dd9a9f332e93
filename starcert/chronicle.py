"""Chronicle: what becomes of a certificate from day to day, as far as its record knows, future days included."""

from bisect import bisect_right
from datetime import date
from itertools import pairwise

from starcert.certificate import Certificate
from starcert.days import ONE_DAY
from starcert.status import Status

History = tuple[tuple[date, Status], ...]


def history(certificate: Certificate) -> History:
    """Every status it comes to have, by its first day, in order; before the first it is not yet valid."""
    if certificate.decisions or certificate.expires < certificate.issued:
        return history_by_days(certificate)
    turns = [(certificate.issued, Status.VALID)]
    after = sorted({day for day in certificate.surveillance_days() if certificate.issued <= day <= certificate.expires})
    for audited, following in zip(after, [*after[1:], certificate.expires + ONE_DAY], strict=True):
        overdue = certificate.scheme.surveillance.due_after(audited) + ONE_DAY
        if overdue < following:
            turns += [(overdue, Status.OVERDUE), (following, Status.VALID)]
    if turns[-1][0] > certificate.expires:
        turns.pop()
    return (*turns, (certificate.expires + ONE_DAY, Status.EXPIRED))


def history_by_days(certificate: Certificate) -> History:
    """The same, from the status on every day on which it may change."""
    turns: list[tuple[date, Status]] = []
    now = Status.NOT_YET_VALID
    for day in _days_of_change(certificate):
        before, now = now, certificate.status_on(day)
        if now is not before:
            turns.append((day, now))
    return tuple(turns)


def _days_of_change(certificate: Certificate) -> list[date]:
    """Every day on which the status may differ from the day before, in order."""
    days = {certificate.issued, certificate.expires + ONE_DAY}
    days.update(decision.effective for decision in certificate.decisions)
    for day in certificate.surveillance_days():
        days.update((day, certificate.scheme.surveillance.due_after(day) + ONE_DAY))
    return sorted(days)


def unchanged_around(
    certificate: Certificate, day: date, turns: History | None = None
) -> tuple[date | None, date | None]:
    """The first day since which the register says of it what it says on `day`, and the first that changes that.

    None where no day does. What is said changes with the status, and with every audit that becomes known
    (Certificate.known_on), so nothing that is shown of a certificate depends on the day otherwise. `turns` is its
    history, if that is known already.
    """
    news = sorted({turn for turn, _ in turns or history(certificate)} | {audit.date for audit in certificate.audits})
    at = bisect_right(news, day)
    return (news[at - 1] if at else None), (news[at] if at < len(news) else None)


def valid_periods(certificate: Certificate, turns: History | None = None) -> tuple[tuple[date, date], ...]:
    """The stretches of days on which it is valid, each as its first and last day, inclusive.

    `turns`, here and below, is its history, if that is known already.
    """
    return tuple(
        (first, following - ONE_DAY)
        for (first, status), (following, _) in pairwise(turns or history(certificate))
        if status is Status.VALID
    )


def next_turn_after(certificate: Certificate, day: date, turns: History | None = None) -> date | None:
    """The first day after `day` on which it enters or leaves the register, or None."""
    periods = valid_periods(certificate, turns)
    return min((turn for first, last in periods for turn in (first, last + ONE_DAY) if turn > day), default=None)
