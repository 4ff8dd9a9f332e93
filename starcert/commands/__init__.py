"""Commands: what the command line offers beside building and checking; one module a command."""

from starcert.commands.mark import mark_command
from starcert.commands.new import new_command
from starcert.commands.schema import schema_command

__all__ = ["mark_command", "new_command", "schema_command"]
