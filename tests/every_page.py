"""A built site with every kind of page: each level of two schemes, long texts and none, lists of several pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from project import DAY, Project, project
from records import BODY, RULEBOOK

from starcert import serve

HOLDER = "91330100MA0000001F"
FIRST, FIVE_STAR = "99926SC00001R0M", "99926SC00203R0M"
LONG_CHINESE, LONG_ENGLISH = "新疆维吾尔自治区博尔塔拉蒙古自治州", "Internationally operating household appliances "
OTHER_BODY = """\
name: 示例品牌认证有限公司
name_en: Example Brand Certification Co., Ltd.
approval_number: CNCA-R-9999-998
number_pattern: 888\\d{2}BR\\d{5}
website: https://brand.example/
phone: +86 10 0000 0001
schemes:
  - {scheme: gbt-27925-2011, since: 2014-06-01}
"""
RECORD = """\
number: %(number)s
scheme: %(scheme)s
standard: %(standard)s
level: %(level)s
holder:
  name: %(name)s
  uscc: %(uscc)s
  address: 浙江省杭州市西湖区示例路18号
%(holder)sscope: %(scope)s
region: %(region)s
industry: %(industry)s
sites:
  - {kind: head-office, name: %(name)s, address: 西湖区示例路18号, city: 杭州}
%(sites)sfiled_rule: EXAMPLE-SCR-2019-007
first_issued: 2026-03-01
issued: 2026-03-01
expires: 2029-02-28
audits:
  - {kind: initial, date: 2026-02-11, score: %(score)s, level: %(level)s}
%(more)s"""
SERVICE = {"qualified": 75, "three-star": 85, "four-star": 92, "five-star": "96.40"}
BRAND = {"two-star": 750, "three-star": 850, "four-star": 920, "five-star": 960}


def record(number: str, scheme: str = "gbt-27922-2011", level: str = "five-star", **texts: object) -> str:
    """A record valid on the day of these tests; `holder`, `sites` and `more` are further lines of it."""
    scores = SERVICE if scheme == "gbt-27922-2011" else BRAND
    values = {
        "number": number,
        "scheme": scheme,
        "standard": f"GB/T {scheme[4:]}",
        "level": level,
        "name": "示例云栖电器有限公司",
        "uscc": HOLDER,
        "scope": "家用电器的售后服务",
        "region": 33,
        "industry": "household-appliances",
        "score": scores[level],
        **dict.fromkeys(("holder", "sites", "more"), ""),
    }
    return RECORD % {**values, **texts}


def generous() -> str:
    """A record with every key and as many words as the longest of real certificates have."""
    holder = (
        f"  name_en: Example {LONG_ENGLISH * 2}Company, Limited\n"
        f"  address_en: 18 Example Road, {LONG_ENGLISH}\n"
        "  website: https://a-rather-long-name-of-a-company.yunqi.example/service/after-sales/\n"
        f"  former_names: [{{name: {LONG_CHINESE * 2}有限公司, until: 2019-06-30}}]\n"
    )
    sites = "".join(
        f"  - {{kind: service-outlet, name: 示例第{n}服务中心, address: 示例区示例路{n}号101室, city: 博尔塔拉}}\n"
        for n in range(12)
    )
    scope_en = f"scope_en: After-sales service of {LONG_ENGLISH * 6}\n"
    more = f"{scope_en}brands: [{', '.join(f'示例品牌{n}' for n in range(12))}]\nmark_uses: [products, packaging]\n"
    name, scope = f"示例{LONG_CHINESE * 3}有限公司", "家用电器的配送、安装、调试、维修、保养、退换货和废旧回收；" * 6
    return record(
        "99926SC00999R0M", uscc="91330100MA00009991", name=name, holder=holder, scope=scope, sites=sites, more=more
    )


def records() -> dict[str, str]:
    """The records by path: 160 of one holder, one of each level of each scheme, and a generous one."""
    texts = {f"99926SC{n:05}R0M": record(f"99926SC{n:05}R0M", industry="furniture") for n in range(1, 161)}
    for n, level in enumerate(SERVICE, 200):
        number = f"99926SC{n:05}R0M"
        texts[number] = record(
            number, level=level, uscc=f"91330100MA000{n}1A", name=f"示例第{n}电器有限公司", region=44
        )
    texts["99926SC00999R0M"] = generous()
    found = {f"certificates/{BODY}/{number}.yaml": text for number, text in texts.items()}
    for n, level in enumerate(BRAND, 300):
        number = f"88826BR{n:05}"
        text = record(number, "gbt-27925-2011", level, uscc=f"91330100MA000{n}1A", name=f"示例第{n}电器有限公司")
        found[f"certificates/other-cb/{number}.yaml"] = text
    idle = OTHER_BODY.replace("品牌", "闲置").replace("Brand", "Idle").replace("9999-998", "9999-997")
    return {**found, "bodies/other-cb.yaml": OTHER_BODY, "bodies/idle-cb.yaml": idle}


CERTIFICATES = {
    **{level: f"C/99926SC{n:05}R0M/" for n, level in enumerate(SERVICE, 200)},
    **{f"brand-{level}": f"C/88826BR{n:05}/" for n, level in enumerate(BRAND, 300)},
    "generous": "C/99926SC00999R0M/",
}
TEXTS = ("about", "check-a-logo", "for-certification-bodies", "for-procurement", "privacy", "what-the-stars-mean")
IN_ONE_LANGUAGE = {
    "home": "",
    "search": "search/",
    "search-found": "search/?q=示例",
    "search-none": "search/?q=zzzz",
    "browse": "browse/",
    "level": "browse/level/gbt-27922-2011/five-star/",
    "level-leaf": f"browse/level/gbt-27922-2011/five-star/from-{FIVE_STAR}/",
    "body": "browse/body/other-cb/",
    "body-2": "browse/body/example-cb/2/",
    "body-idle": "browse/body/idle-cb/",
    "province": "browse/province/44/",
    "industry": "browse/industry/household-appliances/",
    **{text: f"{text}/" for text in TEXTS},
}
PAGES = {
    **CERTIFICATES,
    "missing": "C/NO-SUCH-NUMBER/",
    "astray": "no/such/page/",
    "holder": f"H/{HOLDER}/",
    "holder-leaf": f"H/{HOLDER}/from-{FIRST}/",
    **IN_ONE_LANGUAGE,
    **{f"en-{kind}": f"en/{path}" for kind, path in IN_ONE_LANGUAGE.items()},
}
"""Where each kind of page lies, with the query that brings a page of the search into each of its states."""


def built(folder: Path, base_url: str = "https://stars.example") -> Project:
    """The project of these records, its site built for this address."""
    made = project(folder, records={**RULEBOOK, **records()})
    ended = made.build("--base-url", base_url)
    assert ended.code == 0, ended.err
    return made


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address, with a slash at its end, of the site of these records, built in the folder."""
    with serve.static(built(folder).folder / "site") as address:
        yield f"{address}/"


__all__ = ["CERTIFICATES", "DAY", "IN_ONE_LANGUAGE", "PAGES", "built", "served"]
