"""Rows for tests of lists: one to vary, and the pages that a build makes of a register of such rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from specimen import BODY, DAY, HOLDER, REGISTER, SCHEME

from starcert import words
from starcert.catalogue import Catalogue
from starcert.census import Census
from starcert.listing import Row
from starcert.memory import Memory
from starcert.order import Order
from starcert.outcome import Outcome, published
from starcert.pages import content, lists
from starcert.pages.edition import Edition
from starcert.pages.environment import Environment
from starcert.pages.groups import groups_of
from starcert.pages.outline import Tier
from starcert.pages.tree import Tree, trees
from starcert.publication import Publication
from starcert.register import Register
from starcert.rulebook import Rulebook
from starcert.stamp import Stamp
from starcert.status import Status
from starcert.stopwatch import Stopwatch
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
STAMP = Stamp(None, datetime(2026, 11, 21, 16, 0, 30, tzinfo=UTC))
MADE_WITH = "the same"


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
        "former_names": (),
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


def in_order(rows: Iterable[Row]) -> list[Row]:
    """The rows as lists show them."""
    return sorted(rows, key=lists.place)


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


def census(rows: Sequence[Row], next_change: date | None = NEXT_CHANGE) -> Census:
    """A register of these rows in figures; they are said to be issued last in their order."""
    lengths = Counter(path for row in rows for path in groups_of(row))
    held = {uscc: count for uscc, count in Counter(row.uscc for row in rows).items() if count > 1}
    return Census(len(rows), lengths, rows, held, next_change)


def outcome(row: Row) -> Outcome:
    """What came of a record whose certificate has this row, and changes next on NEXT_CHANGE."""
    path, turn = f"{row.slug}.yaml", NEXT_CHANGE.toordinal()
    judged = Outcome(path, row.body, b"known", row.number, row.slug, b"", status=Status.VALID, turn=turn)
    return published(judged, row)


def order(register: Register = REGISTER) -> Order:
    """The order for a site with the project's own templates and texts."""
    return Order(
        day=DAY,
        stamp=STAMP,
        register=register,
        demonstration=False,
        registry=Path("registry"),
        templates=TEMPLATES,
        content=PROJECT / "content",
        settings=Path("site.yaml"),
        out=Path("site"),
        skip_broken=False,
        jobs=1,
        profile=False,
        search=False,
        quiet=True,
        say=print,
    )


@cache
def edition(register: Register = REGISTER) -> Edition:
    """The pages of that site, by the rulebook of these tests."""
    return Edition(order(register), RULEBOOK)


def site(rows: Iterable[Row], register: Register = REGISTER) -> dict[str, bytes]:
    """Every page and file that a build makes of these rows, but the certificates' own pages: path to bytes."""
    with Memory() as memory:
        memory.records.learn(map(outcome, rows))
        return written(memory, register)[0]


def written(
    memory: Memory,
    register: Register = REGISTER,
    before: Iterable[Row] = (),
    after: Iterable[Row] = (),
    former: Mapping[str, bytes] | None = None,
) -> tuple[dict[str, bytes], set[str]]:
    """What a build writes when those rows of the memory were valid `before` and these are now, and what is no more.

    The files of the site so far are the `former` ones.
    """
    files: dict[str, bytes] = {}

    def read(path: str) -> bytes:
        if path not in (former or {}):
            raise FileNotFoundError(path)
        return (former or {})[path]

    made = order(register), memory, edition(register)
    publication = Publication(*made, files.__setitem__, read, MADE_WITH, Stopwatch())
    publication.make(by_slug(before), by_slug(after))
    return files, publication.stale


def by_slug(rows: Iterable[Row]) -> dict[str, Outcome]:
    """Their outcomes."""
    return {row.slug: outcome(row) for row in rows}


def listed(rows: Iterable[Row], shown: Edition | None = None) -> dict[str, bytes]:
    """The pages of lists and holders alone: path to bytes."""
    files: dict[str, bytes] = {}
    with Memory() as memory:
        memory.records.learn(map(outcome, rows))
        Catalogue(memory, shown or edition(), files.__setitem__, 1, MADE_WITH, memory.records.held()).begin()
    return files
