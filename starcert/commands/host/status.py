"""`build.py host status`: what is live, and whether that is as it should be."""

import contextlib
import json
import sys
from datetime import date
from pathlib import Path

import click

from starcert.commands.host import REPOSITORY, Repository
from starcert.host import settings, standing, state
from starcert.host.building import Program
from starcert.host.place import Place
from starcert.host.publishing import BRANCH
from starcert.host.report import Report
from starcert.problems import Mistake

AMISS = 1


@click.command("status")
@click.argument("repository", type=REPOSITORY)
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_obj
def status_command(program: Program, repository: Path, as_json: bool) -> None:
    """Print how the host of REPOSITORY stands; exit code 1 says that something is not as it should be."""
    place = Place(repository)
    report = Report(
        standing.of_folder(settings.read(place.settings).site),
        Repository(repository, {}).tip(BRANCH),
        _expected(place, program),
        state.read(place.state),
        state.refused(place.refusal),
    )
    faults = list(report.faults())
    if as_json:
        click.echo(json.dumps(report.as_object(), ensure_ascii=False, indent=2, default=str))
    else:
        for line in (*report.lines(), *faults):
            click.echo(line)
    sys.exit(AMISS if faults else 0)


def _expected(place: Place, program: Program) -> date:
    """The day that the site must be of; today, where the settings of the register cannot be read."""
    moment = program.moment()
    with contextlib.suppress(Mistake, OSError), contextlib.chdir(place.tree):
        return program.expected(moment)
    return moment.day
