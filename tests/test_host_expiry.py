"""What has lapsed leaves the site by itself, also while the newest commit cannot be built."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hosts import NUMBER, Hosted, hosted
from project import BUILD, clean_environment

import build
from starcert.host import building

SECOND = "99925SC00124R1M"
LAST, LATER = "2026-12-31", "2027-01-05"
BREAKS = {
    "a template": ("templates/home.html", "{{ nonsense.of.some }}"),
    "the settings": ("site.yaml", "name: 公示\n"),
    "an asset": ("templates/assets/style.css/none", "a folder where a file must be"),
}


@pytest.fixture
def host(tmp_path: Path) -> Hosted:
    """A host whose one certificate lapses at the end of the year, as a second one does not; live on its last day."""
    made = hosted(tmp_path)
    made.change(("expires: 2028-02-29", f"expires: {LAST}"))
    made.add(SECOND)
    made.send("first")
    assert made.host("publish", "--timer", day=LAST).code == 0
    assert made.shown == [NUMBER, SECOND]
    return made


def send_broken(host: Hosted, what: str) -> str:
    """A commit that no build can show."""
    name, text = BREAKS[what]
    if name.startswith("templates/assets/"):
        (host.clone / name).parent.unlink()
    host.write(name, text)
    return host.send(what)


@pytest.mark.parametrize("what", BREAKS)
def test_what_lapses_leaves_although_the_newest_commit_cannot_be_built(host: Hosted, what: str) -> None:
    """What was live before is brought to the day; exit code and status say that somebody must look, and at what."""
    old, new = host.live["commit"], send_broken(host, what)
    ended = host.host("publish", "--timer", day=LATER)
    assert ended.code == 1
    assert host.shown == [SECOND]
    assert (host.live["commit"], host.live["day"]) == (old, LATER)
    said = ended.out.splitlines()
    assert f"Could not publish {new[:10]}; the site goes on showing what was live before" in said
    assert "撤下 removed: 1" in said
    assert said[-1] == f"What was live before, {old[:10]}, is as of {LATER}: what has lapsed is gone"
    status = host.host("status", day=LATER)
    assert status.code == 1
    assert "last build     failed in " in status.out
    assert f", of {new}, begun " in status.out
    assert status.out.splitlines()[-2:] == [
        f"The site shows {old}, but the newest commit is {new}.",
        "The last build failed; the site stays at the commit that was live before.",
    ]


def test_each_time_the_newest_commit_is_tried_again(host: Hosted) -> None:
    """It goes live as soon as it can be built, mended or not; what failed before has cost no memory."""
    memory = host.folder / ".site.starcert-memory"
    before = memory.stat().st_ino
    send_broken(host, "a template")
    assert [host.host("publish", "--timer", day=day).code for day in (LAST, LATER, LATER)] == [1, 1, 1]
    assert memory.stat().st_ino == before
    shutil.copy(BUILD.parent / "templates/home.html", host.clone / "templates/home.html")
    commit = host.send("mended")
    assert host.host("publish", "--timer", day=LATER).code == 0
    assert (host.live["commit"], host.shown) == (commit, [SECOND])
    assert host.host("status", day=LATER).code == 0


def test_a_push_that_cannot_be_built_takes_away_what_has_lapsed(host: Hosted) -> None:
    """Where the timer has not come yet; whoever pushed is told of both."""
    old = host.live["commit"]
    send_broken(host, "the settings")
    ended = host.host("publish", day=LATER)
    assert ended.code == 1
    assert host.shown == [SECOND]
    assert f"What was live before, {old[:10]}, is as of {LATER}: what has lapsed is gone" in ended.out
    ended = host.host("publish", day=LATER)
    assert ended.code == 1
    assert "What was live before" not in ended.out


def test_what_cannot_be_brought_to_the_day_either_is_told(host: Hosted) -> None:
    """Somebody must look at once."""
    send_broken(host, "the settings")
    (host.site / ".git").mkdir()
    ended = host.host("publish", "--timer", day=LATER)
    assert ended.code == 1
    assert "be brought to today; what has lapsed may still be shown" in ended.out
    assert host.status["build"]["result"] == "failed"


def test_a_pin_stays_where_the_newest_commit_cannot_be_built(host: Hosted) -> None:
    """The pinned commit is brought to the day, and its build is a good one."""
    old = host.live["commit"]
    host.add("99925SC00125R1M")
    host.send("second")
    assert host.host("publish", "--timer", day=LAST).code == 0
    assert host.host("rollback", day=LAST).code == 0
    broken = send_broken(host, "a template")
    assert host.host("publish", "--timer", day=LATER).code == 0
    assert (host.live["commit"], host.shown) == (old, [SECOND])
    assert host.host("rollback", "--off", day=LATER).code == 1
    assert (host.live["commit"], host.status["pinned"]) == (old, None)
    assert host.status["tip"] == broken


def test_a_build_that_never_ends_keeps_nothing_lapsed_on_the_site(host: Hosted) -> None:
    """Where it was killed before, what was live is brought to the new day before it is tried again."""
    old = host.live["commit"]
    host.write("templates/home.html", "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")
    host.send("endless")
    state = host.repository / "starcert/state.json"
    _killed(host, LAST, lambda: '"begun"' in state.read_text(), seconds=3)
    assert host.shown == [NUMBER, SECOND]
    _killed(host, LATER, lambda: host.live["day"] == LATER, seconds=0)
    assert (host.live["commit"], host.shown) == (old, [SECOND])
    shutil.copy(BUILD.parent / "templates/home.html", host.clone / "templates/home.html")
    host.send("mended")
    assert host.host("publish", "--timer", day=LATER).code == 0


def test_a_build_that_takes_too_long_is_given_up(host: Hosted, monkeypatch: pytest.MonkeyPatch) -> None:
    """So no push holds the others up, nor the timer; the repository goes on as after any build that fails."""
    old = host.live["commit"]
    host.write("templates/home.html", "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")
    host.send("endless")
    monkeypatch.setattr(building, "LONGEST", 15)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    ended = CliRunner().invoke(build.main, ["--as-of", LATER, "host", "publish", str(host.repository), "--timer"])
    assert ended.exit_code == 1
    assert "  The build took more than 0 minutes and was given up." in ended.output.splitlines()
    assert (host.live["commit"], host.live["day"], host.shown) == (old, LATER, [SECOND])


def _killed(host: Hosted, day: str, when: Callable[[], bool], seconds: float) -> None:
    """A run of the timer, killed so many seconds after something became true."""
    command = [sys.executable, "-B", str(BUILD), "--as-of", day, "host", "publish", str(host.repository), "--timer"]
    run = subprocess.Popen(command, env=clean_environment({}), start_new_session=True, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not when() and time.monotonic() < deadline:
        assert run.poll() is None
        time.sleep(0.05)
    time.sleep(seconds)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
