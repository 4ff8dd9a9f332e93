"""`build.py next-change`: the next day on which something is to be published, or to be taken back."""

import sys
from dataclasses import replace

import click

from starcert.order import Order
from starcert.survey import survey
from starcert.terminal import LEFT_OUT, PROBLEMS, print_problems


@click.command("next-change")
@click.pass_obj
def next_change_command(order: Order) -> None:
    """Print the next day on which the published certificates change, for a scheduler; or `none`."""
    tally, findings = survey(replace(order, quiet=True))
    print_problems(findings.all(), err=True, languages=order.languages)
    if findings.forbid(order.skip_broken):
        sys.exit(PROBLEMS)
    click.echo(tally.next_change or "none")
    sys.exit(LEFT_OUT if findings.blocking else 0)
