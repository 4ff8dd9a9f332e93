"""`build.py check --against`: what another state of the registry recorded must be kept, on a forge as in a push."""

import json
import shutil
from pathlib import Path

import pytest
from project import CERTIFICATES, DAY, NUMBER, Ended, Project, project
from records import BODY, RECORD, RULEBOOK, varied

OTHER = "99925SC00124R1M"
RECORDED, BASE = f"{CERTIFICATES}/{NUMBER}.yaml", "base"
AUDIT = "  - {kind: special, date: 2026-10-10, score: 91.00, level: four-star}\n"
SWAPPED = ["level_rises_by_an_audit", "audits_are_kept"]
RAISED = AUDIT.replace("91.00", "96.00").replace("four", "five").replace("10-10", "11-20")
LOWERED = varied(("level: five-star\nholder", "level: four-star\nholder"), also=AUDIT)
GONE = (
    f"{RECORDED}:1:1: the record of {NUMBER} is gone, but must remain, even if it was wrong: put the file back; "
    f"to end the certificate, add under its decisions: the line - {{kind: cancelled, date: {DAY}}} [record_remains]\n"
)


@pytest.fixture
def both(tmp_path: Path) -> Project:
    """A project with two certificates, and a copy of its registry beside it."""
    made = project(tmp_path)
    made.add(OTHER)
    shutil.copytree(made.path("registry"), made.path(BASE))
    return made


def against(made: Project, *arguments: str) -> Ended:
    """What check says against the base."""
    return made.call("check", "--against", BASE, "--as-of", DAY, *arguments)


def told(made: Project, before: str, now: str) -> list[str]:
    """The rules that the certificate breaks, once recorded like this and now like that."""
    made.write(f"{BASE}/{RECORDED.partition('/')[2]}", before)
    made.write(RECORDED, now)
    return [one["rule"] for one in json.loads(against(made, "--format", "json").out)["problems"]]


def test_what_is_kept_passes(both: Project) -> None:
    """The same records, new ones too."""
    both.add("99925SC00125R1M")
    assert against(both) == Ended(0, "no problems in 3 records\n", "")


def test_a_record_must_remain(both: Project) -> None:
    """Told at the path that it had here; the exit code is that of any problem, and without a base nothing is asked."""
    both.path(RECORDED).unlink()
    assert against(both) == Ended(1, f"{GONE}1 problem in 1 record\n", "")
    assert both.call("check").code == 0


@pytest.mark.parametrize("folder", ["registry/certificates/other-cb", CERTIFICATES])
def test_a_record_that_moves_is_gone(both: Project, folder: str) -> None:
    """To another body, or to another number."""
    both.write("registry/bodies/other-cb.yaml", RULEBOOK[f"bodies/{BODY}.yaml"])
    both.add("99925SC00126R1M", folder=folder)
    both.path(RECORDED).unlink()
    assert GONE in against(both).out


@pytest.mark.parametrize(
    ("before", "now", "rules"),
    [
        (RECORD, varied((NUMBER, "99925SC00199R1M")), ["file_name"]),
        (RECORD, varied(("2028-02-29", "2028-02-28")), ["expires_is_kept"]),
        (LOWERED, LOWERED + RAISED, ["level_is_latest_audits"]),
        (LOWERED, RECORD + AUDIT.replace("91.00", "96.00").replace("four", "five"), SWAPPED),
        (LOWERED, RECORD + AUDIT + RAISED, []),
        (RECORD, RECORD + "# a comment\n", []),
        (RECORD, "number: [", ["yaml_syntax"]),
        (varied(("2028-02-29", "2024-02-28")), varied(("2028-02-29", "2028-02-28")), []),
    ],
)
def test_a_changed_record_is_judged_by_the_rules_of_pushes(
    both: Project, before: str, now: str, rules: list[str]
) -> None:
    """One that is broken now, when it is mended; one that was broken before, not at all."""
    assert told(both, before, now) == rules


def test_what_is_lost_is_in_all_forms(both: Project) -> None:
    """Annotations and the summary, the report of GitLab, and the alerts, which tell the rule in a sentence."""
    both.path(RECORDED).unlink()
    annotated = against(both, "--format", "github", "--summary", "summary.md").out
    assert annotated.startswith(f"::error file={RECORDED},line=1,")
    assert "[record_remains]" in both.path("summary.md").read_text(encoding="utf-8")
    assert json.loads(against(both, "--format", "gitlab").out)[0]["check_name"] == "record_remains"
    run = json.loads(against(both, "--format", "sarif").out)["runs"][0]
    [result] = run["results"]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    sentence = "A certificate's record must remain, also after its end."
    assert rule == {"id": "record_remains", "shortDescription": {"text": sentence}}


def test_it_is_told_in_chinese_too(both: Project) -> None:
    """Like all that clerks read."""
    both.path(RECORDED).unlink()
    assert f"{NUMBER} 的记录" in against(both, "--language", "zh").out
