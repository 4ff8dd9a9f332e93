"""Pushes to a host as `host install` makes one: its own hooks, from the push to the site."""

import os
import subprocess
from pathlib import Path

from hosts import CERTIFICATES, Hosted, hosted


def push(host: Hosted) -> tuple[int, str]:
    """How a push of what is in the clone ends, and what the server says of it."""
    who = {"PATH": os.environ["PATH"], "HOME": str(host.folder), "LANG": "C.UTF-8", "LOGNAME": "wang"}
    done = subprocess.run(
        ["git", "push", "origin", "HEAD:main"], cwd=host.clone, env=who, capture_output=True, check=False, timeout=120
    )
    told = done.stderr.decode().splitlines()
    return done.returncode, "\n".join(line.removeprefix("remote: ").rstrip() for line in told if "remote:" in line)


def test_a_push_goes_live_and_a_bad_one_is_refused(tmp_path: Path) -> None:
    """The clerk reads why; the operator sees the refusal in the status; the site stays."""
    host = hosted(tmp_path)
    host.commit("begin")
    code, said = push(host)
    assert code == 0, said
    assert host.shown == ["99925SC00123R1M"]
    host.change(("level: five-star\nholder", "level: four-star\nholder"))
    host.commit("wrong")
    code, said = push(host)
    assert code == 1
    assert f"{CERTIFICATES}/99925SC00123R1M.yaml:4:8:" in said
    refusal = host.status["refusal"]
    assert refusal["who"] == "wang"
    assert refusal["said"][:2] == [
        "推送被拒绝：发现 1 处问题。登记册没有任何改动。",
        "The push is refused: 1 problem. Nothing of the register has changed.",
    ]
    assert host.shown == ["99925SC00123R1M"]


def test_a_host_whose_settings_are_lost_takes_nothing(tmp_path: Path) -> None:
    """Who may push what cannot be told without them."""
    host = hosted(tmp_path)
    (host.repository / "starcert" / "host.yaml").unlink()
    host.commit("begin")
    code, said = push(host)
    assert code == 1
    assert said.strip().splitlines()[0] == "推送被拒绝：服务器现在无法检查这次推送。登记册没有任何改动，请告诉运营者。"
    assert "host.yaml does not exist" in said
