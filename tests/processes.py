"""Processes as the system tells of them, for tests of what ends and what is left running; and how a copied one ends."""

import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn


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


def live(life: Callable[[], object], crashed: int = 1) -> NoReturn:
    """Do that, and end with the code that Python would, or with `crashed` after a traceback.

    Nothing that the copied process had begun is ended.
    """
    code = crashed
    try:
        life()
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1 if ending.code else 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
