"""What is indexed, how the index comes out, and how the search page behaves in a real browser."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import searching
from browser import POLLING, serve
from playwright.sync_api import Browser, Page, expect
from searching import SENTENCES, entry

from starcert import search
from starcert.search import folding, index

HAIER = entry(
    "99925SC00123R1M",
    "示例海尔电器有限公司",
    "Example Haier Appliances Co., Ltd.",
    "海尔",
    uscc="91370200264574251F",
    expires="2029-05-06",
    issued="2026-05-07",
)
CAFE = entry("00114E22766R2L/3502", "示例（厦门）咖啡股份公司", "Café Müller", level="three-star", province="35")
ROWS = [
    entry(
        f"QCC2019-{number:04}-21",
        f"示例{('北京', '青岛')[number % 2]}第{number}家电有限公司",
        level=("five-star", "four-star", "qualified")[number % 3],
        province=("11", "37")[number % 2],
        expires=f"{2027 + number % 2}-01-{number + 1:02}",
        issued=f"2025-01-{number + 1:02}",
    )
    for number in range(25)
]
ENTRIES = [HAIER, CAFE, *ROWS]


# Words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＳＣ－００１", "sc-001"),
        ("海爾集團", "海尔集团"),
        ("Café MÜLLER", "cafe muller"),
        ("ﾊｲｱｰﾙ", "ハイアール"),
        ("①", "1"),
    ],
)
def test_widths_case_diacritics_and_traditional_characters_are_folded(written: str, folded: str) -> None:
    """Two ways of writing the same are one."""
    assert folding.fold(written) == folded


def test_each_chinese_character_is_a_word_and_other_words_are_marked() -> None:
    """What a query is compared with."""
    assert folding.words("TCL王牌（惠州）") == ["ǀtcl", "王", "牌", "惠", "州"]


def test_a_whole_text_is_one_word_without_separators() -> None:
    """The same number with other hyphens is the same word; characters are spelt in hexadecimal."""
    assert folding.whole("QCC2019-0121-21") == folding.whole("qcc 2019 / 0121 21") == "ǁqcc2019012121"
    assert folding.whole("海尔 Haier") == "ǁ6d775c14haier"


def test_the_line_that_is_indexed() -> None:
    """Names, number and code with their whole forms, then pinyin and initials of the Chinese names."""
    line = folding.content(entry("A-01", "海尔电器", "Haier", "海尔", uscc="9137X"))
    assert line.split() == [
        *["海", "尔", "电", "器", "ǁ6d775c147535" + "5668"],
        *["ǀhaier", "ǁhaier", "海", "尔", "ǁ6d775c14"],
        *["ǀa", "ǀ01", "ǁa01", "ǀ9137x", "ǁ9137x"],
        *["ǀhaierdianqi", "ǀhedq", "ǀhaier", "ǀhe"],
    ]


def test_names_sort_by_pinyin() -> None:
    """A list by name reads from A to Z, whatever the script; 重庆 is Chongqing."""
    names = ["重庆长安", "海尔", "TCL王牌", "阿里", "青岛啤酒", "格力", "Haier"]
    assert sorted(names, key=folding.collation) == ["阿里", "重庆长安", "格力", "海尔", "Haier", "青岛啤酒", "TCL王牌"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("海尔", ["ǀhaier", "ǀhe"]),
        ("TCL王牌（惠州）", ["ǀtclwangpaihuizhou", "ǀtclwphz"]),
        ("Haier", []),
        ("360", []),
    ],
)
def test_chinese_names_are_found_by_pinyin_and_initials(name: str, found: list[str]) -> None:
    """Latin letters in between stay as they are."""
    assert folding.spoken(name) == found


# The index


def test_the_index_holds_only_what_the_search_page_loads() -> None:
    """No interface of Pagefind's own, no worker, no style sheet."""
    kinds = {re.sub(r"zh_\w+", "*", path) for path in searching.bundle(ENTRIES)}
    assert kinds == {
        "pagefind.js",
        "wasm.unknown.pagefind",
        "pagefind-entry.json",
        "table.json",
        "pagefind.*.pf_meta",
        "fragment/*.pf_fragment",
        "index/*.pf_index",
    }


def test_traditional_characters_are_listed_only_for_what_is_indexed() -> None:
    """The list grows with the names in use, not with the dictionary."""
    table = json.loads(searching.bundle([entry("A1", "海尔")])["table.json"])
    assert table["han"] == {"from": "尒爾", "to": "尔尔"}


DIGEST = """
import hashlib, searching, test_search
files = [sorted(searching.bundle(test_search.ENTRIES, engine).items()) for engine in searching.ENGINES]
print(hashlib.sha256(repr(files).encode()).hexdigest())
"""


def test_the_same_entries_give_the_same_bytes_everywhere() -> None:
    """Hash seed, time zone, language and number of threads leave no trace in any file."""
    places = [
        {"PYTHONHASHSEED": "0", "TZ": "Asia/Shanghai", "LANG": "zh_CN.UTF-8", "RAYON_NUM_THREADS": "1"},
        {"PYTHONHASHSEED": "1", "TZ": "America/New_York", "LANG": "C", "PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE": "9"},
        {"PYTHONHASHSEED": "2", "TZ": "UTC", "RAYON_NUM_THREADS": "7"},
    ]
    paths = os.pathsep.join(str(path) for path in (Path(__file__).parent, Path(__file__).parents[1]))
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONPATH": paths, **place},
            capture_output=True,
            check=True,
        ).stdout
        for place in places
    }
    assert len(digests) == 1


def test_a_missing_program_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator reads what is missing and what to do."""
    monkeypatch.setattr(index, "PROGRAM", Path("/nowhere/pagefind"))
    with pytest.raises(search.SearchError) as caught, index.Index():
        pass
    assert str(caught.value) == (
        "the search index cannot be built: /nowhere/pagefind does not start (No such file or directory); "
        "install the package pagefind-bin again"
    )


def add_and_kill(moment: str) -> None:
    """Index something while Pagefind is killed at a moment."""
    with index.Index() as streamed:
        streamed.add(HAIER)
        files = streamed.files()
        streamed._service.send_signal(signal.SIGKILL)
        while moment == "while adding":
            streamed.add(HAIER)
        for _ in files:
            pass


@pytest.mark.parametrize("moment", ["while adding", "before reading"])
def test_a_killed_program_is_one_sentence(moment: str) -> None:
    """However far it had come, the build hears of it instead of waiting."""
    with pytest.raises(search.SearchError) as caught:
        add_and_kill(moment)
    assert str(caught.value) == ("the search index cannot be built: Pagefind stopped before it was done (signal 9)")


def test_a_record_that_pagefind_refuses_is_one_sentence() -> None:
    """A reply that is an error is not lost among thousands of good ones."""
    with pytest.raises(search.SearchError, match=r"^the search index cannot be built: Pagefind refuses .*null"):
        searching.bundle([HAIER, search.Entry(path=None, number="1", names=("A",)), *ROWS])  # type: ignore[arg-type]


def test_two_certificates_at_one_address_are_an_error() -> None:
    """Pagefind would keep the last of them and say nothing."""
    with pytest.raises(search.SearchError, match=r"^the search index cannot be built: two certificates have the same"):
        searching.bundle([HAIER, CAFE, HAIER])


SUICIDE = """
import os
from starcert.search.index import Index
index = Index().__enter__()
print(index._service.pid, flush=True)
os.kill(os.getpid(), 9)
"""


def test_the_program_ends_with_us() -> None:
    """Even when the build is killed, no process stays behind."""
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", SUICIDE], cwd=root, stdout=subprocess.PIPE, check=False)
    process = Path("/proc") / done.stdout.decode().strip() / "cmdline"
    for _ in range(100):
        if not process.exists() or not process.read_bytes():
            return
        time.sleep(0.05)
    pytest.fail("Pagefind is still running")


# The page


@pytest.fixture(scope="module", params=searching.ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each kind of index, of which no reader is to notice which it is."""
    return str(request.param)


@pytest.fixture(scope="module")
def site(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site below the root of its host."""
    folder = tmp_path_factory.mktemp("host")
    searching.write_site(folder / "register", ENTRIES, engine)
    with serve(folder) as host:
        yield f"{host}register/"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page that fails its test when a script throws or the content security policy is violated."""
    opened = chromium.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    opened.on("dialog", lambda dialog: wrong.append(dialog.message))
    yield opened
    opened.close()
    assert not wrong


def show(page: Page, address: str, sentence: str) -> None:
    """Open `address` and wait until the page says `sentence`."""
    page.goto(address)
    expect(page.locator("#status")).to_have_text(sentence)


def names(page: Page) -> list[str]:
    """The names on the cards, in order."""
    return page.locator("#results h2").all_inner_texts()


def offered(page: Page, facet: str) -> list[str]:
    """What a facet offers, with counts."""
    return page.locator(f"select[name={facet}] option").all_inner_texts()


FINDS_HAIER = [
    "99925SC00123R1M",
    "99925sc00123r1m",
    "99925-SC-00123 R1M",
    "９９９２５ＳＣ００１２３Ｒ１Ｍ",
    "99925SC00",
    "91370200264574251F",
    "9137 0200 2645 7425 1f",
    "示例海尔电器有限公司",
    "示例海爾電器有限公司",
    "海尔电器",
    "海爾",
    "海尔 电器",
    "电器 海尔",
    "海尔 Haier",
    "海尔Haier",
    "haier appl",
    "Example Haier Appliances Co., Ltd.",
    "ExampleHaier",
    "ＨＡＩＥＲ",
    "slhedq",
    "he",
    "shilihaier",
    "“海尔”",
    "  海尔  ",
]


@pytest.mark.parametrize("path", ["search/", "en/search/"])
def test_every_way_of_writing_finds_the_certificate(page: Page, site: str, path: str) -> None:
    """Widths, case, hyphens, spaces, scripts, parts and pinyin are forgiven, in both languages of the page."""
    answers = searching.ask(page, site, FINDS_HAIER, path)
    assert {answer["query"]: answer["names"] for answer in answers} == {
        query: ["示例海尔电器有限公司"] for query in FINDS_HAIER
    }


FINDS_NOTHING = [
    "99925SC00123R1M9",
    "99925SC00124R1M",
    "海尔啊",
    "尔海",
    "haierx",
    "2029",
    "五星级",
    '"',
    "' OR 1=1; --",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "😀",
    "\\",
    "%00%ff",
    "ǀ",
    "海" * 10_000,
    "x" * 10_000,
    "{{x*x}} ${x*x}",
    "\u202e\u200b",
    "__proto__",
    "constructor",
]


def test_what_is_not_there_is_not_found_and_nothing_breaks(page: Page, site: str) -> None:
    """No neighbour for a wrong number, no match on dates, and no query throws."""
    page.goto(f"{site}search/")
    for query in FINDS_NOTHING:
        page.locator("#q").fill(query)
        answered = "q => document.querySelector('#status').textContent.includes(q.trim())"
        page.wait_for_function(answered, arg=query, polling=POLLING)
        assert names(page) == []
        assert page.locator("#none").is_visible()


def test_the_page_and_the_index_fold_alike(page: Page, site: str) -> None:
    """The script and the indexer split every text into the same words."""
    texts = [*FINDS_HAIER, *FINDS_NOTHING, "ﬁne İstanbul ΟΔΟΣ straße ½ Ⅳ ㈱ 한국 カ゛ é e\u0301 𠮷野 乾坤 後臺"]
    page.goto(f"{site}blank.html")
    spoken = page.evaluate(
        """async ([site, texts, from, to]) => {
          const { words } = await import(`${site}assets/words.js`);
          const { whole } = await import(`${site}assets/pagefind-index.js`);
          const han = new Map(Array.from(from, (each, place) => [each, Array.from(to)[place]]));
          return texts.map((text) => [words(text, han), whole(text, han)]);
        }""",
        [site, [text[:200] for text in texts], *("".join(part) for part in pairs())],
    )
    assert spoken == [[folding.words(text[:200]), folding.whole(text[:200])] for text in texts]


def pairs() -> tuple[list[str], list[str]]:
    """All traditional characters, and their simplified ones."""
    known = folding.simplified()
    return [chr(code) for code in known], list(known.values())


def test_a_card_shows_its_certificate(page: Page, site: str) -> None:
    """Name with link, stars in symbols and words, number, expiry; nothing where the certificate has nothing."""
    show(page, f"{site}search/?q={quote('海尔')}", "1 certificate for “海尔”")
    card = page.locator("#results li")
    assert card.inner_text().split("\n\n") == [
        "示例海尔电器有限公司",
        "★★★★★ 五星级",
        "Number 99925SC00123R1M",
        "Valid until 2029-05-06",
        "In 山东",
    ]
    assert card.get_attribute("data-level") == "five-star"
    assert card.locator("a").get_attribute("href") == "/register/C/99925SC00123R1M/"


def test_without_a_query_the_page_invites_one(page: Page, site: str) -> None:
    """Facets are offered with the counts of all certificates; no list of everything."""
    show(page, f"{site}search/", SENTENCES["start"])
    assert offered(page, "level") == ["Any", "五星级 (10)", "四星级 (8)", "三星级 (1)", "达标级 (8)"]
    assert offered(page, "expires") == ["Any", "2027 (13)", "2028 (13)", "2029 (1)"]
    assert names(page) == []


def test_facets_narrow_and_go_on_offering_the_others(page: Page, site: str) -> None:
    """Beside the chosen code stand the counts of the codes that could be chosen instead."""
    show(page, f"{site}search/?q={quote('示例 家电')}", "25 certificates for “示例 家电”")
    page.locator("select[name=province]").select_option("11")
    expect(page.locator("#status")).to_have_text("13 certificates for “示例 家电”")
    assert offered(page, "province") == ["Any", "北京 (13)", "山东 (12)"]
    assert offered(page, "level") == ["Any", "五星级 (5)", "四星级 (4)", "达标级 (4)"]
    page.locator("select[name=level]").select_option("five-star")
    expect(page.locator("#status")).to_have_text("5 certificates for “示例 家电”")
    assert offered(page, "province") == ["Any", "北京 (5)", "山东 (4)"]


def test_the_address_holds_everything_and_back_returns(page: Page, site: str) -> None:
    """A deep link shows what it says; choosing makes a step back, typing does not."""
    show(page, f"{site}search/?q={quote('家电')}&level=qualified&sort=expires", "8 certificates for “家电”")
    page.locator("#q").fill("青岛")
    expect(page.locator("#status")).to_have_text("4 certificates for “青岛”")
    page.locator("select[name=level]").select_option("")
    expect(page.locator("#status")).to_have_text("12 certificates for “青岛”")
    assert page.url.endswith(f"/search/?q={quote('青岛')}&sort=expires")
    page.go_back()
    expect(page.locator("#status")).to_have_text("4 certificates for “青岛”")
    assert page.locator("select[name=level]").input_value() == "qualified"
    page.go_forward()
    expect(page.locator("#status")).to_have_text("12 certificates for “青岛”")


def test_codes_that_nobody_knows_find_nothing(page: Page, site: str) -> None:
    """An address from elsewhere is no reason to fail."""
    show(page, f"{site}search/?q={quote('家电')}&level=six-star&sort=nonsense&x=y", "No valid certificate for “家电”")
    assert page.locator("select[name=level]").input_value() == "six-star"
    assert page.locator("select[name=sort]").input_value() == ""


@pytest.mark.parametrize("code", ["constructor", "__proto__", "<b>"])
def test_a_code_is_only_a_text(page: Page, site: str, code: str) -> None:
    """Whatever an address says."""
    show(page, f"{site}search/?level={quote(code)}", "Certificates: 0")
    assert offered(page, "level")[-1] == f"{code} (0)"
    assert page.locator("#none").is_visible()


def test_facets_alone_list_the_latest_issued_first(page: Page, site: str) -> None:
    """A choice without a query is a question too."""
    show(page, f"{site}search/?level=four-star", "Certificates: 8")
    assert names(page)[:2] == ["示例北京第22家电有限公司", "示例青岛第19家电有限公司"]


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("name", ["示例北京第0家电有限公司", "示例北京第10家电有限公司"]),
        ("expires", ["示例北京第0家电有限公司", "示例北京第2家电有限公司"]),
        ("issued", ["示例北京第24家电有限公司", "示例青岛第23家电有限公司"]),
    ],
)
def test_results_are_sorted(page: Page, site: str, sort: str, first: list[str]) -> None:
    """By name from A, by the next to expire, by the latest issued."""
    show(page, f"{site}search/?q={quote('家电')}&sort={sort}", "25 certificates for “家电”")
    assert names(page)[:2] == first


def test_more_results_come_ten_at_a_time(page: Page, site: str) -> None:
    """The focus goes to the first new one; the button leaves with the last."""
    show(page, f"{site}search/?q={quote('家电')}", "25 certificates for “家电”")
    for shown in (20, 25):
        page.locator("#more").click()
        expect(page.locator("#results li")).to_have_count(shown)
    assert page.evaluate("document.activeElement.textContent") == names(page)[20]
    assert len(set(names(page))) == 25
    assert not page.locator("#more").is_visible()


@pytest.mark.parametrize(
    "query", ["99925 sc 00123 r1m", "91370200264574251f", "海爾", "EXAMPLE haier appliances co ltd"]
)
def test_an_exact_query_with_go_leads_straight_to_the_page(page: Page, site: str, query: str) -> None:
    """The field of the home page needs no script of its own; Back does not lead through the search."""
    page.goto(f"{site}blank.html")
    page.evaluate("address => { location.href = address }", f"{site}search/?go=1&q={quote(query)}")
    page.wait_for_url(f"{site}C/99925SC00123R1M/")
    page.go_back()
    assert page.url == f"{site}blank.html"


@pytest.mark.parametrize(("query", "total"), [("99925SC00123", "1 certificate"), ("家电", "25 certificates")])
def test_go_shows_the_results_of_a_query_that_is_not_exact(page: Page, site: str, query: str, total: str) -> None:
    """A part of a number, or a word of many names, is a search."""
    show(page, f"{site}search/?go=1&q={quote(query)}", f"{total} for “{query}”")
    assert page.url == f"{site}search/?q={quote(query)}"


def test_the_keyboard_is_enough(page: Page, site: str) -> None:
    """Slash to the field, arrows through the results, Escape empties, Enter opens an exact match."""
    show(page, f"{site}search/", SENTENCES["start"])
    page.keyboard.press("/")
    page.keyboard.type("QCC2019")
    expect(page.locator("#status")).to_have_text("25 certificates for “QCC2019”")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == names(page)[1]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(page.locator("#status")).to_have_text(SENTENCES["start"])
    page.keyboard.type("厦门")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_have_text("1 certificate for “厦门”")
    page.locator("#q").fill("00114E22766R2L/3502")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}C/00114E22766R2L3502/")


def test_the_input_method_is_left_alone(page: Page, site: str) -> None:
    """While a word is being composed from pinyin nothing is searched; when it is there, it is."""
    show(page, f"{site}search/", SENTENCES["start"])
    composing = page.context.new_cdp_session(page)
    page.locator("#q").focus()
    composing.send("Input.imeSetComposition", {"text": "hai'er", "selectionStart": 6, "selectionEnd": 6})
    page.wait_for_timeout(400)
    expect(page.locator("#status")).to_have_text(SENTENCES["start"])
    composing.send("Input.insertText", {"text": "海尔"})
    expect(page.locator("#status")).to_have_text("1 certificate for “海尔”")


PARTS = [
    *(("pagefind", part) for part in ("pagefind.js", "pagefind-entry.json", "*.pf_meta", "wasm.*", "index/*")),
    *(("sharded", part) for part in ("columns-*.pack", "shards/*", "cards/*")),
    *((engine, "table.json") for engine in searching.ENGINES),
]


@pytest.mark.parametrize(("engine", "part"), PARTS, scope="module")
def test_an_index_that_does_not_load_is_never_taken_for_nothing_found(chromium: Browser, site: str, part: str) -> None:
    """The page says that the search failed, and works again once the connection does."""
    page = chromium.new_page()
    pattern = re.compile(rf"/pagefind/{re.escape(part).replace(chr(92) + '*', '.*')}")
    page.route(pattern, lambda route: route.abort())
    show(page, f"{site}search/?q={quote('海尔')}", SENTENCES["failed"])
    assert page.locator("#failed").is_visible()
    page.unroute(pattern)
    page.locator("#q").fill("海尔电器")
    expect(page.locator("#status")).to_have_text("1 certificate for “海尔电器”")
    page.close()


@pytest.mark.parametrize("newer", searching.ENGINES)
def test_a_page_left_open_finds_its_way_in_a_newer_index(
    chromium: Browser, tmp_path: Path, engine: str, newer: str
) -> None:
    """A part that a newer build has replaced is looked for once more from the beginning, whichever kind it is now."""
    folder = tmp_path / "register"
    searching.write_site(folder, [HAIER], engine)
    with serve(folder) as host:
        page = chromium.new_page()
        show(page, f"{host}search/", SENTENCES["start"])
        shutil.rmtree(folder / "pagefind")
        searching.write_index(folder, [CAFE, *ROWS, HAIER], newer)
        later = time.time() + 9  # this host tells versions of a file apart by the second
        os.utime(folder / "pagefind" / "table.json", (later, later))
        page.locator("#q").fill("海尔")
        expect(page.locator("#status")).to_have_text("1 certificate for “海尔”")
        page.close()


def test_a_beginning_shared_by_thousands_finds_them_all(chromium: Browser, tmp_path: Path, engine: str) -> None:
    """Also when they fill several parts of the index, of which Pagefind itself would load one."""
    entries = [entry(f"9992{number:05}", "海尔") for number in range(4000)]
    searching.write_site(tmp_path / "register", entries, engine)
    with serve(tmp_path / "register") as host:
        page = chromium.new_page()
        show(page, f"{host}search/?q=9992", "4000 certificates for “9992”")
        page.close()


def test_an_empty_register_is_searched_like_any_other(chromium: Browser, tmp_path: Path, engine: str) -> None:
    """On a day on which nothing is valid, nothing is found, and nothing fails."""
    searching.write_site(tmp_path / "register", [], engine)
    with serve(tmp_path / "register") as host:
        page = chromium.new_page()
        show(page, f"{host}search/?q={quote('海尔')}", "No valid certificate for “海尔”")
        page.close()
