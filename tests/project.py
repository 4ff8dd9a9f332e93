"""A project folder as an operator has it, and build.py run in it as an operator runs it: a process of its own."""

import contextlib
import gzip
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import warm
from click.testing import CliRunner
from records import BODY, RECORD, varied, write_registry

import build

REPOSITORY = Path(__file__).parent.parent
BUILD = REPOSITORY / "build.py"
DAY = "2026-11-22"
NUMBER = "99925SC00123R1M"
CERTIFICATES = f"registry/certificates/{BODY}"
MEMORY = [".site.starcert-memory", ".site.starcert-vouch"]
"""What lies beside a site between builds."""
COMMAND = [sys.executable, "-B", str(BUILD)]
DEADLINE = 120
"""Seconds after which a run counts as hanging."""


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Project:
    """A folder with site.yaml, registry/, templates/ and content/; `run` starts build.py there."""

    folder: Path

    def run(self, *arguments: str, answers: str = "", **environment: str) -> Ended:
        """build.py with those arguments, these lines on its standard input and these variables."""
        afresh = not environment.keys() <= {"SOURCE_DATE_EPOCH"}
        return started(arguments, self.folder, clean_environment(environment), answers, afresh)

    def call(self, *arguments: str, answers: str = "") -> Ended:
        """The same within this process: no start of Python to wait for, where the process itself is not in question."""
        with contextlib.chdir(self.folder):
            result = CliRunner(env={"LC_ALL": "C.UTF-8"}).invoke(build.main, arguments, input=answers)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    def build(self, *arguments: str, **environment: str) -> Ended:
        """The site as of the day of these tests."""
        return self.run("--as-of", DAY, *arguments, **environment)

    def command(self, *arguments: str) -> list[str]:
        """What starts build.py."""
        return [*COMMAND, *arguments]

    def path(self, name: str) -> Path:
        """A path in the project."""
        return self.folder / name

    def write(self, name: str, text: str | bytes) -> Path:
        """A file of the project, written with the folders above it."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def add(self, number: str, *changes: tuple[str, str], also: str = "", folder: str = CERTIFICATES) -> str:
        """The path of a new record: the valid one of records.py under another number, varied."""
        name = f"{folder}/{number.upper().replace('/', '-')}.yaml"
        self.write(name, varied((f"number: {NUMBER}", f"number: {number}"), *changes, also=also))
        return name

    @property
    def site(self) -> dict[str, bytes]:
        """Every file of the site by path; empty when there is none."""
        return tree(self.folder / "site")

    def page(self, path: str) -> str:
        """A page of the site."""
        return (self.folder / "site" / path / "index.html").read_text(encoding="utf-8")


def started(
    arguments: Sequence[str], folder: Path, variables: Mapping[str, str], answers: str = "", afresh: bool = False
) -> Ended:
    """How build.py ended with these arguments; in a process that was started afresh, or in one that was warm.

    Only the former is told by the variables how Python is to start.
    """
    if afresh:
        ended = subprocess.run(
            [*COMMAND, *arguments],
            cwd=folder,
            env=variables,
            input=answers.encode(),
            capture_output=True,
            timeout=DEADLINE,
            check=False,
        )
        code, out, err = ended.returncode, ended.stdout, ended.stderr
    else:
        code, out, err = warm.run(arguments, folder, variables, answers.encode(), DEADLINE)
    told = Ended(code, out.decode(), err.decode())
    assert "Traceback" not in told.out + told.err, told
    return told


def project(folder: Path, *, records: Mapping[str, str] | None = None) -> Project:
    """A project with the small rulebook of records.py and those records by path; the valid one unless told."""
    shown = {f"certificates/{BODY}/{NUMBER}.yaml": RECORD} if records is None else dict(records)
    folder.mkdir(parents=True, exist_ok=True)
    write_registry(folder / "registry", shown)
    return _furnished(folder)


def shipped(folder: Path) -> Project:
    """A project with the registry that the repository ships."""
    shutil.copytree(REPOSITORY / "registry", folder / "registry")
    return _furnished(folder)


def _furnished(folder: Path) -> Project:
    shutil.copy(REPOSITORY / "site.yaml", folder)
    for name in ("templates", "content"):
        shutil.copytree(REPOSITORY / name, folder / name)
    return Project(folder)


def clean_environment(also: Mapping[str, str]) -> dict[str, str]:
    """What a scheduler gives a program, an instant that all builds are stamped with, and these variables."""
    plain = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8"}
    return {**plain, "SOURCE_DATE_EPOCH": os.environ["SOURCE_DATE_EPOCH"], **also}


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path there."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def unpacked(site: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same files, with those that are compressed in plain."""
    return {path: gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data for path, data in site.items()}
