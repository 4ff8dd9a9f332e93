"""Rules: what must hold within a record and between records; one function a rule, its docstring the sentence.

A rule takes nouns and yields a key and a message for each fault; it knows no file, no line and no today.
A record is judged by every rule that the values read from it allow, so that one run names every mistake.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from starcert.body import Body
from starcert.certificate import Certificate
from starcert.key import Key
from starcert.parsing import Unread
from starcert.problems import Problem
from starcert.rules import (
    approval,
    audits,
    between,
    bodies,
    corrections,
    dates,
    decisions,
    identity,
    names,
    schemes,
    scores,
)
from starcert.rules import keys as key_rules
from starcert.rules.between import judge_between
from starcert.rules.findings import Rule, problems
from starcert.rules.ties import Tie, tie
from starcert.scheme import Scheme
from starcert.sshkey import SshKey
from starcert.vocabulary import Vocabulary
from starcert.yamlfile import Mapping

__all__ = [
    "RULES",
    "Tie",
    "judge",
    "judge_between",
    "judge_body",
    "judge_keys",
    "judge_scheme",
    "judge_vocabulary",
    "tie",
]

CERTIFICATE_RULES: tuple[Rule, ...] = (*identity.RULES, *approval.RULES, *dates.RULES, *audits.RULES, *decisions.RULES)
AUDIT_RULES: tuple[Rule, ...] = (*audits.AUDIT_RULES, *scores.AUDIT_RULES)

_ALL: tuple[Callable[..., Any], ...] = (
    *CERTIFICATE_RULES,
    *audits.AUDIT_RULES,
    *scores.RULES,
    *decisions.DECISION_RULES,
    *corrections.RULES,
    *names.RULES,
    *between.RULES,
    *schemes.RULES,
    *bodies.RULES,
    *key_rules.RULES,
    *key_rules.BETWEEN_RULES,
    *bodies.VOCABULARY_RULES,
)
RULES: dict[str, str] = {rule.__name__: rule.__doc__ or "" for rule in _ALL}


def judge(certificate: Certificate, record: Mapping, path: str) -> list[Problem]:
    """Everything wrong within a certificate's record, by place; what was not read of it is passed over."""
    found = problems(CERTIFICATE_RULES, record, path, (), certificate) + _judge_names(record, path)
    for index, audit in enumerate(_parts(certificate, "audits")):
        place = ("audits", index)
        senseless = problems(scores.ITEM_RULES, record, path, place, certificate, audit)
        found += problems(AUDIT_RULES, record, path, place, certificate, audit) + senseless
        exact = None if senseless else scores.exact_score(certificate, audit)
        if exact is not None:
            found += problems(scores.EXACT_RULES, record, path, place, certificate, audit, exact)
    for index, decision in enumerate(_parts(certificate, "decisions")):
        found += problems(decisions.DECISION_RULES, record, path, ("decisions", index), decision)
    if "corrections" in record.items:  # hardly ever
        found += problems(corrections.RULES, record, path, (), certificate)
    return sorted(found)


def judge_scheme(scheme: Scheme, record: Mapping, path: str) -> list[Problem]:
    """Everything wrong within a scheme's record, by place."""
    return sorted(problems(schemes.RULES, record, path, (), scheme) + _judge_names(record, path))


def judge_body(body: Body, record: Mapping, path: str, owners: dict[SshKey, str]) -> list[Problem]:
    """Everything wrong in a body's record, by place; `owners` are those of keys seen before, and learn this body's."""
    keys = tuple(_parts(body, "keys"))
    found = problems(bodies.RULES, record, path, (), body) + judge_keys(keys, record, path, "keys")
    found += problems(key_rules.BETWEEN_RULES, record, path, ("keys",), keys, body.id, owners)
    return sorted(found + _judge_names(record, path))


def judge_keys(keys: Sequence[Key], record: Mapping, path: str, name: str) -> list[Problem]:
    """Everything wrong between the keys that a record lists under that name, by place."""
    return sorted(problems(key_rules.RULES, record, path, (name,), keys))


def judge_vocabulary(vocabulary: Vocabulary, record: Mapping, path: str) -> list[Problem]:
    """Everything wrong within a vocabulary's record, by place."""
    return sorted(problems(bodies.VOCABULARY_RULES, record, path, (), vocabulary) + _judge_names(record, path))


def _judge_names(record: Mapping, path: str) -> list[Problem]:
    """What the texts in the record hide: nothing in nearly all, and then it need not be asked which are shown."""
    if names.are_plain(record):
        return []
    return problems(names.RULES, record, path, (), names.shown_texts(record))


def _parts(noun: Certificate | Body, key: str) -> Iterator[Any]:
    """The items of one of its lists; none when the list could not be read."""
    try:
        yield from getattr(noun, key)
    except Unread:
        return
