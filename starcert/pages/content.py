"""Content: the operator's own texts, from content/LANGUAGE/PATH.md to the page /PATH/.

A file begins with `order: 1`, its place in the links at the foot of every page (files without one come last), then
an empty line and the title, `# Check a logo`. In the text, {host}, {address}, {name} and {contact} stand for the
register's own; links to other pages begin with a slash, as in `/check-a-logo/` or `/en/check-a-logo/`.
This is the only user of markdown and nh3.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import markdown
import nh3
from markdown.extensions.toc import TocExtension, slugify_unicode

from starcert.pages.environment import Environment
from starcert.pages.tree import Tree
from starcert.problems import Mistake, nearest
from starcert.register import Register

PLAIN_PATH = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*")
TAKEN = frozenset(("assets", "browse", "c", "en", "h", "index", "pagefind", "roll", "search"))
NAME = re.compile(r"\{(\w+)\}")
ALLOWED = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()} | {
    heading: {"id"} for heading in ("h1", "h2", "h3", "h4", "h5", "h6")
}


class ContentError(Mistake):
    """A text cannot be used; the message is one sentence that names the file and what to do."""


@dataclass(frozen=True, slots=True)
class Article:
    """One text in one language. `path` is its place in the language's tree, such as check-a-logo/; `body` is HTML."""

    path: str
    order: int
    title: str
    description: str
    body: str


Articles = Mapping[str, tuple[Article, ...]]


def read(folder: Path, register: Register) -> Articles:
    """The articles under each of the register's languages, in their order; ContentError when one cannot be used."""
    articles = {language: _read_language(folder / language, register) for language in register.languages}
    paths = {language: {article.path for article in found} for language, found in articles.items()}
    for language, other in permutations(paths, 2):
        for path in sorted(paths[other] - paths[language]):
            here, there = (folder / lang / f"{path.rstrip('/')}.md" for lang in (language, other))
            raise ContentError(f"{here} is missing: translate {there}, or delete it")
    return articles


def links(articles: Articles, trees: Sequence[Tree], register: Register) -> Mapping[str, list[tuple[str, str]]]:
    """The link and the title of each article, by language, for the foot of every page."""
    return {
        tree.lang: [(f"{register.root}{tree.prefix}{article.path}", article.title) for article in articles[tree.lang]]
        for tree in trees
    }


def pages(articles: Articles, trees: Sequence[Tree], environment: Environment) -> Iterator[tuple[str, bytes]]:
    """The page of each article: its path on the site and its bytes."""
    for tree in trees:
        for article in articles[tree.lang]:
            yield tree.page(environment, "content.html", article.path, article=article)


def _read_language(folder: Path, register: Register) -> tuple[Article, ...]:
    if not folder.is_dir():
        raise ContentError(f"{folder} is missing: make it, and put the texts of that language there")
    facts = {
        "host": register.host,
        "address": register.address,
        "name": register.name if folder.name == "zh" else register.name_en,
        "contact": register.contact,
    }
    articles = [
        _article(file, file.relative_to(folder).with_suffix("").as_posix(), facts, register.root)
        for file in sorted(folder.rglob("*.md"))
    ]
    return tuple(sorted(articles, key=lambda article: (article.order, article.path)))


def _article(file: Path, path: str, facts: Mapping[str, str], root: str) -> Article:
    if not PLAIN_PATH.fullmatch(path):
        raise ContentError(f"{file} must be named in small letters, digits and '-', as its name is its address")
    if path.split("/", maxsplit=1)[0] in TAKEN:
        raise ContentError(f"{file} would take the place of another page: give it another name")
    converter = markdown.Markdown(extensions=["tables", "attr_list", "meta", TocExtension(slugify=slugify_unicode)])
    body = _sanitised(converter.convert(_filled(_text(file), file, facts)), root)
    title = re.match(r"<h1[^>]*>(.+?)</h1>", body, re.DOTALL)
    if not title:
        raise ContentError(f"{file} has no title: begin the text with a line such as # About")
    first = re.search(r"<p>(.+?)</p>", body, re.DOTALL)
    return Article(f"{path}/", _order(converter, file), _plain(title[1]), _plain(first[1]) if first else "", body)


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ContentError(f"{file} is not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise ContentError(f"{file} cannot be read: {error.strerror}") from error


def _filled(text: str, file: Path, facts: Mapping[str, str]) -> str:
    """The text with the register's own facts in place of their names in braces."""
    for match in NAME.finditer(text):
        if match[1] not in facts:
            close = nearest(match[1], facts)
            advice = f"did you mean {{{close}}}?" if close else f"the names are {', '.join(facts)}"
            line = text.count("\n", 0, match.start()) + 1
            raise ContentError(f"{file}:{line}: {match[0]} stands for nothing; {advice}")
    return NAME.sub(lambda match: facts[match[1]], text)


def _order(converter: markdown.Markdown, file: Path) -> int:
    meta: dict[str, list[str]] = converter.Meta  # type: ignore[attr-defined]
    unknown = [key for key in meta if key != "order"]
    if unknown:
        raise ContentError(f"{file} begins with {unknown[0]}: only order: may stand above the title")
    order = meta.get("order", ["9999"])[0]
    if not re.fullmatch(r"[0-9]{1,4}", order):
        raise ContentError(f"{file} says order: {order}, but the order must be a number such as 3")
    return int(order)


def _sanitised(text: str, root: str) -> str:
    """HTML that can do nothing but be read; links that begin with a slash begin with the site's root."""

    def attribute(tag: str, name: str, value: str) -> str:
        inside = name == "href" and value.startswith("/") and not value.startswith("//")
        return root + value[1:] if inside else value

    return nh3.clean(
        text, attributes=ALLOWED, attribute_filter=attribute, url_schemes={"https", "mailto"}, link_rel=None
    )


def _plain(text: str) -> str:
    """HTML as the text that a reader sees, on one line."""
    return " ".join(html.unescape(nh3.clean(text, tags=set())).split())
