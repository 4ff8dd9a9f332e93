"""Browse: the lists by level, province, industry and certification body, which need no JavaScript.

A page is made from little, so that a change makes few pages anew. A leaf depends on its rows, on how many certificates
their holders have, on the paths of the pages beside and above it, and on its group; a range on the ends and counts of
its parts, on the same paths, and on its group.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from starcert import seal
from starcert.census import Census
from starcert.pages import lists
from starcert.pages.environment import Environment, Html
from starcert.pages.groups import Group, groups
from starcert.pages.lists import Listed
from starcert.pages.outline import Part
from starcert.pages.tree import Tree
from starcert.rulebook import Rulebook

seal_with = cache(seal.svg)


def index(
    census: Census, rulebook: Rulebook, trees: Sequence[Tree], environment: Environment
) -> Iterator[tuple[str, bytes]]:
    """The page that leads to the lists, in every tree: its path and bytes."""
    kinds = groups(rulebook, census.lengths)
    for tree in trees:
        told = {"kinds": kinds, "counts": census.lengths, "total": census.total}
        yield tree.page(environment, "browse.html", "browse/", **told)


def leaf_page(
    group: Group, part: Part, ends: Sequence[lists.End], rows: Html, tree: Tree, environment: Environment
) -> tuple[str, bytes]:
    """One leaf of a list, made of its first and last row and of the HTML of all; an empty list's has no ends."""
    return _page(group, part, ends, tree, environment, rows=rows)


def range_page(
    group: Group, part: Part, parts: Sequence[Listed], tree: Tree, environment: Environment
) -> tuple[str, bytes]:
    """One page of a list that leads to parts of it."""
    ends = parts[0].ends[0], parts[-1].ends[1]
    home = _home(group, tree, environment)
    ranges = (lists.between(each, tree) for each in parts)
    entries = ((home + one.path, f"{one.certificates:,}", *one.shown) for one in ranges)
    return _page(group, part, ends, tree, environment, ranges=environment.each("_range.html", "entry", entries))


def _home(group: Group, tree: Tree, environment: Environment) -> str:
    """Where the list's own page is."""
    return f"{environment.register.root}{tree.prefix}browse/{group.path}"


def _page(
    group: Group,
    part: Part,
    ends: Sequence[lists.End],
    tree: Tree,
    environment: Environment,
    *,
    rows: Html | None = None,
    ranges: Html | None = None,
) -> tuple[str, bytes]:
    of = lists.between(Listed(part.path, len(part.rows), ends), tree) if part.ancestors else None
    total = None if rows is not None and part.ancestors else len(part.rows)
    name, kind = tree.name_of(group.of), tree.words[f"kind_{group.kind}"]
    home = _home(group, tree, environment)
    way = ((home + above, tree.words["list_range"] if above else name) for above in part.ancestors)
    return tree.cast(
        environment,
        "list.html",
        f"browse/{group.path}{part.path}",
        name=name,
        kind=kind,
        title=tree.words["list_title"].format(name=name, kind=kind),
        standard=group.scheme and group.scheme.standard,
        scheme=group.scheme and tree.name_of(group.scheme),
        body=None if of else group.body,
        seal=None if group.stars is None else Html(seal_with(group.stars)),
        list=home,
        previous=part.previous,
        next=part.next,
        up=part.up,
        way=environment.each("_range.html", "step", way),
        of=of and of.text,
        shown=of and environment.part("_range.html", "shown", of.shown),
        summary=None if total is None else tree.words["list_summary"].format(n=f"{total:,}"),
        empty=total == 0,
        rows=rows,
        ranges=ranges,
    )
