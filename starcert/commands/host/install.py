"""`build.py host install`: a repository that publishes what is pushed to it."""

import sys
from pathlib import Path

import click

from starcert.commands.host import REPOSITORY
from starcert.host import installing
from starcert.host.building import Program
from starcert.host.place import Place
from starcert.host.settings import OFF, REQUIRED

FILE = click.Path(path_type=Path, resolve_path=True)


@click.command("install")
@click.argument("repository", type=REPOSITORY)
@click.option("--site", type=FILE, help="The folder of the site.")
@click.option("--operator", "operators", type=FILE, multiple=True, help="An operator's public key, a .pub file.")
@click.option("--signed/--unsigned", default=None, help="Whether pushes must be signed [signed].")
@click.pass_obj
def install_command(
    program: Program, repository: Path, site: Path | None, operators: tuple[Path, ...], signed: bool | None
) -> None:
    """Make REPOSITORY, a bare repository or a new folder, publish what is pushed to it.

    Run it again after each update of the program, or to add an operator: what was decided before stays.
    """
    today = program.moment().day
    keys = [installing.operator(path, today) for path in operators]
    signatures = None if signed is None else REQUIRED if signed else OFF
    python, build = Path(sys.executable), Path(sys.argv[0]).resolve()
    for line in installing.install(Place(repository), site, keys, signatures, python, build):
        click.echo(line)
    click.echo(f"{repository} publishes what is pushed to it. Next: build.py host file {repository} nginx, or caddy")
