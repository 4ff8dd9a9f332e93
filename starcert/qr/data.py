"""Text to the data codewords of a QR code: mode, count, payload, terminator, padding (ISO/IEC 18004, 7.4)."""

import re
from typing import Literal, NamedTuple

Mode = Literal["alphanumeric", "byte"]

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # in the order of their values
SINGLES = {character: value for value, character in enumerate(ALPHANUMERIC)}
PAIRS = {a + b: 45 * SINGLES[a] + SINGLES[b] for a in SINGLES for b in SINGLES}
INDICATORS = {"alphanumeric": 0b0010, "byte": 0b0100}
COUNT_BITS = {"alphanumeric": (9, 11, 13), "byte": (8, 16, 16)}  # in versions 1 to 9, 10 to 26, 27 to 40
TERMINATOR_BITS = 4
PADDING = b"\xec\x11" * 1500  # more than the largest version holds

_is_alphanumeric = re.compile("[0-9A-Z $%*+./:-]+").fullmatch


class Bits(NamedTuple):
    value: int
    width: int


def segment(text: str) -> tuple[Mode, Bits, int]:
    """The mode for `text` (bytes are UTF-8), its payload, and its length as the mode counts it."""
    if _is_alphanumeric(text):
        return "alphanumeric", _alphanumeric(text), len(text)
    encoded = text.encode()
    return "byte", Bits(int.from_bytes(encoded, "big"), 8 * len(encoded)), len(encoded)


def _alphanumeric(text: str) -> Bits:
    even = len(text) & ~1
    bits = 0
    for start in range(0, even, 2):
        bits = bits << 11 | PAIRS[text[start : start + 2]]
    if even == len(text):
        return Bits(bits, 11 * even // 2)
    return Bits(bits << 6 | SINGLES[text[-1]], 11 * even // 2 + 6)


def codewords(mode: Mode, payload: Bits, length: int, version: int, capacity: int) -> bytes:
    """The data codewords of one segment in a symbol that holds `capacity` of them."""
    count_bits = COUNT_BITS[mode][(version > 9) + (version > 26)]
    bits = (INDICATORS[mode] << count_bits | length) << payload.width | payload.value
    used = 4 + count_bits + payload.width
    filled = -(-min(used + TERMINATOR_BITS, 8 * capacity) // 8)
    return ((bits << 8 * filled - used).to_bytes(filled, "big") + PADDING)[:capacity]
