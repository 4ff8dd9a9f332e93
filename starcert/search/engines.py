"""Engines: all files of a search index, by the engine for so many certificates."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from starcert.search import MOST
from starcert.search.entry import Entry
from starcert.search.index import Index
from starcert.search.sharded import steps


def files(entries: Iterable[Entry], most: int = MOST) -> Iterator[tuple[str, bytes]]:
    """The path and the bytes of every file of the index of `entries`, by the engine for so many."""
    ahead = iter(entries)
    first = list(islice(ahead, most + 1))
    if len(first) > most:
        yield from steps.files(chain(first, ahead))
        return
    with Index() as index:
        for entry in first:
            index.add(entry)
        yield from index.files()
