"""`build.py schema`: the formats of records, for editors."""

import click

from starcert.order import Order
from starcert.registry import open_registry
from starcert.schema import schemas


@click.command("schema")
@click.pass_obj
def schema_command(order: Order) -> None:
    """Write the JSON Schema of each kind of record to registry/schema/, for editors."""
    folder = order.registry / "schema"
    rulebook = open_registry(order.registry).rulebook
    folder.mkdir(exist_ok=True)
    for name, data in schemas(rulebook).items():
        (folder / name).write_bytes(data)
        order.say(str(folder / name))
