"""Texts: one line, a code, a link, a pattern."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import re2

from starcert.parsing import UNREAD, Reading
from starcert.problems import shown
from starcert.yamlfile import Node

QUIETLY = re2.Options()
QUIETLY.log_errors = False


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text of at most so many characters."""

    at_most: int = 200

    def take(self, text: str) -> Any:
        return text if len(text) <= self.at_most and "\n" not in text and text.strip() else UNREAD

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = reading.text_of(node, key)
        if text is UNREAD or self.take(text) is not UNREAD:
            return text
        if not text.strip():
            wanted = f"{key} is empty: write its value, or remove the line if it is optional"
            return reading.refuse(node, "text", wanted)
        if "\n" in text:
            return reading.refuse(node, "text", f"{key} runs over several lines: write it on one line")
        wanted = f"{key} has {len(text)} characters, but at most {self.at_most} fit"
        return reading.refuse(node, "text", wanted)

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "number"], "minLength": 1, "maxLength": self.at_most}


_CODE, _LINK = Text(60), Text(500)


@dataclass(frozen=True, slots=True)
class Link:
    """An address that begins with https://."""

    FORM = re.compile(
        r"https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:/[!#$%&'()*+,./:;=?@_~A-Za-z0-9-]*)?"
    )

    def take(self, text: str) -> Any:
        return text if _LINK.take(text) is text and self.FORM.fullmatch(text) else UNREAD

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = _LINK.read(node, key, reading)
        if text is UNREAD or self.FORM.fullmatch(text):
            return text
        wanted = "but must be a link such as https://www.example.com/"
        return reading.refuse(node, "link", f"{key} is '{shown(text)}', {wanted}")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{self.FORM.pattern}$"}


@dataclass(frozen=True, slots=True)
class Code:
    """A text whose every character obeys a form, such as a number; `like` is an example."""

    form: re.Pattern[str]
    holds: str
    like: str

    def take(self, text: str) -> Any:
        return text if _CODE.take(text) is text and self.form.fullmatch(text) else UNREAD

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = _CODE.read(node, key, reading)
        if text is UNREAD or self.form.fullmatch(text):
            return text
        narrow = unicodedata.normalize("NFKC", text)
        full_width = f": it is written in full-width characters, write {narrow}" if self.form.fullmatch(narrow) else ""
        wanted = f"but must hold {self.holds}, like {self.like}"
        return reading.refuse(node, "code", f"{key} is '{shown(text)}', {wanted}{full_width}")

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "number"], "maxLength": 60, "pattern": f"^({self.form.pattern})$"}


ACCOUNT = Code(
    re.compile(r"@[A-Za-z0-9][A-Za-z0-9_.-]*(?:/[A-Za-z0-9][A-Za-z0-9_.-]*)*"),
    "@ and an account on a forge, or a team there",
    "@example-cb/reviewers",
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression in RE2's syntax, which can be matched in a time that the text's length bounds."""

    def take(self, text: str) -> Any:
        return UNREAD

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = Text().read(node, key, reading)
        try:
            return text if text is UNREAD else re2.compile(text, QUIETLY)
        except re2.error as error:
            reason = error.args[0].decode()
            return reading.refuse(node, "pattern", f"{key} is not a regular expression: {shown(reason)}")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "regex"}
