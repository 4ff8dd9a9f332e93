"""What readers see of a record: its names, addresses and descriptions hold nothing that deceives the eye.

These rules take the texts of a record of any kind as they were written, whether or not its values make sense.
"""

from starcert import characters
from starcert.problems import shown
from starcert.rules.findings import Key, Says
from starcert.yamlfile import Mapping, Node, Scalar, Sequence

Texts = list[tuple[Key, str]]

SHOWN = frozenset(
    ("name", "name_en", "address", "address_en", "city", "scope", "scope_en", "brands", "filed_rule", "reason")
)


def are_plain(record: Mapping) -> bool:
    """Whether all texts of the record, shown or not, are of characters that no rule of names minds."""
    return characters.are_plain(" ".join(_all_texts(record)))


def _all_texts(record: Mapping) -> list[str]:
    texts = []
    nodes: list[Node] = [record]
    for node in nodes:  # which grows on the way
        if isinstance(node, Scalar):
            texts.append(node.text)
        else:
            nodes += node.items.values() if isinstance(node, Mapping) else node.items
    return texts


def shown_texts(node: Mapping | Sequence, key: Key = (), is_shown: bool = False) -> Texts:
    """The texts in a record that readers are shown, each with its key."""
    found: Texts = []
    for step, item in node.items.items() if isinstance(node, Mapping) else enumerate(node.items):
        shows = is_shown or step in SHOWN
        if not isinstance(item, Scalar):
            found += shown_texts(item, (*key, step), shows)
        elif shows:
            found.append(((*key, step), item.text))
    return found


def names_hide_nothing(texts: Texts) -> Says:
    """A name, address or description must not hold control, bidirectional or zero-width characters."""
    for key, text in texts:
        for index, char in characters.forbidden(text):
            yield key, f"character {index + 1} of {_named(key)} is {char}, which cannot be seen: delete it"


def names_are_what_they_seem(texts: Texts) -> Says:
    """A name, address or description must not hold a character that looks like another one."""
    for key, text in texts:
        for index, char, meant in characters.lookalikes(text):
            advice = f"type {'a plain space' if meant == ' ' else meant}" if meant else "write it another way"
            found = f"character {index + 1} of {_named(key)} '{shown(text)}' is {char}"
            yield key, f"{found}, which passes for another: {advice}"


def _named(key: Key) -> str:
    return str(next(step for step in reversed(key) if isinstance(step, str)))


RULES = (names_hide_nothing, names_are_what_they_seem)
