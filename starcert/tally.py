"""Tally: what one build counted, and the next day on which the register changes."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from starcert.certificate import Certificate
from starcert.chronicle import next_turn_after
from starcert.status import Status


@dataclass(slots=True)
class Tally:
    """Counts of one day: records read, certificates by status, records left out for their problems."""

    day: date
    read: int = 0
    left_out: int = 0
    by_status: Counter[Status] = field(default_factory=Counter)
    next_change: date | None = None

    def count(self, certificate: Certificate) -> Status:
        """The certificate's status on the day, counted."""
        status = certificate.status_on(self.day)
        self.by_status[status] += 1
        turn = next_turn_after(certificate, self.day)
        if turn and (self.next_change is None or turn < self.next_change):
            self.next_change = turn
        return status

    @property
    def published(self) -> int:
        """How many certificates are valid on the day."""
        return self.by_status[Status.VALID]

    def lines(self) -> list[str]:
        """The tally in words, a line a fact."""
        counted = [(status, self.by_status[status]) for status in Status if status is not Status.VALID]
        hidden = [f"{count} {status}" for status, count in counted if count]
        broken = [f"{self.left_out} with problems"] if self.left_out else []
        return [
            f"records read   {self.read}",
            f"published      {self.published}, valid on {self.day}",
            f"left out       {', '.join(hidden + broken) or 'none'}",
            f"next change    {self.next_change or 'none on record'}",
        ]
