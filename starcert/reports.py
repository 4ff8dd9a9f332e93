"""Problems as people and machines read them: text for a terminal, GitHub annotations, JSON, SARIF 2.1.0."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import quote

from starcert import columns
from starcert.problems import Problem, Severity

LinesOf = Callable[[str], Sequence[str]]
Languages = Sequence[str]
"""In which to tell: `zh`, `en`, or both in either order."""

ENGLISH = ("en",)
COUNTED_ZH = {Severity.PROBLEM: "处错误", Severity.WARNING: "处警告"}
SEVERITIES_ZH = {Severity.PROBLEM: "错误", Severity.WARNING: "警告"}

COLOURS = {Severity.PROBLEM: "\x1b[31m", Severity.WARNING: "\x1b[33m"}
BOLD, DIM, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
LEVELS = {Severity.PROBLEM: "error", Severity.WARNING: "warning"}
WIDEST_EXCERPT = 100
INDENT = "  "
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def summary(problems: Iterable[Problem], records: int, languages: Languages = ENGLISH) -> str:
    """The count of problems and warnings in one line, as in `2 problems and 1 warning in 150 records`."""
    found = _counts(problems)
    return " / ".join({"en": _summary_en, "zh": _summary_zh}[language](found, records) for language in languages)


def _summary_en(found: Mapping[Severity, int], records: int) -> str:
    of = _counted(records, "record")
    if not any(found.values()):
        return f"no problems in {of}"
    return " and ".join(_counted(n, severity) for severity, n in found.items() if n) + f" in {of}"


def _summary_zh(found: Mapping[Severity, int], records: int) -> str:
    told = "，".join(f"{n:,} {COUNTED_ZH[severity]}" for severity, n in found.items() if n)
    return f"{records:,} 份记录，{told or '没有错误'}"


def messages(problem: Problem, languages: Languages = ENGLISH) -> list[str]:
    """What the problem says in each of the languages."""
    return [_in_chinese(problem) if language == "zh" else problem.message for language in languages]


def _in_chinese(problem: Problem) -> str:
    from starcert.chinese import chinese  # noqa: PLC0415  # English alone should not wait for it

    return chinese(problem)


def as_text(
    problems: Iterable[Problem],
    *,
    lines_of: LinesOf | None = None,
    colour: bool = False,
    languages: Languages = ENGLISH,
    width: int | None = None,
) -> str:
    """A line per problem, by path and place; with `lines_of` (path -> lines), its source and a caret too.

    In two languages, the line of its place is followed by what it says in each, in lines of so many columns.
    """
    parts = []
    for problem in sorted(problems):
        parts.extend(_told(problem, languages, colour, width))
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


def _safe(text: str) -> str:
    """`text` without what could steer a terminal or fail to be written to one."""
    return "".join(char if char.isprintable() else f"<U+{ord(char):04X}>" for char in text)


def _told(problem: Problem, languages: Languages, colour: bool, width: int | None) -> list[str]:
    """The lines of one problem: its place, its rule, and what it says."""
    place, rule = f"{_safe(problem.path)}:{problem.line}:{problem.column}:", f"[{problem.rule}]"
    if colour:
        place, rule = f"{BOLD}{place}{PLAIN}", f"{DIM}{rule}{PLAIN}"
    if len(languages) == 1:
        [line] = _message(problem, languages[0], colour, None)
        return [f"{place} {line} {rule}"]
    said = (line for language in languages for line in _message(problem, language, colour, width))
    return [f"{place} {rule}", *(f"{INDENT}{line}" for line in said)]


def _message(problem: Problem, language: str, colour: bool, width: int | None) -> list[str]:
    """What the problem says in one language, after a word for its severity unless that goes without saying."""
    [text] = messages(problem, [language])
    word, colon = (SEVERITIES_ZH[problem.severity], "：") if language == "zh" else (str(problem.severity), ": ")
    if problem.severity is Severity.PROBLEM and not colour:
        word = colon = ""
    whole = word + colon + _safe(text)
    first, *more = columns.folded(whole, width - len(INDENT)) if width else [whole]
    return [f"{COLOURS[problem.severity]}{word}{PLAIN}{first[len(word) :]}" if colour else first, *more]


def _excerpt(problem: Problem, lines: Sequence[str], colour: bool) -> list[str]:
    """The line that the problem is about, and a caret under its column where a terminal shows that column."""
    if problem.line > len(lines):
        return []
    start = max(problem.column - 1 - WIDEST_EXCERPT // 2, 0)
    line = lines[problem.line - 1].expandtabs(1)[start : start + WIDEST_EXCERPT]
    before, number = _safe(line[: problem.column - 1 - start]), str(problem.line)
    caret = " " * columns.width(before) + "^"
    mark = f"{COLOURS[problem.severity]}{caret}{PLAIN}" if colour else caret
    return [f"  {number} | {_safe(line)}".rstrip(), f"  {' ' * len(number)} | {mark}"]


def _data(text: str) -> str:
    """`text` as GitHub wants the message of a workflow command."""
    safe = text.encode("utf-8", "backslashreplace").decode()
    return safe.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """`text` as GitHub wants a property of a workflow command."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, indent=2) + "\n"
