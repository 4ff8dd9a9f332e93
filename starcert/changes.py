"""Changes: what readers of the site gain and lose from one day, or one push, to the next."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

from starcert.certificate import slug
from starcert.memory import Damaged, Memory
from starcert.memory.records import unpack_row
from starcert.outcome import Outcome
from starcert.register import Register
from starcert.rulebook import Rulebook

Published = Mapping[str, Outcome]


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate as the site shows it, or showed it last; the level in both languages, the page's address."""

    number: str
    holder: str
    holder_en: str | None
    level: str
    level_en: str
    address: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A certificate that the site shows, and the one that it showed in its place: itself, or its predecessor."""

    before: Shown
    after: Shown


@dataclass(frozen=True, slots=True)
class Changes:
    """What changes on the site; each certificate in one of the five, in the order of numbers.

    `renewed` are new ones in place of those that they supersede and that leave, `relevelled` those of another level,
    `amended` those that show anything else than before.
    """

    published: tuple[Shown, ...]
    renewed: tuple[Changed, ...]
    relevelled: tuple[Changed, ...]
    amended: tuple[Changed, ...]
    removed: tuple[Shown, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many certificates there are of each kind of change."""
        return {kind.name: len(getattr(self, kind.name)) for kind in fields(self)}

    def __bool__(self) -> bool:
        return any(self.counts.values())


def changes(before: Published, after: Published, rulebook: Rulebook, register: Register) -> Changes:
    """What changes when, of some certificates, those were published `before`, by slug, and these are now.

    `rulebook` names the levels; one that it does not know any more is named by its id.
    """
    told: Callable[[Outcome], Shown] = partial(_shown, rulebook=rulebook, register=register)
    come, gone = after.keys() - before.keys(), before.keys() - after.keys()
    stayed = sorted(one for one in before.keys() & after.keys() if _differ(before[one], after[one]))
    heirs = dict(_successions(before, after, come, gone))
    other = {one for one in stayed if _level(before[one]) != _level(after[one])}

    def changed(old: str, new: str) -> Changed:
        return Changed(told(before[old]), told(after[new]))

    return Changes(
        published=tuple(told(after[one]) for one in sorted(come - heirs.keys())),
        renewed=tuple(changed(old, new) for new, old in heirs.items()),
        relevelled=tuple(changed(one, one) for one in stayed if one in other),
        amended=tuple(changed(one, one) for one in stayed if one not in other),
        removed=tuple(told(before[one]) for one in sorted(gone.difference(heirs.values()))),
    )


def replaced(file: Path, memory: Memory) -> tuple[Published, Published] | None:
    """What a new memory tells otherwise than the one in the `file`, which is void for pages, of what is published.

    Each is by slug, of the certificates whose rows or records differ. None where that memory is another program's.
    """
    with suppress(Damaged), Memory(file) as old:
        if old.fact("program") == memory.fact("program"):
            before = dict(_marks(old))
            moved = {slug for slug, mark in _marks(memory) if before.pop(slug, None) != mark}
            moved.update(before)
            return old.records.published(moved), memory.records.published(moved)
    return None


def _marks(memory: Memory) -> Iterator[tuple[str, int]]:
    """What tells one state of a valid certificate from another, in little room."""
    return ((one.slug, hash((one.row, one.digest))) for one in memory.records.all_published())


def _successions(before: Published, after: Published, come: set[str], gone: set[str]) -> Iterator[tuple[str, str]]:
    """Each new certificate that takes the place of one that leaves, with that one, by slug."""
    named = {slug(before[old].superseded_by or ""): old for old in gone}
    for new in sorted(come):
        old = slug(after[new].supersedes or "") or named.get(new, "")
        if old in gone:
            yield new, old


def _differ(one: Outcome, other: Outcome) -> bool:
    return (one.row, one.imprint) != (other.row, other.imprint)


def _level(outcome: Outcome) -> tuple[str, str]:
    row = unpack_row(outcome.row)
    return row.scheme, row.level


def _shown(outcome: Outcome, rulebook: Rulebook, register: Register) -> Shown:
    row = unpack_row(outcome.row)
    scheme = rulebook.schemes.get(row.scheme)
    names = {level.id: (level.name, level.name_en) for level in scheme.levels} if scheme else {}
    level, level_en = names.get(row.level, (row.level, row.level))
    return Shown(row.number, row.name, row.name_en, level, level_en, register.certificate_address(row.slug))
