"""Columns: how wide a terminal shows a text, and the text in lines no wider than that; a Han character takes two."""

import re
import unicodedata

OPENING, CLOSING = "“‘（《", "”’）》，、。；：？！…"
HAN = "\u2e80-\u3000\u3003-\u9fff\uf900-\ufaff\U00020000-\U0003fffe"
# What stays on one line: a Han character or a word of Latin letters, with the marks that hang on it.
UNIT = re.compile(rf"\s*[{OPENING}]*(?:[{HAN}]|[^\s{HAN}{OPENING}{CLOSING}]+)?[{CLOSING}]*")


def width(text: str) -> int:
    """How many columns the text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def folded(text: str, most: int) -> list[str]:
    """The text in lines of at most so many columns, a longer word alone on a line.

    No line begins with a mark that closes, nor ends with one that opens.
    """
    lines = [""]
    for unit in UNIT.findall(text):
        if lines[-1] and width(lines[-1] + unit) > most:
            lines.append(unit.lstrip())
        else:
            lines[-1] += unit
    return lines
