"""Home, lists, search and texts in Chromium: the way to a certificate, with scripts and without, and for everyone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import serve, show
from playwright.sync_api import Browser, Page
from rows import in_order, mixed, row, site

from starcert.listing import entry
from starcert.pages import lists
from starcert.search.index import Index

ROWS = [
    *mixed(180),
    row(
        181,
        name="示例唯一家具有限公司",
        name_en=None,
        number="00126E1R2L/3502",
        slug="00126E1R2L-3502",
        industry="furniture",
    ),
]
LEAF = f"browse/body/huasheng/{lists.tiers(in_order(ROWS))[0][1].path}"
PAGES = (
    *("", "search/", "browse/", "browse/level/gbt-27922-2011/five-star/", "browse/body/huasheng/", LEAF),
    *("what-the-stars-mean/", "for-certification-bodies/", "check-a-logo/", "privacy/"),
)
ASKED = (
    *("00126E1R2L/3502", "00126e1r2l3502", "００１２６Ｅ１Ｒ２Ｌ－３５０２", " 00126 E1R2L 3502 "),
    *("91330106MA00000181", "示例唯一家具有限公司"),
)
HOLDER = f"H/{ROWS[9].uscc}/"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a site of these rows is served; its certificates' pages hold their numbers only."""
    folder = tmp_path_factory.mktemp("site")
    stub = "<!doctype html><title>{}</title><link rel=icon href='data:,'>"
    stubs = {f"C/{each.slug}/index.html": stub.format(each.number).encode() for each in ROWS}
    files = {**site(ROWS), **stubs}
    with Index() as index:
        for each in ROWS:
            index.add(entry(each))
        files |= {f"pagefind/{path}": data for path, data in index.files()}
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    with serve(folder) as base:
        yield base


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a phone that fails the test on any error, refusal or missing file."""
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    context.close()
    assert wrong == []


@pytest.mark.parametrize("start", ["", "en/"])
@pytest.mark.parametrize("asked", ASKED)
def test_home_leads_straight_to_the_certificate(page: Page, address: str, start: str, asked: str) -> None:
    """By number, credit code or name, forgiving case, spaces, full-width characters and missing hyphens."""
    page.goto(address + start)
    page.fill("#q", asked)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}C/00126E1R2L-3502/")


def test_a_name_of_many_leads_to_their_list(page: Page, address: str) -> None:
    """With stars and words on every card."""
    page.goto(address)
    page.fill("#q", "云栖")
    page.keyboard.press("Enter")
    page.wait_for_selector("#results li")
    assert page.inner_text("#status") == "找到 180 张证书。"
    assert page.locator("#results li").count() == 10
    first = page.locator("#results li").first
    assert first.locator("[data-facet=level]").inner_text() in ("五星级", "四星级", "三星级", "达标级")


def test_nothing_found_is_explained(page: Page, address: str) -> None:
    """What it can mean, in the page's language, and never that a logo is forged."""
    page.goto(f"{address}en/search/?q=qwertz")
    page.wait_for_selector("#none:not([hidden])")
    assert page.inner_text("#status") == "No valid certificate answers to “qwertz”."
    assert "Absence does not make a logo a forgery." in page.inner_text("#none")


def test_without_scripts_the_lists_lead_to_a_certificate(chromium: Browser, address: str) -> None:
    """Home explains it; from there it is four links."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator("noscript .notice").is_visible()
    page.click(".notice a")
    page.click('.industry a:text-is("家具")')
    page.click("text=示例唯一家具有限公司")
    assert page.url == f"{address}C/00126E1R2L-3502/"
    context.close()


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_scrolls_sideways(chromium: Browser, address: str, width: int) -> None:
    """From the smallest phone to the desktop, in both languages."""
    context = chromium.new_context(viewport={"width": width, "height": 740})
    page = context.new_page()
    for path in (*PAGES, *(f"en/{path}" for path in PAGES), HOLDER):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_is_accessible(chromium: Browser, address: str, scheme: str) -> None:
    """axe-core finds no violation, in both languages, light and dark."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    found = {}
    for path in (*PAGES, *(f"en/{path}" for path in PAGES), HOLDER, "search/?q=云栖", "en/search/?q=qwertz"):
        show(page, address + path)
        result = Axe().run(page)
        found |= {path: [v["id"] for v in result.response["violations"]]} if result.violations_count else {}
    context.close()
    assert found == {}
