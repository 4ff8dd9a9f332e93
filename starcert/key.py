"""Key: a public key that a body, or the operator of a register, signs what they push with."""

from dataclasses import dataclass
from datetime import date

from starcert.sshkey import SshKey


@dataclass(frozen=True, slots=True)
class Key:
    """A key and who holds it: it counts from `valid_from` to `valid_until`, inclusive, and never from `revoked` on."""

    key: SshKey
    holder: str
    valid_from: date
    valid_until: date | None
    revoked: date | None

    def counts_on(self, day: date) -> bool:
        """Whether what it signed may be received on this day."""
        return self.refusal_on(day) is None

    def refusal_on(self, day: date) -> str | None:
        """Why it does not count on this day, as words that go on from 'which …', or None when it does."""
        if self.revoked and day >= self.revoked:
            return f"was revoked on {self.revoked}"
        if day < self.valid_from:
            return f"is valid only from {self.valid_from} on"
        if self.valid_until and day > self.valid_until:
            return f"was valid only until {self.valid_until}"
        return None
