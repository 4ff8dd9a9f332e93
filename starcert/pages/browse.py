"""Browse: the lists by level, province, industry and certification body, which need no JavaScript."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from starcert import seal
from starcert.body import Body
from starcert.listing import Row
from starcert.pages import lists
from starcert.pages.environment import Environment
from starcert.pages.tree import Named, Tree
from starcert.rulebook import Rulebook
from starcert.scheme import Level, Scheme


@dataclass(frozen=True, slots=True)
class Group:
    """One list: all rows of one level, province, industry or body. `path` lies below browse/."""

    path: str
    of: Named
    scheme: Scheme | None = None

    @property
    def stars(self) -> int | None:
        """The stars of a level, or None for a group of another kind."""
        return self.of.stars if isinstance(self.of, Level) else None

    @property
    def body(self) -> Body | None:
        """The certification body, or None for a group of another kind."""
        return self.of if isinstance(self.of, Body) else None


Grouped = Mapping[str, Sequence[Row]]


def pages(
    rows: Sequence[Row], rulebook: Rulebook, trees: Sequence[Tree], environment: Environment
) -> Iterator[tuple[str, bytes]]:
    """The page that leads to the lists, and every page of each list, in every tree: paths and bytes."""
    grouped, held, levels = group(lists.in_order(rows)), lists.certificates_of(rows), lists.levels(rulebook)
    kinds = groups(rulebook, grouped)
    for tree in trees:
        counts = {path: len(found) for path, found in grouped.items()}
        yield tree.page(environment, "browse.html", "browse/", kinds=kinds, counts=counts, total=len(rows))
        for kind, some in kinds.items():
            for one in some:
                yield from _list(one, kind, grouped.get(one.path, ()), tree, levels, held, environment)


def group(rows: Sequence[Row]) -> Grouped:
    """The rows of each list under the list's path, in the order given."""
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[level_path(row.scheme, row.level)].append(row)
        grouped[f"province/{row.region}/"].append(row)
        grouped[f"industry/{row.industry}/"].append(row)
        grouped[f"body/{row.body}/"].append(row)
    return grouped


def level_path(scheme: str, level: str) -> str:
    """Where the list of a level lies below browse/."""
    return f"level/{scheme}/{level}/"


def groups(rulebook: Rulebook, grouped: Grouped) -> Mapping[str, list[Group]]:
    """The lists of each kind, in the rulebook's order, highest level first. Bodies are listed even without a row."""
    schemes = rulebook.schemes.values()
    kinds = {
        "level": [
            Group(level_path(scheme.id, level.id), level, scheme) for scheme in schemes for level in scheme.levels[::-1]
        ],
        "province": [Group(f"province/{term.code}/", term) for term in rulebook.vocabularies["regions"].terms],
        "industry": [Group(f"industry/{term.code}/", term) for term in rulebook.vocabularies["industries"].terms],
    }
    filled = {kind: [one for one in some if one.path in grouped] for kind, some in kinds.items()}
    return filled | {"body": [Group(f"body/{body.id}/", body) for body in rulebook.bodies.values()]}


def _list(
    one: Group,
    kind: str,
    rows: Sequence[Row],
    tree: Tree,
    levels: lists.Levels,
    held: Mapping[str, int],
    environment: Environment,
) -> Iterator[tuple[str, bytes]]:
    for leaf in lists.leaves(rows):
        yield tree.page(
            environment,
            "list.html",
            f"browse/{one.path}{leaf.path}",
            group=one,
            kind=kind,
            seal=None if one.stars is None else seal.svg(one.stars),
            leaf=leaf,
            total=len(rows),
            lines=lists.lines(leaf.rows, tree, levels, held),
        )
