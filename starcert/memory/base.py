"""Base: the file of a memory. The only user of sqlite3."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

MANY = 500
"""How many values one question may name."""


KNOWN = ("journal_mode = MEMORY", "cache_spill = OFF", "temp_store = MEMORY", "synchronous = OFF")
LASTING = ("journal_mode = DELETE", "cache_spill = OFF", "temp_store = MEMORY", "synchronous = FULL")
NEW = ("journal_mode = OFF", "cache_size = -65536", "synchronous = OFF")
Damaged = sqlite3.DatabaseError
"""What is raised of a file that is no memory, or no whole one."""


class Base:
    """A file of tables, made as `layout` says if it is new. All that is done to it is one transaction until `keep`.

    Nothing is written to a file that was there before that. What a power cut leaves of it is never believed, unless it
    is a `lasting` one: that holds all of what was kept, or nothing.
    """

    def __init__(self, path: Path | str, layout: str, lasting: bool = False) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        self.new = not self.all("SELECT name FROM sqlite_schema LIMIT 1")
        for setting in NEW if self.new else LASTING if lasting else KNOWN:
            self._base.execute(f"PRAGMA {setting}")
        self._base.execute("BEGIN")
        if self.new:
            for statement in filter(str.strip, layout.split(";")):
                self._base.execute(statement)

    def keep(self) -> None:
        """Write down what was done."""
        self._base.execute("COMMIT")

    def close(self) -> None:
        """Forget what was done since the last `keep`."""
        self._base.close()

    def all(self, question: str, *values: object) -> list[Any]:
        """All answers to a question, as tuples."""
        return self._base.execute(question, values).fetchall()

    def each(self, question: str, *values: object) -> Iterator[Any]:
        """The answers to a question, as tuples, one at a time."""
        return self._base.execute(question, values)

    def firsts(self, question: str, *values: object) -> Iterator[Any]:
        """The first value of each answer."""
        return (answer[0] for answer in self._base.execute(question, values))

    def among(self, question: str, values: Iterable[str]) -> Iterator[Any]:
        """The answers to a question with IN (?) for so many values."""
        listed = sorted(values)
        for start in range(0, len(listed), MANY):
            some = listed[start : start + MANY]
            yield from self._base.execute(question.replace("(?)", f"({','.join('?' * len(some))})"), some)

    def do(self, order: str, *values: object) -> None:
        """Change something."""
        self._base.execute(order, values)

    def do_each(self, order: str, values: Iterable[tuple[object, ...]]) -> None:
        """Change something for each of the tuples."""
        self._base.executemany(order, values)

    def fact(self, name: str) -> Any:
        """A fact by its name, or None."""
        found = self.all("SELECT value FROM facts WHERE name = ?", name)
        return json.loads(found[0][0]) if found else None

    def note(self, name: str, fact: object) -> None:
        """Remember a fact: what JSON can hold."""
        self.do("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, json.dumps(fact))
