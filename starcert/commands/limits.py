"""`build.py limits`: whether the site is one that the common hosts take."""

import sys

import click

from starcert.forge.limits import HOSTS, size, uses
from starcert.order import Order
from starcert.terminal import Misuse

PASSED = 1


@click.command("limits")
@click.option("--host", "name", type=click.Choice(list(HOSTS)), help="Only of this one, and why it is believed.")
@click.pass_obj
def limits_command(order: Order, name: str | None) -> None:
    """Print how much of the hosts' limits the site uses; with --host, exit code 1 says that one is passed."""
    if not order.out.is_dir():
        raise Misuse(f"{order.out}/ is not there; build the site first.")
    measured = size(order.out)
    found = [use for host in ([HOSTS[name]] if name else HOSTS.values()) for use in uses(measured, host)]
    for use in found:
        click.echo(str(use))
    if name:
        order.say(f"source  {HOSTS[name].source}, seen {HOSTS[name].seen}")
        sys.exit(PASSED if any(use.verdict == "passed" for use in found) else 0)
