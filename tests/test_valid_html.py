"""Every page of a built site: valid HTML that names itself, loads from its own origin and has no dead link."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree

import html5lib
import pytest
from every_page import built
from project import tree

Element = ElementTree.Element
ADDRESSES = ("https://stars.example", "https://example.org/star/register")
"""Where the site may live: at the root of a host, or below a path."""

POINTERS = ("for", "form", "list", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")
LOADING = {"script": "src", "img": "src", "source": "src", "iframe": "src", "object": "data", "embed": "src"}
LOADING_LINKS = {"stylesheet", "icon", "manifest", "modulepreload", "preload", "apple-touch-icon"}
URLS = ("href", "src", "action", "data", "poster", "formaction", "srcset")
DATES = re.compile(r"\d{4}-\d{2}-\d{2}")


class Site:
    """A site's files, its pages parsed, and the address at which it lives."""

    def __init__(self, address: str, files: Mapping[str, bytes]) -> None:
        self.address = address
        self.files = files
        self.pages = {path: parse(data) for path, data in files.items() if path.endswith(".html")}

    def url(self, path: str) -> str:
        """The address of a page."""
        return f"{self.address}/{path.removesuffix('index.html')}"

    def file(self, url: str) -> str | None:
        """The path of the file that answers to a link of the site, or None when the link leads elsewhere."""
        path = urldefrag(url).url.partition("?")[0]
        if not f"{path}/".startswith(f"{self.address}/"):
            return None
        inside = unquote(path.removeprefix(self.address).removeprefix("/"))
        return f"{inside}index.html" if inside == "" or inside.endswith("/") else inside


def parse(data: bytes) -> Element:
    """The page as browsers parse it; the first error in it, of whatever kind, is raised."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(data.decode())


@pytest.fixture(scope="module", params=ADDRESSES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site with every kind of page, at one of the addresses."""
    made = built(tmp_path_factory.mktemp("site"), base_url=request.param)
    return Site(request.param, tree(made.folder / "site"))


def shown_pages(site: Site) -> Iterator[tuple[str, Element]]:
    """Every page but the one for missing addresses."""
    return ((path, page) for path, page in site.pages.items() if path != "404.html")


def named(page: Element, name: str) -> str:
    """The content of the page's one <meta> of this name."""
    (found,) = page.iterfind(f"head/meta[@name='{name}']")
    return found.get("content", "")


def resolved(site: Site, path: str, url: str) -> str:
    """A link of a page as a whole address."""
    return urljoin(site.url(path), url)


def test_every_page_is_valid_html(site: Site) -> None:
    """html5lib, strict, finds no error in any page; it would raise while they are parsed."""
    assert len(site.pages) > 150
    assert all(
        data.startswith(b"<!DOCTYPE html>\n<html lang=") for path, data in site.files.items() if path in site.pages
    )


def test_every_page_begins_with_its_encoding_and_its_policy(site: Site) -> None:
    """The security policy is set before anything that it could restrict."""
    for page in site.pages.values():
        first, second = list(page.find("head") or ())[:2]
        assert first.attrib == {"charset": "utf-8"}
        assert second.get("http-equiv") == "Content-Security-Policy"
        assert second.get("content", "").startswith("default-src 'none'; script-src 'self'")


def test_only_the_search_page_may_run_wasm(site: Site) -> None:
    """Policies allow the site's own files, and nothing inline; search pages run wasm, certificates fetch."""
    for path, page in site.pages.items():
        policy = page.find("head/meta[@http-equiv]").get("content")
        assert "unsafe-inline" not in policy
        assert "http:" not in policy
        searching = path.endswith("search/index.html")
        assert ("'wasm-unsafe-eval'" in policy) == searching
        assert ("connect-src 'self'" in policy) == (searching or path.startswith("C/"))


def test_every_page_names_itself(site: Site) -> None:
    """One heading of the first rank, a title and a description of its own, its language, and its one address."""
    titles, descriptions = set(), set()
    for path, page in site.pages.items():
        assert page.get("lang") == ("en" if path.startswith("en/") else "zh-CN")
        assert len(page.findall(".//h1")) == 1, path
        assert "".join(page.find(".//h1").itertext()).strip()
        titles.add((page.findtext("head/title") or "").strip())
        descriptions.add(named(page, "description").strip())
    assert "" not in titles | descriptions
    assert len(titles) == len(site.pages)
    for path, page in shown_pages(site):
        (canonical,) = page.iterfind("head/link[@rel='canonical']")
        assert canonical.get("href") == site.url(path)


def test_the_page_for_missing_addresses_is_in_no_index(site: Site) -> None:
    """404.html asks search engines not to keep it, and claims no address."""
    page = site.pages["404.html"]
    assert named(page, "robots") == "noindex"
    assert page.find("head/link[@rel='canonical']") is None


def test_translations_name_each_other(site: Site) -> None:
    """A page that names its translation is named by it, under the same three languages."""
    named_by = {}
    for path, page in site.pages.items():
        named_by[site.url(path)] = {
            link.get("hreflang"): link.get("href") for link in page.iterfind("head/link[@hreflang]")
        }
    translated = {url: others for url, others in named_by.items() if others}
    assert len(translated) > 50
    for url, others in translated.items():
        assert set(others) == {"zh-CN", "en", "x-default"}
        assert url in others.values()
        assert all(named_by[other] == others for other in others.values())


def test_no_id_is_given_twice_and_what_points_to_one_finds_it(site: Site) -> None:
    """Labels, descriptions and other pointers within a page name an id that the page has, once."""
    for path, page in site.pages.items():
        ids = [element.get("id") for element in page.iter() if element.get("id") is not None]
        assert len(ids) == len(set(ids)), path
        pointed = {id for element in page.iter() for name in POINTERS for id in element.get(name, "").split()}
        assert pointed <= set(ids), path


def test_every_link_within_the_site_leads_to_a_file(site: Site) -> None:
    """Every address in a page that lies within the site has its file, and its fragment an element of that id."""
    seen = set()
    for path, page in site.pages.items():
        for element in page.iter():
            for name in URLS:
                url = resolved(site, path, element.get(name, ""))
                if element.get(name) is None or url.startswith(("mailto:", "tel:")):
                    continue
                file = site.file(url)
                if file is None:
                    assert urlsplit(url).netloc != urlsplit(site.address).netloc, (path, url)
                    continue
                if element.tag == "a" and file != path:
                    seen.add(file)
                assert file in site.files, (path, url)
                fragment = urlsplit(url).fragment
                assert not fragment or f'id="{fragment}"' in site.files[file].decode(), (path, url)
    assert site.pages.keys() - seen == {"404.html"}, "every page can be reached by links"


def test_links_lead_to_the_web_by_https_only(site: Site) -> None:
    """No link runs a script or leaves over plain http; one to another site tells it nothing of the reader."""
    for path, page in site.pages.items():
        for link in page.iterfind(".//a[@href]"):
            url = resolved(site, path, link.get("href"))
            assert urlsplit(url).scheme in {"https", "mailto", "tel"}, (path, url)
            if path != "404.html" and site.file(url) is None and url.startswith("https:") and "rel" in link.attrib:
                assert "noopener" in link.get("rel"), (path, url)


def test_every_page_loads_from_its_own_origin_only(site: Site) -> None:
    """Scripts, styles, icons and pictures are the site's own; forms are sent to it."""
    for path, page in site.pages.items():
        for url in loaded(page):
            assert site.file(resolved(site, path, url)) in site.files, (path, url)
        for form in page.iterfind(".//form"):
            assert site.file(resolved(site, path, form.get("action", ""))), path


def loaded(page: Element) -> Iterable[str]:
    """The address of everything that a browser loads for the page."""
    for element in page.iter():
        if element.tag in LOADING and LOADING[element.tag] in element.attrib:
            yield element.attrib[LOADING[element.tag]]
        if element.tag == "link" and set(element.get("rel", "").split()) & LOADING_LINKS:
            yield element.attrib["href"]


def test_nothing_runs_or_is_styled_in_line(site: Site) -> None:
    """No handlers, no style attributes or elements; a script without an address holds data, in JSON."""
    for path, page in site.pages.items():
        for element in page.iter():
            assert not [name for name in element.attrib if str(name).startswith("on") or name == "style"], path
            assert element.tag != "style", path
            if element.tag == "script" and "src" not in element.attrib:
                assert element.get("type") in {"application/json", "application/ld+json"}
                assert json.loads(element.text or "")


def test_headings_skip_no_rank(site: Site) -> None:
    """Under a heading of one rank stands one of the next, never one further down."""
    for path, page in site.pages.items():
        main = page.find("body/main")
        ranks = [int(element.tag[1]) for element in main.iter() if re.fullmatch("h[1-6]", str(element.tag))]
        assert ranks[0] == 1, path
        assert all(after <= before + 1 for before, after in pairwise(ranks)), (path, ranks)


def test_every_time_is_a_day(site: Site) -> None:
    """What stands in <time> is a day of the calendar for machines too."""
    found = 0
    for path, page in site.pages.items():
        for time in page.iter("time"):
            said = time.get("datetime") or "".join(time.itertext())
            if "data-shown" not in time.attrib:
                assert DATES.fullmatch(said), (path, said)
                assert date.fromisoformat(said)
                found += 1
    assert found > 1000


def test_english_stands_in_elements_that_say_so(site: Site) -> None:
    """On pages in both languages no English sentence stands outside an element whose language is English."""
    sentence = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){3}")
    for path, page in site.pages.items():
        if page.get("lang") == "zh-CN":
            for element, language in with_language(page.find("body"), "zh-CN"):
                inside = language != "en" and element.tag not in {"script", "template"}
                assert not (inside and sentence.search(element.text or "")), (path, element.text)


def with_language(element: Element, language: str) -> Iterator[tuple[Element, str]]:
    """The element and those in it, each with its language."""
    language = element.get("lang", language)
    yield element, language
    for child in element:
        yield from with_language(child, language)


def test_the_sitemap_lists_every_page_once(site: Site) -> None:
    """Every page but the one for missing addresses is in sitemap.xml."""
    found = [element.text for element in ElementTree.fromstring(site.files["sitemap.xml"]).findall("{*}url/{*}loc")]
    assert sorted(found) == sorted(site.url(path) for path, _ in shown_pages(site))


def test_feeds_and_the_manifest_lead_to_files(site: Site) -> None:
    """Every address in a feed or in the manifest has its file."""
    for path in ("feed.xml", "en/feed.xml"):
        links = [link.get("href", "") for link in ElementTree.fromstring(site.files[path]).findall(".//{*}link")]
        assert len(links) > 20
        assert all(site.file(link) in site.files for link in links), path
    manifest = json.loads(site.files["manifest.webmanifest"])
    for url in (manifest["start_url"], *(icon["src"] for icon in manifest["icons"])):
        assert site.file(urljoin(site.address, url)) in site.files
