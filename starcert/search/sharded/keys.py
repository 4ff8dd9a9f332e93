"""Keys: under which words a certificate is found, and at which place of its texts each stands.

A key is found by how it begins, so that "海", "hai" and the start of a number find every key that goes on from there:

- two CJK characters that stand together, or one after which there is none: 海尔, 尔电, 电器, 器
- any other word, after WORD; and the pinyin and the initials of a Chinese name
- a text that is not all CJK, in one piece after WHOLE: a number whatever its hyphens, an English name

A place is 4 times the position, which goes on from text to text with a gap, plus STARTS where the key's first word
begins a text, plus ENDS where its last one ends it. So a phrase that starts and ends a text is the whole text.
"""

from collections.abc import Iterator

from starcert.search.entry import Entry
from starcert.search.folding import CJK, TOKEN, WHOLE, WORD, fold, spoken

STARTS, ENDS = 2, 1


def keys(entry: Entry) -> Iterator[tuple[str, int]]:
    """Each key of the entry with a place; a key may come several times, its places rise."""
    position = 0
    for text in dict.fromkeys((*entry.names, entry.number, entry.uscc)):
        tokens = TOKEN.findall(fold(text))
        if tokens:
            yield from _places(tokens, position)
            position += len(tokens) + 1
    for word in dict.fromkeys(word for name in entry.names for word in spoken(name)):
        yield word, position << 2 | STARTS | ENDS
        position += 2


def _places(tokens: list[str], position: int) -> Iterator[tuple[str, int]]:
    last = len(tokens) - 1
    mixed = False
    for index, token in enumerate(tokens):
        starts = 0 if index else STARTS
        place = position + index << 2 | starts
        if token < CJK:
            mixed = True
            yield WORD + token, place | (index == last)
        elif index < last and tokens[index + 1] >= CJK:
            yield token + tokens[index + 1], place | (index + 1 == last)
        else:
            yield token, place | (index == last)
    if mixed:
        yield WHOLE + "".join(tokens), position << 2 | STARTS | ENDS
