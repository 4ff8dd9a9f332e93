"""News: what the latest publications changed on the site, so that all whose commits went live together read it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from starcert.git import Repository
from starcert.host.place import put

MOST = 10
"""Publications that are kept: whoever pushes waits for a few at most."""


@dataclass(frozen=True, slots=True)
class News:
    """The commits from after `since`, or from the first, to `until` went live together; the changes, in words."""

    since: str | None
    until: str
    changes: tuple[str, ...]

    def tell_of(self, commit: str, repository: Repository) -> bool:
        """Whether the commit is one of them."""
        return commit == self.until or (
            repository.follows(commit, self.until) and not (self.since and repository.follows(commit, self.since))
        )


def add(path: Path, news: News) -> None:
    """Keep the news as the latest."""
    kept = [*_read(path), news][-MOST:]
    put(path, (json.dumps([asdict(one) for one in kept], ensure_ascii=False, indent=1) + "\n").encode())


def of(commit: str, path: Path, repository: Repository) -> News | None:
    """The news with which a commit went live, if they are still known."""
    return next((one for one in reversed(_read(path)) if one.tell_of(commit, repository)), None)


def _read(path: Path) -> list[News]:
    """Those that are kept; none, where the file is missing or spoilt."""
    try:
        said = json.loads(path.read_bytes())
        return [_made(one) for one in said]
    except (OSError, ValueError, RecursionError, TypeError, KeyError):
        return []


def _made(said: Any) -> News:
    return News(said["since"], str(said["until"]), tuple(map(str, said["changes"])))
