"""Runs of build.py that are ended: by SIGKILL at a system call or an instant, or that meet a call that fails.

Each is a process with a group of its own, forked from this one, which has all modules loaded: so a run costs what it
does, and not the start of Python. strace does the harm.
"""

import contextlib
import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from processes import live
from project import DAY, project

import build
import starcert.commands.host.publish
import starcert.commands.host.receive
import starcert.commands.host.rollback
import starcert.commands.host.status  # noqa: F401  # else every run would load them anew
from starcert import indexing, press, workers

CALLS = (
    *("open", "openat", "creat", "write", "writev", "pwrite64", "truncate", "ftruncate", "fallocate"),
    *("rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat"),
    *("mkdir", "mkdirat", "rmdir", "chmod", "fchmod", "fchmodat", "utimensat"),
    *("fsync", "fdatasync", "syncfs", "sync", "flock"),
)
"""The system calls that change a disk, or hold a lock on it."""
CHANGES = re.compile(r"O_CREAT|O_WRONLY|O_RDWR|O_TRUNC")
TRACED = re.compile(r"(?:\d+ +)?(\w+)\((.*)")
DEADLINE = 60
CRASHED = 70
"""The code of a run that ended with a traceback."""
HANGS = -1000
"""The code of a run that did not end before the deadline, in seconds."""
_PR_SET_PTRACER, _ANY = 0x59616D61, ctypes.c_ulong(-1)
GIT = """\
#!/bin/sh
case "$*" in *read-tree*) ;; *) exec {git} "$@" ;; esac
{strace} -f -y -o {trace} {asked} {git} "$@"
code=$?
{then}
exit $code
"""


class Call(NamedTuple):
    """A system call of a run: which one it is of its name, what it is about, and of git or of Python."""

    name: str
    number: int
    about: str
    git: bool = False


class Ended(NamedTuple):
    """How a run ended: its exit code, or the negative number of the signal; what it said."""

    code: int
    said: str


@dataclass
class Publications:
    """Starts runs; `folder` is for what they say, `given` what they read.

    `at_once` and `shared` are the ways of publishing to be taken.
    """

    folder: Path
    at_once: bool = True
    shared: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    given: str = ""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory() as place:  # what a build loads on demand is loaded here
            assert project(Path(place)).call("--as-of", DAY, "--quiet").code == 0

    def run(self, arguments: Sequence[str], cwd: Path = Path("/")) -> Ended:
        """A run that nobody disturbs."""
        return self.wait(self.start(arguments, cwd))

    def calls(self, arguments: Sequence[str], code: int = 0) -> list[Call]:
        """The calls of a run that changed the disk, and ends with that code."""
        trace, of_git = self.folder / "trace", self.folder / "trace.git"
        of_git.unlink(missing_ok=True)
        asked = ["-e", f"trace={','.join(CALLS)}"]
        ended = self.wait(self.start(arguments, git=self._git(asked, of_git), harm=["-o", str(trace), *asked]))
        assert ended.code == code, ended.said
        return [*_calls(trace, git=False), *(_calls(of_git, git=True) if of_git.exists() else ())]

    def killed_at(self, call: Call, arguments: Sequence[str]) -> Ended:
        """A run whose whole group is killed when it enters that call."""
        return self._harmed(call, f"inject={call.name}:signal=KILL:when={call.number}", arguments, "kill -9 0")

    def failing_at(self, call: Call, error: str, arguments: Sequence[str]) -> Ended:
        """A run for which that call fails with that error."""
        return self._harmed(call, f"inject={call.name}:error={error}:when={call.number}", arguments, ":")

    def git_killed_at(self, call: Call, arguments: Sequence[str]) -> Ended:
        """A run whose git is killed when it enters that call; nothing else is."""
        return self._harmed(call, f"inject={call.name}:signal=KILL:when={call.number}", arguments, ":")

    def killed_after(self, seconds: float, arguments: Sequence[str]) -> Ended:
        """A run whose whole group is killed after so many seconds."""
        pid = self.start(arguments)
        time.sleep(seconds)
        os.killpg(pid, signal.SIGKILL)
        return self.wait(pid)

    def bereft_of(self, find: Callable[[int], int | None], arguments: Sequence[str]) -> Ended:
        """A run of whose processes one is killed: the one that `find` finds by the run's own number."""
        pid = self.start(arguments)
        while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if victim := find(pid):
                os.kill(victim, signal.SIGKILL)
                break
        return self.wait(pid)

    def _harmed(self, call: Call, how: str, arguments: Sequence[str], then: str) -> Ended:
        harm = ["-o", os.devnull, "-e", f"trace={call.name}", "-e", how]
        if call.git:
            return self.wait(self.start(arguments, git=self._git(harm[2:], Path(os.devnull), then)))
        return self.wait(self.start(arguments, harm=harm))

    def _git(self, asked: Sequence[str], trace: Path, then: str = ":") -> Path:
        """A folder with a git that is traced while it writes files."""
        folder = self.folder / "git"
        folder.mkdir(exist_ok=True)
        quoted = " ".join(f"'{one}'" for one in asked)
        programs = {"git": shutil.which("git"), "strace": shutil.which("strace")}
        (folder / "git").write_text(GIT.format(trace=trace, asked=quoted, then=f"[ $code = 0 ] || {then}", **programs))
        (folder / "git").chmod(0o755)
        return folder

    def start(
        self, arguments: Sequence[str], cwd: Path = Path("/"), git: Path | None = None, harm: Sequence[str] = ()
    ) -> int:
        """The number of a run's process, which leads a group of that number."""
        gate, opened = os.pipe()
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            os.close(opened)
            live(partial(self._life, arguments, cwd, git, gate), CRASHED)
        os.close(gate)
        if harm:
            self._attach(pid, harm)
        os.write(opened, b".")
        os.close(opened)
        return pid

    def wait(self, pid: int) -> Ended:
        """How the run ended; nothing of its group is left."""
        deadline = time.monotonic() + DEADLINE
        while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.monotonic() > deadline:
                os.killpg(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                return Ended(HANGS, self._said())
            time.sleep(0.005)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        return Ended(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), self._said())

    def _said(self) -> str:
        return (self.folder / "said").read_text(errors="replace")

    def _attach(self, pid: int, harm: Sequence[str]) -> None:
        command = ["strace", "-y", "-p", str(pid), *harm]
        tracer = subprocess.Popen(command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        assert tracer.stderr
        line = tracer.stderr.readline()
        assert b"attached" in line, line
        self._tracer = tracer  # ends with its tracee

    def _life(self, arguments: Sequence[str], cwd: Path, git: Path | None, gate: int) -> None:
        """What a run does."""
        os.setsid()
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, _ANY, 0, 0, 0)
        said = os.open(self.folder / "said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(said, 1)
        os.dup2(said, 2)
        (self.folder / "given").write_text(self.given)
        sys.stdin = open(self.folder / "given")  # noqa: SIM115
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
        os.chdir(cwd)
        os.environ.update(self.environment)
        build.AT_ONCE = 10**9 if self.at_once else 0
        if git:
            os.defpath = f"{git}:{os.defpath}"
        if self.shared:
            press.FEW = indexing.FEW = 0
            workers.spread.__defaults__ = (0,)
        os.read(gate, 1)
        build.main(list(arguments), prog_name="build.py")


def _calls(trace: Path, git: bool) -> list[Call]:
    found, counts = [], dict[tuple[str, str], int]()
    for line in trace.read_text(errors="replace").splitlines():
        said = TRACED.match(line)
        if not said or said[1] not in CALLS:
            continue
        name, rest = said.groups()
        who = line.split()[0] if git else ""
        counts[who, name] = number = counts.get((who, name), 0) + 1
        if name in ("open", "openat") and not CHANGES.search(rest):
            continue
        if name in ("write", "writev") and not re.match(r"\d+<(?!pipe|socket|/dev)(?!.*/said>)", rest):
            continue
        found.append(Call(name, number, rest, git))
    return found
