"""Texts in lines of a terminal, in which a Han character takes two columns."""

from hypothesis import given
from hypothesis import strategies as st

from starcert import columns

SAID = "等级 level 写的是“fuor-star”，应为 qualified、three-star、four-star 或 five-star，是否想写 four-star？"
ANY = st.text(st.sampled_from("ab -/示例，。：；“”（）《》、？A1…\u3000é"), max_size=80)


def test_a_han_character_takes_two_columns() -> None:
    """So do full-width marks; Latin letters take one."""
    assert columns.width("示例 A，b") == 9


def test_a_sentence_is_folded_between_words_and_han_characters() -> None:
    """No line begins with a mark that closes what stands before it, and no word is cut."""
    assert columns.folded(SAID, 40) == [
        "等级 level 写的是“fuor-star”，应为",
        "qualified、three-star、four-star 或",
        "five-star，是否想写 four-star？",
    ]
    assert columns.folded("一二三，四五", 6) == ["一二", "三，四", "五"]
    assert columns.folded("一二（三）四", 6) == ["一二", "（三）", "四"]


def test_a_line_may_be_full() -> None:
    """What just fits is not folded, one column less is."""
    assert columns.folded("one two 三四", 12) == ["one two 三四"]
    assert columns.folded("one two 三四", 11) == ["one two 三", "四"]
    assert columns.folded("", 10) == [""]


@given(ANY, st.integers(1, 40))
def test_folding_loses_nothing_but_spaces(text: str, most: int) -> None:
    """The lines hold all of the text in order, and none is wider than asked but for a single word."""
    lines = columns.folded(text, most)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert columns.width(line.rstrip()) <= most or len(columns.UNIT.findall(line)) <= 2
