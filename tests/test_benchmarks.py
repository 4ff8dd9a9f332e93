"""The benchmarks measure what they say: the same records each time, each build in turn, and a table that adds up."""

import hashlib
import json
import sys
from itertools import islice
from pathlib import Path
from random import Random

import pytest
from records import problems_in

from benchmarks.builds import Build, Group, files_and_bytes
from benchmarks.companies import realistic
from benchmarks.facts import Facts
from benchmarks.gauge import Failed, Usage, usage
from benchmarks.project import Project
from benchmarks.records import UNTIL, records
from benchmarks.rounds import Result, rounds
from benchmarks.table import tables

FIRST_200 = "22f85f433e51231cd9bc4a00f56cc3f8ce61ee48773f19eaa448abcbbbaad268"
HOLDING = "import time; held = b'.' * 60_000_000; time.sleep(0.4)"
STARTING = f"import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', {HOLDING!r}])"
TABLES = """\
**1,000 records**

| | wall s | against the first | CPU s | peak MB | largest process MB | files | MB written |
|---|--:|--:|--:|--:|--:|--:|--:|
| ours | 2.00 | 1.00 (1.00–1.00) | 3.00 | 150 | 100 | 1,234 | 12.3 |
| theirs | 10.0 | 5.00 (4.00–8.00) | 3.00 | 150 | 100 | 1,234 | 12.3 |
| broken | exit code 2 | | | | | | |

**10,000 records**

| | wall s | against the first | CPU s | peak MB | largest process MB | files | MB written |
|---|--:|--:|--:|--:|--:|--:|--:|
| ours | 2.00 | 1.00 | 3.00 | 150 | 100 | 1,234 | 12.3 |"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with 40 made-up records."""
    made = Project(tmp_path_factory.mktemp("benchmarks") / "project")
    made.write(40)
    return made


def told(project: Project) -> list[str]:
    """What is wrong in the project's registry."""
    return [str(problem) for problem in problems_in(project.folder / "registry")]


def result(build: str, number: int, wall: float, group: str = "1,000 records") -> Result:
    """A result of that wall time, all else being fixed."""
    return Result(group, build, number, Usage(wall, 3.0, 150_000_000, 100_000_000), 1234, 12_345_678)


def making(name: str, folder: Path, script: str = "mkdir") -> Build:
    """A build that makes its folder, in that way."""
    return Build(name, folder, lambda out: [["sh", "-c", f'{script} "$0"', str(out)]])


def test_the_records_are_the_same_everywhere_and_ever() -> None:
    """Figures can be compared only while the records stay the same, byte for byte."""
    text = "".join(path + text for path, text in records(200))
    assert hashlib.sha256(text.encode()).hexdigest() == FIRST_200


def test_no_two_holders_are_alike() -> None:
    """Although names are remembered by checksum alone, no name and no code comes twice."""
    companies = list(islice(realistic(Random(1)), 20_000))
    assert len({company.name for company in companies}) == len({company.uscc for company in companies}) == 20_000


def test_nothing_is_wrong_in_a_project(project: Project) -> None:
    """What is measured is a register without a problem."""
    assert told(project) == []


def test_peers_are_told_of_valid_certificates_only(project: Project, tmp_path: Path) -> None:
    """The peers get the certificates that are valid on the day, and in the others' place nothing."""
    slugs = [slug for slug, _ in Facts(project.folder, UNTIL, tmp_path / "facts").certificates()]
    files = [path.stem for path in (project.folder / "registry" / "certificates").glob("*/*.yaml")]
    assert set(slugs) < set(files)
    assert 25 < len(slugs) < 40


def test_peers_are_told_every_name_that_a_certificate_points_to(project: Project, tmp_path: Path) -> None:
    """Whatever a page has to look up is among what all pages share, and all of it can be written as JSON."""
    facts = Facts(project.folder, UNTIL, tmp_path / "facts")
    shared = json.loads(json.dumps(facts.shared()))
    for _, told in facts.certificates():
        assert told["level"] in shared["schemes"][told["scheme"]]["levels"]
        assert all(told[key] in shared["lists"][key]["terms"] for key in shared["lists"])
        assert all(audit["kind"] in shared["audits"]["zh"] for audit in told["audits"])
        assert all(site["kind"] in shared["places"]["en"] for site in told["sites"])
    assert [len(links) for links in shared["links"].values()] == [6, 6]


def test_a_renamed_holder_is_a_change_and_no_problem(project: Project, tmp_path: Path) -> None:
    """Each renaming gives another name, and the registry stays in order."""
    for slug, _ in Facts(project.folder, UNTIL, tmp_path / "facts").certificates():
        (tmp_path / "C" / slug).mkdir(parents=True)
    renamed = [project.rename_a_holder(tmp_path) for _ in range(2)]
    page, name = renamed[1]
    assert renamed[0][0] == page
    assert renamed[0][1] != name
    assert told(project) == []
    (record,) = (project.folder / "registry").glob(f"certificates/*/{page.parent.name}.yaml")
    assert f"  name: {name}\n" in record.read_text(encoding="utf-8")


def test_an_edited_template_says_so(project: Project) -> None:
    """Each edit of the template takes the place of the one before."""
    says = [project.edit_a_template() for _ in range(2)]
    text = (project.folder / "templates" / "certificate.html").read_text(encoding="utf-8")
    assert [text.count(one) for one in says] == [0, 1]


def test_memory_is_that_of_all_processes_at_once() -> None:
    """Two processes that hold 60 MB at the same time are 120 MB, of which the largest has at least its 60."""
    used = usage([[sys.executable, "-c", f"{STARTING}; {HOLDING}; child.wait()"]], Path())
    assert used.memory > 120_000_000 > used.largest > 60_000_000


def test_commands_one_after_the_other_add_up_in_time_but_not_in_memory() -> None:
    """Time is summed; of memory the greater counts."""
    one, other = Usage(1.0, 2.0, 300, 200), Usage(0.5, 0.25, 400, 100)
    assert one.then(other) == Usage(1.5, 2.25, 400, 200)


def test_a_command_that_fails_says_how() -> None:
    """A failure is told with its exit code and the last words of the command."""
    with pytest.raises(Failed) as failed:
        usage([["sh", "-c", "echo no room left; exit 7"]], Path())
    assert str(failed.value) == "exit code 7\nno room left\n"


def test_builds_take_turns_in_fresh_folders(tmp_path: Path) -> None:
    """In every round each build has its turn, and a folder that was not there before."""
    outputs = tmp_path / "outputs"
    outputs.mkdir()
    group = Group("all", [making("a", tmp_path), making("b", tmp_path)])
    found = list(rounds([group], 2, outputs, lambda _: None))
    assert [(one.build, one.number, one.failure) for one in found] == [
        ("a", 1, ""),
        ("b", 1, ""),
        ("a", 2, ""),
        ("b", 2, ""),
    ]
    assert len(list(outputs.iterdir())) == 4


def test_a_build_that_fails_is_not_tried_again(tmp_path: Path) -> None:
    """One failure is enough, and the others go on."""
    outputs = tmp_path / "outputs"
    outputs.mkdir()
    group = Group("all", [making("a", tmp_path), making("b", tmp_path, "false")])
    found = list(rounds([group], 2, outputs, lambda _: None))
    assert [(one.build, one.failure) for one in found] == [("a", ""), ("b", "exit code 1"), ("a", "")]


def test_files_and_bytes_are_counted_in_all_folders(tmp_path: Path) -> None:
    """Every file counts, however deep it lies."""
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    (tmp_path / "one").write_bytes(b"12345")
    (tmp_path / "deep" / "deeper" / "two").write_bytes(b"678")
    assert files_and_bytes(tmp_path) == (2, 8)


def test_tables_show_medians_and_the_spread_of_ratios() -> None:
    """A ratio is taken within a round; in brackets are the least and the greatest; one round has no spread."""
    ours = [result("ours", number, wall) for number, wall in enumerate((1.0, 3.0, 2.0), 1)]
    theirs = [result("theirs", number, wall) for number, wall in enumerate((8.0, 12.0, 10.0), 1)]
    broken = [Result("1,000 records", "broken", 1, failure="exit code 2")]
    assert tables([*ours, *theirs, *broken, result("ours", 1, 2.0, "10,000 records")]) == TABLES
