"""The certificate page: what it says, what it weighs, how it prints, and what it keeps to itself."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from unicodedata import normalize

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import serve, write
from playwright.sync_api import Browser
from pypdf import PdfReader
from rolls import rolled
from specimen import BODY, CERTIFICATE, DAY, REGISTER, SCHEME, longest, specimen

from starcert.certificate import Certificate
from starcert.pages import certificate as pages
from starcert.pages import missing
from starcert.pages.assets import asset_files
from starcert.pages.environment import Environment
from starcert.score import ItemisedScore

TEMPLATES = Path(__file__).parent.parent / "templates"
ENVIRONMENT = Environment(TEMPLATES, REGISTER, DAY)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NASTY = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;"


def html(certificate: Certificate = CERTIFICATE, environment: Environment = ENVIRONMENT) -> str:
    return pages.page(certificate, environment)[1].decode()


def linked_data(text: str) -> dict:
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[1])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served site of five certificates and the page for missing ones; gives its address."""
    folder = tmp_path_factory.mktemp("site")
    shown = {
        "FIVE": specimen(number="FIVE"),
        "FOUR": specimen(4, number="FOUR"),
        "THREE": specimen(3, number="THREE"),
        "QUALIFIED": specimen(0, number="QUALIFIED"),
        "LONG": replace(longest(), number="LONG"),
        "NASTY": specimen(number="NASTY", scope=NASTY, brands=(NASTY,), holder={"name": NASTY, "name_en": NASTY}),
    }
    for path, content in asset_files(ENVIRONMENT.assets):
        write(folder, path, content)
    imprints = {}
    for certificate in shown.values():
        path, content, imprints[certificate.slug] = pages.page(certificate, ENVIRONMENT)
        write(folder, path, content)
    for path, content in rolled(imprints.items(), DAY, ENVIRONMENT.stale):
        write(folder, path, content)
    write(folder, *missing.page(ENVIRONMENT))
    with serve(folder) as address:
        yield address


def test_the_path_is_the_slug() -> None:
    """A number with a slash has its page at the slug, in capitals."""
    assert pages.page(specimen(number="00114e22766R2L/3502"), ENVIRONMENT)[0] == "C/00114E22766R2L-3502/index.html"


def test_the_same_certificate_makes_the_same_bytes() -> None:
    """A page depends on the certificate, the register, the news of it by the day and the templates, on nothing else."""
    assert pages.page(CERTIFICATE, ENVIRONMENT) == pages.page(CERTIFICATE, Environment(TEMPLATES, REGISTER, DAY))


@pytest.mark.parametrize(
    ("stars", "zh", "en"),
    [(0, "达标级", "Qualified"), (3, "三星级", "Three-star"), (4, "四星级", "Four-star"), (5, "五星级", "Five-star")],
)
def test_the_level_stands_first_in_words(chromium: Browser, site: str, stars: int, zh: str, en: str) -> None:
    """The first words of the main part are the level in both languages, then the holder's name is the heading."""
    page = chromium.new_page()
    page.set_content(html(specimen(stars)))
    words = page.locator("main").inner_text().split()
    assert words[:2] == [zh, en]
    assert page.locator("h1").inner_text().split("\n")[0].startswith("示例杭州云栖电器有限公司")
    page.close()


def test_every_field_is_shown_for_comparison() -> None:
    """Everything that a printed certificate carries can be read on the page."""
    text = html()
    for value in (
        *("99925SC00123R1M", "91330106MA27YQ0G3T", "GB/T 27922-2011", "商品售后服务评价体系", "CNCA-SCR-2019-007"),
        *("Evaluation system for after-sales service of commodities", "家用空调器", "household air conditioners"),
        *("浙江省杭州市西湖区示例路 18 号", "18 Shili Road", "云栖、YUNQI", "示例杭州云栖电子有限公司", "2019-06-30"),
        *("浙江省，家用电器", "Zhejiang, Household appliances", "云栖电器宁波服务中心", "鄞州区范例街 6 号"),
        *("2019-03-01", "2025-03-01", "2028-02-29", "示例华晟认证有限公司", "CNCA-R-2002-051", "+86 10 0000 0000"),
        *("https://huasheng.example/", "https://yunqi.example/", "2025-02-11", "2026-02-09", "2027-02-09"),
        *("产品、包装、广告宣传", "products, packaging, advertising"),
        *("cx.cnca.cn", "2026年2月9日", "9 February 2026"),
    ):
        assert value in text, value


def test_every_optional_field_may_be_missing() -> None:
    """A certificate with required fields alone has a page without empty places for the others."""
    bare = specimen(
        scope_en=None,
        brands=(),
        mark_uses=(),
        holder={"name_en": None, "address_en": None, "website": None, "former_names": ()},
    )
    text = html(bare)
    assert "None" not in text
    assert not [label for label in ("品牌", "曾用名", "标志可用于", "Website</span></dt>") if f"<dt>{label}" in text]


def test_scores_are_shown_only_where_the_scheme_publishes_them() -> None:
    """An audit's score is on no page, unless the scheme says so."""
    public = replace(SCHEME, publish_scores=True)
    assert "95.80" not in html()
    assert "95.80" in html(specimen(scheme=public))


def test_a_computed_score_is_cut_not_rounded() -> None:
    """94 of 99 points, 94.949..., prints as 94.94: what is rounded up could feign a higher level."""
    points = {"5.1": Decimal(37), "5.2": Decimal(34), "5.3": Decimal(23)}
    score = ItemisedScore(points, {"5.3": Decimal(1)}, deductions=0, bonus=0, total=None)
    audit = replace(CERTIFICATE.audits[0], score=score)
    text = html(specimen(scheme=replace(SCHEME, publish_scores=True), audits=(audit,)))
    assert "Recertification</span> · 94.94<" in text


def test_no_other_certificates_number_is_on_the_page() -> None:
    """Numbers of superseded, superseding and parent certificates stay in the registry: they may not be valid."""
    related = specimen(supersedes="OLD-1", superseded_by="NEW-1", parent="MAIN-1")
    assert not re.search("OLD-1|NEW-1|MAIN-1", html(related))


def test_the_next_audit_is_not_shown_once_the_certificate_expires_before_it() -> None:
    """Where no audit is due before expiry, the page promises none."""
    assert "下次审核" not in html(specimen(expires=date(2027, 2, 9)))
    assert "下次审核" in html(specimen(expires=date(2027, 2, 10)))


def test_linked_data_is_a_schema_org_certification() -> None:
    """Machines read the number, the dates, the holder, the issuer and the rating from JSON-LD."""
    data = linked_data(html())
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Certification")
    assert data["certificationIdentification"] == "99925SC00123R1M"
    assert (data["validFrom"], data["expires"]) == ("2025-03-01", "2028-02-29")
    assert data["about"]["name"] == "示例杭州云栖电器有限公司"
    assert data["issuedBy"]["name"] == "示例华晟认证有限公司"
    assert data["certificationRating"] == {
        "@type": "Rating",
        "ratingValue": 5,
        "bestRating": 5,
        "name": "Five-star",
    }


def test_no_value_can_end_the_linked_data() -> None:
    """A closing script tag in a value neither ends the element nor changes the value."""
    text = html(specimen(holder={"name": NASTY}))
    assert linked_data(text)["about"]["name"] == NASTY
    assert text.count("</script>") == 2


def test_markup_in_values_is_text(chromium: Browser, site: str) -> None:
    """Markup and script in names show as text: no dialog, no element, no violation of the policy."""
    page = chromium.new_page()
    events: list[str] = []
    page.on("dialog", lambda dialog: (events.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: events.append(message.text))
    page.goto(f"{site}C/NASTY/")
    assert events == []
    assert page.locator("img").count() == 0
    assert NASTY in page.locator("h1").inner_text()
    page.close()


@pytest.mark.parametrize("name", ["FIVE", "QUALIFIED", "LONG", "NASTY"])
def test_pages_load_without_a_complaint_from_their_origin_only(chromium: Browser, site: str, name: str) -> None:
    """A page asks its own origin alone, and the browser finds nothing to complain of."""
    page = chromium.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{site}C/{name}/")
    assert said == []
    assert [url for url in asked if not url.startswith(site)] == []
    page.close()


@pytest.mark.parametrize("certificate", [CERTIFICATE, longest(), specimen(0), specimen(holder={"name": NASTY})])
def test_pages_are_valid_html(certificate: Certificate) -> None:
    """Pages parse without a single error."""
    html5lib.HTMLParser(strict=True).parse(html(certificate))


def test_the_missing_page_is_valid_html() -> None:
    """404.html parses without a single error."""
    html5lib.HTMLParser(strict=True).parse(missing.page(ENVIRONMENT)[1].decode())


@pytest.mark.parametrize("certificate", [CERTIFICATE, longest()])
def test_a_page_and_all_it_loads_is_under_20_kilobytes(certificate: Certificate) -> None:
    """Page, stylesheet, script and the longest roll of 100,000 certificates are less than 20,000 bytes in gzip."""
    page = html(certificate)
    loaded = [asset.content for asset in ENVIRONMENT.assets.values() if asset.path in page]
    assert len(loaded) >= 3
    shown = [(f"999{n:02}SC{m:05}R0M", "imprint-") for n in range(10) for m in range(10_000)]
    rolls = [data for _, data in rolled(shown, DAY, ENVIRONMENT.stale)]
    loaded.append(max(rolls, key=len))
    assert sum(len(gzip.compress(part, 9)) for part in (page.encode(), *loaded)) < 20_000


@pytest.mark.parametrize("name", ["FIVE", "QUALIFIED", "LONG"])
def test_a_page_prints_on_one_sheet_of_a4(chromium: Browser, site: str, tmp_path: Path, name: str) -> None:
    """Printed for a bid file, a page is one A4 page that holds the verdict, the day, the number and the address."""
    page = chromium.new_page()
    page.clock.set_fixed_time("2026-11-22T12:00:00+08:00")
    page.goto(f"{site}C/{name}/")
    page.wait_for_selector("[data-state=valid]")
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    printed = PdfReader(tmp_path / "page.pdf")
    text = re.sub(r"\s", "", normalize("NFKC", "".join(sheet.extract_text() for sheet in printed.pages)))
    assert len(printed.pages) == 1
    assert [round(float(side)) for side in printed.pages[0].mediabox[2:]] == [595, 842]
    for words in ("2025年3月1日", "Asrecordedon22November2026", name, f"https://stars.example/C/{name}/"):
        assert words in text
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    ("path", "now"),
    [
        ("C/FIVE/", "2026-11-22T12:00:00+08:00"),
        ("C/FIVE/", "2030-01-01T12:00:00+08:00"),
        ("C/LONG/", "2026-12-22T12:00:00+08:00"),
        ("404.html", "2026-11-22T12:00:00+08:00"),
    ],
)
def test_axe_finds_nothing(chromium: Browser, site: str, path: str, width: int, scheme: str, now: str) -> None:
    """axe-core finds no violation in either colour scheme, on phones and desktops, valid or taken back."""
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.clock.set_fixed_time(now)
    page.goto(site + path)
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.response["violations"] == [], found.generate_report()
    context.close()


@pytest.mark.parametrize("width", [320, 360, 768])
@pytest.mark.parametrize("path", ["C/FIVE/", "C/LONG/", "404.html"])
def test_nothing_is_wider_than_the_screen(chromium: Browser, site: str, path: str, width: int) -> None:
    """From 320 pixels on no page scrolls sideways."""
    page = chromium.new_page(viewport={"width": width, "height": 800})
    page.goto(site + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_links_honour_the_path_the_site_lies_under() -> None:
    """On a host that the site shares, every internal link begins with the register's path."""
    shared = Environment(TEMPLATES, replace(REGISTER, address="https://stars.example/register"), DAY)
    for text in (html(environment=shared), missing.page(shared)[1].decode()):
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', text)
        assert links
        assert [link for link in links if not link.startswith("/register/")] == []


def test_a_demonstration_says_so() -> None:
    """The pages of made-up records say that they are made up, in both languages; others do not."""
    shown = Environment(TEMPLATES, REGISTER, DAY, demonstration=True)
    assert "演示：企业与证书均为虚构" in html(environment=shown)
    assert "companies and certificates are made up" in html(environment=shown)
    assert "虚构" not in html()


def test_the_missing_page_shows_the_number_asked_for(chromium: Browser, site: str) -> None:
    """Where there is no page, the number from the address is shown as text and put in the search."""
    page = chromium.new_page()
    body = missing.page(ENVIRONMENT)[1]
    page.route("**/C/**", lambda route: route.fulfill(status=404, content_type="text/html; charset=utf-8", body=body))
    page.goto(f"{site}C/99925SC%3Cb%3E00999/")
    assert page.locator(".asked b").inner_text() == "99925SC<b>00999"
    assert page.locator("#q").input_value() == "99925SC<b>00999"
    page.close()


def test_the_missing_page_accuses_nobody() -> None:
    """404.html says in both languages that no valid certificate answers here, and never speaks of forgery."""
    text = missing.page(ENVIRONMENT)[1].decode()
    assert "没有当前有效的证书使用这个网址" in text
    assert "No currently valid certificate answers to this address" in text
    assert not re.search("伪造|假冒|仿冒|虚假|forge|fake|counterfeit", text, re.IGNORECASE)


def test_the_body_is_named_with_its_approval() -> None:
    """The page names who vouches: the body in both languages, with its approval number."""
    text = html()
    assert all(value in text for value in (BODY.name, BODY.name_en, BODY.approval_number))
