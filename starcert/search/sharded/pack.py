"""Pack: a file of values and arrays of whole numbers, small when sent and quick to open in a browser.

The first line is JSON, with the length and width of each array in "arrays"; then come the arrays. An array is
written as planes: the lowest bytes of all its numbers, then the next higher bytes. All of it is deflated, because
hosts do not compress files of a type that they do not know. templates/assets/pack.js opens it.
"""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

BIGGEST = 4  # bytes of a number
LEVEL = 6  # of compression; 9 takes seven times as long for columns and saves 2 %


def pack(values: Mapping[str, object], arrays: Mapping[str, Sequence[int]]) -> bytes:
    """The file; the numbers are from 0 to 2**32 - 1."""
    columns = {name: planes(numbers) for name, numbers in arrays.items()}
    sizes = [[name, len(numbers), len(columns[name]) // (len(numbers) or 1)] for name, numbers in arrays.items()]
    head = json.dumps({**values, "arrays": sizes}, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(b"".join([head.encode(), b"\n", *columns.values()]), LEVEL)


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, array[int]]]:
    """The values and the arrays of a file."""
    head, _, rest = zlib.decompress(data).partition(b"\n")
    values = json.loads(head)
    arrays = {}
    start = 0
    for name, length, width in values.pop("arrays"):
        end = start + length * width
        arrays[name] = numbers(rest[start:end], length)
        start = end
    return values, arrays


def numbers(planes: bytes, length: int) -> array[int]:
    """The numbers of an array of that length."""
    data = bytearray(length * BIGGEST)
    for plane in range(len(planes) // (length or 1)):
        data[plane::BIGGEST] = planes[plane * length : (plane + 1) * length]
    words = array("I", bytes(data))
    if sys.byteorder == "big":
        words.byteswap()
    return words


def planes(numbers: Sequence[int]) -> bytes:
    """The bytes of the numbers, plane by plane, as many planes as the greatest needs."""
    words = array("I", numbers)
    if sys.byteorder == "big":
        words.byteswap()
    data = words.tobytes()
    width = (max(numbers, default=0).bit_length() + 7) // 8
    return b"".join(data[plane::BIGGEST] for plane in range(width))


def name(data: bytes) -> str:
    """A file name that tells the content, so that browsers may keep the file for ever."""
    return f"{blake2b(data, digest_size=6).hexdigest()}.pack"
