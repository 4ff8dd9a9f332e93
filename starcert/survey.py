"""Survey: the records of a registry judged for a day, each by itself and then against each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, Protocol, TypeVar

from starcert.certificate import slug
from starcert.findings import Findings
from starcert.memory import Memory
from starcert.order import Order
from starcert.outcome import STAGES, Due, Outcome, Work, unpack_problems
from starcert.registry import Registry, open_registry
from starcert.rules import Tie, judge_between
from starcert.tally import Tally
from starcert.terminal import watched
from starcert.workers import spread

MANY = 2_000
"""Of more touched records than this, all are judged against each other: that is quicker than to ask who is met."""


class Asked(Protocol):
    """What of an order matters to a survey."""

    @property
    def day(self) -> date: ...
    @property
    def jobs(self) -> int: ...
    @property
    def quiet(self) -> bool: ...
    @property
    def skip_broken(self) -> bool: ...


A = TypeVar("A", bound=Asked)


@dataclass(slots=True)
class Survey(Generic[A]):
    """What is due is judged, of the rest the memory knows; `findings` grows as it goes.

    `touched` are the slugs that a record had before or has now, `before` are those that were published;
    there is `news` when any record says another thing than the memory.
    """

    order: A
    registry: Registry
    memory: Memory
    findings: Findings
    touched: set[str] = field(default_factory=set)
    news: bool = False
    before: dict[str, Outcome] = field(default_factory=dict)
    _spent: list[int] = field(default_factory=lambda: [0] * len(STAGES))

    def judge(self, due: Sequence[Due], gone: Sequence[str], work: Work) -> None:
        """Work on each record that is due; what is wrong with the others is remembered."""
        paths = {one.file.shown for one in due}
        for known in self.memory.records.at(paths.union(gone)):
            self.touched.add(known.slug)
            if known.row:
                self.before[known.slug] = known
        self.news = bool(gone)
        self.memory.records.forget(gone)
        for path, number, problems in list(self.memory.records.warnings()):
            if path not in paths:
                self.findings.note(path, number, problems, sound=True)
        self.memory.records.learn(self._sound(due, work))

    def _sound(self, due: Sequence[Due], work: Work) -> Iterator[Outcome]:
        done = spread(work, due, self.order.jobs)
        for one, (found, spent) in zip(due, watched(done, len(due), "records", self.order.quiet), strict=True):
            self._spent = [total + more for total, more in zip(self._spent, spent, strict=True)]
            outcome = found or next(self.memory.records.at([one.file.shown]))
            self.news |= found is not None
            problems = unpack_problems(outcome.problems) if outcome.problems else ()
            self.findings.note(outcome.path, outcome.number, problems, sound=bool(outcome.tie))
            if not self.memory.new:
                self.touched.update((outcome.slug, slug(outcome.number)))
            if outcome.tie:
                yield outcome
            else:
                self.memory.records.forget([outcome.path])

    def settle(self) -> list[Tie]:
        """Judge the certificates against each other; the ties of those that are left out for it.

        Where records with problems are skipped, the rest is judged without them, until nothing is wrong any more.
        """
        touched, spoiled = self.touched, []
        while True:
            ties, judged, everything = self._met(touched)
            found = judge_between(ties, self.findings.numbers_left_out, judged, self.memory.records.numbers)
            known = self.memory.records.between(None if everything else judged, found)
            lost = self.findings.note_between(known, ties)
            spoiled += lost
            self._lose([tie.path for tie in lost])
            if not (lost and self.order.skip_broken):
                return spoiled
            touched = {tie.slug for tie in lost}

    def _lose(self, paths: Sequence[str]) -> None:
        """Forget records that were not worked on perhaps, but are left out all the same."""
        for known in self.memory.records.at(paths):
            self.touched.add(known.slug)
            if known.row:
                self.before.setdefault(known.slug, known)
        self.memory.records.forget(paths)

    def _met(self, touched: set[str]) -> tuple[list[Tie], set[str], bool]:
        """The ties of those to be judged and of those that they can meet, the paths of the former; if that is all.

        A certificate that shares no slug and refers to no other has nothing to be judged for. Who refers to what is
        left out is judged each time.
        """
        records, everything = self.memory.records, self.memory.new or len(touched) > MANY
        left_out = {slug(number) for number in self.findings.numbers_left_out}
        judged = records.tied() | records.linked(left_out) if everything else records.linked(touched | left_out)
        ties = {tie.path: tie for tie in records.ties_at(judged)}
        named = [(tie.number, tie.supersedes, tie.superseded_by, tie.parent) for tie in ties.values()]
        slugs = {slug(number) for numbers in named for number in numbers if number}
        met = {tie.path: tie for tie in records.ties_of(slugs)}
        return list((ties | met).values()), judged, everything

    def spent(self) -> Iterator[tuple[str, float]]:
        """The seconds that all workers together spent on each of outcome.STAGES."""
        return ((stage, spent / 1e9) for stage, spent in zip(STAGES, self._spent, strict=True))

    def after(self) -> dict[str, Outcome]:
        """Those of the touched that are published now, by slug; none when all are new."""
        return {} if self.memory.new else self.memory.records.published(self.touched)

    @property
    def tally(self) -> Tally:
        """What was counted."""
        return Tally(
            self.order.day,
            len(self.registry.files),
            len(self.findings.left_out),
            self.memory.records.by_status(),
            self.memory.records.next_turn(),
        )


def survey(order: Order) -> tuple[Tally, Findings]:
    """What a build would count and find; nothing is written."""
    registry = open_registry(order.registry, order.jobs)
    with Memory() as memory:
        made = Survey(order, registry, memory, Findings(registry.problems))
        made.judge([Due(file) for file in registry.files], (), Work(registry, order.day))
        made.settle()
        return made.tally, made.findings
