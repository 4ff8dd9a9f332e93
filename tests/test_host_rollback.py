"""One command shows an earlier commit, and it stays until the operator says otherwise."""

from pathlib import Path

import pytest
from hosts import NUMBER, Hosted, hosted

SECOND, THIRD = "99925SC00124R1M", "99925SC00125R1M"


@pytest.fixture
def host(tmp_path: Path) -> Hosted:
    """A host on which a second certificate followed the first."""
    made = hosted(tmp_path)
    made.send("first")
    assert made.host("publish").code == 0
    made.add(SECOND)
    made.send("second")
    assert made.host("publish").code == 0
    return made


def commit(host: Hosted, name: str) -> str:
    return host.git("rev-parse", name)


def test_what_was_live_before_is_live_again(host: Hosted) -> None:
    """What changes on the site is told, and that it is pinned."""
    ended = host.host("rollback")
    assert (ended.code, ended.err) == (0, "")
    assert host.shown == [NUMBER]
    assert host.live["commit"] == commit(host, "HEAD~1")
    assert "撤下 removed: 1" in ended.out
    assert "until: host rollback --off" in ended.out
    assert host.status["pinned"] == commit(host, "HEAD~1")


def test_a_pinned_site_is_as_it_should_be(host: Hosted) -> None:
    """It is the operator's will."""
    host.host("rollback")
    ended = host.host("status")
    assert ended.code == 0
    assert f"pinned to      {commit(host, 'HEAD~1')}" in ended.out


def test_any_commit_can_be_named(host: Hosted) -> None:
    """As git log shows it."""
    first = commit(host, "HEAD~1")
    host.add(THIRD)
    host.send()
    host.host("publish")
    assert host.host("rollback", first[:10]).code == 0
    assert host.shown == [NUMBER]


def test_a_push_does_not_lift_the_pin(host: Hosted) -> None:
    """Whoever pushed is told so; what was pushed is shown when the pin is off."""
    host.host("rollback")
    host.add(THIRD)
    tip = host.send()
    ended = host.host("publish")
    assert ended.code == 0
    assert f"运营者已把网站固定在 {commit(host, 'HEAD~2')[:10]}" in ended.out
    assert host.shown == [NUMBER]
    ended = host.host("rollback", "--off")
    assert ended.code == 0
    assert host.live["commit"] == tip
    assert host.shown == [NUMBER, SECOND, THIRD]
    assert host.status["pinned"] is None


def test_the_timer_keeps_a_pinned_commit_current(host: Hosted) -> None:
    """What lapses leaves the site all the same."""
    host.host("rollback")
    assert host.host("publish", "--timer", day="2028-03-01").code == 0
    assert host.live["commit"] == commit(host, "HEAD~1")
    assert not (host.site / "C").exists()


def test_twice_goes_back_and_forth(host: Hosted) -> None:
    """What was live before a rollback is what it led away from."""
    host.host("rollback")
    assert host.host("rollback").code == 0
    assert host.live["commit"] == commit(host, "HEAD")


def test_there_may_be_nothing_to_go_back_to(tmp_path: Path) -> None:
    """After a single push."""
    made = hosted(tmp_path)
    made.send("first")
    made.host("publish")
    ended = made.host("rollback")
    assert (ended.code, ended.err) == (
        2,
        "Error: No commit is known that was live before this one: name the one to go back to.\n",
    )


@pytest.mark.parametrize("name", ["0123456789", "--off", "elsewhere", "main:registry", "HEAD~9", ""])
def test_only_a_commit_of_main_can_be_shown(host: Hosted, name: str) -> None:
    """Not one that never was there, nor what is no commit."""
    before = host.live
    ended = host.host("rollback", "--", name)
    assert (ended.code, ended.err) == (2, f"Error: {name} is no commit of main: take one from git log main.\n")
    assert host.live == before


def test_a_commit_that_main_never_was_at_cannot_be_shown(host: Hosted) -> None:
    """Such as one whose push was refused, or of another branch."""
    stray = host.git("commit-tree", "main^{tree}", "-m", "stray", folder=host.repository)
    ended = host.host("rollback", stray)
    assert (ended.code, ended.err) == (2, f"Error: {stray} is no commit of main: take one from git log main.\n")


def test_a_commit_that_cannot_be_built_is_not_pinned(host: Hosted) -> None:
    """The site stays, and the newest commit stays its aim."""
    host.write("site.yaml", "name: 公示\n")
    broken = host.send()
    assert host.host("publish").code == 1
    before = host.live
    assert host.host("rollback", broken).code == 1
    assert ({**host.live, "built_at": before["built_at"]}, host.status["pinned"]) == (before, None)
