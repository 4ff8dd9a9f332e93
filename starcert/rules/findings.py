"""Findings: what a rule says of a record, and how that becomes problems with a place."""

from collections.abc import Callable, Iterable, Iterator

from starcert.parsing import Unread
from starcert.problems import Problem, Severity
from starcert.yamlfile import Mapping, Node, Sequence

Key = tuple[str | int, ...]
Says = Iterator[tuple[Key, str]]
Rule = Callable[..., Says]

# These rules print what they find, and block nothing: genuine certificates exist that they find fault with.
WARNINGS = frozenset({"number_matches_body", "superseded_certificate_ends", "uscc_check_character"})


def severity_of(rule: str) -> Severity:
    """How much a rule's findings weigh."""
    return Severity.WARNING if rule in WARNINGS else Severity.PROBLEM


def problems(rules: Iterable[Rule], record: Mapping, path: str, key: Key, *subjects: object) -> list[Problem]:
    """What each rule finds in the subjects, which stand at `key` in the record, until it needs an unread value."""
    found = []
    for rule in rules:
        try:
            for inner, message in rule(*subjects):
                name = rule.__name__
                found.append(Problem(path, *place(record, key + inner), name, message, severity_of(name)))
        except Unread:
            continue
    return found


def place(record: Mapping, key: Key) -> tuple[int, int]:
    """Line and column of the value at `key`, or of the deepest one that is there on the way to it."""
    node: Node = record
    for step in key:
        inner: Node | None = None
        if isinstance(node, Mapping) and isinstance(step, str):
            inner = node.items.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            inner = node.items[step]
        if inner is None:
            break
        node = inner
    return node.line, node.column
