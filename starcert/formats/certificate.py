"""The keys of a certificate's record. registry/EXAMPLE.yaml shows them in use."""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

from starcert.body import Body
from starcert.certificate import CORRECTABLE, Audit, Certificate, Correction, Decision, FormerName, Holder, Place
from starcert.formats.rulebook import AUDIT_KINDS, WORD
from starcert.kinds import As, ByWord, Choice, Code, Count, Day, Either, Link, ListOf, Number, Text, Unjudged
from starcert.parsing import UNREAD, Field, Kind, Table
from starcert.scheme import Scheme
from starcert.score import ItemisedScore, Score
from starcert.vocabulary import Term, Vocabulary

DECISION_KINDS = ("suspended", "restored", "withdrawn", "cancelled")
MARK_USES = ("products", "packaging", "advertising")
PLACE_KINDS = ("head-office", "service-outlet")
CERTIFICATE_NUMBER = Code(
    re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9/-]*[A-Za-z0-9])?"),
    "only letters, digits, '-' and '/'",
    "99925SC00123R1M",
)

_NAME = Text(120)
_AUDIT = {
    "kind": Field(Choice.of(*AUDIT_KINDS), f"what kind of audit: {', '.join(AUDIT_KINDS)}"),
    "date": Field(Day(), "the last day on site"),
    "score": Field(Unjudged(), "the score, as one number or itemised"),
    "level": Field(Unjudged(), "the level that the score led to"),
}
_CORRECTION = {
    "date": Field(Day(), "the day on which the record was set right"),
    "keys": Field(ListOf(Choice.of(*CORRECTABLE), 1), f"which keys were wrong: {', '.join(CORRECTABLE)}"),
    "reason": Field(Text(), "what was wrong, and why; it is not published"),
}
_DECISION = {
    "kind": Field(Choice.of(*DECISION_KINDS), f"what was decided: {', '.join(DECISION_KINDS)}"),
    "date": Field(Day(), "the day of the decision"),
    "start": Field(Day(), "the first day of the suspension", False),
    "end": Field(Day(), "the last day of the suspension", False),
    "reason": Field(Text(), "why it was decided", False),
}
_HOLDER = {
    "name": Field(_NAME, "the holder's registered name"),
    "name_en": Field(Text(160), "its name in English", False),
    "uscc": Field(
        Code(re.compile(r"[0-9A-Za-z]+"), "18 digits and capital letters", "91330100MA00000001"),
        "its unified social credit code, 18 characters",
    ),
    "address": Field(Text(), "its registered address"),
    "address_en": Field(Text(300), "its address in English", False),
    "website": Field(Link(), "its website, beginning with https://", False),
    "former_names": Field(
        ListOf(
            Table(
                FormerName,
                {
                    "name": Field(_NAME, "the former name"),
                    "until": Field(Day(), "the last day it was in use"),
                },
            )
        ),
        "names the holder bore before",
        False,
        (),
    ),
}
_PLACE = {
    "kind": Field(Choice.of(*PLACE_KINDS), f"what kind of site: {' or '.join(PLACE_KINDS)}"),
    "name": Field(_NAME, "the site's name"),
    "address": Field(Text(), "its address"),
    "city": Field(Text(40), "its city"),
}
_CERTIFICATE = {
    "number": Field(CERTIFICATE_NUMBER, "the certificate number, as printed"),
    "scheme": Field(Unjudged(), "the scheme"),
    "standard": Field(Text(60), "the standard with its year, such as GB/T 27922-2011"),
    "level": Field(Unjudged(), "the level"),
    "holder": Field(Table(Holder, _HOLDER), "the organisation certified"),
    "scope": Field(Text(500), "what is certified"),
    "scope_en": Field(Text(800), "the scope in English", False),
    "brands": Field(ListOf(Text(60)), "the brands it sells under", False, ()),
    "region": Field(Unjudged(), "the province"),
    "industry": Field(Unjudged(), "the industry"),
    "sites": Field(ListOf(Table(Place, _PLACE), 1), "the sites covered, the head office first"),
    "filed_rule": Field(Text(80), "the filed certification rule it was issued under"),
    "first_issued": Field(Day(), "the day the holder was first certified"),
    "issued": Field(Day(), "the first day of validity"),
    "expires": Field(Day(), "the last day of validity"),
    "previous_expires": Field(Day(), "the day the certificate before this one expired", False),
    "supersedes": Field(CERTIFICATE_NUMBER, "the number of the certificate before this one", False),
    "superseded_by": Field(CERTIFICATE_NUMBER, "the number of the certificate after this one", False),
    "parent": Field(CERTIFICATE_NUMBER, "the number of the main certificate that this one is part of", False),
    "mark_uses": Field(ListOf(Choice.of(*MARK_USES)), "where the star logo may be used", False, ()),
    "audits": Field(Unjudged(), "the audits"),
    "decisions": Field(ListOf(Table(Decision, _DECISION)), "suspensions, restorations, withdrawals", False, ()),
    "corrections": Field(ListOf(Table(Correction, _CORRECTION)), "what was recorded wrongly before", False, ()),
}


def certificate_table(
    body: Body | None,
    schemes: Mapping[str, Scheme],
    judged_by: Collection[Scheme],
    terms: Mapping[str, Vocabulary],
) -> Table:
    """The keys of a certificate's record.

    `judged_by` are the schemes whose levels and clauses it may name: its own one when reading, all of them
    when describing the format, none when its scheme is not known.
    """
    levels = {level.id: level for scheme in judged_by for level in scheme.levels}
    clauses = tuple({group.clause: None for scheme in judged_by for group in scheme.scale.groups})
    level: Kind = Choice(MappingProxyType(levels)) if levels else Unjudged()
    audit = _AUDIT | {
        "score": Field(_score(clauses) if clauses else Unjudged(), "the score, as one number or itemised"),
        "level": Field(level, "the level that the score led to"),
    }
    chosen = {
        "scheme": Field(Choice(schemes), "the scheme's id, such as gbt-27922-2011"),
        "level": Field(level, "the level certified, such as five-star"),
        "region": Field(_term(terms["regions"]), "the province's code of GB/T 2260, such as 33 for Zhejiang"),
        "industry": Field(_term(terms["industries"]), "the industry, such as household-appliances"),
        "audits": Field(ListOf(Table(Audit, audit), 1), "every audit, the earliest first"),
    }
    ordered = {key: chosen.get(key, field) for key, field in _CERTIFICATE.items()}
    return Table(Certificate, ordered, {"body": UNREAD if body is None else body})


def _term(vocabulary: Vocabulary) -> Kind:
    """One of the vocabulary's terms; of one that says nothing, since it is missing or broken, any code at all."""
    if not vocabulary.terms:
        return As(WORD, lambda code: Term(code, code, code))
    return Choice(MappingProxyType({term.code: term for term in vocabulary.terms}))


def _score(clauses: tuple[str, ...]) -> Kind:
    points = ByWord(clauses, Number())
    itemised = {
        "points": Field(points, "the points obtained in each group, by clause"),
        "excluded": Field(points, "the points of indicators that do not apply, by clause", False, MappingProxyType({})),
        "deductions": Field(Count(), "how many special deductions apply", False, 0),
        "bonus": Field(Count(), "how many special bonuses apply", False, 0),
        "total": Field(Number(), "the score as the report prints it", False),
    }
    return Either(As(Number(), Score), Table(ItemisedScore, itemised))
