"""YAML at large, for the few records that are not written the plain way. The only user of yaml."""

from collections.abc import Callable
from typing import Any

from yaml import (
    AliasEvent,
    CSafeLoader,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    YAMLError,
)

from starcert import characters, yamladvice
from starcert.problems import Problem, shown
from starcert.yamlnode import DEEPEST, LONGEST_SCALAR, Mapping, Node, Places, Scalar, Sequence

TOO_DEEP = f"lists and mappings are nested more than {DEEPEST} deep here: take out a level"
NO_TEXT_KEY = "a key must be a text, as in key: value"
MERGES = "<< copies another mapping to here: write its keys and values out"
DIRECTS = "a line that begins with % directs the parser: delete it"
SECOND = "a second record begins here: give each record a file of its own, or delete the line ---"
TAGGED = "a word that begins with ! is a type tag: delete it, or quote the text if it begins with !"
EMPTY = "the file holds nothing: write a record of key: value lines, or delete the file"
LISTED = "the file is a list: write key: value lines, without - or [ in front"
NO_PAIR = "the file has no key: value line"


class _Unclear(Exception):
    """To read on would be to guess; the problem is already noted."""


class Composer:
    """Turns the events of one text into nodes, and notes every refusal on the way.

    A text that is not `sound` has already been refused and patched: it is read for further refusals only.
    """

    def __init__(self, text: str, path: str, sound: bool) -> None:
        self.text = text
        self.path = path
        self.sound = sound
        self.clear = sound
        self.problems: list[Problem] = []

    def record(self) -> Mapping | None:
        """The text as a mapping; None when it is none or unclear."""
        try:
            node = self._compose()
        except _Unclear:
            return None
        except YAMLError as error:
            if self.sound:
                self._refuse_syntax(error)
            return None
        if isinstance(node, Mapping):
            return node if self.clear else None
        if self.sound:
            self._refuse_root(node)
        return None

    def _compose(self) -> Node | None:
        """The root of the first document. A loop with a stack of its own: deep nesting breaks recursion."""
        next_event: Callable[[], Any] = CSafeLoader(self.text).get_event
        with_escapes = "\\" in self.text
        document = Sequence([], 1, 1)
        open_nodes: list[Sequence | Mapping] = [document]
        values, items, keys = _inside(document)
        key = None
        node: Node
        while (event := next_event()) is not None:
            kind = type(event)
            if kind is ScalarEvent:
                text, mark = event.value, event.start_mark
                node = Scalar(text, mark.line + 1, mark.column + 1)
                if event.anchor or event.tag:
                    self._refuse_properties(event)
                if with_escapes or len(text) > LONGEST_SCALAR or "\n" in text:
                    self._examine(event, node)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                node = self._opened(event, len(open_nodes))
                open_nodes.append(node)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                open_nodes.pop()
                values, items, keys = _inside(open_nodes[-1])
                continue
            elif kind is AliasEvent:
                node = self._alias(event)
            else:
                self._examine_document(event, document)
                continue
            if keys is None:
                values.append(node)
            elif key is None:
                key = self._key(node, keys)
            else:
                items[key] = node
                key = None
            if node is open_nodes[-1]:
                values, items, keys = _inside(node)
        return document.items[0] if document.items else None

    def _opened(self, event: Any, depth: int) -> Sequence | Mapping:
        """The list or mapping that begins here, still empty."""
        line, column = _place(event)
        if depth > DEEPEST:
            self._refuse(line, column, "yaml_depth", TOO_DEEP)
            raise _Unclear
        if event.anchor or event.tag:
            self._refuse_properties(event)
        if isinstance(event, MappingStartEvent):
            return Mapping({}, {}, line, column)
        return Sequence([], line, column)

    def _key(self, node: Node, keys: Places) -> str:
        """The text of the key at `node`, its place noted in `keys`."""
        place = node.line, node.column
        if not isinstance(node, Scalar):
            self._refuse(*place, "yaml_key", NO_TEXT_KEY)
            raise _Unclear
        text = node.text
        if text in keys:
            given = f"{shown(text)} is already given on line {keys[text][0]}: keep one of the two"
            self._refuse(*place, "yaml_duplicate_key", given)
        elif text == "<<":
            self.clear = False
            self._refuse(*place, "yaml_merge_key", MERGES)
        keys[text] = place
        return text

    def _alias(self, event: Any) -> Scalar:
        """A stand-in for what the alias refers to."""
        self.clear = False
        name, (line, column) = f"*{event.anchor}", _place(event)
        meant = f"{name} stands for a value elsewhere: write that out, or quote the text if it begins with *"
        self._refuse(line, column, "yaml_alias", meant)
        return Scalar(name, line, column)

    def _examine(self, event: Any, node: Scalar) -> None:
        """Look closer at a text that is long, of several lines, or may come from escapes."""
        if event.style in ("|", ">"):
            node.text = node.text.removesuffix("\n")
        if len(node.text) > LONGEST_SCALAR:
            size = f"the text has {len(node.text):,} characters, {LONGEST_SCALAR:,} are allowed: shorten it"
            self._refuse(node.line, node.column, "yaml_scalar_size", size)
        for match in characters.HIDDEN.finditer(node.text) if event.style == '"' else ():
            escape = f"the text has an escape for {characters.name(match[0])}: delete the escape"
            self._refuse(node.line, node.column, "yaml_characters", escape)

    def _examine_document(self, event: Any, document: Sequence) -> None:
        """Look at where a document begins: there must be one, without directives."""
        if isinstance(event, DocumentStartEvent) and (event.version or event.tags):
            self._refuse(*_place(event), "yaml_directive", DIRECTS)
        if isinstance(event, DocumentStartEvent) and document.items:
            self._refuse(*_place(event), "yaml_second_document", SECOND)
            raise _Unclear

    def _refuse_properties(self, event: Any) -> None:
        """Refuse the anchor and the tag before a value."""
        if event.anchor:
            name = f"&{event.anchor}"
            named = f"{name} names this value: delete it, or quote the text if it begins with &"
            self._refuse(*_place(event), "yaml_anchor", named)
        if event.tag:
            self._refuse(*_place(event), "yaml_tag", TAGGED)

    def _refuse_root(self, node: Node | None) -> None:
        """Refuse a text that holds no mapping."""
        if node is None or (isinstance(node, Scalar) and not node.text):
            self._refuse(1, 1, "yaml_empty", EMPTY)
        elif isinstance(node, Sequence):
            self._refuse(node.line, node.column, "yaml_mapping", LISTED)
        else:
            slip = yamladvice.slip(self.text.split("\n"), [node.line])
            line, column, message = slip or (node.line, node.column, NO_PAIR)
            self._refuse(line, column, "yaml_mapping", message)

    def _refuse_syntax(self, error: Any) -> None:
        """Refuse what is no YAML, in words for those who typed it."""
        stopped = getattr(error, "problem_mark", None)
        if stopped is None:
            self._refuse(1, 1, "yaml_syntax", f"the file is no YAML: {shown(str(error))}")
            return
        began = error.context_mark or stopped
        at, since = (stopped.line + 1, stopped.column + 1), (began.line + 1, began.column + 1)
        line, column, message = yamladvice.advice(self.text, error.problem, at, since)
        self._refuse(line, column, "yaml_syntax", message)

    def _refuse(self, line: int, column: int, rule: str, message: str) -> None:
        self.problems.append(Problem(self.path, line, column, rule, message))


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _inside(node: Sequence | Mapping) -> tuple[list[Node], dict[str, Node], Places | None]:
    """Where the next node goes: a list's values, or a mapping's items and the places of its keys."""
    if isinstance(node, Mapping):
        return [], node.items, node.keys
    return node.items, {}, None
