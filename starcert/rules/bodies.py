"""What must hold within a body's record, between bodies, and within a vocabulary's record."""

from starcert.body import Body
from starcert.rules.findings import Says
from starcert.sshkey import SshKey
from starcert.vocabulary import Vocabulary


def approved_once(body: Body) -> Says:
    """A body must be approved for each scheme once."""
    ids = [approval.scheme.id for approval in body.schemes]
    for index, id in enumerate(ids):
        if id in ids[:index]:
            again = f"scheme is {id}, as is that of approval {ids.index(id) + 1}"
            yield ("schemes", index, "scheme"), f"{again}: keep the one with the earlier since"


def key_ends_after_it_begins(body: Body) -> Says:
    """A key must not be valid until before the day from which it is valid."""
    for index, key in enumerate(body.keys):
        if key.valid_until and key.valid_until < key.valid_from:
            found = f"valid_until {key.valid_until} is before valid_from {key.valid_from}"
            yield ("keys", index, "valid_until"), f"{found}: write its last day, or remove the line"


def key_is_revoked_after_it_begins(body: Body) -> Says:
    """A key must not be revoked before the day from which it is valid."""
    for index, key in enumerate(body.keys):
        if key.revoked and key.revoked < key.valid_from:
            found = f"revoked {key.revoked} is before valid_from {key.valid_from}"
            yield ("keys", index, "revoked"), f"{found}: a key that never counted is removed"


def key_is_listed_once(body: Body) -> Says:
    """A body must list each of its keys once."""
    keys = [key.key for key in body.keys]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            first = f"key is that of {body.keys[keys.index(key)].holder}, item {keys.index(key) + 1}, again"
            yield ("keys", index, "key"), f"{first}: remove one of the two; each person has a key of their own"


def key_is_one_bodys(body: Body, owners: dict[SshKey, str]) -> Says:
    """A key must not be another body's too; `owners` are those of the keys seen so far, and learn this body's."""
    for index, key in enumerate(body.keys):
        owner = owners.setdefault(key.key, body.id)
        if owner != body.id:
            signs = "whoever holds it could sign for both"
            yield ("keys", index, "key"), f"key is also in {owner}.yaml, and {signs}: remove it from one of the two"


def term_codes_differ(vocabulary: Vocabulary) -> Says:
    """Every term of a vocabulary must have a code of its own."""
    seen: dict[str, int] = {}
    for index, term in enumerate(vocabulary.terms):
        first = seen.setdefault(term.code, index)
        if first != index:
            yield ("terms", index, "code"), f"code is {term.code}, as is that of term {first + 1}"


RULES = (approved_once, key_ends_after_it_begins, key_is_revoked_after_it_begins, key_is_listed_once)
BETWEEN_RULES = (key_is_one_bodys,)
VOCABULARY_RULES = (term_codes_differ,)
