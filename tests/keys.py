"""Keys for tests: real ones, made by ssh-keygen, and bodies that list them."""

import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from records import RULEBOOK

from starcert.sshkey import SshKey, ssh_key

FOLDER = TemporaryDirectory(prefix="starcert-keys-")
"""Removed when the tests have ended."""
EXAMPLE_BODY = RULEBOOK["bodies/example-cb.yaml"]
OTHER_BODY = EXAMPLE_BODY.replace("999\\d{2}SC", "998\\d{2}SC").replace("CNCA-R-9999-999", "CNCA-R-9999-998")


@dataclass(frozen=True)
class Pair:
    """A pair of keys: the file of the private one, the line of the public one without its comment."""

    private: Path
    line: str

    @property
    def public(self) -> SshKey:
        """The public key."""
        return ssh_key(self.line)


@cache
def pair(name: str, *kind: str) -> Pair:
    """The pair of that name, made when it is first asked for; Ed25519 unless told."""
    path = Path(mkdtemp(dir=FOLDER.name)) / name
    make = ["ssh-keygen", "-q", "-t", *(kind or ("ed25519",)), "-N", "", "-C", f"{name}@office", "-f", str(path)]
    subprocess.run(make, check=True, stdin=subprocess.DEVNULL)
    return Pair(path, " ".join(path.with_suffix(".pub").read_text().split()[:2]))


def listed(*keys: str, holder: str = "王芳", valid_from: str = "2026-01-01", **days: str) -> str:
    """Items of a body's keys, each with the same holder and days."""
    also = "".join(f"    {name}: {day}\n" for name, day in days.items())
    return "".join(f"  - key: {key}\n    holder: {holder}\n    valid_from: {valid_from}\n{also}" for key in keys)
