"""Markdown in which values are shown to the letter: none of them is markup, a link, a reference or a mention."""

import re

from starcert.problems import printable

BACKTICKS = re.compile("`+")


def code(text: str) -> str:
    """A text of one line as a span of code: in it, forges look for nothing."""
    shown = printable(text) or " "
    marks = _longer_than_in(shown, least=1)
    space = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{marks}{space}{shown}{space}{marks}"


def block(text: str) -> str:
    """Lines as a block of code."""
    marks = _longer_than_in(text, least=3)
    return f"{marks}text\n{text.rstrip()}\n{marks}\n"


def _longer_than_in(text: str, least: int) -> str:
    """More backticks in a row than the text has anywhere, so that nothing in it can end the code."""
    return "`" * max(least, *(len(run) + 1 for run in BACKTICKS.findall(text)), 0)
