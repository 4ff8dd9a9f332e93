"""A site whose every text is hostile, in Chromium: nothing runs, nothing complains, nothing leaves its origin.

The strings are third-party data; tests/corpora.py says where they lie.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from urllib.parse import quote

import corpora
import pytest
from browser import POLLING, SETTLED
from playwright.sync_api import Browser, Page
from project import DAY, project
from records import BODY, RULEBOOK

from starcert import characters, serve

CERTIFICATES = 120
BRANDS = 90
NASTIEST = ("xss", "html", "htmltok", "ssti", "url", "format", "csv", "crlf")
ADDRESSED = [
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "</script><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "'-alert(1)-'",
    "<svg onload=alert(1)>",
    "__proto__",
    "constructor",
    "toString",
    "{q}{n}$&$1",
    "\x00\x01\x7f",
    "\u202e\u2028\ufeff",
    "../../../../etc/passwd",
    "//evil.example/",
    "x" * 20_000,
    "示例" * 3_000,
    "%",
    "&level=&q=",
]
INVALID = ["%", "%zz", "%ff%fe", "%c0%ae%c0%ae", "%00", "%u003cscript%u003e", "%e4%bd"]
FACETS = ("level", "body", "scheme", "province", "industry", "expires", "sort", "go", "__proto__")
RECORD = """\
number: {number}
scheme: gbt-27922-2011
standard: GB/T 27922-2011
level: five-star
holder:
  name: {name}
  name_en: {name_en}
  uscc: {uscc}
  address: {address}
  address_en: {address_en}
  website: https://yunqi.example/'-alert(1)-'?a=&amp;b
  former_names: [{{name: {former}, until: 2019-06-30}}]
scope: {scope}
scope_en: {scope_en}
brands: {brands}
region: 33
industry: household-appliances
sites:
  - {{kind: head-office, name: {site}, address: {site_address}, city: {city}}}
filed_rule: {filed_rule}
first_issued: 2026-03-01
issued: 2026-03-01
expires: 2029-02-28
audits:
  - {{kind: initial, date: 2026-02-11, score: 96.40, level: five-star}}
"""
LIMITS = {"filed_rule": 80, "city": 40} | dict.fromkeys(("name", "former", "site"), 120) | {"name_en": 160}
LIMITS |= {"address": 200, "address_en": 200, "scope": 200, "scope_en": 200, "site_address": 200}


def nastiest() -> list[str]:
    """The hostile strings that a name may be, those that hold marks of HTML first."""
    rows = [row for row in corpora.objects("normalised/strings.jsonl") if row["cat"] in NASTIEST and "s" in row]
    texts = dict.fromkeys(row["s"] for row in rows if row["s"].strip() and "\n" not in row["s"])
    allowed = [text for text in texts if not characters.forbidden(text) and not characters.lookalikes(text)]
    return sorted(allowed, key=lambda text: not re.search("[<>\"'&]", text))


def records() -> dict[str, str]:
    """Certificates of hostile texts, two to a holder, under a scheme, a body and terms of hostile names."""
    fitting = {key: cycle([text for text in nastiest() if len(text) <= most]) for key, most in LIMITS.items()}
    for place, key in enumerate(LIMITS):
        next(islice(fitting[key], place * 500, None))
    brands = cycle([text for text in nastiest() if len(text) <= 60])
    found = {}
    for n in range(CERTIFICATES):
        texts = {key: json.dumps(next(supply), ensure_ascii=False) for key, supply in fitting.items()}
        own = {text.casefold(): text for text in islice(brands, BRANDS)}
        number, uscc = f"99926SC{n:05}R0M", f"91330100MA{n // 2:08}"
        listed = json.dumps(list(own.values()), ensure_ascii=False)
        found[f"certificates/{BODY}/{number}.yaml"] = RECORD.format(number=number, uscc=uscc, brands=listed, **texts)
    return {**{name: poisoned(text) for name, text in RULEBOOK.items()}, **found}


def poisoned(record: str) -> str:
    """A record of the rulebook with markup in every name."""
    markup = "'\"><img src=x onerror=alert(1)></script><script>alert(2)</script> {{7*7}} ''-alert(3)-'''"
    return re.sub(r"(?m)((?:^|, )name(?:_en)?): ((?<=^name: ).+|(?<=^name_en: ).+|[^,}\n]+)", rf"\1: {markup}", record)


@dataclass
class Watched:
    """A tab, and everything that went wrong in it."""

    page: Page
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("dialog", lambda dialog: (self.wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("pageerror", lambda error: self.wrong.append(f"error {error}"))
        self.page.on("console", lambda said: said.type in {"error", "warning"} and self.wrong.append(said.text))
        self.page.on("request", lambda request: self.wrong.append(request.url) if foreign(request.url) else None)

    def opens(self, url: str) -> None:
        """Go there, and see that nothing went wrong; that a page is missing is no fault."""
        self.page.goto(url)
        if "/search/" in url:
            self.page.wait_for_function(SETTLED, polling=POLLING)
        faults = [said for said in self.wrong if "status of 404" not in said]
        self.wrong.clear()
        assert not faults, (url[:200], faults[:3])


def foreign(url: str) -> bool:
    """Whether a request leaves the machine."""
    return not url.startswith(("http://127.0.0.1:", "data:", "blob:http://127.0.0.1:"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the hostile site, whose own name is hostile too."""
    made = project(tmp_path_factory.mktemp("site"), records=records())
    settings = made.path("site.yaml").read_text("utf-8")
    hostile = "'</title><script>alert(0)</script>\"''>'"
    made.write("site.yaml", re.sub(r"(?m)^(name|name_en): .*$", lambda match: f"{match[1]}: {hostile}", settings))
    ended = made.build("--base-url", "https://stars.example")
    assert ended.code == 0, ended.err[:2000]
    with serve.static(made.folder / "site") as address:
        yield address


@pytest.fixture(scope="module")
def tab(chromium: Browser) -> Iterator[Watched]:
    """A tab on the day of the build."""
    context = chromium.new_context()
    page = context.new_page()
    page.clock.set_fixed_time(f"{DAY}T12:00:00+08:00")
    yield Watched(page)
    context.close()


def test_certificates_of_hostile_texts_run_nothing(tab: Watched, site: str) -> None:
    """Each page loads in peace, says "valid today", and has the elements that every other one has."""
    shapes = set()
    for n in range(0, CERTIFICATES, 2):
        tab.opens(f"{site}/C/99926SC{n:05}R0M/")
        tab.page.wait_for_selector(".certificate[data-state=valid]")
        shapes.add(tab.page.evaluate(SHAPE))
    assert len(shapes) == 1


SHAPE = """() => Array.from(document.querySelectorAll("*"), (one) =>
  `${one.tagName} ${one.getAttributeNames().join()}`).join("\\n")"""


@pytest.mark.parametrize("path", ["", "en/", "browse/", "en/browse/", "search/", "en/search/"])
def test_pages_of_hostile_names_run_nothing(tab: Watched, site: str, path: str) -> None:
    """Home, the lists' index and the search load in peace."""
    tab.opens(f"{site}/{path}")


@pytest.mark.parametrize("kind", ["level/gbt-27922-2011/five-star", "province/33", "industry/household-appliances"])
def test_lists_of_hostile_names_run_nothing(tab: Watched, site: str, kind: str) -> None:
    """Every page of a list loads in peace, in both languages, and shows every certificate."""
    for tree in ("", "en/"):
        rows = 0
        for leaf in ("", "2/"):
            tab.opens(f"{site}/{tree}browse/{kind}/{leaf}")
            rows += tab.page.locator("tbody tr").count()
        assert rows == CERTIFICATES


def test_holders_of_hostile_names_run_nothing(tab: Watched, site: str) -> None:
    """Every holder's page loads in peace."""
    for n in range(0, CERTIFICATES // 2, 4):
        tab.opens(f"{site}/H/91330100MA{n:08}/")
        assert tab.page.locator("tbody tr").count() == 2


def test_search_results_of_hostile_names_run_nothing(tab: Watched, site: str) -> None:
    """All cards, shown ten at a time, hold the names as mere text."""
    tab.opens(f"{site}/search/?level=five-star")
    more = tab.page.locator("#more")
    while more.is_visible():
        shown = tab.page.locator("#results > li").count()
        more.click()
        tab.page.wait_for_function(LONGER, arg=shown, polling=POLLING)
    assert tab.page.locator("#results > li").count() == CERTIFICATES
    assert tab.page.locator("#results :is(script, img, svg, iframe)").count() == 0
    assert not tab.wrong


LONGER = "n => document.querySelectorAll('#results > li').length > n"


def test_hostile_queries_run_nothing(tab: Watched, site: str) -> None:
    """Whatever stands in the address of the search, in any parameter, is searched for or passed over."""
    for text in ADDRESSED:
        tab.opens(f"{site}/search/?q={quote(text)}")
        if text.isprintable():
            assert tab.page.locator("#q").input_value() == text
    for text in INVALID:
        tab.opens(f"{site}/en/search/?q={text}&level={text}")


@pytest.mark.parametrize("facet", FACETS)
def test_hostile_choices_run_nothing(tab: Watched, site: str, facet: str) -> None:
    """Whatever an address chooses is shown as it is, as a choice that nothing meets, or passed over."""
    for text in ADDRESSED[FACETS.index(facet) % 3 : 12 : 3]:
        tab.opens(f"{site}/search/?{facet}={quote(text)}&q=a")
        assert "native code" not in tab.page.locator("form#search").inner_text()
        assert "[object" not in tab.page.locator("form#search").inner_text()


def test_typed_hostile_queries_run_nothing(tab: Watched, site: str) -> None:
    """Forty hostile strings typed one after the other: each gets its answer."""
    tab.opens(f"{site}/search/")
    for text in texts_to_type():
        tab.page.locator("#q").fill(text)
        tab.page.wait_for_timeout(200)  # the page searches when typing rests
    tab.page.wait_for_function(SETTLED, polling=POLLING)
    assert not tab.wrong


def texts_to_type() -> Sequence[str]:
    """Every so many of the nastiest."""
    found = nastiest()
    return found[:: len(found) // 40]


def test_hostile_paths_are_answered_without_running_them(tab: Watched, site: str) -> None:
    """The page for missing addresses shows what was asked for as mere text."""
    for text in (*texts_to_type()[::3], *(text for text in ADDRESSED if len(text) < 1000)):
        if text.strip("./") and "\x00" not in text:
            tab.opens(f"{site}/C/{quote(text, safe='')}/")
            assert tab.page.locator(".asked b").inner_html().count("<") == 0
    for text in INVALID:
        tab.opens(f"{site}/C/{text}/")
        assert tab.page.locator(".missing").is_visible()
