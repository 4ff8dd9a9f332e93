"""Days: the calendar the register counts in. Days are China's (UTC+8, no daylight saving)."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

CHINA = timezone(timedelta(hours=8))
ONE_DAY = timedelta(days=1)


def clock() -> datetime:
    """This instant in UTC, in whole seconds; the program's only clock, read by build.py alone."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant at which a run looked at the clock, in UTC, and the day that it works for."""

    instant: datetime
    day: date


def day_in_china(instant: datetime) -> date:
    """The day it is in China at that instant."""
    return instant.astimezone(CHINA).date()


@lru_cache(maxsize=20_000)  # the days of a register's lifetime come again and again
def months_after(day: date, months: int) -> date:
    """The same day that many months on, or that month's last (Civil Code of China, art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def years_after(day: date, years: int) -> date:
    """The same day that many years on; 29 February becomes the 28th in common years."""
    return months_after(day, 12 * years)
