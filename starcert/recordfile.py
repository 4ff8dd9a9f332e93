"""Record files: what lies in a folder of records, and what does not belong there."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from starcert.problems import Problem, shown
from starcert.textfile import MOST_BYTES

RULES = {
    "file_kind": "A folder of records must hold regular files ending in .yaml, and README.md at most.",
    "file_readable": "A record's file, and the folder it lies in, must be readable.",
}


@dataclass(frozen=True, slots=True)
class RecordFile:
    """One record's file; `shown` is its path as messages print it, on one line whatever its name."""

    path: Path
    shown: str

    def read(self) -> tuple[bytes, Problem | None]:
        """Its bytes, up to one more than a record may have, or why it cannot be read."""
        try:
            with self.path.open("rb") as file:
                return file.read(MOST_BYTES + 1), None
        except OSError as error:
            message = f"the file cannot be read: {error.strerror}"
            return b"", Problem(self.shown, 1, 1, "file_readable", message)


def record_files(folder: Path, depth: int) -> tuple[tuple[RecordFile, ...], list[Problem]]:
    """The records that lie `depth` levels down, in the order of paths, and what should not be there."""
    files: list[RecordFile] = []
    strays: list[Problem] = []
    for entry, level in _entries(folder, 1, depth, strays) if os.path.lexists(folder) else ():
        path = RecordFile(Path(entry.path), shown_path(entry.path))
        advice = _advice(entry, level == depth)
        if advice:
            strays.append(Problem(path.shown, 1, 1, "file_kind", advice))
        elif level == depth and entry.name != "README.md":
            files.append(path)
    return tuple(files), strays


def _entries(
    folder: Path | str, level: int, depth: int, strays: list[Problem]
) -> Iterator[tuple[os.DirEntry[str], int]]:
    """What lies in the folder and `depth` levels down, names in order; hidden files are passed over."""
    try:
        with os.scandir(folder) as found:
            shown = [entry for entry in found if not entry.name.startswith(".")]
    except OSError as error:
        message = f"the folder cannot be read: {error.strerror}"
        strays.append(Problem(shown_path(os.fspath(folder)), 1, 1, "file_readable", message))
        return
    for entry in sorted(shown, key=lambda entry: entry.name):
        yield entry, level
        if level < depth and entry.is_dir(follow_symlinks=False):
            yield from _entries(entry.path, level + 1, depth, strays)


def _advice(entry: os.DirEntry[str], at_depth: bool) -> str | None:
    """What is wrong with an entry, or None when it may be there."""
    mode = entry.stat(follow_symlinks=False).st_mode
    if entry.name == "README.md" and stat.S_ISREG(mode):
        return None
    if stat.S_ISLNK(mode):
        return "is a symbolic link: put the file itself here"
    if stat.S_ISDIR(mode):
        return "is a folder, but only records belong here: move its files up" if at_depth else None
    if not stat.S_ISREG(mode):
        return "is not a regular file: remove it"
    if not at_depth:
        return "lies outside a body's folder: move it into the folder of the body that issued it"
    if not entry.name.endswith(".yaml"):
        return f"does not end in .yaml: rename it to {shown(entry.name.partition('.')[0])}.yaml, or remove it"
    return None


def shown_path(path: str) -> str:
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
