"""Problems in the forms that forges read: GitHub's annotations and summaries, SARIF, GitLab's code quality reports."""

import json
from html import unescape
from pathlib import Path

import cmarkgfm
import jsonschema
import pytest
from codeowners import CodeOwners
from hypothesis import given
from hypothesis import strategies as st
from project import project
from records import BODY, RULEBOOK
from runner import Command, commands

from starcert import reports
from starcert.forge import annotations, as_gitlab, as_markdown, as_sarif, sarif, summary
from starcert.forge.markdown import block
from starcert.problems import Problem, Severity, printable

REVIEWERS = 'reviewers: ["@cb/one", "@cb/two"]\n'
SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
LEVEL = Problem("registry/a.yaml", 2, 8, "level_matches_score", "level is five-star, not four-star")
NUMBER = Problem("registry/a.yaml", 1, 1, "number_pattern", "100 % odd: a,b\r\nc", Severity.WARNING)
HOSTILE = [
    "\n::set-output name=x::y\n",
    "\r\n::error::",
    "::stop-commands::abc",
    "##[add-mask]a",
    "]##[error]",
    "%0A::add-path::/tmp",
    "%250A",
    "::",
    ",col=9",
    "\x1b[2J",
    "\x1b]8;;https://evil.example\x07",
    "\u2028::debug::",
    "\x85",
    "```\n</code><img src=x>",
    "[x](javascript:alert(1))",
    "@everyone #1",
]
TEXT = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=4), max_size=5).map("".join)
ANY = st.builds(
    Problem,
    path=TEXT.filter(bool),
    line=st.integers(1, 99_999),
    column=st.integers(1, 99_999),
    rule=st.sampled_from(["level_matches_score", "yaml_syntax"]),
    message=TEXT,
    severity=st.sampled_from(Severity),
)


def many(count: int, severity: Severity = Severity.PROBLEM) -> list[Problem]:
    """So many problems, one a line."""
    return [Problem("a.yaml", line, 1, "rule", "wrong", severity) for line in range(1, count + 1)]


# Annotations


def test_annotations_are_escaped_as_github_requires() -> None:
    """%, CR and LF in messages; also : and , in properties; what a terminal minds is shown by its number."""
    odd = Problem("a,b:c.yaml", 3, 4, "rule", "50 %\nof: it\x1b[0m")
    assert annotations([LEVEL, NUMBER, odd], "") == (
        "::error file=a%2Cb%3Ac.yaml,line=3,col=4,title=rule::50 %25%0Aof: it<U+001B>[0m\n"
        "::error file=registry/a.yaml,line=2,col=8,title=level_matches_score"
        "::level is five-star, not four-star\n"
        "::warning file=registry/a.yaml,line=1,col=1,title=number_pattern::100 %25 odd: a,b%0D%0Ac\n"
    )


@pytest.mark.parametrize("count", [9, 10, 11])
def test_github_is_given_no_more_than_it_shows(count: int) -> None:
    """Ten errors and ten warnings of a step: where there are more, the tenth says how many, and where they are."""
    found = commands(annotations([*many(count), *many(count, Severity.WARNING)], "the summary lists them all"))
    names = [command.name for command in found]
    assert names == ["error"] * min(count, 10) + ["warning"] * min(count, 10)
    last = Command("error", {"title": "2 more"}, "and 2 more problems: the summary lists them all")
    line = Command("error", {"file": "a.yaml", "line": "10", "col": "1", "title": "rule"}, "wrong")
    assert found[min(count, 10) - 1] == (last if count == 11 else line if count == 10 else found[8])
    assert found[8].properties["line"] == "9"


DAY = Problem("a.yaml", 3, 9, "day", "issued is 2026-02-30, a day that is not in the calendar")
BOTH = ("zh", "en")


def test_forges_are_told_in_chinese_too() -> None:
    """An annotation and the summary say it on lines of their own, GitLab's report on one."""
    said = "发证日 issued 写的是 2026-02-30，日历上没有这一天"
    assert annotations([DAY], "", BOTH) == (f"::error file=a.yaml,line=3,col=9,title=day::{said}%0A{DAY.message}\n")
    assert json.loads(as_gitlab([DAY], BOTH))[0]["description"] == f"{said} / {DAY.message}"
    summary = as_markdown([DAY], 7, lambda path: [], BOTH)
    assert summary.startswith("### 7 份记录，1 处错误 / 1 problem in 7 records\n")
    assert f"a.yaml:3:9:\n  {said}\n  {DAY.message} [day]\n" in summary


@given(ANY)
def test_whatever_a_record_holds_is_one_annotation(problem: Problem) -> None:
    """No file name and no value makes a command of its own; the runner reads back what was meant."""
    [read] = commands(annotations([problem], ""))
    assert read.name in ("error", "warning")
    assert read.properties == {
        "file": shown(problem.path),
        "line": str(problem.line),
        "col": str(problem.column),
        "title": problem.rule,
    }
    assert read.data == shown(problem.message)


def shown(text: str) -> str:
    """The text, what cannot be printed by its number but for the line breaks that GitHub has an escape for."""
    return "".join(char if char in "\r\n" else printable(char) for char in text)


# Summaries


def test_the_summary_shows_every_problem_with_its_line() -> None:
    """As a terminal does, errors first, in a block of code."""
    lines = ["number: 1", "level: five-star"]
    warning = Problem("registry/a.yaml", 1, 9, "number_pattern", "odd", Severity.WARNING)
    assert as_markdown([warning, LEVEL], 7, lambda path: lines) == (
        "### 1 problem and 1 warning in 7 records\n\n```text\n"
        "registry/a.yaml:2:8: level is five-star, not four-star [level_matches_score]\n"
        "  2 | level: five-star\n"
        "    |        ^\n"
        "registry/a.yaml:1:9: warning: odd [number_pattern]\n"
        "  1 | number: 1\n"
        "    |         ^\n"
        "```\n"
    )
    assert as_markdown([], 7, lambda path: lines) == "### no problems in 7 records\n"


def test_the_summary_fits_into_what_github_takes() -> None:
    """As many problems as there is room for, whole, and how many are left; errors are what is kept."""
    problem = Problem("示.yaml", 1, 1, "rule", "错" * 999)
    warnings = [Problem("a.yaml", line, 1, "rule", "odd", Severity.WARNING) for line in range(1, 99)]
    text = as_markdown([*warnings, *[problem] * 2_000], 1, lambda path: [])
    told = text.count(str(problem))
    assert summary.MOST_BYTES - 3_100 < len(text.encode()) < 1_000_000
    assert text.endswith(f"and {2_098 - told:,} more: run build.py check\n```\n")
    assert "warning: odd" not in text


@given(st.lists(ANY, min_size=1, max_size=3), TEXT)
def test_nothing_of_a_record_becomes_markup(problems: list[Problem], line: str) -> None:
    """GitHub's own Markdown makes one heading and one block of code of it, to the letter."""
    page = cmarkgfm.github_flavored_markdown_to_html(as_markdown(problems, 1, lambda path: [line]))
    heading, _, rest = page.partition("\n")
    assert heading.startswith("<h3>")
    body = rest.removeprefix('<pre lang="text"><code>').removesuffix("</code></pre>\n")
    assert "<" not in body
    ordered = sorted(problems, key=lambda one: (one.severity, one))
    assert unescape(body) == "".join(reports.as_text([one], lines_of=lambda path: [line]) for one in ordered)


@given(st.text(alphabet="`~ \na<"))
def test_no_text_ends_its_block(text: str) -> None:
    """However many backticks it has."""
    page = cmarkgfm.github_flavored_markdown_to_html(block(text))
    assert page.count("</code></pre>") == 1
    assert page.endswith("</code></pre>\n")


# SARIF


def test_sarif_names_the_rules_and_points_at_them() -> None:
    """Code scanners show a rule's sentence beside each result."""
    log = json.loads(as_sarif([LEVEL, NUMBER], {"number_pattern": "A number must match."}))
    (run,) = log["runs"]
    assert (log["version"], run["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    assert run["tool"]["driver"]["rules"] == [
        {"id": "number_pattern", "shortDescription": {"text": "A number must match."}},
        {"id": "level_matches_score", "shortDescription": {"text": "level_matches_score"}},
    ]
    [fingerprint] = run["results"][1].pop("partialFingerprints").values()
    assert fingerprint.endswith(":1")
    assert run["results"][1] == {
        "ruleId": "level_matches_score",
        "ruleIndex": 1,
        "level": "error",
        "message": {"text": "level is five-star, not four-star"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "registry/a.yaml"},
                    "region": {"startLine": 2, "startColumn": 8},
                }
            }
        ],
    }
    assert [result["level"] for result in run["results"]] == ["warning", "error"]


def test_sarif_paths_are_uris() -> None:
    """A Chinese path, a space and a byte that is no UTF-8 make a valid URI."""
    log = json.loads(as_sarif([Problem("示 \udcff.yaml", 1, 1, "rule", "message")], {}))
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "%E7%A4%BA%20%FF.yaml"


@given(st.lists(st.builds(Problem, st.just("a.yaml"), st.integers(1), st.integers(1), TEXT, TEXT), max_size=3))
def test_sarif_is_what_the_standard_says(problems: list[Problem]) -> None:
    """By the schema of OASIS, which is tests/schemas/sarif-2.1.0.json."""
    jsonschema.Draft4Validator(SCHEMA).validate(json.loads(as_sarif(problems, {"rule": "A rule must hold."})))


def test_sarif_stays_within_githubs_limits() -> None:
    """Five thousand results, errors rather than warnings; texts of 1,024 characters."""
    found = [*many(3_000, Severity.WARNING), *(Problem("b", n, 1, "r", "x" * 2_000) for n in range(1, 3_001))]
    [run] = json.loads(as_sarif(found, {"r": "y" * 2_000}))["runs"]
    levels = [result["level"] for result in run["results"]]
    assert (levels.count("error"), levels.count("warning")) == (3_000, 2_000)
    assert {len(result["message"]["text"]) for result in run["results"]} == {5, sarif.LONGEST}
    assert len(run["tool"]["driver"]["rules"][0]["shortDescription"]["text"]) == sarif.LONGEST


def prints(form: str, problems: list[Problem]) -> list[str]:
    """The fingerprints in SARIF, or in GitLab's report, in order."""
    if form == "gitlab":
        return [one["fingerprint"] for one in json.loads(as_gitlab(problems))]
    [run] = json.loads(as_sarif(problems, {}))["runs"]
    return [one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"]]


@pytest.mark.parametrize("form", ["gitlab", "sarif"])
def test_a_problem_keeps_its_identity_when_lines_move(form: str) -> None:
    """Also when its message names a line; two of a kind are two, and another file's, rule's or message's are others."""
    once = [Problem("a", 3, 1, "r", "is already given on line 2: keep one"), *many(2)]
    moved = [Problem("a", 9, 5, "r", "is already given on line 8: keep one"), *many(2)]
    others = [Problem("b", 1, 1, "r", "m"), Problem("b", 2, 1, "r", "n"), Problem("b", 3, 1, "s", "m")]
    assert prints(form, once) == prints(form, moved)
    assert len({*prints(form, [*once, *others])}) == 6


# GitLab


def test_gitlab_is_given_what_its_report_asks_for() -> None:
    """A list: what is wrong, the rule, where, how bad, and a fingerprint of its own."""
    told = json.loads(as_gitlab([LEVEL, NUMBER]))
    assert told[1] == {
        "description": "level is five-star, not four-star",
        "check_name": "level_matches_score",
        "fingerprint": told[1]["fingerprint"],
        "severity": "major",
        "location": {"path": "registry/a.yaml", "lines": {"begin": 2}},
    }
    assert told[0]["severity"] == "minor"
    assert as_gitlab([]) == "[]\n"


@given(st.lists(ANY, max_size=5))
def test_every_form_of_any_problems_can_be_written_as_utf8(problems: list[Problem]) -> None:
    """No path and no message, lone surrogates included, keeps a report from being printed."""
    assert annotations(problems, "").encode().count(b"\n") == len(problems)
    assert len(json.loads(as_gitlab(problems).encode())) == len(problems)
    assert len(json.loads(as_sarif(problems, {}).encode())["runs"][0]["results"]) == len(problems)
    assert as_markdown(problems, 1, lambda path: [path]).encode()


# Code owners


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("build.py", ["@org/staff", "@li"]),
        ("registry/bodies/example-cb.yaml", ["@org/staff", "@li"]),
        ("registry/certificates/example-cb/1.yaml", ["@cb/one", "@cb/two"]),
        ("registry/certificates/example-cb-2/1.yaml", ["@org/staff", "@li"]),
        ("registry/certificates/README.md", ["@org/staff", "@li"]),
        ("else/registry/certificates/example-cb/1.yaml", ["@org/staff", "@li"]),
    ],
)
def test_a_bodys_certificates_are_its_reviewers_and_all_else_the_operators(
    tmp_path: Path, path: str, owners: list[str]
) -> None:
    """By the last line that matches a file."""
    made = project(tmp_path)
    second = RULEBOOK[f"bodies/{BODY}.yaml"].replace("99", "88")
    made.write(f"registry/bodies/{BODY}.yaml", RULEBOOK[f"bodies/{BODY}.yaml"] + REVIEWERS)
    made.write("registry/bodies/example-cb-2.yaml", second)
    ended = made.call("codeowners", "@org/staff", "@li")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("# Made by build.py codeowners from registry/bodies/.")
    assert [owner for _, owner in CodeOwners(ended.out).of(path)] == owners


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (("", ""), 0),
        (("@cb/two", "@cb/three"), 1),
        (("  @org/staff @li", "  @li"), 0),
        (("*", "# *"), 1),
        ((" @org/staff @li", ""), 1),
        (("\n", "\n\n"), 1),
    ],
)
def test_a_file_of_code_owners_is_current_or_not(tmp_path: Path, edit: tuple[str, str], code: int) -> None:
    """The operators are those that it names; all else must be as printed now, or one sentence says what to do."""
    made = project(tmp_path)
    made.write(f"registry/bodies/{BODY}.yaml", RULEBOOK[f"bodies/{BODY}.yaml"] + REVIEWERS)
    made.write("CODEOWNERS", made.call("codeowners", "@org/staff", "@li").out.replace(*edit))
    ended = made.call("codeowners", "--check", "CODEOWNERS")
    anew = "write it anew with build.py codeowners and the accounts of its line *"
    said = f"CODEOWNERS is not what registry/bodies/ says now: {anew}.\n" if code else ""
    assert (ended.code, ended.out, ended.err) == (code, "", said)


def test_code_owners_are_printed_or_checked(tmp_path: Path) -> None:
    """Not both, and not neither."""
    made = project(tmp_path)
    made.write("CODEOWNERS", "")
    told = "Error: Name the accounts of the operators, such as @org/staff, or a file with --check.\n"
    for arguments in ((), ("@li", "--check", "CODEOWNERS")):
        ended = made.call("codeowners", *arguments)
        assert (ended.code, ended.err) == (2, told)


def test_accounts_and_bodies_that_are_none_are_told(tmp_path: Path) -> None:
    """What is no account would make the whole file void; of a body that cannot be read, nobody knows the reviewers."""
    made = project(tmp_path)
    assert "it is 'li', but must hold @ and an account" in made.call("codeowners", "li").err
    assert "it is '@li @x', but must hold" in made.call("codeowners", "@li @x").err
    made.write(f"registry/bodies/{BODY}.yaml", RULEBOOK[f"bodies/{BODY}.yaml"] + 'reviewers: ["li"]\n')
    ended = made.call("codeowners", "@li")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"Error: The records of bodies have problems: {BODY}. See build.py check.\n"
    assert made.call("check").out.splitlines()[0] == (
        f"registry/bodies/{BODY}.yaml:9:13: reviewers[1] is 'li', but must hold @ and an account on a forge, or a team "
        "there, like @example-cb/reviewers [code]"
    )
