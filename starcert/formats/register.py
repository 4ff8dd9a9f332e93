"""The keys of site.yaml and of registry/DEMONSTRATION.yaml."""

import re

from starcert.kinds import Choice, Code, Count, Day, Link, ListOf, Text
from starcert.parsing import Field, Table
from starcert.register import Demonstration, Register

LANGUAGES = ("zh", "en")


def register_table() -> Table:
    """The keys of site.yaml."""
    return Table(
        Register,
        {
            "name": Field(Text(60), "the register's name in Chinese"),
            "name_en": Field(Text(60), "the register's name in English"),
            "address": Field(Link(), "its one public address, such as https://stars.example"),
            "languages": Field(ListOf(Choice.of(*LANGUAGES), 1, 2), "the languages of its pages, the first one first"),
            "contact": Field(
                Code(
                    re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+"),
                    "an e-mail address",
                    "register@stars.example",
                ),
                "where readers write to",
            ),
            "fresh_hours": Field(Count(1), "after how many hours a page no longer speaks for today", False, 26),
        },
    )


def demonstration_table() -> Table:
    """The keys of registry/DEMONSTRATION.yaml."""
    return Table(Demonstration, {"until": Field(Day(), "the last day that the demonstration is built for")})
