"""Stock: what pages are made with, and takes a while to make of templates and texts; it holds as long as those do."""

from collections.abc import Mapping
from hashlib import blake2b

from starcert.memory.base import Base

LAYOUT = """
    CREATE TABLE stock (name PRIMARY KEY, digest, data);
"""
SIZE = 16  # bytes of a digest


class Stock:
    """What the memory has in stock, by name. Some of it is code, so nothing is given that is spoilt."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def all(self) -> dict[str, bytes]:
        """All that is there."""
        found = self._base.all("SELECT name, digest, data FROM stock")
        return {name: data for name, digest, data in found if digest == _digest(name, data)}

    def keep(self, stock: Mapping[str, bytes]) -> None:
        """Have this from now on."""
        new = stock.items() - self.all().items()
        rows = ((name, _digest(name, data), data) for name, data in new)
        self._base.do_each("INSERT OR REPLACE INTO stock VALUES (?, ?, ?)", rows)


def _digest(name: object, data: object) -> bytes:
    return blake2b(repr((name, data)).encode(), digest_size=SIZE).digest()
