"""Home, browse, holder and search pages: what they list, in which order, and that they all hold together."""

import json
import re
from collections import Counter
from dataclasses import replace
from html import unescape

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import (
    IDLE,
    RULEBOOK,
    TREES,
    edition,
    in_order,
    in_tiers,
    listed,
    long,
    mixed,
    order,
    row,
    site,
)
from specimen import BODY, REGISTER, SCHEME

from starcert.listing import Row
from starcert.pages import lists, search
from starcert.pages.edition import Edition

MOST_BYTES = 200_000
CHINESE = replace(REGISTER, languages=("zh",))


def shown(page: bytes) -> list[str]:
    """The numbers of the certificates that a page's table lists, in their order."""
    return re.findall(r'<td><a href="/C/([^/]+)/"', page.decode())


def text(page: bytes) -> str:
    """What a reader sees of a page, with single spaces."""
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", page.decode()).split()))


# order


def named(rows: list[Row]) -> list[str]:
    """The names of the holders of these certificates, in the order in which a list shows them."""
    names = {each.slug: each.name for each in rows}
    return [names[slug] for slug in shown(listed(rows)["browse/province/33/index.html"])]


def test_names_are_in_the_order_of_gb_18030() -> None:
    """Latin letters, rare characters, the commonest ones by pinyin, and then the less common ones."""
    names = ["示例北京", "示例阿里", "Example", "示例鑫达", "示例广州", "示例重庆", "示例犇星"]
    rows = [row(serial, name=name) for serial, name in enumerate(names)]
    assert named(rows) == [*("Example", "示例犇星", "示例阿里", "示例北京", "示例广州", "示例重庆", "示例鑫达")]


def test_one_holders_certificates_are_in_the_order_of_their_numbers() -> None:
    """So a list never depends on the order in which records are read."""
    rows = [row(serial, name="示例同名") for serial in (3, 1, 2)]
    assert shown(listed(rows)["browse/province/33/index.html"]) == [row(serial).slug for serial in (1, 2, 3)]


def test_width_and_case_do_not_count() -> None:
    """Full-width and half-width letters are the same letters."""
    rows = [row(1, name="ｂ示例"), row(2, name="C示例"), row(3, name="A示例")]
    assert named(rows) == ["A示例", "ｂ示例", "C示例"]


@given(st.permutations([row(n, name=name) for n, name in enumerate(("甲", "乙", "甲", "\U00020000", "Z", "é"))]))
def test_the_order_is_the_same_whatever_comes_first(rows: list[Row]) -> None:
    """The order is total."""
    assert in_order(rows) == in_order(sorted(rows, key=lambda each: each.number))


# pages of a list


@pytest.mark.parametrize(("count", "cut"), [(0, False), (1, False), (149, False), (150, False), (151, True)])
def test_a_list_of_at_most_150_is_one_page(count: int, cut: bool) -> None:
    """At the list's own address; a longer one has leaves, and ranges at its own address."""
    rows = [row(serial) for serial in range(count)]
    tiers = lists.tiers(rows)
    assert [part.path for part in tiers[-1]] == [""]
    assert [len(part.rows) for part in tiers[-1]] == [count]
    assert (len(tiers) > 1) == cut


def test_a_long_lists_own_page_lists_its_ranges() -> None:
    """In the list's order: the first holder, the last, how many, and the total; no page number, and no row."""
    rows = long(400)
    pages = listed(rows)
    for tree, name in ((TREES[0], rows[0].name), (TREES[1], rows[0].name_en)):
        own = f"{tree.prefix}browse/province/33/"
        page = pages[f"{own}index.html"].decode()
        entries = re.findall(rf'<li><a href="/{own}(from-[^"]+/)">(.*?)</a> <b>(\d+)</b></li>', page)
        leaves = list(lists.tiers(in_order(rows))[0])
        assert [path for path, _, _ in entries] == [leaf.path for leaf in leaves]
        assert [int(count) for _, _, count in entries] == [len(leaf.rows) for leaf in leaves]
        assert text(entries[0][1].encode()).startswith(f"{name} – ")
        assert "400" in text(page.encode())
        assert shown(page.encode()) == []


def test_leaves_hold_all_rows_once_and_in_order() -> None:
    """Page after page, as `next` leads."""
    rows = in_order(long(1_000))
    pages = listed(rows)
    leaves = lists.tiers(rows)[0]
    found = [shown(pages[f"browse/province/33/{leaf.path}index.html"]) for leaf in leaves]
    assert [slug for some in found for slug in some] == [each.slug for each in rows]
    assert [some[0] for some in found] == [leaf.path.removeprefix("from-").removesuffix("/") for leaf in leaves]


def test_a_leaf_links_to_the_pages_beside_and_above_it() -> None:
    """Previous, next and up; the first has no previous and the last no next."""
    rows = in_order(long(400))
    pages = listed(rows)
    leaves = [leaf.path for leaf in lists.tiers(rows)[0]]
    for place, path in enumerate(leaves):
        page = pages[f"browse/province/33/{path}index.html"].decode()
        (way,) = re.findall(r'<nav class="leaves".*?</nav>', page, re.DOTALL)
        beside = {"prev": leaves[place - 1] if place else None, "next": (leaves[place + 1 :] or [None])[0]}
        for rel, other in beside.items():
            expected = [f"/browse/province/33/{other}"] * (other is not None)
            assert re.findall(rf'<a rel="{rel}" href="([^"]+)"', way) == expected
            assert re.findall(rf'<link rel="{rel}" href="([^"]+)"', page) == expected
        assert '<a href="/browse/province/33/">' in way


def test_an_end_is_named_in_chinese_where_it_has_no_english_name() -> None:
    """And said to be Chinese, on an English page."""
    rows = [replace(each, name_en=None) for each in long(200)]
    page = listed(rows)["en/browse/province/33/index.html"].decode()
    assert f'<span lang="zh-CN">{in_order(rows)[0].name}</span> <span lang="zh-CN">– ' in page


def test_parts_of_one_holder_are_told_apart_by_numbers() -> None:
    """A name alone would stand for several."""
    rows = [row(serial, name="示例同名", name_en=None) for serial in range(400)]
    page = listed(rows)["browse/province/33/index.html"]
    first, *_ = lists.tiers(rows)[0]
    assert f"示例同名 {rows[0].number} – {rows[first.rows[-1]].number} {len(first.rows)}" in text(page)


def test_long_names_are_cut_only_where_they_tell_a_range() -> None:
    """At 60 characters, so that no page of ranges grows heavy."""
    rows = [row(serial, name=f"{serial:03}" + "长" * 117, name_en=None) for serial in range(200)]
    pages = listed(rows)
    assert f"000{'长' * 56}… – " in text(pages["browse/province/33/index.html"])
    assert rows[0].name in text(pages[f"browse/province/33/from-{rows[0].slug}/index.html"])


def test_a_list_of_very_many_has_ranges_of_ranges() -> None:
    """More than 150 leaves are cut like rows; each range links to the pages beside and above it as well."""
    rows, tiers = in_tiers(3)
    pages = listed(rows, edition(CHINESE))
    own = "browse/province/33/"
    ranges = [part.path for part in tiers[1]]
    assert [path for path in ranges if path.startswith("range-")] == ranges
    assert re.findall(rf'<li><a href="/{own}([^"]+)"', pages[f"{own}index.html"].decode()) == ranges
    for part in tiers[1]:
        page = pages[f"{own}{part.path}index.html"].decode()
        below = [tiers[0][place] for place in part.parts]
        assert re.findall(rf'<li><a href="/{own}([^"]+)"', page) == [leaf.path for leaf in below]
        for leaf in below:
            inside = pages[f"{own}{leaf.path}index.html"].decode()
            assert f'<a href="/{own}">浙江省</a> / <a href="/{own}{part.path}">' in inside


@given(st.integers(0, 399), st.booleans())
@settings(max_examples=20, deadline=None)
def test_a_change_of_one_row_changes_few_pages(place: int, gone: bool) -> None:
    """A row that goes, or whose level changes, changes the list's own page and leaves within reach, and no others."""
    rows = in_order(long(400))
    changed = (
        rows[:place] + ([] if gone else [replace(rows[place], issued=row().issued.replace(day=2))]) + rows[place + 1 :]
    )
    before, after = (listed(some, edition(CHINESE)) for some in (rows, changed))
    paths = [path for path in before.keys() | after.keys() if path.startswith("browse/province/")]
    touched = [path for path in paths if before.get(path) != after.get(path)]
    assert len(touched) <= 8 if gone else len(touched) == 1


# browse


def test_each_certificate_is_once_in_each_kind_of_list() -> None:
    """By level, province, industry and body, in each language."""
    rows = mixed(250)
    pages = listed(rows)
    for prefix in ("browse/", "en/browse/"):
        for kind in ("level", "province", "industry", "body"):
            found = Counter(
                n for path, page in pages.items() if path.startswith(f"{prefix}{kind}/") for n in shown(page)
            )
            assert found == Counter(each.slug for each in rows), (prefix, kind)


def test_a_list_holds_what_its_address_says() -> None:
    """And nothing else."""
    rows = mixed(30)
    pages = listed(rows)
    expected = {
        "browse/level/gbt-27922-2011/five-star/index.html": [r.slug for r in rows if r.level == "five-star"],
        "browse/province/44/index.html": [r.slug for r in rows if r.region == "44"],
        "en/browse/industry/furniture/index.html": [r.slug for r in rows if r.industry == "furniture"],
        f"en/browse/body/{BODY.id}/index.html": [r.slug for r in rows],
    }
    for path, slugs in expected.items():
        assert sorted(shown(pages[path])) == sorted(slugs), path


def test_a_level_belongs_to_its_scheme() -> None:
    """Five stars of one scheme are not in the list of another's five stars."""
    other = replace(SCHEME, id="other", standard="GB/T 1-2020")
    rulebook = replace(RULEBOOK, schemes={**RULEBOOK.schemes, "other": other})
    pages = listed([row(1), row(2, scheme="other")], Edition(order(), rulebook))
    assert shown(pages["browse/level/gbt-27922-2011/five-star/index.html"]) == [row(1).slug]
    assert shown(pages["browse/level/other/five-star/index.html"]) == [row(2).slug]
    assert "GB/T 1-2020" in text(pages["browse/level/other/five-star/index.html"])


def test_a_row_shows_name_level_number_and_days() -> None:
    """The level in stars and in words; the Chinese name beside the English one."""
    pages = listed([row(1)])
    chinese = text(pages["browse/province/33/index.html"])
    english = text(pages["en/browse/province/33/index.html"])
    assert "示例杭州云栖电器有限公司1 99925SC00001R0M ★★★★★ 五星级 2025-03-01 至 2028-02-29" in chinese
    assert (
        "Example Hangzhou Yunqi Appliances Co., Ltd. 1 示例杭州云栖电器有限公司1 99925SC00001R0M "
        "★★★★★ Five-star 2025-03-01 to 2028-02-29"
    ) in english


def test_a_level_without_stars_is_said_in_words_alone() -> None:
    """达标级 shows no star."""
    pages = listed([row(1, level="qualified", stars=0)])
    assert "★" not in text(pages["browse/province/33/index.html"])
    assert "达标级" in text(pages["browse/province/33/index.html"])


def test_a_bodys_page_tells_its_facts_even_without_a_certificate() -> None:
    """Names, approval number, website, phone, and the schemes with the day from which it may issue them."""
    pages = listed([row(1)])
    said = text(pages[f"en/browse/body/{IDLE.id}/index.html"])
    for fact in (IDLE.name, IDLE.name_en, IDLE.approval_number, IDLE.website, IDLE.phone, SCHEME.standard):
        assert fact in said
    assert "since 1 February 2012" in said
    assert "No certificate is listed here." in said


def test_a_list_without_a_certificate_has_no_page() -> None:
    """Xinjiang has none here, so it is neither a page nor a link."""
    pages = site([row(1)])
    assert not [path for path in pages if "/65/" in path]
    assert "新疆" not in text(pages["browse/index.html"])


def test_browse_counts_what_its_lists_hold() -> None:
    """The number beside a link is the number of rows behind it."""
    pages = site(mixed(250))
    counted = re.findall(r'<a href="/(browse/[^"]+/)">.*?<b>([\d,]+)</b>', pages["browse/index.html"].decode())
    assert len(counted) == 4 + 2 + 2 + 2
    for link, count in counted:
        held = [n for path, page in pages.items() if path.startswith(link) for n in shown(page)]
        assert len(held) == int(count), link


# holders


def test_only_holders_of_two_or_more_have_a_page() -> None:
    """One certificate is its own page."""
    rows = [row(1), row(2), row(3, uscc=row(2).uscc)]
    pages = site(rows)
    assert [path for path in pages if path.startswith("H/")] == [f"H/{row(2).uscc}/index.html"]
    page = pages[f"H/{row(2).uscc}/index.html"].decode()
    assert row(2).number in page
    assert row(3).number in page
    assert row(1).number not in page


def test_rows_lead_to_their_holders_page_where_there_is_one() -> None:
    """With the number of certificates that are there."""
    pages = site([row(1), row(2), row(3, uscc=row(2).uscc)])
    page = pages["browse/province/33/index.html"].decode()
    assert page.count(f'<a class="more" href="/H/{row(2).uscc}/">该企业共 2 张</a>') == 2
    assert page.count('href="/H/') == 2


def test_a_holder_bears_the_name_of_its_latest_certificate() -> None:
    """Other names that its certificates bear stand beside those."""
    older = row(1, name="示例旧名有限公司", issued=row(1).issued.replace(year=2024))
    page = site([older, row(2, name="示例新名有限公司", uscc=older.uscc)])[f"H/{older.uscc}/index.html"]
    assert re.search(r"<h1>.*?</h1>", page.decode(), re.DOTALL)[0].count("示例新名有限公司") == 1  # type: ignore[index]
    assert "示例旧名有限公司" in text(page)


@pytest.mark.parametrize(("count", "cut"), [(149, False), (150, False), (151, True)])
def test_a_holder_of_many_has_ranges_too(count: int, cut: bool) -> None:
    """By number, cut like other lists."""
    rows = [row(serial, uscc="X") for serial in range(count)]
    pages = site(rows)
    own = pages["H/X/index.html"].decode()
    leaves = re.findall(r'<li><a class="code" href="/H/X/(from-[^"]+/)">([^<]*)</a>', own)
    assert [path for path in pages if path.startswith("H/X/from-")] == [f"H/X/{path}index.html" for path, _ in leaves]
    assert bool(leaves) == cut
    numbers = re.findall(
        r'class="code" href="/C/([^/]+)/"',
        "".join(pages[f"H/X/{path}index.html"].decode() for path, _ in leaves or [("", "")]),
    )
    assert numbers == [each.number for each in rows]


# home


def test_home_leads_to_a_certificate_without_a_script_of_its_own() -> None:
    """A plain form asks the search page to go straight to an exact match; without scripts there are two other ways."""
    for path, base in (("index.html", "/"), ("en/index.html", "/en/")):
        page = site([row(1)])[path].decode()
        assert f'<form action="{base}search/" role="search">' in page
        assert 'name="q"' in page
        assert '<input type="hidden" name="go" value="1">' in page
        (without,) = re.findall(r"<noscript>(.*?)</noscript>", page, re.DOTALL)
        assert f'href="{base}browse/"' in without
        assert "https://stars.example/C/" in without
        assert "<script" not in page


def test_home_shows_the_latest_eight() -> None:
    """The newest first; of one day, in the order of numbers."""
    rows = mixed(40)
    newest = sorted(rows, key=lambda each: (-each.issued.toordinal(), each.number))[:8]
    assert shown(site(rows)["index.html"]) == [each.slug for each in newest]


def test_home_counts_by_level() -> None:
    """Each level with its seal and the number of certificates, a link where there is one."""
    rows = [row(1), row(2), row(3, level="qualified", stars=0)]
    page = site(rows)["index.html"]
    assert "五星级 2 四星级 0 三星级 0 达标级 1" in text(page)
    assert page.count(b"<svg") == 4
    assert page.count(b'href="/browse/level/') == 2


def test_home_says_day_count_and_next_change() -> None:
    """In each language as it writes days."""
    pages = site(mixed(12))
    assert "有效证书 12 截至 2026年11月22日 名录下次变动 2026年12月3日" in text(pages["index.html"])
    assert "Valid certificates 12 As of 22 November 2026 Next change 3 December 2026" in text(pages["en/index.html"])


def test_a_register_without_a_certificate_still_has_its_pages() -> None:
    """Nothing to list is no reason to fail."""
    pages = site([])
    assert "有效证书 0" in text(pages["index.html"])
    assert "尚无预定" in text(pages["index.html"])


# search


def test_the_search_page_holds_what_its_script_works_on() -> None:
    """Every element that search.js looks for, and a word for every code."""
    page = site([])["search/index.html"].decode()
    for id in ("search", "q", "status", "none", "failed", "results", "more", "result", "words"):
        assert page.count(f' id="{id}"') == 1
    for name in (*search.FACETS, "sort"):
        assert f'<select name="{name}"><option value="">' in page
    said = json.loads(re.findall(r'<script type="application/json" id="words">(.*?)</script>', page)[0])
    assert set(said["words"]) == {"start", "loading", "one", "found", "none", "listed", "failed"}
    assert said["facets"]["level"] == {
        "five-star": "五星级",
        "four-star": "四星级",
        "three-star": "三星级",
        "qualified": "达标级",
    }
    assert said["facets"]["body"] == {BODY.id: BODY.name, IDLE.id: IDLE.name}
    assert said["facets"]["province"]["33"] == "浙江省"
    assert said["facets"]["industry"]["furniture"] == "家具"
    assert said["stars"] == {"five-star": "★★★★★", "four-star": "★★★★", "three-star": "★★★", "qualified": ""}


def test_a_level_that_schemes_name_differently_has_both_names() -> None:
    """The script knows levels by their ids alone."""
    other = replace(SCHEME, id="other", levels=(replace(SCHEME.levels[3], name="5A 级"),))
    said = search.said(replace(RULEBOOK, schemes={**RULEBOOK.schemes, "other": other}), TREES[0])
    assert said["facets"]["level"]["five-star"] == "五星级 / 5A 级"  # type: ignore[index]


def test_only_the_search_page_may_run_webassembly_and_load_data() -> None:
    """Every page's policy refuses inline scripts and styles, and all other origins."""
    for path, page in site(mixed(3)).items():
        if not path.endswith(".html"):
            continue
        (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page.decode())
        searching = path in ("search/index.html", "en/search/index.html")
        assert ("'wasm-unsafe-eval'" in policy) == ("connect-src 'self'" in policy) == searching, path
        assert policy.startswith("default-src 'none'; script-src 'self'")
        assert "unsafe-inline" not in policy
        assert not re.search(r"<style|\sstyle=|\son\w+=", page.decode()), path
        assert re.findall(r"<script(?![^>]* src=)(?! type=\"application/json\")", page.decode()) == [], path


# all together


@pytest.mark.parametrize("address", ["https://stars.example", "https://x.example/stars"])
def test_every_link_leads_to_something(address: str) -> None:
    """A page, a file or an asset of this site; or a certificate's page; all below the site's root."""
    register = replace(REGISTER, address=address)
    rows = mixed(230)
    pages = site(rows, register)
    there = pages.keys() | {f"C/{each.slug}/index.html" for each in rows}
    for path, page in pages.items():
        if path.endswith(".png") or path.startswith("assets/"):
            continue
        for link in re.findall(r'(?:href|src|action|data-\w+)="(/[^"#?]*|https://[^"]*)', page.decode()):
            if link.startswith("https://") and not link.startswith(f"{address}/"):
                continue
            place = (
                link.removeprefix(address) if link.startswith("https://") else "/" + link.removeprefix(register.root)
            )
            assert link.startswith((register.root, "https://")), (path, link)
            target = place[1:]
            wanted = f"{target}index.html" if target.endswith("/") or not target else target
            assert wanted in there or target.startswith("pagefind/"), (path, link)


def test_every_page_in_a_tree_has_its_translation() -> None:
    """Each names itself as canonical and both languages as alternates of each other."""
    pages = site(mixed(230))
    trees = [path for path in pages if path.endswith("index.html") and not path.startswith(("H/", "en/"))]
    assert len(trees) > 20
    for path in trees:
        chinese, english = path.removesuffix("index.html"), f"en/{path.removesuffix('index.html')}"
        for own in (chinese, english):
            page = pages[f"{own}index.html"].decode()
            assert f'<link rel="canonical" href="https://stars.example/{own}">' in page
            assert f'<link rel="alternate" hreflang="zh-CN" href="https://stars.example/{chinese}">' in page
            assert f'<link rel="alternate" hreflang="en" href="https://stars.example/{english}">' in page


def test_every_page_is_valid_html_with_one_title_and_heading() -> None:
    """html5lib, being strict, finds no error; each page has its own title and description."""
    titles = Counter[str]()
    for path, page in site(mixed(230)).items():
        if not path.endswith(".html"):
            continue
        html5lib.HTMLParser(strict=True).parse(page)
        assert page.count(b"<h1") == 1, path
        titles.update(re.findall("<title>(.*?)</title>", page.decode()))
        assert re.findall('<meta name="description" content="([^"]+)">', page.decode()), path
    assert [title for title, count in titles.items() if count > 1] == []


def test_no_page_is_heavier_than_two_hundred_kilobytes() -> None:
    """Not even one of a long list whose texts are as long as a record may hold, and all to be escaped."""
    rows = [
        row(serial, name='"' * 120, name_en="'" * 160, number=f"{serial:060}", slug=f"{serial:060}", uscc="9" * 18)
        for serial in range(400)
    ]
    heaviest = max(site(rows).items(), key=lambda each: len(each[1]))
    assert len(heaviest[1]) < MOST_BYTES, (heaviest[0], len(heaviest[1]))


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "&amp;", "</title>"]
)
def test_names_are_never_markup(name: str) -> None:
    """What a record says is shown as it was written."""
    twice = [row(1, name=name, name_en=name), row(2, name=name, name_en=name, uscc=row(1).uscc)]
    for path, page in site(twice).items():
        assert b"<script>alert" not in page, path
        assert b"<img" not in page, path
        if path.endswith(".html"):
            html5lib.HTMLParser(strict=True).parse(page)
    assert name in unescape(site(twice)["index.html"].decode())


def test_a_register_in_one_language_has_one_tree() -> None:
    """A register in Chinese alone has no English page, and links to none."""
    pages = site(mixed(5), CHINESE)
    assert not [path for path in pages if path.startswith("en/")]
    assert not [path for path, page in pages.items() if b'href="/en/' in page]
