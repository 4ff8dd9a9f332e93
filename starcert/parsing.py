"""Parsing: nodes of a record -> nouns, by tables of fields, which also describe the record's JSON Schema.

What cannot be read becomes a problem and `UNREAD`; the rest of the record is still read, and judged as far as
it goes, so that one run names every problem.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from starcert.problems import Problem, nearest, shown
from starcert.yamlfile import Mapping as MappingNode
from starcert.yamlfile import Node, Scalar, Sequence

RULES = {
    "required_key": "A record must have every required key.",
    "known_key": "A record must have no key but the known ones.",
    "shape": "A value must be the text, list or mapping that its key asks for.",
    "text": "A text must be one line, not empty and not too long.",
    "day": "A day must be written YYYY-MM-DD and be in the calendar.",
    "number": "A number must be written in plain digits, with at most four before and four after the point.",
    "choice": "A value that is chosen from a list must be on that list.",
    "code": "A number or code must hold only the characters that its kind may have.",
    "link": "A link must begin with https:// and name a host.",
    "pattern": "A pattern must be a regular expression.",
    "public_key": "A key must be an SSH public key that is safe to sign with, on one line: its type and its base64.",
}


class Unread(Exception):
    """A rule asked for a value that could not be read."""


UNREAD: Any = object()


class Draft:
    """What could be read of a record: it answers like the noun it was to be, or raises Unread."""

    def __init__(self, noun: type, values: Mapping[str, Any]) -> None:
        self._noun = noun
        self._values = values

    def __getattr__(self, name: str) -> Any:
        if name not in self._values:
            return self._noun.__dict__[name].__get__(self, self._noun)
        if self._values[name] is UNREAD:
            raise Unread(name)
        return self._values[name]


@dataclass(slots=True)
class Reading:
    """One record being read: its path, and the problems found so far."""

    path: str
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, node: Node | tuple[int, int], rule: str, message: str) -> Any:
        """UNREAD, after noting what is wrong at that place."""
        line, column = node if isinstance(node, tuple) else (node.line, node.column)
        self.problems.append(Problem(self.path, line, column, rule, message))
        return UNREAD

    def text_of(self, node: Node, key: str) -> Any:
        """The text of a scalar, or UNREAD."""
        if isinstance(node, Scalar):
            return node.text
        found = "a list" if isinstance(node, Sequence) else "a mapping"
        return self.refuse(node, "shape", f"{key} is {found}, but must be a single value: write {key}: …")


class Kind(Protocol):
    """A kind of value: reads a node, and tells its JSON Schema."""

    def take(self, text: str) -> Any:
        """The value that a single text says; UNREAD, unexplained, where it says none."""

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        """The value, or UNREAD after noting why not."""

    def schema(self) -> dict[str, Any]:
        """The kind as JSON Schema 2020-12."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a table; `says` tells a clerk what to write there."""

    kind: Kind
    says: str
    required: bool = True
    default: Any = None


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping with known keys, read into the noun whose fields they are; `given` are known beforehand."""

    noun: type
    fields: Mapping[str, Field]
    given: Mapping[str, Any] = field(default_factory=dict)
    _takes: tuple[tuple[str, Callable[[str], Any], Field], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        takes = tuple((name, wanted.kind.take, wanted) for name, wanted in self.fields.items())
        object.__setattr__(self, "_takes", takes)

    def take(self, text: str) -> Any:
        return UNREAD

    def read(self, node: Node, key: str, reading: Reading) -> Any:
        if not isinstance(node, MappingNode):
            line = f"{next(iter(self.fields))}: …"
            return reading.refuse(node, "shape", f"{key} must be a mapping: under it, write a line such as {line}")
        known = node.items.keys() <= self.fields.keys()
        misspelt = set() if known else refuse_unknown(node, key, self.fields, reading)
        values = dict(self.given)
        prefix = f"{key}." if key else ""
        whole = UNREAD not in values.values()
        for name, take, wanted in self._takes:
            found = node.items.get(name)
            if found is not None:
                value = take(found.text) if type(found) is Scalar else UNREAD
                if value is UNREAD:
                    value = wanted.kind.read(found, prefix + name, reading)
            elif name in misspelt:
                value = UNREAD
            elif wanted.required:
                value = reading.refuse(node, "required_key", f"{prefix}{name} is missing: {wanted.says}")
            else:
                value = wanted.default
            values[name] = value
            if value is UNREAD or isinstance(value, Draft):
                whole = False
        return self.noun(**values) if whole else Draft(self.noun, values)

    def schema(self) -> dict[str, Any]:
        """A JSON Schema of the mapping, with what each key says as its description."""
        required = [name for name, field in self.fields.items() if field.required]
        properties = {name: {"description": field.says, **field.kind.schema()} for name, field in self.fields.items()}
        return {
            "type": "object",
            "additionalProperties": False,
            "required": required,
            "properties": properties,
        }


def refuse_unknown(node: MappingNode, key: str, known: Iterable[str], reading: Reading) -> set[str]:
    """The known keys that the mapping's unknown ones were meant to be, '' for one like none; each is refused."""
    meant = set()
    for name in [name for name in node.items if name not in known]:
        close = nearest(name, [word for word in known if word not in node.items])
        advice = f"did you mean {close}?" if close else f"the keys here are {', '.join(known)}"
        where = f"{key}.{name}" if key else name
        reading.refuse(node.keys[name], "known_key", f"{shown(where)} is not a key of this record; {advice}")
        meant.add(close or "")
    return meant
