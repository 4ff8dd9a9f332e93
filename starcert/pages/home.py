"""Home: what the register is, the field that leads to a certificate, the latest issued and how many there are."""

from collections.abc import Iterator, Mapping, Sequence

from starcert import seal
from starcert.census import Census
from starcert.pages.environment import Environment, Html
from starcert.pages.groups import level_path
from starcert.pages.tree import Tree
from starcert.rulebook import Rulebook
from starcert.scheme import Scheme

LATEST = 8


def pages(
    census: Census, latest: Sequence[Html], rulebook: Rulebook, trees: Sequence[Tree], environment: Environment
) -> Iterator[tuple[str, bytes]]:
    """The home page of every tree: its path and bytes. `latest` are the rows of the latest issued, in every tree."""
    for tree, rows in zip(trees, latest, strict=True):
        yield tree.page(
            environment,
            "home.html",
            "",
            day=environment.day,
            total=census.total,
            next_change=census.next_change,
            rows=rows,
            schemes=[(scheme, _levels(scheme, census.lengths)) for scheme in rulebook.schemes.values()],
        )


def _levels(scheme: Scheme, lengths: Mapping[str, int]) -> list[tuple[object, str, str, int]]:
    """The scheme's levels, the highest first, each with its seal, the path of its list, and how many hold it."""
    return [
        (
            level,
            seal.svg(level.stars),
            f"browse/{level_path(scheme.id, level.id)}",
            lengths.get(level_path(scheme.id, level.id), 0),
        )
        for level in reversed(scheme.levels)
    ]
