"""Problems in the forms that terminals and programs read."""

import json

from hypothesis import given
from hypothesis import strategies as st

from starcert import reports
from starcert.problems import Problem, Severity

LEVEL = Problem("registry/a.yaml", 2, 8, "level_matches_score", "level is five-star, not four-star")
NUMBER = Problem("registry/a.yaml", 1, 1, "number_pattern", "100 % odd: a,b\r\nc", Severity.WARNING)
ANY = st.builds(
    Problem,
    path=st.text(min_size=1),
    line=st.integers(1, 99_999),
    column=st.integers(1, 99_999),
    rule=st.sampled_from(["level_matches_score", "yaml_syntax"]),
    message=st.text(),
    severity=st.sampled_from(Severity),
)


def test_the_summary_counts_problems_warnings_and_records():
    """One line says how the run went."""
    assert reports.summary([LEVEL, LEVEL, NUMBER], 150) == "2 problems and 1 warning in 150 records"
    assert reports.summary([NUMBER], 1) == "1 warning in 1 record"
    assert reports.summary([LEVEL], 12_000) == "1 problem in 12,000 records"
    assert reports.summary([], 0) == "no problems in 0 records"


def test_text_is_a_line_per_problem_in_the_order_of_places():
    """Without colour there is no escape sequence, and a line break in a message breaks no line."""
    assert reports.as_text([LEVEL, NUMBER]) == (
        "registry/a.yaml:1:1: warning: 100 % odd: a,b<U+000D><U+000A>c [number_pattern]\n"
        "registry/a.yaml:2:8: level is five-star, not four-star [level_matches_score]\n"
    )


def test_text_with_lines_shows_the_line_and_a_caret():
    """A clerk sees the place without opening the file."""
    text = reports.as_text([LEVEL], lines_of=lambda path: ["number: 1", "level: five-star"])
    assert text == (
        "registry/a.yaml:2:8: level is five-star, not four-star [level_matches_score]\n"
        "  2 | level: five-star\n"
        "    |        ^\n"
    )


def test_the_caret_stands_right_after_wide_characters():
    """A Han character takes two columns of a terminal."""
    problem = Problem("a.yaml", 1, 9, "rule", "message")
    text = reports.as_text([problem], lines_of=lambda path: ["name: 示例\u200b公司"])
    assert text.split("\n")[1:3] == ["  1 | name: 示例<U+200B>公司", "    |           ^"]


def test_a_long_line_is_shown_around_the_place():
    """An excerpt never floods the screen."""
    problem = Problem("a.yaml", 1, 1001, "rule", "message")
    _, excerpt, caret, _ = reports.as_text([problem], lines_of=lambda path: ["a" * 1000 + "b" * 999]).split("\n")
    assert excerpt == "  1 | " + "a" * 50 + "b" * 50
    assert caret == "    | " + " " * 50 + "^"


def test_a_place_after_the_last_line_has_no_excerpt():
    """A problem about the end of a file still prints."""
    assert reports.as_text([LEVEL], lines_of=lambda path: []) == f"{LEVEL}\n"


def test_text_is_coloured_only_when_told():
    """Problems are red, warnings yellow."""
    text = reports.as_text([LEVEL, NUMBER], colour=True)
    assert "\x1b[31mproblem\x1b[0m: level is" in text
    assert "\x1b[33mwarning\x1b[0m: 100 %" in text


def test_json_has_the_problems_and_their_counts():
    """The shape is for other programs, and stable."""
    assert json.loads(reports.as_json([LEVEL])) == {
        "problems": [
            {
                "path": "registry/a.yaml",
                "line": 2,
                "column": 8,
                "rule": "level_matches_score",
                "message": "level is five-star, not four-star",
                "severity": "problem",
            }
        ],
        "counts": {"problems": 1, "warnings": 0},
    }


@given(st.lists(ANY, max_size=5))
def test_every_form_of_any_problems_can_be_written_as_utf8(problems):
    """No path and no message, lone surrogates included, keeps a report from being printed."""
    assert reports.as_text(problems, lines_of=lambda path: [path]).encode().count(b"\n") <= 3 * len(problems)
    assert reports.as_text(problems, colour=True).encode().count(b"\n") == len(problems)
    assert len(json.loads(reports.as_json(problems).encode())["problems"]) == len(problems)
