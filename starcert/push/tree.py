"""Tree: a registry that lies in the tree of a commit, read from blobs as that of a folder is read from files."""

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from starcert.git import Blobs, Entry, GitError, Repository
from starcert.problems import Problem
from starcert.recordfile import ENDING, RecordFile, advice, shown_path
from starcert.register import Demonstration
from starcert.settings import demonstration_in
from starcert.textfile import MOST_BYTES, too_large

FOLDER = Path("registry")
RULEBOOK = ("registry/schemes", "registry/bodies", "registry/vocabularies")
CERTIFICATES = "registry/certificates"
DEMONSTRATION = "registry/DEMONSTRATION.yaml"


class RecordBlob(RecordFile):
    """A record that is a blob; a tree knows neither inode nor time."""

    id: str
    blobs: Blobs

    @classmethod
    def of(cls, entry: Entry, blobs: Blobs) -> Self:
        """The record at an entry of a tree."""
        made = cls(shown_path(os.fsdecode(entry.path)), entry.size, 0, 0, entry.path)
        made.id, made.blobs = entry.id, blobs
        return made

    def read(self) -> tuple[bytes, Problem | None]:
        if self.size > MOST_BYTES:
            return b"", too_large(self.shown, self.size)
        try:
            return self.blobs.read(self.id), None
        except GitError as error:
            return b"", Problem(self.shown, 1, 1, "file_readable", f"the file cannot be read: {error}")


@dataclass(frozen=True, slots=True)
class Tree:
    """The registry in a tree: all names at its top, and these of its entries."""

    top: Sequence[bytes]
    entries: Sequence[Entry]
    blobs: Blobs
    folder: Path = FOLDER

    def names(self) -> list[str]:
        return sorted(map(os.fsdecode, self.top))

    def records(self, part: str, depth: int) -> tuple[tuple[RecordFile, ...], list[Problem]]:
        return sorted_out(self.entries, f"{self.folder}/{part}", depth, self.blobs)

    def demonstration(self) -> tuple[Demonstration | None, list[Problem]]:
        """What DEMONSTRATION.yaml says, if it is there, and what is wrong with it."""
        for entry in self.entries:
            if entry.path == os.fsencode(DEMONSTRATION):
                data, problem = RecordBlob.of(entry, self.blobs).read()
                return (None, [problem]) if problem else demonstration_in(data, DEMONSTRATION)
        return None, []


def tree(repository: Repository, commit: str, certificates: Iterable[Entry], blobs: Blobs) -> Tree:
    """The registry in a commit, as far as certificates go only with these of its entries."""
    top = repository.listing(commit, b"registry")
    return Tree(top, [*repository.entries(commit, (*RULEBOOK, DEMONSTRATION)), *certificates], blobs)


def is_certificate(path: bytes) -> bool:
    """Whether a path lies among certificates."""
    return path.startswith(os.fsencode(CERTIFICATES) + b"/")


def is_rulebook(path: bytes) -> bool:
    """Whether records may be judged by what lies at the path, or below it."""
    return not is_certificate(path) and (path + b"/").startswith(os.fsencode(FOLDER) + b"/")


def is_record(path: bytes) -> bool:
    """Whether a certificate's record is read from this path, if a file lies there."""
    folder, *parts = path.removeprefix(os.fsencode(CERTIFICATES)).split(b"/")
    return not folder and len(parts) == 2 and path.endswith(os.fsencode(ENDING)) and not _hidden(parts)


def _hidden(parts: Iterable[bytes]) -> bool:
    return any(part.startswith(b".") for part in parts)


def sorted_out(
    entries: Iterable[Entry], folder: str, depth: int, blobs: Blobs
) -> tuple[tuple[RecordFile, ...], list[Problem]]:
    """The records among the entries `depth` levels below the folder, in the order of paths, and what should not be."""
    start, files, strays = os.fsencode(folder) + b"/", [], {}
    below = [(entry.path[len(start) :].split(b"/"), entry) for entry in entries if entry.path.startswith(start)]
    for parts, entry in sorted(below, key=lambda one: one[0]):
        if _hidden(parts[:depth]):
            continue
        wrong = _wrong(list(map(os.fsdecode, parts)), entry.mode, depth)
        if wrong:
            place, said = wrong
            path = shown_path(f"{folder}/{place}")
            strays[path] = Problem(path, 1, 1, "file_kind", said)
        elif parts[-1].endswith(os.fsencode(ENDING)) and len(parts) == depth:
            files.append(RecordBlob.of(entry, blobs))
    return tuple(files), list(strays.values())


def _wrong(parts: list[str], mode: int, depth: int) -> tuple[str, str] | None:
    """The path of the first thing on the way to an entry that should not be there, and why, if there is one."""
    for level, name in enumerate(parts[:depth], 1):
        kind = mode if level == len(parts) else stat.S_IFDIR
        said = advice(name, kind, level == depth)
        if said:
            return "/".join(parts[:level]), said
    return None
