"""The way nearly all records are written, read several times as fast as YAML at large.

A plain text consists of such lines alone:

    # a comment, or a blank line
    number: 99925SC00123R1M
    region: "33"  # a comment after a value or a key
    holder:
      name: 示例云栖电器有限公司
    brands:
      - 云栖
    sites:
      - kind: head-office
        city: 杭州
    points: {5.1: 38.5, 5.2: 33.6, 5.3: 24.1}

Keys consist of a-z, 0-9, `_` and `.`. One space follows each `-` and each colon that has a value on its line.
A value is a text that begins with no sign of YAML and holds neither `: ` nor ` #`, or stands between two quotation
marks of one kind and holds neither that kind nor a backslash; between braces it is bare and holds no comma, bracket,
`:`, `?` or `#` at all. What belongs to a `key:` begins on the next line, further right
(the dashes of a list may also stand right below the key).

Each line is matched by itself; its lead, the spaces and the dash before the first word, tells where it belongs:
to the innermost open list or mapping whose lines have the same lead.
"""

import re

from starcert.yamlnode import DEEPEST, LONGEST_SCALAR, Mapping, Scalar, Sequence

# What a line can be is clear from left to right, and no text is slow to match: repeats of characters are possessive
# (*+, ++). Those of groups are not, since Python before 3.11.5 matches such ones wrongly; there is nothing that they
# could match in two ways.
LINE = re.compile(
    r"""
    ^(?:
        (?P<lead> [ ]*+ (?:-[ ])? ) (?=[^\s\#])
        (?: (?P<key> [a-z0-9] [a-z0-9_.]{0,60}+ ) : (?: [ ] | $ ) )?
        (?:
            (?P<bare>
                [^\s\-?:,\[\]{}\#&*!|>'"%@`]  [^:\#\n]*+
                (?: (?: :(?![ ]|$) | (?<![ ])\# ) [^:\#\n]*+ )*
            ) (?: (?<![ ]) | (?=\#) )
            | " (?P<double> [^"\\\n]++ ) "
            | ' (?P<single> [^'\\\n]++ ) '
            | \{ (?P<pairs> [^{}\n]++ ) \}
        )?
        (?P<comment> [ ]*+ (?<=[ ]) \#.* )?
        | [ ]*+ (?: \#.* )?
    )$
    """,
    re.MULTILINE | re.VERBOSE,
)
PAIR = re.compile(r"""([a-z0-9][a-z0-9_.]{0,60}+): ([^\s\-?:,\[\]{}#&*!|>'"%@`][^?:,\[\]{}#]*+)(?<! )""")

Open = list[tuple[str, Mapping | Sequence]]
"""The lists and mappings that a line may go on with, the innermost last, each with the lead of its lines."""


class _NotPlain(Exception):
    """The strict reader must decide."""


def read_plain(text: str) -> Mapping | None:
    """The record in a plain text, node for node what the strict reader makes of it; None when the text is not plain.

    A text in which the strict reader finds a problem is not plain.
    """
    lines = LINE.findall(text)
    if len(lines) <= text.count("\n") or not _is_moderate(text):
        return None
    try:
        return _record(lines)
    except _NotPlain:
        return None


def _is_moderate(text: str) -> bool:
    """Whether every character shows, and no line is longer than a value may be."""
    if len(text) > LONGEST_SCALAR and max(map(len, text.split("\n"))) > LONGEST_SCALAR:
        return False
    return text.replace("\n", "").isprintable()


def _record(lines: list[tuple[str, ...]]) -> Mapping:
    """The record in lines that are matched. Most lines are one more key of the mapping before: they call nothing."""
    record = mapping = Mapping({}, {}, 1, 1)
    open_nodes: Open = [("", record)]
    expected: str | None = ""
    opening = ""
    for line, (lead, key, bare, double, single, pairs, comment) in enumerate(lines, 1):
        text = (bare.rstrip(" ") if comment else bare) or double or single or pairs
        if not key and not text:
            continue
        column = len(lead) + 1
        if lead != expected or opening:
            node = _begun(open_nodes, mapping, opening, lead, line) if opening else _resumed(open_nodes, lead)
            opening, expected = "", lead
            if isinstance(node, Mapping):
                mapping = node
            elif key:
                mapping, expected = Mapping({}, {}, line, column), " " * len(lead)
                node.items.append(mapping)
                _enter(open_nodes, expected, mapping)
            else:
                node.items.append(_in_braces(pairs, line, column, open_nodes) if pairs else Scalar(text, line, column))
                expected = None
                continue
        if not key or key in mapping.keys:
            raise _NotPlain
        mapping.keys[key] = line, column
        if text:
            column += len(key) + 2
            mapping.items[key] = _in_braces(pairs, line, column, open_nodes) if pairs else Scalar(text, line, column)
        else:
            opening = key
    if opening or not record.keys:
        raise _NotPlain
    record.line = next(iter(record.keys.values()))[0]
    return record


def _begun(open_nodes: Open, parent: Mapping, key: str, lead: str, line: int) -> Mapping | Sequence:
    """The value of `key` in the innermost mapping, which begins on a line after the key's."""
    node: Mapping | Sequence
    if lead.endswith("- "):
        node, nearest = Sequence([], line, len(lead) - 1), parent.column
    else:
        node, nearest = Mapping({}, {}, line, len(lead) + 1), parent.column + 1
    if node.column < nearest:
        raise _NotPlain
    parent.items[key] = node
    _enter(open_nodes, lead, node)
    return node


def _resumed(open_nodes: Open, lead: str) -> Mapping | Sequence:
    """The list or mapping that a line with this lead goes on with; what lies within it has ended."""
    while open_nodes[-1][0] != lead:
        open_nodes.pop()
        if not open_nodes:
            raise _NotPlain
    return open_nodes[-1][1]


def _enter(open_nodes: Open, lead: str, node: Mapping | Sequence) -> None:
    if len(open_nodes) == DEEPEST:
        raise _NotPlain
    open_nodes.append((lead, node))


def _in_braces(pairs: str, line: int, column: int, open_nodes: Open) -> Mapping:
    """The mapping that is written on one line in braces, the first of which stands in this column."""
    mapping = Mapping({}, {}, line, column)
    if len(open_nodes) == DEEPEST:
        raise _NotPlain
    column += 1
    for pair in pairs.split(", "):
        match = PAIR.fullmatch(pair)
        if match is None or match[1] in mapping.keys:
            raise _NotPlain
        mapping.keys[match[1]] = line, column
        mapping.items[match[1]] = Scalar(match[2], line, column + match.start(2))
        column += len(pair) + 2
    return mapping
