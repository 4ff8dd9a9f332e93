"""Kinds: what a value of a record may be, from a text to a list. Each reads a node or says why it cannot."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from starcert.parsing import UNREAD, Kind, Reading, refuse_unknown
from starcert.problems import nearest, shown
from starcert.yamlfile import Mapping as MappingNode
from starcert.yamlfile import Node, Sequence


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text of at most so many characters."""

    at_most: int = 200

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = reading.text_of(node, key)
        if text is UNREAD:
            return UNREAD
        if not text.strip():
            wanted = f"{key} is empty: write its value, or remove the line if it is optional"
            return reading.refuse(node, "text", wanted)
        if "\n" in text:
            return reading.refuse(node, "text", f"{key} runs over several lines: write it on one line")
        if len(text) > self.at_most:
            wanted = f"{key} has {len(text)} characters, but at most {self.at_most} fit"
            return reading.refuse(node, "text", wanted)
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "number"], "minLength": 1, "maxLength": self.at_most}


@dataclass(frozen=True, slots=True)
class Link:
    """An address that begins with https://."""

    FORM = re.compile(
        r"https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:/[!#$%&'()*+,./:;=?@_~A-Za-z0-9-]*)?"
    )

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = Text(500).read(node, key, reading)
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

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = Text(60).read(node, key, reading)
        if text is UNREAD or self.form.fullmatch(text):
            return text
        wanted = f"but must hold {self.holds}, like {self.like}"
        return reading.refuse(node, "code", f"{key} is '{shown(text)}', {wanted}")

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "number"], "maxLength": 60, "pattern": f"^({self.form.pattern})$"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression."""

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = Text().read(node, key, reading)
        try:
            return text if text is UNREAD else re.compile(text)
        except re.error as error:
            return reading.refuse(node, "pattern", f"{key} is not a regular expression: {error}")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "regex"}


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar, from 1990 to 2199."""

    FORM = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = reading.text_of(node, key)
        if text is UNREAD:
            return UNREAD
        if not self.FORM.fullmatch(text):
            wanted = "but a day is written YYYY-MM-DD, like 2026-03-09"
            return reading.refuse(node, "day", f"{key} is '{shown(text)}', {wanted}")
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return reading.refuse(node, "day", f"{key} is {text}, a day that is not in the calendar")
        if not 1990 <= day.year <= 2199:
            return reading.refuse(node, "day", f"{key} is {text}, but the year must be from 1990 to 2199")
        return day

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal number of zero or more, kept exactly as written."""

    FORM = re.compile(r"\d{1,4}(\.\d{1,4})?", re.ASCII)

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = reading.text_of(node, key)
        if text is UNREAD or self.FORM.fullmatch(text):
            return text if text is UNREAD else Decimal(text)
        wanted = "a number in plain digits, like 96.25, with at most four digits after the point"
        return reading.refuse(node, "number", f"{key} is '{shown(text)}', but must be {wanted}")

    def schema(self) -> dict[str, Any]:
        form = f"^{self.FORM.pattern}$"
        return {"type": ["number", "string"], "minimum": 0, "maximum": 9999.9999, "pattern": form}


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number from 0 to 9999."""

    FORM = re.compile(r"\d{1,4}", re.ASCII)

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = reading.text_of(node, key)
        if text is UNREAD or self.FORM.fullmatch(text):
            return text if text is UNREAD else int(text)
        return reading.refuse(node, "number", f"{key} is '{shown(text)}', but must be a whole number, like 2")

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": 0, "maximum": 9999}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words; the value is what the word stands for."""

    values: Mapping[str, Any]

    @staticmethod
    def of(*words: str) -> "Choice":
        """A choice of words that stand for themselves."""
        return Choice(MappingProxyType({word: word for word in words}))

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = reading.text_of(node, key)
        if text is UNREAD or text in self.values:
            return text if text is UNREAD else self.values[text]
        close = nearest(text, self.values)
        meant = f"; did you mean {close}?" if close else ""
        return reading.refuse(
            node, "choice", f"{key} is '{shown(text)}', but must be {any_of(self.values)}{meant}"
        )

    def schema(self) -> dict[str, Any]:
        """Words in digits are offered as numbers too, since that is how an editor reads `region: 33`."""
        return {"enum": [*self.values, *(int(word) for word in self.values if word.isdecimal())]}


YES_OR_NO = Choice(MappingProxyType({"yes": True, "no": False}))


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A value that means nothing until another key, itself unread, is mended."""

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        return UNREAD

    def schema(self) -> dict[str, Any]:
        return {}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one kind."""

    kind: Kind
    at_least: int = 0
    at_most: int = 100

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        if not isinstance(node, Sequence):
            wanted = f"{key} must be a list: write each item on its own line after a '- '"
            return reading.refuse(node, "shape", wanted)
        if not self.at_least <= len(node.items) <= self.at_most:
            wanted = (
                f"{key} has {len(node.items)} items, but must have from {self.at_least} to {self.at_most}"
            )
            return reading.refuse(node, "shape", wanted)
        items = [self.kind.read(item, f"{key}[{index}]", reading) for index, item in enumerate(node.items, 1)]
        return UNREAD if any(item is UNREAD for item in items) else tuple(items)

    def schema(self) -> dict[str, Any]:
        return {
            "type": "array",
            "minItems": self.at_least,
            "maxItems": self.at_most,
            "items": self.kind.schema(),
        }


@dataclass(frozen=True, slots=True)
class ByWord:
    """A mapping from some words to values of one kind."""

    words: tuple[str, ...]
    kind: Kind

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        if not isinstance(node, MappingNode):
            wanted = f"{key} must be a mapping: under it, write a line such as {self.words[0]}: …"
            return reading.refuse(node, "shape", wanted)
        unknown = refuse_unknown(node, key, self.words, reading)
        values = {
            word: self.kind.read(item, f"{key}.{word}", reading)
            for word, item in node.items.items()
            if word in self.words
        }
        return UNREAD if unknown or UNREAD in values.values() else values

    def schema(self) -> dict[str, Any]:
        properties = {word: self.kind.schema() for word in self.words}
        return {"type": "object", "additionalProperties": False, "properties": properties}


@dataclass(frozen=True, slots=True)
class Either:
    """A single value of one kind, or a mapping of another."""

    single: Kind
    mapping: Kind

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        return (self.mapping if isinstance(node, MappingNode) else self.single).read(node, key, reading)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.single.schema(), self.mapping.schema()]}


@dataclass(frozen=True, slots=True)
class As:
    """A value of a kind, made into a noun."""

    kind: Kind
    make: Callable[[Any], Any]

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        value = self.kind.read(node, key, reading)
        return UNREAD if value is UNREAD else self.make(value)

    def schema(self) -> dict[str, Any]:
        return self.kind.schema()


def any_of(words: Iterable[str]) -> str:
    """The words as they read in a sentence: 'a, b or c'; a long list is cut short."""
    some = list(words)
    if len(some) > 12:
        return f"one of {', '.join(some[:12])}, …"
    return f"{', '.join(some[:-1])} or {some[-1]}" if len(some) > 1 else "".join(some)
