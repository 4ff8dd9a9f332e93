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


DAY = Problem("registry/a.yaml", 3, 9, "day", "issued is 2026-02-30, a day that is not in the calendar")
ENDS = Problem(
    "registry/a.yaml",
    4,
    13,
    "superseded_certificate_ends",
    "supersedes is A1, but both are valid on 2025-03-01: cancel the older one by then",
    Severity.WARNING,
)


def test_in_two_languages_the_place_has_a_line_of_its_own():
    """Below it each language says the same, and then comes the line of the file."""
    text = reports.as_text([DAY, ENDS], lines_of=lambda path: ["", "", "issued: 2026-02-30"], languages=("zh", "en"))
    assert text == (
        "registry/a.yaml:3:9:\n"
        "  发证日 issued 写的是 2026-02-30，日历上没有这一天\n"
        "  issued is 2026-02-30, a day that is not in the calendar [day]\n"
        "  3 | issued: 2026-02-30\n"
        "    |         ^\n"
        "registry/a.yaml:4:13:\n"
        "  警告：被替代的证书 supersedes 是 A1，而 2025-03-01 两张证书都有效，请最迟于当天注销旧证书\n"
        "  warning: supersedes is A1, but both are valid on 2025-03-01: cancel the older one by then "
        "[superseded_certificate_ends]\n"
    )


def test_one_language_stands_on_the_line_of_the_place():
    """Whichever it is, so that editors and grep find place and message together."""
    assert reports.as_text([DAY, ENDS], languages=("zh",)) == (
        "registry/a.yaml:3:9: 发证日 issued 写的是 2026-02-30，日历上没有这一天 [day]\n"
        "registry/a.yaml:4:13: 警告：被替代的证书 supersedes 是 A1，而 2025-03-01 两张证书都有效，"
        "请最迟于当天注销旧证书 [superseded_certificate_ends]\n"
    )


def test_what_two_languages_say_is_folded_to_the_width():
    """Of a terminal of so many columns no line is cut in a word."""
    assert reports.as_text([ENDS], languages=("zh", "en"), width=50) == (
        "registry/a.yaml:4:13:\n"
        "  警告：被替代的证书 supersedes 是 A1，而\n"
        "  2025-03-01 两张证书都有效，请最迟于当天注销旧证\n"
        "  书\n"
        "  warning: supersedes is A1, but both are valid on\n"
        "  2025-03-01: cancel the older one by then\n"
        "  [superseded_certificate_ends]\n"
    )


def test_chinese_is_coloured_as_english_is():
    """The word for the severity is coloured in each language."""
    text = reports.as_text([DAY, ENDS], languages=("zh", "en"), colour=True, width=50)
    assert "\x1b[31m错误\x1b[0m：发证日 issued" in text
    assert "\x1b[33m警告\x1b[0m：被替代" in text
    assert "\x1b[33mwarning\x1b[0m: supersedes" in text
    assert "  \x1b[2m[superseded_certificate_ends]\x1b[0m\n" in text


def test_the_summary_counts_in_chinese_too():
    """In both languages, it is still one line."""
    assert reports.summary([LEVEL, LEVEL, NUMBER], 1500, ("zh",)) == "1,500 份记录，2 处错误，1 处警告"
    assert reports.summary([], 1, ("zh",)) == "1 份记录，没有错误"
    assert reports.summary([LEVEL], 2, ("zh", "en")) == "2 份记录，1 处错误 / 1 problem in 2 records"


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
    both = reports.as_text(problems, languages=("zh", "en"), width=80, colour=True)
    assert both.encode().count(b"\n") >= 3 * len(problems)
    assert len(json.loads(reports.as_json(problems).encode())["problems"]) == len(problems)
