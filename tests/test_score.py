"""What a score is worth: exact sums, and the level for every score that can be reported."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
import records
from hypothesis import given
from hypothesis import strategies as st
from records import RECORD, said, varied

from starcert.scheme import Scheme
from starcert.score import ItemisedScore, Score, digits, rounded


def scheme(id: str = "gbt-27922-2011") -> Scheme:
    """A scheme of the small rulebook."""
    return records.rulebook().schemes[id]


def itemised(
    *points: str, excluded: Mapping[str, str] | None = None, deductions: int = 0, bonus: int = 0
) -> ItemisedScore:
    """A score with these points for the clauses 5.1, 5.2 and 5.3."""
    obtained = {f"5.{number}": Decimal(text) for number, text in enumerate(points, 1)}
    left_out = {clause: Decimal(text) for clause, text in (excluded or {}).items()}
    return ItemisedScore(obtained, left_out, deductions, bonus, None)


def test_every_score_in_hundredths_gives_its_level() -> None:
    """From 0.00 to 100.00: none below 70, then qualified, three-star from 80, four-star from 90, five from 95."""
    for hundredths in range(10_001):
        level = scheme().level_for(Score(Decimal(hundredths).scaleb(-2)).exact(scheme().scale))
        expected = None
        for name, lowest in (("qualified", 7000), ("three-star", 8000), ("four-star", 9000), ("five-star", 9500)):
            expected = name if hundredths >= lowest else expected
        assert (level.id if level else None) == expected, hundredths


@pytest.mark.parametrize(
    ("score", "level"),
    [
        ("69.9999", None),
        ("70", "qualified"),
        ("79.9999", "qualified"),
        ("80.0001", "three-star"),
        ("89.9999", "three-star"),
        ("90.0", "four-star"),
        ("94.9949", "four-star"),
        ("94.996", "four-star"),
        ("94.9999", "four-star"),
        ("95", "five-star"),
        ("95.0001", "five-star"),
    ],
)
def test_a_level_is_decided_on_the_exact_score(score: str, level: str | None) -> None:
    """A score that prints as 95.00 but is less is four-star; the lower bound of a level belongs to it."""
    found = scheme().level_for(Score(Decimal(score)).exact(scheme().scale))
    assert (found.id if found else None) == level


@pytest.mark.parametrize(
    ("score", "level"),
    [("699.9", None), ("700", "two-star"), ("800", "three-star"), ("900", "four-star"), ("949.9999", "four-star")],
)
def test_the_thousand_point_scheme_has_its_own_levels(score: str, level: str | None) -> None:
    """Levels are the scheme's: nothing of another scheme's numbers shows."""
    other = scheme("gbt-27925-2011")
    found = other.level_for(Score(Decimal(score)).exact(other.scale))
    assert (found.id if found else None) == level


def test_a_thousand_points_add_up() -> None:
    """On a scale of 1000 the points are the score, and a share of 950 is five-star."""
    other = scheme("gbt-27925-2011")
    exact = itemised("380", "332.5", "237.5").exact(other.scale)
    assert exact == 950
    level = other.level_for(exact)
    assert level
    assert level.id == "five-star"


EXACT = {
    "nothing excluded": (itemised("38.5", "33.6", "24.1"), Fraction("96.2")),
    "excluded points leave both sums": (
        itemised("38.5", "30.1", "24.1", excluded={"5.2": "3.5"}),
        Fraction("92.7") / Fraction("96.5") * 100,
    ),
    "each deduction takes one off": (itemised("38.5", "33.6", "24.1", deductions=4), Fraction("92.2")),
    "the bonus adds one": (itemised("38.5", "33.6", "24.1", bonus=1), Fraction("97.2")),
    "both count": (itemised("38.5", "33.6", "24.1", deductions=2, bonus=1), Fraction("95.2")),
    "capped at full": (itemised("40", "35", "24.5", bonus=1), Fraction(100)),
    "deducted before it is capped": (itemised("40", "35", "25", deductions=1, bonus=1), Fraction(100)),
    "nothing obtained": (itemised("0", "0", "0", deductions=1), Fraction(-1)),
    "nothing applicable": (itemised("0", "0", "0", excluded={"5.1": "40", "5.2": "35", "5.3": "25"}), Fraction(0)),
}


@pytest.mark.parametrize("case", EXACT)
def test_an_itemised_score_is_exact(case: str) -> None:
    """Points obtained by points applicable times 100, less deductions, plus bonus, at most 100."""
    score, exact = EXACT[case]
    assert score.exact(scheme().scale) == exact


hundredths_of = st.integers(0, 10_000).map(lambda number: Decimal(number).scaleb(-2))


@given(st.lists(hundredths_of, min_size=3, max_size=3), st.integers(0, 4), st.integers(0, 1))
def test_an_itemised_score_is_never_more_than_full(points: list[Decimal], deductions: int, bonus: int) -> None:
    """Whatever the points, the score is at most the full score, and one more deduction never helps."""
    scale = scheme().scale
    score = itemised(*map(str, points), deductions=deductions, bonus=bonus).exact(scale)
    assert score <= 100
    assert itemised(*map(str, points), deductions=deductions + 1, bonus=bonus).exact(scale) <= score


@pytest.mark.parametrize(
    ("score", "shown"),
    [
        ("94.5", "94.50"),
        ("95", "95.00"),
        ("94.996", "94.996"),
        ("94.9999", "94.9999"),
        ("94.99996", "94.9999…"),
        ("0", "0.00"),
        ("-0.5", "-0.50"),
    ],
)
def test_a_score_is_shown_without_rounding_it_up(score: str, shown: str) -> None:
    """Messages cut a score: what is under a level's bound never reads as the bound."""
    assert digits(Fraction(score)) == shown


@pytest.mark.parametrize(
    ("score", "places", "total"),
    [
        ("94.994", 2, "94.99"),
        ("94.995", 2, "95.00"),
        ("94.996", 2, "95.00"),
        ("94.45", 1, "94.5"),
        ("94.5", 0, "95"),
        ("94.4999", 0, "94"),
    ],
)
def test_a_total_is_rounded_half_up(score: str, places: int, total: str) -> None:
    """The half goes up, never to the even digit, and the total keeps its places."""
    assert str(rounded(Fraction(score), places)) == total


def test_a_total_may_print_the_bound_that_the_score_misses() -> None:
    """94.996 is rightly printed as 95.00, and is four-star all the same."""
    record = varied(("{5.1: 38.5, 5.2: 33.6, 5.3: 24.1}", "{5.1: 38.4, 5.2: 33.596, 5.3: 24}"), ("95.20", "95.00"))
    assert said(record) == [
        "35:12: level is five-star, but the score 94.996 gives four-star (five-star needs 95.00) [level_matches_score]"
    ]


def test_items_that_make_no_sense_are_not_added_up() -> None:
    """While a group's points are wrong, neither the total nor the level is held against the record."""
    assert said(varied(("5.2: 33.6", "5.2: 53.6"))) == [
        "32:32: 5.2 has 53.6 points, but at most 35 can be obtained [points_within_group]"
    ]


def test_no_points_are_obtained_where_all_are_excluded() -> None:
    """A group that does not apply gives nothing."""
    assert said(varied(("5.3: 24.1}", "5.3: 0.5}\n      excluded: {5.3: 25}"))) == [
        "32:43: 5.3 has 0.5 points, but at most 0 can be obtained (25 less 25 excluded) [points_within_group]"
    ]


def test_five_deductions_rule_a_certificate_out() -> None:
    """Fewer than five special deductions are allowed, whatever the score."""
    full = varied(("{5.1: 38.5, 5.2: 33.6, 5.3: 24.1}", "{5.1: 40, 5.2: 35, 5.3: 25}"))
    record = full.replace("deductions: 1", "deductions: 5")
    assert said(record.replace("95.20", "95")) == [
        "33:19: deductions is 5, but a certificate needs fewer than 5 [special_items_within_scheme]"
    ]
    assert said(record.replace("deductions: 5", "deductions: 4").replace("95.20", "96")) == []


def test_a_level_below_the_earned_one_is_wrong_too() -> None:
    """The score decides in both directions."""
    lower = RECORD.replace("level: five-star", "level: four-star")
    assert said(lower)[0] == (
        "28:12: level is four-star, but the score 96.40 gives five-star (five-star needs 95.00) [level_matches_score]"
    )
