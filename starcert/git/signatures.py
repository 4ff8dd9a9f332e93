"""Signatures: with which SSH keys commits were signed, as git and ssh-keygen find.

Other kinds of signature are named, never looked at. The time that a signer claims counts for nothing: which keys are
allowed is the caller's to say.
"""

import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from starcert.git.program import Program
from starcert.git.repository import Repository
from starcert.problems import Mistake

MOST_BYTES = 65_536
"""Of a commit, its message included."""

WHO = rb"[^<>\n\0]*<[^<>\n\0]*> [0-9]{1,11} [+-][0-9]{4}"
HEADER = re.compile(rb"tree [0-9a-f]+\n(?:parent [0-9a-f]+\n)*author %b\ncommitter %b(?:\n[^\0]*)?" % (WHO, WHO))
FIELD = re.compile(rb"^(gpgsig[^ \n]*)(?: (.*(?:\n .*)*))?$", re.MULTILINE)
SSH = re.compile(rb"-----BEGIN SSH SIGNATURE-----\r?\n [A-Za-z0-9+/=\r\n ]+\n -----END SSH SIGNATURE-----\s*")
PRINCIPAL = re.compile(r"[a-z0-9:-]+")
KEY = re.compile(r"[a-z0-9.@-]+ [A-Za-z0-9+/]+=*")


class State(StrEnum):
    """What there is to say of a commit's signature."""

    GOOD = "good"
    UNKNOWN_KEY = "unknown-key"
    UNSIGNED = "unsigned"
    OPENPGP = "openpgp"
    X509 = "x509"
    SEVERAL = "several"
    DAMAGED = "damaged"
    TOO_LARGE = "too-large"


OTHERS = {
    b"-----BEGIN PGP SIGNATURE-----": State.OPENPGP,
    b"-----BEGIN PGP MESSAGE-----": State.OPENPGP,
    b"-----BEGIN SIGNED MESSAGE-----": State.X509,
}


@dataclass(frozen=True, slots=True)
class Signature:
    """A commit's signature; `principal` is whose a good one is, `fingerprint` what key made it, known or not."""

    state: State
    principal: str = ""
    fingerprint: str = ""


def signers(repository: Repository, commits: Sequence[str], allowed: Iterable[tuple[str, str]]) -> dict[str, Signature]:
    """The signature of each of these commits, by id; `allowed` are principals and their keys, as `TYPE BASE64`.

    A key that several principals have is told to be the first one's.
    """
    found = {commit: _form(data) for commit, data in _read(repository.git, commits).items()}
    to_verify = [commit for commit, state in found.items() if state is State.GOOD]
    verified = _verified(repository.git, to_verify, "".join(_line(*one) for one in allowed)) if to_verify else {}
    return {commit: verified.get(commit) or Signature(found[commit]) for commit in commits}


def _read(git: Program, commits: Sequence[str]) -> dict[str, bytes | None]:
    """The commits' own texts; None in place of one that is too large."""
    if not commits:
        return {}
    asked = "".join(f"{commit}\n" for commit in commits).encode()
    sizes = [
        int(line.split()[2]) for line in git.run("cat-file", "--batch-check", "--buffer", given=asked).splitlines()
    ]
    found: dict[str, bytes | None] = dict.fromkeys(commits)
    small = [(commit, size) for commit, size in zip(commits, sizes, strict=True) if size <= MOST_BYTES]
    said = git.run("cat-file", "--batch", "--buffer", given="".join(f"{commit}\n" for commit, _ in small).encode())
    end = 0
    for commit, size in small:
        start = said.index(b"\n", end) + 1
        end = start + size + 1
        found[commit] = said[start : start + size]
    return found


def _form(commit: bytes | None) -> State:
    """What kind of signature the commit carries; GOOD stands for one SSH signature that is still to be verified.

    Git itself gives up on some commits, and leaves whatever begins with gpgsig out of what is signed: so it is asked
    only about commits that have one such header, in the form that it writes.
    """
    if commit is None:
        return State.TOO_LARGE
    header, _, _ = commit.partition(b"\n\n")
    if not HEADER.fullmatch(header):
        return State.DAMAGED
    fields = FIELD.findall(header)
    if len(fields) != 1:
        return State.SEVERAL if fields else State.UNSIGNED
    [(name, value)] = fields
    other = next((state for begin, state in OTHERS.items() if value.startswith(begin)), None)
    return other or (State.GOOD if name == b"gpgsig" and SSH.fullmatch(value) else State.DAMAGED)


def _line(principal: str, key: str) -> str:
    """A line of the file of allowed signers (ssh-keygen(1)); ValueError when it would be read as another one."""
    if not (PRINCIPAL.fullmatch(principal) and KEY.fullmatch(key)):
        raise ValueError(f"no principal and key: {principal!r} {key!r}")
    return f'{principal} namespaces="git" {key}\n'


def _verified(git: Program, commits: Sequence[str], allowed: str) -> Mapping[str, Signature]:
    """What git and ssh-keygen find of SSH signatures."""
    with TemporaryDirectory(prefix="starcert-") as folder:
        file = Path(folder, "allowed_signers")
        file.write_text(allowed, encoding="ascii")
        form = "--format=%H%x00%G?%x00%GS%x00%GF"
        asked = "".join(f"{commit}\n" for commit in commits).encode()
        said = git.run(*_settings(file), "log", "--no-walk=unsorted", "--stdin", "--no-color", form, given=asked)
    lines = (line.split("\0") for line in said.decode("utf-8", "replace").splitlines())
    return {commit: _signature(*told) for commit, *told in lines}


def _settings(allowed: Path) -> list[str]:
    program = shutil.which("ssh-keygen")
    if program is None:
        raise Mistake("The program ssh-keygen cannot be found: install OpenSSH, which signatures are verified with.")
    told = {
        "gpg.format": "ssh",
        "gpg.program": "false",
        "gpg.openpgp.program": "false",
        "gpg.x509.program": "false",
        "gpg.ssh.program": program,
        "gpg.ssh.allowedSignersFile": str(allowed),
        "gpg.minTrustLevel": "fully",
        "log.showSignature": "false",
    }
    return [word for name, value in told.items() for word in ("-c", f"{name}={value}")]


def _signature(letter: str, principal: str, fingerprint: str) -> Signature:
    """From git's letter: G is good, U is good too but of a key that nobody allowed has."""
    if letter == "G" and principal and fingerprint:
        return Signature(State.GOOD, principal, fingerprint)
    if letter == "U" and fingerprint:
        return Signature(State.UNKNOWN_KEY, fingerprint=fingerprint)
    return Signature(State.DAMAGED)
