"""`build.py host receive`: git asks through its pre-receive hook whether main may take what is pushed."""

import contextlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from starcert.commands.host import REPOSITORY, Repository
from starcert.host import settings, state
from starcert.host.place import Place
from starcert.host.publishing import Program
from starcert.push import judging
from starcert.push.answer import answer
from starcert.push.line import update

REFUSED = 1
NOBODY = "somebody"


@click.command("receive", hidden=True)
@click.argument("repository", type=REPOSITORY)
@click.pass_obj
def receive_command(program: Program, repository: Path) -> None:
    """Judge the updates that git names on standard input; exit code 1 refuses them all, and says why."""
    place, moment = Place(repository), program.moment()
    said = settings.read(place.settings)
    updates = [update(line) for line in sys.stdin.buffer]
    push = judging.Push(updates, _options(os.environ), moment.day)
    host = judging.Host(said.signed, said.operators, place.ledger)
    verdict = judging.judge(Repository(repository, os.environ), push, host)
    if verdict.accepted:
        return
    click.echo(answer(verdict), err=True, nl=False)
    with contextlib.suppress(OSError):
        told = [str(found.problem) for found in verdict.found]
        state.refuse(place.refusal, moment.instant, _pusher(os.environ), told)
    sys.exit(REFUSED)


def _options(environment: Mapping[str, str]) -> frozenset[str]:
    """What was said with `git push -o`."""
    count = int(environment.get("GIT_PUSH_OPTION_COUNT") or 0)
    return frozenset(environment[f"GIT_PUSH_OPTION_{number}"] for number in range(count))


def _pusher(environment: Mapping[str, str]) -> str:
    """Who pushes, as far as the server knows: an account, and where from."""
    account = environment.get("REMOTE_USER") or environment.get("LOGNAME") or NOBODY
    place = environment.get("SSH_CLIENT", "").partition(" ")[0]
    return f"{account} at {place}" if place else account
