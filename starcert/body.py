"""Body: a certification body, the schemes it may issue, and the keys it signs its records with."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain, product
from typing import Protocol

from starcert.key import Key
from starcert.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Approval:
    """A scheme that a body may issue certificates under, from `since` on (inclusive)."""

    scheme: Scheme
    since: date


class NumberPattern(Protocol):
    """A regular expression for numbers."""

    pattern: str

    def __hash__(self) -> int: ...

    def fullmatch(self, text: str) -> object | None:
        """Something true when the whole text matches."""


MOST_PARTS = 7
"""Up to so many, every way to write '-' or '/' between the parts of a number is tried."""


@dataclass(frozen=True, slots=True)
class Body:
    """A certification body; `number_pattern` is what the whole of its certificate numbers must match.

    `keys` and `reviewers`, accounts on a forge, are nothing to readers: they tell who may change its records.
    """

    id: str
    name: str
    name_en: str
    approval_number: str
    number_pattern: NumberPattern
    website: str
    phone: str
    schemes: tuple[Approval, ...]
    keys: tuple[Key, ...]
    reviewers: tuple[str, ...]

    def numbers(self, number: str) -> bool:
        """Whether the number is one of those that the body gives."""
        return _matches(self.number_pattern, number)

    def number_alike(self, number: str) -> str | None:
        """A number of those that the body gives which has the same address as this one, or None."""
        parts = re.split("[-/]", number)
        gaps = len(parts) - 1
        signs = product("-/", repeat=gaps) if gaps < MOST_PARTS else iter([("-",) * gaps, ("/",) * gaps])
        spelled = ("".join(chain(*zip(parts, (*between, ""), strict=True))) for between in signs)
        alike = (form for text in spelled for form in (text, text.upper(), text.lower()))
        return next((form for form in alike if self.number_pattern.fullmatch(form)), None)

    def approval(self, scheme: Scheme) -> Approval | None:
        """The body's approval for this scheme, or None when it has none."""
        return next((approval for approval in self.schemes if approval.scheme.id == scheme.id), None)


@lru_cache(maxsize=16)  # a number is asked about twice in a row
def _matches(pattern: NumberPattern, text: str) -> bool:
    return pattern.fullmatch(text) is not None
