"""The memory of a site: which records are due again, and what is known of the others."""

import os
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath

import pytest
import rows
from hypothesis import given
from hypothesis import strategies as st
from records import BODY, RECORD, varied, write_registry

from starcert.memory import Memory
from starcert.memory.base import MANY
from starcert.memory.files import MOMENT
from starcert.memory.lines import Line
from starcert.outcome import Due, Work
from starcert.pages.edition import Edition
from starcert.problems import Problem
from starcert.recordfile import RecordFile
from starcert.registry import open_registry

DAY = date(2026, 11, 22)
FOLDER = f"certificates/{BODY}"
NUMBERS = ["99925SC00123R1M", "99925SC00124R1M", "99925SC00125R1M"]


@dataclass
class Site:
    """A registry, and what a memory learns of it in builds one after the other; of each, the due are told."""

    folder: Path
    memory: Memory

    def path(self, number: str) -> Path:
        return self.folder / f"{FOLDER}/{number}.yaml"

    def write(self, number: str, *changes: tuple[str, str]) -> None:
        self.path(number).write_text(varied((f"number: {NUMBERS[0]}", f"number: {number}"), *changes), "utf-8")

    def listed(self, day: date = DAY, later: int = MOMENT + 1) -> tuple[list[Due], list[str]]:
        """What is due, and what is gone, in a build that begins so many nanoseconds after the last change."""
        files = open_registry(self.folder).files
        return self.memory.files.due(files, day, self.began(files, later))

    @staticmethod
    def began(files: Collection[RecordFile], later: int) -> int:
        return max(file.changed for file in files) + later

    def due(self, day: date = DAY, later: int = MOMENT + 1) -> list[str]:
        """The numbers of the records that are due."""
        return [one.file.stem for one in self.listed(day, later)[0]]

    def build(self, day: date = DAY, later: int = MOMENT + 1) -> list[str]:
        """Work on all that is due; the numbers of those of which something else is known since."""
        (due, gone), registry = self.listed(day, later), open_registry(self.folder)
        work = Work(registry, day)
        self.memory.records.forget(gone)
        found = [outcome for one in due if (outcome := work(one).outcome)]
        self.memory.records.learn(outcome for outcome in found if outcome.tie)
        left_out = {outcome.path for outcome in found if not outcome.tie}
        self.memory.files.know(registry.files, self.began(registry.files, later), left_out)
        return [PurePath(outcome.path).stem for outcome in found]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Three records of one body and scheme, which the memory has learnt."""
    files = {f"{FOLDER}/{number}.yaml": RECORD.replace(NUMBERS[0], number) for number in NUMBERS}
    write_registry(tmp_path / "registry", files)
    with Memory() as memory:
        made = Site(tmp_path / "registry", memory)
        made.build()
        yield made


def test_a_new_memory_knows_nothing(tmp_path: Path) -> None:
    """All records are due, and none is believed to be as it was."""
    write_registry(tmp_path, {f"{FOLDER}/{NUMBERS[0]}.yaml": RECORD})
    with Memory() as memory:
        due, gone = Site(tmp_path, memory).listed()
        assert memory.new
    assert [(one.file.stem, one.known) for one in due] == [(NUMBERS[0], None)]
    assert gone == []


def test_where_nothing_happened_nothing_is_due(site: Site) -> None:
    """The second build of a day has nothing to do."""
    assert site.listed() == ([], [])


def test_a_record_that_comes_is_due(site: Site) -> None:
    """The others are not."""
    site.write("99925SC00126R1M")
    assert site.build() == ["99925SC00126R1M"]
    assert site.due() == []


def test_a_record_that_goes_is_told_by_its_path(site: Site) -> None:
    """And is gone once only."""
    site.path(NUMBERS[1]).unlink()
    assert site.listed() == ([], [str(site.path(NUMBERS[1]))])
    site.build()
    assert site.listed() == ([], [])


def test_a_record_under_another_name_is_due(site: Site) -> None:
    """The file goes from one path and comes to another."""
    site.path(NUMBERS[1]).rename(site.path("99925SC00126R1M"))
    due, gone = site.listed()
    assert [one.file.stem for one in due] == ["99925SC00126R1M"]
    assert gone == [str(site.path(NUMBERS[1]))]


def test_a_changed_record_is_due(site: Site) -> None:
    """Also when its size stays the same."""
    site.write(NUMBERS[1], ("region: 33", "region: 44"))
    assert site.build() == [NUMBERS[1]]
    assert site.due() == []


def test_a_record_that_is_touched_is_read_and_found_as_it_was(site: Site) -> None:
    """Its bytes say what is known, and afterwards it is not looked at again."""
    os.utime(site.path(NUMBERS[1]))
    assert site.due() == [NUMBERS[1]]
    assert site.build() == []
    assert site.due() == []


def test_a_change_under_an_old_modification_time_is_seen(site: Site) -> None:
    """Archives and synchronising programs set that time; nobody sets the time of the last change."""
    before = site.path(NUMBERS[1]).stat()
    site.write(NUMBERS[1], ("region: 33", "region: 44"))
    os.utime(site.path(NUMBERS[1]), ns=(before.st_atime_ns, before.st_mtime_ns))
    assert site.build() == [NUMBERS[1]]


def test_a_file_put_in_place_of_another_is_seen(site: Site) -> None:
    """It has another inode, though nothing else may tell."""
    aside = site.folder.with_name("aside.yaml")
    aside.write_text(site.path(NUMBERS[1]).read_text("utf-8").replace("region: 33", "region: 44"), "utf-8")
    aside.replace(site.path(NUMBERS[1]))
    assert site.build() == [NUMBERS[1]]


@pytest.mark.parametrize(("later", "again"), [(MOMENT - 1, True), (MOMENT, True), (MOMENT + 1, False)])
def test_a_file_changed_within_the_last_moment_is_looked_at_again(site: Site, later: int, again: bool) -> None:
    """The clock of a disk is coarse: it could change once more in the same tick, and be of the same size."""
    site.write(NUMBERS[1], ("region: 33", "region: 44"))
    assert NUMBERS[1] in site.build(later=later)
    assert (NUMBERS[1] in site.due()) == again
    assert site.build() == []
    assert site.due() == []


def test_a_file_changed_within_the_last_moment_that_goes_is_gone(site: Site) -> None:
    """It was not settled when it was seen last, but it was there."""
    site.write(NUMBERS[1], ("region: 33", "region: 44"))
    site.build(later=MOMENT - 1)
    site.path(NUMBERS[1]).unlink()
    assert site.listed()[1] == [str(site.path(NUMBERS[1]))]


@pytest.mark.parametrize(
    ("day", "due"),
    [
        *(("2026-02-08", True), ("2026-02-09", False), ("2026-02-10", False)),
        *(("2027-03-10", False), ("2027-03-11", False), ("2027-03-12", True)),
        *(("2025-02-28", True), ("2028-03-01", True)),
    ],
)
def test_a_record_is_due_on_a_day_on_which_something_else_is_said_of_it(site: Site, day: str, due: bool) -> None:
    """From the last audit that is known up to the last day for the next one, nothing is; nor is it day by day."""
    then = date.fromisoformat(day)
    assert site.due(then) == (NUMBERS if due else [])
    assert site.build(then) == (NUMBERS if due else [])
    assert site.due(then) == []
    assert site.due(DAY) == (NUMBERS if due else [])


@pytest.mark.parametrize(("field", "value"), [("body", BODY), ("scheme", "gbt-27922-2011")])
def test_the_records_of_a_changed_body_or_scheme_are_worked_on_again(site: Site, field: str, value: str) -> None:
    """Although their own bytes are the same."""
    site.memory.records.void(field, value)
    assert site.build() == NUMBERS
    assert site.due() == []


@pytest.mark.parametrize(("field", "value"), [("body", "other-cb"), ("scheme", "gbt-27925-2011")])
def test_the_records_of_other_bodies_and_schemes_are_not(site: Site, field: str, value: str) -> None:
    """A change of one body costs the records of one body."""
    site.memory.records.void(field, value)
    assert site.due() == []


def test_a_record_with_a_problem_is_due_until_it_is_mended(site: Site) -> None:
    """Nothing is known of it, so its problems are told in every build."""
    site.write(NUMBERS[1], ("region: 33", "region: 77"))
    due, _ = site.listed()
    outcome = Work(open_registry(site.folder), DAY)(due[0]).outcome
    assert outcome
    assert (outcome.tie, outcome.row) == (b"", b"")
    site.memory.records.forget([outcome.path])
    site.build()
    assert site.due() == [NUMBERS[1]]


def test_warnings_are_known_without_reading(site: Site) -> None:
    """A record that is sound but for a warning tells it again, with its path and number."""
    site.path("X1").write_text(varied((f"number: {NUMBERS[0]}", "number: X1")), "utf-8")
    site.build()
    [(path, number, [problem])] = site.memory.records.warnings()
    assert (path, number, problem.rule) == (str(site.path("X1")), "X1", "number_matches_body")


def test_what_is_wrong_between_records_stays_known_of_those_not_judged() -> None:
    """Judged anew, a record's problems are replaced; judged all, everything is."""
    one, two, three = (Problem(path, 1, 1, "rule", "message") for path in ("one", "two", "three"))
    with Memory() as memory:
        assert memory.records.between(None, [one, two]) == [one, two]
        assert sorted(memory.records.between({"two", "three"}, [three])) == [one, three]
        assert memory.records.between(None, [two]) == [two]
        memory.records.forget(["two"])
        assert memory.records.between((), []) == []


def test_a_memory_knows_more_records_than_one_question_may_name() -> None:
    """Questions are asked in parts."""
    many = rows.long(2 * MANY + 1)
    with Memory() as memory:
        memory.records.learn(map(rows.outcome, many))
        assert memory.records.published(row.slug for row in many).keys() == {row.slug for row in many}


def test_what_was_learnt_is_kept_only_when_told(tmp_path: Path) -> None:
    """A build that fails has learnt nothing."""
    path, one, other = tmp_path / "memory", rows.outcome(rows.row(1)), rows.outcome(rows.row(2))
    with Memory(path) as memory:
        memory.records.learn([one])
        memory.keep()
    with Memory(path) as memory:
        memory.records.learn([other])
        memory.records.forget([one.path])
    with Memory(path) as memory:
        assert not memory.new
        assert list(memory.records.all_published()) == [one]


def test_values_come_back_as_they_were() -> None:
    """An outcome and its row are the same after the memory had them."""
    one = rows.row(7, brands=("云栖", "YUNQI"), former_names=("旧名",), name_en=None)
    with Memory() as memory:
        memory.records.learn([rows.outcome(one)])
        assert list(memory.records.at([rows.outcome(one).path])) == [rows.outcome(one)]
        assert memory.records.latest(1) == [one]


def test_a_file_that_is_no_memory_is_refused(tmp_path: Path) -> None:
    """The site's word for it would not hold; where it is opened all the same, nothing of it is believed."""
    (tmp_path / "memory").write_bytes(b"no memory" * 1_000)
    with pytest.raises(sqlite3.DatabaseError), Memory(tmp_path / "memory"):
        pass


# stock


def test_what_is_in_stock_is_there_for_the_next_build(tmp_path: Path) -> None:
    """And what a build makes anew takes its place."""
    path = tmp_path / "memory"
    for kept, found in (({"a": b"1", "b": b"2"}, {}), ({"a": b"3"}, {"a": b"1", "b": b"2"})):
        with Memory(path) as memory:
            assert memory.stock.all() == found
            memory.stock.keep(kept)
            memory.keep()
    with Memory(path) as memory:
        assert memory.stock.all() == {"a": b"3", "b": b"2"}


@pytest.mark.parametrize("spoilt", ["data = x'32'", "name = 'c'", "digest = x''"])
def test_what_is_spoilt_in_stock_is_not_given(tmp_path: Path, spoilt: str) -> None:
    """Code with one wrong bit could do anything, so it is made anew."""
    path = tmp_path / "memory"
    with Memory(path) as memory:
        memory.stock.keep({"a": b"1", "b": b"2"})
        memory.keep()
    base = sqlite3.connect(path)
    base.execute(f"UPDATE stock SET {spoilt} WHERE name = 'a'")
    base.commit()
    base.close()
    with Memory(path) as memory:
        assert memory.stock.all() == {"b": b"2"}


def test_templates_are_compiled_once_for_all_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their code, and what the texts are called, come from the stock; the pages are the same."""
    stock: dict[str, bytes] = {}
    first = dict(Edition(rows.order(), rows.RULEBOOK, stock).holder([rows.row(1), rows.row(2)]))
    assert len(stock) > 3
    monkeypatch.setattr("jinja2.Environment.compile", None)
    monkeypatch.setattr("starcert.pages.content.read", None)
    assert dict(Edition(rows.order(), rows.RULEBOOK, stock).holder([rows.row(1), rows.row(2)])) == first


# lines


LINES = st.sets(st.tuples(st.sampled_from(["level/a/b/", "body/c/"]), st.integers(0, 40)), max_size=40)


def line(number: int) -> Line:
    """A line of a certificate; their places are not in the order of their numbers."""
    return Line(f"{number * 17 % 41:02}".encode(), f"slug-{number}", -number, number)


@given(st.lists(LINES, max_size=6))
def test_a_list_holds_what_came_and_has_not_gone(states: list[set[tuple[str, int]]]) -> None:
    """In the order of places, however many lines come and go at once."""
    with Memory() as memory:
        before: set[tuple[str, int]] = set()
        for now in states:
            gone, come = (((path, line(number)) for path, number in some) for some in (before - now, now - before))
            memory.lines.change(gone, come)
            for path in ("level/a/b/", "body/c/"):
                held = sorted(line(number) for listed, number in now if listed == path)
                assert list(zip(*memory.lines.of(path), strict=True)) == held
                assert memory.lines.lengths().get(path, 0) == len(held)
            before = now
