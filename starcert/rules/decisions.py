"""What the body decided later: suspensions with an end, restorations after them, and finality."""

from starcert.certificate import Certificate, Decision
from starcert.rules.findings import Says
from starcert.status import Status

TERMS = {"start": "its first day", "end": "its last day", "reason": "why it was decided"}


def suspension_has_its_terms(decision: Decision) -> Says:
    """A suspension must have a start, an end and a reason."""
    for key, meaning in TERMS.items():
        if decision.kind == Status.SUSPENDED and getattr(decision, key) is None:
            yield (key,), f"{key} is missing: a suspension must say {meaning}"


def only_suspension_has_days(decision: Decision) -> Says:
    """A start and an end must be given for a suspension only."""
    for key in ("start", "end"):
        if decision.kind != Status.SUSPENDED and getattr(decision, key) is not None:
            yield (key,), f"{key} belongs to a suspension only: remove it, {decision.kind} holds from its date on"


def suspension_runs_forward(decision: Decision) -> Says:
    """A suspension must not start before it is decided, nor end before it starts."""
    if decision.start and decision.start < decision.date:
        yield ("start",), f"start {decision.start} is before {decision.date}, the date of the decision"
    if decision.start and decision.end and decision.end < decision.start:
        yield ("end",), f"end {decision.end} is before start {decision.start}"


def withdrawal_has_reason(decision: Decision) -> Says:
    """A withdrawal must have a reason."""
    if decision.kind == Status.WITHDRAWN and decision.reason is None:
        yield ("reason",), "reason is missing: a withdrawal must say why it was decided"


def suspension_within_scheme(certificate: Certificate) -> Says:
    """A suspension, prolonged or not, must not last longer than the scheme allows."""
    start = None
    for index, decision in enumerate(certificate.decisions):
        start = (start or decision.effective) if decision.kind == Status.SUSPENDED else None
        latest = certificate.scheme.latest_suspension_end(start) if start else None
        if latest and decision.end and decision.end > latest:
            months = f"{certificate.scheme.suspension_months} months from {start}"
            allowed = f"a suspension lasts at most {months}, until {latest}"
            yield ("decisions", index, "end"), f"end is {decision.end}, but {allowed}"


def restored_after_suspension(certificate: Certificate) -> Says:
    """A certificate must be suspended before it is restored."""
    before = None
    for index, decision in enumerate(certificate.decisions):
        if decision.kind == "restored":
            if before is None or before.kind != Status.SUSPENDED:
                found = "restored, but no suspension stands above it: add the suspension, or remove this"
                yield ("decisions", index, "kind"), f"kind is {found}"
            elif decision.date < before.effective:
                found = f"date {decision.date} is before {before.effective}, the start of the suspension"
                yield ("decisions", index, "date"), f"{found} that it lifts"
        before = decision


def decisions_in_order(certificate: Certificate) -> Says:
    """Decisions must stand in the order of their dates."""
    latest = None
    for index, decision in enumerate(certificate.decisions):
        if latest and decision.date < latest:
            found = f"date {decision.date} is before {latest}, that of a decision above it"
            yield ("decisions", index, "date"), found
        latest = max(latest or decision.date, decision.date)


def decisions_after_first_issue(certificate: Certificate) -> Says:
    """A decision must not come before the first issue."""
    for index, decision in enumerate(certificate.decisions):
        if decision.date < certificate.first_issued:
            found = f"date {decision.date} is before first_issued {certificate.first_issued}"
            yield ("decisions", index, "date"), found


def nothing_follows_the_end(certificate: Certificate) -> Says:
    """No decision and no audit must follow a withdrawal or cancellation."""
    ends = [index for index, decision in enumerate(certificate.decisions) if decision.final]
    if not ends:
        return
    end = certificate.decisions[ends[0]]
    final = f"the certificate was {end.kind} on {end.date}, which is final"
    for index, decision in enumerate(certificate.decisions):
        if index > ends[0]:
            yield ("decisions", index), f"{decision.kind} on {decision.date}, but {final}"
    for index, audit in enumerate(certificate.audits):
        if audit.date > end.effective:
            yield ("audits", index, "date"), f"date of the audit is {audit.date}, but {final}"


DECISION_RULES = (suspension_has_its_terms, only_suspension_has_days, suspension_runs_forward, withdrawal_has_reason)
RULES = (
    suspension_within_scheme,
    restored_after_suspension,
    decisions_in_order,
    decisions_after_first_issue,
    nothing_follows_the_end,
)
