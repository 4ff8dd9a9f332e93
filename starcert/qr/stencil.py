"""Data codewords to the modules of a QR code, by XOR of what segno has shown once. The only user of segno.

For a fixed version, level and mask, every module is the XOR of a constant and some of the data bits. Read off
segno's encoder once, that dependence makes a code a few XORs of integers instead of an encoder's full run.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import count
from typing import Any, Literal

import segno
from segno import consts

from starcert.qr import data
from starcert.qr.layout import Layout

encoder: Any = segno.encoder  # has no types
MASK = 0  # of the eight, the evenest for certificate addresses on average, by the standard's own penalties
FREE = 2  # segno's value of a module that is still to be set
Level = Literal["M", "Q", "H"]  # corrects 15, 25 or 30 % of the codewords
LEVELS: dict[Level, int] = {"M": consts.ERROR_LEVEL_M, "Q": consts.ERROR_LEVEL_Q, "H": consts.ERROR_LEVEL_H}
SMALLEST: dict[Level, int] = {"M": 1, "Q": 1, "H": 5}  # in smaller ones dirt soon spoils more of a block than H repairs
LARGEST_TABULATED = 6  # larger versions are rare, and their tables cost more than they save

SELDOM = 100  # codes that segno's own encoder makes before a table has paid for itself
RUN = 5  # codewords that are looked up together

Halves = tuple[tuple[int, ...], tuple[int, ...]]  # the change for each value of a byte's high and low bits


@cache
def fit(mode: data.Mode, length: int, least: Level) -> tuple[int, Level]:
    """The smallest version that takes the length at level `least`, and the best level that still fits it.

    Level H is for print, and starts at version 5: blots over a tenth of a code spoil more codewords of a block than
    can be repaired in about 12 of 100 codes of version 4, whose blocks are short, and in 1 of 100 of version 5.
    """
    code: Any = segno.make("A" * length, error=least, mode=mode, mask=MASK, micro=False, boost_error=True)
    return max(code.version, SMALLEST[least]), code.error


@cache
def layout(version: int) -> Layout:
    return Layout(4 * version + 17)


@cache
def capacity(version: int, level: Level) -> int:
    """How many data codewords a symbol holds."""
    capacities: Any = consts.SYMBOL_CAPACITY
    return int(capacities[version][LEVELS[level]]) // 8


def modules(version: int, level: Level, codewords: bytes) -> int:
    """The dark modules of the symbol with these data codewords, as an integer of the version's layout."""
    if version > LARGEST_TABULATED or next(_made(version, level)) < SELDOM:
        return _blank(version, level) ^ _change(version, level, int.from_bytes(codewords, "big"))
    dark = _blank(version, level)
    for start in range(0, len(codewords), RUN):
        dark ^= _change_of_run(version, level, start, codewords[start : start + RUN])
    return dark


@cache
def _made(version: int, level: Level) -> Iterator[int]:
    """How many such codes were made before this one."""
    return count()


@lru_cache(maxsize=2_000)
def _change_of_run(version: int, level: Level, start: int, codewords: bytes) -> int:
    """The modules that these codewords turn over; those of how addresses begin, and of padding, come in every code."""
    dark = 0
    for (high, low), byte in zip(_table(version, level)[start:], codewords, strict=False):
        dark ^= high[byte >> 4] ^ low[byte & 15]
    return dark


@cache
def _blank(version: int, level: Level) -> int:
    """What all symbols have in common, mask included: one of segno's without what its data changed."""
    code = segno.make("A", error=level, version=version, mode="alphanumeric", mask=MASK, boost_error=False)
    mode, payload, length = data.segment("A")
    codewords = data.codewords(mode, payload, length, version, capacity(version, level))
    return layout(version).pack(code.matrix) ^ _change(version, level, int.from_bytes(codewords, "big"))


@cache
def _table(version: int, level: Level) -> tuple[Halves, ...]:
    bits = range(8 * capacity(version, level) - 1, -1, -1)
    changes = [_change(version, level, 1 << bit) for bit in bits]
    halves = [_choices(changes[start : start + 4]) for start in range(0, len(changes), 4)]
    return tuple(zip(halves[::2], halves[1::2], strict=True))


def _choices(four: Sequence[int]) -> tuple[int, ...]:
    a, b, c, d = four
    return tuple((n >> 3) * a ^ (n >> 2 & 1) * b ^ (n >> 1 & 1) * c ^ (n & 1) * d for n in range(16))


def _change(version: int, level: Level, codewords: int) -> int:
    """The modules that the codewords, as one integer, turn over: their own and their error correction's."""
    buffer = encoder.Buffer()
    buffer.append_bits(codewords, 8 * capacity(version, level))
    message = encoder.make_final_message(version, LEVELS[level], buffer).getbits()
    return sum(module for bit, module in zip(message, path_of_message(version), strict=True) if bit)


@cache
def path_of_message(version: int) -> list[int]:
    """The module of each bit of a message, found by placing numbers where segno expects bits."""
    size = layout(version).size
    grid = [list(row) for row in encoder.make_matrix(size, size)]
    encoder.add_finder_patterns(grid, size, size)
    encoder.add_alignment_patterns(grid, size, size)
    free = sum(row.count(FREE) for row in grid)
    encoder.add_codewords(grid, range(FREE + 1, FREE + 1 + free), version)
    numbered = ((number, x, y) for y, row in enumerate(grid) for x, number in enumerate(row) if number > FREE)
    return [layout(version).module(x, y) for _, x, y in sorted(numbered)]
