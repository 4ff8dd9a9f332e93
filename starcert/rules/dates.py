"""When a certificate runs: its days stand in order, and it runs no longer than its scheme allows."""

from starcert.certificate import Certificate
from starcert.rules.findings import Says


def expires_after_issued(certificate: Certificate) -> Says:
    """A certificate must expire after it is issued."""
    if certificate.expires <= certificate.issued:
        yield ("expires",), f"expires {certificate.expires} is not after issued {certificate.issued}"


def first_issued_before_issued(certificate: Certificate) -> Says:
    """A certificate must not be issued before the holder was first certified."""
    first, issued = certificate.first_issued, certificate.issued
    if first > issued:
        yield ("first_issued",), f"first_issued {first} is after issued {issued}"


def validity_within_scheme(certificate: Certificate) -> Says:
    """A certificate must run no longer than its scheme allows, from issue or from the expiry it timely renews."""
    since, start = "issued", certificate.issued
    if certificate.previous_expires and certificate.issued <= certificate.previous_expires:
        since, start = "previous_expires", certificate.previous_expires
    latest = certificate.scheme.latest_expiry(start)
    if certificate.expires > latest:
        years = certificate.scheme.validity_years
        allowed = f"{years} years from {since} {start} end on {latest}, the latest day to write here"
        yield ("expires",), f"expires is {certificate.expires}, but {allowed}"


def previous_expires_in_between(certificate: Certificate) -> Says:
    """The certificate before this one must have expired after the first issue and before this one expires."""
    previous = certificate.previous_expires
    if previous and not certificate.first_issued <= previous < certificate.expires:
        between = f"from first_issued {certificate.first_issued} to before expires {certificate.expires}"
        yield ("previous_expires",), f"previous_expires is {previous}, but must be {between}"


def previous_expires_was_renewed(certificate: Certificate) -> Says:
    """A certificate that renews one must come after the first and rest on a recertification audit before its issue."""
    if certificate.previous_expires is None:
        return
    if certificate.first_issued >= certificate.issued:
        first = f"first_issued {certificate.first_issued} is no day before issued {certificate.issued}"
        yield ("previous_expires",), f"previous_expires is given, but {first}: remove it from a first certificate"
    audits = certificate.audits
    if not any(audit.kind == "recertification" and audit.date <= certificate.issued for audit in audits):
        missing = f"no audit of kind recertification is dated up to issued {certificate.issued}"
        yield ("previous_expires",), f"previous_expires is given, but {missing}: add it to the audits"


def former_name_ends_in_time(certificate: Certificate) -> Says:
    """A former name must have been given up by the day the certificate expires."""
    for index, former in enumerate(certificate.holder.former_names):
        if former.until > certificate.expires:
            late = f"until {former.until} is after expires {certificate.expires}"
            yield ("holder", "former_names", index, "until"), f"{late}: it is the last day of the name"


RULES = (
    expires_after_issued,
    first_issued_before_issued,
    validity_within_scheme,
    previous_expires_in_between,
    previous_expires_was_renewed,
    former_name_ends_in_time,
)
