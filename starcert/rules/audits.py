"""The audits as a row: in order, in time, and the certificate says what they led to."""

from starcert.certificate import Audit, Certificate
from starcert.days import ONE_DAY
from starcert.rules.findings import Says
from starcert.status import Status

DECIDING = ("initial", "recertification")
LAPSED = (Status.OVERDUE, Status.VALID)  # valid on the day after the due day: by the late audit, done that day


def level_is_latest_audits(certificate: Certificate) -> Says:
    """A certificate's level must be the one that its latest audit led to."""
    latest = sorted(certificate.audits, key=lambda audit: audit.date)[-1]
    if certificate.level != latest.level:
        led = f"the latest audit ({latest.kind}, {latest.date}) led to {latest.level.id}"
        yield ("level",), f"level is {certificate.level.id}, but {led}"


def audits_in_order(certificate: Certificate) -> Says:
    """Audits must stand in the order of their dates."""
    latest = certificate.audits[0].date
    for index, audit in enumerate(certificate.audits):
        if audit.date < latest:
            yield ("audits", index, "date"), f"date {audit.date} is before {latest}, that of an audit above it"
        latest = max(latest, audit.date)


def initial_audit_is_first(certificate: Certificate) -> Says:
    """An initial audit must be the first of the audits."""
    for index, audit in enumerate(certificate.audits):
        if index and audit.kind == "initial":
            yield ("audits", index, "kind"), f"kind is initial, but this is audit {index + 1}: only the first can be"


def certified_after_audit(certificate: Certificate) -> Says:
    """The latest initial or recertification audit must be there, and no later than the day of issue."""
    deciding = [index for index, audit in enumerate(certificate.audits) if audit.kind in DECIDING]
    if not deciding:
        yield ("audits",), "audits has no initial or recertification audit: one must have led to the certificate"
        return
    index = max(deciding, key=lambda index: certificate.audits[index].date)
    audit = certificate.audits[index]
    if audit.date > certificate.issued:
        late = f"date {audit.date} of the {audit.kind} audit is after issued {certificate.issued}"
        yield ("audits", index, "date"), f"{late}: write it into the certificate that it led to"


def audit_before_expiry(certificate: Certificate, audit: Audit) -> Says:
    """An audit must not come after the certificate expired."""
    if audit.date > certificate.expires:
        after = f"date {audit.date} is after expires {certificate.expires}"
        yield ("date",), f"{after}: write it into the certificate that it led to"


def audits_on_time(certificate: Certificate) -> Says:
    """A surveillance audit must come by its due day, unless the certificate was suspended until then."""
    surveillance = certificate.scheme.surveillance
    counted = [
        (audit.date, index)
        for index, audit in enumerate(certificate.audits)
        if audit.kind in surveillance.audits and audit.date > certificate.issued
    ]
    since = certificate.issued
    for date, index in sorted(counted):
        due = surveillance.due_after(since)
        turns = (decision.effective for decision in certificate.decisions if due < decision.effective < date)
        if date > due and any(certificate.status_on(day) in LAPSED for day in (due + ONE_DAY, *turns)):
            terms = f"{surveillance.months} months and {surveillance.grace_days} days from {since}"
            advice = "add the audit or the suspension that came in between"
            yield ("audits", index, "date"), f"date is {date}, but was due by {due} ({terms}): {advice}"
        since = date


RULES = (level_is_latest_audits, audits_in_order, initial_audit_is_first, certified_after_audit, audits_on_time)
AUDIT_RULES = (audit_before_expiry,)
