"""Standard: all that the records of a registry are judged by, as a digest that tells whether any of it has changed."""

from collections.abc import Iterator
from dataclasses import fields
from hashlib import blake2b

from starcert.registry import Registry
from starcert.rulebook import Rulebook


def digest(registry: Registry) -> str:
    """A digest of all that records are judged by."""
    book = registry.rulebook
    told = [*_told(book), sorted(registry.unread_schemes), sorted(registry.unread_bodies)]
    return blake2b(repr(told).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def _told(book: Rulebook) -> Iterator[object]:
    """The rulebook without the keys of bodies, by which no record is judged."""
    yield sorted(book.schemes.items())
    yield sorted(book.vocabularies.items())
    for id, body in sorted(book.bodies.items()):
        others = {
            one.name: getattr(body, one.name) for one in fields(body) if one.name not in ("keys", "number_pattern")
        }
        yield id, body.number_pattern.pattern, others
