"""`build.py host receive`: what git's pre-receive hook calls, to have a push judged."""

import os
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from pathlib import Path

import click

from starcert.commands.host import REPOSITORY
from starcert.host import settings, state
from starcert.host.place import Place
from starcert.host.publishing import Program
from starcert.problems import Mistake
from starcert.push.answer import unjudged
from starcert.push.judging import Host
from starcert.push.receiving import received

REFUSED = 1
WHO = ("REMOTE_USER", "LOGNAME", "SSH_CLIENT")
"""Variables that may tell who pushes, the best first."""


@click.command("receive", hidden=True)
@click.argument("repository", type=REPOSITORY)
@click.pass_obj
def receive_command(program: Program, repository: Path) -> None:
    """Judge a push to REPOSITORY, of which git tells on standard input; 1 says that it is refused."""
    if isinstance(sys.stderr, TextIOWrapper):
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
    place, moment = Place(repository), program.moment()
    try:
        host = settings.read(place.settings)
    except Mistake as error:
        said = unjudged(str(error))
    else:
        judged = Host(host.signed, host.operators, place.folder / "ledger")
        said = received(repository, judged, moment.day, sys.stdin.buffer, os.environ, place.crash)
    if said:
        click.echo(said, nl=False, err=True)
        state.refuse(place.refusal, moment.instant, who(os.environ), said.strip().splitlines())
        sys.exit(REFUSED)


def who(environment: Mapping[str, str]) -> str:
    """Who pushes, as far as the server knows."""
    return next((environment[name] for name in WHO if environment.get(name)), "unknown")
