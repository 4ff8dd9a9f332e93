"""Dates as readers write them, in Chinese and in English."""

from datetime import date
from functools import lru_cache

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)  # not strftime's: those follow the machine's locale


@lru_cache(maxsize=20_000)  # the days of a register's lifetime come again and again
def in_chinese(day: date) -> str:
    """The day as in 2026年3月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


@lru_cache(maxsize=20_000)
def in_english(day: date) -> str:
    """The day as in 1 March 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
