"""The freshness guard: only a clock that was looked at may say that a certificate is valid today."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from browser import serve, write
from playwright.sync_api import Browser, Page
from specimen import DAY, REGISTER, specimen

from starcert.certificate import Certificate, Decision
from starcert.pages import certificate as pages
from starcert.pages.assets import asset_files
from starcert.pages.environment import Environment

TEMPLATES = Path(__file__).parent.parent / "templates"
NEVER_STALE = replace(REGISTER, fresh_hours=24 * 3650)

Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a certificate's page in a browser whose clock stands at `now`; its site was built for `day`."""
    with serve(tmp_path) as address:

        def opened(
            now: str,
            certificate: Certificate | None = None,
            day: date = DAY,
            register=REGISTER,
            change: Callable[[str], str] = str,
            **context: object,
        ) -> Page:
            environment = Environment(TEMPLATES, register, day)
            for path, content in asset_files(environment.assets):
                write(tmp_path, path, content)
            path, content = pages.page(certificate or specimen(), environment)
            write(tmp_path, path, change(content.decode()).encode())
            page = chromium.new_context(**context).new_page()
            page.clock.install(time=now)
            page.goto(address + path.removesuffix("index.html"))
            return page

        yield opened
        for context in chromium.contexts:
            context.close()


def said(page: Page) -> str:
    """What the guard says, in one line."""
    return " | ".join(page.locator(".today p").all_text_contents())


def state(page: Page) -> str | None:
    return page.locator(".certificate").get_attribute("data-state")


VALID = "今天有效（2026年11月22日） | Valid today, 22 November 2026"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-11-22T00:00:00+08:00", VALID),
        ("2026-11-22T23:59:59+08:00", VALID),
        ("2026-11-23T00:00:00+08:00", "今天有效（2026年11月23日） | Valid today, 23 November 2026"),
        ("2026-11-23T01:59:59+08:00", "今天有效（2026年11月23日） | Valid today, 23 November 2026"),
        (
            "2026-11-23T02:00:00+08:00",
            "不能确认今天有效：本页是2026年11月22日的旧页 | "
            "Not confirmed for today: this page is an old one, of 22 November 2026",
        ),
        (
            "2026-11-21T23:59:59+08:00",
            "不能确认今天有效：您的设备日期早于本页（2026年11月22日） | "
            "Not confirmed for today: the date on your device is earlier than this page, 22 November 2026",
        ),
    ],
)
def test_a_page_says_valid_today_from_its_day_until_26_hours_on(open_page: Open, now: str, words: str) -> None:
    """Valid today from the start of the build's day in China until it is 26 hours old; neither before nor after."""
    assert said(open_page(now)) == words


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-12-30T12:00:00+08:00", "今天有效（2026年12月30日） | Valid today, 30 December 2026"),
        ("2026-12-31T23:59:59+08:00", "今天有效（2026年12月31日） | Valid today, 31 December 2026"),
        ("2027-01-01T00:00:00+08:00", "已过期：有效期至2026年12月31日 | Expired: it was valid until 31 December 2026"),
    ],
)
def test_the_day_of_expiry_is_the_last_valid_one(open_page: Open, now: str, words: str) -> None:
    """Before and on the day of expiry a page may say valid; the day after it says expired."""
    assert said(open_page(now, specimen(expires=date(2026, 12, 31)), register=NEVER_STALE)) == words


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2027-02-08T12:00:00+08:00", "今天有效（2027年2月8日） | Valid today, 8 February 2027"),
        ("2027-02-09T23:59:59+08:00", "今天有效（2027年2月9日） | Valid today, 9 February 2027"),
        (
            "2027-02-10T00:00:00+08:00",
            "不能确认今天有效：年度审核应不晚于2027年2月9日，本页没有其后的审核记录 | "
            "Not confirmed for today: an audit was due by 9 February 2027, and this page records none since",
        ),
    ],
)
def test_the_day_the_next_audit_is_due_is_the_last_valid_one(open_page: Open, now: str, words: str) -> None:
    """Before and on the day that the next audit is due a page may say valid; the day after it takes that back."""
    assert said(open_page(now, register=NEVER_STALE)) == words


def test_a_change_on_record_takes_effect_on_its_day(open_page: Open) -> None:
    """A withdrawal recorded for a coming day turns the page on that day, though it was built before."""
    decided = specimen(decisions=(Decision("withdrawn", date(2026, 11, 23), None, None, None),))
    assert state(open_page("2026-11-22T23:59:59+08:00", decided)) == "valid"
    assert said(open_page("2026-11-23T00:00:00+08:00", decided)) == (
        "不能确认今天有效：本页所载状态只到2026年11月22日 | "
        "Not confirmed for today: what this page records held until 22 November 2026"
    )


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati", "Europe/London"])
def test_today_is_chinas_wherever_the_reader_is(open_page: Open, zone: str) -> None:
    """The last second of the day of expiry in China is valid and the next is not, in every time zone."""
    last = specimen(expires=DAY)
    assert state(open_page("2026-11-22T15:59:59Z", last, timezone_id=zone)) == "valid"
    assert state(open_page("2026-11-22T16:00:00Z", last, timezone_id=zone)) == "expired"


def test_a_page_left_open_turns_at_midnight(open_page: Open) -> None:
    """A page opened on the day of expiry says expired once that day is over, without being touched."""
    page = open_page("2026-11-22T23:50:00+08:00", specimen(expires=DAY))
    assert state(page) == "valid"
    page.clock.run_for(10 * 60 * 1000)
    assert state(page) == "expired"


def test_a_page_left_open_grows_stale(open_page: Open) -> None:
    """A page opened a second before its build is too old turns within that second."""
    page = open_page("2026-11-23T01:59:59+08:00")
    assert state(page) == "valid"
    page.clock.run_for(1000)
    assert state(page) == "stale"


def test_a_device_that_slept_is_corrected_when_the_page_is_shown(open_page: Open) -> None:
    """A page that comes back from the browser's memory looks at the clock again at once."""
    page = open_page("2026-11-22T12:00:00+08:00")
    page.clock.set_system_time("2029-01-01T00:00:00+08:00")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert state(page) == "expired"


def test_without_javascript_a_page_speaks_of_its_day_only(open_page: Open) -> None:
    """With JavaScript off the page gives the dates and the day it was built for, and says nothing of today."""
    page = open_page("2030-01-01T00:00:00Z", java_script_enabled=False)
    text = page.locator("main").inner_text()
    assert "2025年3月1日至2028年2月29日有效" in text
    assert "As recorded on 22 November 2026" in text
    assert said(page) == ""
    assert "今天有效" not in page.content()
    assert "valid today" not in page.content().lower()


@pytest.mark.parametrize("name", ["day", "issued", "expires", "until", "audit", "stale"])
@pytest.mark.parametrize("value", [None, "2026-13-45", "soon"])
def test_a_fact_that_is_missing_or_senseless_silences_the_guard(open_page: Open, name: str, value: str | None) -> None:
    """Where one of the facts is missing or no date, nothing is claimed."""

    def spoil(html: str) -> str:
        before, after = html.split(f' data-{name}="', 1)
        rest = after.split('"', 1)[1]
        return before + (f' data-{name}="{value}"' if value else "") + rest

    page = open_page("2026-11-22T12:00:00+08:00", change=spoil)
    assert said(page) == ""
    assert state(page) is None


def test_a_verdict_taken_back_offers_the_latest_page(open_page: Open) -> None:
    """A stale page links to its own canonical address; a valid one has no need to."""
    link = open_page("2026-12-24T12:00:00+08:00").get_by_role("link", name="Open the latest page")
    assert link.get_attribute("href") == "https://stars.example/C/99925SC00123R1M/"
    assert open_page("2026-11-22T12:00:00+08:00").locator(".today a").count() == 0


def test_the_verdict_is_announced_to_screen_readers(open_page: Open) -> None:
    """What the guard says stands in a live region."""
    page = open_page("2026-11-22T12:00:00+08:00")
    assert page.get_by_role("status").locator("p").all_text_contents() == VALID.split(" | ")
