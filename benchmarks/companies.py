"""Companies: made-up holders of certificates, no two alike, each with a code that checks and is nobody's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from zlib import crc32

from stdnum.cn.uscc import calc_check_digit

from benchmarks.words import CITIES, EXAMPLE_BRANDS, STREETS, SYLLABLES, TRADES, City, Trade

SOLD_AS_THEY_ARE = ("clothing", "home-textiles", "food-and-drink", "jewellery", "retail")
SERVICE_OF_GOODS = ("退换、咨询、投诉处理", "returns, advice, complaint handling")
SERVICE_OF_MACHINES = ("安装、维修、技术咨询", "installation, repair, technical advice")
NAMES = 1 << 24
FORMS = (("有限公司", "Co., Ltd."), ("股份有限公司", "Corporation Ltd."))


@dataclass(frozen=True, slots=True)
class Company:
    """A holder to be: its brand in Chinese and Latin, its names, its code and where it is."""

    brand: str
    latin: str
    name: str
    name_en: str
    uscc: str
    city: City
    trade: Trade
    address: str
    address_en: str

    @property
    def domain(self) -> str:
        """The name of its website, under a top-level domain that is nobody's."""
        return "".join(char for char in self.latin.lower() if char.isalnum()) + ".example"


def uscc(serial: int) -> str:
    """The code of the company of that serial number: of region 000000, which there is not, but it checks."""
    body = f"91000000MA{serial:07}"
    return body + calc_check_digit(body)


def realistic(rng: Random) -> Iterator[Company]:
    """Millions of companies, named as they are in life: Ningbo Haixing Appliances Co., Ltd.

    So that memory does not grow with them, a name is remembered by its checksum alone: one whose checksum
    was seen before is passed over, whether or not it is the same.
    """
    taken = bytearray(NAMES)
    serial = 0
    while True:
        city, trade = rng.choice(CITIES), rng.choice(TRADES)
        syllables = rng.choices(SYLLABLES, k=rng.choice((2, 2, 2, 3)))
        brand = "".join(han for han, _ in syllables)
        form, form_en = rng.choices(FORMS, (3, 1))[0]
        name = f"{_short(city)}{brand}{trade.name}{form}"
        slot = crc32(name.encode()) % NAMES
        if taken[slot]:
            continue
        taken[slot] = 1
        serial += 1
        latin = "".join(pinyin for _, pinyin in syllables).capitalize()
        number = rng.randint(1, 999)
        address = f"{_region(city)}{rng.choice(STREETS)}{number}号"
        address_en = f"{number} Gongye Road, {_region_en(city)}, China"
        name_en = f"{city.name_en} {latin} {trade.name_en} {form_en}"
        yield Company(brand, latin, name, name_en, uscc(serial), city, trade, address, address_en)


def example(rng: Random) -> Iterator[Company]:
    """Companies for the example registry, evidently fictional, through all provinces and trades in turn."""
    regions = sorted({city.region for city in CITIES})
    for serial, (brand, latin) in enumerate(EXAMPLE_BRANDS, 1):
        region = regions[serial % len(regions)]
        city = rng.choice([city for city in CITIES if city.region == region])
        trade = TRADES[serial * 7 % len(TRADES)]
        name, name_en = f"示例{brand}{trade.name}有限公司", f"Example {latin} {trade.name_en} Co., Ltd."
        address = f"{_region(city)}示例区{brand}路{serial}号"
        address_en = f"{serial} {latin} Road, Example District, {_region_en(city)}, China"
        yield Company(brand, latin, name, name_en, uscc(serial), city, trade, address, address_en)


def holder(company: Company, rng: Random, until: date) -> dict[str, Any]:
    """The company as a record's holder; some have an English name, a website, a former name."""
    former = {"name": company.name.replace(company.trade.name, "实业"), "until": _day_before(until, rng)}
    return {
        "name": company.name,
        "name_en": company.name_en if rng.random() < 0.75 else None,
        "uscc": company.uscc,
        "address": company.address,
        "address_en": company.address_en if rng.random() < 0.3 else None,
        "website": f"https://{company.domain}/" if rng.random() < 0.4 else None,
        "former_names": [former] if rng.random() < 0.06 else None,
    }


def sites(company: Company, rng: Random) -> list[dict[str, Any]]:
    """The company's head office and up to three service outlets."""
    outlets = [_outlet(company, rng, city) for city in rng.sample(CITIES, rng.choice((0, 0, 1, 1, 2, 3)))]
    office = {"kind": "head-office", "name": "总部", "address": company.address, "city": company.city.name}
    return [office, *outlets]


def scope(company: Company, scheme: str) -> tuple[str, str]:
    """What is certified under that scheme, in Chinese and English."""
    goods, goods_en = company.trade.goods, company.trade.goods_en
    if scheme == "gbt-27925-2011":
        return (
            f"{goods}经营所涉及的品牌管理和企业文化建设",
            f"Brand management and corporate culture in the trade of {goods_en}",
        )
    sold_as_is = company.trade.industry in SOLD_AS_THEY_ARE
    service, service_en = SERVICE_OF_GOODS if sold_as_is else SERVICE_OF_MACHINES
    return f"{goods}的售后服务（{service}）", f"After-sales service of {goods_en} ({service_en})"


def brands(company: Company, rng: Random) -> list[str] | None:
    """The names on its products: Chinese, Latin or both; none for some."""
    kinds = ([company.brand, company.latin.upper()], [company.brand], [company.latin], None)
    return rng.choices(kinds, (5, 3, 1, 2))[0]


def _outlet(company: Company, rng: Random, city: City) -> dict[str, Any]:
    road, number = rng.choice(STREETS), rng.randint(1, 300)
    if company.name.startswith("示例"):
        road = f"示例区{road}"
    name = f"{company.brand}{_short(city)}服务网点"
    return {
        "kind": "service-outlet",
        "name": name,
        "address": f"{_region(city)}{road}{number}号",
        "city": city.name,
    }


def _short(city: City) -> str:
    """The city's name as companies bear it: 北京市 is 北京, 延边朝鲜族自治州 is 延边."""
    return city.name[:2] if city.name.endswith(("自治州", "地区")) else city.name.removesuffix("市")


def _region(city: City) -> str:
    return city.name if city.province == city.name else city.province + city.name


def _region_en(city: City) -> str:
    return city.name_en if city.province == city.name else f"{city.name_en}, {city.province_en}"


def _day_before(until: date, rng: Random) -> date:
    return until - timedelta(days=rng.randint(1200, 3000))
