"""The folder that a site is published into: a build replaces it whole, or leaves it as it was.

A build writes into a staging folder beside the site, and then the two change places. Beside `site` lie, only
while a build runs (or after one was killed, until the next):

    .site.starcert-lock    held by the one build that may write; the kernel frees it when a process dies
    .site.starcert-next    the staging folder; after the exchange it holds the old site, and is removed
    .site.starcert-old     the old site, only where the system cannot exchange two folders in one step
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

MARK = "status.json"
"""Every site carries this file; its "generator" starts with "Starcert ", so the next build knows its own."""

_LIBC = ctypes.CDLL(None, use_errno=True)
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_NAME = r"(?!\.\.?(?:/|\Z))[^/\\:\x00-\x1f\x7f]+"
_PLAIN_PATH = re.compile(rf"{_NAME}(?:/{_NAME})*")


class Refused(Exception):
    """The folder cannot, or must not, be written; the text is one sentence for the operator."""


def _silent(_: str) -> None:
    pass


class Site:
    """A site in the making: `with Site(folder) as site: site.write(path, data)`.

    Leaving the block publishes all that was written, in one step, in place of what the folder held; leaving
    it by an exception, or being killed, changes nothing. A second build of the same folder waits for the
    first, and says so once through `say`. Raises Refused for a folder that is neither empty nor a site of
    ours, for anything that is no folder, and where the system does not let us write.
    """

    def __init__(self, folder: str | os.PathLike[str], say: Callable[[str], None] = _silent) -> None:
        given = Path(os.path.abspath(folder))
        if not given.name:
            raise Refused(f"{given} is the whole disk; name a folder on it")
        self.folder = given.parent.resolve() / given.name
        self.staging = self._beside("next")
        self._say, self._open = say, False
        self._next, self._live = os.fsencode(self.staging), os.fsencode(self.folder)

    def _beside(self, purpose: str) -> Path:
        return self.folder.with_name(f".{self.folder.name}.starcert-{purpose}")

    def __enter__(self) -> Self:
        with _in_words(self.folder), ExitStack() as ending:
            _refuse_unsafe(self.folder)
            ending.enter_context(_locked(self._beside("lock"), self._wait))
            self._repair()
            _refuse_unsafe(self.folder)
            self.staging.mkdir(mode=0o755)
            ending.callback(self._repair)
            self._masked = stat.S_IMODE(self.staging.stat().st_mode) & 0o777 != 0o755
            self._open_to_readers(self._next, 0o755)
            self._replaces, self._latest, self._open = self._holds_a_site(), b"", True
            self._ending = ending.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        with self._ending:
            if kind is None:
                self._publish()

    def write(self, path: str, data: bytes) -> None:
        """Add one file at `path`: relative, with "/" between names.

        A file whose bytes the present site already holds is taken over as it is, modification time included.
        ValueError for a path written before or one that could leave the site (both are bugs of the caller);
        Refused when the disk is full or fails. Threads and forked processes may write too.
        """
        name = _checked(path)
        if not self._open:
            raise ValueError(f"{path!r} is written outside the with block of its site")
        with _in_words(self.folder):
            try:
                self._make(os.path.dirname(self._next + b"/" + name))
                if not (self._replaces and self._take_over(name, data)):
                    self._create(self._next + b"/" + name, data)
            except (FileExistsError, NotADirectoryError) as clash:
                raise ValueError(f"{path!r} is written twice, or is both a file and a folder") from clash

    def _make(self, folder: bytes) -> None:
        """Make a folder of the new site, and those above it; only the latest is remembered."""
        if folder in (self._latest, self._next):
            return
        try:
            self._mkdir(folder)
        except FileNotFoundError:
            self._make(os.path.dirname(folder))
            self._mkdir(folder)
        self._latest = folder

    def _mkdir(self, folder: bytes) -> None:
        try:
            os.mkdir(folder, 0o755)
        except FileExistsError:
            return
        self._open_to_readers(folder, 0o755)

    def _take_over(self, name: bytes, data: bytes) -> bool:
        """Give the published file a second name in the new site if it holds the same bytes; False if not.

        While both sites exist they share the file: hence nothing here ever writes into an existing one.
        """
        published = self._live + b"/" + name
        try:
            file = os.open(published, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            found = os.fstat(file)
            alike = found.st_mode == stat.S_IFREG | 0o644 and found.st_size == len(data)
            if not alike or os.read(file, len(data)) != data:
                return False
            os.link(published, self._next + b"/" + name, follow_symlinks=False)
        except FileExistsError:
            raise
        except OSError:  # a disk without hard links, or an unreadable file: written anew
            return False
        finally:
            os.close(file)
        return True

    def _create(self, name: bytes, data: bytes) -> None:
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        try:
            written = os.write(file, data)
            while written < len(data):
                written += os.write(file, data[written:])
        finally:
            os.close(file)
        self._open_to_readers(name, 0o644)

    def _open_to_readers(self, name: bytes, mode: int) -> None:
        """Whatever the umask of who builds, a web server of another account must be able to read the site."""
        if self._masked:
            os.chmod(name, mode)

    def _publish(self) -> None:
        if not _is_ours(self.staging):
            raise ValueError(f'a site needs {MARK} with "generator": "Starcert …", by which we know our own')
        with _in_words(self.folder):
            _flush(self.staging)
            if not self._holds_a_site():
                self.staging.rename(self.folder)
            elif not _exchange(self.staging, self.folder):
                self.folder.rename(self._beside("old"))
                self.staging.rename(self.folder)
            _sync(self.folder.parent)

    def _holds_a_site(self) -> bool:
        return self.folder.exists() and any(self.folder.iterdir())

    def _repair(self) -> None:
        """Leave only the site: put it back if a build ended between the two renames, and remove the rest."""
        old = self._beside("old")
        if old.exists() and not self.folder.exists():
            old.rename(self.folder)
        for leftover in (old, self.staging):
            shutil.rmtree(leftover, ignore_errors=True)

    def _wait(self) -> None:
        self._say(f"Another build is writing {self.folder}; waiting for it to end.")


def _checked(path: str) -> bytes:
    """The path as bytes, the same whatever the locale; ValueError if it is not a plain relative path."""
    name = path.encode("utf-8")
    if not _PLAIN_PATH.fullmatch(path):
        raise ValueError(f"{path!r} is not a plain relative path")
    if len(name) > 255 and any(len(part) > 255 for part in name.split(b"/")):
        raise ValueError(f"{path!r} has a name of more than 255 bytes")
    return name


def _refuse_unsafe(folder: Path) -> None:
    """Raise Refused unless the folder is missing, empty, or a site that an earlier build wrote."""
    if folder.is_symlink():
        raise Refused(f"{folder} is a symbolic link; name the folder that it points to, {folder.resolve()}")
    if not folder.parent.is_dir():
        raise Refused(f"{folder} cannot be made, because the folder {folder.parent} does not exist")
    if not folder.exists():
        return
    if not folder.is_dir():
        raise Refused(f"{folder} is a file, not a folder")
    if os.path.ismount(folder):
        raise Refused(f"{folder} is a mount point and cannot be replaced; name a folder inside it")
    if any(folder.iterdir()) and not _is_ours(folder):
        raise Refused(f"{folder} holds files, but no site that Starcert built; name a new or an empty folder")
    if os.path.lexists(folder / ".git"):
        raise Refused(f"{folder} holds a .git, which a build would remove; build elsewhere and copy it in")


def _is_ours(folder: Path) -> bool:
    try:
        found = json.loads((folder / MARK).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and str(found.get("generator")).startswith("Starcert ")


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = f" ({os.fsdecode(error.filename)})" if error.filename else ""
        text = f"{folder} cannot be written and stays as it was: {error.strerror}{place}"
        raise Refused(text) from error


@contextmanager
def _locked(path: Path, wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock file; `wait` is called first when another process holds it.

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
                    yield
                finally:
                    path.unlink(missing_ok=True)
                    fcntl.flock(file, fcntl.LOCK_UN)  # closing alone would not, while a forked process lives
                return


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step; False, with nothing done, where the system or the disk cannot."""
    renameat2 = getattr(_LIBC, "renameat2", None)
    if renameat2 is None:
        return False
    return bool(renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)


def _flush(folder: Path) -> None:
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


def _sync(folder: Path) -> None:
    """Bring the names in a folder onto the disk: the old site is removed only after the new one stands."""
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
