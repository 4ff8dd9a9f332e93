"""`build.py host receive`: what git's pre-receive hook calls, to have a push judged."""

import contextlib
import os
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from pathlib import Path

import click

from starcert.commands.host import REPOSITORY
from starcert.host import settings, state
from starcert.host.building import Program
from starcert.host.place import Place
from starcert.problems import Mistake
from starcert.push.answer import unjudged
from starcert.push.judging import Host
from starcert.push.receiving import Told, received

REFUSED = 1
NOBODY = "somebody"


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
        told = Told(unjudged(str(error)))
    else:
        judged = Host(host.signed, host.operators, place.ledger)
        told = received(repository, judged, moment.day, sys.stdin.buffer, os.environ, place.crash)
    if told.said:
        click.echo(told.said, nl=False, err=True)
        with contextlib.suppress(OSError):  # a full disk must not hide why the push is refused
            state.refuse(
                place.refusal, moment.instant, _pusher(os.environ, told.signer), told.said.strip().splitlines()
            )
        sys.exit(REFUSED)


def _pusher(environment: Mapping[str, str], signer: str) -> str:
    """Who pushes, as far as the server knows: an account, where from, and whose key signed the newest commit.

    All clerks come as one account of the server.
    """
    account = environment.get("REMOTE_USER") or environment.get("LOGNAME") or NOBODY
    place = environment.get("SSH_CLIENT", "").partition(" ")[0]
    arrived = f"{account} at {place}" if place else account
    return f"{arrived}; newest commit signed by {signer}" if signer else arrived
