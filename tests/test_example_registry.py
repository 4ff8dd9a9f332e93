"""The registry that is shipped is in order, shows all that a registry can hold, and stays filled long enough."""

from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from records import problems_in

from benchmarks.records import UNTIL, main, records
from starcert import yamlfile
from starcert.certificate import Certificate
from starcert.formats import certificate_table, demonstration_table
from starcert.parsing import Reading
from starcert.registry import Registry, open_registry
from starcert.score import ItemisedScore
from starcert.status import Status

REGISTRY = Path(__file__).parent.parent / "registry"
EXAMPLE = REGISTRY / "EXAMPLE.yaml"
WITHOUT_SOCIAL_CREDIT_CODES = {"71", "81", "82"}  # Taiwan, Hong Kong, Macao


@pytest.fixture(scope="module")
def registry() -> Registry:
    return open_registry(REGISTRY)


@pytest.fixture(scope="module")
def certificates(registry: Registry) -> list[Certificate]:
    return [verdict.certificate for verdict in registry.verdicts() if verdict.certificate]


def on(status: Status, certificates: list[Certificate]) -> list[Certificate]:
    """The certificates of that status on the day that the examples were written for."""
    return [certificate for certificate in certificates if certificate.status_on(UNTIL) is status]


def test_nothing_is_wrong_in_the_shipped_registry():
    """No rule finds a problem, or anything to warn of, in the shipped registry."""
    assert [str(problem) for problem in problems_in(REGISTRY)] == []


def test_there_are_at_least_150_records_of_three_bodies(certificates):
    """There are records to look at, and every body has a good part of them."""
    by_body = Counter(certificate.body.id for certificate in certificates)
    assert len(certificates) >= 150
    assert len(by_body) == 3
    assert min(by_body.values()) >= 40


def test_every_level_of_every_scheme_is_valid_somewhere(registry, certificates):
    """Each level can be seen on the site, those of after-sales service most often."""
    shown = Counter((certificate.scheme.id, certificate.level.id) for certificate in on(Status.VALID, certificates))
    levels = {(scheme.id, level.id) for scheme in registry.rulebook.schemes.values() for level in scheme.levels}
    assert set(shown) == levels
    assert sum(shown.values()) < 2 * sum(count for (id, _), count in shown.items() if id == "gbt-27922-2011")


def test_every_status_is_there(certificates):
    """Each status has a certificate to learn from."""
    assert {certificate.status_on(UNTIL) for certificate in certificates} == set(Status)


def test_every_province_and_industry_is_there(registry, certificates):
    """Each industry, and each province where holders have a social credit code, has a certificate."""
    terms = {id: {term.code for term in kind.terms} for id, kind in registry.rulebook.vocabularies.items()}
    assert len(terms["regions"]) == 34
    assert {certificate.region.code for certificate in certificates} == terms["regions"] - WITHOUT_SOCIAL_CREDIT_CODES
    assert {certificate.industry.code for certificate in certificates} == terms["industries"]


def test_scores_show_all_that_an_itemised_score_can_hold(certificates):
    """There are exclusions, deductions and the bonus, the most deductions that are allowed among them."""
    scores = [audit.score for certificate in certificates for audit in certificate.audits]
    itemised = [score for score in scores if isinstance(score, ItemisedScore)]
    assert any(score.excluded for score in itemised)
    assert {0, 1, 4} <= {score.deductions for score in itemised}
    assert {score.bonus for score in itemised} == {0, 1}


def test_decisions_show_all_that_a_body_can_decide(certificates):
    """There are all four decisions, a suspension past its end, and a restored certificate that is valid."""
    decided = [[decision.kind for decision in certificate.decisions] for certificate in certificates]
    assert {kind for kinds in decided for kind in kinds} == {"suspended", "restored", "withdrawn", "cancelled"}
    suspended = on(Status.SUSPENDED, certificates)
    assert any((certificate.decisions[-1].end or UNTIL) < UNTIL for certificate in suspended)
    valid = on(Status.VALID, certificates)
    assert any(certificate.decisions[-1:] and certificate.decisions[-1].kind == "restored" for certificate in valid)


def test_certificates_show_all_their_ties(certificates):
    """There are sub-certificates, successors, early renewals and a holder with three certificates."""
    assert any(certificate.parent for certificate in certificates)
    assert any(certificate.supersedes for certificate in certificates)
    assert any(certificate.issued < (certificate.previous_expires or date.min) for certificate in certificates)
    assert max(Counter(certificate.holder.uscc for certificate in certificates).values()) >= 3


def test_the_examples_cannot_be_taken_for_real(registry, certificates):
    """Names say that they are examples, codes name a region that is none, and websites lead nowhere."""
    holders = [certificate.holder for certificate in certificates]
    assert all(holder.name.startswith("示例") for holder in holders)
    assert all((holder.name_en or "Example").startswith("Example") for holder in holders)
    assert all(holder.uscc[2:8] == "000000" for holder in holders)
    assert all((holder.website or ".example/").endswith(".example/") for holder in holders)
    bodies = registry.rulebook.bodies.values()
    assert all(body.name.startswith("示例") and "-9999-" in body.approval_number for body in bodies)


def test_nothing_happens_after_the_day_of_the_examples(certificates):
    """No audit and no decision is dated after the day that the examples were written for."""
    audits = [audit.date for certificate in certificates for audit in certificate.audits]
    decisions = [decision.date for certificate in certificates for decision in certificate.decisions]
    assert max(audits + decisions) <= UNTIL


def test_the_demonstration_is_filled_to_its_last_day(certificates):
    """On the day that the demonstration stops at, a hundred certificates and more are still valid."""
    record, problems = yamlfile.read((REGISTRY / "DEMONSTRATION.yaml").read_bytes(), "DEMONSTRATION.yaml")
    until = demonstration_table().read(record, "", Reading("DEMONSTRATION.yaml", problems)).until
    assert problems == []
    assert sum(certificate.status_on(UNTIL) is Status.VALID for certificate in certificates) >= 150
    assert sum(certificate.status_on(until) is Status.VALID for certificate in certificates) >= 100


def test_example_shows_every_key_in_order(registry):
    """EXAMPLE.yaml has every key of a certificate, in the order of the table."""
    rulebook = registry.rulebook
    scheme = rulebook.schemes["gbt-27922-2011"]
    table = certificate_table(None, rulebook.schemes, [scheme], rulebook.vocabularies)
    record, _ = yamlfile.read(EXAMPLE.read_bytes(), "EXAMPLE.yaml")
    assert list(record.items) == list(table.fields)
    assert keys_shown(record) == keys_described(table.schema())


def test_example_passes(registry):
    """EXAMPLE.yaml, under its own number, has no problem and no warning."""
    data = EXAMPLE.read_bytes()
    verdict = registry.judge_bytes(data, "EXAMPLE.yaml", "xinheng", "00022E90001R1L-3501")
    assert [str(problem) for problem in verdict.problems] == []
    assert verdict.certificate


def test_example_explains_every_key():
    """In EXAMPLE.yaml a comment stands above each key when it first appears; clauses and list marks aside."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    seen: set[str] = set()
    unexplained = []
    for above, line in pairwise(lines):
        key = line.strip().removeprefix("- ").partition(":")[0]
        is_key = ":" in line and not line.lstrip().startswith("#") and not key[0].isdigit()
        if is_key and key not in seen and not above.lstrip().startswith("#"):
            unexplained.append(line)
        seen |= {key} if is_key else set()
    assert unexplained == []


def test_generated_records_pass_every_rule(tmp_path):
    """`python -m benchmarks.records` writes a whole registry in which nothing is wrong."""
    result = CliRunner().invoke(main, ["500", str(tmp_path)])
    assert result.output == f"500 records in {tmp_path}\n"
    assert [str(problem) for problem in problems_in(tmp_path)] == []
    assert len(list(tmp_path.glob("certificates/*/*.yaml"))) == 500


def test_generated_records_are_as_many_as_asked_for():
    """Any number can be had, one among them, although some records come in families."""
    assert [len(list(records(count))) for count in (1, 2, 3, 4, 5, 37)] == [1, 2, 3, 4, 5, 37]


def test_the_same_seed_gives_the_same_records():
    """Two runs with one seed give the same bytes; another seed gives others."""
    assert list(records(200, seed=3)) == list(records(200, seed=3))
    assert list(records(200, seed=3)) != list(records(200, seed=4))


def test_generated_records_tell_nothing_of_the_future(tmp_path):
    """No audit and no decision is dated after the last day that was asked for."""
    CliRunner().invoke(main, ["300", str(tmp_path), "--until", "2029-02-28"])
    certificates = [verdict.certificate for verdict in open_registry(tmp_path).verdicts()]
    audits = [audit.date for certificate in certificates for audit in certificate.audits]
    decisions = [decision.date for certificate in certificates for decision in certificate.decisions]
    assert len(certificates) == 300
    assert max(audits + decisions) <= date(2029, 2, 28)


def keys_shown(node: yamlfile.Node, above: str = "") -> set[str]:
    """Every key that a record has, as a path; clauses, which are data, aside."""
    if isinstance(node, yamlfile.Sequence):
        return set().union(*(keys_shown(item, above) for item in node.items))
    if isinstance(node, yamlfile.Scalar):
        return set()
    paths = {key: f"{above}.{key}" for key in node.items if not key[0].isdigit()}
    return set(paths.values()).union(*(keys_shown(node.items[key], path) for key, path in paths.items()))


def keys_described(schema: dict[str, Any], above: str = "") -> set[str]:
    """Every key that a JSON Schema describes, as a path; clauses, which are data, aside."""
    inner = [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]
    paths = {key: f"{above}.{key}" for key in schema.get("properties", {}) if not key[0].isdigit()}
    below = [keys_described(schema["properties"][key], path) for key, path in paths.items()]
    return set(paths.values()).union(*below, *(keys_described(part, above) for part in inner))
