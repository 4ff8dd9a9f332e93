"""Annotations: workflow commands that GitHub shows as remarks beside the lines of a pull request.

The runner takes every line that begins with :: for a command, and in any other what follows ##[ too.
"""

from collections.abc import Iterable, Iterator, Sequence

from starcert.problems import Problem, Severity, printable
from starcert.reports import ENGLISH, Languages, messages

MOST = 10
"""Errors, and warnings, that GitHub shows of one step; it drops the rest without a word."""
COMMANDS = {Severity.PROBLEM: "error", Severity.WARNING: "warning"}
BREAKS = {"\r": "%0D", "\n": "%0A"}


def annotations(problems: Iterable[Problem], rest: str, languages: Languages = ENGLISH) -> str:
    """A line per problem as far as GitHub shows them; of more, the last says how many there are, and `rest` where."""
    ordered = sorted(problems)
    return "".join(
        f"{line}\n"
        for severity in Severity
        for line in _shown([problem for problem in ordered if problem.severity is severity], severity, rest, languages)
    )


def _shown(problems: Sequence[Problem], severity: Severity, rest: str, languages: Languages) -> Iterator[str]:
    shown = problems if len(problems) <= MOST else problems[: MOST - 1]
    for problem in shown:
        place = f"file={_property(problem.path)},line={problem.line},col={problem.column}"
        said = _data("\n".join(messages(problem, languages)))
        yield f"::{COMMANDS[severity]} {place},title={_property(problem.rule)}::{said}"
    more = len(problems) - len(shown)
    if more:
        yield f"::{COMMANDS[severity]} title={more} more::{_data(f'and {more:,} more {severity}s: {rest}')}"


def _data(text: str) -> str:
    """`text` as GitHub wants the message of a workflow command, and as no terminal minds it."""
    escaped = text.replace("%", "%25")
    return "".join(BREAKS.get(char) or printable(char) for char in escaped)


def _property(text: str) -> str:
    """`text` as GitHub wants a property of a workflow command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
