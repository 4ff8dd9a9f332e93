"""Compounds: lists and mappings of values of other kinds, and values made into nouns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starcert.parsing import UNREAD, Kind, Reading, refuse_unknown
from starcert.yamlfile import Mapping as MappingNode
from starcert.yamlfile import Node, Scalar, Sequence


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A value that means nothing until another key, itself unread, is mended."""

    def take(self, text: str) -> Any:
        return UNREAD

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

    def take(self, text: str) -> Any:
        return UNREAD

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        if not isinstance(node, Sequence):
            wanted = f"{key} must be a list: write each item on its own line after a '- '"
            return reading.refuse(node, "shape", wanted)
        if not self.at_least <= len(node.items) <= self.at_most:
            wanted = f"{key} has {len(node.items)} items, but must have from {self.at_least} to {self.at_most}"
            return reading.refuse(node, "shape", wanted)
        values = []
        for index, item in enumerate(node.items, 1):
            value = self.kind.take(item.text) if type(item) is Scalar else UNREAD
            values.append(self.kind.read(item, f"{key}[{index}]", reading) if value is UNREAD else value)
        for value in values:
            if value is UNREAD:
                return UNREAD
        return tuple(values)

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

    def take(self, text: str) -> Any:
        return UNREAD

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

    def take(self, text: str) -> Any:
        return self.single.take(text)

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        return (self.mapping if isinstance(node, MappingNode) else self.single).read(node, key, reading)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.single.schema(), self.mapping.schema()]}


@dataclass(frozen=True, slots=True)
class As:
    """A value of a kind, made into a noun."""

    kind: Kind
    make: Callable[[Any], Any]

    def take(self, text: str) -> Any:
        value = self.kind.take(text)
        return UNREAD if value is UNREAD else self.make(value)

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        value = self.kind.read(node, key, reading)
        return UNREAD if value is UNREAD else self.make(value)

    def schema(self) -> dict[str, Any]:
        return self.kind.schema()
