"""Receiving: what git tells a pre-receive hook -> the answer to whoever pushes; whatever goes wrong, it refuses."""

import signal
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import FrameType

from starcert.git import Repository
from starcert.problems import Mistake
from starcert.push import line
from starcert.push.answer import answer, unjudged
from starcert.push.judging import Host, Push, judge

SECONDS = 600
"""After which a push is refused: no honest one takes as long."""
MOST_OPTIONS = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What whoever pushes is told, nothing when the push may stay; and whose key signed its newest commit, if known."""

    said: str
    signer: str = ""


class TooLong(Mistake):
    """The push could not be judged in time."""


def received(
    repository: Path, host: Host, day: date, told: Iterable[bytes], environment: Mapping[str, str], crash: Path
) -> Told:
    """The answer to the push that git tells of line by line.

    A bug refuses the push too, and is written down in the file `crash`.
    """
    try:
        with at_most(SECONDS):
            push = Push([line.update(one) for one in told], options(environment), day)
            verdict = judge(Repository(repository, environment), push, host)
            return Told(answer(verdict), verdict.signer)
    except Mistake as error:
        return Told(unjudged(str(error)))
    except Exception as error:
        crash.write_text(traceback.format_exc(), encoding="utf-8", errors="backslashreplace")
        return Told(
            unjudged(f"The program has a fault ({type(error).__name__}); {crash.name} tells the operator where.")
        )


def options(environment: Mapping[str, str]) -> frozenset[str]:
    """The push options that git hands to a hook."""
    count = environment.get("GIT_PUSH_OPTION_COUNT", "")
    numbers = range(min(int(count), MOST_OPTIONS)) if count.isascii() and count.isdigit() else ()
    return frozenset(environment.get(f"GIT_PUSH_OPTION_{number}", "") for number in numbers)


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Raise TooLong in a block that takes longer."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong(f"It took more than {seconds:,} seconds.")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
