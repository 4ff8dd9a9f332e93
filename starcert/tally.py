"""Tally: what one build counted, and the next day on which the register changes."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from starcert.status import Status


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one day: records read, records left out for their problems, certificates by status."""

    day: date
    read: int
    left_out: int
    by_status: Counter[Status]
    next_change: date | None

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
