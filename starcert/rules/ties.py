"""Ties: the small row kept of each certificate to judge it beside the others, and the others by number."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise

from starcert import yamlfile
from starcert.certificate import Certificate, slug
from starcert.chronicle import history
from starcert.days import ONE_DAY
from starcert.problems import nearest
from starcert.rules.findings import place
from starcert.status import Status

LINKS = ("supersedes", "superseded_by", "parent")
PLACED = ("number", "level", "issued", "expires", "previous_expires", *LINKS)
NEIGHBOURS = 8


@dataclass(frozen=True, slots=True)
class Tie:
    """What other certificates' records must agree with; body, scheme and level are ids.

    `history` is the certificate's own: statuses by their first days. `places` are line and column of the keys
    that messages point at.
    """

    path: str
    number: str
    uscc: str
    body: str
    scheme: str
    level: str
    issued: date
    expires: date
    previous_expires: date | None
    supersedes: str | None
    superseded_by: str | None
    parent: str | None
    history: tuple[tuple[date, Status], ...]
    places: Mapping[str, tuple[int, int]]

    @property
    def slug(self) -> str:
        """The certificate's place on the site."""
        return slug(self.number)

    def status_on(self, day: date) -> Status:
        """The status that holds on this day."""
        past = (status for first, status in reversed(self.history) if first <= day)
        return next(past, Status.NOT_YET_VALID)

    def first_not_valid(self, first: date, last: date) -> date | None:
        """The first day from `first` to `last`, inclusive, on which it is not valid, or None."""
        turns = [first, *(turn for turn, _ in self.history if turn > first)]
        return next((day for day in turns if day <= last and self.status_on(day) is not Status.VALID), None)

    def valid_periods(self) -> Iterator[tuple[date, date]]:
        """The stretches of days on which it is valid, each as its first and last day, inclusive."""
        for (first, status), (following, _) in pairwise(self.history):
            if status is Status.VALID:
                yield first, following - ONE_DAY


def tie(certificate: Certificate, record: yamlfile.Mapping, path: str) -> Tie:
    """The certificate's tie; its record says where its keys stand."""
    placed = PLACED if any(key in record.items for key in LINKS) else PLACED[:1]
    return Tie(
        path,
        certificate.number,
        certificate.holder.uscc,
        certificate.body.id,
        certificate.scheme.id,
        certificate.level.id,
        certificate.issued,
        certificate.expires,
        certificate.previous_expires,
        certificate.supersedes,
        certificate.superseded_by,
        certificate.parent,
        history(certificate),
        _shared(tuple((key, place(record, (key,))) for key in placed if key in record.items)),
    )


@lru_cache(maxsize=1000)
def _shared(places: tuple[tuple[str, tuple[int, int]], ...]) -> Mapping[str, tuple[int, int]]:
    """One mapping for all the records whose keys stand in the same places: most do."""
    return dict(places)


class Others:
    """The certificates of a registry by number; `unread` are numbers or slugs of records not read."""

    def __init__(self, ties: Iterable[Tie], unread: Collection[str]) -> None:
        self.by_number: dict[str, Tie] = {}
        self.by_slug: dict[str, Tie] = {}
        for one in ties:
            self.by_number.setdefault(one.number, one)
            self.by_slug.setdefault(one.slug, one)
        self._unread = {slug(number) for number in unread}

    def find(self, number: str | None) -> Tie | None:
        """The certificate of that number, if it was read."""
        return self.by_number.get(number) if number else None

    def knows(self, number: str) -> bool:
        """Whether some record, read or not, has that number."""
        return number in self.by_number or slug(number) in self._unread

    def nearest(self, number: str) -> str | None:
        """The number most like it, looked for among those that begin or end as it does."""
        forward, backward = self._sorted
        wanted = slug(number)
        at, back = bisect_left(forward, wanted), bisect_left(backward, wanted[::-1])
        around = forward[max(at - NEIGHBOURS, 0) : at + NEIGHBOURS]
        around += [other[::-1] for other in backward[max(back - NEIGHBOURS, 0) : back + NEIGHBOURS]]
        return nearest(number, [self.by_slug[other].number for other in around])

    @cached_property
    def _sorted(self) -> tuple[list[str], list[str]]:
        return sorted(self.by_slug), sorted(other[::-1] for other in self.by_slug)
