"""The bytes of a file as text in which nothing hides, or what is wrong with them."""

import codecs
import re
from collections.abc import Iterator
from itertools import islice

from starcert import characters
from starcert.problems import Problem

MOST_BYTES = 64 * 1024
MOST_REPORTED = 100

RULES = {
    "yaml_size": f"A file must hold at most {MOST_BYTES // 1024} KiB.",
    "yaml_encoding": "A file must be saved as UTF-8.",
    "yaml_characters": "A file must hold no control, bidirectional, zero-width, tab or odd line-break character.",
    "yaml_indentation": "Lines must be indented with plain spaces, not with tabs or wide spaces.",
}

SAVE_AS_UTF8 = "save it as UTF-8 (Notepad: File > Save As > Encoding > UTF-8; VS Code: Save with Encoding)"
ODD_LINE_BREAKS = "\r\x0b\x0c\x85\u2028\u2029"
INDENTED_WITH = re.compile(r"^ *([\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000])", re.MULTILINE)
TAB_INSIDE = re.compile(r"^[^\S\n]*\S[^\t\n]*(\t)", re.MULTILINE)


def decode(data: bytes, path: str) -> tuple[str, list[Problem]]:
    """The text of `data` without its byte order mark and with `\\n` for line ends; '' when it is no UTF-8.

    In the text, every character that a problem is about is replaced, so that it cannot act as a line break.
    """
    if len(data) > MOST_BYTES:
        return "", [too_large(path, len(data))]
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        return "", [_undecodable(data, error, path)]
    if b"\r" in data:
        text = text.replace("\r\n", "\n")
    if text.replace("\n", "").isprintable():
        return text, []
    if text.count("\0") * 3 > len(text):
        return "", [_not_utf8(path, "the file is saved as UTF-16 or UTF-32")]
    problems = [*_hidden_characters(text, path), *_tabs(text, path), *_odd_indentation(text, path)]
    return characters.HIDDEN.sub("\ufffd", text), problems


def too_large(path: str, size: int) -> Problem:
    """What to say of a record's file of so many bytes."""
    said = f"the file has {size:,} bytes, {MOST_BYTES:,} are allowed: keep one record to a file"
    return Problem(path, 1, 1, "yaml_size", said)


def _undecodable(data: bytes, error: UnicodeDecodeError, path: str) -> Problem:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        return _not_utf8(path, "the file is saved as UTF-16 or UTF-32")
    before = data[: error.start].removeprefix(codecs.BOM_UTF8).decode().replace("\r\n", "\n")
    if _is_gb18030(data):
        return _not_utf8(path, "the file is saved as GB18030 (GBK, ANSI)", *place(before, len(before)))
    return _not_utf8(path, f"byte 0x{data[error.start]:02X} is not UTF-8", *place(before, len(before)))


def _not_utf8(path: str, found: str, line: int = 1, column: int = 1) -> Problem:
    return Problem(path, line, column, "yaml_encoding", f"{found}: {SAVE_AS_UTF8}")


def _is_gb18030(data: bytes) -> bool:
    try:
        return any("\u4e00" <= char <= "\u9fff" for char in data.decode("gb18030"))
    except UnicodeDecodeError:
        return False


def _hidden_characters(text: str, path: str) -> Iterator[Problem]:
    for match in islice(characters.HIDDEN.finditer(text), MOST_REPORTED):
        line, column = place(text, match.start())
        why = "is a line break for some readers only" if match[0] in ODD_LINE_BREAKS else "does not show"
        yield Problem(path, line, column, "yaml_characters", f"{characters.name(match[0])} {why}: delete it")


def _tabs(text: str, path: str) -> Iterator[Problem]:
    for match in islice(TAB_INSIDE.finditer(text), MOST_REPORTED):
        line, column = place(text, match.start(1))
        yield Problem(path, line, column, "yaml_characters", "U+0009 TAB reads like spaces: type a space instead")


def _odd_indentation(text: str, path: str) -> Iterator[Problem]:
    for match in islice(INDENTED_WITH.finditer(text), MOST_REPORTED):
        line, column = place(text, match.start(1))
        said = f"the line is indented with {characters.name(match[1])}: indent it with spaces"
        yield Problem(path, line, column, "yaml_indentation", said)


def lines(data: bytes) -> list[str]:
    """The lines of a file as the places of its problems count them, whatever else is wrong with it."""
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")


def place(text: str, index: int) -> tuple[int, int]:
    """The line and column, both from 1, of the character at `index`."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
