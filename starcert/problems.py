"""What is wrong in a record: a place, a rule and a sentence, as a plain value that sorts by place."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

LONGEST_SHOWN = 60


class Severity(StrEnum):
    """Problems keep a record from being published; warnings are printed and block nothing."""

    PROBLEM = "problem"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in one file; line and column count from 1, the column in characters."""

    path: str
    line: int
    column: int
    rule: str
    message: str
    severity: Severity = Severity.PROBLEM

    def __str__(self) -> str:
        """The problem on one line, as editors and terminals turn into a link."""
        warning = "warning: " if self.severity is Severity.WARNING else ""
        return f"{self.path}:{self.line}:{self.column}: {warning}{self.message} [{self.rule}]"


class Mistake(Exception):
    """A mistake of the operator, not in a record; the text is one sentence that says what to do, or several lines."""


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` that `word` was most likely meant to be, or None when nothing is close."""
    folded = {_fold(candidate): candidate for candidate in sorted(words, reverse=True)}
    close = difflib.get_close_matches(_fold(word), sorted(folded), n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def _fold(word: str) -> str:
    return word.strip().casefold().replace("-", "_").replace(" ", "_")


def shown(text: str) -> str:
    """`text` as a message may quote it: one line, at most 60 characters, nothing invisible."""
    return printable(text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…")


def printable(text: str) -> str:
    """`text` without what could steer a terminal or fail to be written to one."""
    return "".join(char if char.isprintable() else f"<U+{ord(char):04X}>" for char in text)
