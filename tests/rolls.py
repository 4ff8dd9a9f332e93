"""Rolls made of slugs and imprints alone."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from starcert.pages import roll


def rolled(shown: Iterable[tuple[str, str]], day: date, stale: datetime) -> Iterator[tuple[str, bytes]]:
    """The rolls of pages with these slugs and imprints, in whatever order they are given."""
    return roll.files(sorted((roll.place(slug), slug, imprint) for slug, imprint in shown), day, stale)
