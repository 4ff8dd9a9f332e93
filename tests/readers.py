"""Readers of a site that is being published: each answer is held against the releases that may be live meanwhile."""

import http.client
import json
import mmap
import os
import random
import re
import struct
import sys
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from releases import ASSET, Course, Release, assets_named

READERS = 5
LATER = 4.0  # seconds for which a page's assets are asked for after the page
IMPRINT = re.compile(rb'data-roll="/(roll/[0-9a-f]+\.json)" data-imprint="([^"]+)"')
_WINDOW = struct.Struct("4i")


class Window:
    """What all processes know of what may be live: a number of its own, the release before, the one after; the end."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _WINDOW.size)

    def open(self, old: int, new: int) -> None:
        """From now on either may be live; where they are the same, that one is."""
        self._memory[:] = _WINDOW.pack(self.seen[0] + 1, old, new, 0)

    def close(self, new: int) -> None:
        """From now on the second alone may be."""
        self._memory[:] = _WINDOW.pack(self.seen[0], new, new, 0)

    def end(self) -> None:
        """Readers stop."""
        self._memory[:] = _WINDOW.pack(*self.seen[:3], 1)

    @property
    def seen(self) -> tuple[int, int, int, int]:
        """The number, the old release, the new one, and whether all is over."""
        number, old, new, over = _WINDOW.unpack(self._memory[:])
        return number, old, new, over


@dataclass
class Reading:
    """What several readers of one address found: counts, and in words what must not be."""

    address: str
    releases: Sequence[Release]
    files: Mapping[Release, Mapping[str, bytes]]
    window: Window
    rate: float
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock, self._later = threading.Lock(), deque[tuple[float, str]]()
        self._left: dict[tuple[int, str], float] = {}
        self._fresh: dict[int, float] = {}
        self._sites = [self.files[release] for release in self.releases]
        self._assets = {path: data for site in self._sites for path, data in site.items() if path.startswith("assets/")}
        self._pages = sorted({path for site in self._sites for path in site if path.endswith("index.html")})
        self._others = sorted({path for site in self._sites for path in site} - set(self._pages) - set(self._assets))
        self._certificates = [path for path in self._pages if path.startswith("C/")]

    def run(self) -> None:
        """Ask until the window says that all is over."""
        threads = [threading.Thread(target=self._read, args=(seed,)) for seed in range(READERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _read(self, seed: int) -> None:
        rng, due = random.Random(seed), time.monotonic()
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=20)
        while not self.window.seen[3]:
            due += READERS / self.rate
            time.sleep(max(0, due - time.monotonic()))
            try:
                self._visit(connection, self._next(rng), rng)
            except (OSError, http.client.HTTPException) as error:
                self._blame("errors", f"{type(error).__name__}: {error}")
                connection.close()
            except Exception:
                self._blame("errors", traceback.format_exc())

    def _next(self, rng: random.Random) -> str:
        with self._lock:
            if self._later and self._later[0][0] < time.monotonic():
                return self._later.popleft()[1]
        _, old, new, _ = self.window.seen
        lapsing = sorted({path for path in self._sites[old] if path.startswith("C/")} - self._sites[new].keys())
        if lapsing and rng.random() < 0.3:
            return rng.choice(lapsing)
        return rng.choice(rng.choices((self._certificates, self._pages, self._others), (5, 3, 2))[0])

    def _visit(self, connection: http.client.HTTPConnection, path: str, rng: random.Random) -> None:
        before, asked = self.window.seen, time.monotonic()
        connection.request("GET", "/" + path.removesuffix("index.html"))
        answer = connection.getresponse()
        data = answer.read()
        after = self.window.seen
        self.counts["requests"] += 1
        self.counts[f"status {answer.status}"] += 1
        if path.startswith("assets/"):
            self.counts["assets"] += 1
            if (answer.status, data) != (200, self._assets[path]):
                self._blame("assets missing", f"{answer.status} for {path}, which a page of a moment ago names")
            return
        if after[0] - before[0] > 1:  # this reader was held up so long that others may have been live in between
            self.counts["held up"] += 1
            return
        live = {self.releases[index] for seen in (before, after) for index in seen[1:3]}
        self._judge(path, answer.status, data, live)
        self._order(path, answer.status, data, before, after, asked)
        if answer.status == 200 and path.endswith(".html"):
            now = time.monotonic()
            with self._lock:
                for name in assets_named(data):
                    if rng.random() < 0.15:
                        self._later.append((now + rng.choice((0.0, LATER * rng.random())), f"assets/{name}"))
                self._later = deque(sorted(self._later)[:400])
        if answer.status == 200 and path.startswith("C/"):
            self._confirm(connection, path, data)

    def _judge(self, path: str, status: int, data: bytes, live: set[Release]) -> None:
        """What comes is what one of the releases has there."""
        if status == 200:
            if not any(self.files[release].get(path) == data for release in live):
                known = any(site.get(path) == data for site in self._sites)
                kind = "of another release" if known else "mixed"
                self._blame(kind, f"/{path}: {len(data)} bytes that no release which may be live has there")
        elif status == 404:
            if all(path in self.files[release] for release in live):
                self._blame("errors", f"404 for /{path}, which every release that may be live has")
            elif not any(self.files[release]["404.html"] == data for release in live):
                self._blame("mixed", f"404 for /{path} with another text than 404.html")
        else:
            self._blame("errors", f"status {status} for /{path}")

    def _order(
        self, path: str, status: int, data: bytes, before: Sequence[int], after: Sequence[int], asked: float
    ) -> None:
        """What is gone stays gone, and is gone before anything new is to be seen."""
        number, old, new, _ = before
        if before[0] != after[0] or old == new or after[1] != old:
            return
        olds, news = self._sites[old], self._sites[new]
        lapses = path.startswith("C/") and path in olds and path not in news
        with self._lock:
            if lapses and status == 404:
                self._left.setdefault((number, path), time.monotonic())
            elif lapses and status == 200:
                if self._left.get((number, path), asked) < asked:
                    self._blame("lapsed came back", f"/{path} was gone, and answers again")
                if self._fresh.get(number, asked) < asked:
                    self._blame("lapsed after news", f"/{path} answers after something new did")
            elif status == 200 and data != olds.get(path) and data == news.get(path):
                self._fresh.setdefault(number, time.monotonic())

    def _confirm(self, connection: http.client.HTTPConnection, path: str, page: bytes) -> None:
        """A page that its roll confirms is the very page of the roll's release."""
        told = IMPRINT.search(page)
        if not told:
            self._blame("mixed", f"/{path} names no roll")
            return
        place, imprint = told[1].decode(), told[2].decode()
        connection.request("GET", f"/{place}")
        answer = connection.getresponse()
        data = answer.read()
        self.counts["requests"] += 1
        self.counts[f"status {answer.status}"] += 1
        slug = path.split("/")[1]
        if answer.status != 200:
            self.counts["pages without a roll"] += 1
        elif json.loads(data)["pages"].get(slug) != imprint:
            self.counts["pages that their roll does not confirm"] += 1
        else:
            self.counts["pages that their roll confirms"] += 1
            of = [site for site in self._sites if site.get(place) == data]
            if not any(_same(site.get(path), page) for site in of):
                self._blame("mixed", f"/{path} is confirmed by a roll of another release")

    def _blame(self, kind: str, what: str) -> None:
        self.counts[kind] += 1
        if len(self.wrong) < 100:
            self.wrong.append(f"{time.time():.2f} {kind}: {what}")


def _same(one: bytes | None, other: bytes) -> bool:
    """Whether two pages say the same of a certificate: what they name of assets may differ."""
    return one is not None and IMPRINT.findall(one) == IMPRINT.findall(other)


@contextmanager
def reading(course: Course, address: str, window: Window, rate: float, told: Path) -> Iterator[None]:
    """Readers in a process of their own, for the length of the block; what they found is written to `told`, as JSON."""
    releases = [step.new for step in course.steps]
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        try:
            found = Reading(address, releases, course.files, window, rate)
            found.run()
            told.write_text(json.dumps({"counts": found.counts, "wrong": found.wrong}, ensure_ascii=False))
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    try:
        yield
    finally:
        window.end()
        os.waitpid(pid, 0)


__all__ = ["ASSET", "Reading", "Window", "reading"]
