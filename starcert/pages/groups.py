"""Groups: the lists that there are, and which of them a certificate is on."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from starcert.body import Body
from starcert.listing import Row
from starcert.pages.tree import Named
from starcert.rulebook import Rulebook
from starcert.scheme import Level, Scheme


@dataclass(frozen=True, slots=True)
class Group:
    """One list: all rows of one level, province, industry or body. `path` lies below browse/."""

    path: str
    of: Named
    scheme: Scheme | None = None

    @property
    def kind(self) -> str:
        """What the list is by: level, province, industry or body."""
        return self.path.partition("/")[0]

    @property
    def stars(self) -> int | None:
        """The stars of a level, or None for a group of another kind."""
        return self.of.stars if isinstance(self.of, Level) else None

    @property
    def body(self) -> Body | None:
        """The certification body, or None for a group of another kind."""
        return self.of if isinstance(self.of, Body) else None


def groups_of(row: Row) -> tuple[str, ...]:
    """The paths of the lists that a row is on: one of each kind."""
    return (
        level_path(row.scheme, row.level),
        f"province/{row.region}/",
        f"industry/{row.industry}/",
        f"body/{row.body}/",
    )


def level_path(scheme: str, level: str) -> str:
    """Where the list of a level lies below browse/."""
    return f"level/{scheme}/{level}/"


def groups(rulebook: Rulebook, filled: Container[str]) -> Mapping[str, list[Group]]:
    """The lists of each kind that are `filled`, in the rulebook's order, highest level first; and all bodies'."""
    schemes = rulebook.schemes.values()
    kinds = {
        "level": [
            Group(level_path(scheme.id, level.id), level, scheme) for scheme in schemes for level in scheme.levels[::-1]
        ],
        "province": [Group(f"province/{term.code}/", term) for term in rulebook.vocabularies["regions"].terms],
        "industry": [Group(f"industry/{term.code}/", term) for term in rulebook.vocabularies["industries"].terms],
    }
    known = {kind: [one for one in some if one.path in filled] for kind, some in kinds.items()}
    return known | {"body": [Group(f"body/{body.id}/", body) for body in rulebook.bodies.values()]}
