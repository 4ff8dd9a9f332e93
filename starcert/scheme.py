"""Scheme: a standard that organisations are scored against, with its levels and its terms. Pure data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from starcert.days import months_after, years_after

MOST_STARS = 5  # for which seals and marks have room


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a scheme; a score of `at_least` or more, up to the next level's, earns it."""

    id: str
    name: str
    name_en: str
    stars: int
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class Group:
    """One group of indicators of the standard, known by its clause, and the points it is worth."""

    clause: str
    name: str
    name_en: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Scale:
    """How points become a score: the full score, the groups, and what special items take off or add."""

    full: Decimal
    groups: tuple[Group, ...]
    deduction: Decimal
    deductions_fewer_than: int
    bonus: Decimal
    bonus_at_most: int


@dataclass(frozen=True, slots=True)
class Surveillance:
    """An on-site audit of one of these kinds must come every so many months, with some days of grace."""

    months: int
    grace_days: int
    audits: tuple[str, ...]

    def due_after(self, day: date) -> date:
        """The last day on which the next audit is still in time, counting from `day`."""
        return months_after(day, self.months) + timedelta(days=self.grace_days)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A certification scheme. `levels` rise from the lowest."""

    id: str
    standard: str
    name: str
    name_en: str
    scale: Scale
    levels: tuple[Level, ...]
    validity_years: int
    surveillance: Surveillance
    suspension_months: int
    publish_scores: bool

    def level_for(self, score: Fraction | Decimal) -> Level | None:
        """The highest level that this exact score reaches, or None when it reaches none."""
        for level in reversed(self.levels):
            if score >= level.at_least:
                return level
        return None

    def latest_expiry(self, start: date) -> date:
        """The last day, inclusive, that a certificate running from `start` may name as its expiry."""
        return years_after(start, self.validity_years)

    def latest_suspension_end(self, start: date) -> date:
        """The last day, inclusive, that a suspension beginning on `start` may last."""
        return months_after(start, self.suspension_months)

    def group(self, clause: str) -> Group | None:
        """The group of indicators with this clause number."""
        for group in self.scale.groups:
            if group.clause == clause:
                return group
        return None

    @property
    def by_level(self) -> Mapping[str, Level]:
        """The levels under their ids."""
        return {level.id: level for level in self.levels}
