"""The quick reader of plain records: what it takes, and that it says nothing but what the strict reader says."""

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from pathlib import Path

import corpora
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.records import records
from starcert import textfile, yamlnode
from starcert.yamlfile import read_any
from starcert.yamlnode import DEEPEST, LONGEST_SCALAR, Mapping, Scalar
from starcert.yamlplain import LINE, PAIR, read_plain

REPOSITORY = Path(__file__).parent.parent
REGISTRY = REPOSITORY / "registry"
GENERATED = [text for _, text in records(500)]
SHORT = """\
# 示例
number: 99925SC00123R1M

holder:
  name: 示例云栖电器有限公司
  former_names:
    - name: Example C# Co., Ltd. (示例)
      until: 2019-06-30
brands:
- 云栖
- "YUN: QI"
region: '33'
website: https://yunqi.example/
score:
  points: {5.1: 38.5, 5.2: 示例}
  excluded:
    5.1: 38
audits:
  - kind: initial
    sites:
      - a
  - b
"""


def is_plain(text: str) -> bool:
    """Whether the quick reader takes a text; the strict one must then read the same, and find no problem."""
    record = read_plain(text)
    if record is None:
        return False
    decoded, problems = textfile.decode(text.encode(), "a.yaml")
    assert repr(read_any(decoded, problems, "a.yaml")) == repr((record, [])), text
    return True


def plain_among(texts: Iterable[str]) -> int:
    """How many texts the quick reader takes, each with what the strict one says."""
    return sum(map(is_plain, texts))


def texts_below(*folders: str) -> list[str]:
    """The texts of all YAML files in these folders of the repository, as far as they are UTF-8."""
    paths = [path for folder in folders for path in sorted((REPOSITORY / folder).rglob("*.yaml"))]
    return [path.read_bytes().decode(errors="replace") for path in paths]


# what is plain


def test_each_node_of_a_plain_text_has_its_place() -> None:
    """Lines and columns count from 1; comments and blank lines are passed over."""
    text = '# 示例\nholder:\n  name: 示例#1\n\nbrands:\n- 云栖\n- "A: B"\nsites:\n  - kind: c\n    5.1: x:y\n'
    site = Mapping({"kind": Scalar("c", 9, 11), "5.1": Scalar("x:y", 10, 10)}, {"kind": (9, 5), "5.1": (10, 5)}, 9, 5)
    assert read_plain(text) == Mapping(
        {
            "holder": Mapping({"name": Scalar("示例#1", 3, 9)}, {"name": (3, 3)}, 3, 3),
            "brands": yamlnode.Sequence([Scalar("云栖", 6, 3), Scalar("A: B", 7, 3)], 6, 1),
            "sites": yamlnode.Sequence([site], 9, 3),
        },
        {"holder": (2, 1), "brands": (5, 1), "sites": (8, 1)},
        2,
        1,
    )


def nested(levels: int, last: str) -> str:
    """A mapping within a mapping, and so on; the last line is a level of its own."""
    return "".join("  " * level + "a:\n" for level in range(levels)) + "  " * levels + last


PLAIN = [
    "a: 1",
    "a: 1\n",
    "a: 1\n\n  \n# b: 2\n   # c\n",
    "a: 1 ： 2、3（4） http://b/#c?d=e&f 'g' \"h\" {i} [j] * ! | > % @ ` \\",
    "a: ~\nb: null\nc: NO\nd: 00123\ne: 1_000\nf: <<\ng: =\n",
    "a: \"b: c # d\"\ne: ' f '\n",
    'a: "it\'s"\nb: \'c "d"\'\n',
    "a: 1 # b\nc:  # d\n  - 'e' #\n  - f   ## 'g' {h}: i\n  - {j: k} # l\nm: n#o # p # q\n",
    "a:\n  b:\n    c: 1\nd: 2\n",
    "a: \n\n# c\n  b: 1\n",
    "a:\n- b: 1\n  c: 2\n- d\ne: 3\n",
    "a:\n    - b:\n      - c\n      d: 1\n    - e\nf: 1\n",
    "a: " + "示" * (LONGEST_SCALAR - 3),
    nested(DEEPEST - 1, "a: 1\n"),
    nested(DEEPEST - 1, "- b\n"),
    nested(DEEPEST - 2, "- a: 1\n"),
    nested(DEEPEST - 2, "a: {b: c}\n"),
    nested(DEEPEST - 2, "- a\n"),
    'a: {5.1: 38.5, 5.2: 33}\nb:\n  - {c: d\'s "e" @ `, f: 示 例！}\n  - g\n',
    "5.1: 1\n27922: 2\n",
    SHORT,
]


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_text_is_read_as_the_strict_reader_reads_it(text: str) -> None:
    """The subset, sign by sign."""
    assert is_plain(text)


NOT_PLAIN = {
    "nothing": ["", "\n", "# a\n"],
    "no mapping": ["a", "- a\n", "- a: 1\n", "'a'\n"],
    "no key": ["a: 1\nb\n", "a: 1\n'b'\n", "a:\n  b\n"],
    "a key of other signs": ["A: 1\n", "a-b: 1\n", "_a: 1\n", "名: 1\n", '"a": 1\n', "? a\n: 1\n", "a : 1\n"],
    "a long key": ["a" * 62 + ": 1\n", "a" * 1025 + ": 1\n"],
    "a key given twice": ["a: 1\na: 2\n", "a:\n  - b: 1\n    b: 2\n", "a:\n  b: 1\na: 2\n"],
    "an empty value": [
        "a:\n",
        "a:\nb: 1\n",
        "a:\n  b:\nc: 1\n",
        "a:\n  -\n",
        "a:\n  - b\n  - \n",
        "a: ''\n",
        'a: ""\n',
    ],
    "no space after the sign": ["a:1\n", "a:\n  -b\n"],
    "two spaces after the sign": ["a:  1\n", "a:\n  -  b\n"],
    "a space at the end": ["a: 1 \n", "a: 'b' \n"],
    "a text of two lines": ["a: 1\n  2\n", "a: 'b\n  c'\n", "a:\n  - b\n    c\n", "a: 1\n\n  2\n", "a: 1\n  b: 2\n"],
    "a block text": ["a: |\n  b\n", "a: >\n  b\n", "a:\n  - |\n    b\n"],
    "a sign of YAML": [f"a: {sign}b\n" for sign in "-?:,[]{}#&*!|>'\"%@`"] + ["a: - b\n", "a: & b\n", "a: ? b\n"],
    "an anchor, an alias, a tag": ["a: &b c\n", "a: *b\n", "a: !b c\n", "a: &b\n  c: 1\n", "a: !!map\n  c: 1\n"],
    "a comment in place of a value": ["a: # b\n", "a:\n  - # b\n", "a:\n  - # b\n  - c\n", "a: # b\nc: 1\n"],
    "a comment too near a value": ["a: 'b'# c\n", "a: {b: c}# d\n", "a: b: # c\n"],
    "a colon in a text": ["a: b: c\n", "a: b:\n", "a: b :\n", "a:\n  - B: c\n", "a:\n  - - b\n"],
    "a quote or a backslash in quotes": ['a: "b\\n"\n', "a: 'it''s'\n", 'a: "b"c"\n', "a: 'b\"\n", "a: 'b' c\n"],
    "brackets": ["a: [b, c]\n", "{a: 1}\n", "a: []\n", "a:\n  - [b]\n", "a: [\n  b]\n"],
    "braces within braces": ["a: {b: {c: d}}\n", "a: {b: [c]}\n"],
    "braces that hold no pairs": ["a: {}\n", "a: {b}\n", "a: {b:}\n", "a: {b: }\n", "a: {b, c: d}\n", "a: {? b : c}\n"],
    "braces unlike the usual ones": [
        f"a: {{{pairs}}}\n" for pairs in (" b: c", "b: c ", "b: c,d: e", "b:  c", "b: c,")
    ],
    "braces that hold a sign": [f"a: {{b: c{sign}d}}\n" for sign in ("#", ":", "?", ",", "[", "]", " #", ": ")],
    "braces that hold quotes": ["a: {b: 'c'}\n", 'a: {"b": c}\n'],
    "braces with a key given twice": ["a: {b: c, b: d}\n"],
    "braces that end elsewhere": ["a: {b: c,\n  d: e}\n", "a: {b: c} d\n", "a: {b: c}: d\n", "{b: c}: d\n"],
    "documents": ["---\na: 1\n", "a: 1\n---\nb: 2\n", "a: 1\n...\n", "%YAML 1.1\n---\na: 1\n"],
    "further left": ["  a: 1\nb: 2\n", "a:\n    b: 1\n  c: 2\n", "a:\n  - b\n - c\n", "a:\n  b:\n - c\n"],
    "further right": ["  a: 1\n", "a: 1\n b: 2\n", "a:\n  b: 1\n   c: 2\n", "a:\n  - b\n   - c\n", "a:\n- b\n  - c\n"],
    "an item among keys": ["a: 1\n- b\n", "a:\n  b: 1\n  - c\n"],
    "a key among items": ["a:\n  - b\n  c: 1\n", "a:\n  - b: 1\n   c: 2\n"],
    "too deep": [
        nested(DEEPEST, "a: 1\n"),
        nested(DEEPEST, "- b\n"),
        nested(DEEPEST - 1, "- a: 1\n"),
        nested(DEEPEST - 1, "a: {b: c}\n"),
    ],
    "a long text": ["a: " + "b" * (LONGEST_SCALAR + 1), "a: '" + "b" * (LONGEST_SCALAR + 1) + "'"],
    "a tab": ["a:\t1\n", "a: b\tc\n", "a: 1\t\n", "\ta: 1\n", "a: 1\n# b\tc\n", "a: 1\n\t\n"],
    "another end of line": [
        "a: 1\r\nb: 2\r\n",
        "a: 1\rb: 2\n",
        "a: 1\x85b: 2\n",
        "a: 1\u2028b: 2\n",
        "# b\u2029a: 1\n",
    ],
    "what does not show": ["\ufeffa: 1\n", "a: b\u200bc\n", "a: b\u3000c\n", "a: b\u00a0c\n", "a: \0\n", "a: \ud800\n"],
}


@pytest.mark.parametrize("kind", NOT_PLAIN)
def test_what_is_not_plain_is_left_to_the_strict_reader(kind: str) -> None:
    """It may be right or wrong there; here it is no record."""
    assert [text for text in NOT_PLAIN[kind] if read_plain(text) is not None] == []


# that nearly all records are


def test_nearly_all_generated_records_are_plain() -> None:
    """At least 99 of 100."""
    assert plain_among(GENERATED) >= 0.99 * len(GENERATED)


def test_the_shipped_records_are_plain() -> None:
    """Every certificate of the registry, and the example that new ones are copied from."""
    shipped = texts_below("registry/certificates")
    assert len(shipped) > 150
    assert plain_among(shipped) == len(shipped)
    assert is_plain((REGISTRY / "EXAMPLE.yaml").read_text("utf-8"))


# that both readers agree


def test_both_readers_agree_on_every_file_of_the_project() -> None:
    """Records, schemes, bodies, vocabularies, right and wrong ones."""
    assert 0 < plain_among(texts_below("registry", "tests/example", "tests/broken")) < len(texts_below("."))


def test_both_readers_agree_on_every_case_of_the_yaml_test_suite() -> None:
    """402 files that are hard for YAML readers; a few of them are plain."""
    cases = [base64.b64decode(row["yaml_b64"]) for row in corpora.objects("normalised/yaml_cases.jsonl")]
    assert len(cases) == 402
    assert plain_among([case.decode("utf-8", "replace") for case in cases]) > 5


def test_both_readers_agree_on_every_yaml_bomb() -> None:
    """What exhausts other readers is not plain."""
    bombs = json.loads(corpora.corpus("normalised/yaml_bombs.json").read_text("utf-8"))
    assert plain_among([eval(bomb["py"]).decode("utf-8", "replace") for bomb in bombs]) == 0


HOLES: dict[str, Callable[[str], str]] = {
    "value": lambda text: SHORT.replace("示例云栖电器有限公司", text),
    "value in quotes": lambda text: SHORT.replace('"YUN: QI"', f'"{text}"'),
    "value in single quotes": lambda text: SHORT.replace("'33'", f"'{text}'"),
    "item": lambda text: SHORT.replace("云栖\n", f"{text}\n"),
    "key": lambda text: SHORT.replace("website", text),
    "end of a value": lambda text: SHORT.replace("99925SC00123R1M", f"99925{text}"),
    "line": lambda text: SHORT.replace("score:\n", f"{text}\nscore:\n"),
    "line further right": lambda text: SHORT.replace("  excluded:\n", f"  {text}\n  excluded:\n"),
    "value in braces": lambda text: SHORT.replace("{5.1: 38.5, 5.2: 示例}", f"{{a: 1, b: {text}, c: 2}}"),
    "key in braces": lambda text: SHORT.replace("{5.1: 38.5, 5.2: 示例}", f"{{a: 1, {text}: 2}}"),
    "comment": lambda text: SHORT.replace("# 示例", f"# {text}"),
    "whole file": lambda text: text,
}


@pytest.mark.parametrize("hole", HOLES)
def test_both_readers_agree_on_every_hostile_string(hole: str) -> None:
    """14,411 strings that broke other programs, in every kind of place."""
    strings = [row["s"] for row in corpora.objects("normalised/strings.jsonl") if "s" in row]
    assert len(strings) == 14_411
    taken = plain_among([HOLES[hole](text) for text in strings])
    assert taken > 1_000 or hole in ("key", "key in braces", "line", "line further right", "whole file")


SIGNS = st.sampled_from([*"ab1.:-#'\"?,[]{}&*!|>%@`\\~<=_ \t\n\r示：　\u2028", ": ", " #", "- ", "\n  "])
SCRAWLS = st.lists(SIGNS, max_size=8).map("".join)
INDENTS = st.sampled_from(["", " ", "  ", "    ", "- ", "  - ", "-", "      "])
SAMPLES = [SHORT, (REGISTRY / "EXAMPLE.yaml").read_text("utf-8"), *GENERATED[:20]]
SLIPS: list[Callable[[str, int, str], list[str]]] = [
    lambda line, at, scrawl: [],
    lambda line, at, scrawl: [line, line],
    lambda line, at, scrawl: [scrawl, line],
    lambda line, at, scrawl: [line[:at]],
    lambda line, at, scrawl: [line[:at], line[at:]],
    lambda line, at, scrawl: [line[:at] + scrawl + line[at:]],
    lambda line, at, scrawl: [line[:at] + scrawl + line[at + 1 :]],
    lambda line, at, scrawl: [scrawl + line],
    lambda line, at, scrawl: [scrawl + line.lstrip(" -")],
    lambda line, at, scrawl: [line[1:]],
]
"""What becomes of a line, given a column and something to type, when a hand slips."""


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A plain record in which a hand slipped a few times; what it typed may be another of its lines."""
    lines = draw(st.sampled_from(SAMPLES)).split("\n")
    for _ in range(draw(st.integers(1, 3))):
        number = draw(st.integers(0, len(lines) - 1))
        line = lines[number]
        slip, column = draw(st.sampled_from(SLIPS)), draw(st.integers(0, len(line)))
        typed = draw(SIGNS | INDENTS | SCRAWLS | st.sampled_from(lines))
        lines[number : number + 1] = slip(line, column, typed)
    return "\n".join(lines)


@settings(max_examples=1_000)
@given(damaged())
def test_both_readers_agree_on_a_damaged_record(text: str) -> None:
    """Whatever a slip of the hand makes of a record."""
    is_plain(text)


LEADS = ["", "- ", " ", "  ", "  - ", "    ", "    - "]
ENDS = ["k{}:", "k{}: 1", "x"]


def outlines(lines: int) -> Iterator[str]:
    """All texts of so many lines that are keys, values and items at any indentation; no key is given twice."""
    for rows in product(product(LEADS, ENDS), repeat=lines):
        yield "\n".join(lead + end.format(number) for number, (lead, end) in enumerate(rows))


def test_both_readers_agree_on_every_outline() -> None:
    """Wherever each of four lines begins, both know what it belongs to; 343 of these texts are plain."""
    assert plain_among(outlines(4)) == 343


SIGNS_OF_VALUES = "a1.:-#'\"?,[]{}&*!|>%@`\\~<=_ \t\n示　"


def values(frame: str, length: int) -> Iterator[str]:
    """All texts of so many signs of YAML and others, in a frame."""
    return (frame.format("".join(signs)) for signs in product(SIGNS_OF_VALUES, repeat=length))


@pytest.mark.parametrize(("frame", "plain"), [("a: {}\nb: 1\n", 7_371), ("a: {{b: {}}}\n", 3_780)])
def test_both_readers_agree_on_every_value(frame: str, plain: int) -> None:
    """Three signs in any order after a key, and after a key in braces; so many of these texts are plain."""
    assert plain_among(values(frame, 3)) == plain


def test_no_group_is_repeated_possessively() -> None:
    """Python before 3.11.5, such as Debian 12 has, would find no record plain, and read all slowly."""
    assert not re.search(r"\)(?:[*+?]|\{[0-9,]+\})\+", LINE.pattern + PAIR.pattern)
