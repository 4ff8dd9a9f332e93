"""Gauge: what running a command takes, all the processes that it starts included. Linux only: it reads /proc."""

import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

PROC = Path("/proc")
PAUSE, SHARE = 0.05, 0.02
"""Seconds from one look at the memory to the next; and the share of one core that looking may take at most."""


class Failed(Exception):
    """A command ended with another exit code than 0; the message says which, and what the command said last."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"exit code {code}\n{said}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Usage:
    """What commands took: wall and CPU (user and system) in seconds, memory in bytes.

    `memory` is the greatest sum over all processes at one moment, by samples of what each holds for itself (PSS: shared
    pages are divided among those that share them). `largest` is the most that a single process ever held, shared or
    not, by the kernel's own mark (VmHWM; ru_maxrss would count the process that started it, too).
    """

    wall: float = 0.0
    cpu: float = 0.0
    memory: int = 0
    largest: int = 0

    def then(self, other: Self) -> "Usage":
        """What both took, one after the other."""
        memory, largest = max(self.memory, other.memory), max(self.largest, other.largest)
        return Usage(self.wall + other.wall, self.cpu + other.cpu, memory, largest)


NOTHING = Usage()


def usage(commands: Sequence[Sequence[str]], folder: Path) -> Usage:
    """What it takes to run the commands in that folder, one after the other. Raises Failed.

    What was written before is brought to the disk first, lest one build waits for what its neighbour left.
    """
    os.sync()
    total = NOTHING
    for command in commands:
        total = total.then(_usage(command, folder))
    return total


def _usage(command: Sequence[str], folder: Path) -> Usage:
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    with Watch(process.pid) as watch, Listener(process) as listener:
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Failed(process.returncode, "".join(listener.lines))
    return Usage(wall, used.ru_utime + used.ru_stime, watch.peak, watch.largest)


class Listener(threading.Thread):
    """Takes what a process says, lest it wait, and keeps its last lines."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        super().__init__(daemon=True)
        self.lines: deque[str] = deque(maxlen=20)
        self._said = process.stdout

    def run(self) -> None:
        """Listen until there is nothing more to come."""
        with self._said or open(os.devnull, "rb") as said:
            self.lines.extend(line.decode("utf-8", "replace") for line in said)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.join()


class Watch(threading.Thread):
    """Looks again and again at a process and all that come from it, for their Usage's `memory` and `largest`."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak = self.largest = 0
        self._pid = pid
        self._ended = threading.Event()

    def run(self) -> None:
        """Look until told to end."""
        pause = 0.0
        while not self._ended.wait(pause):
            began = time.thread_time()
            pids = list(family(self._pid))
            self.peak = max(self.peak, sum(held(pid, "smaps_rollup", "Pss") for pid in pids))
            self.largest = max(self.largest, *(held(pid, "status", "VmHWM") for pid in pids))
            pause = max(PAUSE, (time.thread_time() - began) / SHARE)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join()


def family(pid: int) -> Iterator[int]:
    """The process and all that come from it, as far as they still live."""
    yield pid
    try:
        children = [(task / "children").read_text() for task in (PROC / str(pid) / "task").iterdir()]
    except OSError:
        return
    for child in " ".join(children).split():
        yield from family(int(child))


def held(pid: int, file: str, name: str) -> int:
    """The memory, in bytes, that a file of /proc tells under that name; 0 when the process is gone."""
    try:
        lines = (PROC / str(pid) / file).read_text().splitlines()
    except OSError:
        return 0
    return int(next((line.split()[1] for line in lines if line.startswith(f"{name}:")), "0")) * 1024
