"""Shared: the files of the index that tell of all certificates: facets, orders, and where everything is."""

import json
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, takewhile

from starcert.search.folding import simplified
from starcert.search.sharded.cards import BITS
from starcert.search.sharded.pack import name, pack
from starcert.search.sharded.shard import Shard
from starcert.search.sharded.summary import SEPARATOR, Summary

ENTRY = "table.json"


def shared_files(summaries: Sequence[Summary], shards: Iterable[Shard]) -> Iterator[tuple[str, bytes]]:
    """The path and the bytes of each; summaries of all cohorts in their order, shards of all regions in theirs."""
    columns = _columns(summaries)
    orders = {key: pack({}, {"ranks": _ranks(texts)}) for key, texts in _joined(summaries, "order").items()}
    files = {"columns": columns} | {f"order-{key}": data for key, data in orders.items()}
    paths = {file: f"{file}-{name(data)}" for file, data in files.items()}
    for file, data in files.items():
        yield paths[file], data
    listed = sorted(shards)
    entry = {
        "engine": "sharded",
        "columns": paths["columns"],
        "orders": {key: paths[f"order-{key}"] for key in sorted(orders)},
        "starts": list(_starts(listed)),
        "shards": [shard.path for shard in listed],
        "han": _variants(summaries),
    }
    yield ENTRY, json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()


def _columns(summaries: Sequence[Summary]) -> bytes:
    ids = list(chain.from_iterable(summary.ids for summary in summaries))
    steps = [id - before for before, id in zip([0, *ids], ids, strict=False)]
    said = _joined(summaries, "facets")
    codes = {facet: sorted(set(column)) for facet, column in said.items()}
    values = {
        "cardBits": BITS,
        "cards": dict(ChainMap(*(dict(summary.cards) for summary in reversed(summaries)))),
        "facets": {facet: [code.split(SEPARATOR) if code else [] for code in codes[facet]] for facet in sorted(said)},
    }
    numbers = {facet: {code: number for number, code in enumerate(codes[facet])} for facet in said}
    arrays = {f"facet {facet}": list(map(numbers[facet].__getitem__, said[facet])) for facet in sorted(said)}
    return pack(values, {"ids": steps} | arrays)


def _joined(summaries: Sequence[Summary], kind: str) -> dict[str, list[str]]:
    """Each facet's column, or each order's, of all cohorts together."""
    columns: Sequence[tuple[int, Mapping[str, Sequence[str]]]]
    columns = [(len(summary.ids), getattr(summary, kind)) for summary in summaries]
    names = sorted({name for _, known in columns for name in known})
    return {
        name: list(chain.from_iterable(known.get(name) or [""] * rows for rows, known in columns)) for name in names
    }


def _ranks(texts: Sequence[str]) -> list[int]:
    """For each text how many different ones are before it."""
    rank = {text: number for number, text in enumerate(sorted(set(texts)))}
    return list(map(rank.__getitem__, texts))


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
