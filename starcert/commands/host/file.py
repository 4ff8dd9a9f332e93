"""`build.py host file`: what systemd, nginx or Caddy are told."""

import sys
from pathlib import Path

import click

from starcert import settings as register_settings
from starcert.commands.host import REPOSITORY
from starcert.host import files, settings
from starcert.host.place import Place, put
from starcert.register import Register
from starcert.terminal import Misuse


@click.command("file")
@click.argument("repository", type=REPOSITORY)
@click.argument("kind", type=click.Choice(list(files.KINDS)))
@click.option("--address", metavar="URL", help="The register's address, before anything is pushed.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file.")
def file_command(repository: Path, kind: str, address: str | None, to: Path | None) -> None:
    """Print or write the file of KIND for the site of REPOSITORY: two units of systemd, a site of nginx or of Caddy."""
    place = Place(repository)
    site = settings.read(place.settings).site
    python, program = Path(sys.executable), Path(sys.argv[0]).resolve()
    facts = files.Facts(_register(place, address), site, repository, repository.owner(), python, program)
    text = files.written(kind, facts)
    if to is None:
        click.echo(text, nl=False)
        return
    try:
        put(to, text.encode())
    except OSError as error:
        raise Misuse(f"{to} cannot be written: {error.strerror}.") from error
    click.echo(f"{to} written")


def _register(place: Place, address: str | None) -> Register:
    written = place.tree / "site.yaml"
    if written.exists():
        register = register_settings.read_register(written)
        return register_settings.with_address(register, address) if address else register
    if address is None:
        raise Misuse("Nothing has been pushed yet, so say with --address where the register will be.")
    return register_settings.with_address(Register("", "", address, ("zh",), ""), address)
