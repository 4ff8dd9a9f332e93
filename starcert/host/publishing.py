"""Publishing: a commit of the repository goes live, and whoever waits for it is told what came of it.

One publication is under way at a time; the others wait, and the first to go on takes the newest commit, so those behind
it mostly find theirs live. Whatever goes wrong, the old site stays.
"""

import contextlib
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Protocol

from starcert.days import Moment
from starcert.findings import Findings
from starcert.git import GitError, Repository
from starcert.host import former, standing, state
from starcert.host.place import Place
from starcert.host.settings import Host
from starcert.host.standing import Standing
from starcert.host.state import BEGUN, FAILED, HALFWAY, LEFT_OUT, LIVE, UNCHANGED, Build, State
from starcert.host.tree import Tree
from starcert.output import Halfway, Refused, locked
from starcert.problems import Mistake, Severity
from starcert.search import SearchError

BRANCH = "main"
SHORT = 10  # digits of a commit
Tell = Callable[[str], None]


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
        """Build the site from the current folder."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """A host at work; `tell` says things to whoever waits."""

    place: Place
    host: Host
    repository: Repository
    program: Program
    tell: Tell

    def publish(self, *, skip_broken: bool = False, again: bool = False) -> bool:
        """Bring the site to the newest commit, or to the pinned one; False where the old one stays.

        With `again`, also where that commit is live already, as on a new day.
        """
        with self._alone():
            moment, known = self.program.moment(), state.read(self.place.state)
            tip = self.repository.tip(BRANCH)
            if tip is None:
                self.tell(f"{self.place.repository} 还没有收到推送 nothing has been pushed to {BRANCH} yet")
                return True
            if known.pinned and known.pinned != tip:
                self.tell(
                    f"运营者已把网站固定在 {_short(known.pinned)}，本次推送已保存，解除固定后公示\n"
                    f"The operator has pinned the site to {_short(known.pinned)}; what was pushed is kept, and goes "
                    "live when the pin is taken off"
                )
            return self._bring(known.pinned or tip, moment, known, skip_broken, again)

    def roll_back(self, commit: str | None) -> bool:
        """Bring the site to an earlier commit, the one that was live before unless named, and pin it there."""
        with self._alone():
            moment, known = self.program.moment(), state.read(self.place.state)
            asked = known.before if commit is None else self._on_branch(commit)
            if asked is None:
                raise Mistake("No commit is known that was live before this one: name the one to go back to.")
            if not self._bring(asked, moment, known, skip_broken=False, again=True):
                return False
            state.keep(self.place.state, replace(state.read(self.place.state), pinned=asked))
            self.tell(
                f"网站已固定在 {_short(asked)}，推送照常接收，但要到解除固定后才公示\n"
                f"The site is pinned to {_short(asked)}: pushes are taken, but not shown until: host rollback --off"
            )
            return True

    def unpin(self) -> bool:
        """Take the pin off, and bring the site to the newest commit."""
        with self._alone():
            state.keep(self.place.state, replace(state.read(self.place.state), pinned=None))
        return self.publish()

    def _on_branch(self, commit: str) -> str:
        """The whole id of a commit in the history of what was pushed."""
        tip = self.repository.tip(BRANCH)
        try:
            asked = self.repository.git.run("rev-parse", "--verify", "--end-of-options", f"{commit}^{{commit}}")
        except GitError:
            asked = b""
        whole = asked.decode().strip()
        if not (whole and tip and self.repository.follows(whole, tip)):
            raise Mistake(f"{commit} is no commit of {BRANCH}: take one from git log {BRANCH}.")
        return whole

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """The one publication that is under way, with nothing left of those that were killed."""
        with locked(self.place.lock, self._wait):
            self.place.tidy()
            yield

    def _wait(self) -> None:
        self.tell("另一次发布正在进行，请稍候 Another publication is under way; waiting for it to end")

    def _bring(self, commit: str, moment: Moment, known: State, skip_broken: bool, again: bool) -> bool:
        """Make the commit live, keep what came of it, and say so."""
        before, began = standing.of_folder(self.host.site), time.perf_counter()
        if not again and _is_live(commit, moment.day, before, known):
            self.tell(f"{_short(commit)} 已经公示 {_short(commit)} is live already")
            return True
        _let_the_second_pass(self.place)
        begun = Build(state.written(moment.instant), commit, str(moment.day), BEGUN, 0.0)
        left = before.commit if before and before.commit != commit else None
        state.keep(self.place.state, replace(known, build=begun, before=left or known.before))
        result, said, changes = self._attempt(commit, moment, skip_broken)
        after, seconds = standing.of_folder(self.host.site), round(time.perf_counter() - began, 1)
        if result == LIVE:
            result = LIVE if after != before else UNCHANGED
        build = replace(begun, result=result, seconds=seconds, said=said)
        was = before.commit if before and after and before.commit != after.commit else None
        for line in (*changes, *_told(build, after, before is not None)):
            self.tell(line)
        try:
            state.keep(self.place.state, replace(known, build=build, before=was or known.before))
        except OSError as error:  # such as on a full disk
            self.tell(f"{self.place.state} 无法写入 cannot be written: {error.strerror}")
        return result not in (FAILED, HALFWAY)

    def _attempt(self, commit: str, moment: Moment, skip_broken: bool) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """How a build of the commit ends, what is said of that, and what it changes on the site."""
        try:
            former.keep(self.host.site)
            tree = Tree(self.repository, self.place.tree)
            tree.bring(commit)
            with contextlib.chdir(tree.folder):
                built = self.program.build(moment, self.host.site, commit, skip_broken)
            said = _first(built.findings)
            if built.findings.forbid(skip_broken):
                return FAILED, said, ()
            return (LEFT_OUT if said else LIVE), said, built.changes
        except Halfway as error:
            return HALFWAY, (str(error),), ()
        except (Mistake, Refused, SearchError, OSError) as error:
            return FAILED, tuple(str(error).splitlines()), ()
        except Exception as error:  # a bug of the program, which is not the pusher's to read
            with contextlib.suppress(OSError):
                self.place.crash.write_text(traceback.format_exc(), encoding="utf-8")
            return FAILED, (f"{type(error).__name__} in the program itself; {self.place.crash} tells where",), ()


def _first(findings: Findings) -> tuple[str, ...]:
    """The first problems, a line each, and how many there are besides."""
    found = [str(problem) for problem in findings.all() if problem.severity is Severity.PROBLEM]
    rest = len(found) - state.MOST_SAID
    return (*found[: state.MOST_SAID], *([f"另有 {rest:,} 个问题 and {rest:,} more problems"] if rest > 0 else []))


def _is_live(commit: str, day: date, now: Standing | None, known: State) -> bool:
    """Whether a publication of the commit ended well and is what the site shows."""
    well = known.build is not None and known.build.commit == commit and known.build.result in (LIVE, UNCHANGED)
    return bool(well and known.build and now and now.commit == commit and known.build.day == str(day))


def _told(build: Build, now: Standing | None, was: bool) -> Iterator[str]:
    """How it ended, in Chinese and English."""
    commit, seconds = _short(build.commit), f"{build.seconds:.1f}"
    if build.result == HALFWAY:
        yield f"未能公示 {commit}，网站可能新旧参半，下一次发布会修复"
        yield f"Could not publish {commit}; the site may be old in part and new in part until the next publication"
        yield from (f"  {line}" for line in build.said)
        return
    if build.result == FAILED:
        yield f"未能公示 {commit}，原网站保持不变" if was else f"未能公示 {commit}"
        yield f"Could not publish {commit}" + ("; the site stays as it was" if was else "")
        yield from (f"  {line}" for line in build.said)
        return
    facts = f"{now.published:,}" if now else "?"
    many = "" if now and now.published == 1 else "s"
    day = now.day if now else build.day
    yield f"已公示 {commit}：{facts} 张有效证书，{day}，用时 {seconds} 秒"
    yield f"Live: {commit}, {facts} valid certificate{many}, as of {day}, in {seconds} seconds"
    if build.result == LEFT_OUT:
        yield "有问题的记录没有公示 Records with problems were left out:"
        yield from (f"  {line}" for line in build.said)


def _let_the_second_pass(place: Place) -> None:
    """Wait until the disk's clock shows another second than at the end of the last publication.

    Web servers tell a changed file by its size and the second of its last change.
    """
    with contextlib.suppress(FileNotFoundError):
        last = place.state.stat().st_mtime_ns
        place.lock.touch()
        now = place.lock.stat().st_mtime_ns
        if now // 1_000_000_000 == last // 1_000_000_000:
            time.sleep((1_000_000_000 - now % 1_000_000_000) / 1e9)


def _short(commit: str) -> str:
    return commit[:SHORT]
