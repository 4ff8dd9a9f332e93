"""Source: the lines of the files that problems stand in, as the commits have them."""

import stat
from collections.abc import Iterable, Iterator
from dataclasses import replace

from starcert import textfile
from starcert.git import Blobs, Repository
from starcert.push import authority, leaving, shape
from starcert.push.verdict import Found
from starcert.recordfile import shown_path

WHOLE = {rule for module in (shape, authority, leaving) for rule in module.SENTENCES}
"""Rules about whole files, of which no line is shown."""


def with_source(found: Iterable[Found], repository: Repository) -> Iterator[Found]:
    """The same with the lines of their files; problems of whole files need none."""
    known: dict[tuple[str, str], list[str]] = {}
    with repository.blobs() as blobs:
        for one in found:
            path = one.problem.path
            if one.commit is None or path != shown_path(path) or one.problem.rule in WHOLE:
                yield one
                continue
            place = one.commit.id, path
            if place not in known:
                known[place] = _lines(repository, blobs, *place)
            yield replace(one, lines=known[place])


def _lines(repository: Repository, blobs: Blobs, commit: str, path: str) -> list[str]:
    """Those of a file of a commit; none of what is no file, or too large."""
    entries = repository.entries(commit, [path])
    small = [one for one in entries if stat.S_ISREG(one.mode) and one.size <= textfile.MOST_BYTES]
    return textfile.lines(blobs.read(small[0].id)) if len(small) == 1 else []
