"""Publishing survives everything: kills at every system call and at any instant, calls that fail, and readers meanwhile.

    python tests/survival.py --kills 1000

prints the counts. Every kill is followed by a look at what stands there, and by a publication that repairs it.
"""

import argparse
import contextlib
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from deaths import HANGS, Call, Ended, Publications
from golden import EPOCH
from project import tree
from readers import Window, reading
from releases import Course, Release, Step, assets_named, course
from servers import serving

STAGES = {
    "/starcert/tree": "the tree",
    "/starcert/lock": "locks",
    ".starcert-lock": "locks",
    "/starcert/state.json": "the state",
    "/starcert/.state.json": "the state",
    "/starcert/.tree.commit": "the tree",
    "/site.former": "former assets",
    ".starcert-memory": "the memory",
    ".starcert-vouch": "the memory's word",
    ".starcert-old": "going live",
    "/site/": "going live",
    "/site>": "going live",
    '/site"': "going live",
    ".starcert-next": "staging",
}
OFTEN = {"going live": 3}
"""Stages of which so many calls are taken where of others one is."""
FAILURES = ("ENOSPC", "EACCES", "EIO")


def stage(call: Call) -> str:
    """The part of a publication that a call belongs to."""
    if call.git:
        return "the tree"
    if call.name in ("unlinkat", "rmdir", "unlink") and ".starcert-next" in call.about:
        return "tidying"
    if call.name in ("renameat2", "rename") and ".starcert-next" in call.about:
        return "going live"
    return next((name for text, name in STAGES.items() if text in call.about), "other")


@dataclass
class Trial:
    """A host that is published to and harmed, over and over, with what was counted on the way."""

    course: Course
    publications: Publications
    window: Window
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    plans: dict[tuple[str, bool], list[Call]] = field(default_factory=dict)

    def begin(self) -> None:
        """Bring the host to where the course begins."""
        self._undisturbed(self.course.steps[-1], fresh=True)

    def step(self, step: Step, harm: "Harm") -> None:
        """One step of the course, harmed; then what stands is looked at, repaired, and the step is made if it was not."""
        self._open(step.old, step.new)
        self._point(step)
        ended = harm.run(self.publications, self.arguments(step))
        context = f"{step.name}, {'at once' if self.publications.at_once else 'file by file'}, {harm}"
        self._count(harm, ended)
        self._look(step, ended, harm, context)
        wanted = self._repair(step, context, () if harm.kills else ("--timer",))
        self.window.close(self._index(wanted))
        if wanted != step.new:
            self._open(wanted, step.new)
            self._undisturbed(step)
        self.window.close(self._index(step.new))

    def learn(self, step: Step) -> None:
        """Make a step undisturbed, and know its calls from then on."""
        self._open(step.old, step.new)
        self._point(step)
        self.plans[step.name, self.publications.at_once] = self.publications.calls(self.arguments(step))
        self._stands(step.new, f"{step.name}, undisturbed")
        self.window.close(self._index(step.new))

    def arguments(self, step: Step) -> list[str]:
        """What build.py is told for a step."""
        command, *options = step.command
        return ["--as-of", step.new.day, "host", command, str(self.course.host.repository), *options]

    def _point(self, step: Step) -> None:
        if step.command[0] == "publish":
            self.course.point(step.new.commit)

    def _index(self, release: Release) -> int:
        return [step.new for step in self.course.steps].index(release)

    def _open(self, old: Release, new: Release) -> None:
        self.window.open(self._index(old), self._index(new))

    def _undisturbed(self, step: Step, fresh: bool = False) -> None:
        self._point(step)
        arguments = self.arguments(step)
        if fresh:
            self.course.point(step.new.commit)
            arguments = ["--as-of", step.new.day, "host", "publish", str(self.course.host.repository)]
        ended = self.publications.run(arguments)
        if ended.code != 0:
            self._blame("repairs that failed", f"{step.name}, undisturbed: {ended.said}")
        self._stands(step.new, f"{step.name}, undisturbed")

    def _count(self, harm: "Harm", ended: Ended) -> None:
        self.counts["runs"] += 1
        if harm.kills and ended.code == -9:
            self.counts["kills"] += 1
            self.counts[f"kills: call: {harm.name}"] += 1
            self.counts[f"kills: stage: {harm.stage}"] += 1
            self.counts[f"kills: way: {'at once' if self.publications.at_once else 'file by file'}"] += 1
        elif harm.kills:
            self.counts["runs that ended before their kill"] += 1
        else:
            self.counts[f"failures: {harm.kind}: {'told' if ended.code else 'borne'}"] += 1

    def _look(self, step: Step, ended: Ended, harm: "Harm", context: str) -> None:
        """What stands after the harm is whole, and of the two releases; whoever waited was told."""
        found, old, new = tree(self.course.host.site), self.course.files[step.old], self.course.files[step.new]
        self.counts["looks"] += 1
        if found in (old, new):
            self.counts["looks: old site" if found == old else "looks: new site"] += 1
        elif self.publications.at_once:
            self._blame("mixtures where all changes at once", f"{context}: {differing(found, old, new)}")
        else:
            self.counts["looks: between the two, file by file"] += 1
            for path in sorted(found.keys() | old.keys() | new.keys()):
                if found.get(path) not in (old.get(path), new.get(path)):
                    self._blame("mixtures within a file", f"{context}: {path}")
            lapsed = self.course.certificates(step.old) - new.keys()
            news = [path for path in found if found[path] == new.get(path) != old.get(path)]
            if news and not lapsed.isdisjoint(found):
                self._blame("lapsed that stay while news are there", f"{context}: {lapsed & found.keys()} {news[:3]}")
        former = self.course.host.folder / "site.former/assets"
        for path in found:
            if path.endswith(".html"):
                for name in assets_named(found[path]):
                    if f"assets/{name}" not in found and not (former / name).exists():
                        self._blame("assets missing", f"{context}: {path} names {name}")
        if ended.code == HANGS:
            self._blame("hangs", f"{context}: {ended.said}")
        if "Traceback" in ended.said:
            self._blame("tracebacks", f"{context}: {ended.said}")
        if not harm.kills and ended.code not in (0, 1, 2):
            self._blame("strange ends", f"{context}: {ended}")
        if not harm.kills and ended.code:
            self._told(ended, found == old, context)

    def _told(self, ended: Ended, stays: bool, context: str) -> None:
        """A failure is told in a sentence, and by `host status`."""
        if self.crash.exists():
            self._blame("bugs", f"{context}: {self.crash.read_text()[-600:]}")
            self.crash.unlink()
        self.counts["failures that were told: " + ("the old site stays" if stays else "news are live")] += 1
        if not stays and "stays as it was" in ended.said:
            self._blame("untruths", f"{context}: {ended.said}")
        if "Could not publish" not in ended.said and "Error: " not in ended.said:
            self._blame("failures that are not told", f"{context}: {ended.said}")

    @property
    def crash(self) -> Path:
        return self.course.host.repository / "starcert/crash.txt"

    def _repair(self, step: Step, context: str, options: Sequence[str]) -> Release:
        """The next publication puts all right; the release that it makes live.

        After a failure the timer's: for a pusher all may be live, while what could not be removed lies about.
        """
        repository = self.course.host.repository
        ended = self.publications.run(["--as-of", step.new.day, "host", "publish", str(repository), *options])
        state = json.loads((repository / "starcert/state.json").read_bytes())
        tip = (repository / "refs/heads/main").read_text().strip()
        wanted = Release(state["pinned"] or tip, step.new.day)
        if ended.code != 0 or "Traceback" in ended.said:
            self._blame("repairs that failed", f"{context}: {ended.said}")
        if self._stands(wanted, context):
            self.counts["repairs"] += 1
        return wanted

    def _stands(self, wanted: Release, context: str) -> bool:
        """The site is the release's, byte for byte; nothing lies about; status and state say that all is well."""
        host, well = self.course.host, True
        repository, found = host.repository, tree(host.site)
        if found != self.course.files[wanted]:
            well = self._blame("repairs that differ", f"{context}: {differing(found, self.course.files[wanted])}")
        beside = {path.name for path in host.folder.iterdir() if not path.name.startswith("release-")}
        known = {"register.git", "site", "site.former", "clone", ".site.starcert-memory", ".site.starcert-vouch"}
        inside = {path.name for path in (repository / "starcert").iterdir()}
        kept = {"host.yaml", "tree", "tree.index", "tree.commit", "state.json"}
        if beside - known or inside - kept:
            well = self._blame("leftovers", f"{context}: {sorted(beside - known)} {sorted(inside - kept)}")
        left = [path.name for path in (host.folder / "site.former").glob("assets/.*")]
        if left:
            well = self._blame("leftovers", f"{context}: site.former/assets: {left}")
        status = self.publications.run(["--as-of", wanted.day, "host", "status", str(repository)])
        if status.code != 0:
            well = self._blame("status", f"{context}: {status.said}")
        state = json.loads((repository / "starcert/state.json").read_bytes())
        if state["build"]["commit"] != wanted.commit or state["build"]["result"] not in ("live", "unchanged"):
            well = self._blame("states", f"{context}: {state}")
        return well

    def _blame(self, kind: str, what: str) -> bool:
        self.counts[f"wrong: {kind}"] += 1
        self.wrong.append(f"{time.time():.2f} {kind}: {what}")
        return False


def differing(found: dict[str, bytes], *wanted: "dict[str, bytes] | object") -> str:
    """Which files are not those of any of these sites."""
    return "; ".join(
        str(sorted(path for path in found.keys() | one.keys() if found.get(path) != one.get(path))[:8])  # type: ignore
        for one in wanted
    )


@dataclass(frozen=True)
class Harm:
    """What is done to a run."""

    call: Call | None = None
    seconds: float = 0
    error: str = ""
    git_only: bool = False

    @property
    def kills(self) -> bool:
        return not self.error and not self.git_only

    @property
    def name(self) -> str:
        return f"{'git ' if self.call.git else ''}{self.call.name}" if self.call else "a random instant"

    @property
    def stage(self) -> str:
        return stage(self.call) if self.call else "a random instant"

    @property
    def kind(self) -> str:
        return self.error or "git killed"

    def __str__(self) -> str:
        at = f"{self.name} {self.call.number} ({self.call.about[:150]})" if self.call else f"{self.seconds:.3f} s"
        return f"{self.kind if not self.kills else 'killed'} at {at}"

    def run(self, publications: Publications, arguments: Sequence[str]) -> Ended:
        """The run, harmed."""
        if self.call is None:
            return publications.killed_after(self.seconds, arguments)
        if self.error:
            return publications.failing_at(self.call, self.error, arguments)
        if self.git_only:
            return publications.git_killed_at(self.call, arguments)
        return publications.killed_at(self.call, arguments)


def chosen(calls: Sequence[Call]) -> Iterator[Call]:
    """The calls in an order in which every name and stage comes early: the first and the last of each, then others."""
    groups = defaultdict[tuple[str, str, bool], list[Call]](list)
    for call in calls:
        groups[call.name, stage(call), call.git].append(call)
    order = [halves(group) for group in groups.values()]
    while order:
        for group in list(order):
            if not group:
                order.remove(group)
            for _ in range(min(len(group), OFTEN.get(stage(group[0]), 1)) if group else 0):
                yield group.pop(0)


def halves(calls: list[Call]) -> list[Call]:
    """The first, the last, the one in the middle of them, and so on."""
    taken, spans = [calls[0], *calls[-1:]] if len(calls) > 1 else calls[:], [(0, len(calls) - 1)]
    while spans:
        low, high = spans.pop(0)
        if high - low > 1:
            middle = (low + high) // 2
            taken.append(calls[middle])
            spans += [(low, middle), (middle, high)]
    return taken


@contextlib.contextmanager
def trial(folder: Path, records: int) -> Iterator[Trial]:
    """A host at the begin of its course."""
    publications = Publications(folder / "said", environment={"SOURCE_DATE_EPOCH": EPOCH})
    made = Trial(course(folder / "host", publications, records), publications, Window())
    made.begin()
    yield made


def kills(
    made: Trial, count: int, failures: int, seconds: float, seed: int, skip: int, say: "Progress"
) -> None:
    """Go round the course, in both ways, until so many kills, and so many failures, or the seconds have passed."""
    rng, deadline = random.Random(seed), time.monotonic() + seconds
    left: dict[tuple[str, bool], list[Call]] = {}
    harmed = 0
    while (made.counts["kills"] < count or harmed < failures) and time.monotonic() < deadline:
        for at_once in (True, False):
            made.publications.at_once = at_once
            for step in made.course.steps:
                key = step.name, at_once
                if key not in made.plans:
                    made.learn(step)
                    left[key] = list(chosen(made.plans[key]))[skip:]
                    made.counts["calls on the way"] += len(left[key])
                    continue
                fails = made.counts["kills"] >= count or (
                    harmed < failures and rng.random() < failures / (count + failures)
                )
                if rng.random() < 0.15 and not fails:
                    made.step(step, Harm(seconds=rng.uniform(0, say.slowest)))
                    continue
                if not left[key]:
                    left[key] = list(chosen(made.plans[key]))
                    made.counts["plans that were gone through"] += 1
                call = rng.choice(made.plans[key]) if fails else left[key].pop(0)
                if fails:
                    harmed += 1
                    made.step(step, Harm(call, error=rng.choice(FAILURES)))
                else:
                    made.step(step, Harm(call, git_only=call.git and rng.random() < 0.3))
        say(made)


class Progress:
    """Tells now and then how far it is."""

    slowest = 1.5

    def __call__(self, made: Trial) -> None:
        print(
            f"{time.strftime('%X')} kills {made.counts['kills']}, wrong {len(made.wrong)}", file=sys.stderr, flush=True
        )


def main() -> None:
    """The long run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--failures", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=3000)
    parser.add_argument("--records", type=int, default=24)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--server", default="nginx")
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--seed", type=int, default=27922)
    asked = parser.parse_args()
    os.environ["SOURCE_DATE_EPOCH"] = EPOCH
    with tempfile.TemporaryDirectory(prefix="survival-") as place, trial(Path(place), asked.records) as made:
        text = made.course.host.host("file", asked.server).out
        told = Path(place) / "told.json"
        with (
            serving(asked.server, text, Path(place) / asked.server) as address,
            reading(made.course, address, made.window, asked.rate, told),
        ):
            kills(made, asked.kills, asked.failures, asked.seconds, asked.seed, asked.skip, Progress())
        read = json.loads(told.read_bytes())
    for name, count in sorted({**made.counts}.items()):
        print(f"{count:8,}  {name}")
    for name, count in sorted(read["counts"].items()):
        print(f"{count:8,}  read: {name}")
    for line in (*made.wrong, *read["wrong"]):
        print(line)
    sys.exit(bool(made.wrong or read["wrong"]))


if __name__ == "__main__":
    main()
