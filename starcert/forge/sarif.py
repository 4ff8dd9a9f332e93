"""SARIF 2.1.0: problems for code scanners, within the limits of GitHub's."""

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from starcert import __version__
from starcert.forge.fingerprints import fingerprints
from starcert.problems import Problem, Severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.PROBLEM: "error", Severity.WARNING: "warning"}
MOST_RESULTS = 5_000
"""Results of a run that GitHub keeps; it refuses a run of more than 25,000."""
LONGEST = 1_024
"""Characters of a text that GitHub takes."""


def as_sarif(problems: Iterable[Problem], rules: Mapping[str, str]) -> str:
    """A log of the problems, errors rather than warnings where they are too many; `rules` tells rules in a sentence."""
    first = sorted(problems, key=lambda problem: (problem.severity, problem))[:MOST_RESULTS]
    ordered = sorted(first)
    told = dict(sorted(rules.items())) | {p.rule: p.rule for p in ordered if p.rule not in rules}
    places = {rule: index for index, rule in enumerate(told)}
    driver = {
        "name": "Starcert",
        "version": __version__,
        "rules": [{"id": rule, "shortDescription": {"text": _cut(sentence)}} for rule, sentence in told.items()],
    }
    marked = zip(ordered, fingerprints(ordered), strict=True)
    results = [_result(problem, places[problem.rule], fingerprint) for problem, fingerprint in marked]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(problem: Problem, rule: int, fingerprint: str) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": quote(os.fsencode(problem.path))},
        "region": {"startLine": problem.line, "startColumn": problem.column},
    }
    return {
        "ruleId": problem.rule,
        "ruleIndex": rule,
        "level": LEVELS[problem.severity],
        "message": {"text": _cut(problem.message)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
