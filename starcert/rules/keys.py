"""The keys that a body, or the operator of a register, signs with."""

from collections.abc import Sequence

from starcert.key import Key
from starcert.problems import shown
from starcert.rules.findings import Says
from starcert.sshkey import SshKey


def key_ends_after_it_begins(keys: Sequence[Key]) -> Says:
    """A key must not be valid until before the day from which it is valid."""
    for index, key in enumerate(keys):
        if key.valid_until and key.valid_until < key.valid_from:
            found = f"valid_until {key.valid_until} is before valid_from {key.valid_from}"
            yield (index, "valid_until"), f"{found}: write its last day, or remove the line"


def key_is_revoked_after_it_begins(keys: Sequence[Key]) -> Says:
    """A key must not be revoked before the day from which it is valid."""
    for index, key in enumerate(keys):
        if key.revoked and key.revoked < key.valid_from:
            found = f"revoked {key.revoked} is before valid_from {key.valid_from}"
            yield (index, "revoked"), f"{found}: a key that never counted is removed"


def key_is_listed_once(keys: Sequence[Key]) -> Says:
    """A key must be listed once."""
    seen: dict[SshKey, int] = {}
    for index, key in enumerate(keys):
        first = seen.setdefault(key.key, index)
        if first != index:
            again = f"key is that of {shown(keys[first].holder)}, item {first + 1}, again"
            yield (index, "key"), f"{again}: remove one of the two; each person has a key of their own"


def key_is_one_bodys(keys: Sequence[Key], body: str, owners: dict[SshKey, str]) -> Says:
    """A key must not be another body's too."""
    for index, key in enumerate(keys):
        owner = owners.setdefault(key.key, body)
        if owner != body:
            signs = "whoever holds it could sign for both"
            yield (index, "key"), f"key is also in {owner}.yaml, and {signs}: remove it from one of the two"


RULES = (key_ends_after_it_begins, key_is_revoked_after_it_begins, key_is_listed_once)
BETWEEN_RULES = (key_is_one_bodys,)
