"""`build.py changes`: what the site gains and loses against another state of the registry."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from starcert import bulletin
from starcert.comparison import compared
from starcert.order import Order
from starcert.terminal import LEFT_OUT


@click.command("changes")
@click.argument("base", metavar="REGISTRY", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
@click.pass_obj
def changes_command(order: Order, base: Path, form: str) -> None:
    """Print what readers of the site gain and lose on the day against REGISTRY, the folder of another state.

    Records with problems are left out on both sides; exit code 3 says that the registry has some.
    """
    found, findings = compared(replace(order, quiet=order.quiet or form != "text"), base)
    if form == "json":
        click.echo(bulletin.as_json(found), nl=False)
    elif form == "markdown":
        click.echo(bulletin.as_markdown(found), nl=False)
    else:
        for line in bulletin.lines(found):
            click.echo(line)
    if findings.blocking:
        left_out = f"{len(findings.left_out):,}"
        click.echo(f"Records with problems, left out here: {left_out}. See build.py check.", err=True)
        sys.exit(LEFT_OUT)
