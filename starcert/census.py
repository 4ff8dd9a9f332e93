"""Census: the register in figures, for the pages that tell of all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from starcert.listing import Row


@dataclass(frozen=True, slots=True)
class Census:
    """How many certificates are valid, on which lists, and which were issued last, the newest first.

    `lengths` are by a list's path below browse/; `held` says how many certificates a holder has that has several, by
    unified social credit code. `next_change` is the next day on which a certificate comes or goes.
    """

    total: int
    lengths: Mapping[str, int]
    latest: Sequence[Row]
    held: Mapping[str, int]
    next_change: date | None
