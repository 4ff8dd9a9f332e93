"""Findings: what is wrong in a registry, gathered while its records are judged one by one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import PurePath

from starcert.certificate import slug
from starcert.problems import Problem, Severity
from starcert.rules import Tie


@dataclass(slots=True)
class Findings:
    """Problems so far; the paths of the records that cannot be published, and the numbers that they bear.

    A record is also known by its file's name, the slug of the number that it should hold.
    """

    of_registry: tuple[Problem, ...]
    of_records: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    between: list[Problem] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)
    numbers_left_out: set[str] = field(default_factory=set)

    def note(self, path: str, number: str, problems: tuple[Problem, ...], sound: bool) -> None:
        """Keep what is wrong with one record; it is left out unless it is sound."""
        if problems:
            self.of_records[path] = problems
        if not sound:
            self._leave_out(path, number)

    def note_between(self, problems: Iterable[Problem], ties: Collection[Tie]) -> list[Tie]:
        """Keep what is wrong between records; those of the `ties` that are left out for it.

        Of records that share an address none is published, broken or not: nobody but their bodies can tell which is
        right. Nor is a sub-certificate whose parent is left out: the parent may no longer be valid.
        """
        found = list(problems)
        self.between += found
        broken = {problem.path for problem in found if problem.severity is Severity.PROBLEM}
        clashing = {problem.path for problem in found if problem.rule in ("number_is_unique", "slug_is_unique")}
        shared = {tie.slug for tie in ties if tie.path in clashing} | {PurePath(path).stem for path in self.left_out}
        spoiled = [tie for tie in ties if tie.path in broken or tie.slug in shared or self._lost(tie.parent)]
        for tie in spoiled:
            self._leave_out(tie.path, tie.number)
        return spoiled

    def _lost(self, parent: str | None) -> bool:
        return parent is not None and not self.numbers_left_out.isdisjoint((parent, slug(parent)))

    def _leave_out(self, path: str, number: str) -> None:
        self.left_out.add(path)
        self.numbers_left_out |= {PurePath(path).stem, number}

    def all(self) -> list[Problem]:
        """Every problem and warning, each once, in the order of places."""
        of_records = [problem for problems in self.of_records.values() for problem in problems]
        return sorted({*self.of_registry, *of_records, *self.between})

    @property
    def blocking(self) -> bool:
        """Whether anything but warnings was found."""
        return any(problem.severity is Severity.PROBLEM for problem in self.all())

    def forbid(self, skip_broken: bool) -> bool:
        """Whether the site must stay as it is."""
        return self.blocking and not skip_broken
