"""Line: pushed commits stand in one line that goes on from main.

A rule takes an update of a branch, or a commit, and yields what to do about it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from starcert.git import Commit, Repository, TooMany
from starcert.problems import Mistake, Problem
from starcert.recordfile import shown_path

MAIN = "refs/heads/main"
MOST_COMMITS = 1_000
ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
REBASE = "git pull --rebase origin main, then git push origin main"


@dataclass(frozen=True, slots=True)
class Update:
    """A branch or tag that is to go from one commit to another; None where there is none."""

    old: str | None
    new: str | None
    ref: str


def update(line: bytes) -> Update:
    """The update that git tells a hook of on one line, as `OLD NEW REF`."""
    old, _, rest = line.rstrip(b"\n").decode("utf-8", "backslashreplace").partition(" ")
    new, _, ref = rest.partition(" ")
    if not (ID.fullmatch(old) and ID.fullmatch(new) and ref):
        raise Mistake("Standard input must hold what git tells a pre-receive hook: OLD NEW REF on each line.")
    return Update(old if old.strip("0") else None, new if new.strip("0") else None, ref)


def judge_updates(updates: list[Update]) -> list[Problem]:
    """What is wrong with the updates, before any commit is looked at."""
    found = [_problem(rule, one, said) for one in updates for rule in (only_main, main_stays) for said in rule(one)]
    return found or [_problem(main_is_named_once, updates[0], said) for said in main_is_named_once(updates)]


def only_main(one: Update) -> Iterator[str]:
    """A push must change the branch main only, no other branch and no tag."""
    if one.ref != MAIN:
        yield "the register takes nothing but the branch main: push that alone, with git push origin main"


def main_stays(one: Update) -> Iterator[str]:
    """The branch main must not be deleted."""
    if one.ref == MAIN and one.new is None:
        yield "main cannot be deleted: a certificate is ended with a decision in its record"


def main_is_named_once(updates: Sequence[Update]) -> Iterator[str]:
    """A push must name the branch main once."""
    if len(updates) > 1:
        yield f"the push names main {len(updates):,} times: push it once, with git push origin main"


def judge_line(repository: Repository, one: Update) -> tuple[list[Commit], list[Problem]]:
    """The commits that main is to have after this update, and what is wrong with how they stand.

    Of the first push to an empty repository it is only the last commit: what came before was never published.
    """
    assert one.new
    if not repository.holds(one.new):
        return [], [_problem(main_goes_to_a_commit, one, said) for said in main_goes_to_a_commit(one.new)]
    if one.old is None:
        return repository.line(one.new, 1), []
    line = repository.line(one.new, MOST_COMMITS + 1)
    at = next((at for at, commit in enumerate(line) if commit.id == one.old), None)
    if at is None and not repository.follows(one.old, one.new):
        return [], overtaken(one)
    try:
        commits = repository.commits(one.old, one.new, MOST_COMMITS) if at is None else line[:at][::-1]
    except TooMany:
        return [], [_problem(push_is_short, one, said) for said in push_is_short()]
    return commits, [_problem(commits_in_line, one, said) for commit in commits for said in commits_in_line(commit)]


def overtaken(one: Update) -> list[Problem]:
    """What is wrong with an update when main has moved on since it began."""
    return [_problem(main_goes_on, one, said) for said in main_goes_on()]


def main_goes_to_a_commit(id: str) -> Iterator[str]:
    """The branch main must go to a commit, not to a tag or a file."""
    yield f"main must go to a commit, and {id[:10]} is none: push the branch, with git push origin main"


def push_is_short() -> Iterator[str]:
    """A push must bring at most 1,000 commits."""
    yield f"the push brings more than {MOST_COMMITS:,} commits: make fewer of them, with git reset --soft origin/main"


def main_goes_on() -> Iterator[str]:
    """A push must keep every commit that main has."""
    yield f"main has commits that this push would throw away, perhaps a colleague's of today: {REBASE}"


def commits_in_line(commit: Commit) -> Iterator[str]:
    """A commit must have exactly one parent."""
    if len(commit.parents) != 1:
        what = f"merges {len(commit.parents)} lines of work" if commit.parents else "begins a history of its own"
        yield f"commit {commit.short} {what}, but each must follow one other: {REBASE}"


RULES: tuple[Callable[..., Iterator[str]], ...] = (
    only_main,
    main_stays,
    main_is_named_once,
    main_goes_to_a_commit,
    push_is_short,
    main_goes_on,
    commits_in_line,
)
SENTENCES: dict[str, str] = {rule.__name__: rule.__doc__ or "" for rule in RULES}


def _problem(rule: object, one: Update, message: str) -> Problem:
    return Problem(shown_path(one.ref), 1, 1, str(getattr(rule, "__name__", "")), message)
