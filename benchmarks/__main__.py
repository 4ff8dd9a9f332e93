"""The benchmarks: `python -m benchmarks` builds the same register with Starcert and its peers, and prints a table."""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from benchmarks import eleventy, machine
from benchmarks.contest import Contest
from benchmarks.rounds import Result, rounds
from benchmarks.table import tables

FEWEST = 20
"""Among fewer records there may be none to change."""


def say(text: str) -> None:
    """Tell how far the measuring is; the tables alone go to standard output."""
    click.echo(f"{datetime.now(UTC):%H:%M:%S} {text}", err=True)


def results(sizes: Sequence[int], count: int, peers: bool, only: str, folder: Path) -> Iterator[Result]:
    """What every build took, size after size."""
    for size in sizes:
        say(f"writing {size:,} records, and the sources of all sites")
        contest = Contest(folder / str(size), size)
        outputs = folder / f"{size}-sites"
        outputs.mkdir()
        groups = [group for group in contest.groups(peers) if only in group.title]
        yield from rounds(groups, count, outputs, say)


def numbers(_: click.Context, __: click.Parameter, text: str) -> list[int]:
    """The numbers of records in an option's text."""
    sizes = text.split(",")
    if not all(size.isdecimal() and int(size) >= FEWEST for size in sizes):
        raise click.BadParameter(f"write whole numbers from {FEWEST} on, with commas between, such as 1000,10000")
    return [int(size) for size in sizes]


@click.command()
@click.option(
    "--sizes",
    default="1000,10000",
    show_default=True,
    callback=numbers,
    help="Numbers of records, with commas between.",
)
@click.option("--rounds", "count", type=click.IntRange(min=1), default=3, show_default=True, help="How often.")
@click.option("--only", default="", metavar="TEXT", help="Only the tables whose title has this, such as: cold")
@click.option("--ours", is_flag=True, help="Leave the peers out.")
@click.option(
    "--scratch", type=click.Path(path_type=Path, file_okay=False, exists=True), help="A folder on a disk with room."
)
@click.option("--keep", is_flag=True, help="Leave all that was written where it is.")
def main(sizes: list[int], count: int, only: str, ours: bool, scratch: Path | None, keep: bool) -> None:
    """Measure builds of made-up registers: time, memory and output, in rounds, each into fresh folders."""
    folder = Path(tempfile.mkdtemp(prefix="starcert-benchmarks-", dir=scratch))
    if not ours and not eleventy.installed():
        say("Eleventy is left out: Node.js or its packages are missing; make bench installs them where npm is.")
    try:
        found = list(results(sizes, count, not ours, only, folder))
    finally:
        if not keep:
            say("removing what was written")
            shutil.rmtree(folder)
    click.echo(f"{datetime.now(UTC):%Y-%m-%d}, rounds: {count}")
    click.echo("\n".join(machine.lines(eleventy.MODULES)) + "\n")
    click.echo(tables(found))
    if keep:
        say(f"all is in {folder}")
    sys.exit(any(result.failure for result in found))


if __name__ == "__main__":
    main()
