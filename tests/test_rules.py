"""Every rule has a deliberately wrong record in tests/broken/ beside the exact words that it is told.

    WRITE_EXPECTED=1 python -m pytest tests/test_rules.py

writes the words anew. RULE.yaml is a certificate's record; RULE/ is a registry's files, laid over the small rulebook
of records.py, for what one record cannot show.
"""

import inspect
import json
import os
import shutil
from pathlib import Path

import pytest
import records
from hypothesis import given
from hypothesis import strategies as st
from records import RECORD, said, varied

from starcert import parsing, recordfile, registry, rules, yamlfile
from starcert.problems import Problem, Severity
from starcert.rules import findings

BROKEN = Path(__file__).parent / "broken"
CASES = sorted(path for path in BROKEN.iterdir() if path.is_dir() or path.suffix == ".yaml")
EVERY_RULE = {**yamlfile.RULES, **parsing.RULES, **recordfile.RULES, **registry.RULES, **rules.RULES}
# A file of more than 64 KiB, one that is missing and one that may not be read would be no use here to look at.
SHOWN_ELSEWHERE = {"yaml_size", "vocabulary", "file_readable"}


def found_in(case: Path, folder: Path) -> list[Problem]:
    """What is wrong with the broken record or registry."""
    if case.is_file():
        return list(records.verdict(case.read_bytes(), case.name).problems)
    records.write_registry(folder, {})
    shutil.copytree(case, folder, dirs_exist_ok=True)
    return records.problems_in(folder)


def outcome(case: Path, folder: Path) -> str:
    """What is said of the broken record or registry, a line each, with paths as seen from tests/broken/RULE."""
    return "".join(f"{problem}\n" for problem in found_in(case, folder)).replace(f"{folder}{os.sep}", "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_broken_record_is_told_exactly_this(case: Path, tmp_path: Path) -> None:
    """Each broken record gets the words in the .txt beside it, place, message and rule."""
    expected = BROKEN / f"{case.stem}.txt"
    if os.environ.get("WRITE_EXPECTED"):
        expected.write_text(outcome(case, tmp_path), encoding="utf-8")
    assert outcome(case, tmp_path) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_broken_record_shows_the_rule_it_is_named_after(case: Path) -> None:
    """The rule finds something in its own broken record, and in no other file's words is a rule unknown."""
    told = (BROKEN / f"{case.stem}.txt").read_text(encoding="utf-8").splitlines()
    named = {line.rpartition("[")[2].removesuffix("]") for line in told}
    assert case.stem in named
    assert named <= EVERY_RULE.keys()


def test_every_rule_has_its_broken_record() -> None:
    """No rule is without a record that breaks it, and no record is without its rule."""
    broken = sorted(case.stem for case in CASES)
    assert broken == sorted(EVERY_RULE.keys() - SHOWN_ELSEWHERE)


def test_no_words_are_left_of_a_record_that_is_gone() -> None:
    """Every .txt in tests/broken/ belongs to a record or registry there."""
    assert {path.name.partition(".")[0] for path in BROKEN.glob("*.txt")} == {case.stem for case in CASES}


@pytest.mark.parametrize("rule", EVERY_RULE)
def test_a_rule_is_one_sentence_with_must(rule: str) -> None:
    """What a rule says of itself is one sentence on one line, with the word must."""
    sentence = EVERY_RULE[rule]
    assert " must " in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_no_rule_is_forgotten() -> None:
    """Every public generator in the modules of rules is run and has its sentence in RULES."""
    modules = [module for _, module in inspect.getmembers(rules, inspect.ismodule) if module is not findings]
    written = {
        name
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isgeneratorfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert rules.RULES.keys() == written


def test_warnings_are_rules_and_block_nothing() -> None:
    """A warning names a rule that there is, and leaves the certificate to be published."""
    assert not findings.WARNINGS - rules.RULES.keys()
    judged = records.verdict(varied(("MA0000001F", "MA0000001G")))
    assert [problem.severity for problem in judged.problems] == [Severity.WARNING]
    assert judged.certificate is not None


def test_a_valid_record_is_told_nothing() -> None:
    """Nothing is wrong with the record that the tests vary."""
    assert said(RECORD) == []


def test_one_run_names_every_mistake() -> None:
    """What cannot be read hides no other mistake, before it or after it, in the same list or another."""
    mistakes = (
        ("level: five-star\nholder", "level: six-star\nholder"),
        ("uscc: 91330100MA0000001F", "uscc: 91330100ma0000001f"),
        ("expires: 2028-02-29", "expires: 29.02.2028"),
        ("first_issued: 2022-03-01", "first_issued: 2025-03-02"),
        ("    date: 2025-02-11\n", ""),
        ("total: 95.20", "total: 95.21"),
        ("standard: GB/T 27922-2011", "standard: GB/T 27922"),
    )
    assert said(varied(*mistakes)) == [
        "3:11: standard is 'GB/T 27922', but must end in its year: write GB/T 27922-2011 [standard_carries_its_year]",
        "4:8: level is 'six-star', but must be qualified, three-star, four-star or five-star; "
        "did you mean five-star? [choice]",
        "8:9: uscc is 91330100ma0000001f, but its letters must be capitals: write 91330100MA0000001F "
        "[uscc_has_its_form]",
        "21:15: first_issued 2025-03-02 is after issued 2025-03-01 [first_issued_before_issued]",
        "23:10: expires is '29.02.2028', but a day is written YYYY-MM-DD, like 2026-03-09 [day]",
        "25:5: audits[1].date is missing: the last day on site [required_key]",
        "33:14: total is 95.21, but the points give 95.20 [total_agrees_with_items]",
    ]


USCC_ADVICE = {
    "91330100MA000000F": "a unified social credit code has 18 characters, and this has 17",
    "91330100ma0000001F": "its letters must be capitals: write 91330100MA0000001F",
    "91330100MA000000IF": "no code holds the letter I (character 17): is it the digit 1?",
    "9133O100MA0000001F": "no code holds the letter O (character 5): is it the digit 0?",
    "9133A100MA0000001F": "its third to eighth characters must be digits: they are the code of the place of "
    "registration",
}


@pytest.mark.parametrize("code", USCC_ADVICE)
def test_a_malformed_uscc_is_told_what_to_type(code: str) -> None:
    """Whatever is wrong with the form of a unified social credit code, the message names it."""
    told = f"8:9: uscc is {code}, but {USCC_ADVICE[code]} [uscc_has_its_form]"
    assert said(varied(("91330100MA0000001F", code))) == [told]


@pytest.mark.parametrize("code", ["N2330100MA0000001", "A1330100MA0000001", "Y1330100MA0000001"])
def test_codes_of_every_registering_department_are_right(code: str) -> None:
    """A code that begins with a letter, as those of villages and of the army do, is a code like any other."""
    told = said(varied(("91330100MA0000001F", f"{code}0")))
    assert all("[uscc_check_character]" in line for line in told)


RENEWED = (("issued: 2025-03-01\nexpires: 2028-02-29", "issued: {}\nexpires: {}\nprevious_expires: 2025-05-31"),)


@pytest.mark.parametrize(
    ("issued", "expires", "told"),
    [
        ("2025-05-31", "2028-05-31", []),
        (
            "2025-05-31",
            "2028-06-01",
            "23:10: expires is 2028-06-01, but 3 years from previous_expires 2025-05-31 end on 2028-05-31, "
            "the latest day to write here [validity_within_scheme]",
        ),
        (
            "2025-06-01",
            "2028-06-02",
            "23:10: expires is 2028-06-02, but 3 years from issued 2025-06-01 end on 2028-06-01, "
            "the latest day to write here [validity_within_scheme]",
        ),
    ],
)
def test_a_timely_renewal_runs_from_the_old_expiry(issued: str, expires: str, told: str | list[str]) -> None:
    """Issued by the old expiry, a certificate may run its years from there; issued later, only from issue."""
    (old, new), *_ = RENEWED
    assert said(varied((old, new.format(issued, expires)))) == ([told] if told else [])


LATE = ("2026-02-09", "2026-05-20")
SUSPENSION = "decisions:\n  - {{kind: suspended, date: {0}, start: {0}, end: 2026-09-30, reason: 未按期监督}}\n"


@pytest.mark.parametrize(("suspended", "told"), [("2026-03-31", 0), ("2026-04-01", 0), ("2026-04-02", 1)])
def test_an_audit_may_be_late_while_the_certificate_is_suspended(suspended: str, told: int) -> None:
    """An audit due by 31 March and done in May is in order if the suspension began by 1 April, and not if later."""
    found = said(varied(LATE, also=SUSPENSION.format(suspended)))
    assert [line.rpartition("[")[2] for line in found] == ["audits_on_time]"] * told


def test_a_suspension_lifted_before_the_late_audit_covers_no_gap() -> None:
    """From the restoration to the audit the certificate was overdue."""
    restored = SUSPENSION.format("2026-04-01") + "  - {kind: restored, date: 2026-05-01}\n"
    assert said(varied(LATE, also=restored)) == [
        "30:11: date is 2026-05-20, but was due by 2026-03-31 (12 months and 30 days from 2025-03-01): "
        "add the audit or the suspension that came in between [audits_on_time]"
    ]


def test_prolonging_a_suspension_does_not_evade_its_limit() -> None:
    """A suspension that follows another without a restoration counts from the start of the first."""
    prolonged = (
        "decisions:\n"
        "  - {kind: suspended, date: 2026-04-01, start: 2026-04-01, end: 2026-07-01, reason: 整改}\n"
        "  - {kind: suspended, date: 2026-07-01, start: 2026-07-02, end: 2026-12-31, reason: 整改未完成}\n"
    )
    assert said(varied(also=prolonged)) == [
        "38:65: end is 2026-12-31, but a suspension lasts at most 6 months from 2026-04-01, until 2026-10-01 "
        "[suspension_within_scheme]"
    ]


ADDRESS = "  address: 浙江省杭州市西湖区示例路18号\n"
SECOND_AUDIT = RECORD[RECORD.index("  - kind: surveillance") :]
POINTS = "{5.1: 38.5, 5.2: 33.6, 5.3: 24.1}"
ONE_DAY_SUSPENSION = "{kind: suspended, date: 2026-04-01, start: 2026-04-01, end: 2026-04-01, reason: 整改}"
JUST_RIGHT = {
    "expires the day after issue": varied((SECOND_AUDIT, ""), ("2028-02-29", "2025-03-02")),
    "runs to the last day": varied(("2028-02-29", "2028-03-01")),
    "first issued on the day of issue": varied(("2022-03-01", "2025-03-01")),
    "previous expiry on the day of first issue": varied(also="previous_expires: 2022-03-01\n"),
    "former name until expiry": varied(
        (ADDRESS, f"{ADDRESS}  former_names:\n    - {{name: 示例云栖电子有限公司, until: 2028-02-29}}\n")
    ),
    "audit on the day of issue": varied(("2025-02-11", "2025-03-01")),
    "audit on the day it expires": varied(also="  - {kind: special, date: 2028-02-29, score: 95, level: five-star}\n"),
    "audit on the day it is due": varied(("2026-02-09", "2026-03-31")),
    "suspension of one day, lifted on it": varied(
        also=f"decisions:\n  - {ONE_DAY_SUSPENSION}\n  - {{kind: restored, date: 2026-04-01}}\n"
    ),
    "suspension to its last day": varied(
        also=f"decisions:\n  - {ONE_DAY_SUSPENSION.replace('end: 2026-04-01', 'end: 2026-10-01')}\n"
    ),
    "decision on the day of first issue": varied(
        also=f"decisions:\n  - {ONE_DAY_SUSPENSION.replace('2026-04-01', '2022-03-01')}\n"
        "  - {kind: restored, date: 2022-03-02}\n"
    ),
    "audit on the day of cancellation": varied(also="decisions:\n  - {kind: cancelled, date: 2026-02-09}\n"),
    "issued on the day of approval": varied(
        ("2022-03-01", "2014-06-01"),
        ("2025-03-01", "2014-06-01"),
        ("2028-02-29", "2017-06-01"),
        ("2025-02-11", "2014-06-01"),
        ("2026-02-09", "2015-02-09"),
    ),
    "full score": varied(("96.40", "100.00")),
    "every point": varied((POINTS, "{5.1: 40, 5.2: 35, 5.3: 25}"), ("95.20", "99")),
    "a whole group excluded": varied(
        (POINTS, "{5.1: 38.5, 5.2: 33.6, 5.3: 0}\n      excluded: {5.3: 25}"), ("95.20", "95.1")
    ),
    "no total": varied(("      total: 95.20\n", "")),
    "lowest score": varied(("score: 96.40\n    level: five-star", "score: 70.00\n    level: qualified")),
    "a sub-certificate of an outlet": varied(
        ("kind: head-office", "kind: service-outlet"), also="parent: 99925SC00124R1M\n"
    ),
}


@pytest.mark.parametrize("case", JUST_RIGHT)
def test_what_a_rule_just_allows_is_told_nothing(case: str) -> None:
    """The last day, the full score and the lowest one are within what the rules say."""
    assert said(JUST_RIGHT[case]) == []


def test_a_scheme_may_go_to_its_limits() -> None:
    """Levels may share a number of stars, the highest may need the full score, and fifty years are allowed."""
    text = records.RULEBOOK["schemes/gbt-27925-2011.yaml"]
    for old, new in (("stars: 4", "stars: 3"), ("at_least: 950", "at_least: 1000"), ("years: 3", "years: 50")):
        text = text.replace(old, new)
    assert records.problems_in_rulebook({"schemes/gbt-27925-2011.yaml": text}) == []


def test_a_scheme_needs_terms_that_can_be_counted() -> None:
    """No years, no months, and more years than a calendar is sure of are each named."""
    text = records.RULEBOOK["schemes/gbt-27925-2011.yaml"]
    for old, new in (("years: 3", "years: 51"), ("{months: 12", "{months: 0")):
        text = text.replace(old, new)
    assert records.problems_in_rulebook({"schemes/gbt-27925-2011.yaml": text}) == [
        "schemes/gbt-27925-2011.yaml:19:17: validity_years is 51, but must be at most 50 [terms_are_set]",
        "schemes/gbt-27925-2011.yaml:20:24: months is 0, but must be at least 1 [terms_are_set]",
    ]


SAME_DAY = ((SECOND_AUDIT, ""), ("2028-02-29", "2025-03-01"))


def test_a_certificate_that_expires_on_its_first_day_is_wrong() -> None:
    """It must run at least to the day after."""
    assert said(varied(*SAME_DAY)) == [
        "23:10: expires 2025-03-01 is not after issued 2025-03-01 [expires_after_issued]"
    ]


VALUES = [line for line in RECORD.splitlines() if not line.endswith(":") and "{" not in line]
AWKWARD = ["0", "-1", "9999.9999", "2199-12-31", "1990-01-01", "<script>", "\ue000", "\u202e", "Ａ", "{{ x }}"]


@given(st.sampled_from(VALUES), st.sampled_from(AWKWARD) | st.text(max_size=20), st.booleans())
def test_no_value_breaks_a_rule(line: str, text: str, quoted: bool) -> None:
    """Whatever stands in a record, its verdict is a list of lines of which every character shows."""
    value = json.dumps(text, ensure_ascii=False) if quoted else text
    key = line.rpartition(": ")[0] + ": " if ": " in line else "  - "
    for told in said(RECORD.replace(line, key + value, 1)):
        assert told.isprintable()
