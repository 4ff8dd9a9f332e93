"""Pushes to a register as `host install` makes one, timed as a clerk waits for them.

    python -m benchmarks.pushes COUNT FOLDER

makes a register of COUNT certificates of one body in FOLDER, which must not exist, and prints for each push, in
seconds: the whole of it (git, its hooks and the publication), the judging alone, and how long after the answer the new
page was there (below zero: before it). Each commit is signed; the least of ROUNDS counts, since other work only adds.
"""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click

from benchmarks.records import REGISTRY, SHARED, UNTIL, records
from starcert.days import ONE_DAY

REPOSITORY = Path(__file__).parent.parent
BODY = "hengzhun"
ROUNDS = 5
HOLDER = re.compile(r"(?m)^(  name: .+?)(?:第\d+)?(?=(?:股份)?有限公司$)")


@dataclass(frozen=True)
class Timed:
    """How long a push took, the judging alone, and from the answer to the page."""

    whole: float
    judging: float
    shown: float

    def __str__(self) -> str:
        return f"push {self.whole:.2f}, judging {self.judging:.2f}, page {self.shown:+.2f}"


@dataclass(frozen=True)
class Place:
    """A register and a clerk's clone, in a folder."""

    folder: Path

    @property
    def clone(self) -> Path:
        """The clerk's clone."""
        return self.folder / "clone"

    @property
    def site(self) -> Path:
        """What the web server serves."""
        return self.folder / "site"

    def git(self, *arguments: str) -> str:
        """What git prints in the clone."""
        who = [f"GIT_{role}_{what}" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")]
        plain = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "GIT_CONFIG_NOSYSTEM": "1"}
        plain |= dict.fromkeys(who, "clerk@example.com")
        return subprocess.run(
            ["git", *arguments], cwd=self.clone, env=plain, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ).stdout.decode()

    def commit(self, key: str) -> None:
        """All that was written, signed with a key."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", "a change", f"--gpg-sign={self.folder / key}.pub")

    def push(self, page: str, says: str) -> Timed:
        """How long a push takes until git ends, and until the page says this."""
        judging, seen = self._judged(), []
        ended = threading.Event()

        def look() -> None:
            path = self.site / page
            while not (path.exists() and says in path.read_text(encoding="utf-8")):
                if ended.wait(0.005) and time.perf_counter() - answered > 30:
                    return
            seen.append(time.perf_counter())

        looking = threading.Thread(target=look)
        looking.start()
        begun = time.perf_counter()
        self.git("push", "--quiet", "origin", "main")
        answered = time.perf_counter()
        ended.set()
        looking.join()
        return Timed(answered - begun, judging, seen[0] - answered)

    def _judged(self) -> float:
        """How long the judging takes alone: `host receive` is asked as by the hook, with the commits there already."""
        bare = self.folder / "register.git"
        self.git("--git-dir", str(bare), "fetch", "--quiet", str(self.clone), "HEAD:refs/trial/push")
        old, new = (self.git("--git-dir", str(bare), "rev-parse", ref).strip() for ref in ("main", "refs/trial/push"))
        command = [sys.executable, str(REPOSITORY / "build.py"), "host", "receive", str(bare)]
        begun = time.perf_counter()
        subprocess.run(command, input=f"{old} {new} refs/heads/main\n".encode(), check=True, cwd="/")
        took = time.perf_counter() - begun
        self.git("--git-dir", str(bare), "update-ref", "-d", "refs/trial/push")
        return took


def ours() -> Iterator[tuple[str, str]]:
    """Records of the one body, as many as there are."""
    return ((path, text) for path, text in records(100_000) if path.startswith(f"certificates/{BODY}/"))


def begin(place: Place, made: list[tuple[str, str]]) -> None:
    """The register, with these records."""
    for key in ("operator", "clerk"):
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", key, "-f", str(place.folder / key)]
        subprocess.run(make, check=True)
    install = ["host", "install", str(place.folder / "register.git"), "--site", str(place.site)]
    told = [sys.executable, str(REPOSITORY / "build.py"), *install, "--operator", str(place.folder / "operator.pub")]
    subprocess.run(told, check=True, stdout=subprocess.DEVNULL)
    place.clone.mkdir()
    place.git("init", "--quiet", "-b", "main")
    place.git("remote", "add", "origin", str(place.folder / "register.git"))
    place.git("config", "gpg.format", "ssh")
    shutil.copy(REPOSITORY / "site.yaml", place.clone)
    for name in ("templates", "content"):
        shutil.copytree(REPOSITORY / name, place.clone / name)
    for name in SHARED:
        shutil.copytree(REGISTRY / name, place.clone / "registry" / name)
    key = " ".join((place.folder / "clerk.pub").read_text().split()[:2])
    with open(place.clone / f"registry/bodies/{BODY}.yaml", "a", encoding="utf-8") as body:
        body.write(f"keys:\n  - {{key: {key}, holder: 王芳, valid_from: {UNTIL - ONE_DAY}}}\n")
    write(place, made)
    place.commit("operator")
    place.git("push", "--quiet", "-u", "origin", "main")


def write(place: Place, made: list[tuple[str, str]]) -> None:
    """Records in the clone."""
    for name, text in made:
        path = place.clone / "registry" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@click.command()
@click.argument("count", type=int)
@click.argument("folder", type=click.Path(path_type=Path, exists=False))
def main(count: int, folder: Path) -> None:
    """Time pushes to a register of COUNT certificates, made in FOLDER."""
    folder.mkdir(parents=True)
    place, made = Place(folder.resolve()), list(islice(ours(), count + 2_000))
    begin(place, made[:count])
    record = next(
        path for path in sorted(place.clone.glob(f"registry/certificates/{BODY}/*")) if _page(path.stem, place).exists()
    )
    timed = []
    for number in range(ROUNDS):
        name = f"第{number + 1}"
        record.write_text(HOLDER.sub(rf"\g<1>{name}", record.read_text(encoding="utf-8"), count=1), encoding="utf-8")
        place.commit("clerk")
        timed.append(place.push(f"C/{record.stem}/index.html", name))
    click.echo(f"{count:,} certificates, one record changed: {min(timed, key=lambda one: one.whole)}")
    write(place, made[count:])
    place.commit("clerk")
    [*_, last] = (Path(name).stem for name, text in made[count:] if "expires: 2028" in text and "decisions" not in text)
    click.echo(f"{count:,} certificates, 2,000 new ones:     {place.push(f'C/{last}/index.html', last)}")


def _page(slug: str, place: Place) -> Path:
    return place.site / "C" / slug / "index.html"


if __name__ == "__main__":
    main()
