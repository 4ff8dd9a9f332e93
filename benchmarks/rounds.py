"""Rounds: every build once, in turn, as often as asked (A B A B ...), so that a slow minute strikes all alike."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.builds import Build, Group, files_and_bytes
from benchmarks.gauge import NOTHING, Failed, Usage, usage

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What one build took in one round, and what it left; or how it failed."""

    group: str
    build: str
    number: int
    usage: Usage = NOTHING
    files: int = 0
    bytes: int = 0
    failure: str = ""


def rounds(groups: Sequence[Group], count: int, outputs: Path, say: Say) -> Iterator[Result]:
    """The results of all rounds; sites are written below `outputs`, each into a folder of its own, and stay there.

    A build that fails is not tried again.
    """
    failed: set[tuple[str, str]] = set()
    for number in range(1, count + 1):
        for group in groups:
            for build in group.builds:
                if (group.title, build.name) not in failed:
                    result = _result(group, build, number, outputs, say)
                    failed |= {(group.title, build.name)} if result.failure else set()
                    yield result


def _result(group: Group, build: Build, number: int, outputs: Path, say: Say) -> Result:
    out = build.site or outputs / f"{len(list(outputs.iterdir()))}"
    try:
        build.before()
        used = usage(build.commands(out), build.folder)
    except Failed as failure:
        say(f"round {number}, {build.name}: {failure}")
        return Result(group.title, build.name, number, failure=f"exit code {failure.code}")
    build.proof()
    say(f"round {number}, {build.name}: {used.wall:.2f} s")
    return Result(group.title, build.name, number, used, *files_and_bytes(out))
