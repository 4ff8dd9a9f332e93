"""Building: a commit becomes the site, or does not; either is a value, with what is to be said of it."""

import contextlib
import signal
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Protocol

from starcert.days import Moment
from starcert.findings import Findings
from starcert.git import Repository
from starcert.host import former, state
from starcert.host.place import Place
from starcert.host.state import FAILED, HALFWAY, LEFT_OUT, LIVE
from starcert.host.tree import Tree
from starcert.output import Halfway, Refused
from starcert.problems import Mistake, Severity
from starcert.search import SearchError

LONGEST = 30 * 60
"""Seconds after which a build is given up: a register of a million took twelve minutes, and systemd waits an hour."""
AGAIN = 60


class TooLong(Mistake):
    """A build did not end, as where a template takes for ever."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build found, and, in words, what it changes on the site."""

    findings: Findings
    changes: tuple[str, ...]


class Program(Protocol):
    """What commands that are not about the present folder ask of the program: the time, and a build."""

    @property
    def commit(self) -> str | None:
        """The commit that the command line names."""

    def moment(self) -> Moment:
        """The present one."""

    def expected(self, moment: Moment) -> date:
        """The day that the site of the register in the current folder must be of."""

    def build(self, moment: Moment, site: Path, commit: str, skip_broken: bool) -> Built:
        """Build the site from the current folder, and stamp it with the moment although nothing else of it changes."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a build ended, one of those in state; what is said of that, and what it changes on the site."""

    result: str
    said: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds the site of a host."""

    place: Place
    site: Path
    repository: Repository
    program: Program

    def attempt(self, commit: str, moment: Moment, skip_broken: bool) -> Attempt:
        """Build a commit; whatever goes wrong is told, and leaves the site as it was."""
        try:
            former.keep(self.site)
            tree = Tree(self.repository, self.place.tree)
            tree.bring(commit)
            with contextlib.chdir(tree.folder), _at_most(LONGEST):
                built = self.program.build(moment, self.site, commit, skip_broken)
            said = tuple(_first(built.findings))
            if built.findings.forbid(skip_broken):
                return Attempt(FAILED, said)
            return Attempt(LEFT_OUT if said else LIVE, said, built.changes)
        except Halfway as error:
            return Attempt(HALFWAY, (str(error),))
        except (Mistake, Refused, SearchError, OSError) as error:
            return Attempt(FAILED, tuple(str(error).splitlines()))
        except Exception as error:  # a bug of the program, which is not the pusher's to read
            with contextlib.suppress(OSError):
                self.place.crash.write_text(traceback.format_exc(), encoding="utf-8")
            return Attempt(FAILED, (f"{type(error).__name__} in the program itself; {self.place.crash} tells where",))


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TooLong in a block that takes longer, and again each minute, should something have swallowed it."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong(f"The build took more than {seconds / 60:,.0f} minutes and was given up.")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _first(findings: Findings) -> Iterator[str]:
    """The first problems, a line each, and how many there are besides."""
    found = [str(problem) for problem in findings.all() if problem.severity is Severity.PROBLEM]
    yield from found[: state.MOST_SAID]
    if rest := len(found[state.MOST_SAID :]):
        yield f"另有 {rest:,} 个问题 and {rest:,} more problems"
