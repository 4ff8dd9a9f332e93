"""The folder of a site: a build replaces it whole, or amends it, or leaves it as it was.

A build writes into a staging folder beside the site. Then the two change places in one step; or, where little
has changed, what was staged moves into the site file by file. Beside `site` lie:

    .site.starcert-memory  what the last build knew of the site, with .site.starcert-vouch, the word that this is so
    .site.starcert-newer   what this build learns, where it begins from nothing; it becomes the memory when all stands
    .site.starcert-lock    held by the one build that may write; the kernel frees it when a process dies
    .site.starcert-next    the staging folder; after an exchange it holds the old site, and is removed
    .site.starcert-old     the old site, only where the system cannot exchange two folders in one step

The last four are there only while a build runs, or after one was killed, until the next.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from starcert.output import disk, vouch
from starcert.output.disk import in_words
from starcert.output.ground import MARK, checked, is_ours, refuse_unsafe
from starcert.output.staging import Staging, drop


def _silent(_: str) -> None:
    pass


class Site:
    """A site in the making: `with Site(folder) as site: site.write(path, data)`.

    It `began` at an instant, in nanoseconds by the clock of the disk.

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
        self.staging, self.memory, self.newer = self._beside("next"), self._beside("memory"), self._beside("newer")
        self._staging, self._vouch = Staging(self.staging, self.folder), self._beside("vouch")
        self._say, self._open, self._published = say, False, False
        self._amends, self._at_once = False, True

    def _beside(self, purpose: str) -> Path:
        return self.folder.with_name(f".{self.folder.name}.starcert-{purpose}")

    def __enter__(self) -> Self:
        with in_words(self.folder), ExitStack() as ending:
            refuse_unsafe(self.folder)
            ending.enter_context(disk.locked(self._beside("lock"), self._wait))
            self._repair()
            refuse_unsafe(self.folder)
            self._staging.begin()
            self.began = self.staging.stat().st_ctime_ns
            ending.callback(self._repair)
            self._replaces, self._open = self._holds_a_site(), True
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
    def remembered(self) -> bool:
        """Whether `memory` is a file that tells of the folder as it stands; outside the block, at this instant."""
        return self._holds_a_site() and vouch.holds(self._vouch, self.folder, self.memory)

    def vouch(self) -> None:
        """Give the word that `memory` tells of the folder as it stands now; to be called last."""
        with in_words(self.folder):
            disk.sync(self.memory)
            vouch.give(self._vouch, self.folder, self.memory)

    def forget(self) -> None:
        """Have no memory of the folder: nobody will ever believe one that does not tell of it."""
        with in_words(self.folder):
            self._vouch.unlink(missing_ok=True)
            self.memory.unlink(missing_ok=True)

    def renew(self) -> None:
        """Let `newer` be the memory from now on; until then the old one is as good as it was, should the build fail."""
        with in_words(self.folder):
            self.newer.replace(self.memory)

    def amend(self, *, at_once: bool) -> None:
        """Amend the published site instead of replacing it, in one step or not; to be called before any `write`."""
        self._amends, self._at_once, self._staging.flat = True, at_once, not at_once

    def _exchange(self, path: str, data: bytes) -> None:
        """Give one file other bytes, in one step; the memory goes on telling of the rest."""
        name, stays = checked(path), self.remembered
        with in_words(self.folder):
            self._staging.write(name, data)
            disk.sync(self.staging / path)
            self._vouch.unlink(missing_ok=True)
            self._staging.move_in(name)
            disk.sync((self.folder / path).parent)
        if stays:
            self.vouch()

    def leave(self, mark: Callable[[bytes], bytes] | None = None) -> None:
        """Leave the folder as it is, whatever was written; but the mark becomes what `mark` makes of it."""
        if mark and (now := mark(before := self.read(MARK))) != before:
            self._exchange(MARK, now)
        self._published = True

    def read(self, path: str) -> bytes:
        """The bytes of a file of the site as it is published so far; FileNotFoundError where there is none."""
        return (self.folder / os.fsdecode(checked(path))).read_bytes()

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
                known = self._staging.take_over if self._at_once else self._staging.published
                if not (self._replaces and known(name, data)):
                    self._staging.write(name, data)
            except (FileExistsError, NotADirectoryError) as clash:
                raise ValueError(f"{path!r} is written twice, or is both a file and a folder") from clash

    def retract(self, path: str) -> None:
        """Take back what was written at `path`, if anything was."""
        with in_words(self.folder):
            self._staging.retract(checked(path))

    def publish(
        self, without: Iterable[str] = (), first: str = "", last: Sequence[str] = (), after: Iterable[str] = ()
    ) -> None:
        """Put what was written in place.

        The amended site loses the paths `without` before anything else comes, and the paths `after` when all has come.
        Files below the folder `first` come before all others, which may ask for them; what is written at the paths
        `last` comes after all others.
        """
        without, after = list(without), list(after)
        with in_words(self.folder):
            if self._amends and self._at_once:
                self._staging.complete({checked(path) for path in (*without, *after)})
            if self._at_once and not is_ours(self.staging):
                raise ValueError(f'a site needs {MARK} with "generator": "Starcert …", by which we know our own')
            disk.flush(self.staging)
            self._vouch.unlink(missing_ok=True)
            if self._at_once:
                self._put_in_place()
        with in_words(self.folder, disk.Halfway):
            if not self._at_once:
                self._move_in(without, os.fsencode(first), [*map(checked, last), os.fsencode(MARK)], after)
                disk.flush(self.folder)
            disk.sync(self.folder.parent)
        self._open, self._published = False, True

    def _put_in_place(self) -> None:
        if not self._holds_a_site():
            self.staging.rename(self.folder)
        elif not disk.exchange(self.staging, self.folder):
            self.folder.rename(self._beside("old"))
            self.staging.rename(self.folder)

    def _move_in(self, without: Iterable[str], first: bytes, last: Sequence[bytes], after: Iterable[str]) -> None:
        """What has lapsed goes first; the mark, which tells of the whole, comes last; what is stale goes after that."""
        live = os.fsencode(self.folder)

        def turn(name: bytes) -> tuple[int, bytes]:
            return (last.index(name) if name in last else -2 if first and name.startswith(first) else -1), name

        for path in without:
            drop(live, checked(path))
        for name in sorted(self._staging.names(), key=turn):
            self._staging.move_in(name)
        for path in after:
            drop(live, checked(path))

    def _holds_a_site(self) -> bool:
        return self.folder.exists() and any(self.folder.iterdir())

    def _repair(self) -> None:
        """Leave only the site, and the memory that is vouched for: what a build that was killed left is removed.

        If it ended between the two renames, the site is put back first.
        """
        old = self._beside("old")
        if old.exists() and not self.folder.exists():
            old.rename(self.folder)
        Staging(old, self.folder).remove()
        self._staging.remove()
        self.newer.unlink(missing_ok=True)
        if not self._vouch.exists():
            self.memory.unlink(missing_ok=True)

    def _wait(self) -> None:
        self._say(f"Another build is writing {self.folder}; waiting for it to end.")
