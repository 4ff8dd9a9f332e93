"""How well real Chinese company names are found, in a real browser, by the code of the search page."""

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import searching
import zhconv
from browser import serve
from playwright.sync_api import Browser, Page

from starcert.search import folding

CORPORA = os.environ.get("STARCERT_CORPORA")
pytestmark = pytest.mark.skipif(
    not CORPORA,
    reason="search in Chinese was NOT measured: STARCERT_CORPORA does not name the folder of the test corpora",
)


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """Real company names, each with the brand in it (several divided by |)."""
    gold = Path(CORPORA or "") / "zh" / "company_name_parse_gold_1501.tsv"
    with gold.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


@pytest.fixture(scope="module")
def names(rows: list[dict[str, str]]) -> list[str]:
    """Every name once."""
    return list(dict.fromkeys(row["name"] for row in rows))


@pytest.fixture(scope="module")
def brands(rows: list[dict[str, str]]) -> dict[str, set[str]]:
    """Brand to the names that it stands for."""
    wanted: dict[str, set[str]] = {}
    for row in rows:
        for brand in filter(None, map(str.strip, (row["brand"] or "").split("|"))):
            wanted.setdefault(brand, set()).add(row["name"])
    return wanted


@pytest.fixture(scope="module", params=searching.ENGINES)
def site(request: pytest.FixtureRequest, names: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site with a certificate for each name, and either kind of index."""
    folder = tmp_path_factory.mktemp("gold")
    entries = [searching.entry(f"9992{place:06}", name) for place, name in enumerate(names)]
    searching.write_site(folder, entries, request.param)
    with serve(folder) as host:
        yield host


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Page:
    """One page that asks everything."""
    return chromium.new_page()


def recall(answers: list[searching.Answer], wanted: dict[str, set[str]]) -> float:
    """The share of wanted names among the first ten of their query."""
    met = [name in answer["names"] for answer in answers for name in wanted[answer["query"]]]
    return sum(met) / len(met)


def test_brands_find_their_companies(
    page: Page, site: str, brands: dict[str, set[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Recall among the first ten is at least 99.5 %, no brand finds nothing, and nothing else is found."""
    answers = searching.ask(page, site, list(brands))
    share = recall(answers, brands)
    times = sorted(answer["milliseconds"] for answer in answers)
    with capsys.disabled():
        print(
            f"\nsearch in Chinese: {len(answers)} brand queries, recall@10 {share:.2%}, "
            f"median {times[len(times) // 2]:.1f} ms, slowest {times[-1]:.0f} ms (it loads the index)"
        )
    assert len(answers) > 1000
    assert [answer["query"] for answer in answers if not answer["total"]] == []
    assert share >= 0.995
    beside = [
        (a["query"], name) for a in answers for name in a["names"] if folding.fold(a["query"]) not in folding.fold(name)
    ]
    assert beside == []


def test_brands_in_traditional_characters_find_the_same(page: Page, site: str, brands: dict[str, set[str]]) -> None:
    """As they would be typed in Taiwan, by a converter that knows words, not only characters."""
    written = {zhconv.convert(brand, "zh-tw"): wanted for brand, wanted in brands.items()}
    changed = {query: wanted for query, wanted in written.items() if query not in brands}
    assert len(changed) > 300
    answers = searching.ask(page, site, list(changed))
    assert recall(answers, changed) >= 0.995


def test_a_full_name_finds_its_company_first(page: Page, site: str, names: list[str]) -> None:
    """Also when its characters are part of a longer name."""
    answers = searching.ask(page, site, names[::3])
    assert [answer["query"] for answer in answers if answer["query"] != answer["names"][0]] == []


def test_any_part_of_a_name_finds_it(page: Page, site: str, names: list[str]) -> None:
    """Three characters from anywhere: all names that hold them are counted, and no other."""

    def compact(text: str) -> str:
        return "".join(folding.TOKEN.findall(folding.fold(text)))

    starts = [(name, place % (len(name) - 2)) for place, name in enumerate(names[:300])]
    parts = {name[start : start + 3] for name, start in starts}
    holding = {part: sum(compact(part) in compact(name) for name in names) for part in parts}
    counted = {answer["query"]: answer["total"] for answer in searching.ask(page, site, sorted(parts))}
    assert counted == holding


def test_initials_find_their_companies(page: Page, site: str, names: list[str]) -> None:
    """The first letters of the pinyin of a whole name are enough."""
    initials = {folding.spoken(name)[1].removeprefix(folding.WORD): name for name in names[::5]}
    answers = searching.ask(page, site, list(initials))
    assert [answer["query"] for answer in answers if initials[answer["query"]] not in answer["names"]] == []
