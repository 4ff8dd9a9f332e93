"""Entries: certificates that nobody holds, as the search knows them, as many as asked for and the same every time."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from benchmarks import companies
from benchmarks.companies import Company
from starcert.search import Entry

UNTIL = date(2026, 11, 22)
TERM = timedelta(days=1095)
LEVELS = ("qualified", "three-star", "four-star", "five-star")
NUMBERS = {"hengzhun": "999{:%y}SC{:05}R{}M", "xinheng": "000{:%y}E{:05}R{}S", "mingce": "SLC{:%Y}-{:04}-2{}"}
"""The form of each body's numbers: of the year, a serial number and a digit."""


def entries(count: int, seed: int = 1) -> Iterator[Entry]:
    """That many, in the order of their issue to companies without end."""
    rng = Random(seed)
    serials = dict.fromkeys(NUMBERS, 0)
    for company, _ in zip(companies.realistic(rng), range(count), strict=False):
        body = rng.choice(tuple(NUMBERS))
        serials[body] += 1
        issued = UNTIL - timedelta(days=rng.randrange(1090))
        number = NUMBERS[body].format(issued, serials[body], rng.randrange(4))
        yield entry(company, number, body, issued, rng)


def entry(company: Company, number: str, body: str, issued: date, rng: Random) -> Entry:
    """The company's certificate of that number."""
    holder = companies.holder(company, rng, UNTIL)
    former = [each["name"] for each in holder["former_names"] or ()]
    names = [holder["name"], holder["name_en"], *former, *(companies.brands(company, rng) or ())]
    level, expires = rng.choices(LEVELS, range(1, 5))[0], issued + TERM
    shown: dict[str, Any] = {"name": holder["name"], "name_en": holder["name_en"] or "", "number": number}
    return Entry(
        path=f"/C/{number}/",
        number=number,
        names=tuple(name for name in names if name),
        uscc=holder["uscc"],
        facets={
            "level": level,
            "body": body,
            "scheme": rng.choices(("gbt-27922-2011", "gbt-27925-2011"), (5, 1))[0],
            "province": company.city.region,
            "industry": company.trade.industry,
            "expires": str(expires.year),
        },
        sort={"issued": str(issued), "expires": str(expires)},
        shown=shown | {"level": level, "body": body, "issued": str(issued), "expires": str(expires)},
    )
