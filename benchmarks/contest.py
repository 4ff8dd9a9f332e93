"""Contest: the builds of one number of records, ours and the peers', and what each is compared with."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pagefind_bin_extended

from benchmarks import eleventy, hugo
from benchmarks.builds import Build, Commands, Group
from benchmarks.changes import Standing
from benchmarks.facts import Facts
from benchmarks.project import Project

PAGEFIND = Path(pagefind_bin_extended.__file__).with_name("pagefind_extended")
NO_SEARCH, ONE_PROCESS = ("--no-search",), ("--jobs", "1")


@dataclass(frozen=True, slots=True)
class Contest:
    """Everything for one number of records, in a folder of its own."""

    folder: Path
    count: int

    def groups(self, peers: bool) -> Iterator[Group]:
        """What is to be run, the peers only if asked for; the sources of all builds are written first."""
        project = Project(self.folder / "project")
        project.write(self.count)
        others = list(self._peers(project)) if peers else []
        without = NO_SEARCH if project.offers(*NO_SEARCH[:1]) else ()
        title, named = f"{self.count:,} records", "without search" if without else "search included"
        cold = [project.timed(f"Starcert, {named}", *without)]
        if project.offers(ONE_PROCESS[0]):
            cold.append(project.timed(f"Starcert, {named}, {' '.join(ONE_PROCESS)}", *without, *ONE_PROCESS))
        yield Group(f"{title}, cold, without search", [*cold, *others])
        searchable = [project.timed("Starcert, with search"), *([self._hugo_and_pagefind()] if peers else [])]
        yield Group(f"{title}, cold, with search", searchable)
        changing = Project(project.folder)
        for options in dict.fromkeys((without, ())):
            kind = "without search" if options else "with search"
            standing = Standing(changing, self.folder / f"standing {kind}".replace(" ", "-"), *options)
            yield Group(f"{title}, a site that stands, {kind}", list(standing.builds()))

    def _peers(self, project: Project) -> Iterator[Build]:
        """The sites of the peers, in each of their forms."""
        facts = Facts(project.folder, project.day, self.folder / "facts.jsonl")
        for form in hugo.FORMS:
            source = hugo.write(facts, self._hugo(form), form)
            yield Build(f"Hugo, {form} front matter", source, lambda out, source=source: [hugo.command(source, out)])
        for form in eleventy.WRITERS if eleventy.installed() else ():
            source = eleventy.write(facts, self.folder / f"eleventy-{form.replace(' ', '-')}", form)
            yield Build(f"Eleventy, {form}", source, lambda out: [eleventy.command(out)])

    def _hugo_and_pagefind(self) -> Build:
        """Hugo at its best, then Pagefind over the certificates that it wrote."""
        source = self._hugo(hugo.BEST)

        def commands(out: Path) -> Commands:
            return hugo.command(source, out), [str(PAGEFIND), "--quiet", "--site", str(out), "--glob", "C/*/*.html"]

        return Build(f"Hugo, {hugo.BEST} front matter, then Pagefind", source, commands)

    def _hugo(self, form: str) -> Path:
        return self.folder / f"hugo-{form.lower()}"
