"""Quantities: a day of the calendar, a decimal number, a count."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from starcert.parsing import UNREAD, Reading
from starcert.problems import shown
from starcert.yamlfile import Node


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar, from 1990 to 2199."""

    FORM = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

    @staticmethod
    @lru_cache(maxsize=20_000)  # the days of a register's lifetime come again and again
    def take(text: str) -> Any:
        if not Day.FORM.fullmatch(text):
            return UNREAD
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return UNREAD
        return day if 1990 <= day.year <= 2199 else UNREAD

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = reading.text_of(node, key)
        if text is UNREAD or (day := self.take(text)) is not UNREAD:
            return UNREAD if text is UNREAD else day
        if not self.FORM.fullmatch(text):
            wanted = "but a day is written YYYY-MM-DD, like 2026-03-09"
            return reading.refuse(node, "day", f"{key} is '{shown(text)}', {wanted}")
        try:
            date.fromisoformat(text)
        except ValueError:
            return reading.refuse(node, "day", f"{key} is {text}, a day that is not in the calendar")
        return reading.refuse(node, "day", f"{key} is {text}, but the year must be from 1990 to 2199")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal number of zero or more, kept exactly as written."""

    FORM = re.compile(r"\d{1,4}(\.\d{1,4})?", re.ASCII)

    @staticmethod
    @lru_cache(maxsize=20_000)  # nearly all are scores from 70 to 100
    def take(text: str) -> Any:
        return Decimal(text) if Number.FORM.fullmatch(text) else UNREAD

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = reading.text_of(node, key)
        if text is UNREAD or self.FORM.fullmatch(text):
            return text if text is UNREAD else self.take(text)
        wanted = "a number in plain digits, like 96.25, with at most four digits after the point"
        return reading.refuse(node, "number", f"{key} is '{shown(text)}', but must be {wanted}")

    def schema(self) -> dict[str, Any]:
        form = f"^{self.FORM.pattern}$"
        return {"type": ["number", "string"], "minimum": 0, "maximum": 9999.9999, "pattern": form}


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number, to 9999."""

    at_least: int = 0

    FORM = re.compile(r"\d{1,4}", re.ASCII)

    def take(self, text: str) -> Any:
        return int(text) if self.FORM.fullmatch(text) and int(text) >= self.at_least else UNREAD

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = reading.text_of(node, key)
        if text is UNREAD or (count := self.take(text)) is not UNREAD:
            return UNREAD if text is UNREAD else count
        wanted = f"a whole number from {self.at_least} to 9999"
        return reading.refuse(node, "number", f"{key} is '{shown(text)}', but must be {wanted}")

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.at_least, "maximum": 9999}
