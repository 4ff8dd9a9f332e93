"""The guides, tried word for word: every block of commands, in order, with real sshd, git, nginx and Caddy.

The clerk's record is edited as the guide shows it. Days are moved on by whole years, as many as the guides are old.
What is not real on that machine, and why, says machine.py. Not tried are the clerk's steps on Windows and macOS.
"""

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from machine import NOTHING_FETCHED, Machine, can_be_made, machine
from project import REPOSITORY

from starcert.days import day_in_china, years_after

pytestmark = pytest.mark.skipif(not can_be_made(), reason="the guides were NOT tried: that takes root on Linux")
WRITTEN = date(2026, 11, 22)
TODAY = day_in_china(datetime.now(UTC))
YEARS = max(years for years in range(100) if years_after(WRITTEN, years) <= TODAY)
BLOCK = re.compile(r"^```(sh|yaml|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KEY = re.compile(r"^(\w+):.*?(?=^\w|\Z)", re.MULTILINE | re.DOTALL)
CRON = re.compile(r"^    \*/15 \* \* \* \*  (.*)$", re.MULTILINE)
WATCH = "/opt/starcert/.venv/bin/python /opt/starcert/build.py watch --hours 3 https://stars.example"
RECORD = "registry/certificates/xinheng/00026E90001R0M.yaml"
NEXT = RECORD.replace("R0M", "R1M")
PLACES = {
    "on the server, as root": ("root", ""),
    "on your computer": ("zhang", ""),
    "on your computer, in register": ("zhang", "register"),
    "on another machine": ("zhang", "elsewhere"),
}
ASK = """\
import sys, urllib.error, urllib.request
try:
    print(urllib.request.urlopen(sys.argv[1]).status)
except urllib.error.HTTPError as said:
    print(said.code)
"""
SSH = """\
Host *
    StrictHostKeyChecking accept-new
Match host stars.example user root
    IdentityFile ~/hosting
"""


def blocks(text: str) -> list[tuple[str, str]]:
    """Kind and text of each block."""
    moved = re.sub(r"\b(20\d\d)(?=-\d\d-\d\d)", lambda year: str(int(year[1]) + YEARS), text)
    return BLOCK.findall(moved)


def guide(name: str) -> str:
    """A guide's text."""
    return (REPOSITORY / "docs" / name).read_text(encoding="utf-8")


def sections() -> dict[str, list[tuple[str, str]]]:
    """The blocks of the clerk's guide by the English title of their section."""
    parts = re.split(r"^## (.*)$", guide("clerk.md"), flags=re.MULTILINE)[1:]
    return {title.rpartition("· ")[2]: blocks(text) for title, text in zip(parts[::2], parts[1::2], strict=True)}


def edited(record: str, block: str) -> str:
    """The record with what a block shows: items go below the list that its first line names, keys replace their own."""
    head, _, rest = block.partition("\n")
    listed, keys = re.fullmatch(r"((?:  .*\n)*)((?:.*\n)*)", rest).groups()  # type: ignore[union-attr]
    parts = {key[1]: key[0] for key in KEY.finditer(record)}
    if listed:
        parts[head.rstrip(":").rpartition(" ")[2]] += listed
    return "".join((parts | {key[1]: key[0] for key in KEY.finditer(keys)}).values())


def answer(said: str) -> str:
    """What the server answers, without what differs from run to run."""
    lines = [line.removeprefix("remote:")[1:].rstrip() for line in said.splitlines() if line.startswith("remote:")]
    return masked("\n".join(lines).strip("\n"))


def masked(text: str) -> str:
    """The text without times, days and commits."""
    return re.sub(r"\d+\.\d(?= 秒| seconds)|\d{4}-\d\d-\d\d|\b[0-9a-f]{10}(?=：|,)", "…", text)


@dataclass(frozen=True)
class Clerk:
    """王芳 at her computer, in her clone."""

    computer: Machine

    def type(self, block: str, *, fails: bool = False) -> str:
        """What she reads when she types a block, in the clone."""
        code, said = self.computer.tried(block, "wang", "register")
        assert bool(code) == fails, said
        return said

    def read(self, path: str) -> str:
        return self.type(f"cat '{path}'")

    def write(self, path: str, text: str) -> None:
        """Edit a file."""
        self.computer.write(f"register/{path}", text, "wang")

    def edit(self, block: str) -> None:
        """Do what a block shows."""
        path = block.partition("\n")[0].removeprefix("# ").partition(",")[0]
        self.write(path, edited(self.read(path), block))

    def publish(self, subject: str) -> str:
        """The answer to what she does each time."""
        return answer(self.type(f"git add --all\ngit commit -m '{subject}'\ngit push"))

    def status(self, record: str) -> int:
        """How the web server answers for the certificate."""
        ask = f"/opt/starcert/.venv/bin/python -c '{ASK}' https://stars.example/C/{Path(record).stem}/"
        return int(self.computer.run(ask, "wang"))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine on which the program can be fetched, and people have accounts; the clerk has made her key."""
    folder = tmp_path_factory.mktemp("machine")
    program = folder / "program"
    ignored = shutil.ignore_patterns(".git", ".venv", "site", ".*cache*", "__pycache__", ".site.*", ".hypothesis")
    shutil.copytree(REPOSITORY, program, ignore=ignored)
    with machine(folder / "layer") as made:
        who = "-c user.name=x -c user.email=x@example.com"
        made.run(f"cd '{program}'; git init -q -b main; git add --all; git {who} commit -q -m program")
        for parent in (program, *program.parents[:-1]):
            made.run(f"chmod a+rx '{parent}'")
        forge = "https://forge.example/your-copy-of-this-project"
        made.run(f"git config --system url.file://{program}.insteadOf {forge}")
        made.run(f"git config --system --add safe.directory '{program}/.git'")
        made.run("echo 127.0.0.1 stars.example >> /etc/hosts")
        made.run("userdel git 2>/dev/null || true; rm -rf /srv/git /srv/register* /opt/starcert")
        made.run("for user in zhang wang; do useradd --create-home --shell /bin/bash $user; done")
        made.run("mkdir elsewhere; ssh-keygen -q -t ed25519 -N '' -f hosting", "zhang")
        made.run("mkdir -p -m 700 .ssh; cat ~zhang/hosting.pub > .ssh/authorized_keys")
        made.write("/etc/ssh/ssh_config.d/trial.conf", SSH)
        made.run("ssh-keygen -A; mkdir -p /run/sshd; /usr/sbin/sshd")
        for title in ("Install git", "Make your key", "Tell git who you are"):
            for _, block in sections()[title]:
                made.run(block, "wang")
        made.run("install -o zhang ~wang/.ssh/id_ed25519.pub ~zhang/wang.pub")
        yield made


@pytest.fixture(scope="module")
def register(begun: Machine) -> dict[str, str]:
    """What each block of the operator's guide printed, by its first command."""
    said = {}
    for kind, block in blocks(guide("operator.md")):
        place, _, commands = block.partition("\n")
        if kind == "sh":
            user, folder = PLACES[re.sub(r", (instead of nginx|each day|to restore)$", "", place.removeprefix("# "))]
            said[commands.partition("\n")[0]] = begun.run(commands, user, folder)
            if place.endswith("instead of nginx"):
                said["by Caddy"] = _by_caddy(begun)
        else:
            begun.write(f"register/{place.removeprefix('# ')}", block, "zhang")
    return said


def _by_caddy(begun: Machine) -> str:
    """What a reader and the watch see while Caddy serves the register; nginx goes on afterwards."""
    ask = f"/opt/starcert/.venv/bin/python -c '{ASK}' https://stars.example/"
    deadline = time.monotonic() + 60
    while begun.tried(ask, "zhang") != (0, "200\n"):  # until Caddy has a certificate
        assert time.monotonic() < deadline, begun.tried(ask, "zhang")
        time.sleep(0.5)
    said = begun.run(f"{WATCH}; {ask}no-page/", "zhang", "elsewhere")
    begun.run("systemctl stop caddy 2>/dev/null; nginx")
    return said


@pytest.fixture(scope="module")
def clerk(begun: Machine, register: dict[str, str]) -> Clerk:
    """The clerk, whose clone is made."""
    clone, pull = (block for _, block in sections()["Clone the register"])
    begun.run(clone, "wang")
    begun.run(pull, "wang", "register")
    return Clerk(begun)


def test_the_operators_guide_ends_with_a_live_register(begun: Machine, register: dict[str, str]) -> None:
    """All commands end well; the answers say what the guide says."""
    assert "已公示" in register["git add --all"]
    assert "0 valid certificates" in register["git add --all"]
    assert register[WATCH] == f"https://stars.example is today's, {TODAY}, and whole.\n"
    status = register["starcert host file /srv/register.git service > /etc/systemd/system/starcert.service"]
    assert "live           " in status
    assert "published      0" in status


def test_caddy_serves_the_register_as_the_guide_says(register: dict[str, str]) -> None:
    """In place of nginx, on https, as its own account: the site is whole, and what is missing is missing."""
    assert register["by Caddy"] == f"https://stars.example is today's, {TODAY}, and whole.\n404\n"


def test_cron_mails_what_is_wrong_and_nothing_else(begun: Machine, register: dict[str, str]) -> None:
    """The line of the guide for a crontab, as cron gives it to sh."""
    [line] = CRON.findall(guide("operator.md"))
    begun.write("/usr/local/bin/watched", f"{line}\n")
    assert begun.run("sh /usr/local/bin/watched", "zhang") == ""
    begun.run("nginx -s stop")
    try:
        assert "https://stars.example" in begun.run("sh /usr/local/bin/watched", "zhang")
    finally:
        begun.run("nginx 2>/dev/null || { sleep 2; nginx; }")


def test_the_units_that_the_guide_writes_are_sound(begun: Machine, register: dict[str, str]) -> None:
    """And the timer is enabled."""
    units = "/etc/systemd/system/starcert.service /etc/systemd/system/starcert.timer"
    assert begun.run(f"SYSTEMD_OFFLINE=1 systemd-analyze verify {units}") == ""
    assert begun.run("readlink /etc/systemd/system/timers.target.wants/starcert.timer").endswith("starcert.timer\n")


def test_the_account_git_does_nothing_else(begun: Machine, register: dict[str, str]) -> None:
    """No shell, no forwarding, no other program."""
    for asked in ("", "id", "'git-upload-pack /etc'", "sftp"):
        code, said = begun.tried(f"ssh git@stars.example {asked}", "wang")
        assert code != 0, said
        assert "uid=" not in said


def test_the_clerks_guide_from_a_clone_to_a_certificate(clerk: Clerk) -> None:
    """A mistake is answered, and mended, in the words of the guide; then year by year to the end."""
    told = sections()
    (_, copy), (_, record), (_, send), (_, live) = told["Publish a new certificate"]
    (_, refused), (_, again), (_, late) = told["When a push is refused"]
    clerk.type(copy)
    text = record.partition("\n")[2]
    clerk.write(RECORD, text.replace("four-star", "five-star"))
    assert answer(clerk.type(send, fails=True)) == refused.rstrip("\n")
    clerk.write(RECORD, text)
    assert answer(clerk.type(again)) == masked(live.rstrip("\n"))
    assert clerk.status(RECORD) == 200

    clerk.edit(told["A yearly audit"][0][1])
    clerk.type("git add --all; git commit -m 年度审核")
    clerk.computer.run(
        "git pull -q --rebase; echo >> content/zh/about.md; git commit -q -a -m text; git push", "zhang", "register"
    )
    assert "fetch first" in clerk.type("git push", fails=True)
    assert "内容变动 changed otherwise: 1" in answer(clerk.type(late))

    suspend, restore = (block for _, block in told["Suspend and restore"])
    clerk.edit(suspend)
    assert f"撤下 removed: 1\n  {Path(RECORD).stem}" in clerk.publish("暂停")
    assert clerk.status(RECORD) == 404
    clerk.edit(restore)
    assert "新公示 published: 1" in clerk.publish("恢复")

    clerk.edit(told["Correct a mistake"][0][1])
    assert "内容变动 changed otherwise: 1" in clerk.publish("更正到期日")

    (_, copy), (_, renewed), (_, old) = told["Renew"]
    clerk.type(copy)
    clerk.write(NEXT, re.sub(r"(?ms)^(decisions|corrections):.*?(?=^\w|\Z)", "", clerk.read(NEXT)))
    clerk.edit(renewed)
    clerk.edit(old)
    assert "换发新证 renewed: 1" in clerk.publish("换证")
    assert (clerk.status(RECORD), clerk.status(NEXT)) == (404, 200)

    clerk.edit(told["Withdraw"][0][1])
    assert "撤下 removed: 1" in clerk.publish("撤销")
    assert clerk.status(NEXT) == 404


def test_the_program_on_a_clerks_computer(clerk: Clerk) -> None:
    """Installed as the guide says, it asks for a record, writes one that passes, and finds a mistake in it."""
    (_, install), (_, new), (_, check) = sections()["With Python on your computer"]
    clerk.type("git pull")
    clerk.type(NOTHING_FETCHED + install)
    answers = [
        "xinheng",
        "gbt-27922-2011",
        "00026E90003R0M",
        "示例云海电器有限公司",
        "91000000MA9000002L",
        "宁波市云海路8号",
    ]
    answers += ["宁波市", "33", "household-appliances", "空调的售后服务", "示例-RZGZ-27922-2013"]
    answers += [str(TODAY), "92.50", str(TODAY)]
    said = clerk.computer.run(NOTHING_FETCHED + new, "wang", "register", given="".join(f"{one}\n" for one in answers))
    assert "00026E90003R0M.yaml: level four-star, valid until " in said
    assert clerk.type(NOTHING_FETCHED + check).startswith("no problems in ")
    path = "registry/certificates/xinheng/00026E90003R0M.yaml"
    clerk.write(path, clerk.read(path).replace("level: four-star", "level: five-star"))
    assert "[level_matches_score]" in clerk.type(NOTHING_FETCHED + check, fails=True)
    clerk.type("git clean -q -f registry")
