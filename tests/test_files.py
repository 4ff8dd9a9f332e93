"""What the site holds besides pages: sitemap, robots, manifest, status and feeds."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from rows import RULEBOOK, STAMP, census, environment, mixed, row, site
from specimen import DAY, REGISTER

from starcert import __version__, seal
from starcert.pages import files, roll, sitemap
from starcert.stamp import Stamp

MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def locations(data: bytes) -> list[str]:
    return [place.text or "" for place in ET.fromstring(data).iterfind(".//s:loc", MAP)]


def test_the_sitemap_names_every_page_and_no_other_file() -> None:
    """Pages go by their folder's address; 404.html, scripts and data are not pages."""
    paths = ["C/A/index.html", "index.html", "404.html", "status.json", "en/index.html", "assets/index.html.js"]
    path, data = sitemap.whole(paths, REGISTER)
    assert path == "sitemap.xml"
    assert locations(data) == ["https://stars.example/", "https://stars.example/C/A/", "https://stars.example/en/"]


def test_the_sitemap_of_a_small_register_is_one_file_of_all_its_pages() -> None:
    """The certificates' own pages, and every other page of both trees."""
    made = site(rows := mixed(40))
    assert [path for path in made if path.startswith("sitemap")] == ["sitemap.xml"]
    pages = {path.removesuffix("index.html") for path in made if path.endswith("index.html")}
    expected = pages | {f"C/{each.slug}/" for each in rows}
    assert locations(made["sitemap.xml"]) == sorted(f"https://stars.example/{path}" for path in expected)


def test_a_large_register_has_several_sitemaps_and_one_that_leads_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Together they hold every page once, certificates apart from others; the others are cut at the measure."""
    monkeypatch.setattr(sitemap, "ONE", 30)
    made = site(rows := mixed(40))
    others = sorted(path.removesuffix("index.html") for path in made if path.endswith("index.html"))
    assert len(others) > 30
    names = [f"sitemap-{number + 1}.xml" for number in range(-(-len(others) // 30))]
    for number, name in enumerate(names):
        some = others[number * 30 : number * 30 + 30]
        assert locations(made[name]) == [f"https://stars.example/{path}" for path in some]
    of_certificates = [f"sitemap-c-{part}.xml" for part in "0123"]
    found = [place for name in of_certificates for place in locations(made[name])]
    assert sorted(found) == sorted(f"https://stars.example/C/{each.slug}/" for each in rows)
    assert locations(made["sitemap.xml"]) == [f"https://stars.example/{name}" for name in names + of_certificates]


def test_a_certificate_is_in_the_sitemap_of_its_roll(monkeypatch: pytest.MonkeyPatch) -> None:
    """So one that comes or goes changes one part, whatever other certificates there are."""
    monkeypatch.setattr(sitemap, "ONE", 30)
    made = site(rows := mixed(40))
    for part in "0123":
        slugs = sorted(each.slug for each in rows if roll.place(each.slug).startswith(f"roll/{part}"))
        assert locations(made[f"sitemap-c-{part}.xml"]) == [f"https://stars.example/C/{slug}/" for slug in slugs]


@pytest.mark.parametrize(
    ("certificates", "parts", "first", "last"),
    [
        *((1, 4, "0", "3"), (40_000, 4, "0", "3"), (40_001, 64, "00", "3f"), (640_000, 64, "00", "3f")),
        *((640_001, 1_024, "000", "3ff"), (10_000_000, 1_024, "000", "3ff")),
    ],
)
def test_a_sitemap_of_certificates_holds_ten_thousand_on_average(
    certificates: int, parts: int, first: str, last: str
) -> None:
    """A register that grows has more parts, each named as its rolls begin, up to one for each roll."""
    named = sitemap.parts(certificates)
    assert (len(named), named[0], named[-1]) == (parts, first, last)


def test_parts_cover_every_roll_once() -> None:
    """The 1,024 rolls fall into the parts, whatever the length of their names."""
    rolls = [f"{number:03x}" for number in range(1 << roll.BITS)]
    for certificates in (1, 40_001, 640_001):
        parts = sitemap.parts(certificates)
        assert [sum(name.startswith(part) for part in parts) for name in rolls] == [1] * len(rolls)


def test_addresses_in_a_sitemap_are_escaped() -> None:
    """An address of the register may hold what is markup in XML."""
    _, data = sitemap.whole(["index.html"], replace(REGISTER, address="https://stars.example/a&b"))
    assert locations(data) == ["https://stars.example/a&b/"]


def test_a_site_without_pages_has_a_sitemap() -> None:
    """An empty one."""
    path, data = sitemap.whole([], REGISTER)
    assert (path, locations(data)) == ("sitemap.xml", [])


def test_robots_may_read_everything() -> None:
    """And learn where the sitemap is."""
    path, data = files.robots(REGISTER)
    assert path == "robots.txt"
    assert data == b"User-agent: *\nAllow: /\n\nSitemap: https://stars.example/sitemap.xml\n"


def test_status_says_which_day_and_how_many() -> None:
    """A scheduler reads there when the next build is due; without one it is null."""
    path, data = files.status(census([row(1), row(2)]), RULEBOOK, DAY, Stamp("7dfc2b2", STAMP.built_at))
    assert path == "status.json"
    assert (
        data.decode()
        == f"""{{
  "generator": "Starcert {__version__}",
  "commit": "7dfc2b2",
  "day": "2026-11-22",
  "built_at": "2026-11-21T16:00:30Z",
  "next_change": "2026-12-03",
  "published": 2,
  "levels": {{
    "gbt-27922-2011": {{
      "qualified": 0,
      "three-star": 0,
      "four-star": 0,
      "five-star": 2
    }}
  }}
}}
"""
    )
    said = json.loads(files.status(census([], None), RULEBOOK, DAY, STAMP)[1])
    assert (said["commit"], said["next_change"], said["published"]) == (None, None, 0)


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
    made = {path: data for path, data in site(mixed(60)).items() if path.endswith("feed.xml")}
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
    made = site([row(name=name, name_en=None)])
    title = ET.fromstring(made["feed.xml"]).findtext("a:entry/a:title", "", ATOM)
    assert title == f"五星级 · {name}"


def test_the_same_rows_make_the_same_bytes() -> None:
    """Whatever order they come in."""
    rows = mixed(40)
    assert site(rows) == site(rows[::-1])


def test_the_drawn_icon_is_the_seal() -> None:
    """templates/assets/icon.svg is what seal.icon_svg() draws; write it anew when the seal changes."""
    assert Path("templates/assets/icon.svg").read_text(encoding="utf-8") == seal.icon_svg()
