"""Terminal: how commands take days and numbers, show progress and problems, and end on an error."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import click

from starcert import reports, textfile
from starcert.problems import Problem

MISUSE = 2
T = TypeVar("T")


class Misuse(click.ClickException):
    """A mistake of the operator, as one sentence; exit code 2."""

    exit_code = MISUSE


class Commands(click.Group):
    """A group of commands; `operators_errors` are told in one sentence, any other is a bug."""

    operators_errors: tuple[type[Exception], ...] = ()

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except self.operators_errors as error:
            raise Misuse(str(error)) from error


class _Day(click.ParamType[date]):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write it like 2026-03-09", param, ctx)


class _Number(click.ParamType[Decimal]):
    name = "NUMBER"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            return Decimal(value)
        except InvalidOperation:
            self.fail(f"{value!r} is not a number; write it like 96.25", param, ctx)


DAY, NUMBER = _Day(), _Number()


def watched(things: Iterable[T], count: int, label: str, quiet: bool) -> Iterator[T]:
    """The things, one by one, with a bar of how far they are where a terminal shows it."""
    hidden = quiet or not sys.stderr.isatty()
    with click.progressbar(things, count, label, file=sys.stderr, hidden=hidden) as bar:
        yield from bar


def print_problems(problems: Iterable[Problem], err: bool) -> None:
    """Print each problem with the line it is in, in colour on a terminal that wants it."""
    stream = sys.stderr if err else sys.stdout
    colour = stream.isatty() and "NO_COLOR" not in os.environ
    click.echo(reports.as_text(problems, lines_of=_lines_of, colour=colour), nl=False, err=err, color=colour)


def _lines_of(path: str) -> Sequence[str]:
    """The lines of the file that a problem is in; none where it cannot be read."""
    try:
        return textfile.lines(Path(path).read_bytes())
    except OSError:
        return []
