"""Trees: what differs between them, level by level: one can name itself so often that git could not list it."""

import stat
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from starcert.git.program import GitError, Program

EMPTY = {40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
         64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"}  # fmt: skip
"""The id of the tree in which nothing is, by the length of ids; git knows it without an object."""


class Change(NamedTuple):
    """A path whose mode or blob changed; what was or is not there has mode 0 and no id."""

    path: bytes
    mode: int
    was_mode: int
    id: str | None
    was_id: str | None


class TooMany(Exception):
    """There is more than was asked for; `most` says how much that was."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class _Pair(NamedTuple):
    """Two trees to be compared, None being empty; `at` is whose they are, `path` ends with a slash."""

    at: int
    path: bytes
    old: str | None
    new: str | None


def compared(git: Program, pairs: Sequence[tuple[str | None, str]], most: int | None) -> list[list[Change]]:
    """The changes from the first to the second commit of each pair, in the order of paths.

    TooMany when there are more than `most` in all, changed folders included.
    """
    found: list[list[Change]] = [[] for _ in pairs]
    level, seen = _roots(git, pairs), 0
    while level:
        below: list[_Pair] = []
        for pair, change in _level(git, level):
            seen += 1
            if most is not None and seen > most:
                raise TooMany(most)
            path, was, now = pair.path + change.path, stat.S_ISDIR(change.was_mode), stat.S_ISDIR(change.mode)
            if was or now:
                old, new = change.was_id if was else None, change.id if now else None
                below.append(_Pair(pair.at, path + b"/", old, new))
            mode, id = (0, None) if now else (change.mode, change.id)
            was_mode, was_id = (0, None) if was else (change.was_mode, change.was_id)
            if mode or was_mode:
                found[pair.at].append(Change(path, mode, was_mode, id, was_id))
        level = below
    return [sorted(changes, key=lambda change: change.path) for changes in found]


def changes(parts: Iterator[bytes]) -> Iterator[Change]:
    """Changes, from what git prints of each: `:MODE MODE ID ID LETTER` and a path."""
    for told in parts:
        yield change(told, next(parts))


def change(told: bytes, path: bytes) -> Change:
    """The change that git tells of so."""
    was_mode, mode, was_id, own_id, _ = told.lstrip(b"\n:").decode().split(" ")
    return Change(path, int(mode, 8), int(was_mode, 8), _id(own_id), _id(was_id))


def _id(written: str) -> str | None:
    return written if written.strip("0") else None


def _roots(git: Program, pairs: Sequence[tuple[str | None, str]]) -> list[_Pair]:
    """The trees of the commits themselves, where they differ."""
    commits = list(dict.fromkeys(commit for pair in pairs for commit in pair if commit))
    given = "".join(f"{commit}^{{tree}}\n" for commit in commits).encode()
    said = git.run("cat-file", "--batch-check", given=given).decode().splitlines()
    trees: dict[str | None, str | None] = {None: None}
    for commit, line in zip(commits, said, strict=True):
        id, _, kind = line.partition(" ")
        if not kind.startswith("tree "):
            raise GitError(f"git cat-file failed: there is no commit {commit}.")
        trees[commit] = id
    roots = [_Pair(at, b"", trees[old], trees[new]) for at, (old, new) in enumerate(pairs)]
    return [pair for pair in roots if pair.old != pair.new]


def _level(git: Program, pairs: Sequence[_Pair]) -> Iterator[tuple[_Pair, Change]]:
    """What differs within the trees of each pair themselves."""
    asked = [f"{pair.old or _empty(pair.new)} {pair.new or _empty(pair.old)}" for pair in pairs]
    form = ("--stdin", "-z", "--raw", "--no-renames", "--no-abbrev", "--ignore-submodules=none")
    parts = git.pieces("diff-tree", *form, end=b"\0", given="".join(f"{line}\n" for line in asked).encode())
    at = -1
    for told in parts:
        *heads, change_told = told.split(b"\n")  # before the first change of a pair, git repeats what it was asked
        at += len(heads)
        if change_told:
            yield pairs[at], change(change_told, next(parts))


def _empty(id: str | None) -> str:
    return EMPTY[len(id or EMPTY[40])]
