"""The memory of a site, opened."""

from pathlib import Path
from typing import Any, Self

from starcert.memory import files, index, lines, pages, records, stock
from starcert.memory.base import Base

FACTS = "CREATE TABLE facts (name PRIMARY KEY, value) WITHOUT ROWID;"
LAYOUT = FACTS + records.LAYOUT + files.LAYOUT + lines.LAYOUT + pages.LAYOUT + index.LAYOUT + stock.LAYOUT


class Memory:
    """The memory in a file, or in no file: `with Memory(path) as memory`.

    Leaving the block without `keep` forgets what was learnt in it. Damaged is raised when the file is no memory. One
    that is `lasting` stays whole in a power cut, and takes longer to keep.
    """

    def __init__(self, path: Path | str = ":memory:", lasting: bool = False) -> None:
        self._path, self._lasting = path, lasting

    def __enter__(self) -> Self:
        self._base = Base(self._path, LAYOUT, self._lasting)
        self.new = self._base.new
        self.records = records.Records(self._base)
        self.files = files.Files(self._base, self.records)
        self.lines = lines.Lines(self._base)
        self.pages = pages.Pages(self._base)
        self.index = index.Index(self._base)
        self.stock = stock.Stock(self._base)
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def keep(self) -> None:
        """Write down what was learnt."""
        self._base.keep()

    def fact(self, name: str) -> Any:
        """A fact by its name, or None."""
        return self._base.fact(name)

    def note(self, name: str, fact: object) -> None:
        """Remember a fact: what JSON can hold."""
        self._base.note(name, fact)
