"""What a push may not change of a recorded certificate: each rule with a record before and after, and laws for all.

    WRITE_EXPECTED=1 python -m pytest tests/test_history.py

writes tests/history.txt and history.zh.txt anew, the words in which each rule is told in English and Chinese.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import records
from certificates import any_certificate, any_correction, any_decision, audits
from hypothesis import assume, given
from hypothesis import strategies as st
from known import known
from records import RECORD, varied

from starcert import reports
from starcert.certificate import CORRECTABLE, Audit, Certificate, Correction
from starcert.problems import Problem
from starcert.push import history
from starcert.score import Score

EXPECTED = {"en": Path(__file__).with_name("history.txt"), "zh": Path(__file__).with_name("history.zh.txt")}
DAY = date(2026, 11, 22)
ONE_DAY = timedelta(days=1)
PATH = "registry/certificates/example-cb/99925SC00123R1M.yaml"
SUSPENDED = "decisions:\n  - {kind: suspended, date: 2026-04-01, start: 2026-04-01, end: 2026-06-30, reason: 整改}\n"
RESTORED = "  - {kind: restored, date: 2026-05-01}\n"
AUDIT = """\
  - kind: special
    date: 2026-10-10
    score: 91.00
    level: four-star
"""
FOUR_STARS = (("level: five-star\nholder", "level: four-star\nholder"),)
EXPIRES_SOONER = varied(("2028-02-29", "2028-02-28"))
LOWERED = varied(*FOUR_STARS, also=AUDIT)
RAISED = RECORD + AUDIT + AUDIT.replace("10-10", "11-20").replace("91.00", "96.00").replace("four", "five")


def corrected(*keys: str, day: date = DAY) -> str:
    """A correction of those keys."""
    return f"corrections:\n  - {{date: {day}, keys: [{', '.join(keys)}], reason: 录入错误}}\n"


def told(
    before: str, now: str | None, facts: Mapping[str, Any] = MappingProxyType({}), language: str = "en"
) -> list[str]:
    """What is wrong with one record after another, whose certificate has these facts, as messages without the path."""
    old = records.certificate(before)
    if now is None:
        found = history.judge(old, None, None, PATH, DAY)
    else:
        found = history.judge(old, replace(records.certificate(now), **facts), records.record(now), PATH, DAY)
    lines = reports.as_text(known(found), languages=[language]).splitlines()
    return [line.removeprefix(f"{PATH}:") for line in lines]


def rules(found: list[Problem]) -> set[str]:
    """The rules that were broken."""
    return {problem.rule for problem in found}


Change = tuple[str, str | None] | tuple[str, str, dict[str, object]]
"""A record before and now, and facts that the small rulebook cannot tell of the certificate that it is now."""

BROKEN: dict[str, Change] = {
    "record_remains": (RECORD, None),
    "number_is_kept": (RECORD, varied(("99925SC00123R1M", "99925SC00124R1M"))),
    "body_is_kept": (RECORD, RECORD, {"body": replace(records.certificate(RECORD).body, id="other-cb")}),
    "holder_is_kept": (RECORD, varied(("91330100MA0000001F", "91330100MA00000006"))),
    "scheme_is_kept": (RECORD, RECORD, {"scheme": records.rulebook().schemes["gbt-27925-2011"]}),
    "first_issued_is_kept": (RECORD, varied(("2022-03-01", "2022-02-01"))),
    "issued_is_kept": (RECORD, varied(("issued: 2025-03-01", "issued: 2025-03-02"))),
    "expires_is_kept": (RECORD, EXPIRES_SOONER),
    "audits_are_kept": (RECORD, varied(("score: 96.40", "score: 97.40"))),
    "decisions_are_kept": (RECORD + SUSPENDED + RESTORED, RECORD + SUSPENDED),
    "level_rises_by_an_audit": (LOWERED, RECORD + corrected("audits")),
    "corrections_are_kept": (RECORD + corrected("expires"), RECORD + corrected("issued")),
    "correction_is_not_of_the_future": (RECORD, EXPIRES_SOONER + corrected("expires", day=DAY + ONE_DAY)),
    "correction_corrects_something": (RECORD, EXPIRES_SOONER + corrected("expires", "issued")),
}


def test_every_rule_has_its_pair() -> None:
    """No rule is without a change that breaks it, and each is one sentence with must."""
    assert list(BROKEN) == list(history.SENTENCES)
    assert all(" must " in text and text.endswith(".") and "\n" not in text for text in history.SENTENCES.values())


@pytest.mark.parametrize("language", EXPECTED)
def test_a_forbidden_change_is_told_exactly_this(language: str) -> None:
    """Where it stands, what was, what is now, and what to do instead: tests/history.txt, rule by rule."""
    found = "".join(f"{line}\n" for change in BROKEN.values() for line in told(*change, language=language))
    if os.environ.get("WRITE_EXPECTED"):
        EXPECTED[language].write_text(found, encoding="utf-8")
    assert found == EXPECTED[language].read_text(encoding="utf-8")
    assert [line.rpartition("[")[2].rstrip("]") for line in found.splitlines()] == list(BROKEN)


def test_one_line_corrects_all_that_was_changed() -> None:
    """Each problem offers the same line, which then settles all of them."""
    changes = (("issued: 2025-03-01", "issued: 2025-03-02"), ("2028-02-29", "2028-02-28"))
    line = "- {date: 2026-11-22, keys: [issued, expires], reason: …}"
    found = told(RECORD, varied(*changes))
    assert [line in one for one in found] == [True, True]
    assert told(RECORD, varied(*changes, also=f"corrections:\n{line.replace('…', '录入错误')}\n")) == []


ALLOWED = {
    "the same again": (RECORD, RECORD),
    "a new audit": (RECORD, varied(*FOUR_STARS, also=AUDIT)),
    "a level that rises by a new audit": (LOWERED, RAISED),
    "a suspension": (RECORD, RECORD + SUSPENDED),
    "a restoration": (RECORD + SUSPENDED, RECORD + SUSPENDED + RESTORED),
    "another name": (RECORD, varied(("name: 示例云栖电器有限公司\n  name_en", "name: 示例云栖\n  name_en"))),
    "another brand": (RECORD, varied(("  - 云栖\n", "  - 云栖\n  - 云溪\n"))),
    "another way to write a number": (RECORD, varied(("score: 96.40", "score: 96.4"))),
    "another order of keys": (RECORD, RECORD[RECORD.index("audits:") :] + RECORD.partition("audits:")[0]),
    "a successor": (RECORD, RECORD + "superseded_by: 99928SC00123R2M\n"),
    "a second correction": (
        RECORD + corrected("expires"),
        varied(
            ("issued: 2025-03-01", "issued: 2025-03-02"),
            also=corrected("expires") + corrected("issued").partition("\n")[2],
        ),
    ),
    "a level that was recorded too high": (
        RECORD,
        varied(
            *FOUR_STARS,
            ("      total: 95.20\n    level: five-star", "      total: 93.20\n    level: four-star"),
            ("5.1: 38.5", "5.1: 36.5"),
            also=corrected("audits"),
        ),
    ),
    "the level of an audit that others followed": (
        varied(("score: 96.40\n    level: five-star", "score: 91.40\n    level: four-star")),
        RECORD + corrected("audits"),
    ),
    "an audit that was forgotten": (
        RECORD,
        varied(
            ("  - kind: surveillance", AUDIT.replace("2026-10-10", "2025-08-08") + "  - kind: surveillance"),
            also=corrected("audits"),
        ),
    ),
}


@pytest.mark.parametrize("case", ALLOWED)
def test_what_the_field_knows_is_told_nothing(case: str) -> None:
    """New audits and decisions, other names and brands, and what a correction names."""
    before, now = ALLOWED[case]
    assert told(before, now) == []


FIVE = "  - {{kind: special, date: {0}, score: 96.00, level: five-star}}\n"
ABOVE = "  - kind: surveillance\n    date: 2026-02-09"
RISES: dict[str, tuple[str, bool]] = {
    "below it, on the same day": (LOWERED.replace(*FOUR_STARS[0][::-1]) + FIVE.format("2026-10-10"), False),
    "below it, a day later": (LOWERED.replace(*FOUR_STARS[0][::-1]) + FIVE.format("2026-10-11"), True),
    "in its place, a day earlier": (RECORD + FIVE.format("2026-10-09"), False),
    "in its place, on the same day": (RECORD + FIVE.format("2026-10-10"), False),
    "in its place, a day later": (RECORD + FIVE.format("2026-10-11"), True),
    "two above the others": (varied((ABOVE, FIVE.format("2025-08-08") + FIVE.format("2025-08-09") + ABOVE)), False),
}


@pytest.mark.parametrize("case", RISES)
def test_a_level_rises_with_an_audit_after_all_that_were_recorded(case: str) -> None:
    """Wherever a correction puts one that led to more stars than the latest recorded, of 2026-10-10."""
    now, passes = RISES[case]
    also = "" if now.startswith(LOWERED.replace(*FOUR_STARS[0][::-1])) else corrected("audits")
    found = [line.rpartition("[")[2] for line in told(LOWERED, now + also)]
    assert found == ([] if passes else ["level_rises_by_an_audit]"])


def test_an_audit_that_lowered_the_level_is_not_put_off() -> None:
    """Dated to come, it would leave the stars of the one before on show until then."""
    for day, passes in ((DAY, True), (DAY + ONE_DAY, False)):
        now = LOWERED.replace("2026-10-10", str(day)) + corrected("audits")
        found = [line.rpartition("[")[2] for line in told(LOWERED, now)]
        assert found == ([] if passes else ["level_rises_by_an_audit]"])


@pytest.mark.parametrize(("day", "broken"), [(DAY - ONE_DAY, set()), (DAY, set()), (DAY + ONE_DAY, {"future"})])
def test_a_correction_is_dated_by_the_day_of_the_push(day: date, broken: set[str]) -> None:
    """The day before it and the day itself are right, the day after it is not."""
    found = told(RECORD, EXPIRES_SOONER + corrected("expires", day=day))
    assert {"future" for line in found if "correction_is_not_of_the_future" in line} == broken
    assert len(found) == len(broken)


def test_an_old_correction_corrects_nothing_new() -> None:
    """What it named once must be named again."""
    once = varied(("2028-02-29", "2028-02-28"), also=corrected("expires"))
    [line] = told(once, once.replace("2028-02-28", "2028-02-27"))
    correction = "- {date: 2026-11-22, keys: [expires], reason: …}"
    assert line.endswith(f"add below the other corrections the line {correction} [expires_is_kept]")


def test_a_record_that_cannot_be_read_waits() -> None:
    """Other problems are told of it; when those are mended it is compared."""
    before, text = records.certificate(RECORD), varied(("2028-02-29", "2028-02-30"))
    assert history.judge(before, None, records.record(text), PATH, DAY) == []


@pytest.mark.parametrize("level", ["qualified", "three-star", "four-star"])
def test_under_another_scheme_the_stars_are_compared(level: str) -> None:
    """A correction of the scheme is no way to more stars."""
    schemes = records.rulebook().schemes
    old, new = schemes["gbt-27922-2011"], schemes["gbt-27925-2011"]
    before = replace(records.certificate(RECORD), level=old.by_level[level])
    correction = Correction(DAY, ("scheme",), "录入错误")
    for now in new.levels:
        after = replace(before, scheme=new, level=now, corrections=(correction,))
        found = rules(history.judge(before, after, records.record(RECORD), PATH, DAY))
        assert found == ({"level_rises_by_an_audit"} if now.stars > before.level.stars else set())


# laws

MAPPING = records.record(RECORD)


def judged(before: Certificate, now: Certificate) -> set[str]:
    """The rules that are broken between any two certificates."""
    return rules(history.judge(before, now, MAPPING, PATH, DAY))


@given(any_certificate(), st.data())
def test_what_is_added_at_the_end_breaks_nothing(before: Certificate, data: st.DataObject) -> None:
    """Audits, with the level that they lead to, decisions and brands."""
    level = data.draw(st.sampled_from(before.scheme.levels))
    new = tuple(replace(audit, level=level) for audit in audits(*data.draw(st.sampled_from([(), ("2026-11-20",)]))))
    now = replace(
        before,
        level=level if new else before.level,
        audits=before.audits + new,
        decisions=before.decisions + tuple(data.draw(st.lists(any_decision(), max_size=2))),
        brands=(*before.brands, *data.draw(st.lists(st.text(), max_size=2))),
    )
    assert judged(before, now) == set()


CHANGES: dict[str, Callable[[Certificate], Certificate]] = {
    "holder.uscc": lambda one: replace(one, holder=replace(one.holder, uscc=one.holder.uscc[::-1])),
    "scheme": lambda one: replace(one, scheme=replace(one.scheme, id="another")),
    "first_issued": lambda one: replace(one, first_issued=one.first_issued - ONE_DAY),
    "issued": lambda one: replace(one, issued=one.issued + ONE_DAY),
    "expires": lambda one: replace(one, expires=one.expires + ONE_DAY),
    "audits": lambda one: replace(one, audits=(replace(one.audits[0], kind="special-ish"), *one.audits[1:])),
    "decisions": lambda one: replace(one, decisions=one.decisions[1:]),
}
NAMES = {"holder.uscc": "holder_is_kept", "audits": "audits_are_kept", "decisions": "decisions_are_kept"}


KINDS = ("recertification", "surveillance", "special")
LEVELS = records.rulebook().schemes["gbt-27922-2011"].levels
AUDIT_DAYS = st.integers(0, 1200).map(lambda count: date(2025, 1, 1) + count * ONE_DAY)


@st.composite
def with_audits(draw: st.DrawFn, recorded: tuple[Audit, ...] = ()) -> Certificate:
    """A certificate of the level that its latest audit led to; some of its audits may be of those recorded."""
    kept = draw(st.lists(st.sampled_from(recorded), unique_by=id)) if recorded else []
    levels = draw(st.lists(st.tuples(AUDIT_DAYS, st.sampled_from(LEVELS)), min_size=not kept, max_size=4))
    made = [Audit(draw(st.sampled_from(KINDS)), day, Score(Decimal(96)), level) for day, level in levels]
    row = tuple(sorted([*kept, *made], key=lambda audit: audit.date))
    return replace(records.certificate(RECORD), audits=row, level=row[-1].level)


def shown_on(one: Certificate, day: date) -> int:
    """The stars that readers are shown on a day."""
    return known_on(one, day)[-1].level.stars


def known_on(one: Certificate, day: date) -> tuple[Audit, ...]:
    """Its audits up to a day; all of them, where none is."""
    return tuple(audit for audit in one.audits if audit.date <= day) or one.audits


@given(st.data())
def test_no_correction_shows_more_stars_on_any_day(data: st.DataObject) -> None:
    """However audits are rewritten: without one that is later than all recorded, no day has more than it had."""
    before = data.draw(with_audits())
    now = data.draw(with_audits(before.audits))
    latest = max(audit.date for audit in before.audits)
    days = [DAY, *(audit.date for audit in (*before.audits, *now.audits) if audit.date > DAY)]
    more = [day for day in days if shown_on(now, day) > shown_on(before, day)]
    unfounded = [day for day in more if known_on(now, day)[-1].date <= latest]
    now = replace(now, corrections=(Correction(DAY, ("audits",), "reason"),))
    assert ("level_rises_by_an_audit" in judged(before, now)) is bool(unfounded)


@given(any_certificate(), st.sets(st.sampled_from(CORRECTABLE), min_size=1), st.sets(st.sampled_from(CORRECTABLE)))
def test_a_protected_key_changes_exactly_by_a_correction(before: Certificate, keys: set[str], named: set[str]) -> None:
    """What is changed and not named is told; what is named and not changed is told too; all else is right."""
    now = before
    for key in keys:
        assume(key != "decisions" or len(set(before.decisions)) == len(before.decisions) > 0)
        now = CHANGES[key](now)
    if named:
        correction = Correction(DAY, tuple(sorted(named)), "reason")
        now = replace(now, corrections=(*before.corrections, correction))
    wanted = {NAMES.get(key, f"{key}_is_kept") for key in keys - named}
    assert judged(before, now) == wanted | ({"correction_corrects_something"} if named - keys else set())


@given(any_certificate(), any_certificate(), st.lists(any_correction(), max_size=3))
def test_whatever_two_records_say_is_told_on_lines_that_show(
    before: Certificate, now: Certificate, also: list[Correction]
) -> None:
    """No pair of certificates breaks a rule itself, and a record that says the same again breaks none."""
    found = history.judge(before, replace(now, corrections=tuple(also)), MAPPING, PATH, DAY)
    assert all(str(problem).isprintable() for problem in found)
    assert judged(now, now) == set()
