"""The index of a large register: what follows from what, what a change changes, and that both kinds answer alike."""

import json
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import searching
from browser import serve
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page
from searching import entry

from benchmarks.entries import entries
from starcert.search import Entry, folding
from starcert.search.sharded import cohort, pack, run, shard, steps
from starcert.search.sharded.keys import ENDS, STARTS, keys

REGISTER = list(entries(700))


def opened(packed: bytes) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """The values of a packed file, and its arrays."""
    head, _, rest = zlib.decompress(packed).partition(b"\n")
    values = json.loads(head)
    arrays = {}
    for name, length, width in values.pop("arrays"):
        planes = [rest[plane * length : (plane + 1) * length] for plane in range(width)]
        arrays[name] = [sum(byte << 8 * plane for plane, byte in enumerate(each)) for each in zip(*planes, strict=True)]
        arrays[name] = arrays[name] or [0] * length
        rest = rest[length * width :]
    return values, arrays


# Packs


@given(st.lists(st.integers(0, 2**32 - 1)), st.text())
def test_a_pack_gives_back_what_was_packed(numbers: list[int], text: str) -> None:
    """Values and arrays, of any width."""
    values, arrays = opened(pack.pack({"text": text}, {"numbers": numbers, "none": [0] * len(numbers)}))
    assert values == {"text": text}
    assert arrays == {"numbers": numbers, "none": [0] * len(numbers)}


# Cohorts and ids


@pytest.mark.parametrize(
    ("count", "parts"), [(0, 1), (1600, 1), (1601, 2), (3200, 2), (3201, 4), (6400, 4), (6401, 8), (100_000, 64)]
)
def test_the_number_of_cohorts_is_a_power_of_two(count: int, parts: int) -> None:
    """So that it seldom changes."""
    assert cohort.cohorts(count) == parts


def test_every_entry_has_a_cohort_and_an_id_of_its_own_in_it() -> None:
    """Whatever the number of cohorts; the ids of one cohort are all before those of the next."""
    for parts in (1, 2, 8):
        ids = []
        for number in range(parts):
            mine = [each for each in REGISTER if cohort.cohort_of(each.path, parts) == number]
            placed = cohort.places(mine, number, parts)
            ids += [id for id, _ in placed]
            assert all(number * cohort.SLOTS <= id < (number + 1) * cohort.SLOTS for id, _ in placed)
        assert len(ids) == len(REGISTER)
        assert ids == sorted(set(ids))


def test_a_full_cohort_still_has_an_id_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no slot is left over, each certificate has one."""
    monkeypatch.setattr(cohort, "SLOTS", 64)
    assert [id for id, _ in cohort.places(REGISTER[:64], 3, 4)] == list(range(192, 256))


def test_who_comes_or_goes_moves_few_others() -> None:
    """At the usual fullness of a cohort, one in five moves one neighbour, and most move nobody."""
    everyone = list(entries(1600))
    before = {each.path: id for id, each in cohort.places(everyone, 0, 1)}
    moved = 0
    for gone in everyone[:100]:
        after = {each.path: id for id, each in cohort.places([e for e in everyone if e is not gone], 0, 1)}
        moved += sum(before[path] != id for path, id in after.items())
    assert moved < 50


# Keys


def test_the_keys_of_an_entry() -> None:
    """Pairs of characters with their places, words, whole texts, pinyin and initials."""
    found = [
        (key, place >> 2, place & STARTS, place & ENDS) for key, place in keys(entry("A-01", "海尔电", "TCL王牌", "海"))
    ]
    assert found == [
        *[("海尔", 0, STARTS, 0), ("尔电", 1, 0, ENDS), ("电", 2, 0, ENDS)],
        *[("ǀtcl", 4, STARTS, 0), ("王牌", 5, 0, ENDS), ("牌", 6, 0, ENDS), ("ǁtcl王牌", 4, STARTS, ENDS)],
        ("海", 8, STARTS, ENDS),
        *[("ǀa", 10, STARTS, 0), ("ǀ01", 11, 0, ENDS), ("ǁa01", 10, STARTS, ENDS)],
        *[
            (word, 13 + 2 * place, STARTS, ENDS)
            for place, word in enumerate(["ǀhaierdian", "ǀhed", "ǀtclwangpai", "ǀtclwp"])
        ],
        *[("ǀhai", 21, STARTS, ENDS), ("ǀh", 23, STARTS, ENDS)],
    ]


def test_the_quick_way_to_fold_is_the_slow_one() -> None:
    """Names in plain characters are not normalised, because nothing would come of it."""
    plain = "".join(map(chr, [*range(0x20, 0x7F), *range(0x4E00, 0xA000), *map(ord, "（）")]))
    assert folding.PLAIN.fullmatch(plain)
    assert folding.fold(plain) == folding.fold(plain + "é").removesuffix("e")


# The bytes


def test_the_order_of_entries_leaves_no_trace() -> None:
    """The files follow from the set of entries."""
    mixed = random.Random(1).sample(REGISTER, len(REGISTER))
    assert dict(steps.files(mixed)) == dict(steps.files(REGISTER))


class Memory:
    """An index that is made anew after each change as a build that remembers does it."""

    def __init__(self, entries: Sequence[Entry], parts: int) -> None:
        self.parts = parts
        self.gathered = [steps.gather(each, number, parts) for number, each in enumerate(self._divided(entries))]
        merged = [steps.merge(self._runs(region)) for region in range(len(steps.REGIONS))]
        self.shards = [shards for shards, _ in merged]
        self.bytes = {path: data for _, files in merged for path, data in files.items()}

    def change(self, entries: Sequence[Entry]) -> int:
        """Take on other entries; gives the number of shards written."""
        old, self.gathered = (
            self.gathered,
            [steps.gather(each, number, self.parts) for number, each in enumerate(self._divided(entries))],
        )
        written = 0
        for region, shards in enumerate(self.shards):
            runs = zip((each.runs[region] for each in old), self._runs(region), strict=True)
            changes = [steps.Change(number, before, now) for number, (before, now) in enumerate(runs)]
            self.shards[region], files = steps.renew(shards, changes, self.bytes.__getitem__)
            self.bytes |= files
            written += len(files)
        return written

    def files(self) -> dict[str, bytes]:
        """All files as they are now."""
        shards = [each for some in self.shards for each in some]
        own = {path: data for each in self.gathered for path, data in each.files.items()}
        shared = steps.share((each.summary for each in self.gathered), shards)
        return {**own, **{each.path: self.bytes[each.path] for each in shards}, **shared}

    def _runs(self, region: int) -> list[bytes]:
        return [each.runs[region] for each in self.gathered]

    def _divided(self, entries: Sequence[Entry]) -> Iterator[list[Entry]]:
        for number in range(self.parts):
            yield [each for each in entries if cohort.cohort_of(each.path, self.parts) == number]


@settings(max_examples=25)
@given(st.sets(st.integers(0, 119)), st.sets(st.integers(0, 119)), st.sampled_from([1, 20, 2048]))
def test_a_changed_index_is_the_one_made_from_nothing(before: set[int], after: set[int], size: int) -> None:
    """Whatever came and went, and wherever shards begin."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shard, "SIZE", size)
        memory = Memory([REGISTER[index] for index in before], 2)
        memory.change([REGISTER[index] for index in after])
        assert memory.files() == Memory([REGISTER[index] for index in after], 2).files()


def test_one_change_writes_few_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of its own words; the others keep their names."""
    monkeypatch.setattr(shard, "SIZE", 16)
    memory = Memory(REGISTER, 1)
    everything = sum(map(len, memory.shards))
    renamed = replace(REGISTER[99], names=("海尔", *REGISTER[99].names[1:]))
    assert memory.change([renamed if each is REGISTER[99] else each for each in REGISTER]) < 40
    assert everything > 400


def test_nothing_changed_writes_nothing() -> None:
    """Not even the shards that are looked at."""
    assert Memory(REGISTER[:50], 1).change(REGISTER[:50]) == 0


def test_each_key_is_in_the_one_shard_where_it_is_looked_for() -> None:
    """The page finds shards by where they start."""
    files = dict(steps.files(REGISTER))
    table = json.loads(files["table.json"])
    found = []
    for start, end, path in zip(table["starts"], [*table["starts"][1:], "\U0010ffff"], table["shards"], strict=True):
        held = opened(files[path])[0]["keys"]
        assert all(start <= key < end for key in held)
        found += held
    assert found == sorted({key for each in REGISTER for key, _ in keys(each)})


def test_regions_are_in_order() -> None:
    """Each key lies in one."""
    assert list(run.REGIONS) == sorted(run.REGIONS)


# The answers


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The same register under either kind of index, each on a host of its own."""
    folder = tmp_path_factory.mktemp("both")
    for engine in searching.ENGINES:
        searching.write_site(folder / engine, REGISTER, engine)
    with serve(folder) as host:
        yield [f"{host}{engine}/" for engine in searching.ENGINES]


ASK = """async ([site, questions]) => {
  const { open } = await import(`${site}assets/query.js`);
  const index = open(new URL(`${site}pagefind/`), "/");
  const answers = [];
  for (const [query, chosen, sort] of questions) {
    const { total, counts, totals, cards } = await index.find(query, chosen, sort);
    const exact = await index.exact(query);
    answers.push({ query, chosen, total, counts, totals, cards: await cards(0, total), exact });
  }
  return answers;
}"""


def ask(browser: Browser, site: str, questions: list[Any]) -> list[dict[str, Any]]:
    """The answers, by the code of the search page."""
    page: Page = browser.new_page()
    page.goto(f"{site}blank.html")
    answers: list[dict[str, Any]] = page.evaluate(ASK, [site, questions])
    page.close()
    return answers


def questions() -> Iterator[str]:
    """Every way to ask for one of the register's certificates, and queries that many answer, or none."""
    for each in REGISTER[::70]:
        name, number = each.names[0], each.number
        yield from (name, name[2:4], name[1:4], name[3:], name[4], f"{name[2:4]} {name[:2]}", f"{name[:2]}{number[:3]}")
        yield from (number, number.lower(), number.replace("-", " "), number[:7], number[:-1], number[1:], number + "9")
        yield from (each.uscc, each.uscc[:12], *each.names[1:], " ".join(each.names), each.names[-1][:3])
        yield from (word.strip(folding.WORD) for word in folding.spoken(name))
        yield from ("".join(reversed(name)), folding.spoken(name)[0][1:5], f"{name[:2]} 公司", f"{name[2:4]}有限公司")
    yield from (
        "",
        "公",
        "公司",
        "有限公司",
        "限公",
        "h",
        "hai",
        "9",
        "2",
        "SLC",
        "slc2024",
        "co",
        "co ltd",
        "ltd 电",
        "电器",
        "電器",
    )
    yield from ("😀", "“”", "constructor", "x" * 300, "海" * 300, "𠮷", "ǀ", "ǁ", "tcl王", "1 2 3")


def test_both_kinds_of_index_give_the_same_answers(chromium: Browser, sites: list[str]) -> None:
    """The same certificates, counts, cards and exact matches, for every way of asking."""
    asked = [[query, {}, ""] for query in dict.fromkeys(questions())]
    assert len(asked) > 200
    one, other = (ask(chromium, site, asked) for site in sites)
    assert [as_a_set(answer) for answer in one] == [as_a_set(answer) for answer in other]
    assert sum(bool(answer["total"]) for answer in one) > 150


CHOICES = [{}, {"level": "five-star"}, {"level": "five-star", "body": "mingce"}, {"province": "37", "expires": "2028"}]


@pytest.mark.parametrize("sort", ["name", "expires", "issued"])
def test_both_kinds_of_index_narrow_and_sort_alike(chromium: Browser, sites: list[str], sort: str) -> None:
    """Facets count alike, and the order is the same but for equals."""
    asked = [[query, chosen, sort] for query in ("", "公司", "co", "电") for chosen in [*CHOICES, {"x": "y"}]]
    one, other = (ask(chromium, site, asked) for site in sites)
    assert [as_a_set(answer) for answer in one] == [as_a_set(answer) for answer in other]
    ordered = [[[card["shown"][sort] for card in answer["cards"]] for answer in answers] for answers in (one, other)]
    assert ordered[0] == ordered[1]
    assert max(answer["total"] for answer in one) == len(REGISTER)


def as_a_set(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without the order of its cards."""
    return {**answer, "cards": sorted(answer["cards"], key=lambda card: str(card["url"]))}


def test_the_order_of_relevance_begins_alike(chromium: Browser, sites: list[str]) -> None:
    """An exact match is first, then come names that begin with the query, under either kind."""
    exact = REGISTER[7]
    asked = [[query, {}, ""] for query in (exact.names[0], exact.number, exact.uscc)]
    for site in sites:
        assert [answer["cards"][0]["url"] for answer in ask(chromium, site, asked)] == [exact.path] * 3


def test_a_browser_loads_few_files_for_a_query(chromium: Browser, sites: list[str], tmp_path: Path) -> None:
    """The table, the columns, one shard for a word of two characters, one more for each further kind; and cards."""
    page = chromium.new_page()
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(f"{sites[1]}search/?q=电器")
    page.wait_for_selector("#results li")
    kinds = [url.split("/pagefind/")[1].split("/")[0].split("-")[0] for url in loaded if "/pagefind/" in url]
    assert kinds.count("shards") == 1
    assert kinds.count("cards") <= 10
    assert set(kinds) == {"table.json", "columns", "shards", "cards"}
    page.close()
