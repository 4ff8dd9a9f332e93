"""Problems as people and programs read them: text for a terminal, JSON. For forms of forges see forge/."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from starcert import columns
from starcert.problems import Problem, Severity, printable

LinesOf = Callable[[str], Sequence[str]]
Languages = Sequence[str]
"""In which to tell: `zh`, `en`, or both in either order."""

ENGLISH = ("en",)
COUNTED_ZH = {Severity.PROBLEM: "处错误", Severity.WARNING: "处警告"}
WORDS: Mapping[str, Mapping[Severity, str]] = {
    "en": {severity: str(severity) for severity in Severity},
    "zh": {Severity.PROBLEM: "错误", Severity.WARNING: "警告"},
}

COLOURS = {Severity.PROBLEM: "\x1b[31m", Severity.WARNING: "\x1b[33m"}
BOLD, DIM, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
WIDEST_EXCERPT = 100
SECRETIVE = {"public_key"}
"""Rules that may be about a private key, put there by mistake: the line is not shown."""
INDENT = "  "


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

    In two languages, the line of its place is followed by what it says in each, in lines of at most `width` columns.
    """
    parts = []
    for problem in sorted(problems):
        parts.extend(_told(problem, languages, colour, width))
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


def _told(problem: Problem, languages: Languages, colour: bool, width: int | None) -> list[str]:
    """The lines of one problem: its place, what it says in each language, and its rule."""
    place = f"{printable(problem.path)}:{problem.line}:{problem.column}:"
    said = [_message(problem, language, colour) for language in languages]
    said[-1] += f" [{problem.rule}]"
    alone = len(languages) == 1
    if width and not alone:
        said = [line for text in said for line in columns.folded(text, width - len(INDENT))]
    if colour:
        place, said = f"{BOLD}{place}{PLAIN}", [_coloured(line, problem) for line in said]
    return [f"{place} {said[0]}"] if alone else [place, *(f"{INDENT}{line}" for line in said)]


def _message(problem: Problem, language: str, colour: bool) -> str:
    """What the problem says in one language, after a word for its severity unless that goes without saying."""
    [text] = messages(problem, [language])
    word, colon = WORDS[language][problem.severity], "：" if language == "zh" else ": "
    plain = problem.severity is Severity.PROBLEM and not colour
    return printable(text) if plain else f"{word}{colon}{printable(text)}"


def _coloured(line: str, problem: Problem) -> str:
    """The line with the word for the severity that it begins with, and the rule that it ends with, in colour."""
    word = next((words[problem.severity] for words in WORDS.values() if line.startswith(words[problem.severity])), "")
    rule = f"[{problem.rule}]" if line.endswith(f"[{problem.rule}]") else ""
    before = f"{COLOURS[problem.severity]}{word}{PLAIN}" if word else ""
    after = f"{DIM}{rule}{PLAIN}" if rule else ""
    return before + line.removeprefix(word).removesuffix(rule) + after


def _excerpt(problem: Problem, lines: Sequence[str], colour: bool) -> list[str]:
    """The line that the problem is about, and a caret under its column where a terminal shows that column."""
    if problem.line > len(lines) or problem.rule in SECRETIVE:
        return []
    start = max(problem.column - 1 - WIDEST_EXCERPT // 2, 0)
    line = lines[problem.line - 1].expandtabs(1)[start : start + WIDEST_EXCERPT]
    before, number = printable(line[: problem.column - 1 - start]), str(problem.line)
    caret = " " * columns.width(before) + "^"
    mark = f"{COLOURS[problem.severity]}{caret}{PLAIN}" if colour else caret
    return [f"  {number} | {printable(line)}".rstrip(), f"  {' ' * len(number)} | {mark}"]
