"""Tidying: what pushes left that were killed on their way, and git's own housekeeping."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from starcert.git import Repository

INCOMING = "*incoming-*"
"""What git names the folders in which the objects of a push wait; it leaves them lying when it is killed."""
STILL = timedelta(hours=1)
"""How long nothing must have been written there: to judge a push takes minutes at most."""


def tidy(repository: Repository, now: datetime) -> None:
    """Remove what killed pushes left in a repository, and let git tidy up the rest."""
    for folder in (repository.folder / "objects").glob(INCOMING):
        if now.timestamp() - _written(folder) > STILL.total_seconds():
            shutil.rmtree(folder)
    repository.git.run("gc", "--auto", "--quiet")


def _written(folder: Path) -> float:
    """The second in which something was last written into a folder."""
    return max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))
