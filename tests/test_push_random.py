"""Random pushes: good and evil steps in any order, judged as they come; what passes is what the law lets pass.

The law is told here anew, from the commits themselves: each was signed by the body of every folder that it touches, or
by the operator where it touches none, and what was recorded of a certificate stays.
"""

import random
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from keys import pair
from pushing import REGISTRY
from repositories import Clone
from siege import (
    BODY,
    EXAMPLE,
    FOUR,
    OTHER,
    OTHERS,
    RECORDS,
    TODAY,
    WITHDRAWN,
    numbered,
    other_body,
    signing,
    with_keys,
)

from starcert.git import Repository
from starcert.host.installing import operator
from starcert.push.answer import answer
from starcert.push.judging import Host, Push, judge
from starcert.push.line import MAIN, Update
from starcert.push.verdict import Verdict

ROUNDS, SEED = 60, 20261122
SIGNERS = ("clerk", "clerk", "clerk", "other", "other", "operator", "operator", "expired", "stranger", None)
FOLDERS = {"clerk": EXAMPLE, "other": OTHER}
REWRITINGS = (
    ("91330100MA0000001F", "91330100MA00000006"),
    ("expires: 2028-02-29", "expires: 2028-01-31"),
    ("date: 2025-02-11", "date: 2025-02-10"),
    ("date: 2026-05-20", "date: 2026-05-21"),
    ("region: 33", "region: 44"),
    ("region: 33", "region: 99"),
    FOUR,
)
KEPT = ("number", "scheme", "first_issued", "issued", "expires")


@dataclass(frozen=True)
class Register:
    """A bare repository that has what the clone has, and judges what main may go to."""

    clerk: Clone
    host: Host

    @property
    def tip(self) -> str:
        return self.clerk.git("--git-dir", str(self.clerk.bare), "rev-parse", "main").strip()

    def judged(self, new: str) -> Verdict:
        """The verdict on a push of this commit."""
        push = Push([Update(self.tip, new, MAIN)], frozenset(), TODAY)
        return judge(Repository(self.clerk.bare), push, self.host)

    def take(self, new: str) -> None:
        """Main goes on to the commit."""
        self.clerk.git("--git-dir", str(self.clerk.bare), "update-ref", MAIN, new)


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    folder = tmp_path_factory.mktemp("random")
    clerk = Clone(folder / "clone", folder / "register.git")
    clerk.folder.mkdir()
    clerk.git("init", "-q", "-b", "main", ".")
    clerk.git("config", "gpg.format", "ssh")
    records = {
        path: text for path, text in RECORDS.items() if path in (OTHERS, WITHDRAWN) or path.endswith("123R1M.yaml")
    }
    clerk.commit({**REGISTRY, BODY: with_keys(), "registry/bodies/other-cb.yaml": other_body(), **records}, "begin")
    clerk.git("clone", "-q", "--bare", "--shared", ".", str(clerk.bare))
    host = Host(True, [operator(Path(f"{pair('operator').private}.pub"), TODAY)], clerk.bare / "ledger")
    return Register(clerk, host)


Step = Callable[[random.Random, Mapping[str, str]], tuple[str, str | None]]
"""A path and what it is to say, by the files that are there."""


def _any(rng: random.Random, files: Mapping[str, str]) -> str:
    return rng.choice(sorted(path for path in files if "/certificates/" in path))


def add(rng: random.Random, files: Mapping[str, str]) -> tuple[str, str | None]:
    folder, mark = rng.choice([(EXAMPLE, 999), (OTHER, 998)])
    number = f"{mark}25SC{rng.randrange(2000, 99999):05}R1M"
    return f"{folder}/{number}.yaml", numbered(number)


def misplace(rng: random.Random, files: Mapping[str, str]) -> tuple[str, str | None]:
    path, text = add(rng, files)
    return path.replace(*rng.choice([("R1M.yaml", "R2M.yaml"), (EXAMPLE, OTHER), ("R1M.yaml", "R1M.txt")])), text


def comment(rng: random.Random, files: Mapping[str, str]) -> tuple[str, str | None]:
    path = _any(rng, files)
    return path, f"# {rng.random()}\n{files[path]}"


def decide(rng: random.Random, files: Mapping[str, str]) -> tuple[str, str | None]:
    path = _any(rng, files)
    decision = f"  - {{kind: {rng.choice(['cancelled', 'withdrawn'])}, date: {TODAY}, reason: 企业自己申请}}\n"
    return path, files[path] + ("" if "decisions:" in files[path] else "decisions:\n") + decision


def rewrite(rng: random.Random, files: Mapping[str, str]) -> tuple[str, str | None]:
    path = _any(rng, files)
    old, new = rng.choice(REWRITINGS)
    return path, files[path].replace(old, new)


def correct(rng: random.Random, files: Mapping[str, str]) -> tuple[str, str | None]:
    path, text = rewrite(rng, files)
    keys = rng.choice(["holder.uscc", "expires", "audits", "decisions", "expires, audits"])
    line = f"  - {{date: {TODAY}, keys: [{keys}], reason: 录入错误}}\n"
    return path, str(text) + ("" if "corrections:" in str(text) else "corrections:\n") + line


def forget(rng: random.Random, files: Mapping[str, str]) -> tuple[str, str | None]:
    return _any(rng, files), None


def elsewhere(rng: random.Random, files: Mapping[str, str]) -> tuple[str, str | None]:
    path = rng.choice(["notes.txt", "templates/home.html", "registry/certificates/README.md", "build.py", "a/b/c"])
    return path, f"{rng.random()}"


STEPS: tuple[Step, ...] = (add, add, add, misplace, comment, comment, decide, rewrite, correct, forget, elsewhere)


def walk(rng: random.Random, register: Register) -> str:
    """The last of one to three random commits on top of main, most of them signed by whose the first file is."""
    clerk = register.clerk
    clerk.git("reset", "-q", "--hard", register.tip)
    for _ in range(rng.choice([1, 1, 2, 3])):
        paths = clerk.git("ls-files", "registry/certificates").split()
        files = {path: (clerk.folder / path).read_text() for path in paths}
        changes = [rng.choice(STEPS)(rng, files) for _ in range(rng.choice([1, 1, 1, 2]))]
        by = _owner(changes[0][0]) if rng.random() < 0.8 else rng.choice(SIGNERS)
        clerk.commit({path: text for path, text in changes if text or path in files}, "step", *signing(by))
    return clerk.git("rev-parse", "HEAD").strip()


def _owner(path: str) -> str:
    return next((name for name, folder in FOLDERS.items() if path.startswith(folder + "/")), "operator")


def unlawful(register: Register, old: str, new: str) -> Iterator[str]:
    """What of the commits between two must not have passed, as a naive reader of them finds."""
    git, was = register.clerk.git, old
    for commit in git("rev-list", "--reverse", f"{old}..{new}").split():
        signer = _signer(register.clerk, commit)
        for line in git("diff", "--no-renames", "--name-status", was, commit).splitlines():
            letter, path = line.split("\t")
            if signer != _owner(path):
                yield f"{signer} changed {path}"
            if letter != "A" and _owner(path) != "operator":
                before, after = (git("show", f"{one}:{path}") if letter != "D" else "" for one in (was, commit))
                yield from _rewritten(yaml.load(before, yaml.BaseLoader), yaml.load(after, yaml.BaseLoader))
        was = commit


def _signer(clerk: Clone, commit: str) -> str | None:
    """By ssh-keygen alone: whose key signed the text of a commit."""
    text = clerk.git("cat-file", "commit", commit)
    if "\ngpgsig " not in text:
        return None
    lines = text.split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("gpgsig "))
    end = next(n for n in range(at + 1, len(lines)) if not lines[n].startswith(" "))
    signature = "\n".join([lines[at].removeprefix("gpgsig "), *(line[1:] for line in lines[at + 1 : end])]) + "\n"
    file = clerk.folder.parent / "signature"
    file.write_text(signature)
    payload = "\n".join(lines[:at] + lines[end:]).encode()
    for name in ("clerk", "other", "operator"):
        allowed = clerk.folder.parent / name
        allowed.write_text(f"{name} {pair(name).line}\n")
        command = ["ssh-keygen", "-Y", "verify", "-n", "git", "-f", str(allowed), "-I", name, "-s", str(file)]
        if subprocess.run(command, input=payload, capture_output=True, check=False).returncode == 0:
            return name
    return None


def _rewritten(was: Any, now: Any) -> Iterator[str]:
    if now is None:
        yield "a record is gone"
        return
    before, after = was.get("corrections", []), now.get("corrections", [])
    named = {key for correction in after[len(before) :] for key in correction["keys"]}
    if after[: len(before)] != before:
        yield "a correction was changed"
    for key in KEPT:
        if was[key] != now[key] and (key == "number" or key not in named):
            yield f"{key} was changed"
    if was["holder"]["uscc"] != now["holder"]["uscc"] and "holder.uscc" not in named:
        yield "the holder was changed"
    for key in ("audits", "decisions"):
        kept = was.get(key, [])
        if now.get(key, [])[: len(kept)] != kept and key not in named:
            yield f"{key} were changed"
    latest, newest = (max(audit["date"] for audit in one["audits"]) for one in (was, now))
    if now["level"] == "five-star" != was["level"] and newest <= latest:
        yield "the level was raised"


def test_what_passes_is_lawful(register: Register) -> None:
    """And what is refused is told why; some of both kinds come up."""
    rng, count = random.Random(SEED), {True: 0, False: 0}
    for _ in range(ROUNDS):
        old, new = register.tip, walk(rng, register)
        verdict = register.judged(new)
        count[verdict.accepted] += 1
        if verdict.accepted:
            assert list(unlawful(register, old, new)) == []
            register.take(new)
        else:
            assert "[" in answer(verdict)
    assert min(count.values()) >= ROUNDS // 10, count
