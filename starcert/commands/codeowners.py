"""`build.py codeowners`: who reviews which records on a forge."""

import sys
from pathlib import Path

import click

from starcert.forge import codeowners, is_current
from starcert.order import Order
from starcert.registry import open_registry
from starcert.terminal import ACCOUNT, Misuse

OLD = 1


@click.command("codeowners")
@click.argument("operators", metavar="ACCOUNT...", nargs=-1, type=ACCOUNT)
@click.option(
    "--check",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Print nothing, and end with 1 unless this file says the same, for the accounts of its line *.",
)
@click.pass_obj
def codeowners_command(order: Order, operators: tuple[str, ...], file: Path | None) -> None:
    """Print CODEOWNERS: the certificates of a body belong to its reviewers, all else to ACCOUNT, such as @org/staff."""
    if bool(operators) == bool(file):
        raise Misuse("Name the accounts of the operators, such as @org/staff, or a file with --check.")
    registry = open_registry(order.registry)
    if registry.unread_bodies:
        raise Misuse(f"The records of bodies have problems: {', '.join(registry.unread_bodies)}. See build.py check.")
    bodies = registry.rulebook.bodies.values()
    if not file:
        click.echo(codeowners(bodies, operators), nl=False)
    elif not is_current(file.read_text(encoding="utf-8", errors="replace"), bodies):
        anew = "write it anew with build.py codeowners and the accounts of its line *"
        click.echo(f"{file} is not what registry/bodies/ says now: {anew}.", err=True)
        sys.exit(OLD)
