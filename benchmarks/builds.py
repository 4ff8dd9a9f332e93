"""Builds: what is timed against what."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Commands = Sequence[Sequence[str]]


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Build:
    """One way to build one site.

    `commands` writes into the folder that it is given: a path that never existed before, unless `site` names the
    site that is built upon. `before` is called before each round, unmeasured; `proof` looks at the outcome after it,
    and raises AssertionError when the build did not do its work.
    """

    name: str
    folder: Path
    commands: Callable[[Path], Commands]
    site: Path | None = None
    before: Callable[[], None] = _nothing
    proof: Callable[[], None] = _nothing


@dataclass(frozen=True, slots=True)
class Group:
    """Builds that are compared with the first of them."""

    title: str
    builds: Sequence[Build]


def files_and_bytes(folder: Path) -> tuple[int, int]:
    """How many files a folder holds, and their bytes together."""
    files = size = 0
    for where, _, names in os.walk(folder):
        files += len(names)
        size += sum(os.lstat(os.path.join(where, name)).st_size for name in names)
    return files, size
