"""Fingerprints: by which forges know a problem again when the lines of its file move."""

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b

from starcert.problems import Problem

PLACES = re.compile(r"\bline \d+")
SIZE = 8  # bytes


def fingerprints(problems: Iterable[Problem]) -> list[str]:
    """One for each problem, all different: of its file, rule and message, and the how manieth such it is."""
    seen: Counter[str] = Counter()
    made = []
    for problem in problems:
        told = "\0".join((problem.path, problem.rule, PLACES.sub("line", problem.message)))
        digest = blake2b(told.encode("utf-8", "surrogatepass"), digest_size=SIZE).hexdigest()
        seen[digest] += 1
        made.append(f"{digest}:{seen[digest]}")
    return made
