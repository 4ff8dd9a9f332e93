"""The sheet: whatever its texts, a certificate prints legibly, and up to a measured bound on one sheet of A4."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from unicodedata import normalize

import pytest
from browser import serve, write
from decoding import zxing
from PIL import Image
from playwright.sync_api import Browser, Page
from pypdf import PdfReader
from rolls import rolled
from rows import RULEBOOK
from specimen import CERTIFICATE, DAY, REGISTER, longest

from starcert.certificate import Certificate, FormerName, Holder, Place
from starcert.pages import certificate as pages
from starcert.pages import sheet
from starcert.pages.assets import asset_files
from starcert.pages.environment import Environment
from starcert.schema import schemas
from starcert.vocabulary import Term

ENVIRONMENT = Environment(Path(__file__).parent.parent / "templates", REGISTER, DAY)
KEYS = {name: json.loads(text)["properties"] for name, text in schemas(RULEBOOK).items()}
CHINESE, ENGLISH = "示例新疆维吾尔自治区博尔塔拉蒙古自治州电器服务", "Example International Household Appliances and "
LONGEST_LINK = "https://" + "w" * 484 + ".example"
SMALLEST_POINT = 5.5
PRINTED_POINTS = """() => Array.from(document.querySelectorAll(".certificate *"))
  .filter((one) => one.checkVisibility() && Array.from(one.childNodes).some((node) => node.data?.trim()))
  .map((one) => parseFloat(getComputedStyle(one).fontSize) * 0.75)"""


def zh(characters: int, turn: int = 0) -> str:
    """So many Chinese characters, other ones at each turn."""
    return "".join(islice(cycle(CHINESE[turn % len(CHINESE) :] + CHINESE), characters))


def en(characters: int) -> str:
    """So many characters of English."""
    return "".join(islice(cycle(ENGLISH), characters - 1)) + "."


def most(record: str, *keys: str) -> int:
    """The most characters that a value of a kind of record may have."""
    found = KEYS[f"{record}.json"][keys[0]]
    for key in keys[1:]:
        found = found.get("items", found)["properties"][key]
    return int(found["maxLength"])


def fullest() -> Certificate:
    """A certificate whose every single text, its body's and its scheme's too, has all the characters it may have."""
    term = Term("x", zh(most("vocabulary", "terms", "name")), en(most("vocabulary", "terms", "name_en")))
    level = replace(
        CERTIFICATE.level, name=zh(most("scheme", "levels", "name")), name_en=en(most("scheme", "levels", "name_en"))
    )
    names = {"name": zh(most("scheme", "name")), "name_en": en(most("scheme", "name_en"))}
    body = replace(
        CERTIFICATE.body,
        name=zh(most("body", "name")),
        name_en=en(most("body", "name_en")),
        approval_number="C" * most("body", "approval_number"),
        website=LONGEST_LINK,
        phone="0" * most("body", "phone"),
    )
    return replace(
        CERTIFICATE,
        number="9" * most("certificate", "number"),
        body=body,
        scheme=replace(CERTIFICATE.scheme, publish_scores=True, **names),
        standard="G" * most("certificate", "standard"),
        level=level,
        holder=Holder(
            zh(most("certificate", "holder", "name")),
            en(most("certificate", "holder", "name_en")),
            CERTIFICATE.holder.uscc,
            zh(most("certificate", "holder", "address")),
            en(most("certificate", "holder", "address_en")),
            LONGEST_LINK,
            (),
        ),
        scope=zh(most("certificate", "scope")),
        scope_en=en(most("certificate", "scope_en")),
        brands=(),
        region=term,
        industry=term,
        sites=(_site(0, most("certificate", "sites", "name"), most("certificate", "sites", "address")),),
        filed_rule="F" * most("certificate", "filed_rule"),
    )


def _site(n: int, name: int, address: int) -> Place:
    return Place("service-outlet" if n else "head-office", zh(name, n), zh(address, n + 5), zh(4, n))


def with_sites(n: int) -> Certificate:
    """So many sites as they are in real life."""
    return replace(CERTIFICATE, sites=tuple(_site(i, 12, 20) for i in range(n + 1)))


def with_long_sites(n: int) -> Certificate:
    """So many sites with all the characters they may have."""
    return replace(CERTIFICATE, sites=tuple(_site(i, 120, 200) for i in range(n + 1)))


def with_audits(n: int) -> Certificate:
    """So many audits, of a fullest certificate."""
    later = tuple(replace(CERTIFICATE.audits[0], date=date(2020, 1, 1) + timedelta(i)) for i in range(n))
    return replace(fullest(), audits=(*later, *CERTIFICATE.audits))


def with_names(n: int) -> Certificate:
    """So many brands and former names, in letters."""
    former = tuple(FormerName(f"{en(100)}{i}", date(2010, 1, 1)) for i in range(n))
    return replace(
        CERTIFICATE,
        holder=replace(CERTIFICATE.holder, former_names=former),
        brands=tuple(f"{en(40)}{i}" for i in range(n)),
    )


def with_scope(n: int) -> Certificate:
    """A scope of so many tens of characters, in both languages."""
    return replace(CERTIFICATE, scope=zh(min(10 * n, 500)), scope_en=en(min(16 * n, 800) or 1))


SHAPES = (with_sites, with_long_sites, with_audits, with_names, with_scope)
LAST_THAT_FIT = [
    (shape, setting)
    for shape in SHAPES
    for setting, _, _ in sheet.SETTINGS
    if any(sheet.setting(pages.view(shape(n), REGISTER, DAY)) == setting for n in range(0, 101, 5))
]


def last_that_fits(shape: Callable[[int], Certificate], setting: str) -> Certificate:
    """The longest certificate of a shape, to the hundred items that a list may have, that is still set so."""
    return next(c for c in (shape(n) for n in range(99, -1, -1)) if setting_of(c) == setting)


def setting_of(certificate: Certificate) -> str:
    return sheet.setting(pages.view(certificate, REGISTER, DAY))


@dataclass(frozen=True)
class Press:
    """A browser that prints certificates' pages."""

    folder: Path
    address: str
    page: Page

    def show(self, certificate: Certificate) -> None:
        """Open the certificate's page on the day of its roll, which lists it."""
        path, content, imprint = pages.page(certificate, ENVIRONMENT)
        rolls = rolled([(certificate.slug, imprint)], ENVIRONMENT.day, ENVIRONMENT.stale)
        for place, data in [(path, content), *rolls]:
            write(self.folder, place, data)
        self.page.clock.set_fixed_time(f"{ENVIRONMENT.day}T12:00:00+08:00")
        self.page.goto(self.address + path.removesuffix("index.html"))
        self.page.wait_for_selector("[data-state=valid]")

    def print(self, certificate: Certificate) -> PdfReader:
        """The sheets of the certificate's page; they are printed.pdf in the folder."""
        self.show(certificate)
        self.page.pdf(path=self.folder / "printed.pdf", prefer_css_page_size=True)
        return PdfReader(self.folder / "printed.pdf")


@pytest.fixture(scope="module")
def press(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """A press for the tests of this module."""
    folder = tmp_path_factory.mktemp("press")
    for path, content in asset_files(ENVIRONMENT.assets):
        write(folder, path, content)
    context = chromium.new_context()
    context.route("**/*", lambda route: route.continue_())  # with routes, nothing comes from the browser's cache
    with serve(folder) as address:
        yield Press(folder, address, context.new_page())
    context.close()


def words(printed: PdfReader) -> list[str]:
    """The text of each sheet without its spaces, which depend on where lines break."""
    return [re.sub(r"\s", "", normalize("NFKC", one.extract_text())) for one in printed.pages]


@pytest.mark.parametrize(("shape", "setting"), LAST_THAT_FIT)
def test_the_longest_certificate_of_a_setting_prints_on_one_sheet(
    press: Press, shape: Callable[[int], Certificate], setting: str
) -> None:
    """Whatever it is that makes a certificate long, its setting leaves it on one sheet."""
    assert len(press.print(last_that_fits(shape, setting)).pages) == 1


def test_every_single_text_may_be_as_long_as_records_allow(press: Press) -> None:
    """With all of them at their most at once, one sheet holds every one, to the last character."""
    certificate = fullest()
    (text,) = words(press.print(certificate))
    shown = pages.view(certificate, REGISTER, DAY)
    for field in sheet.FIELDS:
        assert re.sub(r"\s", "", normalize("NFKC", shown[field] or "")) in text, field


def test_a_hundred_sites_as_real_ones_are_print_on_one_sheet(press: Press) -> None:
    """As many sites as a record may have, with names and addresses as long as usual, leave it on one sheet."""
    certificate = with_sites(99)
    (text,) = words(press.print(certificate))
    assert all(site.name in text and site.address in text for site in certificate.sites)


def test_no_print_is_too_small_to_read(press: Press) -> None:
    """In the smallest setting too, letters have at least so many points."""
    for certificate in (CERTIFICATE, longest(), fullest(), with_long_sites(99)):
        press.show(certificate)
        press.page.emulate_media(media="print")
        assert min(press.page.evaluate(PRINTED_POINTS)) >= SMALLEST_POINT
        press.page.emulate_media(media="null")


def test_what_no_sheet_could_hold_goes_on_to_the_next(press: Press) -> None:
    """The verdict, the address and a code that can be read are on the first sheet; all are numbered."""
    certificate = with_long_sites(99)
    assert setting_of(certificate) == sheet.BEYOND
    sheets = words(press.print(certificate))
    assert len(sheets) > 1
    for wanted in ("五星级", certificate.holder.name, "Asrecordedon22November2026", "https://stars.example/C/"):
        assert wanted in sheets[0], wanted
    for n, text in enumerate(sheets, 1):
        assert f"{n}/{len(sheets)}" in text
    assert all(site.address in "".join(sheets) for site in certificate.sites)
    first = press.folder / "first"
    command = ["pdftoppm", "-png", "-r", "200", "-singlefile", press.folder / "printed.pdf", first]
    subprocess.run(command, check=True)
    assert zxing(Image.open(first.with_suffix(".png")).convert("L")) == {REGISTER.printed_address(certificate.slug)}
