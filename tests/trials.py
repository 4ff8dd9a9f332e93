"""Trials: a host whose publications are harmed; after each, what stands is looked at, and the next one repairs it."""

import contextlib
import json
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deaths import HANGS, Call, Ended, Publications
from golden import EPOCH
from harms import Harm
from project import tree
from readers import Window
from releases import Course, Release, Step, assets_named, course


@dataclass
class Trial:
    """A host that is published to and harmed, over and over, with what was counted on the way."""

    course: Course
    publications: Publications
    window: Window
    live: Release
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    plans: dict[bool, dict[str, list[Call]]] = field(default_factory=lambda: {True: {}, False: {}})

    @property
    def plan(self) -> dict[str, list[Call]]:
        """The calls of each step that was learnt, in the present way of publishing."""
        return self.plans[self.publications.at_once]

    @property
    def failures(self) -> int:
        """How many runs were harmed and not killed."""
        return sum(count for name, count in self.counts.items() if name.startswith("failures: "))

    def bring(self, release: Release) -> None:
        """Publish a release, undisturbed."""
        self._open(self.live, release)
        self._undisturbed(Step("to begin", release, release, ("publish",)))
        self.window.close(self.index(release))
        self.live = release

    def step(self, step: Step, harm: Harm) -> None:
        """One step of the course, harmed; what stands is looked at and repaired, and the step made if it was not."""
        self._open(step.old, step.new)
        self._point(step)
        ended = harm.run(self.publications, self.arguments(step))
        context = f"{step.name}, {'at once' if self.publications.at_once else 'file by file'}, {harm}"
        self._count(harm, ended)
        self._look(step, ended, harm, context)
        wanted = self._repair(step, context, () if harm.kills else ("--timer",))
        self.window.close(self.index(wanted))
        if wanted != step.new:
            self._open(wanted, step.new)
            self._undisturbed(step)
        self.window.close(self.index(step.new))
        self.live = step.new

    def learn(self, step: Step) -> None:
        """Make a step undisturbed, and know its calls from then on."""
        self._open(step.old, step.new)
        self._point(step)
        self.plan[step.name] = self.publications.calls(self.arguments(step))
        self.counts["calls on the way"] += len(self.plan[step.name])
        self._stands(step.new, f"{step.name}, undisturbed")
        self.window.close(self.index(step.new))
        self.live = step.new

    def arguments(self, step: Step) -> list[str]:
        """What build.py is told for a step."""
        command, *options = step.command
        return ["--as-of", step.new.day, "host", command, str(self.course.host.repository), *options]

    def _point(self, step: Step) -> None:
        self._age()
        if step.command[0] == "publish":
            self.course.point(step.new.commit)

    def _age(self) -> None:
        """Let the last publication have been a while ago: two are not of the same second, which would be waited for."""
        with contextlib.suppress(FileNotFoundError):
            os.utime(self.course.host.repository / "starcert/state.json", (0, 0))

    def index(self, release: Release) -> int:
        """The number by which readers know a release."""
        return [step.new for step in self.course.steps].index(release)

    def _open(self, old: Release, new: Release) -> None:
        self.window.open(self.index(old), self.index(new))

    def _undisturbed(self, step: Step) -> None:
        self._point(step)
        ended = self.publications.run(self.arguments(step))
        if ended.code != 0:
            self._blame("repairs that failed", f"{step.name}, undisturbed: {ended.said}")
        self._stands(step.new, f"{step.name}, undisturbed")

    def _count(self, harm: Harm, ended: Ended) -> None:
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

    def _look(self, step: Step, ended: Ended, harm: Harm, context: str) -> None:
        """What stands after the harm is whole, and of the two releases; whoever waited was told."""
        found, old, new = tree(self.course.host.site), self.course.files[step.old], self.course.files[step.new]
        self.counts["looks"] += 1
        if found in (old, new):
            self.counts["looks: old site" if found == old else "looks: new site"] += 1
        elif self.publications.at_once:
            self._blame("mixtures where all changes at once", f"{context}: {differing(found, old, new)}")
        else:
            self.counts["looks: between the two, file by file"] += 1
            self._look_between(step, found, context)
        self._look_for_assets(found, context)
        self._look_at_end(ended, harm, found == old, context)

    def _look_between(self, step: Step, found: dict[str, bytes], context: str) -> None:
        """Each file is of one release or the other, and nothing that lapses stays beside what is new."""
        old, new = self.course.files[step.old], self.course.files[step.new]
        for path in sorted(found.keys() | old.keys() | new.keys()):
            if found.get(path) not in (old.get(path), new.get(path)):
                self._blame("mixtures within a file", f"{context}: {path}")
        lapsed = self.course.certificates(step.old) - new.keys()
        news = [path for path in found if found[path] == new.get(path) != old.get(path)]
        if news and not lapsed.isdisjoint(found):
            self._blame("lapsed that stay while news are there", f"{context}: {lapsed & found.keys()} {news[:3]}")

    def _look_for_assets(self, found: dict[str, bytes], context: str) -> None:
        former = self.course.host.folder / "site.former/assets"
        for path, data in found.items():
            for name in assets_named(data) if path.endswith(".html") else ():
                if f"assets/{name}" not in found and not (former / name).exists():
                    self._blame("assets missing", f"{context}: {path} names {name}")

    def _look_at_end(self, ended: Ended, harm: Harm, stays: bool, context: str) -> None:
        if "Traceback" in ended.said:
            self._blame("tracebacks", f"{context}: {ended.said}")
        if ended.code not in ((0, 1, 2, -9) if harm.kills else (0, 1, 2)):
            self._blame("hangs" if ended.code == HANGS else "strange ends", f"{context}: {ended}")
        if not harm.kills and ended.code:
            self._told(ended, stays, context)

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
        self._age()
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
        kept |= {"ledger", "ledger.lock", "news.json", "refusal.json"}
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


@contextlib.contextmanager
def trial(folder: Path, records: int) -> Iterator[Trial]:
    """A host at the begin of its course."""
    publications = Publications(folder / "said", environment={"SOURCE_DATE_EPOCH": EPOCH})
    way = course(folder / "host", publications, records)
    made = Trial(way, publications, Window(), way.steps[-1].new)
    made.bring(made.live)
    yield made
