"""Leaving: the certificates that a push takes off the register sooner than their records had them leave.

A renewal takes nothing off: a certificate whose successor is live from the day on which it leaves, and at least until
it was to leave, does not count. Nor does one whose record is broken now, of which other problems are told.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from starcert.certificate import slug
from starcert.memory import Memory
from starcert.rules import Tie

LIMIT_COUNT, LIMIT_SHARE = 10, 0.05
UNPUBLISH = "unpublish"


def taken_off(until: Mapping[str, int | None], memory: Memory, day: date) -> list[str]:
    """The slugs of those that were live and leave sooner now than on the days that they were live `until`.

    Days are ordinals; None are those that were not live. The memory tells of the records as they are now, of which a
    site would be built for the day.
    """
    live = {name: last for name, last in until.items() if last}
    now = {name: outcome.turn or 0 for name, outcome in memory.records.published(live).items()}
    sooner = {name: now.get(name, day.toordinal()) for name, last in live.items() if now.get(name, 0) < last}
    ties = {tie.slug: tie for tie in memory.records.ties_of(sooner)}
    after = {tie.slug: tie for tie in memory.records.ties_of([slug(tie.superseded_by or "") for tie in ties.values()])}
    return [
        name
        for name, tie in ties.items()
        if not _covers(after.get(slug(tie.superseded_by or "")), sooner[name], live[name])
    ]


def _covers(successor: Tie | None, first: int, until: int) -> bool:
    """Whether it is live on all days from the first on up to before the last."""
    periods = successor.valid_periods() if successor else ()
    return any(begin.toordinal() <= first and until <= end.toordinal() + 1 for begin, end in periods)


def unpublishing_is_meant(live: int, lost: int, meant: bool) -> Iterator[str]:
    """A push that unpublishes more than 5 % of the live certificates, and more than 10, must say so."""
    if lost > LIMIT_COUNT and lost > live * LIMIT_SHARE and not meant:
        share = f"{lost:,} of {live:,} live certificates, now or sooner than was recorded"
        yield f"the push would unpublish {share}: if that is meant, push with git push -o {UNPUBLISH}"


SENTENCES = {unpublishing_is_meant.__name__: unpublishing_is_meant.__doc__ or ""}
