"""`build.py host publish`: what was pushed goes live; git calls it after each push, and a timer each hour."""

import contextlib
import sys
from pathlib import Path

import click

from starcert.commands.host import REPOSITORY, publisher
from starcert.git import GitError
from starcert.host.building import Program
from starcert.host.publishing import BRANCH, Publisher
from starcert.host.tidying import tidy
from starcert.memory import Damaged
from starcert.problems import Mistake
from starcert.push import ledger, line
from starcert.push.ledger import Asked

FAILED = 1


@click.command("publish")
@click.argument("repository", type=REPOSITORY)
@click.option("--pushed", is_flag=True, hidden=True, help="As git's post-receive hook does: read what was pushed.")
@click.option("--timer", is_flag=True, help="As the timer does: leave broken records out, and tidy the repository.")
@click.pass_obj
def publish_command(program: Program, repository: Path, timer: bool, pushed: bool) -> None:
    """Bring the site of REPOSITORY to its newest commit and to today; 1 says that the old site stays."""
    publishing = publisher(repository, program, _pushed() if pushed else None)
    live = publishing.publish(skip_broken=timer, again=timer)
    with contextlib.suppress(GitError, OSError, Damaged):  # the next push does it
        _look_ahead(publishing, program)
    if timer:
        with contextlib.suppress(GitError, OSError):  # the next timer does it
            tidy(publishing.repository, program.moment().instant)
    sys.exit(0 if live else FAILED)


def _pushed() -> str | None:
    """The commit that git tells a hook of on standard input."""
    with contextlib.suppress(Mistake):
        for told in sys.stdin.buffer:
            return line.update(told).new
    return None


def _look_ahead(publishing: Publisher, program: Program) -> None:
    """Have the ledger know the records of main already when the next push comes."""
    if tip := publishing.repository.tip(BRANCH):
        with ledger.opened(publishing.repository, tip, Asked(program.moment().day), publishing.place.ledger):
            pass
