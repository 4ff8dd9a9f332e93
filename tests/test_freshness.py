"""The freshness guard: only a clock and a roll that were looked at may say that a certificate is valid today."""

import functools
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from browser import serve, write
from playwright.sync_api import Browser, Page, Route
from rolls import rolled
from specimen import DAY, REGISTER, specimen

from starcert.certificate import Certificate, Decision
from starcert.pages import certificate as pages
from starcert.pages import roll
from starcert.pages.assets import asset_files
from starcert.pages.environment import Environment

TEMPLATES = Path(__file__).parent.parent / "templates"
NEVER_STALE = replace(REGISTER, fresh_hours=24 * 3650)

Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a certificate's page, and the roll of `day`, in a browser whose clock stands at `now`.

    `change` spoils the page, `listed` the roll; made None, it is not there. The tab waits for the guard's first word.
    """
    with serve(tmp_path) as address:

        def opened(
            now: str,
            certificate: Certificate | None = None,
            day: date = DAY,
            register=REGISTER,
            change: Callable[[str], str] = str,
            listed: Callable[[str], str | None] = str,
            silent: bool = False,
            **context: object,
        ) -> Page:
            root = register.root.strip("/")
            path = publish(
                tmp_path / root, certificate or specimen(), Environment(TEMPLATES, register, day), change, listed
            )
            page = chromium.new_context(**context).new_page()
            stop_clock(page, now)
            page.goto(address + f"{root}/".lstrip("/") + path.removesuffix("index.html"))
            if not silent:
                page.wait_for_selector("[data-state]")
            return page

        yield opened
        for context in chromium.contexts:
            context.close()


def publish(
    folder: Path,
    certificate: Certificate,
    environment: Environment,
    change: Callable[[str], str] = str,
    listed: Callable[[str], str | None] = str,
) -> str:
    """Writes the certificate's page, what it loads, and its roll; the page's path."""
    for path, content in asset_files(environment.assets):
        write(folder, path, content)
    path, content, imprint = pages.page(certificate, environment)
    write(folder, path, change(content.decode()).encode())
    for place, data in rolled([(certificate.slug, imprint)], environment.day, environment.stale):
        text = listed(data.decode())
        (folder / place).unlink(missing_ok=True)
        if text is not None:
            write(folder, place, text.encode())
    return path


def stop_clock(page: Page, now: str) -> None:
    """The tab's clock stands at `now` until a test lets it run, however long the machine takes."""
    page.clock.install(time=datetime.fromisoformat(now) - timedelta(hours=1))
    page.clock.pause_at(now)


def said(page: Page) -> str:
    """What the guard says, in one line."""
    return " | ".join(page.locator(".today p").all_text_contents())


def state(page: Page) -> str | None:
    return page.locator(".certificate").get_attribute("data-state")


NOON = "2026-11-22T12:00:00+08:00"
ROLL_CAME = "() => fetch(document.querySelector('.certificate').dataset.roll).then((answer) => answer.text())"
"""Waits for the roll a second time, when the page has had its own answer."""
VALID = "今天有效（2026年11月22日） | Valid today, 22 November 2026"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-11-22T00:00:00+08:00", VALID),
        ("2026-11-22T23:59:00+08:00", VALID),
        ("2026-11-23T00:00:00+08:00", "今天有效（2026年11月23日） | Valid today, 23 November 2026"),
        ("2026-11-23T01:59:00+08:00", "今天有效（2026年11月23日） | Valid today, 23 November 2026"),
        (
            "2026-11-23T02:00:00+08:00",
            "不能确认今天有效：读到的名录是2026年11月22日的，已经太旧 | "
            "Not confirmed for today: the list that could be read is of 22 November 2026, which is too old",
        ),
        (
            "2026-11-21T23:59:00+08:00",
            "不能确认今天有效：您的设备日期（2026年11月21日）早于名录（2026年11月22日） | "
            "Not confirmed for today: your device says 21 November 2026, which is before the list's day, "
            "22 November 2026",
        ),
    ],
)
def test_a_page_says_valid_today_from_the_rolls_day_until_26_hours_on(open_page: Open, now: str, words: str) -> None:
    """Valid today from the start of the roll's day in China until it is 26 hours old; neither before nor after."""
    assert said(open_page(now)) == words


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-12-30T12:00:00+08:00", "今天有效（2026年12月30日） | Valid today, 30 December 2026"),
        ("2026-12-31T23:59:00+08:00", "今天有效（2026年12月31日） | Valid today, 31 December 2026"),
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
        ("2027-02-09T23:59:00+08:00", "今天有效（2027年2月9日） | Valid today, 9 February 2027"),
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
    assert state(open_page("2026-11-22T23:59:00+08:00", decided)) == "valid"
    assert said(open_page("2026-11-23T00:00:00+08:00", decided)) == (
        "不能确认今天有效：本页所载状态只到2026年11月22日 | "
        "Not confirmed for today: what this page records held until 22 November 2026"
    )


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati", "Europe/London"])
def test_today_is_chinas_wherever_the_reader_is(open_page: Open, zone: str) -> None:
    """The last second of the day of expiry in China is valid and the next is not, in every time zone."""
    last = specimen(expires=DAY)
    assert state(open_page("2026-11-22T15:59:00Z", last, timezone_id=zone)) == "valid"
    assert state(open_page("2026-11-22T16:00:00Z", last, timezone_id=zone)) == "expired"


def test_a_page_left_open_turns_at_midnight(open_page: Open) -> None:
    """A page opened on the day of expiry says expired once that day is over, without being touched."""
    page = open_page("2026-11-22T23:50:00+08:00", specimen(expires=DAY))
    assert state(page) == "valid"
    page.clock.run_for(10 * 60 * 1000)
    assert state(page) == "expired"


def test_a_page_left_open_grows_stale(open_page: Open) -> None:
    """A page opened a second before its roll is too old turns within that second."""
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


def test_without_javascript_a_page_speaks_of_its_record_only(open_page: Open) -> None:
    """With JavaScript off the page gives the dates and the day its record reaches back to, and confirms nothing."""
    page = open_page("2030-01-01T00:00:00Z", java_script_enabled=False, silent=True)
    text = page.locator("main").inner_text()
    assert "2025年3月1日至2028年2月29日有效" in text
    assert "以上为记录所载自 2026年2月9日 起的状态" in text
    assert "As on record since 9 February 2026" in text
    assert said(page) == "不能确认今天有效：浏览器没有运行脚本 | Not confirmed for today: your browser runs no scripts"
    assert "2026-11-22" not in page.content()


@pytest.mark.parametrize("name", ["issued", "expires", "until", "audit"])
@pytest.mark.parametrize("value", [None, "2026-13-45", "soon"])
def test_a_fact_that_is_missing_or_senseless_silences_the_guard(open_page: Open, name: str, value: str | None) -> None:
    """Where one of the facts is missing or no date, nothing is claimed."""

    def spoil(html: str) -> str:
        before, after = html.split(f' data-{name}="', 1)
        rest = after.split('"', 1)[1]
        return before + (f' data-{name}="{value}"' if value else "") + rest

    page = open_page(NOON, change=spoil, silent=True)
    page.evaluate(ROLL_CAME)
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


def test_a_valid_page_is_evidence_of_the_rolls_day(open_page: Open) -> None:
    """While it says valid, the page names the day of the roll that it was held against; taken back, no longer."""
    page = open_page("2026-11-23T01:59:59+08:00")
    assert as_of(page) == ["以上为 2026年11月22日 的公示状态 As recorded on 22 November 2026"]
    page.clock.run_for(1000)
    assert as_of(page) == ["以上为记录所载自 2026年2月9日 起的状态 As on record since 9 February 2026"]


def as_of(page: Page) -> list[str]:
    """What is seen of as-of days, each in one line."""
    return [" ".join(one.inner_text().split("\n")) for one in page.locator(".as-of").all() if one.is_visible()]


def test_a_page_that_its_roll_does_not_name_is_an_old_one(open_page: Open) -> None:
    """A copy kept from before a change is found out by its imprint, however fresh the roll beside it."""
    page = open_page(NOON, change=lambda html: html.replace("four-star", "five-star"), listed=imprinted("another0"))
    assert said(page) == (
        "不能确认今天有效：本页不是名录（2026年11月22日）所列的一页，可能是旧页 | "
        "Not confirmed for today: this is not the page that the list of 22 November 2026 names; it may be an old copy"
    )


def imprinted(imprint: str) -> Callable[[str], str]:
    """The roll with another imprint for the page."""
    return lambda text: re.sub(r'(?<="99925SC00123R1M":")[^"]*', imprint, text)


def test_a_page_that_its_roll_does_not_list_is_not_confirmed(open_page: Open) -> None:
    """A certificate that left the register before its day is gone from the roll, and a kept copy says so."""
    page = open_page(NOON, listed=lambda text: text.replace("99925SC00123R1M", "99925SC00124R1M"))
    assert said(page) == (
        "不能确认今天有效：截至2026年11月22日，名录里没有这张证书 | "
        "Not confirmed for today: as of 22 November 2026 the register's list does not have this certificate"
    )


def test_a_page_whose_roll_has_become_empty_is_not_confirmed(open_page: Open) -> None:
    """A roll that lists nobody is not on the site: that it is missing says that the page is not listed."""
    assert said(open_page(NOON, listed=lambda text: None)) == (
        "不能确认今天有效：本公示的最新名录里没有这张证书 | "
        "Not confirmed for today: the register's latest list does not have this certificate"
    )


UNASKED = (
    "不能确认今天有效：没有读到本公示的最新名录 | Not confirmed for today: the register's latest list could not be read"
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<!doctype html><title>Log in</title>",
        "null",
        "[]",
        '{"day":"2026-11-22","stale":"2026-11-23T02:00:00+08:00"}',
        '{"day":"2026-13-45","stale":"2026-11-23T02:00:00+08:00","pages":{}}',
        '{"day":"2026-11-22","stale":"soon","pages":{}}',
    ],
)
def test_what_is_no_roll_confirms_nothing(open_page: Open, text: str) -> None:
    """The page of a network that wants a login, a broken file, a roll without its day: none of them is believed."""
    assert said(open_page(NOON, listed=lambda _: text)) == UNASKED


def test_a_page_that_cannot_ask_confirms_nothing_until_it_can(open_page: Open) -> None:
    """Without a network nothing is said of today but what the dates say; a minute later the page asks again."""
    page = open_page(NOON)
    page.context.route("**/roll/*", lambda route: route.abort())
    page.reload()
    page.wait_for_selector("[data-state]")
    assert said(page) == UNASKED
    assert page.get_by_role("link", name="Open the latest page").count() == 1
    page.context.unroute("**/roll/*")
    page.clock.run_for(60 * 1000)
    page.wait_for_selector("[data-state=valid]")


def test_an_expiry_needs_no_roll(open_page: Open) -> None:
    """What the dates say by the reader's clock holds whatever could be asked."""
    page = open_page("2027-01-01T00:00:00+08:00", specimen(expires=date(2026, 12, 31)), listed=lambda text: None)
    assert state(page) == "expired"


def test_a_roll_that_is_slow_to_come_is_waited_for_aloud(open_page: Open) -> None:
    """After a second the page says that it asks, after 15 that it could not; what comes later is still heard."""
    held: list[Route] = []
    page = open_page(NOON)
    page.context.route("**/roll/*", lambda route: held.append(route))  # noqa: PLW0108 (Playwright wants a function)
    page.goto(page.url, wait_until="domcontentloaded")
    assert (said(page), state(page)) == ("", None)
    page.clock.run_for(1000)
    asking = "正在核对本公示的最新名录…… | Checking the register's latest list…"
    assert (said(page), state(page)) == (asking, None)
    page.clock.run_for(14000)
    assert said(page) == UNASKED
    for route in held:
        route.continue_()
    page.context.unroute("**/roll/*")
    page.wait_for_selector("[data-state=valid]")


def asked(page: Page) -> list[str]:
    """The rolls that the page asks for from now on."""
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url) if "/roll/" in request.url else None)
    return urls


@pytest.mark.parametrize(("now", "minutes"), [("2026-11-22T12:00:00+08:00", 60), ("2026-11-22T23:50:00+08:00", 10)])
def test_a_page_left_open_asks_again_each_hour_and_day(open_page: Open, tmp_path: Path, now: str, minutes: int) -> None:
    """Not sooner, and then once; what the new roll says takes the place of what was said."""
    page = open_page(now)
    urls = asked(page)
    listed = roll.place("99925SC00123R1M")
    write(tmp_path, listed, b'{"day":"2026-11-22","stale":"2026-11-23T02:00:00+08:00","pages":{}}')
    page.clock.run_for((minutes - 1) * 60 * 1000)
    assert (urls, state(page)) == ([], "valid")
    page.clock.run_for(60 * 1000)
    page.wait_for_selector("[data-state=gone]")
    assert len(urls) == 1
    page.clock.run_for(59 * 60 * 1000)
    assert len(urls) == 1


def test_a_roll_at_hand_stands_while_no_other_can_be_read(open_page: Open, tmp_path: Path) -> None:
    """A page that lost its network says valid until its roll is too old, and no longer."""
    page = open_page("2026-11-22T23:30:00+08:00")
    write(tmp_path, roll.place("99925SC00123R1M"), b"broken")
    page.clock.run_for((2 * 60 + 29) * 60 * 1000)
    assert said(page) == "今天有效（2026年11月23日） | Valid today, 23 November 2026"
    page.clock.run_for(60 * 1000)
    assert state(page) == "stale"


@pytest.fixture
def cached(chromium: Browser, tmp_path: Path) -> Iterator[tuple[Page, str, list[str]]]:
    """A tab, a site's address, and the paths asked of its host, which lets browsers keep everything for an hour."""
    asked: list[str] = []

    class Host(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            self.send_header("Cache-Control", "max-age=3600")
            super().end_headers()

        def log_request(self, *_: object) -> None:
            asked.append(self.path)

        def log_message(self, *_: object) -> None:
            """Says nothing: tests speak by failing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Host, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = chromium.new_context().new_page()
    page.add_init_script("const parse = Date.parse; Date.now = () => parse('2026-11-22T12:00:00+08:00');")
    yield page, f"http://127.0.0.1:{server.server_port}/", asked
    page.context.close()
    server.shutdown()
    server.server_close()


def test_a_first_scan_asks_for_the_roll_once(cached: tuple[Page, str, list[str]], tmp_path: Path) -> None:
    """The roll that the page preloads is the one that its script reads."""
    page, address, asked = cached
    path = publish(tmp_path, specimen(), Environment(TEMPLATES, REGISTER, DAY))
    page.goto(address + path.removesuffix("index.html"))
    page.wait_for_selector("[data-state=valid]")
    assert asked.count(f"/{roll.place('99925SC00123R1M')}") == 1


def test_a_roll_kept_by_the_browser_is_not_believed(cached: tuple[Page, str, list[str]], tmp_path: Path) -> None:
    """Where the host lets browsers keep page and roll, a second scan within the hour still hears of a withdrawal."""
    page, address, asked = cached
    path = publish(tmp_path, specimen(), Environment(TEMPLATES, REGISTER, DAY))
    page.goto(address + path.removesuffix("index.html"))
    page.wait_for_selector("[data-state=valid]")
    (tmp_path / roll.place("99925SC00123R1M")).unlink()
    asked.clear()
    page.goto("about:blank")
    page.goto(address + path.removesuffix("index.html"))
    page.wait_for_selector("[data-state]")
    assert state(page) == "unlisted"
    assert [path for path in asked if path.startswith(("/C/", "/roll/"))] == [f"/{roll.place('99925SC00123R1M')}"]


def test_a_page_kept_by_the_browser_is_found_out(cached: tuple[Page, str, list[str]], tmp_path: Path) -> None:
    """Where the host lets browsers keep pages, the old one is not taken for the new one that the roll names."""
    page, address, _ = cached
    path = publish(tmp_path, specimen(), Environment(TEMPLATES, REGISTER, DAY))
    page.goto(address + path.removesuffix("index.html"))
    page.wait_for_selector("[data-state=valid]")
    publish(tmp_path, specimen(4), Environment(TEMPLATES, REGISTER, DAY))
    later = time.time() + 60
    os.utime(tmp_path / roll.place("99925SC00123R1M"), (later, later))  # hosts tell versions apart by the second
    page.goto("about:blank")
    page.goto(address + path.removesuffix("index.html"))
    page.wait_for_selector("[data-state]")
    assert state(page) == "old"


def test_below_a_path_the_roll_is_asked_for_there(open_page: Open) -> None:
    """A register that shares its host asks below its own path."""
    page = open_page(NOON, register=replace(REGISTER, address="https://stars.example/register"))
    assert said(page) == VALID
    assert (page.locator(".certificate").get_attribute("data-roll") or "").startswith("/register/roll/")


def test_a_saved_page_takes_back_what_it_said(open_page: Open, tmp_path: Path, chromium: Browser) -> None:
    """A page saved as it stood, with what it loads beside it, can ask nobody when it is opened, and so says."""
    folder = tmp_path / "saved"
    html = open_page(NOON).content()
    assert "Valid today" in html
    for path, content in asset_files(Environment(TEMPLATES, REGISTER, DAY).assets):
        write(folder, path, content)
    write(folder, "page.html", html.replace("/assets/", "assets/").encode())
    page = chromium.new_context().new_page()
    stop_clock(page, NOON)
    page.goto((folder / "page.html").as_uri())
    page.wait_for_selector("[data-state=unasked]")
    assert said(page) == UNASKED
    assert as_of(page) == ["以上为记录所载自 2026年2月9日 起的状态 As on record since 9 February 2026"]


def test_a_saved_source_says_nothing_of_today(open_page: Open, tmp_path: Path, chromium: Browser) -> None:
    """The page's file alone, opened without what it loads, claims nothing."""
    open_page(NOON)
    page = chromium.new_context().new_page()
    page.goto((tmp_path / "C/99925SC00123R1M/index.html").as_uri())
    assert (said(page), state(page)) == ("", None)
