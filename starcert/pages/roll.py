"""Roll: which certificate pages are current, and for which day; templates/assets/fresh.js holds a page against it.

So the pages themselves name no day, and a new day changes these few files alone. Each is one statement: on that day
these pages, and no others, were the certificates' own. A page is told from its own older copies by its imprint.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter

from starcert.packing import json

BITS = 10  # of a slug's digest that name its file: fixed, so that no page changes when the register grows
IMPRINT_BYTES = 6
UNPRINTED = "imprint."  # stands in a page for its imprint while that is made; no imprint has a full stop


def place(slug: str) -> str:
    """The path on the site of the roll that lists this certificate: one of 1,024."""
    number = int.from_bytes(blake2b(slug.encode(), digest_size=2).digest()) >> 16 - BITS
    return f"roll/{number:03x}.json"


def imprint(page: bytes) -> str:
    """Eight characters that tell a page from its older copies; they prove nothing against a forger."""
    return urlsafe_b64encode(blake2b(page, digest_size=IMPRINT_BYTES).digest()).decode()


def files(listed: Iterable[tuple[str, str, str]], day: date, stale: datetime) -> Iterator[tuple[str, bytes]]:
    """The rolls of a day, without empty ones: paths and bytes.

    Of every page its roll, slug and imprint are `listed`, in the order of rolls and slugs. From the instant `stale` on
    the rolls are too old to speak for the reader's today.
    """
    for path, pages in groupby(listed, itemgetter(0)):
        shown = {slug: imprint for _, slug, imprint in pages}
        yield path, json({"day": day.isoformat(), "stale": stale.isoformat(), "pages": shown})
