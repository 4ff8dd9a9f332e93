"""Parts of a register that are built apart, on several machines perhaps, make the site that is built in one place."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from project import DAY, shipped
from rows import PROJECT, order

from starcert import settings
from starcert.memory import Memory
from starcert.order import Order
from starcert.outcome import Due, Outcome, Work
from starcert.pages import roll
from starcert.pages.edition import Edition
from starcert.publication import Publication
from starcert.registry import open_registry
from starcert.stopwatch import Stopwatch

COHORTS = ("roll/0", "roll/1", "roll/2", "roll/3")
"""How the rolls of a cohort begin."""


def built_apart(order: Order, cohort: str, files: dict[str, bytes]) -> list[Outcome]:
    """The outcomes of the records of one cohort, whose pages are put among the files; nothing is shared with others."""
    registry = open_registry(order.registry)
    edition = Edition(order, registry.rulebook)
    work = Work(registry, order.day, edition.certificate, files.__setitem__)
    mine = [Due(file) for file in registry.files if roll.place(file.stem).startswith(cohort)]
    return [outcome for outcome, _ in map(work, mine) if outcome and outcome.tie]


def test_cohorts_built_apart_and_together_give_the_same_bytes(tmp_path: Path) -> None:
    """Pages come from the cohorts, and from their outcomes, joined in one memory, all that tells of several."""
    made = shipped(tmp_path / "project")
    assert made.build("--no-search").code == 0
    register = settings.read_register(PROJECT / "site.yaml")
    asked = replace(order(register), day=date.fromisoformat(DAY), demonstration=True, registry=PROJECT / "registry")
    files: dict[str, bytes] = {}
    with Memory() as memory:
        for cohort in COHORTS:
            memory.records.learn(built_apart(asked, cohort, files))
        edition = Edition(asked, open_registry(asked.registry).rulebook)
        Publication(asked, memory, edition, files.__setitem__, files.__getitem__, "the same", Stopwatch()).make({}, {})
    assert files == made.site
