"""Verdict: what was found of a push, of which commit, with the source that each problem is in."""

from collections.abc import Sequence
from dataclasses import dataclass

from starcert.git import Commit
from starcert.problems import Problem


@dataclass(frozen=True, slots=True)
class Found:
    """A problem, the commit that has it if one has, and the lines of its file, where there are any.

    It was `mended` when a later commit of the same push has it no more.
    """

    problem: Problem
    commit: Commit | None = None
    lines: Sequence[str] = ()
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """A push judged: the first of what was found, how much there is beyond, how many commits it has.

    `signed` says whether commits must be signed, `first` whether this is the first push to an empty register, `signer`
    whose key signed the newest commit, as far as is known.
    """

    found: tuple[Found, ...] = ()
    more: int = 0
    commits: int = 0
    signed: bool = True
    first: bool = False
    signer: str = ""

    @property
    def accepted(self) -> bool:
        """Whether main may take it."""
        return not self.found

    @property
    def mended(self) -> bool:
        """Whether nothing is wrong any more at the last commit."""
        return bool(self.found) and not self.more and all(one.mended for one in self.found)
