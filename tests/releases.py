"""The releases that a register passes through: its commits and days, and what a build from nothing makes of each."""

import io
import re
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from deaths import Publications
from hosts import CERTIFICATES, NUMBER, Hosted, hosted
from project import DAY, tree
from records import varied

NEXT_DAY = "2026-11-23"
ASSET = re.compile(rb"assets/([a-z-]+-[0-9a-f]{8}\.[a-z0-9]+)")
WITHDRAWN = "decisions:\n  - kind: withdrawn\n    date: 2026-11-05\n    reason: 拒绝接受监督审核\n"


class Release(NamedTuple):
    """A commit as of a day."""

    commit: str
    day: str


class Step(NamedTuple):
    """One publication of the course: from a release to another, by a command of the host."""

    name: str
    old: Release
    new: Release
    command: tuple[str, ...]


@dataclass(frozen=True)
class Course:
    """A host, the steps that lead it in a circle, and the files of every release on the way."""

    host: Hosted
    steps: tuple[Step, ...]
    files: Mapping[Release, Mapping[str, bytes]]

    def point(self, commit: str) -> None:
        """Let main be that commit, as if it had been pushed."""
        self.host.git("update-ref", "refs/heads/main", commit, folder=self.host.repository)

    def certificates(self, release: Release) -> set[str]:
        """The paths of the pages of a release's certificates."""
        return {path for path in self.files[release] if path.startswith("C/")}


def course(folder: Path, publications: Publications, records: int) -> Course:
    """A register of so many records: some come, change and lapse, templates and assets change, a day passes.

    No step changes both commit and day: where the commit cannot be built, the one before would be live on that day.
    """
    host = hosted(folder)
    first, second, third, fourth = _commits(host, records)
    circle = [
        (Release(first, DAY), "publish"),
        (Release(second, DAY), "publish"),
        (Release(third, DAY), "publish"),
        (Release(third, NEXT_DAY), "publish", "--timer"),
        (Release(fourth, NEXT_DAY), "publish"),
        (Release(second, NEXT_DAY), "rollback", second),
        (Release(fourth, NEXT_DAY), "rollback", "--off"),
        (Release(fourth, DAY), "publish", "--timer"),
    ]
    names = ("back to the first", "records change", "templates change", "a day passes", "records lapse")
    names += ("roll back", "the pin is taken off", "the day goes back")
    olds = [circle[-1][0], *(one[0] for one in circle)]
    steps = [
        Step(name, old, new, tuple(command)) for name, old, (new, *command) in zip(names, olds, circle, strict=False)
    ]
    files = {}
    for number, release in enumerate({step.new for step in steps}):
        files[release] = _built(host, publications, release, folder / f"release-{number}")
    return Course(host, tuple(steps), files)


def _commits(host: Hosted, records: int) -> Iterator[str]:
    """The commits, each put into the repository."""
    numbers = [f"99925SC{serial:05}R1M" for serial in range(200, 200 + records)]
    for number in numbers:
        host.add(number)
    host.add(numbers[0], ("expires: 2028-02-29", f"expires: {DAY}"))
    yield host.send("the first")
    host.change(("示例云栖电器有限公司\n  name_en", "示例云栖家电有限公司\n  name_en"))
    host.add("99925SC00900R1M")
    host.add(numbers[1], also=WITHDRAWN)
    (host.clone / CERTIFICATES / f"{numbers[2]}.yaml").unlink()
    yield host.send("records change")
    for name in ("style.css", "fresh.js"):
        asset = host.clone / "templates/assets" / name
        asset.write_bytes(asset.read_bytes() + b"\n/* another */\n")
    footer = host.clone / "templates/_footer.html"
    footer.write_bytes(footer.read_bytes() + b"<!-- another -->\n")
    yield host.send("templates change")
    for number in (NUMBER, *numbers[3:6]):
        host.write(f"{CERTIFICATES}/{number}.yaml", varied((f"number: {NUMBER}", f"number: {number}"), also=WITHDRAWN))
    host.write("content/zh/about.md", "# 关于\n\n另一页。\n")
    yield host.send("records lapse")


def _built(host: Hosted, publications: Publications, release: Release, folder: Path) -> dict[str, bytes]:
    """The files of the site that a build from nothing makes."""
    packed = subprocess.run(
        ["git", "archive", release.commit], cwd=host.repository, capture_output=True, check=True
    ).stdout
    folder.mkdir()
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    ended = publications.run(["--as-of", release.day, "--commit", release.commit, "--quiet"], cwd=folder)
    assert ended.code == 0, ended.said
    return tree(folder / "site")


def assets_named(page: bytes) -> set[str]:
    """The names of the assets that a page asks for."""
    return {name.decode() for name in ASSET.findall(page)}
