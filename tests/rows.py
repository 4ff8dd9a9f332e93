"""Rows for tests of lists: one to vary, and the rulebook, environment and trees by which they are shown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from specimen import BODY, DAY, HOLDER, REGISTER, SCHEME

from starcert import words
from starcert.listing import Row
from starcert.pages import browse, content, files, holder, home, lists, search
from starcert.pages.environment import Environment
from starcert.pages.outline import Tier
from starcert.pages.tree import Tree, trees
from starcert.register import Register
from starcert.rulebook import Rulebook
from starcert.vocabulary import Term, Vocabulary

PROJECT = Path(__file__).parents[1]
TEMPLATES = PROJECT / "templates"
IDLE = replace(BODY, id="idle", name="示例闲置认证有限公司", name_en="Example Idle Certification Co., Ltd.")
RULEBOOK = Rulebook(
    schemes={SCHEME.id: SCHEME},
    bodies={BODY.id: BODY, IDLE.id: IDLE},
    vocabularies={
        "regions": Vocabulary(
            "regions",
            "",
            (Term("33", "浙江省", "Zhejiang"), Term("44", "广东省", "Guangdong"), Term("65", "新疆", "Xinjiang")),
        ),
        "industries": Vocabulary(
            "industries", "", (Term("appliances", "家用电器", "Appliances"), Term("furniture", "家具", "Furniture"))
        ),
    },
)
TREES: Sequence[Tree] = trees(words.read(TEMPLATES / "i18n", ("zh", "en")))
NEXT_CHANGE = date(2026, 12, 3)


def row(serial: int = 1, **changes: object) -> Row:
    """The five-star certificate of this serial number, whose holder has no other, with some fields replaced."""
    number = f"99925SC{serial:05}R0M"
    fields = {
        "slug": number,
        "number": number,
        "name": f"{HOLDER.name}{serial}",
        "name_en": f"{HOLDER.name_en} {serial}",
        "uscc": f"91330106MA{serial:08}",
        "brands": (),
        "scheme": SCHEME.id,
        "level": "five-star",
        "stars": 5,
        "body": BODY.id,
        "region": "33",
        "industry": "appliances",
        "issued": date(2025, 3, 1),
        "expires": date(2028, 2, 29),
    }
    return Row(**{**fields, **changes})  # type: ignore[arg-type]


def mixed(count: int) -> list[Row]:
    """So many rows of every level, two provinces and two industries; every tenth holder has two."""
    levels = SCHEME.levels
    return [
        row(
            serial,
            uscc=f"91330106MA{serial - (serial % 10 == 1):08}",
            level=levels[serial % 4].id,
            stars=levels[serial % 4].stars,
            region=("33", "44")[serial % 3 == 0],
            industry=("appliances", "furniture")[serial % 2],
            issued=date(2025, 1 + serial % 12, 1 + serial % 28),
        )
        for serial in range(1, count + 1)
    ]


def long(count: int) -> list[Row]:
    """So many rows that are all in the same lists, in the order of their names."""
    return [row(serial, name=f"示例{serial:07}", name_en=f"Example {serial:07}") for serial in range(count)]


def in_tiers(tiers: int) -> tuple[list[Row], Sequence[Tier]]:
    """As few rows in steps of thousands as make a list of so many tiers, and its outline."""
    count = 10_000
    while len(outline := lists.tiers(rows := long(count))) < tiers:
        count += 1_000
    return rows, outline


def environment(register: Register = REGISTER) -> Environment:
    """The project's own templates for this register."""
    articles = content.read(PROJECT / "content", register)
    shown = [tree for tree in TREES if tree.lang in register.languages]
    return Environment(TEMPLATES, register, DAY, content.links(articles, shown, register))


def site(rows: Sequence[Row], register: Register = REGISTER) -> dict[str, bytes]:
    """Every page and file of these rows but the certificates' own pages: path to bytes."""
    shown = environment(register)
    pages = {
        **dict(home.pages(rows, RULEBOOK, NEXT_CHANGE, TREES, shown)),
        **dict(search.pages(RULEBOOK, TREES, shown)),
        **dict(browse.pages(rows, RULEBOOK, TREES, shown)),
        **dict(holder.pages(rows, RULEBOOK, shown)),
        **dict(content.pages(content.read(PROJECT / "content", register), TREES, shown)),
    }
    return {
        **pages,
        **dict(files.sitemaps(pages, register)),
        **dict(files.feeds(rows, RULEBOOK, TREES, shown)),
        **dict([files.robots(register), files.manifest(shown), files.status(DAY, len(rows), NEXT_CHANGE)]),
        **dict(files.icons()),
    }
