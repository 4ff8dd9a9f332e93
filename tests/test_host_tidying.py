"""What killed pushes left is removed in time, and git's housekeeping is done before the timer's run ends."""

import os
import time
from pathlib import Path

import pytest
from hosts import Hosted, hosted

from starcert.days import clock
from starcert.git import Repository
from starcert.host.tidying import tidy

LOCKS = ("HEAD.lock", "packed-refs.lock", "gc.pid.lock", "refs/heads/main.lock", "objects/info/commit-graph.lock")


@pytest.fixture
def host(tmp_path: Path) -> Hosted:
    """A host to which something was sent."""
    made = hosted(tmp_path)
    made.send("first")
    return made


def test_a_repository_is_packed_when_the_run_of_the_timer_ends(host: Hosted) -> None:
    """Nothing goes on behind it, since systemd ends what a service leaves running."""
    host.git("config", "gc.auto", "1", folder=host.repository)
    for text in ("32", "119"):  # both lie in the folder 17, which git takes for a sample of all
        host.git("hash-object", "-w", str(host.write("sample", text)), folder=host.repository)
    tidy(Repository(host.repository, {}), clock())
    assert list((host.repository / "objects/pack").glob("*.pack"))
    assert not (host.repository / "gc.pid").exists()


def test_locks_of_killed_pushes_are_removed(host: Hosted) -> None:
    """An hour after they were made, so that no push under way is hurt; else every later push would be refused."""
    then = time.time() - 3601
    for name in LOCKS:
        lock = host.repository / name
        lock.touch()
        os.utime(lock, (then, then))
    young = host.repository / "refs/heads/other.lock"
    young.touch()
    assert host.host("publish", "--timer").code == 0
    assert [path for path in host.repository.rglob("*.lock") if path.parent.name != "starcert"] == [young]
    host.write("notes.txt", "after")
    host.commit()
    host.git("push", "--quiet", "origin", "HEAD:main")
    assert host.live["commit"] == host.git("rev-parse", "HEAD")
