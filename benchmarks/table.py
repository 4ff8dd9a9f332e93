"""Table: results as Markdown, one table for each group, its first build the measure of the others."""

from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from benchmarks.rounds import Result

HEAD = "| | wall s | against the first | CPU s | peak MB | largest process MB | files | MB written |"
RULE = "|---|--:|--:|--:|--:|--:|--:|--:|"
MEGA = 1_000_000


def tables(results: Sequence[Result]) -> str:
    """All tables, each under the title of its group; every figure is the median of the rounds."""
    groups = dict.fromkeys(result.group for result in results)
    return "\n\n".join(_table(group, [one for one in results if one.group == group]) for group in groups)


def _table(title: str, results: Sequence[Result]) -> str:
    builds = dict.fromkeys(result.build for result in results)
    first = [result for result in results if result.build == next(iter(builds))]
    rows = (_row(build, [one for one in results if one.build == build], first) for build in builds)
    return "\n".join([f"**{title}**", "", HEAD, RULE, *rows])


def _row(build: str, results: Sequence[Result], first: Sequence[Result]) -> str:
    failures = [result.failure for result in results if result.failure]
    if failures:
        return f"| {build} | {failures[0]} | | | | | | |"
    last = results[-1]
    cells = [
        _seconds(median(one.usage.wall for one in results)),
        _spread(list(_ratios(results, first))),
        _seconds(median(one.usage.cpu for one in results)),
        f"{median(one.usage.memory for one in results) / MEGA:,.0f}",
        f"{median(one.usage.largest for one in results) / MEGA:,.0f}",
        f"{last.files:,}",
        f"{last.bytes / MEGA:,.1f}",
    ]
    return f"| {build} | {' | '.join(cells)} |"


def _ratios(results: Iterable[Result], first: Iterable[Result]) -> Iterator[float]:
    """Wall time as a multiple of the first build's in the same round."""
    walls = {result.number: result.usage.wall for result in first if not result.failure}
    return (one.usage.wall / walls[one.number] for one in results if one.number in walls)


def _spread(ratios: Sequence[float]) -> str:
    """The median and, where there is more than one, the least and the greatest."""
    if not ratios:
        return "–"
    middle = f"{median(ratios):.2f}"
    return middle if len(ratios) == 1 else f"{middle} ({min(ratios):.2f}–{max(ratios):.2f})"


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f}" if seconds < 10 else f"{seconds:,.1f}"
