"""What must hold between certificates, whatever their order and number."""

import random
from datetime import date

import pytest
import records

from starcert.rules import judge_between
from starcert.rules.ties import PLACED, Tie
from starcert.status import Status


def ties(count: int) -> list[Tie]:
    """The ties of that many certificates that have nothing to do with each other."""
    one = records.verdict(records.RECORD).tie
    assert one
    numbers = (f"99925SC{serial:05d}R1M" for serial in range(count))
    return [
        Tie(**{name: getattr(one, name) for name in Tie.__slots__} | {"number": number, "path": f"{number}.yaml"})
        for number in numbers
    ]


def linked(tie: Tie, **links: str) -> Tie:
    """The tie with links to other certificates."""
    places = {**tie.places, **dict.fromkeys(links, (40, 1))}
    return Tie(**{name: getattr(tie, name) for name in Tie.__slots__} | links | {"places": places})


def test_certificates_without_links_have_nothing_between_them() -> None:
    """Certificates with numbers of their own are told nothing."""
    assert judge_between(ties(20), set()) == []


def test_the_order_of_certificates_changes_nothing_between_them() -> None:
    """Whatever the order of the files, the same of two equal numbers is named, in the same words."""
    all_ties = [*ties(30), *(linked(tie, parent="99925SC00003R1S") for tie in ties(5))]
    shuffled = random.Random(1).sample(all_ties, len(all_ties))
    assert judge_between(shuffled, set()) == judge_between(all_ties, set()) != []


def test_a_link_to_an_unread_record_waits_until_that_is_mended() -> None:
    """A reference to a number or slug whose record could not be read is no problem of its own."""
    one, two, three = ties(3)
    pair = [linked(one, parent="99925SC00123R1M/1"), linked(two, parent="99925SC00124R1M"), three]
    assert judge_between(pair, {"99925SC00123R1M-1", "99925SC00124R1M"}) == []


@pytest.mark.parametrize("typed", ["99925SC00007R1N", "9925SC00007R1M", "99925sc00007r1m", "99925/SC00007R1M"])
def test_an_unknown_number_is_told_a_near_one(typed: str) -> None:
    """A slip anywhere in a number leads to a number that is in the registry."""
    first, *others = ties(300)
    problem, *more = judge_between([linked(first, parent=typed), *others], set())
    assert not more
    assert problem.message == (f"parent is {typed}, but no record has that number; did you mean 99925SC00007R1M?")


def told_between(first: dict[str, object], second: dict[str, object]) -> list[str]:
    """What is wrong between certificates A and B, which differ from the valid one in these fields."""
    plain = ties(1)[0]
    fields = {name: getattr(plain, name) for name in Tie.__slots__}
    places = dict.fromkeys(PLACED, (1, 1))
    pair = [
        Tie(**{**fields, "places": places, "number": number, "path": f"{number}.yaml", **changes})
        for number, changes in (("A", first), ("B", second))
    ]
    return [f"{problem.path}: {problem.message} [{problem.rule}]" for problem in judge_between(pair, {"C"})]


OLD = {"issued": date(2022, 3, 1), "expires": date(2025, 2, 28), "history": (), "superseded_by": "B"}
BETWEEN = {
    "a pair that fits": (OLD, {"supersedes": "A", "previous_expires": date(2025, 2, 28)}, []),
    "the successor does not know it": (
        OLD,
        {},
        ["A.yaml: superseded_by is B, but B.yaml has no supersedes: write supersedes: A there [supersedes_is_mutual]"],
    ),
    "the successor names another": (
        OLD,
        {"supersedes": "C"},
        ["A.yaml: superseded_by is B, but B.yaml says supersedes: C: write supersedes: A there [supersedes_is_mutual]"],
    ),
    "another scheme": (
        OLD | {"scheme": "gbt-27925-2011"},
        {"supersedes": "A"},
        ["B.yaml: supersedes is A, whose scheme is gbt-27925-2011, not gbt-27922-2011 [superseded_is_the_holders]"],
    ),
    "not older": (
        OLD | {"issued": date(2025, 3, 1)},
        {"supersedes": "A"},
        ["B.yaml: supersedes is A, which was issued 2025-03-01, not before 2025-03-01 [superseded_is_the_holders]"],
    ),
    "a part of a part": (
        {"parent": "C"},
        {"parent": "A"},
        ["B.yaml: parent is A, itself a part of C: write C [sub_certificate_within_parent]"],
    ),
    "another level and body": (
        {"level": "four-star", "body": "other-cb"},
        {"parent": "A"},
        [
            "B.yaml: body is example-cb, but the parent A has other-cb [sub_certificate_within_parent]",
            "B.yaml: level is five-star, but the parent A has four-star [sub_certificate_within_parent]",
        ],
    ),
    "beyond the parent's expiry": (
        {"expires": date(2028, 2, 28)},
        {"parent": "A"},
        ["B.yaml: expires is 2028-02-29, after the parent A does on 2028-02-28 [sub_certificate_within_parent]"],
    ),
    "withdrawn together": (
        {"history": ((date(2025, 3, 1), Status.VALID), (date(2026, 5, 1), Status.WITHDRAWN))},
        {"parent": "A", "history": ((date(2025, 3, 1), Status.VALID), (date(2026, 5, 1), Status.WITHDRAWN))},
        [],
    ),
    "a day later than the parent": (
        {"history": ((date(2025, 3, 1), Status.VALID), (date(2026, 5, 1), Status.WITHDRAWN))},
        {"parent": "A", "history": ((date(2025, 3, 1), Status.VALID), (date(2026, 5, 2), Status.WITHDRAWN))},
        [
            "B.yaml: this certificate is valid on 2026-05-01, but the parent A is withdrawn that day: "
            "record the same here [sub_certificate_valid_with_parent]"
        ],
    ),
}


@pytest.mark.parametrize("case", BETWEEN)
def test_what_must_hold_between_two_certificates(case: str) -> None:
    """Certificate B refers to certificate A, or A to B."""
    first, second, told = BETWEEN[case]
    assert told_between(first, second) == told
