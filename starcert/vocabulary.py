"""Vocabulary: the terms that records choose from, such as provinces and industries. Pure data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One term: the code that records write, and what readers see."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of one kind, in the order in which they are listed; `source` names who defined them."""

    id: str
    source: str
    terms: tuple[Term, ...]
