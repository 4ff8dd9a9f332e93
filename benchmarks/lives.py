"""Lives: what happens to a certificate up to a day: its term, its audits and the decisions on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from benchmarks.words import REASONS
from starcert.days import ONE_DAY, months_after, years_after
from starcert.scheme import Level, Scheme
from starcert.score import ItemisedScore, rounded

# What a certificate is on the day, and between how many days before it was issued.
ISSUED_BEFORE = {
    "valid": (0, 1090),
    "expired": (1170, 1800),
    "suspended": (200, 700),
    "suspended past its end": (400, 700),
    "restored": (250, 900),
    "withdrawn": (250, 900),
    "cancelled": (250, 900),
    "surveillance overdue": (460, 1000),
    "not yet valid": (-25, -1),
}
FATES = tuple(ISSUED_BEFORE)
SHARES = (84, 6, 2, 0.5, 2, 1, 2, 1.5, 1)

Facts = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Term:
    """The dates of a certificate, and how often it had been renewed before."""

    issued: date
    expires: date
    first_issued: date
    previous_expires: date | None
    renewals: int


def issue_day(rng: Random, fate: str, until: date) -> date:
    """A day on which a certificate of that fate was issued."""
    return until - timedelta(days=rng.randint(*ISSUED_BEFORE[fate]))


def first_term(scheme: Scheme, issued: date) -> Term:
    """The term of a holder's first certificate: the day before the same day, years later, is its last."""
    return Term(issued, scheme.latest_expiry(issued) - ONE_DAY, issued, None, 0)


def following_term(scheme: Scheme, issued: date) -> Term:
    """The term of a certificate issued the day after the holder's first one expired."""
    previous = issued - ONE_DAY
    return Term(issued, scheme.latest_expiry(previous), years_after(issued, -scheme.validity_years), previous, 1)


def term_before(scheme: Scheme, term: Term) -> Term:
    """The term of the certificate that the one with that term followed."""
    return Term(term.first_issued, term.previous_expires or term.issued, term.first_issued, None, 0)


def renewed_term(rng: Random, scheme: Scheme, issued: date, renewals: int) -> Term:
    """The term of a certificate that follows others: mostly to the day, else early, or after a gap."""
    ahead = rng.choices((-1, rng.randint(5, 60), rng.randint(-80, -10)), (6, 3, 1))[0]
    previous = issued + timedelta(days=ahead)
    expires = scheme.latest_expiry(previous) if ahead > 0 else scheme.latest_expiry(issued) - ONE_DAY
    first = years_after(previous, -renewals * scheme.validity_years) + ONE_DAY
    return Term(issued, expires, first, previous, renewals)


def audits(rng: Random, scheme: Scheme, level: Level, term: Term, until: date) -> Facts:
    """The audit that led to the certificate and those that kept it, up to `until`; a few change the level."""
    kind = "recertification" if term.renewals else "initial"
    found = [audit(rng, scheme, level, kind, term.issued - timedelta(days=rng.randint(27, 60)))]
    due = scheme.surveillance.due_after(term.issued)
    while due < term.expires:
        day = due - timedelta(days=rng.randint(15, 45))
        if day > until:
            break
        if rng.random() < 0.03:
            level = rng.choice(scheme.levels)
        found.append(audit(rng, scheme, level, "surveillance", day))
        due = scheme.surveillance.due_after(day)
    return found


def audit(rng: Random, scheme: Scheme, level: Level, kind: str, day: date) -> dict[str, Any]:
    """An audit on that day whose score leads to that level."""
    score = itemised(rng, scheme, level) if rng.random() < 0.3 else reported(rng, scheme, level)
    return {"kind": kind, "date": day, "score": score, "level": level.id}


def reported(rng: Random, scheme: Scheme, level: Level) -> Decimal:
    """A score of that level as one number with two decimals."""
    low, high = _bounds(scheme, level)
    return Decimal(rng.randrange(int(low * 100), int(high * 100))).scaleb(-2)


def itemised(rng: Random, scheme: Scheme, level: Level) -> dict[str, Any]:
    """A score of that level, item by item, with exclusions, deductions and bonus as they come."""
    scale = scheme.scale
    low, high = _bounds(scheme, level)
    while True:
        share = rng.uniform(float(low / scale.full), float(high / scale.full))
        group = rng.choice(scale.groups)
        excluded = {group.clause: rng.randint(2, 10) * scale.full / 200} if rng.random() < 0.3 else {}
        applicable = {group.clause: group.points - excluded.get(group.clause, 0) for group in scale.groups}
        points = {clause: _near(rng, share, most) for clause, most in applicable.items()}
        deductions = rng.choices((0, 1, 2, 3), (80, 14, 5, 1))[0]
        bonus = rng.choices((0, scale.bonus_at_most), (9, 1))[0]
        exact = ItemisedScore(points, excluded, deductions, bonus, None).exact(scale)
        if scheme.level_for(exact) is level:
            return {
                "points": points,
                "excluded": excluded or None,
                "deductions": deductions or None,
                "bonus": bonus or None,
                "total": rounded(exact, places=2),
            }


def decisions(rng: Random, fate: str, until: date) -> Facts:
    """The body's decisions that lead to that fate on `until`."""
    decide = _DECISIONS.get(fate)
    return decide(rng, until) if decide else []


def lived(fate: str, scheme: Scheme, audits: Facts, decisions: Facts, until: date) -> Facts:
    """The audits that really took place, given that fate and those decisions."""
    if fate == "surveillance overdue":
        return audits[:1] + [audit for audit in audits[1:] if scheme.surveillance.due_after(audit["date"]) < until]
    if fate == "restored":
        return audits
    return [audit for audit in audits if not decisions or audit["date"] < decisions[0]["date"]]


def _bounds(scheme: Scheme, level: Level) -> tuple[Decimal, Decimal]:
    """The level's lowest score, and the lowest that is too high for it."""
    above = [other.at_least for other in scheme.levels if other.at_least > level.at_least]
    return level.at_least, min(above, default=scheme.scale.full)


def _near(rng: Random, share: float, most: Decimal) -> Decimal:
    """About that share of `most`, in tenths."""
    return min(most, Decimal(round(float(most) * share * rng.uniform(0.985, 1.015) * 10)) / 10)


def suspension(start: date, months: int, reason: str, decided: date | None = None) -> dict[str, Any]:
    """A decision to suspend from `start` for some months, last day included."""
    return {
        "kind": "suspended",
        "date": decided or start,
        "start": start,
        "end": months_after(start, months) - ONE_DAY,
        "reason": reason,
    }


def _suspended(rng: Random, until: date) -> Facts:
    days = rng.randint(5, 150)
    start = until - timedelta(days=days)
    decided = start - timedelta(days=rng.randint(0, 5))
    return [suspension(start, 3 if days < 80 else 6, rng.choice(REASONS["suspended"]), decided)]


def _past_its_end(rng: Random, until: date) -> Facts:
    start = until - timedelta(days=rng.randint(200, 300))
    return [suspension(start, rng.choice((3, 6)), rng.choice(REASONS["suspended"]))]


def _restored(rng: Random, until: date) -> Facts:
    start = until - timedelta(days=rng.randint(80, 180))
    restored = start + timedelta(days=rng.randint(20, 75))
    return [suspension(start, 6, rng.choice(REASONS["suspended"])), {"kind": "restored", "date": restored}]


def _withdrawn(rng: Random, until: date) -> Facts:
    day = until - timedelta(days=rng.randint(1, 80))
    withdrawn = {"kind": "withdrawn", "date": day, "reason": rng.choice(REASONS["withdrawn"])}
    start = day - timedelta(days=rng.randint(95, 120))
    return [suspension(start, 3, REASONS["suspended"][1]), withdrawn] if rng.random() < 0.5 else [withdrawn]


def _cancelled(rng: Random, until: date) -> Facts:
    day = until - timedelta(days=rng.randint(1, 200))
    return [{"kind": "cancelled", "date": day, "reason": rng.choice(REASONS["cancelled"])}]


_DECISIONS: dict[str, Callable[[Random, date], Facts]] = {
    "suspended": _suspended,
    "suspended past its end": _past_its_end,
    "restored": _restored,
    "withdrawn": _withdrawn,
    "cancelled": _cancelled,
}
