"""Chinese: what a problem says, in the words of clerks; keys and values stay as records write them.

messages.yaml holds each message of each rule in both languages, parts.yaml the pieces that messages have in common,
rules.yaml the rules themselves. They are read when Chinese is first asked for.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from starcert import yamlfile
from starcert.chinese.phrases import Form, Phrases
from starcert.problems import Problem

__all__ = ["Form", "Phrases", "chinese", "messages", "rules"]

FOLDER = Path(__file__).parent


def chinese(problem: Problem) -> str:
    """The problem's message in Chinese; one that has no Chinese form comes as it is, after the rule in Chinese."""
    if messages().form(problem.rule, problem.message):
        return messages().say(problem.rule, problem.message)
    rule = rules().get(problem.rule, "").removesuffix("。")
    return f"{rule}（{problem.message}）" if rule else problem.message


@cache
def messages() -> Phrases:
    """The messages of each rule."""
    return Phrases(_texts("messages"), parts=Phrases(_texts("parts")))


@cache
def rules() -> Mapping[str, str]:
    """What each rule demands, as one sentence."""
    sentences: Mapping[str, str] = _texts("rules")
    return sentences


def _texts(name: str) -> Any:
    """What a file of this folder says, as plain texts and mappings."""
    record, problems = yamlfile.read((FOLDER / f"{name}.yaml").read_bytes(), f"{name}.yaml")
    assert record, problems
    assert not problems, problems
    return _plain(record)


def _plain(node: yamlfile.Node) -> Any:
    if isinstance(node, yamlfile.Scalar):
        return node.text
    assert isinstance(node, yamlfile.Mapping)
    return {key: _plain(item) for key, item in node.items.items()}
