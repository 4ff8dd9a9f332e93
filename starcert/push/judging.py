"""Judging: a push as git tells of it -> a verdict, from git's own objects and without a checkout.

updates -> line of commits -> of each: shape, signer, records, history -> of all: how much leaves the register
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from starcert.certificate import Certificate
from starcert.git import Change, Commit, Repository, TooMany
from starcert.git.signatures import signers
from starcert.key import Key
from starcert.memory import Damaged
from starcert.problems import Problem
from starcert.push import authority, history, leaving, ledger, line, shape
from starcert.push.keyring import keyring
from starcert.push.ledger import Asked, Ledger, Overtaken
from starcert.push.line import MAIN, Update
from starcert.push.source import with_source
from starcert.push.tree import is_record
from starcert.push.verdict import Found, Verdict
from starcert.recordfile import shown_path

MOST_LISTED = 500
MOST_OF_ALL = 2_000_000
"""Files in a first push."""
UNSIGNED, TOO_MUCH = "commit_is_signed", "push_is_of_a_days_work"


@dataclass(frozen=True, slots=True)
class Push:
    """What is pushed, with which push options, and the day on which it is received, in China."""

    updates: Sequence[Update]
    options: frozenset[str]
    day: date


@dataclass(frozen=True, slots=True)
class Host:
    """Whether pushes must be signed, whose keys are the operators', and the file of the ledger."""

    signed: bool
    operators: Sequence[Key]
    ledger: Path


def judge(repository: Repository, push: Push, host: Host) -> Verdict:
    """The verdict on a push."""
    if problems := line.judge_updates(list(push.updates)):
        return _verdict(map(Found, problems), repository, host.signed)
    [update] = push.updates
    commits, problems = line.judge_line(repository, update)
    if problems:
        return _verdict(map(Found, problems), repository, host.signed)
    try:
        return _Judging(repository, push, host, update.old, commits).verdict()
    except TooMany as error:
        said = f"the push changes more than {error.most:,} files: push in parts"
        return _verdict([Found(Problem(MAIN, 1, 1, "push_is_of_a_days_work", said))], repository, host.signed)
    except Overtaken:
        return _verdict(map(Found, line.overtaken(update)), repository, host.signed)
    except Damaged:  # of the ledger, which is a cache
        host.ledger.unlink(missing_ok=True)
        return _Judging(repository, push, host, update.old, commits).verdict()


@dataclass(slots=True)
class _Judging:
    """One line of commits being judged; `old` is where main stands, `signer` who signed the newest of them."""

    repository: Repository
    push: Push
    host: Host
    old: str | None
    commits: Sequence[Commit]
    signer: str = ""

    def verdict(self) -> Verdict:
        pairs = [(commit.parents[0] if self.old else None, commit.id) for commit in self.commits]
        most = shape.MOST_CHANGES if self.old else MOST_OF_ALL
        steps = list(zip(self.commits, self.repository.steps(pairs, most), strict=True))
        found = [*self._much(steps), *self._shape(steps)]
        with ledger.opened(self.repository, self.old, Asked(self.push.day), self.host.ledger) as book:
            live = book.live()
            found += self._signed(book, steps)
            if self._may_be_read(found):
                book.unread = frozenset(self._unread(found, steps))
                found += self._records(book, steps)
                found += self._unpublished(book, live)
            at = {commit.id: at for at, commit in enumerate(self.commits, 1)}
            found.sort(key=lambda one: at[one.commit.id] if one.commit else 0)
            verdict = _verdict(found, self.repository, self.host.signed, len(self.commits), first=not self.old)
            return replace(verdict, signer=self.signer)

    def _may_be_read(self, found: Sequence[Found]) -> bool:
        """Whether records are judged in spite of what was found: one answer says all, as far as that is safe."""
        rules = {one.problem.rule for one in found}
        return TOO_MUCH not in rules and (self.old is not None or rules <= shape.SENTENCES.keys())

    def _unread(self, found: Iterable[Found], steps: Iterable[tuple[Commit, list[Change]]]) -> Iterator[bytes]:
        """The paths at which nothing is read, as if they had not changed: what has no proper shape, what its signer may
        not change, and of a commit that nobody signed all that is no record.
        """
        faulty = {one.problem.path for one in found if one.problem.rule != UNSIGNED}
        unsigned = {one.commit.id for one in found if one.commit and one.problem.rule == UNSIGNED}
        for commit, changes in steps:
            for change in changes:
                above = faulty and {shown_path(os.fsdecode(path)) for path in _with_folders(change.path)}
                if (above and above & faulty) or (commit.id in unsigned and not is_record(change.path)):
                    yield change.path

    def _much(self, steps: Iterable[tuple[Commit, list[Change]]]) -> Iterator[Found]:
        changes = [change for _, changes in steps for change in changes]
        for said in shape.push_is_of_a_days_work(changes) if self.old else ():
            yield Found(shape.problem(shape.push_is_of_a_days_work, os.fsencode(MAIN), said))

    def _shape(self, steps: Sequence[tuple[Commit, list[Change]]]) -> Iterator[Found]:
        ids = [change.id for _, changes in steps for change in changes if change.id and change.mode != shape.MODULE]
        names = shape.Names(self._listing)
        with self.repository.blobs() as blobs:
            sizes = blobs.sizes(ids)
        for commit, changes in steps:
            for problem in sorted([*shape.judge(changes, sizes), *names.judge(changes)]):
                yield Found(problem, commit)

    def _listing(self, folder: bytes) -> list[bytes]:
        return self.repository.listing(self.old, folder) if self.old else []

    def _signed(self, book: Ledger, steps: Sequence[tuple[Commit, list[Change]]]) -> Iterator[Found]:
        if not self.host.signed:
            return
        keys = keyring(book.bodies(), self.host.operators, self.push.day)
        signed = signers(self.repository, [commit.id for commit, _ in steps], keys.allowed())
        self.signer = authority.signer(signed[self.commits[-1].id], keys) if self.commits else ""
        for commit, changes in steps:
            paths = [change.path for change in changes]
            empty = self.old is None
            for problem in authority.judge(commit, paths, signed[commit.id], keys, asked=True, empty=empty):
                yield Found(problem, commit)

    def _records(self, book: Ledger, steps: Sequence[tuple[Commit, list[Change]]]) -> list[Found]:
        """What is wrong with the records at each commit, as if it had been pushed alone."""
        found: list[Found] = []
        if self.old is None:
            book.begin(self.commits[-1].id)
            return [Found(problem, self.commits[-1]) for problem in sorted(book.problems)]
        for commit, all_changes in steps:
            changes = [change for change in all_changes if change.path not in book.unread]
            before, reused = dict(book.before(changes)), list(self._reused(book, changes))
            standing = book.step(commit.id, changes)
            passing = {*reused, *self._history(book, changes, before)}
            found += [Found(one, commit, mended=one not in passing) for one in sorted({*standing, *passing})]
        return [replace(one, mended=one.mended and one.problem not in book.problems) for one in found]

    def _reused(self, book: Ledger, changes: Sequence[Change]) -> Iterator[Problem]:
        for path in book.reuses(changes):
            for said in shape.number_is_never_reused():
                yield shape.problem(shape.number_is_never_reused, path, said)

    def _history(
        self, book: Ledger, changes: Sequence[Change], before: Mapping[bytes, Certificate]
    ) -> Iterator[Problem]:
        """What a commit may not change of certificates as they were recorded before it."""
        for change in changes:
            if change.path in before:
                now, record = book.certificate(change.path, change.id) if change.id else (None, None)
                if record or not change.id:
                    path = shown_path(os.fsdecode(change.path))
                    yield from history.judge(before[change.path], now, record, path, self.push.day)

    def _unpublished(self, book: Ledger, live: int) -> Iterator[Found]:
        """Whether so many of those that were live may leave the register."""
        lost = len(leaving.taken_off(book.until, book.memory, book.day)) if self.old else 0
        for said in leaving.unpublishing_is_meant(live, lost, leaving.UNPUBLISH in self.push.options):
            yield Found(shape.problem(leaving.unpublishing_is_meant, os.fsencode(MAIN), said))


def _with_folders(path: bytes) -> Iterator[bytes]:
    """The path, and that of each folder above it."""
    while path:
        yield path
        path, _, _ = path.rpartition(b"/")


def _verdict(
    found: Iterable[Found], repository: Repository, signed: bool, commits: int = 0, first: bool = False
) -> Verdict:
    """The verdict, with the source of what is listed."""
    every = list(found)
    listed = tuple(with_source(every[:MOST_LISTED], repository))
    return Verdict(listed, len(every) - len(listed), commits, signed, first)
