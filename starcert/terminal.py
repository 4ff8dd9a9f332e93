"""Terminal: how commands take days and numbers, show progress and problems, and end on an error."""

import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar, TypeVar

import click

from starcert import kinds, reports, textfile
from starcert.kinds import Code, Day, Number
from starcert.parsing import Kind, Reading
from starcert.problems import Mistake, Problem
from starcert.yamlfile import Scalar

PROBLEMS, MISUSE, LEFT_OUT = 1, 2, 3
"""What a command ends with where records have problems, or it was misused, or records with problems were left out."""
STEPS = 500  # of a bar
LANGUAGES = {"zh": ("zh",), "en": ("en",), "both": ("zh", "en")}
T = TypeVar("T")


class Misuse(click.ClickException):
    """A mistake of the operator, as one sentence; exit code 2."""

    exit_code = MISUSE


class Commands(click.Group):
    """A group of commands; mistakes of the operator, and what the system refuses, are told in one sentence.

    `elsewhere` names modules that hold commands, each as MODULE:NAME; they are imported only when one is called.
    `errors` are mistakes of the operator too.

    Any other exception is a bug. The group's own options count wherever they stand, also after a command.
    """

    errors: ClassVar[tuple[type[Exception], ...]] = ()
    elsewhere: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name in self.elsewhere:
            self.add_command(click.Command(name))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.elsewhere:
            return super().get_command(ctx, cmd_name)
        module, _, name = self.elsewhere[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):  # show an escape where the output takes no Chinese
                stream.reconfigure(errors="backslashreplace")
        told: tuple[type[Exception], ...] = (Mistake, *self.errors)
        try:
            return super().invoke(ctx)
        except told as error:
            raise Misuse(str(error)) from error
        except BrokenPipeError:  # whoever read our output has seen enough
            raise
        except OSError as error:
            raise Misuse(f"{error.filename}: {error.strerror}." if error.filename else str(error)) from error

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, self._own_first(args))

    def _own_first(self, args: list[str]) -> list[str]:
        options = {name: option for option in self.params for name in option.opts if isinstance(option, click.Option)}
        own: list[str] = []
        rest: list[str] = []
        left = iter(args)
        for arg in left:
            option = options.get(arg.partition("=")[0])
            (own if option else rest).append(arg)
            if arg == "--":
                break
            if option and not option.is_flag and "=" not in arg:
                own += islice(left, 1)
        return [*own, *rest, *left]


class _Written(click.ParamType[Any]):
    """A value that is written as records write it."""

    def __init__(self, kind: Kind, name: str) -> None:
        self._kind, self.name = kind, name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        reading = Reading("")
        read = self._kind.read(Scalar(value, 1, 1), "it", reading)
        for problem in reading.problems:
            self.fail(problem.message, param, ctx)
        return read


DAY, NUMBER = _Written(Day(), "YYYY-MM-DD"), _Written(Number(), "NUMBER")
ACCOUNT = _Written(kinds.ACCOUNT, "ACCOUNT")
COMMIT = _Written(Code(re.compile("[0-9a-f]{7,64}"), "7 to 64 digits of 0-9 and a-f", "7dfc2b2"), "SHA")


def watched(things: Iterable[T], count: int, label: str, quiet: bool) -> Iterator[T]:
    """The things, one by one; a terminal shows how many there were, how many a second, and the time left."""
    hidden, began, step = quiet or not sys.stderr.isatty(), perf_counter(), max(1, count // STEPS)
    with click.progressbar(
        things, count, label, show_percent=True, show_pos=True, update_min_steps=step, file=sys.stderr, hidden=hidden
    ) as bar:
        for number, thing in enumerate(bar, 1):
            if number % step == 0:
                bar.label = f"{label}, {number / (perf_counter() - began):,.0f} a second"
            yield thing


def language_of_locale() -> str:
    """The language of problems where nobody says: both in a Chinese locale, English in any other."""
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "both" if locale.lower().startswith("zh") else "en"


def print_problems(problems: Iterable[Problem], err: bool, languages: reports.Languages) -> None:
    """Print each problem with the line it is in, in colour on a terminal that wants it."""
    stream = sys.stderr if err else sys.stdout
    colour = stream.isatty() and "NO_COLOR" not in os.environ
    width = os.get_terminal_size(stream.fileno()).columns if stream.isatty() else None
    text = reports.as_text(problems, lines_of=source_lines, colour=colour, languages=languages, width=width)
    click.echo(text, nl=False, err=err, color=colour)


def source_lines(path: str) -> Sequence[str]:
    """The lines of the file that a problem is in; none where it is no regular file or cannot be read."""
    try:
        regular = stat.S_ISREG(os.lstat(path).st_mode)
        return textfile.lines(Path(path).read_bytes()) if regular else []
    except OSError:
        return []
