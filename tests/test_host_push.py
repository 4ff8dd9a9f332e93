"""A push to a host: what is right is live when it ends, what is wrong changes nothing; whoever pushed reads which."""

import re
import subprocess
from pathlib import Path

import pytest
from hosts import CERTIFICATES, NUMBER, Hosted, hosted

SECOND = "99925SC00124R1M"


def pushed(host: Hosted, *options: str) -> tuple[int, list[str]]:
    """Push main with hooks; the exit code, and what the server said, line by line."""
    command = ["git", "push", "--quiet", *options, "origin", "HEAD:refs/heads/main"]
    plain = {"PATH": "/usr/bin:/bin", "HOME": str(host.folder), "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1"}
    ended = subprocess.run(command, cwd=host.clone, env=plain, capture_output=True, text=True, timeout=120, check=False)
    said = [line.removeprefix("remote:").strip() for line in ended.stderr.splitlines() if line.startswith("remote:")]
    assert "Traceback" not in ended.stderr
    return ended.returncode, said


@pytest.fixture
def host(tmp_path: Path) -> Hosted:
    """A host to which the first certificate was pushed."""
    made = hosted(tmp_path)
    made.commit("first")
    assert pushed(made)[0] == 0
    return made


def test_the_first_push_makes_the_site(host: Hosted) -> None:
    """Nothing but git push is needed."""
    assert host.shown == [NUMBER]
    assert host.live["commit"] == host.git("rev-parse", "HEAD")
    assert host.host("status").code == 0


def test_a_push_is_live_when_it_ends(host: Hosted) -> None:
    """And says what changed, with addresses, and how long it took."""
    host.add(SECOND)
    commit = host.commit("one more")
    code, said = pushed(host)
    assert code == 0
    assert host.shown == [NUMBER, SECOND]
    at = said.index("新公示 published: 1")
    assert said[at + 2] == f"https://stars.example/C/{SECOND}/"
    assert any(line.startswith(f"Live: {commit[:10]}, 2 valid certificates, as of 2026-11-22, in ") for line in said)


def test_a_push_that_is_refused_changes_nothing(host: Hosted) -> None:
    """Neither main nor the site; the host remembers what was wrong."""
    before, tip = host.live, host.git("rev-parse", "HEAD")
    path = host.add(SECOND, ("score: 96.40", "score: 93.40"))
    host.commit("wrong")
    code, said = pushed(host)
    assert code == 1
    assert "The push is refused: 1 problem. Nothing of the register has changed." in said
    assert any(line.startswith(f"{path}:") for line in said)
    assert any(line.endswith("[level_matches_score]") for line in said)
    assert host.live == before
    assert host.git("rev-parse", "main", folder=host.repository) == tip
    refusal = host.status["refusal"]
    assert any(line.startswith(f"{CERTIFICATES}/{SECOND}.yaml:") for line in refusal["said"])
    assert host.host("status").code == 0


def test_variables_of_whoever_pushes_reach_no_program(host: Hosted) -> None:
    """Hooks name each variable that they pass on."""
    host.add(SECOND)
    host.commit("one more")
    trap = host.folder / "trap"
    trap.mkdir()
    (trap / "sitecustomize.py").write_text(f"open({str(host.folder / 'sprung')!r}, 'w')\n")
    command = ["git", "push", "--quiet", "origin", "HEAD:refs/heads/main"]
    evil = {"PYTHONPATH": str(trap), "PYTHONSTARTUP": str(trap / "sitecustomize.py"), "SOURCE_DATE_EPOCH": "1"}
    plain = {"PATH": "/usr/bin:/bin", "HOME": str(host.folder), "LANG": "C.UTF-8", **evil}
    assert subprocess.run(command, cwd=host.clone, env=plain, capture_output=True, check=False).returncode == 0
    assert not (host.folder / "sprung").exists()
    assert not str(host.live["built_at"]).startswith("1970")


def test_push_options_reach_the_judge_as_they_are(host: Hosted) -> None:
    """Whatever characters they hold."""
    host.add(SECOND)
    host.commit("one more")
    evil = ["-o", "unpublish", "-o", "$(touch sprung)`touch sprung`'\"; touch sprung", "-o", "a b"]
    assert pushed(host, *evil)[0] == 0
    assert not list(host.folder.rglob("sprung"))


def test_a_commit_is_on_the_disk_before_main_names_it(host: Hosted, tmp_path: Path) -> None:
    """A power cut loses nothing that was live: neither the objects of a small push nor the name of its commit."""
    host.add(SECOND)
    commit, trace = host.commit(), tmp_path / "trace"
    push = ["git", "push", "--quiet", "origin", "HEAD:refs/heads/main"]
    plain = {"PATH": "/usr/bin:/bin", "HOME": str(host.folder)}
    strace = ["strace", "-f", "-y", "-qq", "-o", str(trace), "-e", "trace=fsync,fdatasync,rename,link,linkat"]
    subprocess.run([*strace, *push], cwd=host.clone, env=plain, capture_output=True, timeout=120, check=True)
    calls = trace.read_text(errors="replace").splitlines()
    named = next(at for at, call in enumerate(calls) if re.search(r'rename\(.*refs/heads/main"', call))
    synced = [call for call in calls[:named] if re.search("f(data)?sync", call)]
    assert sum("incoming-" in call and f"{host.repository}/objects" in call for call in synced) >= 3
    assert any("refs/heads/main.lock" in call for call in synced)
    assert host.live["commit"] == commit
