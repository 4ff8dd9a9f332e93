"""Records for tests: a small rulebook, a valid certificate's record to vary, and what a run says of a registry."""

import os
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from starcert import yamlfile
from starcert.certificate import Certificate, slug
from starcert.findings import Findings
from starcert.problems import Problem
from starcert.registry import Registry, Verdict, open_registry
from starcert.rulebook import Rulebook
from starcert.rules import judge_between
from starcert.yamlfile import Mapping

BODY = "example-cb"
RULEBOOK = {
    "schemes/gbt-27922-2011.yaml": """\
standard: GB/T 27922-2011
name: 商品售后服务评价体系
name_en: Evaluation system for after-sales service of commodities
scale:
  full: 100
  groups:
    - {clause: 5.1, name: 售后服务体系, name_en: After-sales service system, points: 40}
    - {clause: 5.2, name: 商品服务, name_en: Commodity service, points: 35}
    - {clause: 5.3, name: 顾客服务, name_en: Customer service, points: 25}
  deduction: 1
  deductions_fewer_than: 5
  bonus: 1
  bonus_at_most: 1
levels:
  - {id: qualified, name: 达标级, name_en: Qualified, stars: 0, at_least: 70}
  - {id: three-star, name: 三星级, name_en: Three-star, stars: 3, at_least: 80}
  - {id: four-star, name: 四星级, name_en: Four-star, stars: 4, at_least: 90}
  - {id: five-star, name: 五星级, name_en: Five-star, stars: 5, at_least: 95}
validity_years: 3
surveillance: {months: 12, grace_days: 30, audits: [initial, surveillance, recertification]}
suspension_months: 6
publish_scores: no
""",
    "schemes/gbt-27925-2011.yaml": """\
standard: GB/T 27925-2011
name: 商业企业品牌评价与企业文化建设指南
name_en: Guidelines for brand evaluation and culture of commercial enterprises
scale:
  full: 1000
  groups:
    - {clause: 5.1, name: 品牌能力, name_en: Brand capability, points: 400}
    - {clause: 5.2, name: 品牌品质, name_en: Brand quality, points: 350}
    - {clause: 5.3, name: 品牌声誉, name_en: Brand reputation, points: 250}
  deduction: 0
  deductions_fewer_than: 1
  bonus: 0
  bonus_at_most: 0
levels:
  - {id: two-star, name: 二星级, name_en: Two-star, stars: 2, at_least: 700}
  - {id: three-star, name: 三星级, name_en: Three-star, stars: 3, at_least: 800}
  - {id: four-star, name: 四星级, name_en: Four-star, stars: 4, at_least: 900}
  - {id: five-star, name: 五星级, name_en: Five-star, stars: 5, at_least: 950}
validity_years: 3
surveillance: {months: 12, grace_days: 30, audits: [initial, surveillance, recertification]}
suspension_months: 6
publish_scores: yes
""",
    "bodies/example-cb.yaml": """\
name: 示例认证有限公司
name_en: Example Certification Co., Ltd.
approval_number: CNCA-R-9999-999
number_pattern: 999\\d{2}SC\\d{5}R\\d[LMS](/\\d+)?
website: https://cb.example/
phone: +86 10 0000 0000
schemes:
  - {scheme: gbt-27922-2011, since: 2014-06-01}
""",
    "vocabularies/regions.yaml": """\
source: GB/T 2260
terms:
  - {code: 33, name: 浙江省, name_en: Zhejiang}
  - {code: 44, name: 广东省, name_en: Guangdong}
""",
    "vocabularies/industries.yaml": """\
source: the register
terms:
  - {code: household-appliances, name: 家用电器, name_en: Household appliances}
  - {code: furniture, name: 家具, name_en: Furniture}
""",
}
RECORD = """\
number: 99925SC00123R1M
scheme: gbt-27922-2011
standard: GB/T 27922-2011
level: five-star
holder:
  name: 示例云栖电器有限公司
  name_en: Example Yunqi Appliances Co., Ltd.
  uscc: 91330100MA0000001F
  address: 浙江省杭州市西湖区示例路18号
scope: 家用电器的售后服务
brands:
  - 云栖
region: 33
industry: household-appliances
sites:
  - kind: head-office
    name: 示例云栖电器有限公司
    address: 西湖区示例路18号
    city: 杭州
filed_rule: EXAMPLE-SCR-2019-007
first_issued: 2022-03-01
issued: 2025-03-01
expires: 2028-02-29
audits:
  - kind: recertification
    date: 2025-02-11
    score: 96.40
    level: five-star
  - kind: surveillance
    date: 2026-02-09
    score:
      points: {5.1: 38.5, 5.2: 33.6, 5.3: 24.1}
      deductions: 1
      total: 95.20
    level: five-star
"""


def varied(*changes: tuple[str, str], also: str = "") -> str:
    """The valid record with texts replaced, each of which it must hold once, and with lines added at its end."""
    text = RECORD
    for old, new in changes:
        assert text.count(old) == 1, f"the record holds {old!r} {text.count(old)} times"
        text = text.replace(old, new)
    return text + also


def verdict(text: str | bytes, path: str = "record.yaml") -> Verdict:
    """The verdict on one record by the small rulebook; its file is taken to be named after its number."""
    data = text if isinstance(text, bytes) else text.encode()
    number = re.search(rb"^number: *([A-Za-z0-9/-]+) *\r?$", data, re.MULTILINE)
    return _small_registry().judge_bytes(data, path, BODY, slug(number[1].decode()) if number else "")


def said(text: str | bytes) -> list[str]:
    """What is wrong with one record, as messages without the path."""
    return [str(problem).removeprefix("record.yaml:") for problem in verdict(text).problems]


def certificate(text: str) -> Certificate:
    """The certificate of a record in which nothing is wrong but what warnings are about."""
    judged = verdict(text)
    assert judged.certificate, judged.problems
    return judged.certificate


def record(text: str) -> Mapping:
    """The record as it was read."""
    read, problems = yamlfile.read(text.encode(), "record.yaml")
    assert read, problems
    return read


def rulebook() -> Rulebook:
    """The small rulebook."""
    return _small_registry().rulebook


def write_registry(folder: Path, files: dict[str, str]) -> Path:
    """The folder, filled with the small rulebook and with these files, which may replace the rulebook's."""
    for name, text in {**RULEBOOK, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def problems_in(folder: Path) -> list[Problem]:
    """Everything wrong in a registry, within records and between them."""
    registry = open_registry(folder)
    findings = Findings(registry.problems)
    ties = []
    for judged in registry.verdicts():
        findings.note(judged.path, judged.number, judged.problems, sound=bool(judged.tie))
        ties += [judged.tie] if judged.tie else []
    findings.note_between(judge_between(ties, findings.numbers_left_out), ties)
    return findings.all()


def problems_in_rulebook(files: dict[str, str]) -> list[str]:
    """What is wrong in the small rulebook with these files in it, with paths within the registry."""
    with TemporaryDirectory() as folder:
        problems = problems_in(write_registry(Path(folder), files))
    return [str(problem).replace(f"{folder}{os.sep}", "") for problem in problems]


@cache
def _small_registry() -> Registry:
    with TemporaryDirectory() as folder:
        registry = open_registry(write_registry(Path(folder), {}))
    assert not registry.problems, os.linesep.join(map(str, registry.problems))
    return registry
