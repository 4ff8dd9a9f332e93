"""A name holds nothing invisible and nothing that only looks like what was meant."""

import base64
import unicodedata

import corpora
import pytest
from hypothesis import given
from hypothesis import strategies as st

from starcert.characters import HIDDEN, forbidden, lookalikes

ORDINARY = [
    "示例家用电器（北京）股份有限公司",
    "示例“小米”、3M·卡尔《品牌》—服务…",
    "二〇一餐饮有限公司",
    "Example Home Appliances Co., Ltd.",
    "Müller & Söhne GmbH",
    "Ünlü İş Łódź Ærø",
    "Việt Nam",
    "Vie\u0302\u0323t Nam",
    "トヨタ自動車株式会社",
    "優の良品",
    "삼성전자",
    "Газпром",
    "ООО Рога и копыта",
    "Αθήνα",
    "བོད་ལྗོངས",
    "شركة",
    "A×B Acme™ 100 m² ①",
    "𠮷野家",
    "\U00031350",
]


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_names_pass(name):
    """Names of companies in the scripts of the world are as good as any."""
    assert (forbidden(name), lookalikes(name)) == ([], [])


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\x00", "U+0000 NULL"),
        ("\t", "U+0009 TAB"),
        ("\n", "U+000A LINE FEED"),
        ("\x1b", "U+001B ESCAPE"),
        ("\x85", "U+0085 NEXT LINE"),
        ("\x07", "U+0007 control character"),
        ("\xad", "U+00AD SOFT HYPHEN"),
        ("\u200b", "U+200B ZERO WIDTH SPACE"),
        ("\u200d", "U+200D ZERO WIDTH JOINER"),
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\u2066", "U+2066 LEFT-TO-RIGHT ISOLATE"),
        ("\u2028", "U+2028 LINE SEPARATOR"),
        ("\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("\u3164", "U+3164 HANGUL FILLER"),
        ("\ufe0f", "U+FE0F VARIATION SELECTOR-16"),
        ("\U000e0101", "U+E0101 VARIATION SELECTOR-18"),
        ("\U000e0041", "U+E0041 TAG LATIN CAPITAL LETTER A"),
        ("\ue000", "U+E000 private use character"),
        ("\u0378", "U+0378 unassigned character"),
        ("\uffff", "U+FFFF unassigned character"),
        ("\U0002fffe", "U+2FFFE unassigned character"),
        ("\ud800", "U+D800 surrogate"),
    ],
)
def test_what_shows_nothing_is_forbidden(char, name):
    """Controls, formatting, fillers, variation selectors, private, unassigned and half characters."""
    assert forbidden(f"示例{char}公司") == [(2, name)]
    assert lookalikes(f"示例{char}公司") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("⽰例", [(0, "U+2F70 KANGXI RADICAL SPIRIT", "示")]),
        ("示\uf9b5", [(1, "U+F9B5 CJK COMPATIBILITY IDEOGRAPH-F9B5", "例")]),
        ("⻄例", [(0, "U+2EC4 CJK RADICAL WEST TWO", "")]),
        ("示ニ例", [(1, "U+30CB KATAKANA LETTER NI", "二")]),
        ("Exаmple", [(2, "U+0430 CYRILLIC SMALL LETTER A", "a")]),
        ("Εxample", [(0, "U+0395 GREEK CAPITAL LETTER EPSILON", "E")]),
        (
            "ОРЕ 公司",
            [
                (0, "U+041E CYRILLIC CAPITAL LETTER O", "O"),
                (1, "U+0420 CYRILLIC CAPITAL LETTER ER", "P"),
                (2, "U+0415 CYRILLIC CAPITAL LETTER IE", "E"),
            ],
        ),
        ("ＡＢ", [(0, "U+FF21 FULLWIDTH LATIN CAPITAL LETTER A", "A"),
                  (1, "U+FF22 FULLWIDTH LATIN CAPITAL LETTER B", "B")]),
        ("３M", [(0, "U+FF13 FULLWIDTH DIGIT THREE", "3")]),
        ("𝐄xample", [(0, "U+1D404 MATHEMATICAL BOLD CAPITAL E", "E")]),
        ("ﬁne", [(0, "U+FB01 LATIN SMALL LIGATURE FI", "fi")]),
        ("Ⅱ", [(0, "U+2161 ROMAN NUMERAL TWO", "II")]),
        ("a٣", [(1, "U+0663 ARABIC-INDIC DIGIT THREE", "3")]),
        ("A‐B", [(1, "U+2010 HYPHEN", "-")]),
        ("A\u00a0B", [(1, "U+00A0 NO-BREAK SPACE", " ")]),
        ("示例\u3000公司", [(2, "U+3000 IDEOGRAPHIC SPACE", " ")]),
        ("ꓮꓐ", [(0, "U+A4EE LISU LETTER A", ""), (1, "U+A4D0 LISU LETTER BA", "")]),
        ("ɡood", [(0, "U+0261 LATIN SMALL LETTER SCRIPT G", "")]),
        ("o\u0338", [(1, "U+0338 COMBINING LONG SOLIDUS OVERLAY", "")]),
        ("Eଃ", [(1, "U+0B03 ORIYA SIGN VISARGA", "")]),
        ("A∪B", [(1, "U+222A UNION", "")]),
    ],
)  # fmt: skip
def test_what_passes_for_another_character_is_named_with_what_to_type(text, expected):
    """Two names that look the same must be the same."""
    assert lookalikes(text) == expected
    assert forbidden(text) == []


@given(st.text())
def test_any_text_is_judged_and_places_are_in_it(text):
    """No text breaks the judgement, and every index is one of the text, in order."""
    for found in (forbidden(text), lookalikes(text)):
        places = [place for place, *_ in found]
        assert places == sorted(set(places))
        assert all(0 <= place < len(text) for place in places)


@given(st.characters())
def test_what_a_file_may_not_hold_no_name_may_hold(char):
    """The characters refused in files are among those refused in names."""
    assert not HIDDEN.fullmatch(char) or forbidden(char)


@given(st.text("示例公司AaBbАаВвΑαé１Ⅱ 0-"))
def test_what_to_type_instead_is_accepted_or_at_least_ascii(text):
    """Whoever types what the message says is not told off for it."""
    for place, _, meant in lookalikes(text):
        assert all(char.isascii() for char in meant)
        assert text[place] != meant


def test_letters_that_look_like_ascii_are_caught_within_a_word():
    """At least 98 % of Unicode's look-alikes of ASCII are caught inside a Latin word."""
    rows = corpora.rows("normalised/confusables_ascii.tsv")
    caught = [row for row in rows if lookalikes(f"Ex{row['char']}mple") or forbidden(row["char"])]
    assert len(caught) >= 0.98 * len(rows)


def test_every_compatibility_form_of_a_han_character_is_caught_and_named():
    """All of the CJK compatibility ideographs and radicals, each with the character to type."""
    rows = corpora.rows("normalised/confusables_han.tsv")
    found = [lookalikes(f"示例{row['char']}有限公司") for row in rows]
    assert [[place[2] for place in places] for places in found] == [[row["nfkc"]] for row in rows]


def test_real_company_names_raise_no_false_alarm():
    """Of 1,501 full names, one is suspect, and rightly: it has full-width letters and digits."""
    names = [row["name"] for row in corpora.rows("zh/company_name_parse_gold_1501.tsv")]
    suspects = [name for name in names if forbidden(name) or lookalikes(name)]
    assert suspects == ["农工商超市（集团）有限公司（ＮＯ３６）"]


def test_real_brands_raise_no_false_alarm():
    """None of 267,397 short names and brands is suspect."""
    names = corpora.lines("zh/company_short_names_267k.txt")
    assert [name for name in names if forbidden(name) or lookalikes(name)] == []


def test_hostile_strings_are_judged():
    """Every bidirectional trick is caught; every hostile string is judged without an exception."""
    for row in corpora.objects("normalised/strings.jsonl"):
        text = row["s"] if "s" in row else base64.b64decode(row["b64"]).decode("utf-8", "surrogatepass")
        found = [*forbidden(text), *lookalikes(text)]
        assert found or row["cat"] != "bidi"
        unseen = any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in text)
        assert bool(forbidden(text)) >= unseen
