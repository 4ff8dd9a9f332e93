"""Disk: a registry in a folder of the disk: which record files lie there, and what should not."""

import os
import stat
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from starcert.inventory import Inventory, part_of
from starcert.packing import pack
from starcert.problems import Problem
from starcert.recordfile import ENDING, advice, shown_path
from starcert.workers import spread

FEW = 20_000
"""Files that one process has seen sooner than several that must be started for them."""

Names = Mapping[str, Sequence[str]]
"""Names of files, by the folder that they lie in."""


class Disk(NamedTuple):
    """A registry in a folder of the disk, which so many processes look through."""

    folder: Path
    jobs: int = 1

    def names(self) -> list[str]:
        """The names of all that lies in it, in order."""
        return sorted(os.listdir(self.folder))

    def records(self, part: str, depth: int) -> tuple[Inventory, list[Problem]]:
        """The records that lie `depth` levels down in a part of it, and what should not be there."""
        return record_files(self.folder / part, depth, self.jobs)


class Part(NamedTuple):
    """The files in one part of an inventory, packed, how many they are, and what else has their names."""

    files: bytes
    length: int
    strays: list[Problem]


def record_files(folder: Path, depth: int, jobs: int = 1) -> tuple[Inventory, list[Problem]]:
    """The records that lie `depth` levels down, and what should not be there; hidden files are passed over."""
    parts: dict[str, dict[str, list[str]]] = {}
    strays: list[Problem] = []
    if os.path.lexists(folder):
        _look(os.fspath(folder), depth, parts, strays)
    count = sum(len(some) for names in parts.values() for some in names.values())
    seen = spread(_seen, [*parts.values()], jobs if count > FEW else 1, few=1)
    found = {name: part for name, part in zip(parts, seen, strict=True) if part.length or part.strays}
    strays += [stray for part in found.values() for stray in part.strays]
    files = {name: part.files for name, part in found.items() if part.length}
    return Inventory(files, sum(part.length for part in found.values())), strays


def _look(folder: str, depth: int, parts: dict[str, dict[str, list[str]]], strays: list[Problem]) -> None:
    """Sort the names in the folder, and `depth` levels down, into parts, if records can have them."""
    try:
        names = os.listdir(folder)
    except OSError as error:
        strays.append(_unreadable(folder, error))
        return
    if depth == 1:
        records = [name for name in names if name.endswith(ENDING) and not name.startswith(".")]
        for part, some in _in_parts(records).items():
            parts.setdefault(part, {})[folder] = some
        names = [name for name in names if not name.endswith(ENDING)] if len(records) < len(names) else []
    for name in sorted((name for name in names if not name.startswith(".")), key="{}/".format):  # as paths are sorted
        with suppress(FileNotFoundError):  # removed since its folder was listed
            mode = os.lstat(f"{folder}/{name}").st_mode
            strays += _stray(folder, name, mode, depth == 1)
            if depth > 1 and stat.S_ISDIR(mode):
                _look(f"{folder}/{name}", depth - 1, parts, strays)


def _in_parts(names: Sequence[str]) -> dict[str, list[str]]:
    """The names by the parts that their files are in."""
    shown = names if _plain("".join(names)) else map(shown_path, names)
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for part, name in zip(map(part_of, shown), names, strict=True):
        parts[part].append(name)
    return parts


def _stray(folder: str, name: str, mode: int, at_depth: bool) -> list[Problem]:
    """What is wrong with what lies there, if it should not."""
    wrong = advice(name, mode, at_depth)
    return [Problem(shown_path(f"{folder}/{name}"), 1, 1, "file_kind", wrong)] if wrong else []


def _seen(names: Names) -> Part:
    """The files of these names. A registry has very many, so the usual one costs as little as can be."""
    files: list[tuple[object, ...]] = []
    strays: list[Problem] = []
    for folder, some in names.items():
        plain = _plain(folder) and _plain("".join(some))
        try:
            here = os.open(folder, os.O_RDONLY)
        except OSError as error:
            strays.append(_unreadable(folder, error))
            continue
        for name in sorted(some):
            try:
                found = os.stat(name, dir_fd=here, follow_symlinks=False)
            except FileNotFoundError:  # removed since its folder was listed
                continue
            path = f"{folder}/{name}"
            shown, raw = (path, None) if plain else (shown_path(path), os.fsencode(path))
            if stat.S_ISREG(found.st_mode):
                files.append((shown, found.st_size, found.st_ino, found.st_ctime_ns, raw))
            else:
                strays += _stray(folder, name, found.st_mode, at_depth=True)
        os.close(here)
    return Part(pack(files), len(files), strays)


def _plain(text: str) -> bool:
    """Whether it is shown as it is."""
    return text.isascii() and text.isprintable()


def _unreadable(folder: str, error: OSError) -> Problem:
    message = f"the folder cannot be read: {error.strerror}"
    return Problem(shown_path(folder), 1, 1, "file_readable", message)
