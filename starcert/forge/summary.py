"""Summary: all problems on the page of a run, as Markdown."""

from collections.abc import Iterable

from starcert import reports
from starcert.forge.markdown import block
from starcert.problems import Problem

MOST_BYTES = 900_000
"""GitHub shows no summary of a step that is larger than 1 MiB; the changes of the site need some room too."""


def as_markdown(
    problems: Iterable[Problem],
    records: int,
    lines_of: reports.LinesOf,
    languages: reports.Languages = reports.ENGLISH,
) -> str:
    """How many problems there are in so many records, and each with its line, errors first, as far as there is room."""
    ordered = sorted(problems, key=lambda problem: (problem.severity, problem))
    heading = f"### {reports.summary(ordered, records, languages)}\n"
    if not ordered:
        return heading
    parts: list[str] = []
    room = MOST_BYTES
    for problem in ordered:
        part = reports.as_text([problem], lines_of=lines_of, languages=languages)
        room -= len(part.encode())
        if room < 0:
            break
        parts.append(part)
    more = len(ordered) - len(parts)
    parts += [f"and {more:,} more: run build.py check\n"] if more else []
    return f"{heading}\n{block(''.join(parts))}"
