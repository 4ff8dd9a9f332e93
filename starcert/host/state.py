"""State: what came of the last publication, and of the last push that was refused; kept for `host status`."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from starcert.host.place import put

LIVE, UNCHANGED, LEFT_OUT, FAILED, HALFWAY = "live", "unchanged", "left out", "failed", "halfway"
"""How a publication can end: there are news, there are none, broken records were left out, the old site stays, or the
disk failed while it was changed."""
BEGUN = "begun"
"""How one stands that is under way, or was killed: what it left is to be built again."""
MOST_SAID = 20


@dataclass(frozen=True, slots=True)
class Build:
    """A publication: when it began (UTC), of which commit, for which day, how it ended, and what was said of it."""

    at: str
    commit: str
    day: str
    result: str
    seconds: float
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """The last publication, the commit that was live before the present one, and the one that is pinned, if one is."""

    build: Build | None = None
    before: str | None = None
    pinned: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A push that was refused: when (UTC), who pushed as far as is known, and the first of what was said."""

    at: str
    who: str
    said: tuple[str, ...]


def written(instant: datetime) -> str:
    """An instant of UTC as these files hold it."""
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")


def read(path: Path) -> State:
    """What is known; nothing, where the file is missing or spoilt: it is told again by the next publication."""
    said = _object(path)
    build = _made(Build, said.get("build"))
    before, pinned = (one if isinstance(one, str) else None for one in (said.get("before"), said.get("pinned")))
    return State(build, before, pinned)


def keep(path: Path, state: State) -> None:
    """Keep the state."""
    put(path, _bytes(asdict(state)))


def refused(path: Path) -> Refusal | None:
    """The last refusal."""
    refusal: Refusal | None = _made(Refusal, _object(path))
    return refusal


def refuse(path: Path, instant: datetime, who: str, said: Sequence[str]) -> None:
    """Keep a refusal as the last."""
    put(path, _bytes(asdict(Refusal(written(instant), who, tuple(said[:MOST_SAID])))))


def _object(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _made(noun: Any, said: Any) -> Any:
    """The noun whose fields these are; None where they are not."""
    if not isinstance(said, dict) or said.keys() != noun.__dataclass_fields__.keys():
        return None
    return noun(**{key: tuple(map(str, value)) if isinstance(value, list) else value for key, value in said.items()})


def _bytes(said: object) -> bytes:
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")
