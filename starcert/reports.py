"""Problems as people and machines read them: text for a terminal, GitHub annotations, JSON, SARIF 2.1.0."""

import json
import os
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import quote

from starcert.problems import Problem, Severity, printable

LinesOf = Callable[[str], Sequence[str]]

COLOURS = {Severity.PROBLEM: "\x1b[31m", Severity.WARNING: "\x1b[33m"}
BOLD, DIM, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
LEVELS = {Severity.PROBLEM: "error", Severity.WARNING: "warning"}
WIDEST_EXCERPT = 100
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


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


def as_github(problems: Iterable[Problem]) -> str:
    """Workflow commands that GitHub shows as annotations beside the lines of a pull request."""
    return "".join(
        f"::{LEVELS[problem.severity]} file={_property(problem.path)},line={problem.line}"
        f",col={problem.column},title={_property(problem.rule)}::{_data(problem.message)}\n"
        for problem in sorted(problems)
    )


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
    return _dump({"problems": listed, "counts": {f"{key}s": n for key, n in _counts(ordered).items()}})


def as_sarif(problems: Iterable[Problem], rules: Mapping[str, str]) -> str:
    """A SARIF 2.1.0 log for code scanning; `rules` tells each rule's name in one sentence."""
    ordered = sorted(problems)
    told = dict(sorted(rules.items())) | {p.rule: p.rule for p in ordered if p.rule not in rules}
    listed = [{"id": rule, "shortDescription": {"text": sentence}} for rule, sentence in told.items()]
    places = {rule: index for index, rule in enumerate(told)}
    results = [
        {
            "ruleId": problem.rule,
            "ruleIndex": places[problem.rule],
            "level": LEVELS[problem.severity],
            "message": {"text": problem.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(os.fsencode(problem.path))},
                        "region": {"startLine": problem.line, "startColumn": problem.column},
                    }
                }
            ],
        }
        for problem in ordered
    ]
    driver = {"name": "Starcert", "rules": listed}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return _dump({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


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


def _data(text: str) -> str:
    """`text` as GitHub wants the message of a workflow command."""
    safe = text.encode("utf-8", "backslashreplace").decode()
    return safe.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """`text` as GitHub wants a property of a workflow command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, indent=2) + "\n"
