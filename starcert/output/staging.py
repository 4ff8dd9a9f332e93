"""Staging: the folder in which a site is made, beside the published one, from which it takes what has not changed."""

import errno
import os
import shutil
import stat
from collections.abc import Container, Iterator
from pathlib import Path

_LONGEST = 255  # bytes of a name
_NOT_EMPTY = (errno.ENOTEMPTY, errno.EEXIST)


class Staging:
    """A folder in the making; names are relative paths as bytes. Threads and forked processes may write too.

    A `flat` one, from which files only move into the published folder, holds them side by side, with ":" for every "/"
    of their names: folders for them would take longer to make and to remove than the files.
    """

    def __init__(self, folder: Path, published: Path) -> None:
        self.folder = folder
        self._next, self._live = os.fsencode(folder), os.fsencode(published)
        self._latest, self._masked, self.flat = b"", False, False

    def begin(self) -> None:
        """Make the folder, empty."""
        self.folder.mkdir(mode=0o755)
        self._masked = stat.S_IMODE(self.folder.stat().st_mode) & 0o777 != 0o755
        self._open_to_readers(self._next, 0o755)

    def remove(self) -> None:
        """Remove the folder and whatever it holds by now."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, name: bytes, data: bytes) -> None:
        """Add one file; FileExistsError or NotADirectoryError where another is in its way."""
        place = self._place(name)
        self._make(os.path.dirname(place))
        self._create(place, data)

    def retract(self, name: bytes) -> None:
        """Remove what was written there, if anything was."""
        drop(self._next, os.path.relpath(self._place(name), self._next))

    def _place(self, name: bytes) -> bytes:
        """Where a file lies until it is published; one whose flat name is too long, in folders after all."""
        side_by_side = name.replace(b"/", b":")
        return self._next + b"/" + (side_by_side if self.flat and len(side_by_side) <= _LONGEST else name)

    def names(self) -> Iterator[bytes]:
        """Every file that was written."""
        return (name.replace(b":", b"/") for name in files(self._next))

    def take_over(self, name: bytes, data: bytes) -> bool:
        """Give the published file a second name here if it holds these bytes; False if not.

        While both sites exist they share the file: hence nothing here ever writes into an existing one.
        """
        if not self.published(name, data):
            return False
        self._make(os.path.dirname(self._next + b"/" + name))
        self._link(name)
        return True

    def published(self, name: bytes, data: bytes) -> bool:
        """Whether the published site has a file of these bytes there that readers may read."""
        try:
            file = os.open(self._live + b"/" + name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            found = os.fstat(file)
            alike = found.st_mode == stat.S_IFREG | 0o644 and found.st_size == len(data)
            return alike and os.read(file, len(data)) == data
        except OSError:
            return False
        finally:
            os.close(file)

    def complete(self, without: Container[bytes]) -> None:
        """Take over every other file of the published site, but those."""
        for name in files(self._live):
            if name not in without and not os.path.lexists(self._next + b"/" + name):
                self._make(os.path.dirname(self._next + b"/" + name))
                self._link(name)

    def move_in(self, name: bytes) -> None:
        """Move a file into the published site, in place of what is there."""
        self._make(os.path.dirname(self._live + b"/" + name))
        os.rename(self._place(name), self._live + b"/" + name)

    def _make(self, folder: bytes) -> None:
        """Make a folder and those above it; only the latest is remembered."""
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


def files(folder: bytes) -> Iterator[bytes]:
    """Every file below the folder, by its path there."""
    for above, _, names in os.walk(folder):
        yield from (os.path.relpath(os.path.join(above, name), folder) for name in names)


def drop(folder: bytes, name: bytes) -> None:
    """Remove a file, if there is one, and the folders above it that it leaves empty."""
    try:
        os.unlink(folder + b"/" + name)
        while name := os.path.dirname(name):
            os.rmdir(folder + b"/" + name)
    except OSError as error:
        if not isinstance(error, FileNotFoundError) and error.errno not in _NOT_EMPTY:
            raise
