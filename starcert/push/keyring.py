"""Keyring: whose keys may sign what is received on a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from starcert.body import Body
from starcert.key import Key

OPERATOR = "operator"


def principal(body: str) -> str:
    """What a body is called among those that sign."""
    return f"body:{body}"


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of each principal, those that count no more among them, and the day of receipt, in China."""

    keys: Mapping[str, tuple[Key, ...]]
    day: date

    def allowed(self) -> list[tuple[str, str]]:
        """Every principal with each key that counts on the day, as TYPE BASE64."""
        return [(name, str(key.key)) for name, key in self._all() if key.counts_on(self.day)]

    def principals(self, fingerprint: str) -> frozenset[str]:
        """Those with whose key, if it has this fingerprint, something can be signed on the day."""
        return frozenset(name for name, key in self.holders(fingerprint) if key.counts_on(self.day))

    def holders(self, fingerprint: str) -> list[tuple[str, Key]]:
        """The principals that list the key of this fingerprint, whether or not it counts, each with what it says."""
        return [(name, key) for name, key in self._all() if key.key.fingerprint == fingerprint]

    def _all(self) -> Iterable[tuple[str, Key]]:
        return ((name, key) for name, keys in self.keys.items() for key in keys)


def keyring(bodies: Mapping[str, Body], operators: Sequence[Key], day: date) -> Keyring:
    """The keys of the operator and of these bodies."""
    listed = {principal(body.id): body.keys for body in bodies.values()}
    return Keyring({OPERATOR: tuple(operators), **listed}, day)
