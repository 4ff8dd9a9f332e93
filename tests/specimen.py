"""A certificate made by hand, for tests of pages: every field filled, and any of them replaceable."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from starcert.body import Approval, Body
from starcert.certificate import Audit, Certificate, FormerName, Holder, Place
from starcert.register import Register
from starcert.scheme import Group, Level, Scale, Scheme, Surveillance
from starcert.score import Score
from starcert.vocabulary import Term

DAY = date(2026, 11, 22)
REGISTER = Register(
    "星级服务认证公示",
    "Star Service Register",
    "https://stars.example",
    ("zh", "en"),
    "register@stars.example",
)

LEVELS = (
    Level("qualified", "达标级", "Qualified", 0, Decimal(70)),
    Level("three-star", "三星级", "Three-star", 3, Decimal(80)),
    Level("four-star", "四星级", "Four-star", 4, Decimal(90)),
    Level("five-star", "五星级", "Five-star", 5, Decimal(95)),
)
SCHEME = Scheme(
    id="gbt-27922-2011",
    standard="GB/T 27922-2011",
    name="商品售后服务评价体系",
    name_en="Evaluation system for after-sales service of commodities",
    scale=Scale(
        Decimal(100),
        (
            Group("5.1", "售后服务体系", "After-sales service system", Decimal(40)),
            Group("5.2", "商品服务", "Commodity service", Decimal(35)),
            Group("5.3", "顾客服务", "Customer service", Decimal(25)),
        ),
        deduction=Decimal(1),
        deductions_fewer_than=5,
        bonus=Decimal(1),
        bonus_at_most=1,
    ),
    levels=LEVELS,
    validity_years=3,
    surveillance=Surveillance(12, 0, ("initial", "surveillance", "recertification")),
    suspension_months=6,
    publish_scores=False,
)
BODY = Body(
    id="huasheng",
    name="示例华晟认证有限公司",
    name_en="Example Huasheng Certification Co., Ltd.",
    approval_number="CNCA-R-2002-051",
    number_pattern=re.compile(r"\d{5}SC\d{5}R\dM"),
    website="https://huasheng.example/",
    phone="+86 10 0000 0000",
    schemes=(Approval(SCHEME, date(2012, 2, 1)),),
    keys=(),
    reviewers=(),
)
HOLDER = Holder(
    name="示例杭州云栖电器有限公司",
    name_en="Example Hangzhou Yunqi Appliances Co., Ltd.",
    uscc="91330106MA27YQ0G3T",
    address="浙江省杭州市西湖区示例路 18 号",
    address_en="18 Shili Road, Xihu District, Hangzhou, Zhejiang",
    website="https://yunqi.example/",
    former_names=(FormerName("示例杭州云栖电子有限公司", date(2019, 6, 30)),),
)
CERTIFICATE = Certificate(
    number="99925SC00123R1M",
    body=BODY,
    scheme=SCHEME,
    standard="GB/T 27922-2011",
    level=LEVELS[3],
    holder=HOLDER,
    scope="家用空调器、电冰箱和洗衣机的售后服务（配送、安装、维修、退换货）",
    scope_en="After-sales service of household air conditioners, refrigerators and washing machines",
    brands=("云栖", "YUNQI"),
    region=Term("33", "浙江省", "Zhejiang"),
    industry=Term("household-appliances", "家用电器", "Household appliances"),
    sites=(
        Place("head-office", "示例杭州云栖电器有限公司", "西湖区示例路 18 号", "杭州"),
        Place("service-outlet", "云栖电器宁波服务中心", "鄞州区范例街 6 号", "宁波"),
    ),
    filed_rule="CNCA-SCR-2019-007",
    first_issued=date(2019, 3, 1),
    issued=date(2025, 3, 1),
    expires=date(2028, 2, 29),
    previous_expires=None,
    supersedes=None,
    superseded_by=None,
    parent=None,
    mark_uses=("products", "packaging", "advertising"),
    audits=(
        Audit("recertification", date(2025, 2, 11), Score(Decimal("96.40")), LEVELS[3]),
        Audit("surveillance", date(2026, 2, 9), Score(Decimal("95.80")), LEVELS[3]),
    ),
    decisions=(),
    corrections=(),
)


def specimen(stars: int = 5, holder: dict[str, Any] | None = None, **changes: Any) -> Certificate:
    """The certificate at the level with these stars, with some of its fields and its holder's replaced."""
    level = next(level for level in LEVELS if level.stars == stars)
    return replace(CERTIFICATE, level=level, holder=replace(HOLDER, **holder or {}), **changes)


def longest() -> Certificate:
    """A certificate with texts about as long as real ones get, and many sites."""
    names = {
        "name": "示例" + "新疆维吾尔自治区博尔塔拉蒙古自治州" * 3 + "电器有限公司",
        "name_en": "Example " + "International Household Appliances and " * 2 + "Consumer Goods Group Company, Limited",
        "address": "新疆维吾尔自治区博尔塔拉蒙古自治州阿拉山口市示例街道 1888 号示例大厦 A 座 2001 室",
        "former_names": tuple(
            FormerName(f"示例旧名{i}" + "电器" * 8 + "有限公司", date(2010 + i, 1, 1)) for i in range(2)
        ),
    }
    return specimen(
        number="00125E22766R2L/3502-ABCDEFGHIJ",
        holder=names,
        scope="家用电器的售后服务，包括配送、安装、调试、维修、保养、退换货和废旧回收；" * 7,
        scope_en="After-sales service of household appliances: delivery, installation, repair and return. " * 5,
        brands=tuple(f"示例品牌{i}" for i in range(12)),
        sites=tuple(
            Place(
                "service-outlet",
                f"示例电器第{i}服务中心",
                f"示例区示例路 {i} 号示例大厦一层 101 室",
                "博尔塔拉",
            )
            for i in range(1, 13)
        ),
    )
