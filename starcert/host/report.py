"""Report: how a host stands: what is live, whether it is what it should be, and what came last."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from starcert.host.standing import Standing
from starcert.host.state import BEGUN, FAILED, HALFWAY, LEFT_OUT, Refusal, State
from starcert.problems import printable


@dataclass(frozen=True, slots=True)
class Report:
    """What is live, the newest commit, the day that the site must be of, and what is remembered."""

    live: Standing | None
    tip: str | None
    expected: date
    state: State
    refusal: Refusal | None

    def faults(self) -> Iterator[str]:
        """What is not as it should be, a sentence each."""
        build, wanted = self.state.build, self.state.pinned or self.tip
        if self.live is None:
            yield "Nothing is live."
        else:
            if self.live.commit != wanted:
                newest = "the pinned commit" if self.state.pinned else "the newest commit"
                yield f"The site shows {self.live.commit or 'no commit'}, but {newest} is {wanted or 'none'}."
            if self.live.day != self.expected:
                yield f"The site is of {self.live.day}, but should be of {self.expected}: does the timer run?"
        if build and build.result == FAILED:
            yield "The last build failed; the site stays at the commit that was live before."
        if build and build.result == HALFWAY:
            yield "The last build failed while it changed the site, which may be old in part and new in part."
        if build and build.result == LEFT_OUT:
            yield "The last build left broken records out."

    def lines(self) -> Iterator[str]:
        """All of it, a line a fact."""
        live, build, refusal = self.live, self.state.build, self.refusal
        if live:
            yield f"live           {live.commit or 'no commit'}, built {live.built_at}, as of {live.day}"
            yield f"published      {live.published:,}"
            yield f"next change    {live.next_change or 'none on record'}"
        else:
            yield "live           nothing"
        yield f"newest commit  {self.tip or 'none: nothing has been pushed'}"
        yield f"pinned to      {self.state.pinned or 'no commit'}"
        if build and build.result == BEGUN:
            yield f"last build     of {build.commit}, begun {build.at}: under way, or killed"
        elif build:
            yield f"last build     {build.result} in {build.seconds:.1f} seconds, of {build.commit}, begun {build.at}"
            yield from (f"               {printable(line)}" for line in build.said)
        else:
            yield "last build     none"
        if refusal:
            yield f"last refusal   {refusal.at}, of {printable(refusal.who)}"
            yield from (f"               {printable(line)}" for line in refusal.said)
        else:
            yield "last refusal   none"

    def as_object(self) -> dict[str, Any]:
        """The same for a program; days and instants are texts."""
        live, faults = asdict(self.live) if self.live else None, list(self.faults())
        refusal = asdict(self.refusal) if self.refusal else None
        told = {"live": live, "tip": self.tip, "expected_day": self.expected, "refusal": refusal, "faults": faults}
        return {**told, **asdict(self.state)}
