"""What a build, or a push, changes for readers of the site: told from the records before and after."""

import html
import json
import re
from collections.abc import Iterable
from dataclasses import replace

import cmarkgfm
from hypothesis import given
from hypothesis import strategies as st
from records import certificate, rulebook, varied

from starcert import bulletin
from starcert.changes import Changed, Changes, Shown, changes
from starcert.listing import row
from starcert.outcome import Outcome, published
from starcert.problems import printable
from starcert.register import Register

REGISTER = Register("星", "Stars", "https://stars.example", ("zh", "en"), "a@b.example")
NUMBER, OTHER, HEIR = "99925SC00123R1M", "99925SC00124R1M", "99928SC00123R2M"
ADDRESS = f"https://stars.example/C/{NUMBER}/"
SHOWN = Shown(NUMBER, "示例云栖电器有限公司", "Example Yunqi Appliances Co., Ltd.", "五星级", "Five-star", ADDRESS)
PLAIN = varied()
LOWER = varied(
    (
        "      deductions: 1\n      total: 95.20\n    level: five-star",
        "      deductions: 3\n      total: 93.20\n    level: four-star",
    ),
    (
        "scheme: gbt-27922-2011\nstandard: GB/T 27922-2011\nlevel: five-star",
        "scheme: gbt-27922-2011\nstandard: GB/T 27922-2011\nlevel: four-star",
    ),
)
NOTHING = Changes((), (), (), (), ())


def outcome(text: str) -> Outcome:
    """What a build knows of a valid record; its page's imprint stands for all of it."""
    one = certificate(text)
    known = Outcome(
        "record.yaml",
        one.body.id,
        b"",
        one.number,
        one.slug,
        b"",
        supersedes=one.supersedes,
        superseded_by=one.superseded_by,
    )
    return published(known, row(one))._replace(imprint=text)


def renumbered(number: str, *changes: tuple[str, str], also: str = "") -> str:
    """The valid record under another number."""
    return varied((f"number: {NUMBER}", f"number: {number}"), *changes, also=also)


def between(before: Iterable[str], after: Iterable[str]) -> Changes:
    """The changes from these records to those."""
    was, now = ({outcome(text).slug: outcome(text) for text in texts} for texts in (before, after))
    return changes(was, now, rulebook(), REGISTER)


def test_the_same_is_no_change() -> None:
    """Certificates that show what they showed are not mentioned."""
    assert between([PLAIN], [PLAIN]) == NOTHING
    assert not between([PLAIN], [PLAIN])
    assert between([], [PLAIN])


def test_a_new_certificate_is_published_and_one_that_leaves_removed() -> None:
    """Each with number, holder, level and address."""
    assert between([], [PLAIN]) == replace(NOTHING, published=(SHOWN,))
    assert between([PLAIN], []) == replace(NOTHING, removed=(SHOWN,))


def test_another_level_is_told_from_and_to() -> None:
    """Of a certificate that changes its level, nothing else is told."""
    four = replace(SHOWN, level="四星级", level_en="Four-star")
    assert between([PLAIN], [LOWER]) == replace(NOTHING, relevelled=(Changed(SHOWN, four),))


def test_whatever_else_a_page_shows_is_a_change_too() -> None:
    """A name that lists show, and an address that only the page shows."""
    renamed = varied(("  name: 示例云栖电器有限公司\n  name_en", "  name: 示例云溪电器有限公司\n  name_en"))
    moved = varied(("杭州市西湖区示例路18号", "杭州市西湖区示例路20号"))
    new_name = replace(SHOWN, holder="示例云溪电器有限公司")
    assert between([PLAIN], [renamed]) == replace(NOTHING, amended=(Changed(SHOWN, new_name),))
    assert between([PLAIN], [moved]) == replace(NOTHING, amended=(Changed(SHOWN, SHOWN),))


def test_a_renewed_certificate_takes_the_place_of_the_one_that_leaves() -> None:
    """Whichever of the two records names the other; the old one is not told of as removed."""
    heir = replace(SHOWN, number=HEIR, address=f"https://stars.example/C/{HEIR}/")
    renewed = replace(NOTHING, renewed=(Changed(SHOWN, heir),))
    assert between([PLAIN], [renumbered(HEIR, also=f"supersedes: {NUMBER}\n")]) == renewed
    assert between([varied(also=f"superseded_by: {HEIR}\n")], [renumbered(HEIR)]) == renewed


def test_a_successor_beside_the_certificate_that_it_will_replace_is_new() -> None:
    """While both are valid, nothing leaves; and what was there before is no heir of what leaves now."""
    heir = renumbered(HEIR, also=f"supersedes: {NUMBER}\n")
    assert between([PLAIN], [PLAIN, heir]).counts["published"] == 1
    assert between([PLAIN, heir], [heir]) == replace(NOTHING, removed=(SHOWN,))


def test_a_level_that_no_scheme_has_any_more_is_named_by_its_id() -> None:
    """A scheme may have gone with its certificates."""
    gone = changes({NUMBER: outcome(PLAIN)}, {}, replace(rulebook(), schemes={}), REGISTER)
    assert gone.removed == (replace(SHOWN, level="five-star", level_en="five-star"),)
    assert list(bulletin.lines(gone))[1].endswith("  five-star")


def test_the_lines_tell_each_kind_of_change_with_addresses() -> None:
    """In Chinese and English, for whoever has pushed."""
    told = bulletin.lines(between([PLAIN, renumbered(OTHER)], [LOWER, renumbered(HEIR, also=f"supersedes: {OTHER}\n")]))
    assert list(told) == [
        "换发新证 renewed: 1",
        f"  {OTHER} → {HEIR}  示例云栖电器有限公司 Example Yunqi Appliances Co., Ltd.  五星级 Five-star",
        f"    https://stars.example/C/{HEIR}/",
        "星级变动 level changed: 1",
        f"  {NUMBER}  示例云栖电器有限公司 Example Yunqi Appliances Co., Ltd.  五星级 Five-star → 四星级 Four-star",
        f"    https://stars.example/C/{NUMBER}/",
    ]
    assert list(bulletin.lines(NOTHING)) == ["公示网站无变动 nothing changes on the public site"]


def test_the_lines_are_bounded() -> None:
    """Of a kind, twenty are named, and the rest is counted."""
    many = Changes(tuple([SHOWN] * 1_021), (), (), (), (SHOWN,))
    told = list(bulletin.lines(many))
    assert told[0] == "新公示 published: 1,021"
    assert told[41:] == ["  另有 1,001 张 and 1,001 more", "撤下 removed: 1", *told[1:3]]
    assert list(bulletin.lines(replace(many, published=many.published[:20])))[41:] == ["撤下 removed: 1", *told[1:3]]


def test_the_json_tells_of_all() -> None:
    """For programs: each kind, and how many there are."""
    told = json.loads(bulletin.as_json(Changes(tuple([SHOWN] * 30), (), (), (Changed(SHOWN, SHOWN),), ())))
    assert told["counts"] == {"published": 30, "renewed": 0, "relevelled": 0, "amended": 1, "removed": 0}
    assert len(told["published"]) == 30
    assert told["amended"][0]["before"]["address"] == ADDRESS


def test_the_markdown_is_a_list_with_links_to_the_pages() -> None:
    """As forges show it."""
    page = cmarkgfm.github_flavored_markdown_to_html(bulletin.as_markdown(between([], [PLAIN])))
    assert page == (
        "<h3>公示网站的变动 Changes on the public site</h3>\n"
        "<p><strong>新公示 published: 1</strong></p>\n"
        f"<ul>\n<li><code>{NUMBER}  示例云栖电器有限公司 Example Yunqi Appliances Co., Ltd.  五星级 Five-star</code>"
        f'<br />\n<a href="{ADDRESS}">{ADDRESS}</a></li>\n</ul>\n'
    )


HOSTILE = [
    "`",
    "``x",
    "</code><script>",
    "[a](https://evil.example)",
    "@everyone",
    "#1",
    "\\",
    "&lt;",
    "\n# x\n",
    "\x1b[2J",
]


@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), max_size=6).map("".join))
def test_nothing_of_a_certificate_becomes_markup(text: str) -> None:
    """Whatever a name holds, GitHub's own Markdown shows it to the letter, in a span of code."""
    shown = Shown(text, text, None, text, text, text)
    page = cmarkgfm.github_flavored_markdown_to_html(bulletin.as_markdown(Changes((shown,), (), (), (), ())))
    spans = re.findall(r"<code>(.*?)</code>", page)
    assert re.sub(r"<code>.*?</code>", "", page).endswith("<ul>\n<li><br />\n</li>\n</ul>\n")
    assert [html.unescape(span).strip() for span in spans] == [
        printable(f"{text}  {text}  {text}").strip(),
        printable(text).strip(),
    ]


@given(st.text())
def test_nothing_of_a_certificate_steers_a_terminal(text: str) -> None:
    """Control characters are shown by their numbers."""
    shown = Shown(text, text, text, text, "", text)
    assert all(line.isprintable() for line in bulletin.lines(Changes((shown,), (), (), (), (shown,))))
