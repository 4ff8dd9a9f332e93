"""New record: a few answers -> the lines of a certificate's record, each known by the answer that it tells."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal

from starcert.certificate import slug
from starcert.days import ONE_DAY
from starcert.kinds import Day, Number
from starcert.scheme import Scheme

Answers = Mapping[str, str]
"""What a clerk knows when a certificate is first issued, by the names in LINES."""

LINES = (
    ("", "# yaml-language-server: $schema=../../schema/certificate.json"),
    ("number", "number: {number}"),
    ("scheme", "scheme: {scheme}"),
    ("scheme", "standard: {standard}"),
    ("score", "level: {level}"),
    ("", "holder:"),
    ("holder", "  name: {holder}"),
    ("uscc", "  uscc: {uscc}"),
    ("address", "  address: {address}"),
    ("scope", "scope: {scope}"),
    ("region", "region: {region}"),
    ("industry", "industry: {industry}"),
    ("", "sites:"),
    ("", "  - kind: head-office"),
    ("holder", "    name: {holder}"),
    ("address", "    address: {address}"),
    ("city", "    city: {city}"),
    ("filed_rule", "filed_rule: {filed_rule}"),
    ("issued", "first_issued: {issued}"),
    ("issued", "issued: {issued}"),
    ("issued", "expires: {expires}"),
    ("", "audits:"),
    ("", "  - kind: initial"),
    ("audited", "    date: {audited}"),
    ("score", "    score: {score}"),
    ("score", "    level: {level}"),
)
"""The name of the answer that each line tells, '' for a line that every record has, and the line's form."""

NEEDS = re.compile(r"\{(\w+)\}")
PLAIN = re.compile(r"[^\W_][^:#\n]*")
NO_TEXT = re.compile(r"\d[\da-f_.,+-]*|0[xob][\da-f_]+|y|n|yes|no|on|off|true|false|null", re.IGNORECASE)
AS_TYPED = ("score", "issued", "audited")


def lines(answers: Answers, scheme: Scheme | None) -> list[tuple[str, str]]:
    """The record in YAML as far as the answers go, each line after the name of its answer.

    Its level is the one that the score earns, its last day the one before the latest that the scheme allows.
    """
    values = {name: text if name in AS_TYPED else _value(text) for name, text in answers.items()}
    if scheme:
        values |= dict(_following(answers, scheme))
    told = [(name, form) for name, form in LINES if values.keys() >= set(NEEDS.findall(form))]
    return [(name, form.format_map(values)) for name, form in told]


def file_name(answers: Answers) -> str:
    """The name that the record's file must have."""
    return f"{slug(answers['number'])}.yaml"


def _following(answers: Answers, scheme: Scheme) -> Iterator[tuple[str, str]]:
    """What follows from the answers by the scheme."""
    yield "standard", _value(scheme.standard)
    score, issued = answers.get("score", ""), answers.get("issued", "")
    if Number.FORM.fullmatch(score):
        level = scheme.level_for(Decimal(score))
        if level:
            yield "level", level.id
    if Day.FORM.fullmatch(issued):
        with suppress(ValueError, OverflowError):  # a day that is not in the calendar is refused where it stands
            yield "expires", str(scheme.latest_expiry(date.fromisoformat(issued)) - ONE_DAY)


def _value(text: str) -> str:
    """The text as a YAML value: plain where every reader takes it for text, else in quotes (JSON's are YAML's)."""
    plain = PLAIN.fullmatch(text) and text == text.strip() and not NO_TEXT.fullmatch(text)
    return text if plain else json.dumps(text, ensure_ascii=False)
