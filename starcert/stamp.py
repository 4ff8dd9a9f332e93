"""Stamp: what a build says of itself in status.json, and nowhere else: which commit it shows, and when it was made."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from starcert.problems import Mistake

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
WRITTEN = re.compile(rb'(?<="built_at": ")[^"]*(?=")')
SECONDS = re.compile(r"\d{1,11}", re.ASCII)


class NoInstant(Mistake):
    """SOURCE_DATE_EPOCH says no instant."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The commit of the records, if there is one, in hexadecimal digits; the instant in UTC, in whole seconds."""

    commit: str | None
    built_at: datetime

    @property
    def instant(self) -> str:
        """The instant as status.json holds it."""
        return self.built_at.isoformat().replace("+00:00", "Z")

    def on(self, status: bytes) -> bytes:
        """A status.json that says nothing else than this one, but was made at the instant."""
        return WRITTEN.sub(self.instant.encode(), status, count=1)


def fixed(instant: datetime, epoch: str | None) -> datetime:
    """The instant to stamp a build with: that of SOURCE_DATE_EPOCH where it is set, so that bytes can be made again.

    See https://reproducible-builds.org/specs/source-date-epoch/; the variable does not move the day.
    """
    if epoch is None:
        return instant
    if not SECONDS.fullmatch(epoch):
        raise NoInstant(f"SOURCE_DATE_EPOCH is '{epoch}', but must be seconds since 1970 in digits; or unset it.")
    return BEGINNING + timedelta(seconds=int(epoch))
