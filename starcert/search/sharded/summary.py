"""Summary: what the shared files need of a cohort: facets, keys of order, and where its cards are."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple, Self

from starcert.search.folding import CJK, collation, fold
from starcert.search.sharded.cohort import Place

SEPARATOR = "\0"


class Column(NamedTuple):
    """A text for each row: all that there are, in order, and for each row the number of its own."""

    texts: Sequence[str]
    rows: Sequence[int]


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known of a cohort, with a row for each certificate in the order of ids.

    `facets` has the codes of each row, joined by SEPARATOR. `order` has texts that sort. `cards` has the path of each
    file of cards under the upper bits of its ids; `characters` are the CJK characters of the names.
    """

    ids: Sequence[int]
    facets: Mapping[str, Column]
    order: Mapping[str, Column]
    cards: Mapping[str, str]
    characters: str

    @classmethod
    def read(cls, data: bytes) -> Self:
        """The summary that was written."""
        fields = json.loads(data)
        for kind in ("facets", "order"):
            fields[kind] = {name: Column(*column) for name, column in fields[kind].items()}
        return cls(**fields)

    def written(self) -> bytes:
        """The summary as bytes, to be kept from build to build."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def summarised(places: Sequence[Place], cards: Mapping[int, str]) -> Summary:
    """The summary of a cohort whose files of cards have those paths."""
    entries = [entry for _, entry in places]
    facets = sorted({facet for entry in entries for facet in entry.facets})
    orders = sorted({key for entry in entries for key in entry.sort})
    return Summary(
        ids=[id for id, _ in places],
        facets={facet: column(_codes(entry.facets.get(facet, ())) for entry in entries) for facet in facets},
        order={key: column(entry.sort.get(key, "") for entry in entries) for key in orders}
        | {"name": column(collation(entry.names[0]) for entry in entries)},
        cards={str(group): path for group, path in cards.items()},
        characters="".join(sorted({c for entry in entries for name in entry.names for c in fold(name) if c >= CJK})),
    )


def column(texts: Iterable[str]) -> Column:
    """The column that has these texts, row by row."""
    said = list(texts)
    return _numbered(sorted(set(said)), [(said, range(len(said)))])


def joined(columns: Iterable[Column]) -> Column:
    """The column of all rows, one after the other."""
    parts = list(columns)
    return _numbered(list(dict.fromkeys(sorted(chain.from_iterable(part.texts for part in parts)))), parts)


def _numbered(texts: Sequence[str], parts: Iterable[tuple[Sequence[str], Sequence[int]]]) -> Column:
    number = {text: index for index, text in enumerate(texts)}
    rows: list[int] = []
    for said, picks in parts:
        numbers = [number[text] for text in said]
        rows.extend(map(numbers.__getitem__, picks))
    return Column(texts, rows)


def _codes(said: str | tuple[str, ...]) -> str:
    return said if isinstance(said, str) else SEPARATOR.join(filter(None, said))
