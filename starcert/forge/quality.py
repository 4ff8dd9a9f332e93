"""Quality: problems as GitLab's code quality report, which it shows in a merge request."""

import json
from collections.abc import Iterable

from starcert.forge.fingerprints import fingerprints
from starcert.problems import Problem, Severity
from starcert.reports import ENGLISH, Languages, messages

SEVERITIES = {Severity.PROBLEM: "major", Severity.WARNING: "minor"}


def as_gitlab(problems: Iterable[Problem], languages: Languages = ENGLISH) -> str:
    """A list of all problems; GitLab tells by the fingerprints which of them a merge request brings or mends."""
    ordered = sorted(problems)
    listed = [
        {
            "description": " / ".join(messages(problem, languages)),
            "check_name": problem.rule,
            "fingerprint": fingerprint,
            "severity": SEVERITIES[problem.severity],
            "location": {"path": problem.path, "lines": {"begin": problem.line}},
        }
        for problem, fingerprint in zip(ordered, fingerprints(ordered), strict=True)
    ]
    return json.dumps(listed, indent=2) + "\n"
