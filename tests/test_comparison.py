"""`build.py changes`: what the site of a registry shows that the site of another does not."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from project import CERTIFICATES, DAY, NUMBER, Ended, Project, project
from records import BODY, RECORD

HEIR, OTHER, CHILD = "99926SC00123R2M", "99925SC00124R1M", "99925SC00124R1M/1"
HOLDER = "示例云栖电器有限公司 Example Yunqi Appliances Co., Ltd."
BASE = "base"


@pytest.fixture
def both(tmp_path: Path) -> Project:
    """A project with a copy of its registry beside it, and three certificates in each."""
    made = project(tmp_path)
    made.add(OTHER)
    made.add("99925SC00125R1M")
    shutil.copytree(made.path("registry"), made.path(BASE))
    return made


def changes(made: Project, *arguments: str) -> Ended:
    """What the command says against the base."""
    return made.call("changes", BASE, "--as-of", DAY, *arguments)


def slugs(told: list[dict[str, dict[str, str]]], side: str = "") -> set[str]:
    """The slugs of certificates in the JSON."""
    return {(one[side] if side else one)["number"].replace("/", "-") for one in told}


def pages(made: Project, registry: str) -> dict[str, bytes]:
    """The certificates' pages that a build makes of a registry, by slug."""
    own = Project(made.path(f"of-{registry}"))
    own.folder.mkdir()
    for name in ("site.yaml", "templates", "content"):
        own.path(name).symlink_to(made.path(name))
    shutil.copytree(made.path(registry), own.path("registry"))
    assert own.call("--as-of", DAY, "--skip-broken", "--no-search").code in (0, 3)
    return {path.split("/")[1]: data for path, data in own.site.items() if path.startswith("C/")}


def test_the_same_registry_changes_nothing(both: Project) -> None:
    """One line, and exit code 0; nothing is written."""
    before = sorted(both.folder.rglob("*"))
    assert changes(both) == Ended(0, "公示网站无变动 nothing changes on the public site\n", "")
    assert sorted(both.folder.rglob("*")) == before


def test_the_command_tells_lines_markdown_and_json(both: Project) -> None:
    """The same change, for a terminal, for the page of a request, and for programs."""
    both.path(f"{CERTIFICATES}/{OTHER}.yaml").unlink()
    address = f"https://stars.example/C/{OTHER}/"
    lines = f"撤下 removed: 1\n  {OTHER}  {HOLDER}  五星级 Five-star\n    {address}\n"
    markdown = (
        "### 公示网站的变动 Changes on the public site\n\n**撤下 removed: 1**\n\n"
        f"- `{OTHER}  {HOLDER}  五星级 Five-star`\\\n  <{address}>\n"
    )
    assert changes(both) == Ended(0, lines, "")
    assert changes(both, "--format", "markdown") == Ended(0, markdown, "")
    told = json.loads(changes(both, "--format", "json").out)
    assert [one["address"] for one in told["removed"]] == [address]


def test_the_day_decides_what_is_shown(both: Project) -> None:
    """A certificate that has lapsed by that day changes nothing any more."""
    both.path(f"{CERTIFICATES}/{OTHER}.yaml").unlink()
    assert both.call("changes", BASE, "--as-of", "2030-01-01").out == (
        "公示网站无变动 nothing changes on the public site\n"
    )


def test_records_with_problems_are_left_out_and_told(both: Project) -> None:
    """The certificate leaves the site of a build that leaves it out; the exit code says so."""
    path = both.path(f"{CERTIFICATES}/{OTHER}.yaml")
    path.write_text(path.read_text().replace("score: 96.40", "score: 93.40"))
    ended = changes(both)
    assert (ended.code, ended.out.splitlines()[0]) == (3, "撤下 removed: 1")
    assert ended.err == "Records with problems, left out here: 1. See build.py check.\n"


def test_a_broken_base_hides_nothing(both: Project) -> None:
    """What was left out there, and is mended here, is new."""
    path = both.path(f"{BASE}/certificates/{BODY}/{OTHER}.yaml")
    path.write_text(path.read_text().replace("score: 96.40", "score: 93.40"))
    ended = changes(both)
    assert (ended.code, ended.out.splitlines()[0]) == (0, "新公示 published: 1")


def test_a_base_that_is_no_registry_is_told_in_one_sentence(both: Project) -> None:
    """A folder that is not there is one too."""
    assert "is no part of a registry" not in both.call("changes", "templates").out
    ended = both.call("changes", "nowhere")
    assert (ended.code, "nowhere" in ended.err) == (2, True)


def renew(made: Project) -> None:
    old = made.path(f"{CERTIFICATES}/{NUMBER}.yaml")
    old.write_text(old.read_text() + f"superseded_by: {HEIR}\ndecisions:\n  - kind: cancelled\n    date: 2026-03-01\n")
    audits = RECORD[RECORD.index("audits:") :]
    made.add(
        HEIR,
        (audits, "audits:\n  - kind: recertification\n    date: 2026-02-05\n    score: 95.10\n    level: five-star\n"),
        ("issued: 2025-03-01", "issued: 2026-03-01"),
        ("expires: 2028-02-29", "expires: 2029-02-28"),
        also=f"supersedes: {NUMBER}\n",
    )


def replaced(path: str, *changes: tuple[str, str]) -> Callable[[Project], object]:
    """An edit of one file of a project."""

    def edit(made: Project) -> None:
        text = made.path(path).read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        made.path(path).write_text(text, encoding="utf-8")

    return edit


AT = f"{CERTIFICATES}/{OTHER}.yaml"
NAME = ("  name: 示例云栖电器有限公司\n  name_en", "  name: 示例云溪电器有限公司\n  name_en")
LEVEL = ("27922-2011\nlevel: five-star", "27922-2011\nlevel: four-star")
SCORE = ("deductions: 1\n      total: 95.20\n    level: five", "deductions: 3\n      total: 93.20\n    level: four")
EDITS = {
    "a name": ("amended", replaced(AT, NAME)),
    "an address": ("amended", replaced(AT, ("杭州市西湖区示例路18号", "杭州市西湖区示例路20号"))),
    "a comment": ("", replaced(AT, ("scheme: ", "# seen\nscheme: "))),
    "the level": ("relevelled", replaced(AT, LEVEL, SCORE)),
    "a body's phone": ("amended", replaced(f"registry/bodies/{BODY}.yaml", ("0000 0000", "0000 0001"))),
    "a level's name": ("amended", replaced("registry/schemes/gbt-27922-2011.yaml", ("name: 五星级", "name: 五星"))),
    "a term's name": ("amended", replaced("registry/vocabularies/regions.yaml", ("name: 浙江省", "name: 浙江"))),
    "a broken body": ("removed", replaced(f"registry/bodies/{BODY}.yaml", ("phone: +86", "phone: x"))),
    "a renewal": ("renewed", renew),
    "a number twice": ("removed", lambda made: made.add(NUMBER, folder="registry/certificates/other-cb")),
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_is_told_is_what_two_builds_show(both: Project, edit: str) -> None:
    """The pages that the second has and the first has not are the published ones, and so on."""
    kind, change = EDITS[edit]
    change(both)
    told = json.loads(changes(both, "--format", "json").out)
    assert [name for name, count in told["counts"].items() if count] == ([kind] if kind else [])
    before, after = pages(both, BASE), pages(both, "registry")
    stayed = {slug for slug in before.keys() & after.keys() if before[slug] != after[slug]}
    assert slugs(told["published"]) | slugs(told["renewed"], "after") == after.keys() - before.keys()
    assert slugs(told["removed"]) | slugs(told["renewed"], "before") == before.keys() - after.keys()
    assert slugs(told["relevelled"], "after") | slugs(told["amended"], "after") == stayed
