"""Commands: what the command line offers beside building and checking; one module a command."""

ELSEWHERE = {
    "changes": "starcert.commands.changes:changes_command",
    "check": "starcert.commands.check:check_command",
    "codeowners": "starcert.commands.codeowners:codeowners_command",
    "host": "starcert.commands.host:host_group",
    "limits": "starcert.commands.limits:limits_command",
    "mark": "starcert.commands.mark:mark_command",
    "new": "starcert.commands.new:new_command",
    "next-change": "starcert.commands.next_change:next_change_command",
    "schema": "starcert.commands.schema:schema_command",
    "watch": "starcert.commands.watch:watch_command",
}
"""Where each is, to be imported when it is called."""

AWAY = ("host", "watch")
"""Those that are not about the register in the present folder."""
