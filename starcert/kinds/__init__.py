"""Kinds: what a value of a record may be, from a text to a list. Each reads a node or says why it cannot."""

from starcert.kinds.choices import YES_OR_NO, Choice, any_of
from starcert.kinds.compounds import As, ByWord, Either, ListOf, Unjudged
from starcert.kinds.keys import PublicKey
from starcert.kinds.quantities import Count, Day, Number
from starcert.kinds.texts import ACCOUNT, Code, Link, Pattern, Text

__all__ = [
    "ACCOUNT",
    "YES_OR_NO",
    "As",
    "ByWord",
    "Choice",
    "Code",
    "Count",
    "Day",
    "Either",
    "Link",
    "ListOf",
    "Number",
    "Pattern",
    "PublicKey",
    "Text",
    "Unjudged",
    "any_of",
]
