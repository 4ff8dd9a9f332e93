"""The keys of the records that certificates are judged by: schemes, bodies and vocabularies."""

import re
from collections.abc import Mapping

from starcert.body import Approval, Body
from starcert.key import Key
from starcert.kinds import ACCOUNT, YES_OR_NO, Choice, Code, Count, Day, Link, ListOf, Number, Pattern, PublicKey, Text
from starcert.parsing import Field, Table
from starcert.scheme import Group, Level, Scale, Scheme, Surveillance
from starcert.vocabulary import Term, Vocabulary

AUDIT_KINDS = ("initial", "surveillance", "recertification", "special")
WORD = Code(re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*"), "only small letters, digits and '-'", "five-star")
CLAUSE = Code(re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2})*"), "a clause number", "5.1")

_NAME = Text(120)
_SCHEME = {
    "standard": Field(Text(60), "the standard with its year, such as GB/T 27922-2011"),
    "name": Field(_NAME, "the standard's title in Chinese"),
    "name_en": Field(Text(160), "the standard's title in English"),
    "scale": Field(
        Table(
            Scale,
            {
                "full": Field(Number(), "the full score, which is also the cap"),
                "groups": Field(
                    ListOf(
                        Table(
                            Group,
                            {
                                "clause": Field(CLAUSE, "the clause of the standard"),
                                "name": Field(_NAME, "the group's name in Chinese"),
                                "name_en": Field(_NAME, "the group's name in English"),
                                "points": Field(Number(), "the points it is worth"),
                            },
                        ),
                        1,
                    ),
                    "the groups of indicators",
                ),
                "deduction": Field(Number(), "what one special deduction takes off"),
                "deductions_fewer_than": Field(
                    Count(), "the number of special deductions that rules a certificate out"
                ),
                "bonus": Field(Number(), "what one special bonus adds"),
                "bonus_at_most": Field(Count(), "how many special bonuses may count"),
            },
        ),
        "how points become a score",
    ),
    "levels": Field(
        ListOf(
            Table(
                Level,
                {
                    "id": Field(WORD, "the word that records write"),
                    "name": Field(_NAME, "the level in Chinese"),
                    "name_en": Field(_NAME, "the level in English"),
                    "stars": Field(Count(), "how many stars it shows"),
                    "at_least": Field(Number(), "the lowest score that earns it, included"),
                },
            ),
            1,
        ),
        "the levels, the lowest first",
    ),
    "validity_years": Field(Count(), "for how many years a certificate may run"),
    "surveillance": Field(
        Table(
            Surveillance,
            {
                "months": Field(Count(), "within how many months the next on-site audit must come"),
                "grace_days": Field(Count(), "how many days later it still counts as in time"),
                "audits": Field(ListOf(Choice.of(*AUDIT_KINDS), 1), "the kinds of audit that count"),
            },
        ),
        "how often the holder is audited",
    ),
    "suspension_months": Field(Count(), "how many months a suspension may last"),
    "publish_scores": Field(YES_OR_NO, "whether the site shows scores: yes or no"),
}
_BODY = {
    "name": Field(_NAME, "the certification body's name in Chinese"),
    "name_en": Field(_NAME, "its name in English"),
    "approval_number": Field(
        Code(re.compile(r"CNCA-RF?-[0-9]{4}-[0-9]{1,4}"), "CNCA-R, a year and a number", "CNCA-R-2002-051"),
        "its approval number, such as CNCA-R-2002-051",
    ),
    "number_pattern": Field(Pattern(), "the regular expression that the whole of its certificate numbers match"),
    "website": Field(Link(), "its website, beginning with https://"),
    "phone": Field(Code(re.compile(r"[+0-9][0-9 -]*[0-9]"), "digits, spaces and '-'", "+86 10 0000 0000"), "its phone"),
}
_KEY = {
    "key": Field(PublicKey(), "the line of the .pub file up to its comment, such as ssh-ed25519 AAAAC3Nz…"),
    "holder": Field(_NAME, "who signs with it"),
    "valid_from": Field(Day(), "the first day on which it counts"),
    "valid_until": Field(Day(), "the last day on which it counts", False),
    "revoked": Field(Day(), "the day from which it counts no more, since others may have it", False),
}
KEYS = ListOf(Table(Key, _KEY))
_VOCABULARY = {
    "source": Field(Text(), "who defined the terms"),
    "terms": Field(
        ListOf(
            Table(
                Term,
                {
                    "code": Field(WORD, "what records write"),
                    "name": Field(_NAME, "the term in Chinese"),
                    "name_en": Field(_NAME, "the term in English"),
                },
            ),
            1,
        ),
        "the terms, in the order in which they are listed",
    ),
}


def scheme_table(id: str) -> Table:
    """The keys of registry/schemes/ID.yaml."""
    return Table(Scheme, _SCHEME, {"id": id})


def body_table(id: str, schemes: Mapping[str, Scheme]) -> Table:
    """The keys of registry/bodies/ID.yaml."""
    approval = Table(
        Approval,
        {
            "scheme": Field(Choice(schemes), "the scheme's file name without .yaml"),
            "since": Field(Day(), "the first day on which the body may issue it"),
        },
    )
    listed = {
        "schemes": Field(ListOf(approval, 1), "the schemes it may issue"),
        "keys": Field(KEYS, "the keys that its commits are signed with", False, ()),
        "reviewers": Field(ListOf(ACCOUNT), "who reviews its records on a forge", False, ()),
    }
    return Table(Body, _BODY | listed, {"id": id})


def vocabulary_table(id: str) -> Table:
    """The keys of registry/vocabularies/ID.yaml."""
    return Table(Vocabulary, _VOCABULARY, {"id": id})
