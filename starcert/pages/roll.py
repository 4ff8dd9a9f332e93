"""Roll: which certificate pages are current, and for which day; templates/assets/fresh.js holds a page against it.

So the pages themselves name no day, and a new day changes these few files alone. Each is one statement: on that day
these pages, and no others, were the certificates' own. A page is told from its own older copies by its imprint.
"""

import json
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import blake2b

BITS = 10  # of a slug's digest that name its file: fixed, so that no page changes when the register grows
IMPRINT_BYTES = 6
UNPRINTED = "imprint."  # stands in a page for its imprint while that is made; no imprint has a full stop

encode = json.JSONEncoder(separators=(",", ":")).encode


def place(slug: str) -> str:
    """The path on the site of the roll that lists this certificate: one of 1,024."""
    return _path(_number(slug))


def _number(slug: str) -> int:
    return int.from_bytes(blake2b(slug.encode(), digest_size=2).digest()) >> 16 - BITS


def _path(number: int) -> str:
    return f"roll/{number:03x}.json"


def imprint(page: bytes) -> str:
    """Eight characters that tell a page from its older copies; they prove nothing against a forger."""
    return urlsafe_b64encode(blake2b(page, digest_size=IMPRINT_BYTES).digest()).decode()


def files(shown: Iterable[tuple[str, str]], day: date, stale: datetime) -> Iterator[tuple[str, bytes]]:
    """The rolls of a day, without empty ones: paths and bytes. `shown` are the slug and imprint of every page.

    From the instant `stale` on they are too old to speak for the reader's today.
    """
    pages: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for one in shown:
        pages[_number(one[0])].append(one)
    for number in sorted(pages):
        listed = dict(sorted(pages[number]))
        yield _path(number), encode({"day": day.isoformat(), "stale": stale.isoformat(), "pages": listed}).encode()
