"""Summary: what the shared files need of a cohort: facets, keys of order, and where its cards are."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from starcert.search.folding import CJK, collation, fold
from starcert.search.sharded.cohort import Place


@dataclass(frozen=True, slots=True)
class Summary:
    """A cohort's columns, a row for each certificate in the order of ids.

    `facets` has the codes of each row, joined by SEPARATOR. `order` has texts that sort. `cards` has the path of each
    file of cards under the upper bits of its ids; `characters` are the CJK characters of the names.
    """

    ids: Sequence[int]
    facets: Mapping[str, Sequence[str]]
    order: Mapping[str, Sequence[str]]
    cards: Mapping[str, str]
    characters: str

    @classmethod
    def read(cls, data: bytes) -> Self:
        """The summary that was written."""
        return cls(**json.loads(data))

    def written(self) -> bytes:
        """The summary as bytes, to be kept from build to build."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


SEPARATOR = "\0"


def summarised(places: Sequence[Place], cards: Mapping[int, str]) -> Summary:
    """The summary of a cohort whose files of cards have those paths."""
    entries = [entry for _, entry in places]
    facets = sorted({facet for entry in entries for facet in entry.facets})
    orders = sorted({key for entry in entries for key in entry.sort})
    return Summary(
        ids=[id for id, _ in places],
        facets={facet: [_codes(entry.facets.get(facet, ())) for entry in entries] for facet in facets},
        order={key: [entry.sort.get(key, "") for entry in entries] for key in orders}
        | {"name": [collation(entry.names[0]) for entry in entries]},
        cards={str(group): path for group, path in cards.items()},
        characters="".join(sorted({c for entry in entries for name in entry.names for c in fold(name) if c >= CJK})),
    )


def _codes(said: str | tuple[str, ...]) -> str:
    return said if isinstance(said, str) else SEPARATOR.join(filter(None, said))
