"""A problem is a value that sorts by place and prints as one line."""

from hypothesis import given
from hypothesis import strategies as st

from starcert.problems import Problem, Severity, nearest, shown


def test_a_problem_prints_as_place_message_and_rule():
    """The printed form is what editors and terminals link to."""
    problem = Problem("registry/a.yaml", 14, 8, "level_matches_score", "level is five-star, not four-star")
    expected = "registry/a.yaml:14:8: level is five-star, not four-star [level_matches_score]"
    assert str(problem) == expected


def test_a_warning_says_that_it_is_one():
    """A warning blocks nothing, and the clerk must see that."""
    warning = Problem("a.yaml", 1, 2, "number_pattern", "number is unlike the others", Severity.WARNING)
    assert str(warning) == "a.yaml:1:2: warning: number is unlike the others [number_pattern]"


def test_problems_sort_by_path_then_line_then_column():
    """Line 2 stands before line 10."""
    places = [("b", 1, 1), ("a", 10, 1), ("a", 2, 9), ("a", 2, 10)]
    ordered = sorted(Problem(path, line, column, "rule", "message") for path, line, column in places)
    assert [(p.path, p.line, p.column) for p in ordered] == [
        ("a", 2, 9),
        ("a", 2, 10),
        ("a", 10, 1),
        ("b", 1, 1),
    ]


def test_the_nearest_spelling_is_found_despite_case_hyphens_and_slips():
    """What a clerk meant is named, whatever the slip."""
    keys = ["expires", "issued", "first_issued", "holder", "score"]
    assert nearest("expiers", keys) == "expires"
    assert nearest("Expires", keys) == "expires"
    assert nearest("first-issued", keys) == "first_issued"
    assert nearest("First Issued", keys) == "first_issued"


def test_nothing_near_is_none():
    """A guess that helps nobody is not made."""
    assert nearest("colour", ["expires", "issued"]) is None
    assert nearest("", ["expires"]) is None
    assert nearest("expires", []) is None


@given(st.text(), st.lists(st.text(), max_size=5))
def test_the_nearest_is_one_of_the_words(word, words):
    """Whatever is asked, the answer is one of the words or None."""
    assert nearest(word, words) in [*words, None]


def test_the_nearest_does_not_depend_on_the_order_of_the_words():
    """Messages are the same in every run, also when the words come from a set."""
    assert nearest("ab", ["abc", "abd"]) == nearest("ab", ["abd", "abc"])


def test_shown_text_is_short_and_hides_nothing():
    """A message quotes a text without its power over terminals."""
    assert shown("示例 A") == "示例 A"
    assert shown("a\x1b[31m\u202eb\n") == "a<U+001B>[31m<U+202E>b<U+000A>"
    assert shown("x" * 60) == "x" * 60
    assert shown("x" * 61) == "x" * 59 + "…"


@given(st.text())
def test_shown_text_is_always_printable(text):
    """No text can break out of its message."""
    assert shown(text).isprintable()
