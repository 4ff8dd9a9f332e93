"""Ledger: what is known of the records of a commit of main, so that only what a push changes is judged.

It is a cache in a file beside the repository. Missing, damaged, of another program or of a commit that main never had,
it is made anew from all records of main. Only what main has is ever kept in it: a push is judged in a transaction that
is given up.
"""

import fcntl
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from starcert import yamlfile
from starcert.body import Body
from starcert.certificate import Certificate
from starcert.findings import Findings
from starcert.git import Blobs, Change, Entry, Repository
from starcert.inputs import program
from starcert.memory import Damaged, Memory
from starcert.outcome import Due, Work
from starcert.problems import Problem, Severity
from starcert.push import tree
from starcert.push.standard import digest
from starcert.recordfile import ENDING, shown_path
from starcert.registry import Registry, registry_in
from starcert.survey import Survey
from starcert.workers import cores

SEVERAL = 500
"""How many paths one question to git may name."""


class Overtaken(Exception):
    """Main has another commit by now than the push was told."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of an order a survey of a push needs; for the ledger, `day` is that of the push."""

    day: date
    jobs: int = field(default_factory=cores)
    quiet: bool = True
    skip_broken: bool = False


@contextmanager
def opened(repository: Repository, old: str | None, asked: Asked, path: Path) -> Iterator["Ledger"]:
    """The ledger as of that commit of main, brought there first; what is done to it in the block is given up.

    Of an empty register it is an empty one. One push after the other has it; another waits. Overtaken is raised when
    main has moved on, Damaged when damage shows only later: without the file, it is made anew.
    """
    with ExitStack() as held:
        lock = held.enter_context(open(path.with_name(f"{path.name}.lock"), "wb"))
        fcntl.flock(lock, fcntl.LOCK_EX)
        if repository.tip("main") != old:
            raise Overtaken
        blobs = held.enter_context(repository.blobs())
        if old is None:
            yield Ledger(repository, blobs, held.enter_context(Memory()), asked)
            return
        if not _bring(repository, blobs, old, asked, path):
            _make(repository, blobs, old, asked, path)
        ledger = Ledger(repository, blobs, held.enter_context(Memory(path, lasting=True)), asked)
        ledger.recall()
        ledger.main = old
        yield ledger


def _bring(repository: Repository, blobs: Blobs, old: str, asked: Asked, path: Path) -> bool:
    """Bring the ledger in the file to a commit and to the day; False when there is none that can be."""
    if not path.is_file():
        return False
    with suppress(Damaged, KeyError, TypeError, ValueError), Memory(path, lasting=True) as memory:
        ledger = Ledger(repository, blobs, memory, asked)
        if not ledger.recall() or not ledger.commit:
            return False
        if ledger.commit != old or memory.records.other(ledger.day):
            if not repository.follows(ledger.commit, old):
                return False
            was = ledger.commit
            ledger.step(old, repository.changes(was, old))
            ledger.lose(repository.removed(old, tree.CERTIFICATES, since=was))
            ledger.remember()
        return True
    return False


def _make(repository: Repository, blobs: Blobs, old: str, asked: Asked, path: Path) -> None:
    """A new ledger in the file, of all records of a commit; the file is there when all of it is written."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with Memory(new) as memory:
        ledger = Ledger(repository, blobs, memory, asked)
        ledger.begin(old)
        ledger.remember()
    with open(new, "rb") as file:
        os.fsync(file.fileno())
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    new.replace(path)


@dataclass(slots=True)
class Ledger:
    """The records of a commit, judged; `step` goes on to the next one.

    `problems` are those of the whole register as it is at that commit, and `broken` the paths of the records that are
    left out for them. `gone` are the files that were removed, by slug: path and blob. `day` is the one that a site of
    the commit would be built for: a demonstration says of itself until when it moves on. `until` is, for each slug that
    a step touched, the day on which its certificate was to leave the register, or None where it was not live. At the
    paths `unread`, which steps must not name, the commits are not read: what `main` has is taken to be there still.
    The paths `moved` are those that a step changed.
    """

    repository: Repository
    blobs: Blobs
    memory: Memory
    asked: Asked
    commit: str | None = None
    problems: frozenset[Problem] = frozenset()
    broken: frozenset[str] = frozenset()
    gone: dict[str, tuple[str, str]] = field(default_factory=dict)
    rules: str = ""
    registry: Registry | None = None
    day: date = date.min
    until: dict[str, int | None] = field(default_factory=dict)
    main: str | None = None
    unread: frozenset[bytes] = frozenset()
    moved: set[bytes] = field(default_factory=set)
    _seen: dict[tuple[Entry, ...], tuple[Registry, date]] = field(default_factory=dict)

    def step(self, commit: str, changes: Sequence[Change]) -> list[Problem]:
        """Go on to a commit with these changes; what is wrong then, as far as it was not before or was touched."""
        known = {one.path: one for one in changes if tree.is_certificate(one.path)}
        self.moved.update(known)
        entries = [Entry(one.path, one.mode, one.id, 0) for one in known.values() if one.id]
        registry, self.day = self._opened(commit, self._sized(entries))
        paths = {shown_path(os.fsdecode(one.path)) for one in entries}
        gone = [shown_path(os.fsdecode(one.path)) for one in known.values() if not one.mode]
        if self.rules != (rules := digest(registry)):
            everything = self._entries(commit, [tree.CERTIFICATES])
            (registry, _), self.rules = self._opened(commit, everything), rules
            gone = [*gone, *(self._known_paths() - {file.shown for file in registry.files})]
        else:
            more = (self.broken | self.memory.records.other(self.day)) - paths - set(gone)
            registry, _ = self._opened(commit, [*self._sized(entries), *self._entries(commit, sorted(more))])
        findings = self._judge(registry, gone)
        before, found = self.problems, frozenset(_blocking(findings))
        self._know(commit, registry, findings, found)
        self.lose(one for one in known.values() if not one.mode)
        return sorted(problem for problem in found if problem not in before or problem.path in paths)

    def begin(self, commit: str) -> None:
        """Judge all records of a commit."""
        registry, self.day = self._opened(commit, self._entries(commit, [tree.CERTIFICATES]))
        findings = self._judge(registry, ())
        self.rules = digest(registry)
        self.lose(self.repository.removed(commit, tree.CERTIFICATES))
        self._know(commit, registry, findings, frozenset(_blocking(findings)))

    def lose(self, removed: Iterable[Change]) -> None:
        """Remember files that were removed, the latest first."""
        told = [one for one in removed if tree.is_record(one.path)]
        self.gone |= {_slug(one.path): (os.fsdecode(one.path), str(one.was_id)) for one in reversed(told)}

    def _judge(self, registry: Registry, gone: Collection[str]) -> Findings:
        asked = replace(self.asked, day=self.day)
        made = Survey(asked, registry, self.memory, Findings(registry.problems))
        made.judge([Due(file) for file in registry.files], list(gone), Work(registry, self.day))
        made.settle()
        for slug in made.touched:
            self.until.setdefault(slug, made.before[slug].turn if slug in made.before else None)
        return made.findings

    def _know(self, commit: str, registry: Registry, findings: Findings, found: frozenset[Problem]) -> None:
        self.commit, self.registry, self.problems = commit, registry, found
        self.broken = frozenset(findings.left_out)

    def reuses(self, changes: Iterable[Change]) -> Iterator[bytes]:
        """The paths of added certificates whose number another record had that is gone, as of the commit before."""
        for one in changes:
            if self._added(one) and self.gone.get(_slug(one.path), (None,))[0] not in (None, os.fsdecode(one.path)):
                yield one.path

    def before(self, changes: Iterable[Change]) -> Iterator[tuple[bytes, Certificate]]:
        """The certificates that these changes are of, as this commit has them, or as they were when removed.

        Also those of main that break a rule now, such as a new one: what was recorded stays, whoever mends it.
        """
        assert self.registry
        for one in changes:
            if tree.is_certificate(one.path):
                path, id = self.gone.get(_slug(one.path), ("", "")) if self._added(one) else ("", one.was_id)
                if id and path in ("", os.fsdecode(one.path)):
                    certificate, record = self.certificate(one.path, id)
                    if record and one.path not in self.moved:
                        file = tree.RecordBlob.of(Entry(one.path, 0, id, 0), self.blobs)
                        certificate = self.registry.as_read(record, file.shown, file.folder)
                    if certificate:
                        yield one.path, certificate

    def _added(self, one: Change) -> bool:
        return tree.is_record(one.path) and not one.was_mode

    def certificate(self, path: bytes, id: str) -> tuple[Certificate | None, yamlfile.Mapping | None]:
        """The certificate and record in a blob, as they are read under the rulebook of this commit."""
        assert self.registry
        [entry] = self._sized([Entry(path, 0o100644, id, 0)])
        file = tree.RecordBlob.of(entry, self.blobs)
        data, problem = file.read()
        record, found = (None, [problem]) if problem else yamlfile.read(data, file.shown)
        return self.registry.judge_record(record, found, file.shown, file.folder, file.stem).certificate, record

    def live(self) -> int:
        """How many certificates are live at this commit."""
        return self.memory.records.count_published()

    def bodies(self) -> Mapping[str, Body]:
        """The certification bodies of this commit; none before the first."""
        return self.registry.rulebook.bodies if self.registry else {}

    # What is kept

    def remember(self) -> None:
        """Write down all that is known of this commit."""
        told = {
            "program": program(),
            "commit": self.commit,
            "rules": self.rules,
            "problems": [[p.path, p.line, p.column, p.rule, p.message] for p in sorted(self.problems)],
            "broken": sorted(self.broken),
            "gone": self.gone,
        }
        self.memory.note("ledger", told)
        self.memory.keep()

    def recall(self) -> bool:
        """Take up what was written down; False when that is of another program."""
        told = self.memory.fact("ledger")
        if not told or told["program"] != program() or not self.repository.holds(str(told["commit"])):
            return False
        self.commit, self.rules = str(told["commit"]), told["rules"]
        self.registry, self.day = self._opened(self.commit, ())
        self.problems = frozenset(Problem(*one) for one in told["problems"])
        self.broken = frozenset(told["broken"])
        self.gone = {slug: (path, id) for slug, (path, id) in told["gone"].items()}
        return True

    # What lies in commits

    def _opened(self, commit: str, certificates: Sequence[Entry]) -> tuple[Registry, date]:
        """The registry of a commit with these certificates, and the day that its site would be built for."""
        rulebook, day = self._rulebook(commit)
        files, strays = tree.sorted_out(certificates, tree.CERTIFICATES, 2, self.blobs)
        return replace(rulebook, files=files, problems=(*rulebook.problems, *strays)), day

    def _rulebook(self, commit: str) -> tuple[Registry, date]:
        """The same without any certificate; one that does not differ is read once."""
        read = self.main if self.main and any(map(tree.is_rulebook, self.unread)) else commit
        found = tree.tree(self.repository, read, (), self.blobs)
        key = (*(Entry(name, 0, "", 0) for name in found.top), *found.entries)
        if key not in self._seen:
            registry, (demonstration, problems) = registry_in(found), found.demonstration()
            day = demonstration.day(self.asked.day) if demonstration else self.asked.day
            self._seen[key] = replace(registry, problems=(*registry.problems, *problems)), day
        return self._seen[key]

    def _entries(self, commit: str, paths: Sequence[str]) -> list[Entry]:
        found = [entry for entry in self._lying(commit, paths) if entry.path not in self.unread]
        kept = self._lying(self.main, paths) if self.main and self.unread else ()
        return [*found, *(entry for entry in kept if entry.path in self.unread)]

    def _lying(self, commit: str, paths: Sequence[str]) -> Iterator[Entry]:
        runs = (paths[start : start + SEVERAL] for start in range(0, len(paths), SEVERAL))
        return (entry for run in runs for entry in self.repository.entries(commit, run))

    def _sized(self, entries: Sequence[Entry]) -> list[Entry]:
        files = [entry for entry in entries if entry.mode != 0o160000]
        sizes = self.blobs.sizes([entry.id for entry in files])
        return [entry._replace(size=sizes.get(entry.id, 0)) for entry in entries]

    def _known_paths(self) -> set[str]:
        return set(self.memory.records.paths()) | self.broken


def _blocking(findings: Findings) -> Iterator[Problem]:
    return (problem for problem in findings.all() if problem.severity is Severity.PROBLEM)


def _slug(path: bytes) -> str:
    return os.path.basename(os.fsdecode(path)).removesuffix(ENDING)
