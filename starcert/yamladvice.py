"""What to type instead, where the YAML parser only says what it did not find.

The parser stops where it can read no further, which is often a line after the slip or more. So the slips that
people make are looked for first, in the lines around, and then the parser's own words are translated.
"""

import re
from collections.abc import Iterable

from starcert.problems import shown

Place = tuple[int, int]
Advice = tuple[int, int, str]

KEY = r"^ *(?:- +)*(?P<key>[\w-]+)"
NO_SPACE = re.compile(KEY + r"(?P<mark>:)(?P<value>[^\s:/].*)")
WIDE_COLON = re.compile(KEY + r"(?P<mark>：)\s*(?P<value>.*)")
COLON_INSIDE = re.compile(KEY + r": +(?P<mark>[^\s\"'\[{|>].*:(?: .*|$))")
VALUE = r"^ *(?:- +)*(?:[^\s\"'#:][^\"'#:]*: +)?"
UNCLOSED = re.compile(VALUE + r"""(?P<mark>"(?:[^"\\]|\\.)*|'(?:[^']|'')*)$""")
AFTER_QUOTE = re.compile(VALUE + r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*') *(?P<mark>[^\s#,\]}:])""")

ENDS = {"[": "]", "{": "}"}
QUOTE_IT = 'put the whole text in quotes: "..."'
NOT_FIRST = "a text cannot begin with {char}: " + QUOTE_IT
NOT_CLOSED = "the quotation mark {char} is not closed: type {char} after the text"
TWO_TEXTS = "the text goes on after its closing quotation mark: put all of it between one pair of quotes"
BACKSLASH = r"a backslash has a meaning in double quotes: type \\ for each \, or use single quotes"
DIRECTS = "a line that begins with % directs the parser: delete it"
ENDS_RECORD = "the line ... ends the record: delete it"
NO_LIST_HERE = "a list item cannot stand here: begin it in the column of the items above, under its key"
NO_KEY_HERE = "this colon begins no value: put the text in quotes, or begin a new line for the key"

# A piece of the parser's own words; where the slip is (it stopped "at", in what began "since"); what to say.
TRANSLATIONS = (
    ("found unexpected end of stream", "since", NOT_CLOSED),
    ("found unexpected document", "since", NOT_CLOSED),
    ("could not find expected ':'", "since", "no key: value here: type a colon and a space after the key"),
    ("found character that cannot", "at", NOT_FIRST),
    ("did not find expected node", "at", NOT_FIRST),
    ("expected alphabetic or numeric", "since", NOT_FIRST),
    ("tag", "since", NOT_FIRST),
    ("expected whitespace or line break", "since", NOT_FIRST),
    ("mapping keys are not allowed", "at", NOT_FIRST),
    ("expected ',' or", "since", "{char} is not closed: type {end} after the last item, and commas between"),
    ("escape", "at", BACKSLASH),
    ("hexdecimal", "at", BACKSLASH),
    ("block sequence entries", "at", "a list begins on the line after its key: begin a line for each - item"),
    ("comment or line break", "at", "nothing may follow {opener} here: begin the text on the next line"),
    ("indentation indicator", "at", "nothing may follow {opener} here: begin the text on the next line"),
    ("found unexpected ':'", "at", "this colon is in brackets and belongs to no key: put its text in quotes"),
    ("expected '-' indicator", "at", "this line is among list items: begin it with - too, or indent it"),
    ("<document start>", "at", "this line begins further left than the first key: align them"),
    ("expected key", "at", "{char} does not belong here: delete it, or " + QUOTE_IT),
)


def advice(text: str, problem: str, at: Place, since: Place) -> Advice:
    """Line, column and sentence for what the parser met `at` a place, in what began `since` another."""
    lines = text.split("\n")
    above = _filled_line_above(lines, at[0])
    return (
        slip(lines, (at[0], above))
        or _quote(lines, at[0], above, since[0])
        or _colon(lines, problem, at, above)
        or _column(lines, problem, at)
        or _translation(lines, problem, at, since)
    )


def slip(lines: list[str], numbers: Iterable[int]) -> Advice | None:
    """The slip that is plain to see in a line: a full-width colon, no space after it, a directive."""
    for number in numbers:
        line = _line(lines, number)
        if line.startswith("%"):
            return number, 1, DIRECTS
        if line == "...":
            return number, 1, ENDS_RECORD
        if found := WIDE_COLON.match(line):
            said = f"the colon after {shown(found['key'])} is full-width (：): type {_pair(found)}"
            return number, found.start("mark") + 1, said
        if found := NO_SPACE.match(line):
            said = f"a space is missing after the colon: type {_pair(found)}"
            return number, found.end("mark") + 1, said
    return None


def _pair(found: re.Match[str]) -> str:
    return shown(f"{found['key']}: {found['value']}".rstrip())


def _quote(lines: list[str], line: int, above: int, since: int) -> Advice | None:
    """A quotation mark that closes too early, or not on its line."""
    for number in (line, above):
        if found := AFTER_QUOTE.match(_line(lines, number)):
            return number, found.start("mark") + 1, TWO_TEXTS
    for number in range(since, line + 1):
        if found := UNCLOSED.match(_line(lines, number)):
            return number, found.start("mark") + 1, NOT_CLOSED.format(char=found["mark"][0])
    return None


def _colon(lines: list[str], problem: str, at: Place, above: int) -> Advice | None:
    """A text that holds a colon and a space, or a line that is indented further than its neighbours."""
    if "mapping values are not allowed" not in problem:
        return None
    line, column = at
    if found := COLON_INSIDE.match(_line(lines, line)):
        said = f'the text holds a colon and a space, so it needs quotes: type {shown(found["key"])}: "..."'
        return line, found.start("mark") + 1, said
    indent = _indent(lines, line)
    if indent > _indent(lines, above):
        said = f"this line begins further right than line {above}, which has a value: align them"
        return line, indent + 1, said
    return line, column, NO_KEY_HERE


def _column(lines: list[str], problem: str, at: Place) -> Advice | None:
    """A line that begins in a column of its own."""
    line, column = at
    first = _line(lines, line)[column - 1 : column]
    if "expected key" not in problem or _indent(lines, line) != column - 1 or first in ENDS.values():
        return None
    if first == "-":
        return line, column, NO_LIST_HERE
    return line, column, f"this line begins in column {column}, unlike the lines above it: align them"


def _translation(lines: list[str], problem: str, at: Place, since: Place) -> Advice:
    for words, where, said in TRANSLATIONS:
        if words in problem:
            line, column = at if where == "at" else since
            char = shown(_char(lines, (line, column))) or "the end of the line"
            return line, column, said.format(char=char, end=ENDS.get(char, ""), opener=_char(lines, since))
    return *at, f"this is not YAML ({problem}): compare with the lines above"


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1].rstrip() if 1 <= number <= len(lines) else ""


def _char(lines: list[str], place: Place) -> str:
    return _line(lines, place[0])[place[1] - 1 : place[1]]


def _indent(lines: list[str], number: int) -> int:
    line = _line(lines, number)
    return len(line) - len(line.lstrip(" "))


def _filled_line_above(lines: list[str], number: int) -> int:
    """The nearest line above that is neither blank nor a comment; 0 when there is none."""
    return next((n for n in range(number - 1, 0, -1) if _line(lines, n).lstrip()[:1] not in ("", "#")), 0)
