"""Publishing: a commit of the repository goes live, and whoever waits for it is told what came of it.

One publication is under way at a time; the others wait, and the first to go on takes the newest commit, so those behind
it mostly find theirs live. Whatever goes wrong, the old site stays; what has lapsed leaves it all the same.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from starcert.days import Moment
from starcert.git import GitError, Repository
from starcert.host import answer, news, standing, state
from starcert.host.building import Builder, Program
from starcert.host.news import News
from starcert.host.place import Place
from starcert.host.settings import Host
from starcert.host.standing import Standing
from starcert.host.state import BEGUN, FAILED, HALFWAY, LIVE, UNCHANGED, Build, State
from starcert.output import Site, locked
from starcert.problems import Mistake

BRANCH = "main"
Tell = Callable[[str], None]
Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Publisher:
    """A host at work; `tell` says things to whoever waits, who perhaps `pushed` a commit."""

    place: Place
    host: Host
    repository: Repository
    program: Program
    tell: Tell
    pushed: str | None = None

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
                self.tell(answer.pinned(known.pinned))
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
            self.tell(answer.rolled_back(asked))
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
        self.tell(answer.WAIT)

    def _bring(self, commit: str, moment: Moment, known: State, skip_broken: bool, again: bool) -> bool:
        """Make the commit live, keep what came of it, and say so."""
        before = standing.of_folder(self.host.site)
        if not again and _is_live(commit, moment.day, before, known):
            self._repeat(commit)
            return True
        build = Build(state.written(moment.instant), commit, str(moment.day), BEGUN, 0.0)
        left = before.commit if before and before.commit != commit else None
        begun = replace(known, build=build, before=left or known.before)
        self._begin(begun)
        if left and again and self._was_stuck(commit, known, before, moment):
            self._keep_current(left, moment)
            self._begin(begun)
        build, changes = self._build(build, before, moment, skip_broken)
        if build.result == FAILED and left and (again or _is_behind(known, moment)):
            build = replace(build, result=self._keep_current(left, moment) or FAILED)
        well = build.result not in (FAILED, HALFWAY)
        try:
            if well and (before is None or before.commit != commit):
                news.add(self.place.news, News(left, commit, changes))
            state.keep(self.place.state, replace(known, build=build, before=(left if well else None) or known.before))
        except OSError as error:  # such as on a full disk
            self.tell(f"{self.place.state} 无法写入 cannot be written: {error.strerror}")
        return well

    def _repeat(self, commit: str) -> None:
        """The commit is live already: what changed when that of whoever pushed went live, and that it did."""
        pushed = self.pushed or commit
        known = news.of(pushed, self.place.news, self.repository) if self.pushed else None
        for line in known.changes if known else ():
            self.tell(line)
        self.tell(answer.live_already(*((pushed, known.until) if known else (commit, commit))))

    def _begin(self, begun: State) -> None:
        """Write down what is begun, in another second than that in which the site changed last."""
        _let_the_second_pass(self.place)
        state.keep(self.place.state, begun)

    def _build(self, begun: Build, before: Standing | None, moment: Moment, skip_broken: bool) -> tuple[Build, Lines]:
        """Build, and say how it ended, and what it changes."""
        began = time.perf_counter()
        attempt = self._builder.attempt(begun.commit, moment, skip_broken)
        after, seconds = standing.of_folder(self.host.site), round(time.perf_counter() - began, 1)
        result = UNCHANGED if attempt.result == LIVE and _says_the_same(before, after) else attempt.result
        build = replace(begun, result=result, seconds=seconds, said=attempt.said)
        pushed = self.pushed if self.pushed != begun.commit else None
        own = [answer.part(pushed, begun.commit)] if pushed and self.repository.follows(pushed, begun.commit) else []
        for line in (*attempt.changes, *answer.ended(build, after, before is not None), *own):
            self.tell(line)
        return build, attempt.changes

    def _was_stuck(self, commit: str, known: State, before: Standing | None, moment: Moment) -> bool:
        """Whether the commit was not built last time, nor the site changed for it, and the site is of another day.

        So may this one, after a long time; what lapses must not wait for that.
        """
        last = known.build
        stuck = last is not None and last.commit == commit and last.result in (BEGUN, FAILED)
        return bool(stuck and before and before.day != moment.day and Site(self.host.site).remembered)

    def _keep_current(self, commit: str, moment: Moment) -> str | None:
        """Bring what was live before a commit that cannot be built to the present day; how it ended, if not well.

        Broken records are left out: an expiry takes effect whatever else is wrong.
        """
        if not self.repository.holds(commit):
            return None
        attempt = self._builder.attempt(commit, moment, skip_broken=True)
        failed, now = attempt.result in (FAILED, HALFWAY), standing.of_folder(self.host.site)
        day = now.day if now else moment.day
        told = answer.not_kept_current(commit, attempt.said) if failed else answer.kept_current(commit, day)
        for line in (*attempt.changes, *told):
            self.tell(line)
        return attempt.result if failed else None

    @property
    def _builder(self) -> Builder:
        return Builder(self.place, self.host.site, self.repository, self.program)


def _is_live(commit: str, day: date, now: Standing | None, known: State) -> bool:
    """Whether a publication of the commit ended well and is what the site shows."""
    well = known.build is not None and known.build.commit == commit and known.build.result in (LIVE, UNCHANGED)
    return bool(well and known.build and now and now.commit == commit and known.build.day == str(day))


def _says_the_same(one: Standing | None, other: Standing | None) -> bool:
    """Whether two sites show the same; only when they were made may differ."""
    return one == other or bool(one and other and replace(one, built_at=other.built_at) == other)


def _is_behind(known: State, moment: Moment) -> bool:
    """Whether the site may show what has lapsed, or what a publication left that did not end."""
    last = known.build
    return last is None or last.result in (BEGUN, HALFWAY) or last.day != str(moment.day)


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
