"""Index: certificates in, the files of a search index out. The only user of pagefind."""

import base64
import contextlib
import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import IO, Self, cast

import pagefind_bin

from starcert.search import SearchError
from starcert.search.entry import Entry
from starcert.search.folding import content
from starcert.search.table import Table, outline

PROGRAM = Path(pagefind_bin.__file__).with_name("pagefind")
LANGUAGE = "zh"  # one index for pages in all languages; Pagefind has no stemmer for Chinese, so none can harm
NEEDED = re.compile(r"pagefind\.js|wasm\..+|pagefind-entry\.json|.+\.pf_(meta|index|fragment)")
FILE = re.compile(rb'\{"path":"([^"]*)","content":"([^"]*)"\}')
PIECE = 1 << 16
PATIENCE = 10  # seconds, with a service that takes or says nothing any more, and has not ended
PART = "5000"  # of Pagefind's own measure; a first query loads 49 kB of index at 2,000 records, by default 122 kB


def record(entry: Entry) -> dict[str, object]:
    """`entry` as Pagefind's service takes it."""
    return {"url": entry.path, "content": content(entry), "language": LANGUAGE, "meta": dict(entry.shown)}


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
        try:
            code = self._service.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._service.kill()
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
