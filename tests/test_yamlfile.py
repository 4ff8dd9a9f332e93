"""Strict YAML: what it reads, what it refuses with which words, and that no bytes break it."""

import base64
import json
import subprocess
import sys

import corpora
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from starcert import textfile
from starcert.yamlfile import RULES, Mapping, Scalar, Sequence, read

UTF8 = "save it as UTF-8 (Notepad: File > Save As > Encoding > UTF-8; VS Code: Save with Encoding)"


def plain(node):
    """A node as the dictionaries, lists and texts that it stands for."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.items.items()}


def accepted(text):
    """What a text says that must be accepted without a problem."""
    record, problems = read(text.encode(), "a.yaml")
    assert problems == []
    return plain(record)


def refused(text):
    """The problems of a text, printed without their path."""
    data = text if isinstance(text, bytes) else text.encode()
    return [str(problem).removeprefix("a.yaml:") for problem in read(data, "a.yaml")[1]]


def test_every_scalar_stays_the_text_that_was_written():
    """Norway stays NO, a number keeps its zeros, and nothing becomes a date or nothing."""
    text = "a: NO\nb: 00123\nc: 4.10\nd: 2026-02-30\ne: null\nf: ~\ng:\nh: ''\ni: \"0x1F\"\nj: 1_000\nk: =\n"
    assert accepted(text) == {
        "a": "NO",
        "b": "00123",
        "c": "4.10",
        "d": "2026-02-30",
        "e": "null",
        "f": "~",
        "g": "",
        "h": "",
        "i": "0x1F",
        "j": "1_000",
        "k": "=",
    }


def test_every_node_and_key_knows_its_place():
    """Lines and columns count from 1, columns in characters."""
    record, problems = read("# 证书\nholder: {名: 示例}\nsites:\n  - 😀 city: 北京\n".encode(), "a.yaml")
    assert problems == []
    assert record == Mapping(
        {
            "holder": Mapping({"名": Scalar("示例", 2, 13)}, {"名": (2, 10)}, 2, 9),
            "sites": Sequence([Mapping({"😀 city": Scalar("北京", 4, 13)}, {"😀 city": (4, 5)}, 4, 5)], 4, 3),
        },
        {"holder": (2, 1), "sites": (3, 1)},
        2,
        1,
    )


def test_a_byte_order_mark_and_crlf_are_accepted():
    """Windows writes them, and they change neither values nor places."""
    record, problems = read("\ufeffa: 1\r\nb: 2\r\n".encode(), "a.yaml")
    assert problems == []
    assert record == Mapping({"a": Scalar("1", 1, 4), "b": Scalar("2", 2, 4)}, {"a": (1, 1), "b": (2, 1)}, 1, 1)


def test_a_block_text_comes_without_its_last_line_break():
    """So that a long scope may be folded over several lines."""
    assert accepted("a: >\n  one\n  two\nb: |\n  one\n  two\nc: |+\n  one\n\n") == {
        "a": "one two",
        "b": "one\ntwo",
        "c": "one\n",
    }


def test_a_line_break_that_was_escaped_stays():
    """Whoever asks for a line break gets it, and the kinds of fields refuse it."""
    assert accepted('a: "one\\n"') == {"a": "one\n"}


def test_six_levels_are_accepted():
    """The record itself is the first level."""
    assert accepted("a: {b: {c: {d: [[1]]}}}") == {"a": {"b": {"c": {"d": [["1"]]}}}}


def test_a_text_of_2000_characters_is_accepted():
    """Characters count, not bytes."""
    assert accepted("a: " + "示" * 2000) == {"a": "示" * 2000}


def test_a_file_of_64_kib_is_accepted():
    """The limit itself is allowed."""
    record, problems = read(b"a: 1\n#" + b"x" * (64 * 1024 - 6), "a.yaml")
    assert problems == []
    assert plain(record) == {"a": "1"}


REFUSALS = {
    "2:1: a is already given on line 1: keep one of the two [yaml_duplicate_key]": "a: 1\na: 2\n",
    "3:5: city is already given on line 2: keep one of the two [yaml_duplicate_key]": (
        "sites:\n  - city: 1\n    city: 2\n"
    ),
    "1:11: b is already given on line 1: keep one of the two [yaml_duplicate_key]": "a: {b: 1, b: 2}",
    "1:4: &x names this value: delete it, or quote the text if it begins with & [yaml_anchor]": "a: &x 1",
    "1:4: &y names this value: delete it, or quote the text if it begins with & [yaml_anchor]": "a: &y [1]",
    "1:4: *x stands for a value elsewhere: write that out, or quote the text if it begins with * [yaml_alias]": (
        "a: *x"
    ),
    "1:4: a word that begins with ! is a type tag: delete it, or quote the text if it begins with ! [yaml_tag]": (
        "a: !!int 1"
    ),
    "1:5: a word that begins with ! is a type tag: delete it, or quote the text if it begins with ! [yaml_tag]": (
        "b:  ! {c: 1}"
    ),
    "1:1: << copies another mapping to here: write its keys and values out [yaml_merge_key]": "<<: {a: 1}",
    "1:1: a line that begins with % directs the parser: delete it [yaml_directive]": "%YAML 1.1\n---\na: 1\n",
    "1:1: a line that begins with % directs the parser: delete it [yaml_syntax]": "%FOO\n---\na: 1\n",
    "2:1: a second record begins here: give each record a file of its own, or delete the line ---"
    " [yaml_second_document]": "a: 1\n---\nb: 2\n",
    "1:18: lists and mappings are nested more than 6 deep here: take out a level [yaml_depth]": (
        "a: {b: {c: {d: [[[1]]]}}}"
    ),
    "1:1: the file has 65,537 bytes, 65,536 are allowed: keep one record to a file [yaml_size]": "#" * 65_537,
    "1:4: the text has 2,001 characters, 2,000 are allowed: shorten it [yaml_scalar_size]": "a: " + "示" * 2001,
    "1:3: a key must be a text, as in key: value [yaml_key]": "? [a]\n: b",
    "1:1: a key must be a text, as in key: value [yaml_key]": "{a: 1}: b",
    "1:1: the file holds nothing: write a record of key: value lines, or delete the file [yaml_empty]": "",
    "1:1: the file is a list: write key: value lines, without - or [ in front [yaml_mapping]": "- a: 1",
    "1:1: the file has no key: value line [yaml_mapping]": "a text",
    "1:4: the colon after 证书号 is full-width (：): type 证书号: 1 [yaml_mapping]": "证书号：1",
    "1:9: a space is missing after the colon: type expires: 2026 [yaml_mapping]": "expires:2026",
    "1:6: U+200B ZERO WIDTH SPACE does not show: delete it [yaml_characters]": "a: 示例\u200b",
    "1:4: U+202E RIGHT-TO-LEFT OVERRIDE does not show: delete it [yaml_characters]": "a: \u202e1",
    "1:3: U+0000 NULL does not show: delete it [yaml_characters]": "a:\0 1",
    "1:5: U+FEFF ZERO WIDTH NO-BREAK SPACE does not show: delete it [yaml_characters]": "a: 1\ufeff",
    "2:5: U+000D CARRIAGE RETURN is a line break for some readers only: delete it [yaml_characters]": (
        "a: 1\r\nb: 2\rc: 3\r\n"
    ),
    "1:4: the text has an escape for U+202E RIGHT-TO-LEFT OVERRIDE: delete the escape [yaml_characters]": (
        'a: "\\u202e1"'
    ),
    "1:1: the text has an escape for U+0085 NEXT LINE: delete the escape [yaml_characters]": '"a\\N": 1',
    "1:5: U+0009 TAB reads like spaces: type a space instead [yaml_characters]": "a: b\tc\td\n",
    "2:3: U+0009 TAB reads like spaces: type a space instead [yaml_characters]": "# no\nb:\t1\n",
    "2:1: the line is indented with U+0009 TAB: indent it with spaces [yaml_indentation]": "a:\n\tb: 1\n",
    "2:2: the line is indented with U+3000 IDEOGRAPHIC SPACE: indent it with spaces [yaml_indentation]": (
        "a:\n \u3000b: 1\n"
    ),
}


@pytest.mark.parametrize(("problem", "text"), REFUSALS.items())
def test_what_is_refused_is_named_with_its_place_and_what_to_type(problem, text):
    """Each refusal alone, in whole."""
    assert refused(text) == [problem]


def test_every_rule_is_tried():
    """No refusal of RULES is without a test, and none is without a sentence."""
    tried = {problem.rsplit("[", 1)[1].rstrip("]") for problem in REFUSALS}
    assert tried | {"yaml_encoding"} == set(RULES)


@pytest.mark.parametrize("empty", ["", "\n\n", "# only a comment\n", "---\n", "--- ''\n", "\ufeff"])
def test_a_file_without_a_record_is_empty(empty):
    """Comments, marks and empty texts are no record."""
    assert [problem.rsplit(" ", 1)[1] for problem in refused(empty)] == ["[yaml_empty]"]


SLIPS = {
    "1:3: a space is missing after the colon: type a: 1": "a:1\nb: 2",
    "2:8: the colon after expires is full-width (：): type expires: 2026": "a: 1\nexpires：2026\nb: 2",
    '1:4: the quotation mark " is not closed: type " after the text': 'a: "x\nb: 1\n',
    "2:4: the quotation mark ' is not closed: type ' after the text": "a: 1\nb: 'x\nc: 'd'\ne: 'f'\n",
    "1:8: the text goes on after its closing quotation mark: put all of it between one pair of quotes": ('a: "x" y\n'),
    '1:7: the text holds a colon and a space, so it needs quotes: type name: "..."': "name: Foo: Bar",
    "3:4: this line begins further right than line 2, which has a value: align them": "a:\n  b: 1\n   c: 2",
    "3:2: this line begins in column 2, unlike the lines above it: align them": "a:\n  b: 1\n c: 2",
    "2:1: this line begins further left than the first key: align them": " a: 1\nb: 2",
    "3:2: a list item cannot stand here: begin it in the column of the items above, under its key": ("a:\n  - b\n - c"),
    "2:1: this line is among list items: begin it with - too, or indent it": "- a\nb: 1",
    "1:4: a list begins on the line after its key: begin a line for each - item": "a: - b",
    "2:1: no key: value here: type a colon and a space after the key": "a: 1\nfoo bar\nb: 2",
    '1:4: a text cannot begin with @: put the whole text in quotes: "..."': "a: @b",
    '1:4: a text cannot begin with %: put the whole text in quotes: "..."': "a: %b",
    '1:4: a text cannot begin with `: put the whole text in quotes: "..."': "a: `b`",
    '1:4: a text cannot begin with ]: put the whole text in quotes: "..."': "a: ]b",
    '1:4: a text cannot begin with *: put the whole text in quotes: "..."': "a: *",
    '1:4: a text cannot begin with &: put the whole text in quotes: "..."': "a: & b",
    '1:4: a text cannot begin with !: put the whole text in quotes: "..."': "a: !b!c d",
    '1:4: a text cannot begin with ?: put the whole text in quotes: "..."': "a: ? b",
    "1:4: [ is not closed: type ] after the last item, and commas between": "a: [b, c\nd: 1",
    "1:4: { is not closed: type } after the last item, and commas between": "a: {b: 1\nd: 1",
    r"1:5: a backslash has a meaning in double quotes: type \\ for each \, or use single quotes": r'a: "\d"',
    "1:5: nothing may follow > here: begin the text on the next line": "a: >0\n  c",
    "1:9: this colon is in brackets and belongs to no key: put its text in quotes": "a: {b c :,}",
    "1:6: nothing may follow | here: begin the text on the next line": "a: | b\n  c",
    '1:10: ] does not belong here: delete it, or put the whole text in quotes: "..."': "a: [1, 2]]",
    "1:6: this colon begins no value: put the text in quotes, or begin a new line for the key": "--- a: b",
    "2:1: the line ... ends the record: delete it": "a: 1\n...\nb: 2",
    "1:1: a line that begins with % directs the parser: delete it": "%YAML 1.1\na: 1",
}


@pytest.mark.parametrize(("advice", "text"), SLIPS.items())
def test_a_slip_is_answered_with_what_to_type(advice, text):
    """The parser's own words are for programmers; ours are for clerks."""
    assert refused(text) == [f"{advice} [yaml_syntax]"]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("a: 示".encode("utf-16"), f"1:1: the file is saved as UTF-16 or UTF-32: {UTF8}"),
        ("a: 1".encode("utf-16-be"), f"1:1: the file is saved as UTF-16 or UTF-32: {UTF8}"),
        ("a: 1".encode("utf-32"), f"1:1: the file is saved as UTF-16 or UTF-32: {UTF8}"),
        ("a: 1\r\nb: é示例".encode("gb18030"), f"2:4: the file is saved as GB18030 (GBK, ANSI): {UTF8}"),
        ("a: 示\nb: x".encode() + b"\xff", f"2:5: byte 0xFF is not UTF-8: {UTF8}"),
        ("\ufeffa: 示\nb: x".encode() + b"\xff", f"2:5: byte 0xFF is not UTF-8: {UTF8}"),
        (b"a: \xed\xa0\x80", f"1:4: byte 0xED is not UTF-8: {UTF8}"),
    ],
)
def test_another_encoding_is_named_with_how_to_save_as_utf8(data, problem):
    """The place is that of the first byte that is not UTF-8."""
    assert read(data, "a.yaml")[0] is None
    assert refused(data) == [f"{problem} [yaml_encoding]"]


@pytest.mark.parametrize("break_", ["\x85", "\u2028", "\u2029", "\r", "\x0b", "\x0c"])
def test_no_odd_line_break_hides_a_second_key(break_):
    """YAML takes some of these for line breaks, so that one line in a review can hide a second `expires`."""
    record, problems = read(f"expires: 2026-01-01{break_}expires: 2036-01-01\n".encode(), "a.yaml")
    assert record is None
    assert [(problem.line, problem.column, problem.rule) for problem in problems] == [(1, 20, "yaml_characters")]


@pytest.mark.parametrize("break_", ["\x85", "\u2028", "\r", "\r\n", "\n"])
def test_places_count_lines_as_they_are_shown(break_):
    """The line that is shown beside a problem is the one that its place means."""
    data = f"\ufeffa: 1{break_}\na: 3{break_}".encode()
    found = [problem for problem in read(data, "a.yaml")[1] if problem.rule == "yaml_duplicate_key"]
    assert [textfile.lines(data)[problem.line - 1][problem.column - 1 :][:4] for problem in found] == ["a: 3"]


def test_all_refusals_of_a_file_are_named_in_one_run():
    """A clerk repairs a file once."""
    text = "a: 1\u200b\na: &x 2\nb: *x\n<<: !t {c: 1}\n\td: 1\ne: 1\ne: 2\n"
    assert [line.split(":")[0] + line[line.rindex(" ") :] for line in refused(text)] == [
        "1 [yaml_characters]",
        "2 [yaml_duplicate_key]",
        "2 [yaml_anchor]",
        "3 [yaml_alias]",
        "4 [yaml_merge_key]",
        "4 [yaml_tag]",
        "5 [yaml_indentation]",
    ]


def test_a_record_whose_words_are_clear_comes_with_its_problems():
    """Duplicates, anchors and tags leave a record to check further; the last of two values counts."""
    record, problems = read(b"a: 1\nb: &x !t 2\na: 3\n", "a.yaml")
    assert plain(record) == {"a": "3", "b": "2"}
    assert [problem.rule for problem in problems] == ["yaml_anchor", "yaml_tag", "yaml_duplicate_key"]


@pytest.mark.parametrize("text", ["a: *x", "<<: {a: 1}", "a: 1\n---\na: 1", "a: 1\u200b", "- a", "a: ["])
def test_a_record_whose_words_are_unclear_is_none(text):
    """Nobody checks further what would have to be guessed."""
    assert read(text.encode(), "a.yaml")[0] is None


def test_a_file_that_is_wrong_throughout_is_named_100_times():
    """A binary file does not flood the screen."""
    assert len(refused("\x01\n" * 9_999)) == 100
    assert len(refused("a: 1\n" * 9_999)) == 100


@given(st.binary())
def test_no_bytes_break_the_reader(data):
    """There is either a record, or a problem with its place."""
    record, problems = read(data, "a.yaml")
    assert (record is not None) or problems
    assert all(problem.line > 0 and problem.column > 0 and problem.rule in RULES for problem in problems)


@given(st.text(st.sampled_from("ab:：- \n'\"[]{}#&*!|>%@\\?,<\t\r\u2028\u200b示.~"), max_size=60))
def test_no_text_breaks_the_reader(text):
    """The marks of YAML in any order give a record or a problem that prints on one line."""
    record, problems = read(text.encode(), "a.yaml")
    assert (record is not None) or problems
    assert all(problem.message.isprintable() for problem in problems)


@given(st.text(st.sampled_from("ab:- \n'\"[]{}#,|>?示~"), max_size=60))
def test_what_is_accepted_means_the_same_to_other_readers(text):
    """Where we find no problem, PyYAML reads the same texts."""
    record, problems = read(text.encode(), "a.yaml")
    if not problems:
        assert stripped(plain(record)) == stripped(yaml.load(text, Loader=yaml.BaseLoader))


def stripped(value):
    """The texts in a value without the line breaks at their ends."""
    if isinstance(value, dict):
        return {key.rstrip("\n"): stripped(item) for key, item in value.items()}
    return [stripped(item) for item in value] if isinstance(value, list) else value.rstrip("\n")


WORDS = st.text(st.sampled_from("abcXYZ019 示例公司-:#'\"\\&*!%@[]{},.é😀"), max_size=20)
KEYS = st.text(st.sampled_from("abc_示例"), min_size=1, max_size=8)
VALUES = WORDS | st.lists(WORDS) | st.dictionaries(KEYS, WORDS) | st.lists(st.dictionaries(KEYS, WORDS))


@given(st.dictionaries(KEYS, VALUES))
def test_what_pyyaml_writes_comes_back_as_written(record):
    """Any mapping of texts makes the round trip."""
    text = yaml.safe_dump(record, allow_unicode=True, default_style='"', width=1000)
    assert accepted(text) == record


CHILD = """
import base64, json, sys, time
from starcert.yamlfile import read
for line in sys.stdin:
    start = time.perf_counter()
    record, problems = read(base64.b64decode(line), "a.yaml")
    assert record is not None or problems
    assert all(problem.message.isprintable() for problem in problems)
    print(json.dumps([[p.rule for p in problems], time.perf_counter() - start]))
"""


def in_a_child(cases, seconds):
    """For each of many byte strings its rules broken and seconds taken, read where a crash or hang hurts nobody."""
    sent = "".join(base64.b64encode(case).decode() + "\n" for case in cases)
    done = subprocess.run(
        [sys.executable, "-c", CHILD], input=sent, capture_output=True, text=True, timeout=seconds, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(cases)
    return answers


def test_every_case_of_the_yaml_test_suite_is_read_or_refused():
    """402 files that are hard for YAML readers: never an exception, a signal or a hang."""
    rows = corpora.objects("normalised/yaml_cases.jsonl")
    answers = in_a_child([base64.b64decode(row["yaml_b64"]) for row in rows], seconds=60)
    assert len(answers) == 402


def test_every_yaml_bomb_is_refused_at_once():
    """Nested brackets, aliases of aliases, megabytes: refused, each within a second."""
    bombs = json.loads(corpora.corpus("normalised/yaml_bombs.json").read_text("utf-8"))
    answers = in_a_child([eval(bomb["py"]) for bomb in bombs], seconds=60)
    assert all(rules and seconds < 1 for rules, seconds in answers)


FILLINGS = ["[", "{", "- ", "? ", "a: {", "[a, ", '"', "'", "#", "\n", "&a ", "!a ", "a: 1\n", "|\n", "%", "\t"]
FILLINGS += ["\r", "\u2028", "：", "a：", "\\", "- - ", "x: '", ": ", "a:b: ", '""', "'' ", '"\\', "a-", " \t", "~"]


@pytest.mark.parametrize("bomb", FILLINGS)
def test_64_kib_of_anything_are_read_or_refused_at_once(bomb):
    """The largest file allowed, filled with what nests, opens or repeats, within a second."""
    data = bomb.encode() * (65_536 // len(bomb.encode()))
    ((_, seconds),) = in_a_child([data], seconds=60)
    assert seconds < 1


def test_every_hostile_string_as_a_file_and_as_a_value_is_read_or_refused():
    """14,415 strings that broke other programs, as bytes of a file, and quoted as the value of a key."""
    texts = [
        row["s"].encode("utf-8", "surrogatepass") if "s" in row else base64.b64decode(row["b64"])
        for row in corpora.objects("normalised/strings.jsonl")
    ]
    quoted = [b"name: '" + text.replace(b"'", b"''") + b"'\n" for text in texts]
    assert len(in_a_child(texts + quoted, seconds=120)) == 2 * len(texts)
