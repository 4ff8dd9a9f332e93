"""Shared: the files of the index that tell of all certificates: facets, orders, and where everything is."""

import json
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, takewhile
from typing import Literal

from starcert.search.folding import simplified
from starcert.search.sharded.cards import BITS
from starcert.search.sharded.pack import name, pack
from starcert.search.sharded.shard import Shard
from starcert.search.sharded.summary import SEPARATOR, Column, Summary, joined

ENTRY = "table.json"


def shared_files(summaries: Sequence[Summary], shards: Iterable[Shard]) -> Iterator[tuple[str, bytes]]:
    """The path and the bytes of each; summaries of all cohorts in their order, shards of all regions."""
    orders = _joined(summaries, "order")
    files = {"columns": _columns(summaries)} | {f"order-{key}": pack({}, {"ranks": orders[key].rows}) for key in orders}
    paths = {file: f"{file}-{name(data)}" for file, data in files.items()}
    for file, data in files.items():
        yield paths[file], data
    listed = sorted(shards)
    entry = {
        "engine": "sharded",
        "columns": paths["columns"],
        "orders": {key: paths[f"order-{key}"] for key in orders},
        "starts": list(_starts(listed)),
        "shards": [shard.path for shard in listed],
        "han": _variants(summaries),
    }
    yield ENTRY, json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()


def _columns(summaries: Sequence[Summary]) -> bytes:
    ids = list(chain.from_iterable(summary.ids for summary in summaries))
    facets = _joined(summaries, "facets")
    values = {
        "cardBits": BITS,
        "cards": {group: path for summary in summaries for group, path in summary.cards.items()},
        "facets": {name: [_codes(text) for text in facets[name].texts] for name in facets},
    }
    arrays = {f"facet {name}": facets[name].rows for name in facets}
    return pack(values, {"ids": list(map(operator.sub, ids, [0, *ids[:-1]]))} | arrays)


def _joined(summaries: Sequence[Summary], kind: Literal["facets", "order"]) -> dict[str, Column]:
    """Each facet's column, or each order's, of all cohorts together."""
    known: Sequence[tuple[int, Mapping[str, Column]]]
    known = [(len(summary.ids), getattr(summary, kind)) for summary in summaries]
    names = sorted({name for _, columns in known for name in columns})
    return {name: joined(columns.get(name) or Column([""], [0] * rows) for rows, columns in known) for name in names}


def _codes(text: str) -> list[str]:
    return text.split(SEPARATOR) if text else []


def _starts(shards: Sequence[Shard]) -> Iterator[str]:
    """For each shard the shortest text that no key of it is before, and all keys of those before it are."""
    last = ""
    for shard in shards:
        common = takewhile(lambda pair: pair[0] == pair[1], zip(last, shard.first, strict=False))
        yield shard.first[: sum(1 for _ in common) + 1] if last else ""
        last = shard.last


def _variants(summaries: Iterable[Summary]) -> dict[str, str]:
    """The traditional characters that may stand in a query for characters of the names."""
    characters = set(chain.from_iterable(summary.characters for summary in summaries))
    pairs = sorted((chr(code), to) for code, to in simplified().items() if to in characters)
    return {"from": "".join(char for char, _ in pairs), "to": "".join(to for _, to in pairs)}
