"""What was set right in the record itself."""

from starcert.certificate import Certificate
from starcert.problems import shown
from starcert.rules.findings import Says


def corrections_in_order(certificate: Certificate) -> Says:
    """Corrections must stand in the order of their dates."""
    latest = None
    for index, correction in enumerate(certificate.corrections):
        if latest and correction.date < latest:
            found = f"date {correction.date} is before {latest}, that of a correction above it"
            yield ("corrections", index, "date"), f"{found}: a new one comes last"
        latest = max(latest or correction.date, correction.date)


def corrections_after_first_issue(certificate: Certificate) -> Says:
    """A correction must not come before the first issue."""
    for index, correction in enumerate(certificate.corrections):
        if correction.date < certificate.first_issued:
            found = f"date {correction.date} is before first_issued {certificate.first_issued}"
            yield ("corrections", index, "date"), f"{found}: write the day on which the record is set right"


def correction_says_why(certificate: Certificate) -> Says:
    """A correction's reason must be in words."""
    for index, correction in enumerate(certificate.corrections):
        if sum(map(str.isalpha, correction.reason)) < 2:
            found = f"reason is '{shown(correction.reason)}', but must say what was wrong, and why"
            yield ("corrections", index, "reason"), found


RULES = (corrections_in_order, corrections_after_first_issue, correction_says_why)
