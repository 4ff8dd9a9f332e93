"""Strict YAML: the bytes of a file -> texts, lists and mappings with their places, or what to type instead.

Every scalar stays the text that was written: `NO`, `00123`, `4.10`, `null` and an empty value ('') mean
nothing here. What may say one thing to a reader and another to a parser is refused: see RULES.
Files written the plain way are read by yamlplain, all others by yamlcomposer.
"""

from starcert import textfile
from starcert.problems import Problem
from starcert.yamlnode import DEEPEST, LONGEST_SCALAR, Mapping, Node, Scalar, Sequence
from starcert.yamlplain import read_plain

__all__ = ["RULES", "Mapping", "Node", "Scalar", "Sequence", "read"]

RULES = textfile.RULES | {
    "yaml_syntax": "A file must be well-formed YAML.",
    "yaml_empty": "A file must hold a record.",
    "yaml_mapping": "A file must consist of `key: value` lines.",
    "yaml_key": "A key must be a text, not a list or a mapping.",
    "yaml_duplicate_key": "A key must be given only once.",
    "yaml_anchor": "A value must not be named with an anchor (&name).",
    "yaml_alias": "A value must be written out, not referred to with an alias (*name).",
    "yaml_tag": "A value must not carry a tag (!name).",
    "yaml_merge_key": "A mapping must not merge another one into itself (<<).",
    "yaml_directive": "A file must not begin with a directive (%YAML, %TAG).",
    "yaml_second_document": "A file must hold one record only.",
    "yaml_depth": f"Lists and mappings must be nested at most {DEEPEST} deep.",
    "yaml_scalar_size": f"A text must have at most {LONGEST_SCALAR:,} characters.",
}


def read(data: bytes, path: str) -> tuple[Mapping | None, list[Problem]]:
    """The record in `data` and all that is wrong with its form; None when it is unclear what the record says.

    A block scalar (`|`, `>`) comes without its last line break. A record that comes with problems may be
    checked further, to name every mistake in one run, but is not to be relied on. Of a file that is wrong
    throughout, the first 100 problems are named.
    """
    text, problems = textfile.decode(data, path)
    if problems and not text:
        return None, problems
    if not problems and (record := read_plain(text)):
        return record, []
    return read_any(text, problems, path)


def read_any(text: str, problems: list[Problem], path: str) -> tuple[Mapping | None, list[Problem]]:
    """As `read`, by the parser: the record in a text in which these problems were found and patched."""
    from starcert.yamlcomposer import Composer  # noqa: PLC0415  # what is plain should not wait for a parser

    composer = Composer(text, path, sound=not problems)
    record = composer.record()
    return record, sorted(problems + composer.problems)[: textfile.MOST_REPORTED]
