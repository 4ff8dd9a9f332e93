"""What the documents say is so: commands, options, files, links, records, messages and the table of rules.

    WRITE_EXPECTED=1 python -m pytest tests/test_documentation.py

writes the table of rules in CONTRIBUTING.md anew.
"""

import ast
import inspect
import os
import re
import shlex
import shutil
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from records import problems_in

import build
from starcert import __version__, reports, textfile, yamlfile
from starcert.commands.check import SENTENCES
from starcert.formats import register_table
from starcert.parsing import Reading
from starcert.rules import dates
from starcert.rules.findings import WARNINGS

PROJECT = Path(__file__).parent.parent
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "DESIGN.md",
    "CHANGELOG.md",
    "docs/clerk.md",
    "docs/operator.md",
    "registry/README.md",
    "benchmarks/README.md",
)
README, CONTRIBUTING = PROJECT / "README.md", PROJECT / "CONTRIBUTING.md"
TABLE = re.compile(r"(?<=<!-- rules -->\n).*?(?=<!-- end of rules -->)", re.DOTALL)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^    .*\n)+", re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"(?:\]\(|src=\")([^)\"\s]+)[)\"]")
KEYS = re.compile(r"^(\w+):.*?(?=^\w|\Z)", re.MULTILINE | re.DOTALL)
STANDS_FOR_ANOTHER = re.compile(r"BODY|NUMBER|NAME|RULE")
WRITTEN_BY_PROGRAMS = ("site", ".venv", "registry/schema")


def text_of(page: str) -> str:
    return (PROJECT / page).read_text(encoding="utf-8")


def code(page: str) -> list[str]:
    """What a page sets as code, in lines of their own or within a sentence."""
    text = text_of(page)
    blocks = "".join([block for _, block in BLOCK.findall(text)] + INDENTED.findall(text))
    return [line.strip() for line in blocks.splitlines()] + SPAN.findall(BLOCK.sub("", text))


def commands(page: str) -> Iterator[list[str]]:
    """The words after build.py, wherever a page sets a call of it as code."""
    for line in code(page):
        called = re.search(r"(?<![\w/])build\.py(( [^#&|;]*)|$)", line)
        if called:
            yield shlex.split(called[1])


def refuse_unknown(words: list[str]) -> None:
    """Fail unless click knows every option among the words; the program's own count after a command too."""
    command: click.Command = build.main
    for word in words:
        if word.startswith("-"):
            options = {
                name for params in (build.main.params, command.params) for param in params for name in param.opts
            }
            assert word.partition("=")[0] in {*options, "--help", "-h"}, f"{command.name} has no option {word}"
        elif isinstance(command, click.Group):
            command = command.get_command(click.Context(command), word) or command


def anchors(text: str) -> set[str]:
    """The headings of a page as GitHub names them in links."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def yaml_blocks() -> list[tuple[str, str]]:
    """The README's YAML: the path that its first line names, and the text."""
    blocks = [text for kind, text in BLOCK.findall(text_of("README.md")) if kind == "yaml"]
    return [(block.partition("\n")[0].removeprefix("# "), block) for block in blocks]


def changed(record: str, lines: str) -> str:
    """The record with the keys of `lines` in place of its own."""
    keys = {key[1]: key[0] for key in KEYS.finditer(record)} | {key[1]: key[0] for key in KEYS.finditer(lines)}
    return "".join(keys.values())


def modules() -> dict[str, ast.Module]:
    """Each module of the program by its path, but for the script that makes the font."""
    paths = [PROJECT / "build.py", *sorted((PROJECT / "starcert").rglob("*.py"))]
    parsed = {path.relative_to(PROJECT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}
    return {path: module for path, module in parsed.items() if path != "starcert/fonts/make.py"}


def imported(module: ast.Module) -> set[str]:
    """The names that a module imports, in full."""
    whole = {alias.name for node in ast.walk(module) if isinstance(node, ast.Import) for alias in node.names}
    parts = [(node.module, node.names) for node in ast.walk(module) if isinstance(node, ast.ImportFrom)]
    return whole | {f"{name}.{alias.name}" for name, names in parts for alias in names}


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A registry with the rulebook that is shipped, and no certificate yet, seen from its project's folder."""
    shutil.copytree(PROJECT / "registry", tmp_path / "registry", ignore=shutil.ignore_patterns("certificates"))
    monkeypatch.chdir(tmp_path)
    return Path("registry")


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_exists(page: str) -> None:
    """Click knows each option of build.py that is written, at the place where it is written."""
    for words in commands(page):
        refuse_unknown(words)


def test_commands_are_found_and_wrong_ones_noticed() -> None:
    """The README's calls are read whole, and an option of another command is a wrong one."""
    assert ["--quiet", "--skip-broken"] in [*commands("README.md")]
    with pytest.raises(AssertionError, match="check has no option --width"):
        refuse_unknown(["check", "--width", "30"])


def test_every_command_is_in_the_readme() -> None:
    """An operator can learn of each from there."""
    told = {word for words in commands("README.md") for word in words} | {"serve"}
    assert told >= set(build.main.commands)
    assert "make serve" in text_of("README.md")


@pytest.mark.parametrize("page", PAGES)
def test_every_target_of_make_exists(page: str) -> None:
    """Each `make target` that is written is one of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    assert {line.split()[-1] for line in code(page) if re.fullmatch(r"(\w+=\S+ )?make \w+", line)} <= targets


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    """A link leads to a file or folder of the project, and to a heading that is there."""
    for link in LINK.findall(BLOCK.sub("", text_of(page))):
        if link.startswith(("https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (PROJECT / page).parent / path if path else PROJECT / page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("page", [page for page in PAGES if page != "docs/clerk.md"])  # it makes records of its own
def test_every_path_exists(page: str) -> None:
    """What is set as code and looks like a path below one of the project's folders is there."""
    tops = [path.name for path in PROJECT.iterdir()]
    for path in code(page):
        plain = re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", path) and path.strip("/").split("/")[0] in tops
        if plain and not path.startswith(WRITTEN_BY_PROGRAMS) and not STANDS_FOR_ANOTHER.search(path):
            assert (PROJECT / path).exists(), path


def test_the_readmes_records_pass_step_by_step(registry: Path) -> None:
    """Each record or change of one, made in the order in which it stands there, leaves nothing wrong."""
    record, files = "", [block for block in yaml_blocks() if block[0] != "site.yaml"]
    assert len(files) == 5
    for number, (path, lines) in enumerate(files):
        file = Path(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        record = changed(file.read_text(encoding="utf-8") if file.exists() else record, lines)
        file.write_text(record, encoding="utf-8")
        if number != 1:  # its successor is recorded, and the old record does not say so yet
            assert problems_in(registry) == []


def test_the_readmes_message_is_the_programs(registry: Path) -> None:
    """The mistake that the README tells of is told in these words, at this place."""
    path, record = yaml_blocks()[0]
    english, both = [block for kind, block in BLOCK.findall(text_of("README.md")) if kind == "text"][:2]
    wrong = record.replace("94.996\n    level: four-star", "94.996\n    level: five-star")
    file = Path(path)
    file.parent.mkdir(parents=True)
    file.write_text(wrong, encoding="utf-8")
    for told, languages in ((english, ("en",)), (both, ("zh", "en"))):
        lines = textfile.lines(file.read_bytes())
        assert reports.as_text(problems_in(registry), lines_of=lambda _, here=lines: here, languages=languages) == told


def test_the_readmes_settings_pass() -> None:
    """site.yaml as it is shown has every key that it can have, and is what the program reads."""
    text = dict(yaml_blocks())["site.yaml"]
    record, problems = yamlfile.read(text.encode(), "site.yaml")
    assert record is not None
    reading = Reading("site.yaml", problems)
    register_table().read(record, "", reading)
    assert reading.problems == []
    assert list(record.items) == list(register_table().fields)


def test_the_example_of_a_rule_is_the_codes() -> None:
    """The rule that CONTRIBUTING.md shows is a real one, as it stands."""
    shown = next(block for kind, block in BLOCK.findall(text_of("CONTRIBUTING.md")) if kind == "python")
    assert shown == inspect.getsource(dates.expires_after_issued)


def test_the_table_of_rules_is_the_codes() -> None:
    """CONTRIBUTING.md lists every rule with its sentence, in the order of the code, and says which only warn."""
    rows = [
        f"| `{name}`{' (warning)' if name in WARNINGS else ''} | {sentence} |\n" for name, sentence in SENTENCES.items()
    ]
    table = "\n| Rule | What must hold |\n|---|---|\n" + "".join(rows) + "\n"
    if os.environ.get("WRITE_EXPECTED"):
        CONTRIBUTING.write_text(TABLE.sub(lambda _: table, text_of("CONTRIBUTING.md")), encoding="utf-8")
    assert TABLE.findall(text_of("CONTRIBUTING.md")) == [table]


def test_each_library_is_imported_in_one_module() -> None:
    """As DESIGN.md says: all but click, which is the edge of the program, and the standard library."""
    users = defaultdict(set)
    for path, module in modules().items():
        for name in imported(module):
            users[name.partition(".")[0]].add(path)
    libraries = users.keys() - sys.stdlib_module_names - {"starcert", "click"}
    assert {name: users[name] for name in libraries if len(users[name]) > 1} == {}
    assert libraries >= {"yaml", "jinja2", "markdown", "nh3", "segno", "fontTools", "reportlab", "pagefind_bin"}


def test_one_module_reads_the_clock_and_one_asks_it() -> None:
    """As DESIGN.md says: the day is read in starcert/days.py, for build.py alone; no rule can know it."""
    called = {
        path: {node.attr for node in ast.walk(module) if isinstance(node, ast.Attribute)}
        for path, module in modules().items()
    }
    clocks = {"now", "today", "utcnow", "localtime", "gmtime", "time_ns"}
    assert [path for path, names in called.items() if names & clocks] == ["starcert/days.py"]
    asking = [path for path, module in modules().items() if "starcert.days.clock" in imported(module)]
    assert asking == ["build.py"]


def test_the_changelog_begins_with_the_version() -> None:
    """The latest entry is the version that the program, the package and every built site say they are."""
    latest = re.search(r"^## \[?(\d+\.\d+\.\d+)\]? - \d{4}-\d{2}-\d{2}$", text_of("CHANGELOG.md"), re.MULTILINE)
    assert latest is not None
    package = tomllib.loads(text_of("pyproject.toml"))
    assert latest[1] == __version__ == package["project"]["version"]


@pytest.mark.parametrize(
    ("page", "quoted"),
    [
        ("docs/clerk.md", "没有签名"),
        ("docs/clerk.md", "is not signed"),
        ("docs/clerk.md", "只有运营者可以改动"),
        ("docs/clerk.md", "only the operator may change it"),
        ("docs/clerk.md", "服务器现在无法检查"),
        ("docs/operator.md", "没有登记"),
        ("docs/operator.md", "服务器现在无法检查这次推送"),
    ],
)
def test_what_a_guide_quotes_is_said(page: str, quoted: str) -> None:
    """By the answer to a push, in these words."""
    sources = [*(PROJECT / "starcert/push").glob("*.py"), PROJECT / "starcert/chinese/messages.yaml"]
    assert quoted in text_of(page)
    assert any(quoted in source.read_text(encoding="utf-8") for source in sources)


def test_the_picture_is_small() -> None:
    """Whoever opens the README on a phone waits for no more than 200 kB."""
    assert (PROJECT / "docs" / "certificate.png").stat().st_size < 200_000
