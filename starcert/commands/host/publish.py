"""`build.py host publish`: what was pushed goes live; git calls it after each push, and a timer each hour."""

import sys
from pathlib import Path

import click

from starcert.commands.host import REPOSITORY, publisher
from starcert.host.publishing import Program

FAILED = 1


@click.command("publish")
@click.argument("repository", type=REPOSITORY)
@click.option("--timer", is_flag=True, help="As the timer does: leave broken records out, and tidy the repository.")
@click.pass_obj
def publish_command(program: Program, repository: Path, timer: bool) -> None:
    """Bring the site of REPOSITORY to its newest commit and to today; 1 says that the old site stays."""
    publishing = publisher(repository, program)
    live = publishing.publish(skip_broken=timer, again=timer)
    if timer:
        publishing.repository.git.run("gc", "--auto", "--quiet")
    sys.exit(0 if live else FAILED)
