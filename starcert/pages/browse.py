"""Browse: the lists by level, province, industry and certification body, which need no JavaScript.

A page is made from little, so that a change makes few pages anew. A leaf depends on its rows, on how many certificates
their holders have, on the paths of the pages beside and above it, and on its group; a range on the ends and counts of
its parts, on the same paths, and on its group.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from starcert import seal
from starcert.listing import Row
from starcert.pages import lists
from starcert.pages.environment import Environment, Html
from starcert.pages.groups import Group, group, groups, groups_of
from starcert.pages.lists import Listed
from starcert.pages.outline import Part, Tier
from starcert.pages.tree import Tree
from starcert.rulebook import Rulebook

Outlines = Mapping[str, Sequence[Tier]]

seal_with = cache(seal.svg)


def pages(
    rows: Sequence[Row], rulebook: Rulebook, trees: Sequence[Tree], environment: Environment
) -> Iterator[tuple[str, bytes]]:
    """The page that leads to the lists, and every page of each list, in every tree: paths and bytes."""
    ordered, held, levels = lists.in_order(rows), lists.certificates_of(rows), lists.levels(rulebook)
    grouped = group(ordered)
    kinds = groups(rulebook, grouped)
    shown = {one.path: one for some in kinds.values() for one in some}
    outlines = lists.outlines({path: grouped.get(path, ()) for path in shown})
    for tree in trees:
        counts = {path: len(found) for path, found in grouped.items()}
        yield tree.page(environment, "browse.html", "browse/", kinds=kinds, counts=counts, total=len(rows))
        made = lists.html(lists.lines(ordered, tree, levels, held), tree, environment)
        yield from _leaves(zip(ordered, made, strict=True), shown, outlines, tree, environment)
        for path, one in shown.items():
            for part, parts in lists.ranges(outlines[path], grouped.get(path, ())):
                yield range_page(one, part, parts, tree, environment)


def _leaves(
    rows: Iterable[tuple[Row, Html]],
    shown: Mapping[str, Group],
    outlines: Outlines,
    tree: Tree,
    environment: Environment,
) -> Iterator[tuple[str, bytes]]:
    """The leaves of all lists in one pass, so a row is made once, and forgotten with the last leaf it is on."""
    due = {path: deque(tiers[0]) for path, tiers in outlines.items()}
    for path, leaves in due.items():
        if not leaves[0].rows:
            yield leaf_page(shown[path], leaves.popleft(), None, environment.joined(()), tree, environment)
    piles: defaultdict[str, list[tuple[Row, Html]]] = defaultdict(list)
    for each in rows:
        for path in groups_of(each[0]):
            pile = piles[path]
            pile.append(each)
            if len(pile) == len(due[path][0].rows):
                del piles[path]
                ends = lists.end(pile[0][0]), lists.end(pile[-1][0])
                made = environment.joined(html for _, html in pile)
                yield leaf_page(shown[path], due[path].popleft(), ends, made, tree, environment)


def leaf_page(
    group: Group, part: Part, ends: lists.Ends | None, rows: Html, tree: Tree, environment: Environment
) -> tuple[str, bytes]:
    """One leaf of a list, made of its first and last row and of the HTML of all; an empty list's has no ends."""
    return _page(group, part, ends, tree, environment, rows=rows, ranges=())


def range_page(
    group: Group, part: Part, parts: Sequence[Listed], tree: Tree, environment: Environment
) -> tuple[str, bytes]:
    """One page of a list that leads to parts of it."""
    ends = parts[0].ends[0], parts[-1].ends[1]
    ranges = [lists.between(each, tree) for each in parts]
    return _page(group, part, ends, tree, environment, rows=None, ranges=ranges)


def _page(
    group: Group,
    part: Part,
    ends: lists.Ends | None,
    tree: Tree,
    environment: Environment,
    *,
    rows: Html | None,
    ranges: Sequence[lists.Range],
) -> tuple[str, bytes]:
    whole = Listed(part.path, len(part.rows), ends) if ends and part.ancestors else None
    return tree.page(
        environment,
        "list.html",
        f"browse/{group.path}{part.path}",
        group=group,
        seal=None if group.stars is None else seal_with(group.stars),
        part=part,
        of=lists.between(whole, tree) if whole else None,
        total=None if rows is not None and part.ancestors else len(part.rows),
        rows=rows,
        ranges=ranges,
    )
