"""Choices: one of some words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from starcert.parsing import UNREAD, Reading
from starcert.problems import nearest, shown
from starcert.yamlfile import Node


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words; the value is what the word stands for."""

    values: Mapping[str, Any]

    @staticmethod
    def of(*words: str) -> "Choice":
        """A choice of words that stand for themselves."""
        return Choice(MappingProxyType({word: word for word in words}))

    def take(self, text: str) -> Any:
        return self.values.get(text, UNREAD)

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        text = reading.text_of(node, key)
        if text is UNREAD or text in self.values:
            return text if text is UNREAD else self.take(text)
        named = (word for word, value in self.values.items() if text in _names(value))
        close = next(named, None) or nearest(text, self.values)
        meant = f"; did you mean {close}?" if close else ""
        return reading.refuse(node, "choice", f"{key} is '{shown(text)}', but must be {any_of(self.values)}{meant}")

    def schema(self) -> dict[str, Any]:
        """Words in digits are offered as numbers too, since that is how an editor reads `region: 33`."""
        return {"enum": [*self.values, *(int(word) for word in self.values if word.isdecimal())]}


YES_OR_NO = Choice(MappingProxyType({"yes": True, "no": False}))


def _names(value: Any) -> tuple[str, ...]:
    """The names that readers see of what a word stands for: people write those."""
    return getattr(value, "name", ""), getattr(value, "name_en", "")


def any_of(words: Iterable[str]) -> str:
    """The words as they read in a sentence: 'a, b or c'; a long list is cut short."""
    some = list(words)
    if len(some) > 12:
        return f"one of {', '.join(some[:12])}, …"
    if not some:
        return "a word that the registry defines; it defines none yet"
    return f"{', '.join(some[:-1])} or {some[-1]}" if len(some) > 1 else some[0]
