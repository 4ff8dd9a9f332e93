"""Vouch: the word that a memory tells of a site as it stands.

It names the memory, the site's folder and that of its certificates by what no program can set: the number of the
inode and the time of its last change. A copy, a repair, a kill halfway or a file that comes or goes there makes the
word void: that costs the next build its time, and never its truth. What somebody writes into a page is not seen.
"""

import json
import os
from pathlib import Path

_PAGES = "C"


def give(vouch: Path, site: Path, memory: Path) -> None:
    """Write the word."""
    vouch.write_text(json.dumps(_seen(site, memory)), encoding="ascii")


def holds(vouch: Path, site: Path, memory: Path) -> bool:
    """Whether the word is there and still true."""
    try:
        return bool(json.loads(vouch.read_bytes()) == _seen(site, memory))
    except (OSError, ValueError, RecursionError):
        return False


def _seen(site: Path, memory: Path) -> list[list[int] | None]:
    return [_told(site), _told(site / _PAGES), _told(memory)]


def _told(path: Path) -> list[int] | None:
    try:
        told = os.lstat(path)
    except FileNotFoundError:
        return None
    return [told.st_dev, told.st_ino, told.st_size, told.st_ctime_ns]
