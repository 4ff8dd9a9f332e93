"""Every message of every rule has its Chinese form, as precise as the English one.

    WRITE_EXPECTED=1 python -m pytest tests/test_chinese.py

writes anew what tests/broken/RULE.zh.txt holds: the Chinese words that each broken record is told.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import cycle
from pathlib import Path
from pkgutil import iter_modules
from tempfile import TemporaryDirectory
from typing import Any

import corpora
import pytest
import records
import test_between
import test_yamlfile
from hypothesis import given
from hypothesis import strategies as st
from project import BUILD, CERTIFICATES, Project, project
from records import varied
from test_build import BROKEN_SCORE, LEVEL_TOLD
from test_hostile_records import HARMLESS, written
from test_rules import BROKEN, CASES, EVERY_RULE, found_in

from starcert import push, reports, terminal, yamlfile
from starcert.chinese import Phrases, chinese, messages, rules
from starcert.chinese.phrases import HOLE
from starcert.disk import record_files
from starcert.formats import body_table, certificate_table, scheme_table, vocabulary_table
from starcert.kinds import Either, ListOf
from starcert.parsing import Table
from starcert.problems import Problem

ANY = "{any}"
NEVER_SAID = {
    ("yaml_syntax", "the file is no YAML: {reason}"),
    ("yaml_syntax", "this is not YAML ({words}): compare with the lines above"),
}
"""What is said only of a mistake that nobody has yet found out how to make."""

SECOND_OFFICE = "  - kind: head-office\n    name: 乙\n    address: 乙路1号\n    city: 杭州\nfiled_rule"
SUSPENDED = "decisions:\n  - {kind: suspended, date: 2026-04-01, start: 2026-04-03, end: 2026-05-01, reason: 整改}\n"
VARIANTS = (
    varied(("91330100MA0000001F", "91330100MA000000VF")),
    varied(("kind: head-office", "kind: service-outlet")),
    varied(("filed_rule", SECOND_OFFICE)),
    varied(("kind: recertification", "kind: special")),
    varied(also=f"{SUSPENDED}  - {{kind: restored, date: 2026-04-02}}\n"),
    varied(also="decisions:\n  - {kind: cancelled, date: 2026-01-01}\n"),
    varied(("{5.1: 38.5, 5.2", "{5.1: 40.5, 5.2")),
    varied(("deductions: 1", "deductions: 5")),
    varied(also="decisions:\n  - {kind: suspended, date: 2026-04-01, end: 2026-05-01, reason: 整改}\n"),
    varied(also=SUSPENDED.replace("start: 2026-04-03", "start: 2026-03-31")),
    varied(("91330100MA0000001F", "9133010000000001F")),
    varied(("91330100MA0000001F", "91330100ma0000001F")),
    varied(("91330100MA0000001F", "9133A100MA0000001F")),
    varied(("expires: 2028-02-29", "expires: 29.02.2028")),
    varied(("expires: 2028-02-29", "expires: 2228-02-29")),
    varied(("expires: 2028-02-29", "expires: [2028-02-29]")),
    varied(("expires: 2028-02-29", "expires: {a: 2028-02-29}")),
    varied(("brands:\n  - 云栖", "brands:\n  - 云\n    栖")),
    varied(("brands:\n  - 云栖", 'brands:\n  - "云\\n栖"')),
    varied(("brands:\n  - 云栖", f"brands: [{', '.join(map(str, range(101)))}]")),
    varied(("deductions: 1", "deductions: one")),
    varied(("uscc: 91330100MA0000001F", "uscc: ９１330100MA0000001F")),
    varied(("holder:\n", "holder: 示例\nx:\n")),
    varied(("industry", "颜色: 红\nindustry")),
    varied(("industry: household-appliances", "industry: 船")),
    varied(("total: 95.20", "total: 95.3"), ("5.3: 24.1", "5.3: 24.11")),
    varied(("name: 示例云栖电器有限公司\n  name_en", "name: 示例\u3000云栖電器⼒⨁\ufe00\n  name_en")),
)
STRAYS = {
    "certificates/stray.yaml": "",
    "certificates/example-cb/deeper/a.yaml": "",
    "scheme/a.yaml": "",
    "pictures/a.png": "",
    "bodies/other-cb.yaml": records.RULEBOOK["bodies/example-cb.yaml"]
    + "keys:\n  - {key: ---- BEGIN SSH2 PUBLIC KEY ----, holder: 王芳, valid_from: 2026-01-01}\n",
    "schemes/gbt-27925-2011.yaml": records.RULEBOOK["schemes/gbt-27925-2011.yaml"].replace("years: 3", "years: 51"),
}


@cache
def samples() -> tuple[Problem, ...]:
    """A problem for nearly all that any rule can say."""
    found: list[Problem] = []
    for case in CASES:
        with TemporaryDirectory() as folder:
            found += found_in(case, Path(folder))
    for text in VARIANTS:
        found += records.verdict(text).problems
    slips = [*test_yamlfile.REFUSALS.values(), *test_yamlfile.SLIPS.values()]
    for data in (*slips, "a: 示".encode("utf-16"), "a: 示例".encode("gb18030"), b"a: \xff"):
        found += yamlfile.read(data if isinstance(data, bytes) else data.encode(), "a.yaml")[1]
    with TemporaryDirectory() as name:
        folder = records.write_registry(Path(name), STRAYS)
        (folder / "vocabularies/regions.yaml").unlink()
        (folder / "certificates/example-cb/link.yaml").symlink_to(folder / "scheme/a.yaml")
        os.mkfifo(folder / "certificates/example-cb/pipe.yaml")
        (folder / "schemes/loop.yaml").mkdir()
        found += records.problems_in(folder)
        found += record_files(folder / "schemes/gbt-27922-2011.yaml", 1)[1]
        [gone, *_], _ = record_files(folder / "bodies", 1)
    found += filter(None, gone.read()[1:])
    told = [line for _, _, lines in test_between.BETWEEN.values() for line in lines]
    return (*found, *map(problem_of, told))


def problem_of(line: str) -> Problem:
    """The problem that a line tells, after its path."""
    message, _, rule = line.partition(": ")[2].removesuffix("]").rpartition(" [")
    return Problem("a.yaml", 1, 1, rule, message)


def of_pushes() -> set[str]:
    """The rules of what may be pushed; the tests of each ask for the Chinese of what it says."""
    modules = [import_module(f"starcert.push.{found.name}") for found in iter_modules(push.__path__)]
    return {rule for module in modules for rule in getattr(module, "SENTENCES", ())}


def holes(form: str) -> set[str]:
    """The names of the holes in a form."""
    return {hole[0] for hole in HOLE.finditer(form)}


def fields(table: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """The place of each key in a table, as messages name it, and what is to be written there."""
    if isinstance(table, ListOf):
        yield from fields(table.kind, f"{key}[1]")
    elif isinstance(table, Either):
        yield from fields(table.mapping, key)
    elif isinstance(table, Table):
        for name, field in table.fields.items():
            place = f"{key}.{name}" if key else name
            yield place, field.says
            yield from fields(field.kind, place)


def every_field() -> list[tuple[str, str]]:
    """Those of all records that clerks and operators write."""
    rulebook = records.rulebook()
    schemes, terms = rulebook.schemes, rulebook.vocabularies
    certificate = [certificate_table(None, schemes, known, terms) for known in ([], list(schemes.values()))]
    tables = (*certificate, body_table("", schemes), scheme_table(""), vocabulary_table(""))
    return [found for table in tables for found in fields(table)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_broken_record_is_told_exactly_this_in_chinese(case: Path, tmp_path: Path) -> None:
    """Each broken record gets the Chinese words in the .zh.txt beside it."""
    told = reports.as_text(found_in(case, tmp_path), languages=("zh",)).replace(f"{tmp_path}{os.sep}", "")
    expected = BROKEN / f"{case.stem}.zh.txt"
    if os.environ.get("WRITE_EXPECTED"):
        expected.write_text(told, encoding="utf-8")
    assert told == expected.read_text(encoding="utf-8")


def test_everything_that_a_rule_says_is_known_in_chinese() -> None:
    """No message of the broken records, nor of what else the tests break, is without its Chinese form."""
    unknown = {(one.rule, one.message) for one in samples() if not messages().form(one.rule, one.message)}
    assert unknown == set()


def test_every_form_is_of_something_that_a_rule_says() -> None:
    """A form that no message has is one that was left behind when the message changed."""
    used = {(one.rule, form.english) for one in samples() if (form := messages().form(one.rule, one.message))}
    written = {(rule, english) for rule in EVERY_RULE for english in messages().pairs[rule]}
    assert written - used == NEVER_SAID


def test_every_rule_is_known_in_chinese() -> None:
    """Each rule has its sentence and its messages, and there is none of a rule that is gone."""
    assert rules().keys() == EVERY_RULE.keys() | of_pushes() == messages().pairs.keys()
    assert [sentence for sentence in rules().values() if not sentence.endswith("。")] == []


@pytest.mark.parametrize("phrases", [messages(), messages().parts], ids=["messages", "parts"])
def test_a_form_takes_over_all_that_was_found(phrases: Phrases) -> None:
    """Both languages of a form have the same holes."""
    pairs = [pair for forms in phrases.pairs.values() for pair in forms.items()]
    assert [(english, said) for english, said in pairs if holes(english) != holes(said)] == []


def test_every_key_is_explained_in_chinese() -> None:
    """Each key of each table has a name and a description in Chinese, and none is left of a key that is gone."""
    parts = messages().parts
    assert parts
    used: dict[str, set[str]] = {"key": {ANY}, "meaning": {ANY}}
    for place, says in every_field():
        for part, text in (("key", place), ("meaning", says)):
            form = parts.form(part, text)
            assert form, text
            assert form.english != ANY, f"{part} has no Chinese for {text!r}"
            used[part].add(form.english)
    of_items = {english for english in parts.pairs["key"] if english.endswith(("]", ".{clause}"))}
    assert {*parts.pairs["key"]} - of_items == used["key"] - of_items
    assert {*parts.pairs["meaning"]} == used["meaning"]


def test_no_value_is_lost() -> None:
    """What a message quotes, and its nearest spelling, stand in the Chinese as they stand in the English."""
    parts = messages().parts
    assert parts
    for problem in samples():
        form = messages().form(problem.rule, problem.message)
        match = form.pattern.fullmatch(problem.message) if form else None
        for name, found in match.groupdict().items() if match else ():
            assert name.rstrip("0123456789") in parts.pairs or found in chinese(problem)


def test_a_message_that_is_not_known_comes_after_its_rule() -> None:
    """A rule that says something new says at least what it demands, and all that it found."""
    assert chinese(Problem("a", 1, 1, "day", "it is 32 May")) == (
        "日期须写成 YYYY-MM-DD，而且日历上确有这一天（it is 32 May）"
    )
    assert chinese(Problem("a", 1, 1, "no_such_rule", "it is 32 May")) == "it is 32 May"


@given(st.sampled_from(sorted({*EVERY_RULE, "no_such_rule"})), st.text())
def test_no_message_breaks_the_chinese(rule: str, message: str) -> None:
    """Whatever a message holds comes back whole."""
    problem = Problem("a.yaml", 1, 1, rule, message)
    assert messages().form(rule, message) or message in chinese(problem)


def test_what_hostile_texts_are_told_is_known_in_chinese() -> None:
    """14,407 strings, each in one field of a harmless record, the fields taking turns."""
    strings = [row["s"] for row in corpora.objects("normalised/strings.jsonl") if "s" in row]
    for text, field in zip(strings, cycle(HARMLESS), strict=False):
        for problem in records.verdict(written({field: text})).problems:
            assert messages().form(problem.rule, problem.message), problem
            assert chinese(problem).isprintable()


@given(st.text(st.sampled_from("ab:：- \n'\"[]{}#&*!|>%@\\?,<\t\r\u2028\u200b示.~"), max_size=60))
def test_what_broken_yaml_is_told_is_known_in_chinese(text: str) -> None:
    """The marks of YAML in any order are told nothing but known messages."""
    for problem in yamlfile.read(text.encode(), "a.yaml")[1]:
        assert messages().form(problem.rule, problem.message), problem


# how it is asked for


LOCALES = [
    ({}, "en"),
    ({"LANG": "zh_CN.UTF-8"}, "both"),
    ({"LANG": "zh"}, "both"),
    ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN.GB18030"}, "both"),
    ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "en"),
    ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
    ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "both"),
    ({"LANG": "C.UTF-8"}, "en"),
]


@pytest.mark.parametrize(("variables", "language"), LOCALES)
def test_the_locale_says_the_language(
    variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who works in Chinese is told both; the variables count in the order that POSIX gives them."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert terminal.language_of_locale() == language


TOLD = f"""\
{CERTIFICATES}/99925SC00124R1M.yaml:28:12:
  等级 level 是 five-star，而得分 93.40 对应 four-star（five-star 需 95.00）
  level is five-star, but the score 93.40 gives four-star (five-star needs 95.00) [level_matches_score]
  28 |     level: five-star
     |            ^
"""


@pytest.fixture
def broken(tmp_path: Path) -> Project:
    """A project with one problem."""
    made = project(tmp_path)
    made.add("99925SC00124R1M", BROKEN_SCORE)
    return made


def test_a_chinese_locale_is_told_both(broken: Project) -> None:
    """The place, the Chinese, the English, the line; and a build that publishes nothing says so."""
    ended = broken.run("check", LANG="zh_CN.UTF-8")
    assert (ended.code, ended.out) == (1, f"{TOLD}2 份记录，1 处错误 / 1 problem in 2 records\n")
    assert broken.run(LANG="zh_CN.UTF-8").err.startswith(TOLD)


def test_the_language_may_be_said(broken: Project) -> None:
    """Whatever the locale, one language alone comes on the line of its place."""
    assert broken.run("check", "--language", "en", LANG="zh_CN.UTF-8").out.startswith(LEVEL_TOLD)
    assert broken.run("check", "--language", "both", "--quiet").out == TOLD
    first, *_, last = broken.run("check", "--language", "zh").out.splitlines()
    assert first == (
        f"{CERTIFICATES}/99925SC00124R1M.yaml:28:12: "
        "等级 level 是 five-star，而得分 93.40 对应 four-star（five-star 需 95.00） [level_matches_score]"
    )
    assert last == "2 份记录，1 处错误"


def test_new_answers_in_chinese_too(broken: Project) -> None:
    """What is wrong with an answer is told in the clerk's language."""
    answers = ("--body", "example-cb", "--scheme", "gbt-27922-2011", "--number", "a b")
    told = "证书编号 number 写的是“a b”，只能用字母、数字、“-”和“/”，例如 99925SC00123R1M / number is 'a b', but must"
    assert f"Error: Nothing was written: {told}" in broken.run("new", *answers, LANG="zh_CN.UTF-8").err


def test_english_alone_waits_for_no_chinese(broken: Project) -> None:
    """Nothing of the Chinese is loaded where it is not asked for."""
    for language in ("en", "zh"):
        command = [sys.executable, "-X", "importtime", str(BUILD), "check", "--language", language]
        loaded = subprocess.run(command, cwd=broken.folder, capture_output=True, text=True, check=False).stderr
        assert ("starcert.chinese" in loaded) is (language == "zh")
