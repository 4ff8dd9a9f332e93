"""What the site holds besides pages: sitemap, robots, manifest, status and feeds."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from rows import NEXT_CHANGE, RULEBOOK, TREES, environment, mixed, row, site
from specimen import DAY, REGISTER

from starcert import __version__, seal
from starcert.pages import files

MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def locations(data: bytes) -> list[str]:
    return [place.text or "" for place in ET.fromstring(data).iterfind(".//s:loc", MAP)]


def test_the_sitemap_names_every_page_and_no_other_file() -> None:
    """Pages go by their folder's address; 404.html, scripts and data are not pages."""
    paths = ["C/A/index.html", "index.html", "404.html", "status.json", "en/index.html", "assets/index.html.js"]
    (only,) = files.sitemaps(paths, REGISTER)
    assert only[0] == "sitemap.xml"
    assert locations(only[1]) == ["https://stars.example/", "https://stars.example/C/A/", "https://stars.example/en/"]


@pytest.mark.parametrize(("count", "parts"), [(49_999, 0), (50_000, 0), (50_001, 2), (100_001, 3)])
def test_a_sitemap_holds_at_most_fifty_thousand_addresses(count: int, parts: int) -> None:
    """Beyond that, sitemap.xml is an index of sitemaps that together hold every page once."""
    made = dict(files.sitemaps((f"C/{n}/index.html" for n in range(count)), REGISTER))
    names = [f"sitemap-{number}.xml" for number in range(1, parts + 1)]
    assert sorted(made) == sorted(["sitemap.xml", *names])
    if parts:
        assert locations(made["sitemap.xml"]) == [f"https://stars.example/{name}" for name in names]
    found = [place for name in names or ["sitemap.xml"] for place in locations(made[name])]
    assert sorted(found) == sorted(f"https://stars.example/C/{n}/" for n in range(count))


def test_a_site_without_pages_has_a_sitemap() -> None:
    """An empty one."""
    assert [(path, locations(data)) for path, data in files.sitemaps([], REGISTER)] == [("sitemap.xml", [])]


def test_robots_may_read_everything() -> None:
    """And learn where the sitemap is."""
    path, data = files.robots(REGISTER)
    assert path == "robots.txt"
    assert data == b"User-agent: *\nAllow: /\n\nSitemap: https://stars.example/sitemap.xml\n"


def test_status_says_which_day_and_how_many() -> None:
    """A scheduler reads there when the next build is due; without one it is null."""
    assert files.status(DAY, 128, NEXT_CHANGE) == (
        "status.json",
        f'{{\n  "generator": "Starcert {__version__}",\n  "day": "2026-11-22",\n  "published": 128,\n'
        '  "next_change": "2026-12-03"\n}\n'.encode(),
    )
    assert json.loads(files.status(DAY, 0, None)[1])["next_change"] is None


def test_the_manifest_names_the_register_and_an_icon_that_exists() -> None:
    """Below a path, everything in it lies below that path."""
    shown = environment(replace(REGISTER, address="https://x.example/stars"))
    path, data = files.manifest(shown)
    said = json.loads(data)
    assert path == "manifest.webmanifest"
    assert (said["name"], said["start_url"], said["scope"]) == ("星级服务认证公示", "/stars/", "/stars/")
    assert said["icons"][0]["src"] in {f"/stars/{asset.path}" for asset in shown.assets.values()}


def test_feeds_hold_the_latest_twenty_newest_first() -> None:
    """One feed a language, each entry at its certificate's address."""
    made = dict(files.feeds(mixed(60), RULEBOOK, TREES, environment()))
    assert sorted(made) == ["en/feed.xml", "feed.xml"]
    for data in made.values():
        entries = ET.fromstring(data).findall("a:entry", ATOM)
        days = [entry.findtext("a:updated", "", ATOM) for entry in entries]
        assert len(entries) == 20
        assert days == sorted(days, reverse=True)
        assert entries[0].findtext("a:id", "", ATOM).startswith("https://stars.example/C/99925SC")


def test_feeds_survive_any_name() -> None:
    """Names with markup stay names."""
    name = "示例<&>\"'有限公司"
    made = dict(files.feeds([row(name=name, name_en=None)], RULEBOOK, TREES, environment()))
    title = ET.fromstring(made["feed.xml"]).findtext("a:entry/a:title", "", ATOM)
    assert title == f"五星级 · {name}"


def test_the_same_rows_make_the_same_bytes() -> None:
    """Whatever order they come in."""
    rows = mixed(40)
    assert site(rows) == site(rows[::-1])


def test_the_drawn_icon_is_the_seal() -> None:
    """templates/assets/icon.svg is what seal.icon_svg() draws; write it anew when the seal changes."""
    assert Path("templates/assets/icon.svg").read_text(encoding="utf-8") == seal.icon_svg()
