"""Watching: a live site seen from outside, as its readers see it: is it there, is it today's, is it ours and whole?

Everything asked for lies on the host that was named; a page is held against its roll as readers' browsers do it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from starcert import headers
from starcert.days import CHINA, ONE_DAY
from starcert.pages import roll

PAGES = 3
"""Certificates' pages that are looked at."""
MOST_BYTES = 5_000_000
SECONDS = 15.0
DAILY = 25
"""Hours within which every register is built again, also where nothing changes."""
GRACE = timedelta(minutes=15)
"""For so long after midnight in China the site may still be yesterday's."""
NOWHERE = "C/NO-CERTIFICATE-HAS-THIS-NUMBER/"
LINK = re.compile(rb'href="/?(?:[^"]*/)?C/([A-Z0-9-]+)/"')
UNPRINTED = f'data-imprint="{roll.UNPRINTED}"'.encode()
IMPRINT = re.compile(rb'data-imprint="([A-Za-z0-9_-]{8})"')


class Fault(Exception):
    """What is wrong with a site, as one sentence."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a web server answered: its headers by name in small letters."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class _SameHost(HTTPRedirectHandler):
    """Follows no redirect to another host."""

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request | None:
        if urlsplit(newurl).hostname != urlsplit(req.full_url).hostname:
            raise Fault(f"{req.full_url} leads to another host, {urlsplit(newurl).hostname}.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@dataclass(frozen=True, slots=True)
class Site:
    """A live site at an address."""

    address: str

    def get(self, path: str) -> Answer:
        """What the site answers; Fault when it does not."""
        url = f"{self.address.rstrip('/')}/{path}"
        request = Request(url, headers={"User-Agent": "Starcert watch", "Cache-Control": "no-cache"})
        try:
            with build_opener(_SameHost).open(request, timeout=SECONDS) as said:
                return Answer(said.status, _small(said.headers), said.read(MOST_BYTES))
        except HTTPError as error:
            with error:
                return Answer(error.code, _small(error.headers), error.read(MOST_BYTES))
        except URLError as error:
            raise Fault(f"{url} cannot be reached: {error.reason}.") from error
        except (OSError, HTTPException) as error:
            raise Fault(f"{url} cannot be read: {error or type(error).__name__}.") from error

    def page(self, path: str) -> Answer:
        """A page that must be there."""
        answer = self.get(path)
        if answer.status != 200:
            raise Fault(f"{self.address.rstrip('/')}/{path} is answered with {answer.status}, not with 200.")
        return answer


def faults(site: Site, now: datetime, today: date, commit: str | None, hours: int = DAILY) -> Iterator[str]:
    """What is wrong with a site at this instant, on this day in China, a sentence each.

    It should show that commit, and have been built so many hours ago at most.
    """
    try:
        said = _object(site.page("status.json").data)
        if said is None or not str(said.get("generator")).startswith("Starcert "):
            raise Fault("status.json is not one that Starcert wrote, so this is no register of ours.")
        yield from _staleness(said, now, today)
        yield from _age(said, now, hours)
        if commit and not str(said.get("commit")).startswith(commit):
            yield f"The site shows {said.get('commit') or 'no commit'}, not {commit}."
        home = site.page("")
        yield from _missing_headers("the home page", home)
        yield from _certificates(site, home.data, str(said.get("day")))
        yield from _nowhere(site)
    except Fault as fault:
        yield str(fault)


def _staleness(said: Mapping[str, Any], now: datetime, today: date) -> Iterator[str]:
    day, change = _day(said.get("day")), _day(said.get("next_change"))
    midnight = datetime.combine(today, time(), CHINA)
    wanted = today - ONE_DAY if now - midnight < GRACE else today
    if day is None:
        raise Fault("status.json names no day.")
    if day < wanted:
        yield f"The site is of {day}, but today is {today} in China."
    elif day > today:
        yield f"The site is of {day}, which is still to come: today is {today} in China."
    if change and day < change <= wanted:
        yield f"A change was due on {change}, but the site is still of {day}."


def _age(said: Mapping[str, Any], now: datetime, hours: int) -> Iterator[str]:
    built = _instant(said.get("built_at"))
    if built is None:
        yield "status.json does not say when the site was built."
    elif now - built > timedelta(hours=hours):
        ago = f"{hours:,} hour{'s' if hours > 1 else ''}"
        yield f"The site was built at {said.get('built_at')}, more than {ago} ago: is what builds it at work?"


def _missing_headers(what: str, answer: Answer) -> Iterator[str]:
    wanted = {**headers.ALWAYS, "Content-Security-Policy": headers.POLICY, "Cache-Control": headers.ASK}
    missing = [name for name in wanted if name.lower() not in answer.headers]
    if missing:
        yield f"The server sends {what} without {', '.join(missing)}."
    kept = answer.headers.get("cache-control", headers.ASK)
    if not set(re.split(r"[\s,]+", kept)) & {"no-cache", "no-store", "max-age=0"}:
        yield f"The server lets caches keep {what} (Cache-Control: {kept}), so they could outlive a certificate."


def _certificates(site: Site, home: bytes, day: str) -> Iterator[str]:
    """What is wrong with some of the certificates that the home page names."""
    slugs = list(dict.fromkeys(name.decode() for name in LINK.findall(home)))[:PAGES]
    for slug in slugs:
        page = site.page(f"C/{slug}/")
        yield from _off_the_roll(site, slug, page.data, day)
        if slug.lower() != slug and site.get(f"C/{slug.lower()}/").status != 404:
            yield f"The server does not tell C/{slug.lower()}/ from C/{slug}/: capitals and small letters must differ."
    if slugs:
        yield from _missing_headers(f"the page C/{slugs[0]}/", page)
        if site.get(f"c/{slugs[0]}/").status != 404:
            yield f"The server does not tell c/{slugs[0]}/ from C/{slugs[0]}/: capitals and small letters must differ."


def _off_the_roll(site: Site, slug: str, page: bytes, day: str) -> Iterator[str]:
    """Why a reader of this page would not be told that it is current."""
    path = roll.place(slug)
    said = _object(site.page(path).data)
    found = IMPRINT.search(page)
    listed = said.get("pages", {}).get(slug) if said else None
    if said is None or listed is None:
        yield f"{path} does not name {slug}, whose page is there."
    elif not found or found[1].decode() != listed:
        yield f"The page of {slug} is not the one that {path} names."
    elif roll.imprint(IMPRINT.sub(UNPRINTED, page, count=1)) != listed:
        yield f"The page of {slug} was changed after it was built."
    elif said.get("day") != day:
        yield f"{path} is of {said.get('day')}, but status.json is of {day}."


def _nowhere(site: Site) -> Iterator[str]:
    answer = site.get(NOWHERE)
    if answer.status != 404:
        yield f"An address where nothing is, {NOWHERE}, is answered with {answer.status}, not with 404."
    elif answer.data != site.get("404.html").data:
        yield f"An address where nothing is, {NOWHERE}, is not answered with the register's 404.html."


def _object(data: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _instant(text: Any) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def _small(found: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in found.items()}
