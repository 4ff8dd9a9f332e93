"""Cards: what the page shows of each certificate, in files of about fifty."""

from collections.abc import Iterable

from starcert.search.sharded.cohort import Place
from starcert.search.sharded.pack import name, pack

BITS = 8  # of an id tell the certificates of one file apart


def card_files(places: Iterable[Place]) -> dict[int, bytes]:
    """The files of a cohort's cards, each under the upper bits of its ids; in them, cards are in the order of ids."""
    groups: dict[int, list[object]] = {}
    for id, entry in places:
        groups.setdefault(id >> BITS, []).append([entry.path, dict(entry.shown)])
    return {group: pack({"cards": found}, {}) for group, found in groups.items()}


def path(data: bytes) -> str:
    """Where a file of cards lies."""
    return f"cards/{name(data)}"
