"""Ground: which folders a site may be published into, and which paths a site may have."""

import json
import os
import re
from pathlib import Path

from starcert.output.disk import Refused

MARK = "status.json"
"""Every site carries this file; its "generator" starts with "Starcert ", so the next build knows its own."""

_NAME = r"(?!\.\.?(?:/|\Z))[^/\\:\x00-\x1f\x7f]+"
_PLAIN_PATH = re.compile(rf"{_NAME}(?:/{_NAME})*")


def checked(path: str) -> bytes:
    """The path as bytes, the same whatever the locale; ValueError if it is not a plain relative path."""
    name = path.encode("utf-8")
    if not _PLAIN_PATH.fullmatch(path):
        raise ValueError(f"{path!r} is not a plain relative path")
    if len(name) > 255 and any(len(part) > 255 for part in name.split(b"/")):
        raise ValueError(f"{path!r} has a name of more than 255 bytes")
    return name


def refuse_unsafe(folder: Path) -> None:
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
    if any(folder.iterdir()) and not is_ours(folder):
        raise Refused(f"{folder} holds files, but no site that Starcert built; name a new or an empty folder")
    if os.path.lexists(folder / ".git"):
        raise Refused(f"{folder} holds a .git, which a build would remove; build elsewhere and copy it in")


def is_ours(folder: Path) -> bool:
    """Whether the folder holds a site that some version of the program wrote."""
    try:
        found = json.loads((folder / MARK).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and str(found.get("generator")).startswith("Starcert ")
