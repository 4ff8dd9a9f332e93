"""The roll, and what it rests on: a page stays the same, byte for byte, for as long as nothing of it is news."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from certificates import any_certificate
from hypothesis import given, settings
from hypothesis import strategies as st
from project import DAY, Project, project
from rolls import rolled
from specimen import CERTIFICATE, REGISTER, specimen

from starcert import listing
from starcert.certificate import Certificate
from starcert.chronicle import unchanged_around
from starcert.days import ONE_DAY
from starcert.pages import certificate as pages
from starcert.pages import roll
from starcert.pages.environment import Environment

ENVIRONMENT = Environment(Path(__file__).parent.parent / "templates", REGISTER, date(2026, 11, 22))
FIRST, LAST = date(2024, 5, 31), date(2028, 12, 31)
STALE = ENVIRONMENT.stale
MADE_EVERY_DAY = re.compile(r"(en/)?(index\.html|feed\.xml)|status\.json|roll/[0-3][0-9a-f]{2}\.json")


def stretch(one: Certificate, day: date) -> tuple[date, date]:
    """The first and the last day on which the same is said of it as on this one, as far as these tests look."""
    first, following = unchanged_around(one, day)
    return first or FIRST, following - ONE_DAY if following else LAST


def said(one: Certificate, day: date) -> tuple[object, ...]:
    """All that a site for the day says of the certificate, as values."""
    known = one.known_on(day)
    row = listing.row(known)
    return one.status_on(day), row, listing.entry(row), pages.view(known, REGISTER, day)


@settings(max_examples=50, deadline=None)
@given(any_certificate(), st.dates(FIRST, LAST))
def test_nothing_said_of_a_certificate_changes_within_its_stretch(one: Certificate, day: date) -> None:
    """Status, row, search entry and what the page shows are the same on every day of the stretch around any day."""
    first, last = stretch(one, day)
    assert first <= day <= last
    expected = said(one, day)
    for count in range((last - first).days + 1):
        assert said(one, first + timedelta(days=count)) == expected


@settings(max_examples=25, deadline=None)
@given(any_certificate(), st.dates(FIRST, LAST))
def test_a_page_has_the_same_bytes_on_the_ends_of_its_stretch(one: Certificate, day: date) -> None:
    """The page, with its path and imprint, is the same on the first and on the last day as on the day itself."""
    days = {day, *stretch(one, day)}
    assert len({pages.page(one.known_on(on), replace(ENVIRONMENT, day=on)) for on in days}) == 1


def test_an_imprint_stands_in_its_page_and_tells_it_from_others() -> None:
    """The page bears the imprint of itself without one; another word on it makes another."""
    _, page, imprint = pages.page(CERTIFICATE, ENVIRONMENT)
    assert re.fullmatch(r"[\w-]{8}", imprint)
    assert page.count(f'data-imprint="{imprint}"'.encode()) == 1
    assert roll.imprint(page.replace(imprint.encode(), roll.UNPRINTED.encode())) == imprint
    assert pages.page(specimen(scope="电冰箱的售后服务"), ENVIRONMENT)[2] != imprint


def test_a_value_that_looks_like_an_imprint_stays_as_it_is() -> None:
    """Only the attribute is filled in, whatever the texts of the record say."""
    scope = f'data-imprint="{roll.UNPRINTED}"'
    _, page, imprint = pages.page(specimen(scope=scope), ENVIRONMENT)
    assert page.decode().count(imprint) == 1
    assert f"data-imprint=&#34;{roll.UNPRINTED}&#34;" in page.decode()


def test_a_page_names_the_roll_that_lists_it() -> None:
    """The file that the page preloads and asks is the one that holds its slug."""
    _, page, imprint = pages.page(CERTIFICATE, ENVIRONMENT)
    ((path, data),) = rolled([(CERTIFICATE.slug, imprint)], date(2026, 11, 22), STALE)
    assert f'data-roll="/{path}"' in page.decode()
    assert f'<link rel="preload" href="/{path}" as="fetch" crossorigin>' in page.decode()
    assert data.decode() == (
        '{"day":"2026-11-22","stale":"2026-11-23T02:00:00+08:00","pages":{"99925SC00123R1M":"' + imprint + '"}}'
    )


SLUGS = st.from_regex(r"[A-Z0-9][A-Z0-9-]{5,25}", fullmatch=True)


@given(st.dictionaries(SLUGS, st.just("imprint-"), max_size=60))
def test_rolls_list_every_page_once_in_the_file_of_its_place(shown: dict[str, str]) -> None:
    """Together they hold all that is shown, each file its own slugs in order; none is empty, and order is no matter."""
    files = dict(rolled(shown.items(), date(2026, 11, 22), STALE))
    listed = {path: json.loads(data)["pages"] for path, data in files.items()}
    assert {slug: imprint for pages in listed.values() for slug, imprint in pages.items()} == shown
    assert all(list(pages) == sorted(pages) != [] for pages in listed.values())
    assert all(roll.place(slug) == path for path, pages in listed.items() for slug in pages)
    assert files == dict(rolled(reversed(shown.items()), date(2026, 11, 22), STALE))


def test_there_are_at_most_1024_rolls() -> None:
    """However many certificates there are, with about as many in each file."""
    shown = [(f"999{n:02}SC{m:05}R0M", "imprint-") for n in range(20) for m in range(1024)]
    sizes = [len(json.loads(data)["pages"]) for _, data in rolled(shown, date(2026, 11, 22), STALE)]
    assert len(sizes) == 1024
    assert min(sizes) >= 5
    assert max(sizes) <= 50


def changed(made: Project, *days: str) -> set[str]:
    """The paths of the site that differ between builds for two days."""
    built = []
    for day in days:
        assert made.call("--as-of", day, "--quiet").code == 0
        built.append(made.site)
    before, after = built
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def eventful(made: Project) -> None:
    """Beside the valid record one that expires after 2026-11-22, one suspended and one audited on the 23rd."""
    other = ("uscc: 91330100MA0000001F", "uscc: 91440100MA0000002D")
    furniture = ("industry: household-appliances", "industry: furniture")
    made.add("99925SC00124R1M", ("expires: 2028-02-29", "expires: 2026-11-22"), other, furniture)
    suspended = (
        "decisions:\n  - {kind: suspended, date: 2026-11-20, start: 2026-11-23, end: 2027-01-31, reason: 抽查}\n"
    )
    made.add("99925SC00125R1M", other, furniture, ("region: 33", "region: 44"), also=suspended)
    audit = "  - {kind: special, date: 2026-11-23, score: 97, level: five-star}\n"
    made.add("99925SC00126R1M", other, furniture, also=audit)


def test_a_day_without_news_changes_no_page_but_home(tmp_path: Path) -> None:
    """Sites of two days on which nothing happens differ in home pages, feeds, status.json and rolls, and in each."""
    made = project(tmp_path)
    eventful(made)
    differing = changed(made, "2026-11-20", "2026-11-21")
    assert {path for path in made.site if MADE_EVERY_DAY.fullmatch(path)} == differing
    assert {"index.html", "en/index.html", "feed.xml", "en/feed.xml", "status.json"} < differing


def test_a_day_with_news_changes_the_certificates_concerned_and_what_lists_them(tmp_path: Path) -> None:
    """An expiry, a suspension and an audit change those three pages and their lists; all else stays as it was."""
    made = project(tmp_path)
    eventful(made)
    differing = {path for path in changed(made, DAY, "2026-11-23") if not MADE_EVERY_DAY.fullmatch(path)}
    assert {path for path in differing if path.startswith("C/")} == {
        f"C/99925SC0012{n}R1M/index.html" for n in (4, 5, 6)
    }
    lists = (
        "level/gbt-27922-2011/five-star/",
        "province/33/",
        "province/44/",
        "industry/furniture/",
        "body/example-cb/",
        "",
    )
    expected = {f"{tree}browse/{path}index.html" for tree in ("", "en/") for path in lists}
    others = {path for path in differing if not path.startswith(("C/", "pagefind/"))}
    assert others == expected | {"H/91440100MA0000002D/index.html", "sitemap.xml"}
    assert json.loads(made.site[roll.place("99925SC00126R1M")])["day"] == "2026-11-23"
