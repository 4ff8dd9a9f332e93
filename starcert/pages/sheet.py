"""The sheet: how small a certificate must be set so that its page prints on one sheet of A4."""

import re
from collections.abc import Mapping
from itertools import chain
from operator import itemgetter
from typing import Any

HEADLINES = {"level": 6, "level_en": 3, "holder": 4, "holder_en": 2}
"""How often the room of common print they take at the head of the page."""
FIELDS = (
    *("number", "level", "level_en", "standard", "standard_name", "standard_name_en", "scope", "scope_en"),
    *("filed_rule", "mark_uses", "mark_uses_en", "uscc", "region", "region_en", "industry", "industry_en"),
    *("location", "location_en", "website", "body", "body_en", "approval_number", "phone", "body_website"),
    *("address", "number", "number"),  # the number is also what to enter at the national platform, in both languages
)
LISTS = ("brands", "former_names", "sites", "audits")
SETTINGS = (("", 20, 930), ("dense", 20, 2050), ("tight", 3, 6000))
"""For each class of the stylesheet, the largest print first: the room that an item of a list takes beside its text, and
the room for all texts, both in widths of a Chinese character. Measured on certificates of 260 shapes in Chromium, less
about 7 % for other browsers and fonts."""
BEYOND = "dense long"
HALF = 0.6
NARROW = re.compile("[\0-\u10ff]+")

_fields, _lists = itemgetter(*FIELDS), itemgetter(*LISTS)


def setting(shown: Mapping[str, Any]) -> str:
    """The classes by which the stylesheet sets, on paper, the page that shows these values."""
    text, items = _printed(shown)
    name, item, most = SETTINGS[0]
    if len(text) + item * items <= most:  # and no text is wider than that many Chinese characters
        return name
    texts = width(text)
    fitting = (name for name, item, most in SETTINGS if texts + item * items <= most)
    return next(fitting, BEYOND)


def room(shown: Mapping[str, Any]) -> tuple[float, int]:
    """The room that all texts take, in widths of a Chinese character, and how many items are in lists."""
    text, items = _printed(shown)
    return width(text), items


def _printed(shown: Mapping[str, Any]) -> tuple[str, int]:
    """All that is printed as one text, each headline as often as it takes room, and how many items are in lists."""
    headlines = [(shown[field] or "") * times for field, times in HEADLINES.items()]
    particulars = filter(None, _fields(shown))
    items = ["".join(item) for item in chain(*_lists(shown))]  # each one text, or some
    return "".join([*headlines, *particulars, *items]), len(items)


def width(text: str) -> float:
    """The width of a text in print, in widths of a Chinese character; letters and digits have about a half."""
    wide = len(NARROW.sub("", text))
    return wide + HALF * (len(text) - wide)
