"""Past: what a registry may not change of certificates as another state of it, its base, recorded them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from starcert import yamlfile
from starcert.problems import Problem
from starcert.push import history
from starcert.recordfile import RecordFile
from starcert.registry import Registry, open_registry


def judge(registry: Path, base: Path, day: date) -> list[Problem]:
    """All that is wrong with a registry that is to follow on `base`, by place, if it is received on the day.

    Certificates that were sound before are judged, as of a push. What cannot be read now is judged when it is mended.
    """
    old, new = open_registry(base), open_registry(registry)
    there = {(file.folder, file.stem): file for file in new.files}
    pairs = [(file.shown_below(registry, base), there.get((file.folder, file.stem))) for file in old.files]
    return sorted(problem for was, now in pairs for problem in _judge(old, new, was, now, day))


def _judge(old: Registry, new: Registry, was: RecordFile, now: RecordFile | None, day: date) -> Iterator[Problem]:
    """What is wrong with one record as it is now, if it is another."""
    if now and now.size == was.size and now.read() == was.read():
        return
    before = old.judge(was).certificate
    if before and not now:
        yield from history.judge(before, None, None, was.shown, day)
    elif before and now:
        data, problem = now.read()
        record, found = (None, [problem]) if problem else yamlfile.read(data, now.shown)
        after = new.judge_record(record, found, now.shown, now.folder, now.stem).certificate
        if record and after:
            yield from history.judge(before, after, record, now.shown, day)
