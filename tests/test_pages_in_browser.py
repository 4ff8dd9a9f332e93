"""What the pages of a built site cost and how they print: everything a phone loads, and one sheet of paper."""

import gzip
import io
import unicodedata
from collections.abc import Iterator

import pytest
from browser import show
from every_page import CERTIFICATES, DAY, PAGES, served
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

TODAY = f"{DAY}T12:00:00+08:00"
HEAVIEST_CERTIFICATE = 20_000  # bytes, compressed, with everything that the page loads
HEAVIEST_PAGE = 40_000  # any other page but the search, which loads its engine and part of its index
A4 = (595, 842)  # points


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with every kind of page."""
    with served(tmp_path_factory.mktemp("site")) as address:
        yield address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A phone's tab with nothing in its cache, on the day of the site's build."""
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    opened = context.new_page()
    opened.clock.set_fixed_time(TODAY)
    yield opened
    context.close()


def weight(page: Page, url: str) -> tuple[int, list[str]]:
    """How many compressed bytes the page and all that it loads take, and their addresses."""
    loaded: list[str] = []
    page.on("response", lambda response: loaded.append(response.url))
    show(page, url)
    bodies = [
        page.request.get(one).body() for one in dict.fromkeys(loaded)
    ]  # the browser may never tell that its own has come
    return sum(len(gzip.compress(body)) for body in bodies), loaded


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_a_certificate_weighs_under_20_kilobytes(page: Page, site: str, kind: str) -> None:
    """The page, its style, script, roll and icon, each compressed, as a phone loads them on its first scan."""
    weighs, loaded = weight(page, site + CERTIFICATES[kind])
    assert weighs < HEAVIEST_CERTIFICATE
    assert any(".css" in url for url in loaded)
    assert any(".js" in url for url in loaded)
    assert any("/roll/" in url for url in loaded)


@pytest.mark.parametrize(
    "kind", ["missing", "home", "holder-leaf", "level-leaf", "browse", "level", "what-the-stars-mean"]
)
def test_other_pages_weigh_under_40_kilobytes(page: Page, site: str, kind: str) -> None:
    """Lists included; nothing but the page's own origin is asked."""
    weighs, loaded = weight(page, site + PAGES[kind])
    assert weighs < HEAVIEST_PAGE
    assert all(url.startswith(site) for url in loaded)


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_a_certificate_prints_on_one_sheet_of_a4(page: Page, site: str, kind: str) -> None:
    """The number, the day and the address are on the sheet, whatever the length of the texts."""
    show(page, site + CERTIFICATES[kind])
    page.wait_for_selector("[data-state=valid]")
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) == 1
    assert tuple(round(float(side)) for side in sheets[0].mediabox[2:]) == A4
    text = "".join(unicodedata.normalize("NFKC", sheets[0].extract_text()).split())
    number = CERTIFICATES[kind].split("/")[1]
    assert number in text
    assert f"stars.example/C/{number}" in text
    assert "2026年11月22日" in text


def test_printing_needs_no_colours_behind_the_text(page: Page, site: str) -> None:
    """A printer that leaves backgrounds out still prints the verdict, dark on white."""
    show(page, site + CERTIFICATES["five-star"])
    page.wait_for_selector("[data-state=valid]")
    page.emulate_media(media="print", color_scheme="dark")
    colours = page.evaluate("""() => Array.from(document.querySelectorAll("h1, .level, .today p, dd"), (one) =>
      getComputedStyle(one).color.match(/[0-9]+/g).slice(0, 3).reduce((sum, part) => sum + +part, 0))""")
    assert max(colours) < 3 * 140


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Los_Angeles"])
def test_a_first_look_answers_without_scrolling(chromium: Browser, site: str, zone: str) -> None:
    """On a small phone the level, the company and "valid today" are seen at once, without scrolling."""
    context = chromium.new_context(viewport={"width": 360, "height": 640}, timezone_id=zone)
    page = context.new_page()
    page.clock.set_fixed_time(TODAY)
    page.goto(site + CERTIFICATES["five-star"])
    for part in (".verdict .level", ".verdict h1", ".today p:first-child"):
        box = page.locator(part).bounding_box()
        assert box, part
        assert box["y"] + box["height"] <= 640, part
    context.close()


@pytest.mark.parametrize("kind", ["home", "five-star", "search-found", "level", "missing", "en-about"])
def test_nothing_moves_while_a_page_loads(page: Page, site: str, kind: str) -> None:
    """The cumulative layout shift is what search engines call good: under 0.1."""
    page.add_init_script("""globalThis.shift = 0; new PerformanceObserver((list) => {
      for (const one of list.getEntries()) if (!one.hadRecentInput) shift += one.value;
    }).observe({ type: "layout-shift", buffered: true });""")
    show(page, site + PAGES[kind])
    page.wait_for_timeout(100)  # until what has been drawn is told
    assert page.evaluate("shift") < 0.1


def test_the_search_on_the_page_for_missing_ones_leads_straight_to_a_certificate(page: Page, site: str) -> None:
    """Who mistyped a number types it again there, and is on the certificate's page at once."""
    page.goto(site + PAGES["missing"])
    page.locator("#q").fill(CERTIFICATES["five-star"].split("/")[1])
    page.locator("main button").click()
    page.wait_for_url(site + CERTIFICATES["five-star"])
