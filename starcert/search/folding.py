"""Folding: how names and numbers become the words that are indexed. templates/assets/query.js folds a query alike.

The only user of zhconv.
"""

import functools
import re
import unicodedata

from starcert.search.entry import Entry
from starcert.search.pinyin import syllables

WORD = "\u01c0"  # letters that nobody types; at a marker that is no letter, Pagefind would split the word
WHOLE = "\u01c1"
CJK = "\u2e80"  # the first of the blocks in which a character is a word of its own
TOKEN = re.compile(rf"(?:(?![{CJK}-\U0010ffff])[^\W_])+|(?=[^\W_])[{CJK}-\U0010ffff]")
PLAIN = re.compile(r"[ -~\u4e00-\u9fff（）]*")  # what names are mostly written in, which needs no normalising


@functools.cache
def simplified() -> dict[int, str]:
    """Traditional character to simplified, one to one, as str.translate takes it."""
    from zhconv import zhconv  # noqa: PLC0415  # a build that has nothing to do should not wait for it

    pairs = zhconv.getdict("zh-hans").items()
    return {ord(char): to for char, to in pairs if len(char) == len(to) == 1 and char != to}


@functools.cache
def plain() -> dict[int, str]:
    """What `fold` makes of the characters of PLAIN, but for capitals."""
    variants = {code: char for code, char in simplified().items() if PLAIN.fullmatch(chr(code))}
    return variants | {ord("（"): "(", ord("）"): ")"}


def fold(text: str) -> str:
    """`text` as it is compared: NFKC, lower case, without diacritics, simplified."""
    if text.isascii():
        return text.lower()
    if PLAIN.fullmatch(text):
        return text.lower().translate(plain())
    parts = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
    bare = "".join(char for char in parts if not unicodedata.category(char).startswith("M"))
    return unicodedata.normalize("NFC", bare).translate(simplified())


def words(text: str) -> list[str]:
    """The words by which any part of `text` is found, in their order."""
    return [token if token >= CJK else WORD + token for token in TOKEN.findall(fold(text))]


def whole(text: str) -> str:
    """The word that stands for all of `text`; CJK as hexadecimal, so that no segmenter splits it."""
    compact = "".join(TOKEN.findall(fold(text)))
    return WHOLE + "".join(char if char < CJK else f"{ord(char):x}" for char in compact)


def spoken(name: str) -> list[str]:
    """The words by which a Chinese `name` is found from a Latin keyboard: its pinyin and its initials."""
    if name.isascii():
        return []
    read = syllables(fold(name))
    if not any(map(str.islower, read)):
        return []
    initials = (syllable[0] if syllable.islower() else syllable for syllable in read)
    return [WORD + "".join(read).lower(), WORD + "".join(initials).lower()]


def collation(name: str) -> str:
    """The text by which `name` is sorted: by pinyin, then by its characters."""
    folded = fold(name)
    return " ".join([*syllables(folded), folded]).lower()


def content(entry: Entry) -> str:
    """The line of words that is indexed for `entry`."""
    texts = [text for text in dict.fromkeys((*entry.names, entry.number, entry.uscc)) if text]
    written = [word for text in texts for word in (*words(text), whole(text))]
    return " ".join([*written, *dict.fromkeys(word for name in entry.names for word in spoken(name))])
