"""Disk: what the system does to folders: one step for two names, a lock, and bytes that outlast a power cut."""

from __future__ import annotations

import ctypes
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


class Refused(Exception):
    """The folder cannot, or must not, be written; the text is one sentence for the operator."""


class Halfway(Refused):
    """The disk failed while the folder was being changed: some of it may be old, some new, until the next build."""


@contextmanager
def in_words(folder: Path, kind: type[Refused] = Refused) -> Iterator[None]:
    """Whatever the system refuses within the block is Refused, in one sentence about the folder."""
    try:
        yield
    except OSError as error:
        place = f" ({os.fsdecode(error.filename)})" if error.filename else ""
        stands = "may be old in part and new in part until the next build" if kind is Halfway else "stays as it was"
        raise kind(f"{folder} cannot be written and {stands}: {error.strerror}{place}") from error


@contextmanager
def locked(path: Path, wait: Callable[[], None]) -> Iterator[int]:
    """Hold the lock file; `wait` is called first when another process holds it. Gives the number of the open file.

    It is held until this process ends, and all those that inherited the open file.
    Its owner removes it, so whoever got a lock on a file that is no longer at this path tries again.
    """
    while True:
        with open(path, "ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                wait()
                fcntl.flock(file, fcntl.LOCK_EX)
            if path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat()):
                try:
                    yield file.fileno()
                finally:
                    with suppress(OSError):  # what was done is done; whoever comes next finds no lock on the file
                        path.unlink()
                    fcntl.flock(file, fcntl.LOCK_UN)  # closing alone would not, while a forked process lives
                return


def exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step; False, with nothing done, where the system or the disk cannot."""
    renameat2 = getattr(_LIBC, "renameat2", None)
    if renameat2 is None:
        return False
    return bool(renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)


def flush(folder: Path) -> None:
    """Bring every file of the folder onto the disk, before its name is.

    Disks may keep a rename and lose the bytes written before it: after a power cut the new site would stand
    there with empty pages. One call for the whole disk, because one for each file costs far more.
    """
    file = os.open(folder, os.O_RDONLY)
    try:
        syncfs = getattr(_LIBC, "syncfs", None)
        if syncfs is None:
            os.sync()
        elif syncfs(file) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(folder))
    finally:
        os.close(file)


def sync(folder: Path) -> None:
    """Bring the names in a folder onto the disk: the old site is removed only after the new one stands."""
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
