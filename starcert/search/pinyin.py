"""Pinyin: how Chinese names are spoken, for queries from a Latin keyboard and for lists by name.

The only user of pypinyin, which takes 0.2 s to import, so only what needs it does. A name is divided into the longest
words of its dictionary, from the left, as pypinyin itself does in ten times the time.
"""

import functools
import itertools
import re
from collections.abc import Container, Mapping

HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
LETTERS = re.compile(r"[^\W_]+")


@functools.cache
def dictionary() -> tuple[Container[str], Mapping[str, int]]:
    """The words with readings of their own, and for each beginning of two characters how long the longest is."""
    from pypinyin.constants import PHRASES_DICT  # noqa: PLC0415

    longest: dict[str, int] = {}
    for phrase in PHRASES_DICT:
        longest[phrase[:2]] = max(len(phrase), longest.get(phrase[:2], 0))
    return PHRASES_DICT, longest


def divided(text: str) -> list[str]:
    """The words of a text of Han characters; a character that begins no word of the dictionary is one."""
    phrases, longest = dictionary()
    found = []
    start = 0
    while start < len(text):
        size = longest.get(text[start : start + 2], 1)
        while size > 1 and text[start : start + size] not in phrases:
            size -= 1
        found.append(text[start : start + size])
        start += size
    return found


@functools.lru_cache(maxsize=1 << 16)
def read(word: str) -> tuple[str, ...]:
    """The syllables of a word without tones; a character that has none stands for itself."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return tuple(lazy_pinyin([word]))


@functools.lru_cache(maxsize=256)
def syllables(folded: str) -> tuple[str, ...]:
    """A folded name as it is spoken, what is not Chinese in capitals: tcl王牌 is TCL, wang, pai."""
    found: list[str] = []
    end = 0
    for run in HAN.finditer(folded):
        found.extend(_plain(folded[end : run.start()]))
        found.extend(itertools.chain.from_iterable(map(read, divided(run[0]))))
        end = run.end()
    found.extend(_plain(folded[end:]))
    return tuple(found)


def _plain(text: str) -> tuple[str, ...]:
    joined = "".join(LETTERS.findall(text)).upper()
    return (joined,) if joined else ()
