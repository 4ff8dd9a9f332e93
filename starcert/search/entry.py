"""Entry: a certificate as the search knows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entry:
    """A certificate as the search knows it.

    `path` begins with a slash and is relative to the site's root. `names` begins with the holder's name;
    English name, former names and brands follow. `facets` maps a facet to a code or to several. `sort` maps a
    key to a text that sorts as it should (dates as ISO 8601); the key "name" is made here, from the first
    name. `shown` holds the texts of a result card.
    """

    path: str
    number: str
    names: tuple[str, ...]
    uscc: str = ""
    facets: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    sort: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
