"""`host status` says what is live and whether that is as it should be; by its exit code too."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hosts import Hosted, hosted

from starcert.host import state


@pytest.fixture
def live(tmp_path: Path) -> Hosted:
    """A host whose site shows its one certificate."""
    made = hosted(tmp_path)
    made.send("first")
    assert made.host("publish").code == 0
    return made


def test_before_the_first_push_nothing_is_live(tmp_path: Path) -> None:
    """Which is amiss."""
    ended = hosted(tmp_path).host("status")
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "live           nothing",
        "newest commit  none: nothing has been pushed",
        "pinned to      no commit",
        "last build     none",
        "last refusal   none",
        "Nothing is live.",
    ]


def test_all_is_well(live: Hosted) -> None:
    """Commit, day, count, next change and last build, a line each."""
    ended, tip = live.host("status"), live.git("rev-parse", "HEAD")
    built = live.live["built_at"]
    assert ended.code == 0
    said = ended.out.splitlines()
    assert said[:5] == [
        f"live           {tip}, built {built}, as of 2026-11-22",
        "published      1",
        "next change    2027-03-12",
        f"newest commit  {tip}",
        "pinned to      no commit",
    ]
    assert said[5].startswith("last build     live in ")
    assert said[5].endswith(f" seconds, of {tip}, begun {built}")
    assert said[6:] == ["last refusal   none"]


def test_a_site_that_is_not_of_the_newest_commit(live: Hosted) -> None:
    """Such as after a post-receive that was killed."""
    old, tip = live.live["commit"], live.send()
    assert live.status["faults"] == [f"The site shows {old}, but the newest commit is {tip}."]
    assert live.host("status").code == 1


def test_a_site_of_another_day(live: Hosted) -> None:
    """The timer has not run; a demonstration's day stands still, and is right."""
    assert live.host("status", day="2027-03-01").code == 1
    said = live.host("status", day="2027-03-01").out
    assert said.endswith("The site is of 2026-11-22, but should be of 2027-03-01: does the timer run?\n")
    assert live.host("status").code == 0


def test_the_last_refusal_is_told(live: Hosted) -> None:
    """When, of whom, and the first problems; nothing of it can steer a terminal. It is no fault of the host."""
    said = [f"registry/{number}: wrong \x1b[31m" for number in range(40)]
    state.refuse(live.repository / "starcert/refusal.json", datetime(2026, 11, 22, 6, 5, 4, tzinfo=UTC), "zhang", said)
    ended = live.host("status")
    lines = ended.out.splitlines()
    at = lines.index("last refusal   2026-11-22T06:05:04Z, of zhang")
    assert lines[at + 1] == "               registry/0: wrong <U+001B>[31m"
    assert len(lines) == at + 1 + 20
    assert ended.code == 0


def test_the_same_for_a_program(live: Hosted) -> None:
    """One JSON object."""
    ended = live.host("status", "--json")
    said = json.loads(ended.out)
    assert ended.code == 0
    assert said["live"]["commit"] == said["tip"] == said["build"]["commit"]
    assert said["live"]["day"] == said["expected_day"] == "2026-11-22"
    assert (said["faults"], said["refusal"], said["pinned"]) == ([], None, None)


@pytest.mark.parametrize("spoilt", [b"", b"{", b"[]", b'{"build": 5, "pinned": []}', b"\xff"])
def test_a_spoilt_state_is_no_state(live: Hosted, spoilt: bytes) -> None:
    """What is live is read from the site itself."""
    for name in ("state.json", "refusal.json"):
        (live.repository / "starcert" / name).write_bytes(spoilt)
    ended = live.host("status")
    assert ended.code == 0
    assert "last build     none" in ended.out
