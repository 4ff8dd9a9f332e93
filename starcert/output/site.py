"""The folder of a site: a build replaces it whole, or amends it, or leaves it as it was.

A build writes into a staging folder beside the site. Then the two change places in one step; or, where little
has changed, what was staged moves into the site file by file. Beside `site` lie:

    .site.starcert-memory  what the last build knew of the site, with .site.starcert-vouch, the word that this is so
    .site.starcert-lock    held by the one build that may write; the kernel frees it when a process dies
    .site.starcert-next    the staging folder; after an exchange it holds the old site, and is removed
    .site.starcert-old     the old site, only where the system cannot exchange two folders in one step

The last three are there only while a build runs, or after one was killed, until the next.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from starcert.output import disk, vouch
from starcert.output.disk import in_words
from starcert.output.ground import MARK, checked, is_ours, refuse_unsafe

_NOT_EMPTY = (errno.ENOTEMPTY, errno.EEXIST)


def _silent(_: str) -> None:
    pass


class Site:
    """A site in the making: `with Site(folder) as site: site.write(path, data)`.

    Leaving the block publishes all that was written, in one step, in place of what the folder held; leaving
    it by an exception, or being killed before that step, changes nothing. A second build of the same folder waits
    for the first, and says so once through `say`. Raises Refused for a folder that is neither empty nor a site of
    ours, for anything that is no folder, and where the system does not let us write.

    After `amend()`, what the site has besides what was written stays in it. A small one is completed from the
    published one and takes its place in one step as well. To link the files of a large one would take far longer than
    the change: it takes what was written in place of its own, file by file, each in one step. A build killed meanwhile
    leaves some old files among new ones, and no memory that would trust them.
    """

    def __init__(self, folder: str | os.PathLike[str], say: Callable[[str], None] = _silent) -> None:
        given = Path(os.path.abspath(folder))
        if not given.name:
            raise disk.Refused(f"{given} is the whole disk; name a folder on it")
        self.folder = given.parent.resolve() / given.name
        self.staging, self.memory = self._beside("next"), self._beside("memory")
        self._vouch = self._beside("vouch")
        self._say, self._open, self._published = say, False, False
        self._amends, self._at_once = False, True
        self._next, self._live = os.fsencode(self.staging), os.fsencode(self.folder)

    def _beside(self, purpose: str) -> Path:
        return self.folder.with_name(f".{self.folder.name}.starcert-{purpose}")

    def __enter__(self) -> Self:
        with in_words(self.folder), ExitStack() as ending:
            refuse_unsafe(self.folder)
            ending.enter_context(disk.locked(self._beside("lock"), self._wait))
            self._repair()
            refuse_unsafe(self.folder)
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
        with self._ending:
            if kind is None and not self._published:
                self.publish()
            self._open = False

    @property
    def began(self) -> int:
        """When this build began, in nanoseconds, by the clock of the disk."""
        return self.staging.stat().st_ctime_ns

    @property
    def remembered(self) -> bool:
        """Whether `memory` is a file that tells of the folder as it stands."""
        return self._replaces and vouch.holds(self._vouch, self.folder, self.memory)

    def vouch(self) -> None:
        """Give the word that `memory` tells of the folder as it stands now; to be called last."""
        with in_words(self.folder):
            disk.flush(self.folder)
            vouch.give(self._vouch, self.folder, self.memory)

    def forget(self) -> None:
        """Have no memory of the folder."""
        with in_words(self.folder):
            self._vouch.unlink(missing_ok=True)
            self.memory.unlink(missing_ok=True)

    def amend(self, *, at_once: bool) -> None:
        """Amend the published site instead of replacing it, in one step or not; to be called before any `write`."""
        self._amends, self._at_once = True, at_once

    def leave(self) -> None:
        """Leave the folder as it is, whatever was written."""
        self._published = True

    def read(self, path: str) -> bytes:
        """The bytes of a file of the site as it is published so far; FileNotFoundError where there is none."""
        return Path(os.fsdecode(self._live + b"/" + checked(path))).read_bytes()

    def write(self, path: str, data: bytes) -> None:
        """Add one file at `path`: relative, with "/" between names.

        A file whose bytes the present site already holds is taken over as it is, modification time included.
        ValueError for a path written before or one that could leave the site (both are bugs of the caller);
        Refused when the disk is full or fails. Threads and forked processes may write too.
        """
        name = checked(path)
        if not self._open:
            raise ValueError(f"{path!r} is written outside the with block of its site")
        with in_words(self.folder):
            try:
                if not self._at_once and self._holds(name, data):
                    return
                self._make(os.path.dirname(self._next + b"/" + name))
                if not (self._at_once and self._replaces and self._take_over(name, data)):
                    self._create(self._next + b"/" + name, data)
            except (FileExistsError, NotADirectoryError) as clash:
                raise ValueError(f"{path!r} is written twice, or is both a file and a folder") from clash

    def retract(self, path: str) -> None:
        """Take back what was written at `path`, if anything was."""
        with in_words(self.folder):
            _remove(self._next, checked(path))

    def publish(self, without: Iterable[str] = (), last: Sequence[str] = (), after: Iterable[str] = ()) -> None:
        """Put what was written in place.

        The amended site loses the paths `without` before anything else comes, and the paths `after` when all has come.
        What is written at the paths `last` comes after all other files.
        """
        without, after = list(without), list(after)
        with in_words(self.folder):
            if self._amends and self._at_once:
                self._complete({checked(path) for path in (*without, *after)})
            if self._at_once and not is_ours(self.staging):
                raise ValueError(f'a site needs {MARK} with "generator": "Starcert …", by which we know our own')
            disk.flush(self.staging)
            self._vouch.unlink(missing_ok=True)
            if self._at_once:
                self._put_in_place()
            else:
                self._move_in(without, [*map(checked, last), os.fsencode(MARK)])
                for path in after:
                    _remove(self._live, checked(path))
            disk.sync(self.folder.parent)
        self._open, self._published = False, True

    def _complete(self, without: Container[bytes]) -> None:
        """Give every other file of the published site a second name in the new one."""
        for name in _files(self._live):
            if name not in without and not os.path.lexists(self._next + b"/" + name):
                self._make(os.path.dirname(self._next + b"/" + name))
                self._link(name)

    def _put_in_place(self) -> None:
        if not self._holds_a_site():
            self.staging.rename(self.folder)
        elif not disk.exchange(self.staging, self.folder):
            self.folder.rename(self._beside("old"))
            self.staging.rename(self.folder)

    def _move_in(self, without: Iterable[str], last: Sequence[bytes]) -> None:
        """What goes, goes first: a lapsed certificate; the mark, which tells of the whole, comes last."""
        for path in without:
            _remove(self._live, checked(path))
        for name in sorted(_files(self._next), key=lambda name: (last.index(name) if name in last else -1, name)):
            self._make(os.path.dirname(self._live + b"/" + name))
            os.rename(self._next + b"/" + name, self._live + b"/" + name)

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

    def _holds(self, name: bytes, data: bytes) -> bool:
        """Whether the published site has a file of these bytes there, and readers may read it."""
        try:
            file = os.open(self._live + b"/" + name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            found = os.fstat(file)
            alike = found.st_mode == stat.S_IFREG | 0o644 and found.st_size == len(data)
            return alike and os.read(file, len(data)) == data
        finally:
            os.close(file)

    def _take_over(self, name: bytes, data: bytes) -> bool:
        """Give the published file a second name in the new site if it holds the same bytes; False if not.

        While both sites exist they share the file: hence nothing here ever writes into an existing one.
        """
        if self._holds(name, data):
            self._link(name)
            return True
        return False

    def _link(self, name: bytes) -> None:
        try:
            os.link(self._live + b"/" + name, self._next + b"/" + name, follow_symlinks=False)
        except FileExistsError:
            raise
        except OSError:  # a disk without hard links
            self._create(self._next + b"/" + name, Path(os.fsdecode(self._live + b"/" + name)).read_bytes())

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

    def _holds_a_site(self) -> bool:
        return self.folder.exists() and any(self.folder.iterdir())

    def _repair(self) -> None:
        """Leave only the site, and the memory that is vouched for: what a build that was killed left is removed.

        If it ended between the two renames, the site is put back first.
        """
        old = self._beside("old")
        if old.exists() and not self.folder.exists():
            old.rename(self.folder)
        for leftover in (old, self.staging):
            shutil.rmtree(leftover, ignore_errors=True)
        if not self._vouch.exists():
            self.memory.unlink(missing_ok=True)

    def _wait(self) -> None:
        self._say(f"Another build is writing {self.folder}; waiting for it to end.")


def _remove(folder: bytes, name: bytes) -> None:
    """Remove a file, and the folders above it that it leaves empty."""
    try:
        os.unlink(folder + b"/" + name)
        while name := os.path.dirname(name):
            os.rmdir(folder + b"/" + name)
    except OSError as error:
        if not isinstance(error, FileNotFoundError) and error.errno not in _NOT_EMPTY:
            raise


def _files(folder: bytes) -> Iterator[bytes]:
    """Every file below the folder, by its path there."""
    for above, _, names in os.walk(folder):
        yield from (os.path.relpath(os.path.join(above, name), folder) for name in names)
