"""Table: what the search page counts, narrows and sorts by. The only user of cbor2."""

import gzip
import json

import cbor2

from starcert.search.entry import Entry
from starcert.search.folding import collation, fold, simplified


class Table:
    """What the page counts, narrows and sorts by, a row for each certificate.

    Pagefind's own filters and sort keys would take a time that grows with the square of the results, and come
    out in the order of a hash map, so that no two runs would give the same bytes (1.5.2).
    """

    def __init__(self) -> None:
        self.rows = 0
        self._codes: dict[str, dict[str, int]] = {}
        self._facets: dict[str, list[list[int]]] = {}
        self._keys: dict[str, list[str]] = {}
        self._characters: set[str] = set()

    def add(self, entry: Entry) -> None:
        """Append a row."""
        for facet, said in entry.facets.items():
            numbers = self._codes.setdefault(facet, {})
            codes = [code for code in ((said,) if isinstance(said, str) else said) if code]
            column = self._facets.setdefault(facet, [])
            column.extend([] for _ in range(self.rows - len(column)))
            column.append([numbers.setdefault(code, len(numbers)) for code in codes])
        for name, key in {**entry.sort, "name": collation(entry.names[0])}.items():
            keys = self._keys.setdefault(name, [])
            keys.extend("" for _ in range(self.rows - len(keys)))
            keys.append(key)
        self._characters.update(*map(fold, entry.names))
        self.rows += 1

    def encoded(self, ids: list[str], parts: list[str]) -> bytes:
        """The table as JSON, with Pagefind's name for each row and the first word of each part of its index."""
        facets = {
            facet: {"codes": list(self._codes[facet]), "rows": [row[0] if len(row) == 1 else row for row in rows]}
            for facet, rows in sorted(self._facets.items())
        }
        order = {name: sorted(range(len(keys)), key=keys.__getitem__) for name, keys in sorted(self._keys.items())}
        table = {"ids": ids, "parts": parts, "facets": facets, "order": order, "han": self._variants()}
        return json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()

    def _variants(self) -> dict[str, str]:
        """The traditional characters that may stand in a query for characters of the names."""
        pairs = sorted((chr(code), to) for code, to in simplified().items() if to in self._characters)
        return {"from": "".join(char for char, _ in pairs), "to": "".join(to for _, to in pairs)}


def outline(meta: bytes) -> tuple[list[str], list[str]]:
    """From the .pf_meta file of a bundle: a name for each record, and the first word of each part of the index."""
    _, pages, chunks, *_ = cbor2.loads(gzip.decompress(meta).removeprefix(b"pagefind_dcd"))
    return [name for name, _ in pages], [first for first, *_ in chunks]
