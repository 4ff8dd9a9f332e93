"""New record: a few answers -> the text of a certificate's record."""

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from starcert.certificate import slug
from starcert.days import ONE_DAY
from starcert.scheme import Scheme

PLAIN = re.compile(r"[^\W_][^:#\n]*", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a clerk knows when a certificate is first issued."""

    number: str
    holder: str
    uscc: str
    address: str
    city: str
    region: str
    industry: str
    scope: str
    filed_rule: str
    audited: date
    score: Decimal
    issued: date


def record(answers: Answers, scheme: Scheme) -> str:
    """The record in YAML. Its level is the one the score earns; a score that earns none is named as it is."""
    level = scheme.level_for(answers.score)
    expires = scheme.latest_expiry(answers.issued) - ONE_DAY
    lines = [
        "# yaml-language-server: $schema=../../schema/certificate.json",
        f"number: {_value(answers.number)}",
        f"scheme: {scheme.id}",
        f"standard: {_value(scheme.standard)}",
        f"level: {level.id if level else 'none'}",
        "holder:",
        f"  name: {_value(answers.holder)}",
        f"  uscc: {_value(answers.uscc)}",
        f"  address: {_value(answers.address)}",
        f"scope: {_value(answers.scope)}",
        f"region: {_value(answers.region)}",
        f"industry: {_value(answers.industry)}",
        "sites:",
        "  - kind: head-office",
        f"    name: {_value(answers.holder)}",
        f"    address: {_value(answers.address)}",
        f"    city: {_value(answers.city)}",
        f"filed_rule: {_value(answers.filed_rule)}",
        f"first_issued: {answers.issued}",
        f"issued: {answers.issued}",
        f"expires: {expires}",
        "audits:",
        "  - kind: initial",
        f"    date: {answers.audited}",
        f"    score: {answers.score}",
        f"    level: {level.id if level else 'none'}",
    ]
    return "\n".join(lines) + "\n"


def file_name(answers: Answers) -> str:
    """The name that the record's file must have."""
    return f"{slug(answers.number)}.yaml"


def _value(text: str) -> str:
    """The text as a YAML value: plain where that is clear, else in double quotes (JSON's are YAML's)."""
    return text if PLAIN.fullmatch(text) and text == text.strip() else json.dumps(text, ensure_ascii=False)
