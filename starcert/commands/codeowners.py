"""`build.py codeowners`: who reviews which records on a forge."""

import click

from starcert.forge import codeowners
from starcert.order import Order
from starcert.registry import open_registry
from starcert.terminal import ACCOUNT, Misuse


@click.command("codeowners")
@click.argument("operators", metavar="ACCOUNT...", nargs=-1, required=True, type=ACCOUNT)
@click.pass_obj
def codeowners_command(order: Order, operators: tuple[str, ...]) -> None:
    """Print CODEOWNERS: the certificates of a body belong to its reviewers, all else to ACCOUNT, such as @org/staff."""
    registry = open_registry(order.registry)
    if registry.unread_bodies:
        raise Misuse(f"The records of bodies have problems: {', '.join(registry.unread_bodies)}. See build.py check.")
    click.echo(codeowners(registry.rulebook.bodies.values(), operators), nl=False)
