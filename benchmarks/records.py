"""Records of certificates that nobody holds: as many as asked for, realistic, valid, and the same every time.

    python -m benchmarks.records COUNT FOLDER

writes a whole registry to FOLDER: COUNT records under the schemes, bodies and vocabularies of registry/.
"""

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import click

from benchmarks.certificates import Facts, Maker
from benchmarks.companies import realistic
from starcert.body import Body
from starcert.certificate import slug
from starcert.registry import open_registry

REGISTRY = Path(__file__).parent.parent / "registry"
UNTIL = date(2026, 11, 22)
SHARED = ("schemes", "bodies", "vocabularies")
PLAIN = re.compile(r"[^\s!\"#%&'*,>?@\[\]`{|}:~=-](?:[^:#]|:(?!\s)|(?<!\s)#)*(?<![\s:])")
NOT_TEXT = re.compile(r"(?:[+-]?[\d.]+(?:e[+-]?\d+)?|yes|no|y|n|on|off|true|false|null)", re.IGNORECASE)


def records(count: int, seed: int = 1, until: date = UNTIL) -> Iterator[tuple[str, str]]:
    """`count` records that pass every rule, each as its path within the registry and its text.

    They tell nothing that happened after `until`. Some holders have several certificates, some have renewed
    theirs or have sub-certificates; about one record in five is not valid on `until`.
    """
    rng = Random(seed)
    maker = Maker(open_registry(REGISTRY).rulebook, rng, until, realistic(rng))
    left = count
    while left:
        family = maker.family() if left >= 4 else maker.single()
        left -= len(family)
        yield from ((path(body, facts), text(facts)) for body, facts in family)


def path(body: Body, facts: Facts) -> str:
    """Where the record lies within a registry."""
    return f"certificates/{body.id}/{slug(facts['number'])}.yaml"


def text(facts: Mapping[str, Any]) -> str:
    """The facts as a record is written; what is None is left out."""
    return "\n".join(_lines(facts)) + "\n"


def write(records: Iterable[tuple[str, str]], folder: Path) -> int:
    """Write records below the folder, and return how many there are."""
    count = 0
    for name, content in records:
        file = folder / name
        if not file.parent.is_dir():
            file.parent.mkdir(parents=True)
        file.write_text(content, encoding="utf-8")
        count += 1
    return count


def _lines(facts: Mapping[str, Any]) -> Iterator[str]:
    for key, value in facts.items():
        if isinstance(value, Mapping):
            yield f"{key}:"
            yield from (f"  {line}" for line in _lines(value))
        elif isinstance(value, list | tuple):
            yield f"{key}:"
            yield from (f"  {line}" for item in value for line in _item(item))
        elif value is not None:
            yield f"{key}: {_scalar(value)}"


def _item(item: Any) -> Iterator[str]:
    lines = _lines(item) if isinstance(item, Mapping) else iter((_scalar(item),))
    yield f"- {next(lines)}"
    yield from (f"  {line}" for line in lines)


def _scalar(value: Any) -> str:
    """The value as YAML that every reader takes for the same text."""
    written = str(value)
    if isinstance(value, str) and (not PLAIN.fullmatch(written) or NOT_TEXT.fullmatch(written)):
        return json.dumps(written, ensure_ascii=False)
    return written


@click.command()
@click.argument("count", type=click.IntRange(min=1))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--seed", default=1, show_default=True, help="Another number gives other records.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    default=str(UNTIL),
    show_default=True,
    help="The last day of the story.",
)
def main(count: int, folder: Path, seed: int, until: Any) -> None:
    """Write a registry of COUNT made-up records to FOLDER."""
    for shared in SHARED:
        shutil.copytree(REGISTRY / shared, folder / shared, dirs_exist_ok=True)
    click.echo(f"{write(records(count, seed, until.date()), folder):,} records in {folder}")


if __name__ == "__main__":
    main()
