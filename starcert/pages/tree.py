"""Tree: the pages of one language. Chinese lies at the root of the site, English below en/, path for path alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from starcert.pages.dates import in_chinese, in_english
from starcert.words import Words

if TYPE_CHECKING:
    from starcert.pages.environment import Environment

PREFIXES = {"zh": "", "en": "en/"}


class Named(Protocol):
    """What has a name in both languages: a level, a scheme, a body, a term, the register."""

    @property
    def name(self) -> str: ...

    @property
    def name_en(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Tree:
    """One language's pages, below `prefix`; `twin` is the prefix of the other language, if there is one."""

    lang: str
    prefix: str
    twin: str | None
    words: Words

    def name_of(self, thing: Named) -> str:
        """The thing's name in this language."""
        return thing.name if self.lang == "zh" else thing.name_en

    def date(self, day: date) -> str:
        """The day as this language writes it."""
        return in_chinese(day) if self.lang == "zh" else in_english(day)

    def page(self, environment: "Environment", template: str, path: str, /, **values: Any) -> tuple[str, bytes]:
        """The page at `path` in this tree ('' or with a final slash): its file's path on the site and its bytes."""
        content = environment.render(template, **self._same, **self._here(environment, path), **values)
        return f"{self.prefix}{path}index.html", content

    def cast(self, environment: "Environment", template: str, path: str, /, **values: Any) -> tuple[str, bytes]:
        """As `page`, but quickly where the template has moulds; `values` must come in the same order each time."""
        content = environment.cast(template, self._same, **self._here(environment, path), **values)
        return f"{self.prefix}{path}index.html", content

    @property
    def _same(self) -> dict[str, Any]:
        return {"tree": self, "lang": self.lang, "words": self.words}

    def _here(self, environment: "Environment", path: str) -> dict[str, str | None]:
        twin = None if self.twin is None else self.twin + path
        return {"path": self.prefix + path, "twin": twin, "base": environment.register.root + self.prefix}


def trees(words: Mapping[str, Words]) -> Sequence[Tree]:
    """The tree of each language that there are words for."""
    return [Tree(lang, PREFIXES[lang], _other(lang, words), words[lang]) for lang in words]


def _other(lang: str, words: Mapping[str, Words]) -> str | None:
    return next((PREFIXES[other] for other in words if other != lang), None)
