"""Cohort: one of the parts into which a large register is divided, and the number of each certificate in it.

A certificate's number, its id, follows from a hash of its path: the first bits name the cohort, the next a slot. Most
slots stay empty, so a certificate that comes or goes seldom moves another.
"""

from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

from starcert.search.entry import Entry

SIZE = 1_600  # the most entries that a cohort has on average, the least is half of it
SLOTS = 1 << 13  # of a cohort
HASH_BITS = 64


class Place(NamedTuple):
    """An entry and its id."""

    id: int
    entry: Entry


def cohorts(count: int) -> int:
    """Into how many cohorts so many certificates are divided: a power of two."""
    return 1 << (max(0, count - 1) // SIZE).bit_length()


def cohort_of(path: str, cohorts: int) -> int:
    """The cohort of the certificate at that path, from 0 on."""
    return _hash(path) * cohorts >> HASH_BITS


def places(entries: Iterable[Entry], cohort: int, cohorts: int) -> list[Place]:
    """The entries of a cohort with their ids, which rise; the order in which they are given does not matter.

    Each gets the slot that its hash names, or else the next free one.
    """
    within = (1 << HASH_BITS) - 1
    hashed = sorted((_hash(entry.path) * cohorts & within, entry.path, entry) for entry in entries)
    found: list[Place] = []
    free = 0
    for index, (hash_, _, entry) in enumerate(hashed):
        last = SLOTS - len(hashed) + index  # leaves a slot for each that follows
        slot = min(max(free, hash_ * SLOTS >> HASH_BITS), last)
        found.append(Place(cohort * SLOTS + slot, entry))
        free = slot + 1
    return found


def _hash(path: str) -> int:
    return int.from_bytes(blake2b(path.encode(), digest_size=HASH_BITS // 8).digest(), "big")
