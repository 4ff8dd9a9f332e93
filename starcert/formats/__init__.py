"""Formats: the keys of every kind of record, as tables; one module a kind."""

from starcert.formats.certificate import certificate_table
from starcert.formats.register import demonstration_table, register_table
from starcert.formats.rulebook import body_table, scheme_table, vocabulary_table

__all__ = [
    "body_table",
    "certificate_table",
    "demonstration_table",
    "register_table",
    "scheme_table",
    "vocabulary_table",
]
