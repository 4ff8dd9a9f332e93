"""`build.py host`: a server of one's own, which publishes what is pushed to it; one module a command."""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import click

from starcert.git import Repository
from starcert.host import settings
from starcert.host.building import Program
from starcert.host.place import Place
from starcert.host.publishing import Publisher
from starcert.terminal import Commands

__all__ = ["REPOSITORY", "Repository", "host_group", "publisher"]

REPOSITORY = click.Path(path_type=Path, resolve_path=True, file_okay=False)


class HostCommands(Commands):
    """The commands of a host."""

    elsewhere: ClassVar[Mapping[str, str]] = {
        "file": "starcert.commands.host.file:file_command",
        "install": "starcert.commands.host.install:install_command",
        "publish": "starcert.commands.host.publish:publish_command",
        "receive": "starcert.commands.host.receive:receive_command",
        "rollback": "starcert.commands.host.rollback:rollback_command",
        "status": "starcert.commands.host.status:status_command",
    }


@click.group("host", cls=HostCommands)
def host_group() -> None:
    """Publish from a server of one's own, on each `git push` and on each new day."""


def publisher(repository: Path, program: Program, pushed: str | None = None) -> Publisher:
    """What publishes from a repository, for whoever `pushed` a commit."""
    place = Place(repository)
    return Publisher(place, settings.read(place.settings), Repository(repository, {}), program, _tell, pushed)


def _tell(text: str) -> None:
    """Print; whoever pushed may have gone, which is no reason to stop."""
    with contextlib.suppress(BrokenPipeError):
        click.echo(text)
