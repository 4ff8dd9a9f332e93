"""Every kind of page, for everyone: axe, phones and desktops, light and dark, the keyboard, no scripts, no styles."""

import re
from collections.abc import Iterator
from itertools import product

import browser
import pytest
from axe_playwright_python.sync_playwright import Axe
from every_page import DAY, PAGES, served
from playwright.sync_api import Browser, Page

TODAY = f"{DAY}T12:00:00+08:00"
LOOKS = tuple(product((360, 1280), ("light", "dark")))
TAKEN_BACK = {
    "early": "2020-01-01T00:00:00Z",
    "stale": "2026-11-25T00:00:00Z",
    "overdue": "2027-06-01T12:00:00+08:00",
    "expired": "2031-01-01T12:00:00+08:00",
}
AXE = """(colours) => axe.run({
  resultTypes: ["violations"],
  ...(colours ? { runOnly: ["color-contrast"] } : { rules: { "target-size": { enabled: true } } }),
})
  .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)}: ${failureSummary}`)))"""
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect(), style = getComputedStyle(one);
  return {
    place: Array.from(document.querySelectorAll("*")).indexOf(one),
    what: one.outerHTML.slice(0, 120),
    seen: box.width > 0 && box.height > 0 && box.top < innerHeight && box.bottom > 0 &&
      box.right > 0 && box.left < innerWidth,
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  };
}"""
FOCUSABLE = """() => Array.from(document.querySelectorAll("a[href], button, input, select, textarea, summary"))
  .filter((one) => one.type !== "hidden" && one.checkVisibility()).length"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with every kind of page."""
    with served(tmp_path_factory.mktemp("site")) as address:
        yield address


@pytest.fixture(scope="module")
def tab(chromium: Browser) -> Iterator[Page]:
    """A tab on the day of the site's build, which many tests share."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    opened = context.new_page()
    opened.clock.set_fixed_time(TODAY)
    yield opened
    context.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A tab of its own on the day of the site's build."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    opened = context.new_page()
    opened.clock.set_fixed_time(TODAY)
    yield opened
    context.close()


def show(page: Page, site: str, kind: str) -> None:
    """Open a kind of page and wait until a search has answered."""
    browser.show(page, site + PAGES[kind])


def violations(page: Page) -> list[str]:
    """What axe finds wrong in the page as it is shown, in each of its looks; dark ones differ by colours alone."""
    page.evaluate(Axe().axe_script)
    found = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 740})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width} {scheme}: {violation}" for violation in page.evaluate(AXE, scheme == "dark")]
    return found


@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing(tab: Page, site: str, kind: str) -> None:
    """No violation of any rule on any kind of page in either language, on phones and desktops; of contrast in dark."""
    show(tab, site, kind)
    assert violations(tab) == []


@pytest.mark.parametrize("kind", ["five-star", "generous"])
@pytest.mark.parametrize("state", TAKEN_BACK)
def test_axe_finds_nothing_on_a_verdict_taken_back(page: Page, site: str, kind: str, state: str) -> None:
    """No violation when the page does not confirm its certificate, or the device's date is wrong."""
    page.clock.set_fixed_time(TAKEN_BACK[state])
    show(page, site, kind)
    assert page.locator(".certificate").get_attribute("data-state") == state
    assert violations(page) == []


@pytest.mark.parametrize("kind", ["search", "en-search"])
def test_axe_finds_nothing_on_a_search_that_did_not_load(page: Page, site: str, kind: str) -> None:
    """No violation when the index does not load."""
    page.route("**/pagefind/**", lambda route: route.abort())
    page.goto(site + PAGES[kind])
    page.locator("#failed").wait_for()
    assert violations(page) == []


def test_no_kind_of_page_scrolls_sideways(page: Page, site: str) -> None:
    """Text and tables fit narrow phones, and a desktop at 400 % (WCAG 1.4.10)."""
    page.set_viewport_size({"width": 320, "height": 640})
    for kind in PAGES:
        show(page, site, kind)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, kind


WIDEST_PICTURE = """() =>
  Math.max(...Array.from(document.querySelectorAll("svg"), (one) => one.getBoundingClientRect().width))"""
SHOWN_TEXTS = """() => {
  const found = [], walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) found.push(walker.currentNode);
  return found.filter((one) => one.data.trim() && one.parentElement.checkVisibility()).map((one) => one.data.trim());
}"""
FROM_SCRIPTS = re.compile(
    r"今天有效|Valid today|的公示状态|As recorded on|您查询的编号|The number you asked for|NO-SUCH-NUMBER"
)
SPACE = "(css) => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }"
SPACED_KINDS = (
    "home",
    "five-star",
    "generous",
    "holder",
    "missing",
    "search-found",
    "en-search-found",
    "en-level",
    "en-body",
)
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
CLIPPED = """() => Array.from(document.querySelectorAll("main *"))
  .filter((one) => one.checkVisibility() && getComputedStyle(one).overflow !== "visible")
  .filter((one) => !one.closest(".unseen, thead, svg"))
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && !one.matches("input, select"))
  .map((one) => one.outerHTML.slice(0, 120))"""


def test_wider_letter_spacing_neither_clips_nor_overflows(page: Page, site: str) -> None:
    """With the spacing of WCAG 1.4.12 nothing is cut off, and no page scrolls sideways at 320 pixels."""
    page.set_viewport_size({"width": 320, "height": 640})
    for kind in SPACED_KINDS:
        show(page, site, kind)
        page.evaluate(SPACE, SPACED)
        assert page.evaluate(CLIPPED) == [], kind
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, kind


@pytest.mark.parametrize(
    "kind", ["home", "search-found", "five-star", "missing", "en-level-leaf", "holder-leaf", "level"]
)
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(page: Page, site: str, kind: str) -> None:
    """Tab goes forward through every link and control, each in view and with a ring of two pixels or more."""
    show(page, site, kind)
    wanted = page.evaluate(FOCUSABLE)
    places = []
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            break
        assert focus["seen"], focus
        assert focus["ring"], focus
        places.append(focus["place"])
    assert places == sorted(places)
    assert len(places) == wanted


@pytest.mark.parametrize("kind", ["home", "five-star"])
def test_the_first_key_skips_to_the_content(page: Page, site: str, kind: str) -> None:
    """The first Tab shows a link past the head of the page; the next after Enter is in the content."""
    show(page, site, kind)
    page.keyboard.press("Tab")
    assert page.locator(".skip").is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("kind", ["home", "en-browse", "five-star", "generous", "level", "missing", "en-privacy"])
def test_without_scripts_and_styles_every_text_is_there(chromium: Browser, site: str, kind: str) -> None:
    """What a page says with scripts and styles, it says without: nothing of its content hangs on either."""
    texts = []
    for scripts in (True, False):
        context = chromium.new_context(java_script_enabled=scripts, viewport={"width": 360, "height": 740})
        page = context.new_page()
        if scripts:
            page.clock.set_fixed_time(TODAY)
        else:
            page.route("**/*.css", lambda route: route.abort())
        page.goto(site + PAGES[kind])
        texts.append(set(page.evaluate(SHOWN_TEXTS)))
        context.close()
    assert len(texts[1]) > 10
    assert {text for text in texts[0] - texts[1] if not FROM_SCRIPTS.search(text)} == set()


@pytest.mark.parametrize("kind", ["home", "search", "en-home", "en-search"])
def test_without_scripts_the_search_says_what_to_do_instead(chromium: Browser, site: str, kind: str) -> None:
    """A notice gives the address of a certificate's page and leads to the lists."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + PAGES[kind])
    notice = page.locator("noscript .notice")
    assert notice.is_visible()
    assert "https://stars.example/C/" in notice.inner_text()
    notice.get_by_role("link").click()
    assert page.url.endswith("/browse/")
    context.close()


@pytest.mark.parametrize("kind", ["search", "en-search"])
def test_what_the_search_cannot_do_it_does_not_offer(chromium: Browser, site: str, kind: str) -> None:
    """Without scripts no control of the search is shown; until its own script runs, no choice."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + PAGES[kind])
    assert page.locator("main :is(input, select, button):visible").count() == 0
    context.close()
    page = chromium.new_page()
    page.route("**/search*.js", lambda route: route.abort())
    page.goto(site + PAGES[kind])
    assert page.locator("main select:visible").count() == 0
    page.unroute("**/search*.js")
    show(page, site, kind)
    assert page.locator("main select:visible").count() == 7
    page.close()


def test_pictures_keep_their_size_without_styles(page: Page, site: str) -> None:
    """Without the stylesheet no seal and no code fills the screen."""
    page.route("**/*.css", lambda route: route.abort())
    for kind in ("home", "five-star"):
        show(page, site, kind)
        assert page.evaluate(WIDEST_PICTURE) <= 320


def test_the_code_stays_black_on_white_whatever_the_colours(page: Page, site: str) -> None:
    """In the dark, and in colours of the reader's own choice, scanners still see a dark code on a light ground."""
    for media in (
        {"color_scheme": "dark"},
        {"forced_colors": "active"},
        {"color_scheme": "dark", "forced_colors": "active"},
    ):
        page.emulate_media(**media)
        show(page, site, "five-star")
        found = page.evaluate("""() => Array.from(document.querySelectorAll("svg.qr path"), (path) =>
            [getComputedStyle(path).fill, getComputedStyle(path).stroke])""")
        assert found[0][0] == "rgb(255, 255, 255)", media
        assert found[1][1] == "rgb(0, 0, 0)", media


def test_languages_are_named_where_they_change(page: Page, site: str) -> None:
    """On a certificate's page each half of a pair is marked with its language, for voices and for fonts."""
    show(page, site, "five-star")
    headings = page.locator("main h2")
    for heading in headings.all():
        assert heading.locator("[lang=zh-CN], [lang=en]").count() == 2
    assert page.locator("html").get_attribute("lang") == "zh-CN"
