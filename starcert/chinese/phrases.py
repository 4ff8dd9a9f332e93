"""Phrases: forms that English texts have, with holes for what was found, and the Chinese forms that take it over."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

HOLE = re.compile(r"\{([a-z]+)(\d?)\}")
ANYTHING = "(?s:.*?)"

Pairs = Mapping[str, str]
"""Chinese forms by English ones; `{name}` is a hole in both, `{name2}` another one of the same name."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form in both languages."""

    english: str
    chinese: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Phrases:
    """Forms by what they are forms of, in the order in which they are tried.

    A hole that bears the name of one of the `parts` is filled with the Chinese of what was found, any other one with
    what was found.
    """

    pairs: Mapping[str, Pairs]
    parts: "Phrases | None" = None
    _known: dict[str, tuple[Form, ...]] = field(default_factory=dict)

    def form(self, name: str, text: str) -> Form | None:
        """The first form of that name that the text has."""
        return next((form for form in self.forms(name) if form.pattern.fullmatch(text)), None)

    def say(self, name: str, text: str) -> str:
        """The text in Chinese; as it is where it has no form."""
        for form in self.forms(name):
            if match := form.pattern.fullmatch(text):
                return self._filled(form.chinese, match.groupdict())
        return text

    def forms(self, name: str) -> tuple[Form, ...]:
        """All forms of that name."""
        if name not in self._known:
            pairs = self.pairs.get(name, {})
            self._known[name] = tuple(Form(english, said, self._pattern(english)) for english, said in pairs.items())
        return self._known[name]

    def _filled(self, said: str, found: Mapping[str, str]) -> str:
        parts = self.parts or self
        return HOLE.sub(lambda hole: parts.say(hole[1], found[hole[1] + hole[2]]), said)

    def _pattern(self, english: str) -> re.Pattern[str]:
        parts = self.parts or self
        named = {hole[0]: f"(?P<{hole[1]}{hole[2]}>{parts.shape(hole[1])})" for hole in HOLE.finditer(english)}
        return re.compile("".join(named.get(piece) or re.escape(piece) for piece in _pieces(english)))

    def shape(self, name: str) -> str:
        """What a hole of that name takes, as a regular expression without groups that count."""
        forms = self.pairs.get(name)
        if not forms or any(HOLE.fullmatch(english) for english in forms):
            return ANYTHING
        shapes = ("".join(self._shapes(english)) for english in forms)
        return f"(?:{'|'.join(shapes)})"

    def _shapes(self, english: str) -> Iterator[str]:
        for piece in _pieces(english):
            hole = HOLE.fullmatch(piece)
            yield self.shape(hole[1]) if hole else re.escape(piece)


@cache
def _pieces(form: str) -> tuple[str, ...]:
    """The form's holes and what stands between them, in order."""
    return tuple(piece for piece in re.split(r"(\{[a-z]+\d?\})", form) if piece)
