"""Search: the page that asks the search index; templates/assets/search.js says what it must hold."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from starcert.pages.environment import Environment
from starcert.pages.tree import Named, Tree
from starcert.rulebook import Rulebook

SENTENCES = ("start", "loading", "one", "found", "none", "listed", "failed")
FACETS = ("level", "body", "scheme", "province", "industry", "expires")
SORTS = ("name", "expires", "issued")
STAR = "★"


def pages(
    rulebook: Rulebook, trees: Sequence[Tree], environment: Environment, sharded: bool = False
) -> Iterator[tuple[str, bytes]]:
    """The search page of every tree: its path and bytes. `sharded` tells which kind of index it is to load early."""
    for tree in trees:
        shown = {"facets": FACETS, "sorts": SORTS, "said": said(rulebook, tree), "sharded": sharded}
        yield tree.page(environment, "search.html", "search/", **shown)


def said(rulebook: Rulebook, tree: Tree) -> Mapping[str, Mapping[str, object]]:
    """What the script says in the tree's language: its sentences, words for codes, levels' stars."""
    highest_first = [level for scheme in rulebook.schemes.values() for level in reversed(scheme.levels)]
    levels = sorted(highest_first, key=lambda level: -level.stars)
    regions, industries = (rulebook.vocabularies[id].terms for id in ("regions", "industries"))
    return {
        "words": {sentence: tree.words[f"search_{sentence}"] for sentence in SENTENCES},
        "facets": {
            "level": _names(((level.id, level) for level in levels), tree),
            "body": _names(rulebook.bodies.items(), tree),
            "scheme": {id: scheme.standard for id, scheme in rulebook.schemes.items()},
            "province": _names(((term.code, term) for term in regions), tree),
            "industry": _names(((term.code, term) for term in industries), tree),
        },
        "stars": {level.id: STAR * level.stars for level in levels},
    }


def _names(things: Iterable[tuple[str, Named]], tree: Tree) -> Mapping[str, str]:
    """The name of each code; where schemes name one level differently, every name of it."""
    names: dict[str, dict[str, None]] = {}
    for code, thing in things:
        names.setdefault(code, {})[tree.name_of(thing)] = None
    return {code: " / ".join(found) for code, found in names.items()}
