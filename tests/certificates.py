"""Any certificate, sensible or not, for laws that hold for all of them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import records
from hypothesis import strategies as st

from starcert.certificate import CORRECTABLE, Audit, Certificate, Correction, Decision
from starcert.score import Score


def audits(*dates: str, kind: str = "surveillance") -> tuple[Audit, ...]:
    """Audits of one kind that all led to five stars."""
    level = records.rulebook().schemes["gbt-27922-2011"].levels[-1]
    return tuple(Audit(kind, date.fromisoformat(day), Score(Decimal(96)), level) for day in dates)


DAYS = st.integers(0, 900).map(lambda count: date(2024, 6, 1) + timedelta(days=count))
KINDS = st.sampled_from(["suspended", "restored", "withdrawn", "cancelled"])


@st.composite
def any_decision(draw: st.DrawFn) -> Decision:
    """A decision of any kind; a suspension may start later than it is decided."""
    kind, day = draw(KINDS), draw(DAYS)
    if kind != "suspended":
        return Decision(kind, day, None, None, "reason")
    start = day + timedelta(days=draw(st.integers(0, 40)))
    return Decision(kind, day, start, start + timedelta(days=draw(st.integers(0, 180))), "reason")


@st.composite
def any_correction(draw: st.DrawFn) -> Correction:
    """A correction of any keys on any day."""
    keys = draw(st.lists(st.sampled_from(CORRECTABLE), min_size=1, max_size=3, unique=True))
    return Correction(draw(DAYS), tuple(keys), "reason")


@st.composite
def any_certificate(draw: st.DrawFn) -> Certificate:
    """A certificate with any audits, decisions and corrections, in the order of their dates, sensible or not."""
    issued = draw(DAYS)
    audited = sorted(draw(st.lists(DAYS, min_size=1, max_size=5)))
    return replace(
        records.certificate(records.RECORD),
        issued=issued,
        expires=issued + timedelta(days=draw(st.integers(1, 800))),
        audits=audits(*(day.isoformat() for day in audited), kind=draw(st.sampled_from(["surveillance", "special"]))),
        decisions=tuple(sorted(draw(st.lists(any_decision(), max_size=4)), key=lambda one: one.date)),
        corrections=tuple(sorted(draw(st.lists(any_correction(), max_size=2)), key=lambda one: one.date)),
    )
