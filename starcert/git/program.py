"""The git program, run so that neither its user's settings nor a pusher's variables change what it says."""

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from starcert.problems import Mistake

CLEAN = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
PIECE = 1 << 16
LONGEST = 1 << 20
File = IO[bytes] | int


class GitError(Mistake):
    """Git could not do what it was asked for; the text is one sentence with what it said."""


class Running(NamedTuple):
    """A command that runs: what it reads, what it prints, and how to wait for its exit code."""

    stdin: IO[bytes]
    stdout: IO[bytes]
    wait: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Program:
    """Git for one repository; `variables` are all that it is told of its surroundings.

    `run` lets it hold the open files `holding` as long as it runs, also when we are killed.
    """

    folder: Path
    variables: Mapping[str, str]
    holding: tuple[int, ...] = ()

    def told(self, settings: Mapping[str, str]) -> "Program":
        """The same, told these settings of git's, whatever the repository says."""
        said = {"GIT_CONFIG_COUNT": str(len(settings))}
        for number, (key, value) in enumerate(settings.items()):
            said |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return replace(self, variables={**self.variables, **said})

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        """All that the command prints."""
        done = self._done(arguments, given)
        if done.returncode:
            raise _failed(arguments, done.returncode, done.stderr)
        return done.stdout

    def complaint(self, *arguments: str) -> GitError | None:
        """What a command that has nothing to say complains of and goes on, as of a file that it cannot remove."""
        done = self._done(arguments, b"")
        if done.returncode:
            raise _failed(arguments, done.returncode, done.stderr)
        return _failed(arguments, 0, done.stderr) if done.stderr else None

    def says(self, *arguments: str) -> bool:
        """What a command answers that says yes or no by its exit code."""
        done = self._done(arguments, b"")
        if done.returncode > 1:
            raise _failed(arguments, done.returncode, done.stderr)
        return done.returncode == 0

    def _done(self, arguments: Sequence[str], given: bytes) -> "subprocess.CompletedProcess[bytes]":
        command = self._command(arguments)
        try:
            return subprocess.run(
                command,
                env=dict(self.variables),
                input=given,
                capture_output=True,
                check=False,
                pass_fds=self.holding,
            )
        except OSError as error:
            raise GitError(f"The program git cannot be started: {error.strerror}.") from None

    def pieces(self, *arguments: str, end: bytes, given: bytes = b"") -> Iterator[bytes]:
        """What the command prints, cut at each `end`, as it comes; git is ended with the iterator."""
        with TemporaryFile() as errors, TemporaryFile() as asked:
            asked.write(given)
            asked.seek(0)
            yield from self._pieces(arguments, end, errors, asked)

    def _pieces(self, arguments: Sequence[str], end: bytes, errors: IO[bytes], asked: IO[bytes]) -> Iterator[bytes]:
        with self.started(arguments, errors, asked) as process:
            rest = b""
            while some := process.stdout.read(PIECE):
                *whole, rest = (rest + some).split(end)
                yield from whole
                if len(rest) > LONGEST:
                    raise GitError(f"git {arguments[0]} told of a name of more than {LONGEST:,} bytes.")
            if rest:
                yield rest
            if code := process.wait():
                errors.seek(0)
                raise _failed(arguments, code, errors.read())

    @contextmanager
    def started(
        self, arguments: Sequence[str], errors: File = subprocess.DEVNULL, asked: File = subprocess.PIPE
    ) -> Iterator[Running]:
        """The command as a running process, ended with the block.

        It reads from `asked`, by default what is written to it, and complains to `errors`.
        """
        command, pipe = self._command(arguments), subprocess.PIPE
        try:
            process = subprocess.Popen(command, env=dict(self.variables), stdin=asked, stdout=pipe, stderr=errors)
        except OSError as error:
            raise GitError(f"The program git cannot be started: {error.strerror}.") from None
        assert process.stdout
        try:
            yield Running(process.stdin or BytesIO(), process.stdout, process.wait)
        finally:
            process.kill()
            process.stdout.close()
            with suppress(BrokenPipeError):
                if process.stdin:
                    process.stdin.close()
            process.wait()

    def _command(self, arguments: Sequence[str]) -> list[str]:
        return ["git", f"--git-dir={self.folder}", *arguments]


def variables(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """What git is told: where programs are, and of a push under way, where its objects wait, if that is in the folder.

    The quarantine's variables are read from `environment`, but only its place counts: the folder's own objects are
    beside it.
    """
    told = {"PATH": environment.get("PATH", os.defpath), **CLEAN}
    waiting, objects = environment.get("GIT_QUARANTINE_PATH"), (folder / "objects").resolve()
    if waiting and objects in (place := (folder / waiting).resolve()).parents:
        told |= {
            "GIT_QUARANTINE_PATH": str(place),
            "GIT_OBJECT_DIRECTORY": str(place),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": _quoted(str(objects)),
        }
    return told


def _quoted(path: str) -> str:
    """The path as one of a list, even when there is a colon in it."""
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _failed(arguments: Sequence[str], code: int, told: bytes) -> GitError:
    lines = told.decode("utf-8", "backslashreplace").strip().splitlines()
    said = "".join(char if char.isprintable() else " " for char in lines[0]) if lines else f"it ended with {code}"
    return GitError(f"git {arguments[0]} failed: {said[:200]}.")
