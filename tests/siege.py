"""A register under attack: installed as an operator does it, signed by real keys, pushed to by real git."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from hosts import Hosted
from keys import EXAMPLE_BODY, OTHER_BODY, listed, pair
from project import REPOSITORY
from pushing import NUMBER, PATH, REGISTRY, problems_in
from records import RECORD, varied
from repositories import PERSON, Clone

from starcert.days import clock, day_in_china

TODAY = day_in_china(clock())
ONE_DAY = timedelta(days=1)
EXAMPLE, OTHER = "registry/certificates/example-cb", "registry/certificates/other-cb"
BODY = "registry/bodies/example-cb.yaml"
OTHERS = f"{OTHER}/99825SC00001R1M.yaml"
WITHDRAWN = f"{EXAMPLE}/99925SC00900R1M.yaml"
LOST = f"{EXAMPLE}/99925SC00999R1M.yaml"
ZERO = "0" * 40
END = "decisions:\n  - {kind: withdrawn, date: 2026-05-20, reason: 拒绝接受监督审核}\n"
PERSONS = ("clerk", "other", "expired", "revoked", "early")


def numbered(number: str, *changes: tuple[str, str], also: str = "") -> str:
    """The valid record under that number."""
    return varied((f"number: {NUMBER}", f"number: {number}"), *changes, also=also)


def fresh(number: str, *changes: tuple[str, str]) -> str:
    """A record of that number that is live on the day of the test, whenever that is."""
    issued = TODAY - 30 * ONE_DAY
    expires = issued.replace(year=issued.year + 3, day=min(issued.day, 28)) - ONE_DAY
    text = RECORD[: RECORD.index("  - kind: surveillance")]
    told = {NUMBER: number, "2022-03-01": issued, "2025-03-01": issued, "2028-02-29": expires}
    told |= {"2025-02-11": issued - 9 * ONE_DAY, "kind: recertification": "kind: initial"}
    for old, new in (*told.items(), *changes):
        assert text.count(old) == 1
        text = text.replace(old, str(new))
    return text


MANY = {f"{EXAMPLE}/99926SC{n:05}R0M.yaml": fresh(f"99926SC{n:05}R0M") for n in range(11)}


def with_keys(*more: str) -> str:
    """The body's record with its keys: one that counts, and others that do not, or not yet, or no more."""
    keys = [
        listed(pair("clerk").line, valid_from="2020-01-01"),
        listed(pair("expired").line, valid_from="2020-01-01", valid_until=str(TODAY - ONE_DAY)),
        listed(pair("revoked").line, valid_from="2020-01-01", revoked=str(TODAY)),
        listed(pair("early").line, valid_from=str(TODAY + 2 * ONE_DAY)),
    ]
    return EXAMPLE_BODY + "keys:\n" + "".join((*keys, *more))


@dataclass(frozen=True)
class Siege:
    """A host with a register of two bodies, and a clone in which an attacker may do anything."""

    host: Hosted
    clerk: Clone

    @property
    def bare(self) -> Path:
        """The repository that is attacked."""
        return self.host.repository

    @property
    def tip(self) -> str:
        """The commit that main has."""
        return self.clerk.git("--git-dir", str(self.bare), "rev-parse", "main").strip()

    def commit(self, files: Mapping[str, str | bytes | None], by: str | None = "clerk", subject: str = "change") -> str:
        """The id of a new commit with these files, signed with the key of that name."""
        return self.clerk.commit(files, subject, *signing(by))

    def signed(self, by: str | None, *arguments: str, **also: str) -> str:
        """What git prints when it makes a commit otherwise, such as by commit-tree, signed with the key of that name."""
        words = ["-c", f"user.signingkey={pair(by).private}.pub", "-c", "commit.gpgsign=true"] if by else []
        return self.clerk.git(*words, *arguments, **also).strip()

    def planted(self, entries: Mapping[str, tuple[str, str]], by: str | None = "clerk") -> str:
        """A signed commit with entries (mode, id) as no folder would give them, at paths of main's tree."""
        for path, (mode, id) in entries.items():
            self.clerk.git("update-index", "--add", "--cacheinfo", f"{mode},{id},{path}")
        self.clerk.git("commit", "-q", "-m", "planted", *signing(by))
        return self.clerk.git("rev-parse", "HEAD").strip()

    def put(self, text: bytes) -> str:
        """The id of a commit of just this text, on the branch from now on."""
        made = self.clerk.git("hash-object", "--literally", "-w", "-t", "commit", "--stdin", given=text).strip()
        self.clerk.git("update-ref", "refs/heads/main", made)
        return made

    def reset(self) -> None:
        """The clone as the register is."""
        git = self.clerk.git
        for name in ("shallow", "info/grafts", "objects/info/alternates", "MERGE_HEAD"):
            (self.clerk.folder / ".git" / name).unlink(missing_ok=True)
        git("checkout", "-q", "-f", "-B", "main", "origin/main")
        git("fetch", "-q", "origin")
        git("reset", "-q", "--hard", "origin/main")
        git("clean", "-ffdxq")
        for ref in git("for-each-ref", "--format=%(refname)").split():
            if ref not in ("refs/heads/main", "refs/remotes/origin/main", "refs/remotes/origin/HEAD"):
                git("update-ref", "-d", ref)

    def standing(self) -> dict[str, object]:
        """All of the host that no push but an accepted one may change."""
        git = self.clerk.git
        known = git("--git-dir", str(self.bare), "cat-file", "--batch-all-objects", "--batch-check", "--unordered")
        files = (path for path in self.bare.rglob("*") if path.is_file() and "starcert" not in path.parts)
        stored = {path: sha256(path.read_bytes()).digest() for path in files}
        site = {path: sha256(path.read_bytes()).digest() for path in self.host.site.rglob("*") if path.is_file()}
        settings = (self.bare / "starcert" / "host.yaml").read_bytes()
        refs = git("--git-dir", str(self.bare), "for-each-ref")
        return {"refs": refs, "objects": sorted(known.split("\n")), "files": stored, "site": site, "host": settings}

    def refused(self, *arguments: str, **also: str) -> list[str]:
        """The problems of a push that must be refused, and after which all must stand as before."""
        return problems_in(self.answer(*arguments, **also))

    def answer(self, *arguments: str, **also: str) -> str:
        """What is said of such a push, git's own words too, without the marks of its lines."""
        before = self.standing()
        told = self.clerk.git("push", *(arguments or ("origin", "main")), fails=True, **also)
        return self.checked(told, before)

    def checked(self, told: str, before: Mapping[str, object]) -> str:
        """The same of an attack that was made otherwise."""
        after = self.standing()
        for part, was in before.items():
            assert after[part] == was, told
        assert not list((self.bare / "objects").glob("tmp_objdir*"))
        assert "Traceback" not in told
        assert not (self.bare / "starcert" / "crash.txt").exists(), (self.bare / "starcert" / "crash.txt").read_text()
        assert all(line.isprintable() for line in told.replace("\x1b[K", "").splitlines()), told
        return "\n".join(re.sub(r"^remote: ?|\x1b\[K", "", line).rstrip() for line in told.splitlines())

    def passes(self, *arguments: str, **also: str) -> str:
        """What is said of a push that must go live."""
        told = self.clerk.git("push", *(arguments or ("origin", "main")), **also)
        assert self.host.live["commit"] == self.tip
        return told

    def raw(
        self,
        updates: Sequence[tuple[str, str, str]],
        pack: Sequence[str] = (),
        options: Sequence[bytes] = (),
        shallow: Sequence[str] = (),
        **also: str,
    ) -> str:
        """What the server answers to a client that says OLD NEW REF as it likes, with a pack of these revisions."""
        given = "".join(f"{one}\n" for one in pack).encode()
        packed = subprocess.run(
            ["git", "pack-objects", "--revs", "--stdout", "-q"],
            cwd=self.clerk.folder, env={"PATH": os.environ["PATH"], **PERSON}, input=given, capture_output=True, check=True,
        ).stdout  # fmt: skip
        able = b"\0report-status side-band-64k push-options"
        lines = [f"{old} {new} {ref}".encode() for old, new, ref in updates]
        said = [f"shallow {one}".encode() for one in shallow] + [lines[0] + able, *lines[1:]]
        text = b"".join(map(_packet, said)) + b"0000" + b"".join(map(_packet, options)) + b"0000"
        done = subprocess.run(
            ["git", "receive-pack", str(self.bare)],
            env={"PATH": os.environ["PATH"], **PERSON, **also}, input=text + packed, capture_output=True, timeout=120, check=False,
        )  # fmt: skip
        return "\n".join(_unpacked(done.stdout)) + done.stderr.decode("utf-8", "backslashreplace")


def signing(by: str | None) -> tuple[str, ...]:
    """How `git commit` signs with the key of that name, or not."""
    return (f"--gpg-sign={pair(by).private}.pub",) if by else ("--no-gpg-sign",)


def rules(problems: Sequence[str]) -> list[str]:
    """The rules that were broken, each once."""
    return sorted({line.rpartition("[")[2].rstrip("]") for line in problems})


def besieged(folder: Path, records: Mapping[str, str]) -> Siege:
    """A register of the two bodies with these records; one more was there before the operator removed it."""
    folder.mkdir()
    host, clerk = Hosted(folder), Clone(folder / "clone", folder / "register.git")
    operator = f"{pair('operator').private}.pub"
    assert host.host("install", "--site", str(host.site), "--operator", operator).code == 0
    clerk.folder.mkdir()
    clerk.git("init", "--quiet", "-b", "main", ".")
    clerk.git("config", "gpg.format", "ssh")
    clerk.git("remote", "add", "origin", clerk.bare.as_uri())
    for name in ("templates", "content"):
        shutil.copytree(REPOSITORY / name, clerk.folder / name)
    shutil.copy(REPOSITORY / "site.yaml", clerk.folder)
    theirs = OTHER_BODY + "keys:\n" + listed(pair("other").line, valid_from="2020-01-01")
    made, siege = {**REGISTRY, BODY: with_keys(), "registry/bodies/other-cb.yaml": theirs}, Siege(host, clerk)
    siege.commit({**made, **records, LOST: numbered(Path(LOST).stem)}, "operator", "begin")
    siege.commit({LOST: None}, "operator", "a record is lost")
    siege.passes("-u", "origin", "main")
    return siege


RECORDS = {
    PATH: RECORD,
    OTHERS: numbered(Path(OTHERS).stem),
    WITHDRAWN: numbered(Path(WITHDRAWN).stem, also=END),
    **MANY,
}


def _packet(line: bytes) -> bytes:
    return f"{len(line) + 4:04x}".encode() + line


def _unpacked(stream: bytes) -> Iterator[str]:
    """What a server says on its side bands, line by line, and its report."""
    bands: dict[int, bytes] = {1: b"", 2: b"", 3: b""}
    at, flushes = 0, 0
    while at < len(stream):
        size = int(stream[at : at + 4], 16)
        if size == 0:
            flushes, at = flushes + 1, at + 4
            continue
        if flushes:
            bands[stream[at + 4]] += stream[at + 5 : at + size]
        at += size
    for band in (2, 3, 1):
        yield from (line.rstrip("\r") for line in bands[band].decode("utf-8", "backslashreplace").split("\n"))
