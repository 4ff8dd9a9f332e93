"""Standing: what the live site says of itself in its status.json."""

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Standing:
    """Of which commit a site is, if it says so, for which day, when it was made, what it holds, and until when."""

    commit: str | None
    day: date
    built_at: str
    published: int
    next_change: date | None


def of_folder(site: Path) -> Standing | None:
    """That of the site in a folder; None when there is none, or none that says all this."""
    try:
        return parsed((site / "status.json").read_bytes())
    except OSError:
        return None


def parsed(data: bytes) -> Standing | None:
    """What a status.json says; None when it is none of ours."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not (isinstance(said, dict) and str(said.get("generator")).startswith("Starcert ")):
        return None
    day, commit, built_at, published = (said.get(key) for key in ("day", "commit", "built_at", "published"))
    if not (isinstance(built_at, str) and isinstance(published, int) and _day(day)):
        return None
    told = commit if isinstance(commit, str) else None
    return Standing(told, _day(day) or date.min, built_at, published, _day(said.get("next_change")))


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and DAY.fullmatch(text) else None
    except ValueError:
        return None
