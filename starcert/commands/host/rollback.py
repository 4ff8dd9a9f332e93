"""`build.py host rollback`: an earlier commit goes live, and stays."""

import sys
from pathlib import Path

import click

from starcert.commands.host import REPOSITORY, publisher
from starcert.host.building import Program
from starcert.terminal import Misuse

FAILED = 1


@click.command("rollback")
@click.argument("repository", type=REPOSITORY)
@click.argument("commit", required=False)
@click.option("--off", is_flag=True, help="Show what is pushed again, from the newest commit on.")
@click.pass_obj
def rollback_command(program: Program, repository: Path, commit: str | None, off: bool) -> None:
    """Show COMMIT, or what was live before, until --off; what lapses leaves the site all the same.

    Pushes are taken meanwhile, and not shown: no push can undo what an operator decided. Look at what changes:
    certificates that were withdrawn since COMMIT are shown again.
    """
    if off and commit:
        raise Misuse("Name a commit or say --off, not both.")
    publishing = publisher(repository, program)
    sys.exit(0 if (publishing.unpin() if off else publishing.roll_back(commit)) else FAILED)
