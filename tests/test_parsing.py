"""How nodes become values: each kind of value, tables of keys, and what is left when something cannot be read."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from records import RECORD, record, said, varied

from starcert.kinds import (
    YES_OR_NO,
    As,
    ByWord,
    Choice,
    Code,
    Count,
    Day,
    Either,
    Link,
    ListOf,
    Number,
    Pattern,
    Text,
    Unjudged,
    any_of,
)
from starcert.parsing import UNREAD, Draft, Field, Kind, Reading, Table, Unread
from starcert.yamlfile import Scalar

WORD = Code(re.compile("[a-z]+"), "only small letters", "word")


def read(kind: Kind, text: str) -> tuple[Any, list[str]]:
    """The value of `key: TEXT`, and what is wrong with it."""
    reading = Reading("record.yaml")
    value = kind.read(record(f"key: {text}\n").items["key"], "key", reading)
    return value, [str(problem).removeprefix("record.yaml:") for problem in reading.problems]


GOOD = [
    (Text(), "示例", "示例"),
    (Text(), "NO", "NO"),
    (Text(), "00123", "00123"),
    (Text(5), "12345", "12345"),
    (Link(), "https://a.example", "https://a.example"),
    (Link(), "https://a.example:8443/x?y=1#z", "https://a.example:8443/x?y=1#z"),
    (WORD, "word", "word"),
    (Day(), "2024-02-29", date(2024, 2, 29)),
    (Day(), "1990-01-01", date(1990, 1, 1)),
    (Day(), "2199-12-31", date(2199, 12, 31)),
    (Number(), "4.10", Decimal("4.10")),
    (Number(), "0", Decimal(0)),
    (Number(), "9999.9999", Decimal("9999.9999")),
    (Count(), "12", 12),
    (Choice.of("yes", "no"), "no", "no"),
    (YES_OR_NO, "no", False),
    (ListOf(Count()), "[1, 2]", (1, 2)),
    (ListOf(Count()), "[]", ()),
    (ByWord(("5.1", "5.2"), Count()), "{5.1: 3}", {"5.1": 3}),
    (Either(Count(), ListOf(Count())), "3", 3),
    (As(Count(), str), "3", "3"),
]


@pytest.mark.parametrize(("kind", "text", "value"), GOOD)
def test_a_value_is_read_as_written(kind: Kind, text: str, value: object) -> None:
    """Nothing is guessed: a text stays a text, a number keeps its places."""
    assert read(kind, text) == (value, [])
    assert str(read(Number(), "4.10")[0]) == "4.10"


def test_a_pattern_is_read_as_a_regular_expression() -> None:
    """The pattern matches what it says."""
    pattern, told = read(Pattern(), r"\d{2}")
    assert told == []
    assert pattern.fullmatch("12")


BAD = [
    (Text(), "''", "key is empty: write its value, or remove the line if it is optional [text]"),
    (Text(), '" "', "key is empty: write its value, or remove the line if it is optional [text]"),
    (Text(), '"a\\nb"', "key runs over several lines: write it on one line [text]"),
    (Text(5), "123456", "key has 6 characters, but at most 5 fit [text]"),
    (Text(), "[a]", "key is a list, but must be a single value: write key: … [shape]"),
    (Text(), "{a: b}", "key is a mapping, but must be a single value: write key: … [shape]"),
    (Link(), "http://a.example", "'http://a.example', but must be a link such as https://www.example.com/ [link]"),
    (Link(), "https://", "'https://', but must be a link such as https://www.example.com/ [link]"),
    (Link(), "https://a b", "'https://a b', but must be a link such as https://www.example.com/ [link]"),
    (Link(), "data:text/html,x", "'data:text/html,x', but must be a link such as https://www.example.com/ [link]"),
    (WORD, "Word", "'Word', but must hold only small letters, like word [code]"),
    (Pattern(), "'('", "not a regular expression: missing ): ( [pattern]"),
    (Day(), "2026-02-29", "2026-02-29, a day that is not in the calendar [day]"),
    (Day(), "2026-2-9", "'2026-2-9', but a day is written YYYY-MM-DD, like 2026-03-09 [day]"),
    (Day(), "20260309", "'20260309', but a day is written YYYY-MM-DD, like 2026-03-09 [day]"),
    (Day(), "２０２６-03-09", "'２０２６-03-09', but a day is written YYYY-MM-DD, like 2026-03-09 [day]"),
    (Day(), "1989-12-31", "1989-12-31, but the year must be from 1990 to 2199 [day]"),
    (Day(), "2200-01-01", "2200-01-01, but the year must be from 1990 to 2199 [day]"),
    (Count(), "1.5", "'1.5', but must be a whole number from 0 to 9999 [number]"),
    (Count(), "-1", "'-1', but must be a whole number from 0 to 9999 [number]"),
    (Count(), "٣", "'٣', but must be a whole number from 0 to 9999 [number]"),
    (Choice.of("red", "green"), "gren", "'gren', but must be red or green; did you mean green? [choice]"),
    (Choice.of("red", "green"), "xyz", "'xyz', but must be red or green [choice]"),
    (YES_OR_NO, "No", "'No', but must be yes or no; did you mean no? [choice]"),
    (ListOf(Count()), "3", "key must be a list: write each item on its own line after a '- ' [shape]"),
    (ListOf(Count(), 1), "[]", "key has 0 items, but must have from 1 to 100 [shape]"),
    (ListOf(Count(), 0, 1), "[1, 2]", "key has 2 items, but must have from 0 to 1 [shape]"),
    (ByWord(("5.1",), Count()), "3", "key must be a mapping: under it, write a line such as 5.1: … [shape]"),
]


@pytest.mark.parametrize(("kind", "text", "message"), BAD)
def test_what_cannot_be_read_is_told_what_to_write(kind: Kind, text: str, message: str) -> None:
    """The value is UNREAD, and the one message names the key, what was found and what was expected."""
    value, told = read(kind, text)
    assert value is UNREAD
    assert len(told) == 1
    assert told[0].startswith("1:6: key ")
    assert told[0].endswith(message)


@pytest.mark.parametrize("text", ["1e3", "+1", "-1", ".5", "1.", "1,5", "12345", "1.23456", "NaN", "1_0", "九", "１"])
def test_only_plain_numbers_are_numbers(text: str) -> None:
    """No exponent, sign, comma, underscore or foreign digit, and at most four digits on each side."""
    value, told = read(Number(), text)
    wanted = "a number in plain digits, like 96.25, with at most four digits after the point"
    assert value is UNREAD
    assert told == [f"1:6: key is '{text}', but must be {wanted} [number]"]


def test_an_item_is_named_by_its_place_in_the_list() -> None:
    """Items count from one, and every wrong one is named at its own place."""
    value, told = read(ListOf(Count()), "[1, x, 3, y]")
    assert value is UNREAD
    assert told == [
        "1:10: key[2] is 'x', but must be a whole number from 0 to 9999 [number]",
        "1:16: key[4] is 'y', but must be a whole number from 0 to 9999 [number]",
    ]


def test_an_unknown_word_is_told_the_nearest() -> None:
    """A mapping by words refuses other words where they stand."""
    value, told = read(ByWord(("5.1", "5.2"), Count()), "{5.1: 1, 5.22: 2}")
    assert value is UNREAD
    assert told == ["1:15: key.5.22 is not a key of this record; did you mean 5.2? [known_key]"]


@pytest.mark.parametrize("text", ["1", "x", "[1]", "{a: 1}"])
def test_what_hangs_on_an_unread_value_is_not_judged(text: str) -> None:
    """It is unread without a message of its own."""
    assert read(Unjudged(), text) == (UNREAD, [])


def test_a_long_choice_is_cut_short() -> None:
    """Twelve words are shown, in the order in which they are listed."""
    assert any_of("abc") == "a, b or c"
    assert any_of("a") == "a"
    assert any_of(map(str, range(20))) == "one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …"


@dataclass(frozen=True, slots=True)
class Box:
    """A noun for these tests."""

    id: str
    width: int
    depth: int
    label: str | None

    @property
    def area(self) -> int:
        """Width times depth."""
        return self.width * self.depth

    def wider_than(self, width: int) -> bool:
        """Whether it is."""
        return self.width > width


BOX = Table(
    Box,
    {
        "width": Field(Count(), "how wide it is"),
        "depth": Field(Count(), "how deep it is"),
        "label": Field(Text(), "what is written on it", False),
    },
    {"id": "box-1"},
)


def test_a_table_reads_its_noun() -> None:
    """Known keys become fields, an absent optional one its default, and what is given is added."""
    assert read(BOX, "{width: 3, depth: 4}") == (Box("box-1", 3, 4, None), [])
    assert read(BOX, "{depth: 4, label: tools, width: 3}") == (Box("box-1", 3, 4, "tools"), [])


def test_a_table_names_every_mistake_in_one_reading() -> None:
    """Unknown, missing and unreadable keys are all named, each at its place."""
    _, told = read(BOX, "{depth: deep, colour: red}")
    assert told == [
        "1:20: key.colour is not a key of this record; the keys here are width, depth, label [known_key]",
        "1:6: key.width is missing: how wide it is [required_key]",
        "1:14: key.depth is 'deep', but must be a whole number from 0 to 9999 [number]",
    ]


def test_a_misspelt_key_is_one_mistake() -> None:
    """A required key under a wrong spelling is named once, as misspelt, and not as missing too."""
    assert read(BOX, "{widht: 3, depth: 4}")[1] == [
        "1:7: key.widht is not a key of this record; did you mean width? [known_key]"
    ]


def test_a_draft_answers_with_what_was_read() -> None:
    """It gives its fields, methods and properties like the noun, or says that one of them was not read."""
    draft, _ = read(BOX, "{width: 3, depth: deep}")
    assert isinstance(draft, Draft)
    assert (draft.id, draft.width, draft.label, draft.wider_than(2)) == ("box-1", 3, None, True)
    with pytest.raises(Unread):
        _ = draft.depth
    with pytest.raises(Unread):
        _ = draft.area


def test_a_draft_within_a_noun_makes_that_a_draft() -> None:
    """A noun is whole only when all its parts are."""
    shelf = Table(Box, {"width": Field(BOX, "the box"), "depth": BOX.fields["depth"], "label": BOX.fields["label"]})
    draft, told = read(shelf, "{width: {width: 3}, depth: 1}")
    assert isinstance(draft, Draft)
    assert told == ["1:14: key.width.depth is missing: how deep it is [required_key]"]


TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20),
    st.from_regex(r"\A[0-9A-Za-z:/.+-]{0,20}\Z"),
    st.dates().map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
)


@given(st.sampled_from([Link(), Day(), Number(), Count(), WORD, YES_OR_NO]), TEXTS)
def test_no_text_breaks_a_kind(kind: Kind, text: str) -> None:
    """Any text is read, or refused in one line of which every character shows."""
    reading = Reading("record.yaml")
    value = kind.read(Scalar(text, 1, 1), "key", reading)
    assert (value is UNREAD) == (len(reading.problems) == 1)
    assert all(str(problem).isprintable() for problem in reading.problems)


@given(st.sampled_from([Link(), Day(), Number(), WORD]), TEXTS)
def test_the_schema_lets_through_whatever_is_read(kind: Kind, text: str) -> None:
    """An editor that checks by the schema never objects to a value that the register accepts."""
    value = kind.read(Scalar(text, 1, 1), "key", Reading("record.yaml"))
    if value is not UNREAD:
        Draft202012Validator(kind.schema()).validate(text)


def test_a_wrong_value_hides_no_other() -> None:
    """Every line of a record in which three values cannot be read is named."""
    text = varied(("\nissued: 2025", "\nissued: 20255"), ("region: 33", "region: 330"), ("    city: 杭州\n", ""))
    assert said(text) == [
        "13:9: region is '330', but must be 33 or 44; did you mean 33? [choice]",
        "16:5: sites[1].city is missing: its city [required_key]",
        "21:9: issued is '20255-03-01', but a day is written YYYY-MM-DD, like 2026-03-09 [day]",
    ]


def test_keys_may_stand_in_any_order() -> None:
    """The order of a record's keys means nothing."""
    top, _, audits = RECORD.partition("audits:\n")
    assert said(f"audits:\n{audits}{top}") == []
