"""Under what the certificate was issued: the standard, and the body's right to issue it."""

import re

from starcert.certificate import Certificate
from starcert.problems import shown
from starcert.rules.findings import Says

YEAR = re.compile(r".+-\d{4}", re.ASCII)


def standard_carries_its_year(certificate: Certificate) -> Says:
    """A standard must be named with its year."""
    if not YEAR.fullmatch(certificate.standard):
        wanted = f"but must end in its year: write {certificate.scheme.standard}"
        yield ("standard",), f"standard is '{shown(certificate.standard)}', {wanted}"


def standard_is_the_schemes(certificate: Certificate) -> Says:
    """A certificate must name the standard of its scheme."""
    found, wanted = certificate.standard, certificate.scheme.standard
    if YEAR.fullmatch(found) and found != wanted:
        yield ("standard",), f"standard is '{shown(found)}', but scheme {certificate.scheme.id} is {wanted}"


def body_may_issue_scheme(certificate: Certificate) -> Says:
    """A body must be approved for the schemes that it certifies under."""
    body, scheme = certificate.body, certificate.scheme
    if not body.approval(scheme):
        may = ", ".join(approval.scheme.id for approval in body.schemes)
        yield ("scheme",), f"scheme is {scheme.id}, but {body.name_en} may issue only {may}"


def issued_since_approval(certificate: Certificate) -> Says:
    """A certificate must not be issued before its body was approved for the scheme."""
    approval = certificate.body.approval(certificate.scheme)
    if approval and certificate.issued < approval.since:
        since = f"{certificate.body.name_en} may issue {certificate.scheme.id} only since {approval.since}"
        yield ("issued",), f"issued is {certificate.issued}, but {since}"


RULES = (standard_carries_its_year, standard_is_the_schemes, body_may_issue_scheme, issued_since_approval)
