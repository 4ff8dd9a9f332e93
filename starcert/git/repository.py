"""Repository: the commits of a bare repository, what they change, and the entries of their trees."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from starcert.git.blobs import Blobs
from starcert.git.program import GitError, Program, variables
from starcert.git.trees import Change, TooMany, changes, compared

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit; the subject is the first paragraph of its message, on one line, and may hold any character."""

    id: str
    parents: tuple[str, ...]
    subject: str

    @property
    def short(self) -> str:
        """Its id as people write it."""
        return self.id[:10]


class Entry(NamedTuple):
    """What lies at a path of a tree; a size is known of blobs."""

    path: bytes
    mode: int
    id: str
    size: int


class Repository:
    """A bare repository; during a push it also shows what waits in quarantine, as `environment` tells hooks."""

    def __init__(self, folder: Path, environment: Mapping[str, str] = os.environ) -> None:
        self.folder = folder.absolute()
        self.git = Program(self.folder, variables(self.folder, environment))

    def tip(self, branch: str) -> str | None:
        """The commit of a branch, or None."""
        ref = f"refs/heads/{branch}"
        said = self.git.run("for-each-ref", "--format=%(refname) %(objectname)", ref).decode()
        return dict(line.split(" ") for line in said.splitlines()).get(ref)

    def holds(self, commit: str) -> bool:
        """Whether there is such a commit."""
        try:
            return self.git.run("cat-file", "-t", commit).strip() == b"commit"
        except GitError:
            return False

    def follows(self, old: str, new: str) -> bool:
        """Whether all of `old` is in the history of `new`."""
        return self.git.says("merge-base", "--is-ancestor", old, new)

    def commits(self, old: str | None, new: str, most: int | None = None) -> list[Commit]:
        """The commits that `new` has and `old` has not, parents first; TooMany when there are more than `most`.

        Where commits claim to be older than their parents, git may count some of old's among them.
        """
        asked = [new] if old is None else [new, f"^{old}"]
        found = self._listed("--topo-order", *([f"--max-count={most + 1}"] if most is not None else []), *asked)
        if most is not None and len(found) > most:
            raise TooMany(most)
        return found[::-1]

    def line(self, commit: str, most: int) -> list[Commit]:
        """The commit, its first parent, that one's and so on, up to so many."""
        return self._listed("--first-parent", f"--max-count={most}", commit)

    def _listed(self, *asked: str) -> list[Commit]:
        said = self.git.run("rev-list", "--encoding=UTF-8", "--format=%H %P%x00%s", *asked, "--")
        return [_commit(line) for line in said.decode("utf-8", "backslashreplace").split("\n")[1::2]]

    def changes(self, old: str | None, new: str, most: int | None = None) -> list[Change]:
        """What differs in the tree of `new` from that of `old`, or from nothing; TooMany when more than `most` does."""
        return self.steps([(old, new)], most)[0]

    def steps(self, pairs: Sequence[tuple[str | None, str]], most: int | None = None) -> list[list[Change]]:
        """The changes between the two commits of each pair; TooMany when there are more than `most` in all."""
        return compared(self.git, pairs, most)

    def entries(
        self, commit: str, under: Sequence[str] = (), most: int | None = None, sized: bool = True
    ) -> list[Entry]:
        """What lies in the tree of a commit, or at and below these paths; TooMany when there is more than `most`.

        To tell sizes takes twice as long.
        """
        form = ("-r", "-z", "--full-tree", *(["-l"] if sized else []))
        return _at_most(map(_entry, self.git.pieces("ls-tree", *form, commit, "--", *under, end=b"\0")), most)

    def listing(self, commit: str, folder: bytes) -> list[bytes]:
        """The names in one folder of a tree, b"" being the topmost; none when there is no such folder."""
        path = [os.fsdecode(folder) + "/"] if folder else []
        pieces = self.git.pieces("ls-tree", "-z", "--name-only", "--full-tree", commit, "--", *path, end=b"\0")
        return [name.rpartition(b"/")[2] for name in pieces]

    def removed(self, commit: str, under: str, since: str | None = None) -> Iterator[Change]:
        """Every file below a folder that a commit removed, the latest first; of those that `since` has not."""
        form = (
            "--raw",
            "-z",
            "--no-renames",
            "--no-abbrev",
            "--diff-filter=D",
            "--format=",
            "-m",
            "--no-show-signature",
        )
        asked = [commit, f"^{since}"] if since else [commit]
        parts = self.git.pieces("log", *form, *asked, "--", under, end=b"\0")
        yield from changes(part for part in parts if part)

    @contextmanager
    def blobs(self) -> Iterator[Blobs]:
        """A reader of blobs, to be used in the block."""
        with Blobs(self.git) as blobs:
            yield blobs


def _commit(line: str) -> Commit:
    ids, _, subject = line.partition("\0")
    own, *parents = ids.split()
    return Commit(own, tuple(parents), subject)


def _entry(told: bytes) -> Entry:
    facts, _, path = told.partition(b"\t")
    mode, _, own_id, *size = facts.decode().split()
    return Entry(path, int(mode, 8), own_id, int(size[0]) if size and size[0] != "-" else 0)


def _at_most(things: Iterator[T], most: int | None) -> list[T]:
    """All of them, or TooMany; of endless many, no more than that is read."""
    found = list(islice(things, None if most is None else most + 1))
    if most is not None and len(found) > most:
        raise TooMany(most)
    return found
