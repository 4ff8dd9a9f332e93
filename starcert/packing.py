"""Packing: values of the project as bytes and back, for the memory of a site, and as JSON. The only user of msgspec."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

T = TypeVar("T")

Struct = msgspec.Struct
"""A base of classes whose values are made very quickly."""

pack: Callable[[object], bytes] = msgspec.msgpack.encode
json: Callable[[object], bytes] = msgspec.json.encode


def unpacker(kind: type[T]) -> Callable[[bytes], T]:
    """What makes a value of that kind of its bytes again; msgspec.ValidationError where they are none's."""
    return msgspec.msgpack.Decoder(kind).decode
