"""Words to make up records from: cities as they are; trades, brands and reasons as they might be."""

from pathlib import Path
from typing import NamedTuple


class City(NamedTuple):
    """A city, and the code (GB/T 2260) and names of its province."""

    region: str
    province: str
    province_en: str
    name: str
    name_en: str


class Trade(NamedTuple):
    """What a holder of that industry calls itself, and what it sells."""

    industry: str
    name: str
    name_en: str
    goods: str
    goods_en: str


class Brand(NamedTuple):
    """A brand, or a syllable of one, in Chinese and Latin."""

    han: str
    latin: str


def _lines(name: str) -> list[str]:
    text = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def _items(name: str) -> list[str]:
    return [item for line in _lines(name) for item in line.split(", ")]


def _cities(line: str) -> list[City]:
    province, cities = line.split(": ")
    region, name, name_en = province.split(" ")
    return [City(region, name, name_en.replace("_", " "), *city.split(" ")) for city in cities.split(", ")]


def _trade(line: str) -> Trade:
    industry, name, goods = line.split(" | ")
    return Trade(industry, *name.split(" ", 1), *goods.split(" ", 1))


def _reasons(kind: str) -> tuple[str, ...]:
    return tuple(line.split(": ")[1] for line in _lines("reasons") if line.startswith(kind))


CITIES = tuple(city for line in _lines("cities") for city in _cities(line))
TRADES = tuple(map(_trade, _lines("trades")))
SYLLABLES = tuple(Brand(*item.split(" ")) for item in _items("syllables"))
EXAMPLE_BRANDS = tuple(Brand(*item.split(" ", 1)) for item in _items("brands"))
STREETS = tuple(_items("streets"))
REASONS = {kind: _reasons(kind) for kind in ("suspended", "withdrawn", "cancelled")}
