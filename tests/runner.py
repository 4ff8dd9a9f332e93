"""GitHub's runner, as far as it takes lines of a step's output for commands (ActionCommand.cs of actions/runner)."""

from dataclasses import dataclass

REGISTERED = {"error", "warning", "notice", "debug", "group", "endgroup", "add-mask", "add-path", "set-env"}
REGISTERED |= {"set-output", "save-state", "stop-commands", "echo", "add-matcher", "remove-matcher"}
OF_DATA = [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]
OF_PROPERTIES = [("%3A", ":"), ("%2C", ","), *OF_DATA]


@dataclass(frozen=True)
class Command:
    """What the runner understands."""

    name: str
    properties: dict[str, str]
    data: str


def commands(output: str) -> list[Command]:
    """The commands in what a step prints, in order."""
    return [command for line in output.splitlines() if (command := _second(line) or _first(line))]


def _second(line: str) -> Command | None:
    """::name key=value,key=value::data"""
    told = line.lstrip()
    end = told.find("::", 2)
    if not told.startswith("::") or end < 0:
        return None
    name, _, rest = told[2:end].partition(" ")
    return _command(name, rest.strip().split(","), told[end + 2 :])


def _first(line: str) -> Command | None:
    """##[name key=value;key=value]data, anywhere in a line"""
    start = line.find("##[")
    end = line.find("]", start)
    if start < 0 or end < 0:
        return None
    name, _, rest = line[start + 3 : end].partition(" ")
    return _command(name, rest.split(";"), line[end + 1 :])


def _command(name: str, properties: list[str], data: str) -> Command | None:
    if name not in REGISTERED:
        return None
    pairs = [pair.split("=", 1) for pair in properties if "=" in pair]
    return Command(name, {key: _plain(value, OF_PROPERTIES) for key, value in pairs}, _plain(data, OF_DATA))


def _plain(text: str, escapes: list[tuple[str, str]]) -> str:
    for escape, char in escapes:
        text = text.replace(escape, char)
    return text
