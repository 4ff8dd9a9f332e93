"""Blobs: the sizes and contents of a repository's blobs, from git processes that live as long as they are asked."""

import os
from collections.abc import Collection
from contextlib import ExitStack
from typing import Self

from starcert.git.program import GitError, Program, Running


class Blobs:
    """A reader of blobs, within `with`. A blob is read whole, so its size should be asked first.

    In a process that was forked off, it asks a git of its own, which ends with that process.
    """

    def __init__(self, git: Program) -> None:
        self._git = git
        self._ending = ExitStack()
        self._running: dict[int, Running] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.close()

    def sizes(self, ids: Collection[str]) -> dict[str, int]:
        """The size in bytes of each of these blobs."""
        asked = list(dict.fromkeys(ids))
        if not asked:
            return {}
        given = "".join(f"{id}\n" for id in asked).encode()
        said = self._git.run("cat-file", "--batch-check", "--buffer", given=given)
        return {id: _size(id, line) for id, line in zip(asked, said.splitlines(), strict=True)}

    def read(self, id: str) -> bytes:
        """What lies in a blob."""
        if os.getpid() not in self._running:
            self._running[os.getpid()] = self._ending.enter_context(self._git.started(("cat-file", "--batch")))
        asking, answers, _ = self._running[os.getpid()]
        try:
            asking.write(f"{id}\n".encode())
            asking.flush()
            size = _size(id, answers.readline())
            data = answers.read(size + 1)
        except BrokenPipeError:
            data, size = b"", 0
        if len(data) != size + 1:
            raise GitError(f"git cat-file failed: it ended while it told of {id}.")
        return data[:-1]


def _size(id: str, line: bytes) -> int:
    """The size in what git says of an object: `ID blob SIZE`."""
    match line.split():
        case [_, b"blob", size]:
            return int(size)
        case [_, b"missing"]:
            raise GitError(f"git cat-file failed: the object {id} is missing.")
        case []:
            raise GitError(f"git cat-file failed: it ended while it told of {id}.")
    raise GitError(f"git cat-file failed: the object {id} is no file.")
