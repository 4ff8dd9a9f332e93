"""Problems as people and programs read them: text for a terminal, JSON. For forms of forges see forge/."""

import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from starcert.problems import Problem, Severity, printable

LinesOf = Callable[[str], Sequence[str]]

COLOURS = {Severity.PROBLEM: "\x1b[31m", Severity.WARNING: "\x1b[33m"}
BOLD, DIM, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
WIDEST_EXCERPT = 100


def summary(problems: Iterable[Problem], records: int) -> str:
    """The count of problems and warnings in one line, as in `2 problems and 1 warning in 150 records`."""
    found, of = _counts(problems), _counted(records, "record")
    if not any(found.values()):
        return f"no problems in {of}"
    return " and ".join(_counted(n, severity) for severity, n in found.items() if n) + f" in {of}"


def as_text(problems: Iterable[Problem], *, lines_of: LinesOf | None = None, colour: bool = False) -> str:
    """A line per problem, by path and place; with `lines_of` (path -> lines), its source and a caret too."""
    parts = []
    for problem in sorted(problems):
        parts.append(_coloured(problem) if colour else printable(str(problem)))
        if lines_of:
            parts.extend(_excerpt(problem, lines_of(problem.path), colour))
    return "".join(f"{part}\n" for part in parts)


def as_json(problems: Iterable[Problem]) -> str:
    """An object: `problems` (path, line, column, rule, message, severity); `counts` (problems, warnings)."""
    ordered = sorted(problems)
    listed = [
        {
            "path": problem.path,
            "line": problem.line,
            "column": problem.column,
            "rule": problem.rule,
            "message": problem.message,
            "severity": problem.severity.value,
        }
        for problem in ordered
    ]
    counted = {f"{severity}s": count for severity, count in _counts(ordered).items()}
    return json.dumps({"problems": listed, "counts": counted}, indent=2) + "\n"


def _counts(problems: Iterable[Problem]) -> dict[Severity, int]:
    severities = [problem.severity for problem in problems]
    return {severity: severities.count(severity) for severity in Severity}


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _coloured(problem: Problem) -> str:
    place = f"{BOLD}{printable(problem.path)}:{problem.line}:{problem.column}:{PLAIN}"
    message = f"{COLOURS[problem.severity]}{problem.severity}{PLAIN}: {printable(problem.message)}"
    return f"{place} {message} {DIM}[{problem.rule}]{PLAIN}"


def _excerpt(problem: Problem, lines: Sequence[str], colour: bool) -> list[str]:
    """The line that the problem is about, and a caret under its column where a terminal shows that column."""
    if problem.line > len(lines):
        return []
    start = max(problem.column - 1 - WIDEST_EXCERPT // 2, 0)
    line = lines[problem.line - 1].expandtabs(1)[start : start + WIDEST_EXCERPT]
    before, number = printable(line[: problem.column - 1 - start]), str(problem.line)
    caret = " " * sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in before) + "^"
    mark = f"{COLOURS[problem.severity]}{caret}{PLAIN}" if colour else caret
    return [f"  {number} | {printable(line)}".rstrip(), f"  {' ' * len(number)} | {mark}"]
