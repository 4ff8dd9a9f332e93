"""After a change, what is written anew and what was there already are the site that a build from nothing makes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import MADE_WITH, in_order, long, mixed, outcome, row, site, written
from specimen import DAY, REGISTER

from starcert.listing import Row
from starcert.memory import Memory
from starcert.pages import roll, sitemap

CHINESE = replace(REGISTER, languages=("zh",))
CENSUS = {"index.html", "search/index.html", "feed.xml", "status.json", "sitemap.xml"}


class Shown:
    """A site of rows, amended as builds amend it."""

    def __init__(self, folder: Path, rows: Sequence[Row]) -> None:
        self.memory, self.rows, self.files = folder / "memory", list(rows), dict[str, bytes]()
        with Memory(self.memory) as memory:
            memory.records.learn(map(outcome, self.rows))
            self.files, _ = written(memory, CHINESE)
            memory.note("site", [MADE_WITH, str(DAY), None])
            memory.keep()

    def becomes(self, rows: Sequence[Row]) -> dict[str, bytes]:
        """Amend the site to these rows; what was written for it."""
        before, after = [one for one in self.rows if one not in rows], [one for one in rows if one not in self.rows]
        with Memory(self.memory) as memory:
            memory.records.forget([outcome(one).path for one in before])
            memory.records.learn(map(outcome, after))
            files, stale = written(memory, CHINESE, before, after, self.files)
            memory.keep()
        assert not stale & files.keys()
        assert stale <= self.files.keys()
        self.files = {path: data for path, data in {**self.files, **files}.items() if path not in stale}
        self.rows = list(rows)
        return files


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> set[str]:
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


RENEWED: dict[str, Callable[[Row], Row]] = {
    "other day": lambda one: replace(one, issued=one.issued.replace(day=2)),
    "other level": lambda one: replace(one, level="qualified", stars=0),
    "other province": lambda one: replace(one, region="65"),
    "other holder": lambda one: replace(one, uscc=row(1).uscc),
    "other name": lambda one: replace(one, name=f"示例{one.name[::-1]}"),
}


@st.composite
def changes(draw: st.DrawFn, count: int) -> tuple[set[int], dict[int, str], list[int]]:
    """Places of rows that go, places of rows that are renewed and how, and the serials of rows that come."""
    places = st.integers(0, count - 1)
    gone = draw(st.sets(places, max_size=4))
    renewed = draw(st.dictionaries(places, st.sampled_from(sorted(RENEWED)), max_size=4))
    return gone, renewed, draw(st.lists(st.integers(90_000, 90_009), max_size=4, unique=True))


def changed(rows: Sequence[Row], told: tuple[set[int], dict[int, str], list[int]]) -> list[Row]:
    """The rows after such changes."""
    gone, renewed, come = told
    kept = [
        RENEWED[renewed[place]](one) if place in renewed else one
        for place, one in enumerate(rows)
        if place not in gone and not any(one.slug == row(serial).slug for serial in come)
    ]
    return kept + [row(serial, name=f"示例{serial:07}") for serial in come]


@pytest.mark.parametrize("first", ["few of every kind", "one long list"])
@given(st.data())
@settings(max_examples=6, deadline=None)
def test_an_amended_site_is_the_one_that_a_build_from_nothing_makes(first: str, data: st.DataObject) -> None:
    """Whatever rows come, go or change, one change after the other, and though lists are cut into pages elsewhere."""
    with TemporaryDirectory() as folder:
        shown = Shown(Path(folder), mixed(24) if first == "few of every kind" else long(400))
        for _ in range(2):
            shown.becomes(changed(shown.rows, data.draw(changes(len(shown.rows)))))
            assert differing(shown.files, site(shown.rows, CHINESE)) == set()


def with_another_day(rows: Sequence[Row], place: int) -> list[Row]:
    """The rows, the one at the place with another day of issue."""
    return [RENEWED["other day"](one) if number == place else one for number, one in enumerate(rows)]


@pytest.mark.parametrize(("place", "count"), [(0, 8), (200, 4), (399, 8)])
def test_a_change_of_one_row_writes_only_what_it_changes(tmp_path: Path, place: int, count: int) -> None:
    """Of the four lists the page with the row, and that above where the row is its first or last; and its roll."""
    shown = Shown(tmp_path, in_order(long(400)))
    before = shown.files
    files = shown.becomes(with_another_day(shown.rows, place))
    others = {path for path in files if not path.startswith("browse/")}
    assert others == {*CENSUS, roll.place(shown.rows[place].slug)}
    pages = {path for path in files if path.startswith("browse/") and path != "browse/index.html"}
    assert pages >= {path for path in differing(before, shown.files) if path.startswith("browse/")}
    assert len(pages) == count


SPOILT: dict[str, tuple[bytes, bytes]] = {
    "rows of two lines": (b"</td><td>", b"</td>\n<td>"),
    "lines between rows": (b"</tr>\n", b"</tr>\n\n"),
    "other words in rows": ("有限公司".encode(), "公司".encode()),
    "rows of others": (b"/C/", b"/C/A"),
    "no rows": (b"/C/", b"/D/"),
}


@pytest.mark.parametrize(("old", "new"), SPOILT.values(), ids=SPOILT)
def test_rows_that_a_former_page_shows_otherwise_are_made_anew(tmp_path: Path, old: bytes, new: bytes) -> None:
    """What is taken from a page of the last build is what would be made."""
    shown = Shown(tmp_path, in_order(long(400)))
    shown.files = {path: data.replace(old, new) for path, data in shown.files.items()}
    files = shown.becomes(
        [RENEWED["other day"](one) if number == 200 else one for number, one in enumerate(shown.rows)]
    )
    whole = site(shown.rows, CHINESE)
    leaves = {path for path in files if "/from-" in path}
    assert len(leaves) == 4
    assert {path: files[path] for path in leaves} == {path: whole[path] for path in leaves}


def test_rows_that_did_not_move_are_taken_from_the_former_page(tmp_path: Path) -> None:
    """A page that tells them wrongly, but for its first and last row, goes on to do so."""
    shown = Shown(tmp_path, in_order(long(400)))
    number = shown.rows[205].number.encode()
    shown.files = {path: data.replace(b">" + number, b">X" + number) for path, data in shown.files.items()}
    files = shown.becomes(with_another_day(shown.rows, 200))
    assert sum(b">X" + number in data for path, data in files.items() if "/from-" in path) == 4


def test_nothing_but_the_census_is_written_when_no_row_changes(tmp_path: Path) -> None:
    """The pages that tell of the register in figures are few, and are made in every build that has news."""
    shown = Shown(tmp_path, long(400))
    assert shown.becomes(shown.rows).keys() == {*CENSUS, "browse/index.html"}


def test_a_register_that_grows_has_its_sitemap_divided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And one that shrinks has one again; of a divided one, a change makes the parts anew that it touches."""
    monkeypatch.setattr(sitemap, "ONE", 40)
    shown = Shown(tmp_path, mixed(4))
    maps = sorted(path for path in shown.files if path.startswith("sitemap"))
    assert maps == ["sitemap.xml"]
    for count in (60, 59, 4):
        files = shown.becomes(mixed(count))
        assert differing(shown.files, site(shown.rows, CHINESE)) == set()
        maps = sorted(path for path in shown.files if path.startswith("sitemap"))
        of_certificates = [path for path in files if path.startswith("sitemap-c-")]
        assert (len(maps) == 1, len(of_certificates)) == {60: (False, 4), 59: (False, 1), 4: (True, 0)}[count]
