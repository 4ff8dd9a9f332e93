"""The example registry: wrote registry/certificates/, whose records are ordinary files since.

    python -m benchmarks.examples FOLDER --until DAY

writes such records anew, as of another day, for when the demonstration has to move on. Some are cases, with
a comment that says what they teach; the others are as most certificates are: valid, and audited not long ago.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import click

from benchmarks.cases import cases
from benchmarks.certificates import Facts, Maker
from benchmarks.companies import Company, example
from benchmarks.records import REGISTRY, UNTIL, path, text, write
from benchmarks.teller import BRAND, SERVICE, Case, Teller
from starcert.body import Body
from starcert.certificate import slug
from starcert.registry import open_registry

# How many days ago, years aside, ordinary certificates were issued, so that they stay valid for half a year or more.
ISSUED_BEFORE = {SERVICE: ((0, 165), (20, 150), (31, 140)), BRAND: ((0, 140), (0, 100), (0, 55))}
ISSUERS = (("hengzhun", SERVICE), ("xinheng", SERVICE), ("mingce", SERVICE), ("hengzhun", SERVICE), ("mingce", BRAND))


def examples(maker: Maker) -> Iterator[tuple[str, str]]:
    """The example registry's files, each as its path and text, until the maker runs out of companies."""
    told = list(cases(Teller(maker)))
    yield "certificates/README.md", lessons(told)
    for case in told:
        yield path(case.body, case.facts), f"# {case.zh}\n# {case.en}.\n{text(case.facts)}"
    yield from ((path(body, facts), text(facts)) for body, facts in ordinary(maker))


def lessons(told: Iterable[Case]) -> str:
    """A table of what the cases teach, with a link to each."""
    head = "# What the examples teach\n\n| Certificate | 说明 | What it shows |\n|---|---|---|\n"
    links = [(f"[{case.facts['number']}]({case.body.id}/{slug(case.facts['number'])}.yaml)", case) for case in told]
    return head + "".join(f"| {link} | {case.zh} | {case.en} |\n" for link, case in links)


def ordinary(maker: Maker) -> Iterator[tuple[Body, Facts]]:
    """Certificates as most are; every fifth holder has two."""
    for index, company in enumerate(maker.companies):
        issuers = [ISSUERS[index % len(ISSUERS)]] + [("xinheng", BRAND)] * (index % 5 == 0)
        made = [issued(maker, company, *issuer) for issuer in issuers]
        yield from ((body, facts | {"holder": made[0][1]["holder"]}) for body, facts in made)


def issued(maker: Maker, company: Company, body_id: str, scheme_id: str) -> tuple[Body, Facts]:
    """A valid certificate in its first, second or third year."""
    body, scheme, year = maker.rulebook.bodies[body_id], maker.rulebook.schemes[scheme_id], maker.rng.randrange(3)
    days = 365 * year + maker.rng.randint(*ISSUED_BEFORE[scheme_id][year])
    return body, maker.facts(company, body, scheme, maker.term(body, scheme, maker.until - timedelta(days=days)))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), default=str(UNTIL), help="The last day told of.")
def main(folder: Path, until: Any) -> None:
    """Write the example registry to FOLDER."""
    rng = Random(27922)
    maker = Maker(open_registry(REGISTRY).rulebook, rng, until.date(), example(rng))
    click.echo(f"{write(examples(maker), folder)} files in {folder}")


if __name__ == "__main__":
    main()
