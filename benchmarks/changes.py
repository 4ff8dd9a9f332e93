"""Changes: what it costs to bring a site that stands up to date, after a push and on a new day."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.builds import Build
from benchmarks.gauge import usage
from benchmarks.project import Project


class Standing:
    """A project's site that is built over and over; `options` are those of all its builds."""

    def __init__(self, project: Project, site: Path, *options: str) -> None:
        self._project, self._site, self._options = project, site, options
        self._page, self._expected = site, ""

    def builds(self) -> Iterator[Build]:
        """A cold build elsewhere, and then what follows a change, one after the other."""
        yield self._project.timed("cold", *self._options)
        yield self._again("nothing changed", before=self._catch_up)
        yield self._again("one record changed", before=self._change_record, proof=self._shown)
        yield self._again("the certificates' template changed", before=self._change_template, proof=self._shown)
        yield self._again("the next day", before=self._project.next_day)

    def _again(self, name: str, **more: object) -> Build:
        return self._project.timed(name, *self._options, site=self._site, **more)

    def _catch_up(self) -> None:
        """Build once, since others may have changed the project meanwhile."""
        usage([self._project.build(self._site, *self._options)], self._project.folder)

    def _change_record(self) -> None:
        self._page, self._expected = self._project.rename_a_holder(self._site)

    def _change_template(self) -> None:
        self._expected = self._project.edit_a_template()

    def _shown(self) -> None:
        if self._expected not in self._page.read_text(encoding="utf-8"):
            raise AssertionError(f"{self._page} does not show {self._expected}")
