"""Tidying: what pushes left that were killed on their way, and git's own housekeeping."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from starcert.git import Repository

INCOMING = "*incoming-*"
"""What git names the folders in which the objects of a push wait; it leaves them lying when it is killed."""
LOCKS = ("*.lock", "info/*.lock", "refs/**/*.lock", "objects/info/**/*.lock")
"""Git's own locks. It leaves them lying too, and while one lies there refuses every push, or never tidies up again."""
HERE = {"gc.autoDetach": "false"}
"""What git is told of its housekeeping: systemd ends what a service leaves running behind it."""
STILL = timedelta(hours=1)
"""How long nothing must have been written there: to judge a push takes minutes at most, and no lock is held as long."""


def tidy(repository: Repository, now: datetime) -> None:
    """Remove what killed pushes left in a repository, and let git tidy up the rest."""
    for folder in (repository.folder / "objects").glob(INCOMING):
        if _is_still(folder, now):
            shutil.rmtree(folder)
    for lock in _locks(repository.folder):
        if _is_still(lock, now):
            lock.unlink()
    repository.git.told(HERE).run("gc", "--auto", "--quiet")


def _locks(folder: Path) -> Iterator[Path]:
    for pattern in LOCKS:
        yield from folder.glob(pattern)


def _is_still(left: Path, now: datetime) -> bool:
    """Whether nothing was written there of late."""
    return now.timestamp() - _written(left) > STILL.total_seconds()


def _written(left: Path) -> float:
    """The second in which something was last written into a file, or into a folder."""
    return max(path.stat().st_mtime for path in (left, *left.rglob("*")))
