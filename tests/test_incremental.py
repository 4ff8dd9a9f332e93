"""A build does only what has changed, and its site is the one that a build from nothing makes."""

import random
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from project import CERTIFICATES, DAY, NUMBER, Ended, Project, project, tree
from records import RULEBOOK, varied

import build
from starcert import indexing, listing, press, workers
from starcert.memory import Memory

STEPS = 8


class History:
    """A project on which things happen, and the site that its builds amend."""

    def __init__(self, made: Project, seed: int, *options: str) -> None:
        self.made, self.rng, self.day, self.made_fresh = made, random.Random(seed), date.fromisoformat(DAY), 0
        self.options, self.told = options, list[str]()

    def name(self) -> str:
        return f"{CERTIFICATES}/999{self.rng.randrange(25, 27)}SC{self.rng.randrange(1, 9):05}R1M.yaml"

    def records(self) -> list[Path]:
        return sorted(self.made.path(CERTIFICATES).glob("*.yaml"))

    def one(self) -> Path | None:
        found = self.records()
        return self.rng.choice(found) if found else None

    # What happens

    def add(self) -> None:
        path = self.name()
        number = Path(path).stem
        changes = [(f"number: {NUMBER}", f"number: {number}")]
        changes.append(("示例云栖电器有限公司\n  name_en", f"示例{self.rng.choice('甲乙丙')}有限公司\n  name_en"))
        if self.rng.random() < 0.3:
            changes.append(("expires: 2028-02-29", f"expires: {self.day + timedelta(days=self.rng.randrange(1, 9))}"))
        if self.rng.random() < 0.3:
            changes.append(("uscc: 91330100MA0000001F", "uscc: 91330100MA00000006"))
        self.made.write(path, varied(*changes))

    def add_successor(self) -> None:
        old = self.one()
        if old and "superseded_by" not in old.read_text():
            number = Path(self.name()).stem
            if not self.made.path(f"{CERTIFICATES}/{number}.yaml").exists():
                old.write_text(old.read_text() + f"superseded_by: {number}\n")
                self.made.write(
                    f"{CERTIFICATES}/{number}.yaml",
                    varied((f"number: {NUMBER}", f"number: {number}"), also=f"supersedes: {old.stem}\n"),
                )

    def add_part(self) -> None:
        parent, path = self.one(), self.name()
        if parent and not self.made.path(path).exists():
            number = Path(path).stem
            also = f"parent: {parent.stem}\n"
            self.made.write(path, varied((f"number: {NUMBER}", f"number: {number}"), also=also))

    def suspend(self) -> None:
        path = self.one()
        if path and "decisions" not in path.read_text():
            start = self.day + timedelta(days=self.rng.randrange(-5, 5))
            end = start + timedelta(days=30)
            path.write_text(
                path.read_text()
                + f"decisions:\n  - kind: suspended\n    date: {start}\n    effective: {start}\n    until: {end}\n"
                "    reason: 抽查不符合要求\n"
            )

    def change_level(self) -> None:
        path = self.one()
        if path:
            path.write_text(path.read_text().replace("level: five-star", "level: four-star"))

    def touch(self) -> None:
        path = self.one()
        if path:
            path.write_bytes(path.read_bytes())

    def rename(self) -> None:
        path = self.one()
        if path:
            path.rename(path.with_name(Path(self.name()).name))

    def renumber(self) -> None:
        path = self.one()
        if path:
            target = self.made.path(self.name())
            text = path.read_text().replace(path.stem, target.stem)
            path.unlink()
            target.write_text(text)

    def remove(self) -> None:
        path = self.one()
        if path:
            path.unlink()

    def break_one(self) -> None:
        path = self.one()
        if path:
            path.write_text(path.read_text().replace("region: 33", "region: 77"))

    def mend_all(self) -> None:
        for path in self.records():
            path.write_text(path.read_text().replace("region: 77", "region: 33"))

    def other_body(self) -> None:
        changed = RULEBOOK["bodies/example-cb.yaml"].replace("name: 示例", f"name: 示例{self.rng.randrange(9)}", 1)
        self.made.write("registry/bodies/example-cb.yaml", changed)

    def other_scheme(self) -> None:
        months = self.rng.choice([12, 13])
        changed = RULEBOOK["schemes/gbt-27922-2011.yaml"].replace("months: 12", f"months: {months}")
        self.made.write("registry/schemes/gbt-27922-2011.yaml", changed)

    def other_template(self) -> None:
        page = self.made.path("templates/_footer.html")
        page.write_text(page.read_text() + f"<!-- {self.rng.randrange(9)} -->\n")

    def other_text(self) -> None:
        article = sorted(self.made.path("content/zh").glob("*.md"))[0]
        article.write_text(article.read_text() + f"\n{self.rng.randrange(9)}\n")

    def other_day(self) -> None:
        self.day += timedelta(days=self.rng.choice([-400, -3, -1, 1, 1, 1, 2, 40, 400]))

    def lose_memory(self) -> None:
        self.made.path(".site.starcert-memory").unlink(missing_ok=True)

    def spoil_memory(self) -> None:
        memory = self.made.path(".site.starcert-memory")
        if memory.exists():
            data = bytearray(memory.read_bytes())
            for _ in range(50):
                data[self.rng.randrange(len(data))] ^= 0xFF
            memory.write_bytes(data)

    def lose_site(self) -> None:
        shutil.rmtree(self.made.path("site"), ignore_errors=True)

    # What is built

    def build(self, out: str) -> Ended:
        return self.made.call("--as-of", str(self.day), "--skip-broken", "--out", out, *self.options)

    def check(self) -> None:
        """The amended site is what a build from nothing makes, and both say the same."""
        self.made_fresh += 1
        amended, fresh = self.build("site"), self.build(f"fresh{self.made_fresh}")
        assert amended.code == fresh.code
        assert amended.err == fresh.err
        assert summary(amended) == summary(fresh)
        assert amended.code in (0, 3), amended.err
        assert tree(self.made.path("site")) == tree(self.made.path(f"fresh{self.made_fresh}"))

    def goes_on(self, steps: int) -> None:
        """So many times something happens, and the site is built again."""
        self.check()
        for _ in range(steps):
            for event in self.rng.choices(EVENTS, k=self.rng.choice([1, 1, 2, 4])):
                event(self)
                self.told.append(event.__name__)
            try:
                self.check()
            except AssertionError as error:
                error.add_note(f"after {self.told}")
                raise


def summary(ended: Ended) -> list[str]:
    return [line for line in ended.out.splitlines() if not line.startswith(("seconds", "written"))]


EVENTS: tuple[Callable[[History], None], ...] = (
    *(History.add,) * 4,
    History.add_successor,
    History.add_part,
    History.suspend,
    History.change_level,
    History.touch,
    History.rename,
    History.renumber,
    History.remove,
    History.break_one,
    History.mend_all,
    History.other_body,
    History.other_scheme,
    History.other_template,
    History.other_text,
    *(History.other_day,) * 4,
    History.lose_memory,
    History.spoil_memory,
    History.lose_site,
)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("at_once", [True, False])
def test_after_any_events_the_site_is_that_of_a_build_from_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, at_once: bool
) -> None:
    """Whatever was edited, added, removed, lost or spoilt in between, and whatever day it became."""
    monkeypatch.setattr(build, "AT_ONCE", 10**9 if at_once else 0)
    History(project(tmp_path), seed, "--no-search").goes_on(STEPS)


def test_workers_make_no_difference_to_a_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of them share the records, the lists and the index, also where one process would do it sooner."""
    for module in (press, indexing):
        monkeypatch.setattr(module, "FEW", 0)
    monkeypatch.setattr(workers.spread, "__defaults__", (0,))
    history = History(project(tmp_path), 3, "--jobs", "2", "--no-search")
    for serial in range(100, 124):
        history.made.add(f"99925SC{serial:05}R1M")
    history.goes_on(2)
    one = history.made.call("--as-of", str(history.day), "--no-search", "--skip-broken", "--out", "one", "--jobs", "1")
    assert one.code in (0, 3)
    assert tree(history.made.path("one")) == tree(history.made.path("site"))


@pytest.mark.parametrize("at_once", [True, False])
def test_the_search_index_is_that_of_a_build_from_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    """The one for small registers and the one for large ones, which a register becomes and ceases to be."""
    monkeypatch.setattr(build, "AT_ONCE", 10**9 if at_once else 0)
    monkeypatch.setattr(listing, "MOST", 6)
    history = History(project(tmp_path), 5, "--jobs", "1")
    for serial in range(100, 107):
        history.made.add(f"99925SC{serial:05}R1M", ("uscc: 91330100MA0000001F", "uscc: 91330100MA00000006"))
    kinds = set[bool]()
    for change in (History.change_level, *(History.remove,) * 3, *(History.add,) * 4):
        history.check()
        kinds.add(history.made.path("site/pagefind/pagefind.js").exists())
        change(history)
    history.check()
    assert kinds == {True, False}


def test_a_first_build_has_every_template_in_stock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those that only its workers need, so that no later build compiles one."""
    monkeypatch.setattr(workers.spread, "__defaults__", (0,))
    made = project(tmp_path)
    assert made.call("--as-of", DAY, "--jobs", "2", "--no-search").code == 0
    with Memory(made.path(".site.starcert-memory")) as memory:
        kept = memory.stock.all()
    templates = [path for path in made.path("templates").iterdir() if path.suffix in (".html", ".xml")]
    assert len(kept) == len(templates) + 1
    monkeypatch.setattr("jinja2.Environment.compile", None)
    made.add("99925SC00124R1M")
    assert made.call("--as-of", DAY, "--no-search").code == 0
