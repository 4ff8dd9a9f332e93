"""Record files: how they are known and read, and what does not belong among them."""

import os
import stat
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple, Protocol

from starcert.problems import Problem, shown
from starcert.textfile import MOST_BYTES

RULES = {
    "file_kind": "A folder of records must hold regular files ending in .yaml, and README.md at most.",
    "file_readable": "A record's file, and the folder it lies in, must be readable.",
}
ENDING = ".yaml"


class RecordFile(NamedTuple):
    """One record's file; `shown` is its path as messages print it, on one line whatever its name.

    Size, inode and the time of the last change (nanoseconds) are those it had when its folder was listed. `raw` is its
    path as the system has it, where that is not what is shown.
    """

    shown: str
    size: int
    inode: int
    changed: int
    raw: bytes | None = None

    @property
    def path(self) -> str:
        """Where it lies."""
        return os.fsdecode(self.raw) if self.raw else self.shown

    @property
    def name(self) -> str:
        """Its name, on one line like `shown`."""
        return self.shown.rpartition("/")[2]

    @property
    def stem(self) -> str:
        """Its name without .yaml."""
        return self.name.removesuffix(ENDING)

    @property
    def folder(self) -> str:
        """The name of the folder that it lies in."""
        return os.path.basename(os.path.dirname(self.path))

    def shown_below(self, registry: Path, base: Path) -> "RecordFile":
        """The same file of the registry `base` under the path that it has in another one."""
        shown = shown_path(str(registry / Path(self.path).relative_to(base)))
        return self._replace(shown=shown, raw=os.fsencode(self.path))

    def read(self) -> tuple[bytes, Problem | None]:
        """Its bytes, up to one more than a record may have, or why it cannot be read."""
        try:
            with open(self.path, "rb", buffering=0) as file:
                return file.read(MOST_BYTES + 1), None
        except OSError as error:
            message = f"the file cannot be read: {error.strerror}"
            return b"", Problem(self.shown, 1, 1, "file_readable", message)


class Source(Protocol):
    """Where a registry lies: on the disk, or in a tree of git; `folder` is its path as messages print it."""

    @property
    def folder(self) -> Path: ...

    def names(self) -> list[str]:
        """The names of all that lies in it, in order."""

    def records(self, part: str, depth: int) -> tuple[Collection[RecordFile], list[Problem]]:
        """The records that lie `depth` levels down in a part of it, in the order of paths, and what should not be."""


def advice(name: str, mode: int, at_depth: bool) -> str | None:
    """What is wrong with an entry, or None when it may be there."""
    regular = stat.S_ISREG(mode)
    if regular and (name == "README.md" or (at_depth and name.endswith(ENDING))):
        return None
    if stat.S_ISLNK(mode):
        return "is a symbolic link: put the file itself here"
    if stat.S_ISDIR(mode):
        return "is a folder, but only records belong here: move its files up" if at_depth else None
    if not regular:
        return "is not a regular file: remove it"
    if not at_depth:
        return "lies outside a body's folder: move it into the folder of the body that issued it"
    return f"does not end in .yaml: rename it to {shown(name.partition('.')[0])}.yaml, or remove it"


def shown_path(path: str) -> str:
    """The path as messages print it: on one line, with escapes for what cannot be shown."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
