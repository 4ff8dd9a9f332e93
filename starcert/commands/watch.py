"""`build.py watch`: whether a live site is there, today's, and whole."""

import re
import sys

import click

from starcert import watching
from starcert.host.building import Program
from starcert.terminal import Misuse

AMISS = 1
ADDRESS = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?")


@click.command("watch")
@click.argument("url")
@click.option(
    "--hours",
    type=click.IntRange(1),
    default=watching.DAILY,
    show_default=True,
    help="How long ago it may have been built; 3 where a timer builds each hour.",
)
@click.pass_obj
def watch_command(program: Program, url: str, hours: int) -> None:
    """Look at the live site at URL as a reader does; exit code 1 says that it is stale, wrong or out of reach.

    With --commit, it must show that commit.
    """
    if not ADDRESS.fullmatch(url):
        raise Misuse(f"{url} is no address of a site; write one like https://stars.example")
    moment = program.moment()
    found = list(watching.faults(watching.Site(url), moment.instant, moment.day, program.commit, hours))
    for fault in found:
        click.echo(fault)
    if not found:
        click.echo(f"{url} is today's, {moment.day}, and whole.")
    sys.exit(AMISS if found else 0)
