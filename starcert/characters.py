"""Which characters a name may hold, and which only look like the ones that were meant.

Two names that look the same must be the same: nothing invisible, no letter of another alphabet in place of
a Latin one, no compatibility form in place of a Han character. Names in Han characters, Latin letters with
their accents, kana, Hangul and other living scripts pass, as do the full-width brackets of Chinese type.
"""

import re
import unicodedata
from collections.abc import Iterator

# Controls, bidirectional and zero-width formatting, odd line breaks, non-characters: unseen, they yet act.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]|\r(?!\n)"
)
# Letters and marks that show nothing: fillers, the blank Braille cell, joiners, and variation selectors.
BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
# The general categories of what is no character of a text, with a word for those that have no name.
NO_CHARACTER = {
    "Cc": "control character",
    "Cf": "format character",
    "Cn": "unassigned character",
    "Co": "private use character",
    "Cs": "surrogate",
    "Zl": "line separator",
    "Zp": "paragraph separator",
}
CONTROLS = {"\0": "NULL", "\b": "BACKSPACE", "\t": "TAB", "\n": "LINE FEED", "\f": "FORM FEED",
            "\r": "CARRIAGE RETURN", "\x1b": "ESCAPE", "\x7f": "DELETE", "\x85": "NEXT LINE"}  # fmt: skip

PLAIN = re.compile("[ -~\u4e00-\u9fff（）·“”‘’、，。《》—…]*")
EASTERN = {"CJK", "HANGUL", "HIRAGANA", "IDEOGRAPHIC", "KATAKANA"}
ALPHABETS = {
    *("ARMENIAN", "CYRILLIC", "GEORGIAN", "GREEK", "LATIN"),
    *("ARABIC", "BENGALI", "DEVANAGARI", "ETHIOPIC", "GUJARATI", "GURMUKHI", "HEBREW", "KANNADA", "KHMER"),
    *("LAO", "MALAYALAM", "MONGOLIAN", "MYANMAR", "ORIYA", "SINHALA", "TAMIL", "TELUGU", "THAANA", "THAI"),
    *("TIBETAN", "YI"),
}
LIVING = EASTERN | ALPHABETS
LATIN_BY_ITSELF = set("ÆæØøÐðÞþßẞĐđĦħŁłŒœŊŋŦŧƏə")
# Python knows the ideographs of the Unicode version it was made with; those added later belong here.
IDEOGRAPHS_TO_COME = range(0x20000, 0x3FFFE)
HAN_PARTS = {chr(code) for code in (*range(0x2E80, 0x2FE0), *range(0x31C0, 0x31F0))}
# Letters that a reader takes for Latin ones, and signs that one takes for those of the keyboard.
TWINS = dict(zip(
    "АВЕЅІЈКМНОРСТУХҮӀԌԜаесіјорѕухүһӏԁԛԝгѵ" "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳαγινορστυϲ" "ՍՏՕագհոսցքօ",
    "ABESIJKMHOPCTYXYIGWaecijopsyxyhldqwrv" "ABEZHIKMNOPTYXCjayivopotuc" "USOwqhnugqo",
    strict=True,
))  # fmt: skip
SIGNS = dict(zip("‐‑‒–−˗﹘⁃➖∣⏽│╳⨯℮⍳⍴⍺", "---------|||xxeipa", strict=True))
KANA_TWINS = dict(zip("エオカタトニヌハリロー", "工才力夕卜二又八刂口一", strict=True))
WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f][^\W_]*)*")


def name(char: str) -> str:
    """The code point and name of `char`, as in `U+200B ZERO WIDTH SPACE`."""
    unnamed = CONTROLS.get(char) or NO_CHARACTER.get(unicodedata.category(char), "character")
    return f"U+{ord(char):04X} {unicodedata.name(char, unnamed)}"


def are_plain(text: str) -> bool:
    """Whether each character of the text is so usual that neither `forbidden` nor `lookalikes` can name it."""
    return PLAIN.fullmatch(text) is not None


def forbidden(text: str) -> list[tuple[int, str]]:
    """The index and name of each character that no name may hold: it shows nothing, or nobody knows what."""
    if are_plain(text):
        return []
    return [(index, name(char)) for index, char in enumerate(text) if _is_forbidden(char)]


def _is_forbidden(char: str) -> bool:
    if ord(char) in IDEOGRAPHS_TO_COME and ord(char) & 0xFFFE != 0xFFFE:
        return False
    return unicodedata.category(char) in NO_CHARACTER or BLANK.match(char) is not None


def lookalikes(text: str) -> list[tuple[int, str, str]]:
    """The index and name of each character that passes for another, and what to type instead ('' if unknown).

    What `forbidden` names is left out.
    """
    if are_plain(text):
        return []
    meant = dict(_of_another_alphabet(text)) | dict(_lone_kana(text)) | dict(_stray_marks(text))
    meant |= {index: twin for index, char in enumerate(text) if (twin := _always_meant(char)) is not None}
    suspects = [index for index in sorted(meant) if not _is_forbidden(text[index])]
    return [(index, name(text[index]), meant[index]) for index in suspects]


def _always_meant(char: str) -> str | None:
    """What is meant by a character that no name needs, wherever it stands; None for one that may be meant."""
    if char.isascii():
        return None
    kind, usual = unicodedata.category(char), unicodedata.normalize("NFKC", char)
    is_letter = kind[0] in "LN" or char in HAN_PARTS
    if char in SIGNS:
        return SIGNS[char]
    if kind == "No" and usual != char:
        return None
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    if kind == "Zs":
        return " "
    if is_letter and usual != char:
        return TWINS.get(char) or "".join(TWINS.get(part, part) for part in usual)
    if char in HAN_PARTS or (is_letter and (_alphabet(char) not in LIVING or _is_odd_latin(char))):
        return TWINS.get(char, "")
    return "" if kind == "Sm" and "\u2000" < char < "\uff00" else None


def _alphabet(char: str) -> str:
    """The script of a letter, as the first word of its Unicode name."""
    if ord(char) in IDEOGRAPHS_TO_COME:
        return "CJK"
    return re.split("[ -]", unicodedata.name(char, ""), maxsplit=1)[0]


def _is_odd_latin(char: str) -> bool:
    """Whether a Latin letter is none of a-z, accented or not, and none of the few that languages add."""
    return (
        _alphabet(char) == "LATIN"
        and char not in LATIN_BY_ITSELF
        and not unicodedata.normalize("NFD", char)[0].isascii()
    )


def _of_another_alphabet(text: str) -> Iterator[tuple[int, str]]:
    """Letters of a second alphabet in a word, and of one of which the text holds twins of Latin only."""
    honest = {_alphabet(char) for char in text if char.isalpha() and char not in TWINS}
    for word in WORD.finditer(text):
        letters = [(index, _alphabet(text[index])) for index in range(*word.span()) if text[index].isalpha()]
        western = [alphabet for _, alphabet in letters if alphabet not in EASTERN]
        own = "LATIN" if "LATIN" in western else next(iter(western), "")
        for index, alphabet in letters:
            if alphabet in ALPHABETS and (alphabet != own or alphabet not in honest):
                yield index, TWINS.get(text[index], "")


def _lone_kana(text: str) -> Iterator[tuple[int, str]]:
    """Katakana that look like a Han character and have no kana beside them."""
    for index, char in enumerate(text):
        around = text[max(index - 1, 0) : index] + text[index + 1 : index + 2]
        if char in KANA_TWINS and not any("\u3041" <= beside <= "\u30ff" for beside in around):
            yield index, KANA_TWINS[char]


def _stray_marks(text: str) -> Iterator[tuple[int, str]]:
    """Marks that make no letter with what they follow, or belong to another alphabet."""
    base = ""
    for index, char in enumerate(text):
        if unicodedata.category(char)[0] != "M":
            base = char
        elif _alphabet(char) == "COMBINING":
            base = unicodedata.normalize("NFC", base + char)
            if len(base) > 1:
                yield index, ""
        elif not base or _alphabet(char) != _alphabet(base[0]):
            yield index, ""
