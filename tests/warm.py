"""A process that has loaded build.py and is copied for each run, as if `python -B build.py` had been started there.

Tests run the program many hundreds of times, and to load it takes longer than what most of those runs do. A copy has
its own folder, variables and streams; what it loads besides, it loads itself. What hangs on how Python starts, such as
the encoding of its streams, and whatever is to be killed, is tried by a start in full.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path

from processes import live

import build

ROOT = Path(__file__).parent.parent
STREAMS = 3
LONGEST = 1 << 20  # bytes of a request


def run(
    arguments: Sequence[str], folder: Path | str, variables: Mapping[str, str], given: bytes, seconds: float
) -> tuple[int, bytes, bytes]:
    """The exit code of build.py, and what it wrote to its output and to its errors; TimeoutError after so long."""
    asked = json.dumps({"arguments": list(arguments), "folder": str(folder), "variables": dict(variables)}).encode()
    with ExitStack() as held:
        into, out, err = (held.enter_context(open(os.memfd_create(name), "w+b")) for name in ("in", "out", "err"))
        into.write(given)
        into.seek(0)
        here = _loaded()
        here.settimeout(seconds)
        socket.send_fds(here, [asked], [one.fileno() for one in (into, out, err)])
        code = int(here.recv(LONGEST))
        out.seek(0)
        err.seek(0)
        return code, out.read(), err.read()


@cache
def _loaded() -> socket.socket:
    """Where the process listens, which ends with this one."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    plain = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    subprocess.Popen([sys.executable, "-B", __file__, str(there.fileno())], env=plain, pass_fds=[there.fileno()])
    there.close()
    return here


def _serve(there: socket.socket) -> None:
    """Answer one request after the other, until nobody is there to ask."""
    while True:
        asked, streams, *_ = socket.recv_fds(there, LONGEST, STREAMS)
        if not asked:
            return
        copy = os.fork()
        if not copy:
            there.close()
            live(partial(_run, streams, **json.loads(asked)))
        for stream in streams:
            os.close(stream)
        there.send(str(os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])).encode())


def _run(streams: Sequence[int], arguments: Sequence[str], folder: str, variables: Mapping[str, str]) -> None:
    """What a copy does."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", closefd=False, errors="backslashreplace")  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = [str(ROOT / "build.py"), *arguments]
    build.main()


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
