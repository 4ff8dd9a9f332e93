"""What is indexed and how: certificates in, the files of a search index out.

Pagefind cannot segment Chinese, so an entry is indexed as a line of words of our own making, and the page
that asks (templates/assets/query.js) folds and splits a query by the same rules:

- a character from the CJK blocks on is a word by itself, simplified; a Chinese query is a quoted phrase;
- any other word is lower case without diacritics and begins with WORD, so that a query never meets the words
  that Pagefind makes of the texts shown on a card;
- each name and number is also one word that begins with WHOLE, without spaces and punctuation: it finds a
  number whatever its hyphens, tells an exact match from a partial one, and ends a phrase where a name ends.

This module is the only user of pagefind, pypinyin, zhconv and cbor2.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import gzip
import json
import os
import re
import subprocess
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import IO, Self, cast

import cbor2
import pagefind_bin
import pypinyin
from zhconv import zhconv

WORD = "\u01c0"  # letters that nobody types; at a marker that is no letter, Pagefind would split the word
WHOLE = "\u01c1"
CJK = "\u2e80"  # the first of the blocks in which a character is a word of its own
TOKEN = re.compile(rf"(?:(?![{CJK}-\U0010ffff])[^\W_])+|(?=[^\W_])[{CJK}-\U0010ffff]")

PROGRAM = Path(pagefind_bin.__file__).with_name("pagefind")
LANGUAGE = "zh"  # one index for pages in all languages; Pagefind has no stemmer for Chinese, so none can harm
NEEDED = re.compile(r"pagefind\.js|wasm\..+|pagefind-entry\.json|.+\.pf_(meta|index|fragment)")
FILE = re.compile(rb'\{"path":"([^"]*)","content":"([^"]*)"\}')
PIECE = 1 << 16
PART = "5000"  # of Pagefind's own measure; a first query loads 49 kB of index at 2,000 records, by default 122 kB


class SearchError(Exception):
    """The index cannot be built; the message is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A certificate as the search knows it.

    `path` begins with a slash and is relative to the site's root. `names` begins with the holder's name;
    English name, former names and brands follow. `facets` maps a facet to a code or to several. `sort` maps a
    key to a text that sorts as it should (dates as ISO 8601); the key "name" is made here, from the first
    name. `shown` holds the texts of a result card.
    """

    path: str
    number: str
    names: tuple[str, ...]
    uscc: str = ""
    facets: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    sort: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)


@functools.cache
def simplified() -> dict[int, str]:
    """Traditional character to simplified, one to one, as str.translate takes it."""
    pairs = zhconv.getdict("zh-hans").items()
    return {ord(char): to for char, to in pairs if len(char) == len(to) == 1 and char != to}


def fold(text: str) -> str:
    """`text` as it is compared: NFKC, lower case, without diacritics, simplified."""
    parts = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
    bare = "".join(char for char in parts if not unicodedata.category(char).startswith("M"))
    return unicodedata.normalize("NFC", bare).translate(simplified())


def words(text: str) -> list[str]:
    """The words by which any part of `text` is found, in their order."""
    return [token if token >= CJK else WORD + token for token in TOKEN.findall(fold(text))]


def whole(text: str) -> str:
    """The word that stands for all of `text`; CJK as hexadecimal, so that no segmenter splits it."""
    compact = "".join(TOKEN.findall(fold(text)))
    return WHOLE + "".join(char if char < CJK else f"{ord(char):x}" for char in compact)


@functools.lru_cache(maxsize=256)
def pinyin(name: str) -> tuple[str, ...]:
    """`name` as it is spoken, without tones, what is not Chinese in capitals: TCL王牌 is TCL, wang, pai."""
    syllables = pypinyin.lazy_pinyin(fold(name), errors=lambda rest: "".join(TOKEN.findall(rest)).upper())
    return tuple(filter(None, syllables))


def spoken(name: str) -> list[str]:
    """The words by which a Chinese `name` is found from a Latin keyboard: its pinyin and its initials."""
    syllables = pinyin(name)
    if not any(map(str.islower, syllables)):
        return []
    initials = (syllable[0] if syllable.islower() else syllable for syllable in syllables)
    return [WORD + "".join(syllables).lower(), WORD + "".join(initials).lower()]


def collation(name: str) -> str:
    """The text by which `name` is sorted: by pinyin, then by its characters."""
    return " ".join([*pinyin(name), fold(name)]).lower()


def content(entry: Entry) -> str:
    """The line of words that is indexed for `entry`."""
    texts = [text for text in dict.fromkeys((*entry.names, entry.number, entry.uscc)) if text]
    written = [word for text in texts for word in (*words(text), whole(text))]
    return " ".join([*written, *dict.fromkeys(word for name in entry.names for word in spoken(name))])


def record(entry: Entry) -> dict[str, object]:
    """`entry` as Pagefind's service takes it."""
    return {"url": entry.path, "content": content(entry), "language": LANGUAGE, "meta": dict(entry.shown)}


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


def started() -> subprocess.Popen[bytes]:
    """Pagefind's service, which ends when its input does; no setting from outside reaches it."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    settings["PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE"] = PART
    command, pipe = [str(PROGRAM), "--service"], subprocess.PIPE
    try:
        return subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, cwd=PROGRAM.parent, env=settings
        )
    except OSError as error:
        raise SearchError(
            f"the search index cannot be built: {PROGRAM} does not start ({error.strerror}); "
            "install the package pagefind-bin again"
        ) from error


class Index:
    """A search index that entries are streamed into, one after the other, and whose files are streamed out.

        with Index() as index:
            for entry in entries:
                index.add(entry)
            for path, data in index.files():
                ...

    The same entries in the same order give the same files with the same bytes, though not in the same order;
    where nothing else decides, entries are found in theirs. Raises SearchError when Pagefind does not start,
    dies or refuses something.
    """

    def __enter__(self) -> Self:
        self._table = Table()
        self._refusal = ""
        self._service = started()
        self._input = cast(IO[bytes], self._service.stdin)
        self._output = cast(BufferedReader, self._service.stdout)
        self._replies = threading.Thread(target=self._take_replies, daemon=True)
        self._replies.start()
        self._send(type="NewIndex", config={})
        return self

    def __exit__(self, *_: object) -> None:
        self._service.kill()
        self._service.wait()
        self._replies.join()
        with contextlib.suppress(OSError):  # what a dead service did not take
            self._input.close()
        self._output.close()

    def add(self, entry: Entry) -> None:
        """Index one more certificate."""
        self._table.add(entry)
        self._send(type="AddRecord", index_id=0, **record(entry))

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The files that the search page needs, each with its path in the bundle; to be called once, last."""
        self._send(type="NewIndex", config={})  # answered last: there the thread stops reading, and we begin
        self._flush()
        self._replies.join()
        if self._refusal:
            raise SearchError(f"the search index cannot be built: Pagefind refuses a record: {self._refusal}")
        self._send(type="GetFiles", index_id=0)
        self._flush()
        pages: list[str] = []
        parts: list[str] = []
        for path, data in self._bundle():
            if path.endswith(".pf_meta"):
                pages, parts = outline(data)
            if NEEDED.fullmatch(path):
                yield path, data
        if len(pages) != self._table.rows:
            raise SearchError("the search index cannot be built: two certificates have the same address")
        yield "table.json", self._table.encoded(pages, parts)

    def _send(self, **payload: object) -> None:
        message = json.dumps({"message_id": 0, "payload": payload}, ensure_ascii=False)
        try:
            self._input.write(base64.b64encode(message.encode()) + b",")
        except OSError as error:
            raise self._death() from error

    def _flush(self) -> None:
        try:
            self._input.flush()
        except OSError as error:
            raise self._death() from error

    def _death(self) -> SearchError:
        code = self._service.wait()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return SearchError(f"the search index cannot be built: Pagefind stopped before it was done ({how})")

    def _take_replies(self) -> None:
        """Read replies while records are still being written, lest both sides wait for each other."""
        rest = b""
        while piece := self._output.read1(PIECE):
            *replies, rest = (rest + piece).split(b",")
            for reply in map(base64.b64decode, replies):
                if b'"type":"Error"' in reply:
                    self._refusal = self._refusal or json.loads(reply)["payload"]["message"]
                if b'"type":"NewIndex","index_id":1' in reply:
                    return

    def _bundle(self) -> Iterator[tuple[str, bytes]]:
        """The files in Pagefind's one long reply, each decoded as soon as it has arrived."""
        encoded, text = b"", b""
        while encoded != b",":
            piece = self._output.read1(PIECE)
            if not piece:
                raise self._death()
            encoded += piece
            ready = encoded[:-1] if encoded.endswith(b",") else encoded[: len(encoded) // 4 * 4]
            text += base64.b64decode(ready)
            encoded = encoded[len(ready) :]
            end = 0
            for file in FILE.finditer(text):
                end = file.end()
                yield file[1].decode(), base64.b64decode(file[2])
            text = text[end:]
