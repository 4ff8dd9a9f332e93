"""Processes as the system tells of them, for tests of what ends and what is left running."""

import time
from pathlib import Path


def group_lives(group: int) -> bool:
    """Whether any process of the group runs; those that ended and wait to be fetched do not count."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, owner = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(owner) == group and state != "Z":
            return True
    return False


def group_ends(group: int, seconds: float = 20) -> bool:
    """Whether all processes of the group end within so many seconds."""
    deadline = time.monotonic() + seconds
    while group_lives(group):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
