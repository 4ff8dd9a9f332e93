"""A register with the judging hook, and clerks who push to it with real git."""

import os
import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from project import DAY, REPOSITORY
from records import BODY, RECORD, RULEBOOK, varied
from repositories import Clone, clone

PLACE = re.compile(r".+:\d+:\d+:")
NUMBER = "99925SC00123R1M"
FOLDER = f"registry/certificates/{BODY}"
PATH = f"{FOLDER}/{NUMBER}.yaml"
REGISTRY = {f"registry/{name}": text for name, text in RULEBOOK.items()}


@dataclass(frozen=True)
class Register:
    """A bare repository that judges what is pushed to it, and a clerk's clone."""

    clerk: Clone

    @property
    def bare(self) -> Path:
        """The repository that is pushed to."""
        return self.clerk.bare

    @property
    def tip(self) -> str:
        """The commit that main has."""
        return self.clerk.git("--git-dir", str(self.bare), "rev-parse", "main").strip()

    def push(self, *arguments: str, refused: bool = True, **also: str) -> str:
        """What the clerk reads of the answer, without git's own lines."""
        asked = arguments or ("origin", "main")
        told = self.clerk.git("push", *asked, fails=refused, **also)
        lines = [
            line.removeprefix("remote:").removeprefix(" ").rstrip()
            for line in told.splitlines()
            if line.startswith("remote:")
        ]
        return "\n".join(lines).strip("\n")

    def change(self, files: Mapping[str, str | bytes | None], subject: str = "change", *options: str) -> str:
        """The id of the clerk's new commit."""
        return self.clerk.commit(files, subject, *options)


def register(folder: Path, *keys: str, day: str = DAY, records: Mapping[str, str] | None = None) -> Register:
    """A register of the small rulebook and these records, by default the valid one; signed when there are keys."""
    made = Register(clone(folder))
    made.change({**REGISTRY, **({PATH: RECORD} if records is None else records)}, "begin")
    made.clerk.git("push", "--quiet", "-u", "origin", "main")
    hook(made.bare, *keys, day=day)
    return made


def hook(bare: Path, *keys: str, day: str = DAY) -> None:
    """Have what is pushed to a repository judged."""
    words = shlex.join([sys.executable, "-B", str(REPOSITORY / "tests" / "pre_receive.py"), day, *keys])
    script = f"#!/bin/sh\nPYTHONPATH={shlex.quote(str(REPOSITORY))} exec {words}\n"
    path = bare / "hooks" / "pre-receive"
    path.parent.mkdir(exist_ok=True)
    path.write_text(script, encoding="utf-8")
    path.chmod(0o755)
    with open(bare / "config", "a", encoding="utf-8") as config:
        config.write("[receive]\n\tadvertisePushOptions = true\n\tfsckObjects = true\n[gc]\n\tauto = 0\n")


def another(number: str, *changes: tuple[str, str], also: str = "") -> dict[str, str | bytes | None]:
    """A record of that number, by its path."""
    text = varied((f"number: {NUMBER}", f"number: {number}"), *changes, also=also)
    return {f"{FOLDER}/{number.replace('/', '-')}.yaml": text}


def objects(bare: Path) -> set[str]:
    """Every file in the object store."""
    return {os.path.relpath(path, bare) for path in (bare / "objects").rglob("*") if path.is_file()}


def problems_in(answer: str) -> list[str]:
    """The problems that an answer tells of: place, English message and rule, without the lines of their source."""
    lines = answer.splitlines()
    told = [at for at, line in enumerate(lines) if PLACE.fullmatch(line)]
    return [f"{lines[at]} {lines[at + 2].strip()}" for at in told]
