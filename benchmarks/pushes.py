"""Pushes to a register as `host install` makes one, timed as a clerk waits for them and readers see them.

    python -m benchmarks.pushes COUNT FOLDER

makes a register of COUNT certificates of one body in FOLDER, which must not exist, has nginx and Caddy serve it as
`host file` tells them to, and prints for one changed record and for 2,000 new ones, in seconds:

- the push as a whole: git, its hooks and the publication;
- the judging alone, with the ledger as the push before left it, and with none, so that all records are judged;
- from the moment when git ended, which is a little after the hook's answer, to the first answer of each server, with
  status 200, that holds what was pushed; below zero when that came before git ended.

Each commit is signed. Every figure is a median, with the least and the greatest and how many there were.
"""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import click

from benchmarks.records import REGISTRY, SHARED, UNTIL, records
from starcert.days import ONE_DAY
from tests.servers import SERVERS, asked, serving

REPOSITORY = Path(__file__).parent.parent
BODY = "hengzhun"
NEW = 2_000
"""Records of the last push."""
ROUNDS, ROUNDS_COLD = 5, 3
HOLDER = re.compile(r"(?m)^(  name: .+?)(?:第\d+)?(?=(?:股份)?有限公司$)")
LINK = re.compile(r"(?m)^(?:supersedes|superseded_by|parent): (\S+)")
Records = list[tuple[str, str]]


@dataclass(frozen=True)
class Figure:
    """Seconds, measured several times."""

    seconds: list[float]

    def __str__(self) -> str:
        least, most = min(self.seconds), max(self.seconds)
        return f"{median(self.seconds):7.3f}  ({least:.3f} to {most:.3f}, of {len(self.seconds)})"


@dataclass(frozen=True)
class Timed:
    """How long a push took, and from its end to the page, by server."""

    whole: float
    shown: Mapping[str, float]


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

    def push(self, slug: str, says: str, servers: Mapping[str, str]) -> Timed:
        """How long a push takes until git ends, and from then until each server's page says this."""
        seen: dict[str, float] = {}
        over = threading.Event()
        looking = [threading.Thread(target=_look, args=(*one, slug, says, seen, over)) for one in servers.items()]
        for one in looking:
            one.start()
        begun = time.perf_counter()
        self.git("push", "--quiet", "origin", "main")
        answered = time.perf_counter()
        for one in looking:
            one.join(30)
        over.set()
        return Timed(answered - begun, {server: when - answered for server, when in seen.items()})

    def judged(self, rounds: int, cold: bool) -> Figure:
        """How long the judging of what is committed takes alone: `host receive` is asked as by the hook.

        The commits are there already. Each time the ledger is that which the last push left, or cold: none.
        """
        bare = self.folder / "register.git"
        self.git("--git-dir", str(bare), "fetch", "--quiet", str(self.clone), "HEAD:refs/trial/push")
        old, new = (self.git("--git-dir", str(bare), "rev-parse", ref).strip() for ref in ("main", "refs/trial/push"))
        command = [sys.executable, str(REPOSITORY / "build.py"), "host", "receive", str(bare)]
        ledger, kept, took = bare / "starcert" / "ledger", self.folder / "ledger", []
        shutil.copy(ledger, kept)
        for _ in range(rounds):
            ledger.unlink()
            if not cold:
                shutil.copy(kept, ledger)
            begun = time.perf_counter()
            subprocess.run(command, input=f"{old} {new} refs/heads/main\n".encode(), check=True, cwd="/")
            took.append(time.perf_counter() - begun)
        shutil.copy(kept, ledger)
        self.git("--git-dir", str(bare), "update-ref", "-d", "refs/trial/push")
        return Figure(took)

    def served(self, held: ExitStack) -> dict[str, str]:
        """The addresses at which each of SERVERS serves the site, until the stack is left."""
        return {
            kind: held.enter_context(serving(kind, self.host("file", kind), self.folder / kind)) for kind in SERVERS
        }

    def host(self, command: str, *arguments: str) -> str:
        """What a command for a server prints of the register."""
        asked = ["host", command, str(self.folder / "register.git"), *arguments]
        return subprocess.run(
            [sys.executable, str(REPOSITORY / "build.py"), *asked], check=True, stdout=subprocess.PIPE
        ).stdout.decode()


def _look(server: str, address: str, slug: str, says: str, seen: dict[str, float], over: threading.Event) -> None:
    """Ask until the page says this, and note when it did."""
    while not over.wait(0.01):
        status, _, data = asked(address, f"/C/{slug}/")
        if status == 200 and says in data.decode():
            seen[server] = time.perf_counter()
            return


def made_up(count: int) -> tuple[Records, Records]:
    """So many records of the one body, and NEW more that refer to none of them."""
    every = [one for one in records(9 * (count + NEW) // 2) if one[0].startswith(f"certificates/{BODY}/")]
    linked = {number for _, text in every for number in LINK.findall(text)}
    alone = {path: text for path, text in every if not LINK.search(text) and Path(path).stem not in linked}
    families, others = [one for one in every if one[0] not in alone], list(alone.items())
    first = count - len(families)
    base, new = families + others[:first], others[first : first + NEW]
    assert (len(base), len(new)) == (count, NEW), (len(base), len(new))
    return base, new


def begin(place: Place, made: Records) -> None:
    """The register, with these records."""
    for key in ("operator", "clerk"):
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", key, "-f", str(place.folder / key)]
        subprocess.run(make, check=True)
    place.host("install", "--site", str(place.site), "--operator", str(place.folder / "operator.pub"))
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


def write(place: Place, made: Records) -> None:
    """Records in the clone."""
    for name, text in made:
        path = place.clone / "registry" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def lasting(new: Records) -> str:
    """The slug of the last of the records that is valid for long."""
    return [Path(path).stem for path, text in new if "expires: 2028" in text and "decisions" not in text][-1]


def show(what: str, pushes: list[Timed], warm: Figure, cold: Figure) -> None:
    """Print what was measured of pushes."""
    click.echo(what)
    click.echo(f"  the push as a whole      {Figure([one.whole for one in pushes])}")
    click.echo(f"  judging                  {warm}")
    click.echo(f"  judging without a ledger {cold}")
    for server in SERVERS:
        click.echo(f"  from its end to {server:9}{Figure([one.shown[server] for one in pushes])}")


@click.command()
@click.argument("count", type=click.IntRange(NEW))
@click.argument("folder", type=click.Path(path_type=Path, exists=False))
def main(count: int, folder: Path) -> None:
    """Time pushes to a register of COUNT certificates, made in FOLDER."""
    folder.mkdir(parents=True)
    place, (made, new) = Place(folder.resolve()), made_up(count)
    begin(place, made)
    page = next(path for path, _ in made if (place.site / "C" / Path(path).stem).is_dir())
    record, pushes = place.clone / "registry" / page, []
    with ExitStack() as held:
        servers = place.served(held)
        for number in range(1, ROUNDS + 1):
            changed = HOLDER.sub(rf"\g<1>第{number}", record.read_text(encoding="utf-8"), count=1)
            record.write_text(changed, encoding="utf-8")
            place.commit("clerk")
            if number == 1:
                judged = place.judged(ROUNDS, cold=False), place.judged(ROUNDS_COLD, cold=True)
            pushes.append(place.push(record.stem, f"第{number}", servers))
        show(f"{count:,} certificates, one record changed", pushes, *judged)
        write(place, new)
        place.commit("clerk")
        judged = place.judged(ROUNDS, cold=False), place.judged(ROUNDS_COLD, cold=True)
        pushes = [place.push(slug := lasting(new), slug, servers)]
        show(f"{count:,} certificates, {NEW:,} new ones", pushes, *judged)


if __name__ == "__main__":
    main()
