"""What search costs: its index, and in a real browser bytes, requests and time until a result, at any size.

    python -m benchmarks.search COUNT... [--engine pagefind|sharded] [--phone]

makes COUNT entries, indexes them, and asks the search page in headless Chromium: each of the first queries with an
empty cache, the further ones on an open page. Nothing is compressed that is not so in the site. With --phone, the
network has 1.6 Mbit/s and 150 ms, and the processor a quarter of its speed. Where STARCERT_CORPORA names the corpora,
1,498 of the entries have real company names, and their brands are asked for.
"""

import csv
import multiprocessing
import os
import shutil
import statistics
import time
from collections import ChainMap, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import click
from playwright.sync_api import Browser, sync_playwright

from benchmarks.entries import UNTIL, entries
from starcert import search, settings, words
from starcert.pages import search as search_page
from starcert.pages.assets import asset_files
from starcert.pages.environment import Environment
from starcert.pages.tree import trees
from starcert.registry import open_registry
from starcert.search import Entry, engines
from starcert.search.sharded import steps

PROJECT = Path(__file__).parent.parent
PROCESSES = 2
PHONE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 95_000}
SLOWER = 4
BROAD = ("公司", "有限公司", "电", "h", "co", "9", "SLC", "")
"""Queries that much of a register answers to."""

Row = tuple[str, object]

# Says when the first card stands on the page, in milliseconds since the page was asked for.
WATCH = """
new MutationObserver((_, self) => {
  if (!document.querySelector("#results li")) return;
  globalThis.firstResult = performance.now();
  self.disconnect();
}).observe(document, { childList: true, subtree: true });
"""

ASK = """async ([module, bundle, queries]) => {
  const { open } = await import(module);
  const index = open(new URL(bundle, document.baseURI), "/");
  await index.find("", {}, "");
  const answers = [];
  for (const query of queries) {
    const start = performance.now();
    const { total, first } = await index.find(query, {}, "", 10);
    answers.push([query, total, first.map((card) => card.shown.name), performance.now() - start]);
  }
  return answers;
}"""


# The entries


def real() -> Iterator[tuple[str, list[str]]]:
    """Real company names, each with its brands; none without the corpora."""
    folder = os.environ.get("STARCERT_CORPORA")
    if folder:
        with Path(folder, "zh", "company_name_parse_gold_1501.tsv").open(encoding="utf-8", newline="") as lines:
            found = {row["name"]: row["brand"] for row in csv.DictReader(lines, delimiter="\t")}
        yield from ((name, [brand.strip() for brand in brands.split("|") if brand]) for name, brands in found.items())


def made(count: int) -> tuple[list[Entry], dict[str, set[str]]]:
    """That many entries, real names among them, and for each brand the names to be found."""
    found, wanted = list(entries(count)), defaultdict(set)
    for place, (name, brands) in enumerate(real()):
        if place < count // 5:
            old = found[place * 5]
            found[place * 5] = replace(old, names=(name,), shown={**old.shown, "name": name, "name_en": ""})
            for brand in brands:
                wanted[brand].add(name)
    return found, wanted


# The index

_divided: dict[int, list[Entry]] = {}  # what the processes of a pool are born with
_runs: list[list[bytes]] = []


def _gather(cohort: int) -> steps.Gathered:
    return steps.gather(_divided[cohort], cohort, len(_divided))


def _merge(region: int) -> tuple[list[steps.Shard], dict[str, bytes]]:
    return steps.merge(runs[region] for runs in _runs)


def in_shards(found: list[Entry]) -> tuple[dict[str, bytes], list[Row]]:
    """The index as two processes make it; and what that takes, and what making it anew after one change does."""
    start, busy = time.perf_counter(), processor_seconds()
    count = steps.cohorts(len(found))
    _divided.clear()
    _divided.update({cohort: [] for cohort in range(count)})
    for entry in found:
        _divided[steps.cohort_of(entry.path, count)].append(entry)
    fork = multiprocessing.get_context("fork")
    with fork.Pool(PROCESSES) as pool:
        gathered = pool.map(_gather, range(count), chunksize=1)
    _runs[:] = [each.runs for each in gathered]
    with fork.Pool(PROCESSES) as pool:
        merged = pool.map(_merge, range(len(steps.REGIONS)), chunksize=1)
    shards = [shard for some, _ in merged for shard in some]
    shared = steps.share((each.summary for each in gathered), shards)
    seconds, busy = time.perf_counter() - start, processor_seconds() - busy
    files = {**ChainMap({}, *(each.files for each in gathered), *(new for _, new in merged)), **shared}
    changed = renewal(found[len(found) // 2], gathered, [some for some, _ in merged], files)
    return files, [("index, seconds", f"{seconds:.1f}, of the processors {busy:.1f}"), *changed]


def processor_seconds() -> float:
    """What this process and those that it has ended have used."""
    return sum(os.times()[:4])


def renewal(
    entry: Entry, gathered: list[steps.Gathered], shards: list[list[steps.Shard]], published: dict[str, bytes]
) -> list[Row]:
    """What it takes to make the index anew when a holder has another name."""
    start, busy = time.perf_counter(), processor_seconds()
    changed = replace(entry, names=("青岛示例改名电器有限公司", *entry.names[1:]))
    cohort = steps.cohort_of(entry.path, len(gathered))
    some = [changed if each is entry else each for each in _divided[cohort]]
    now = steps.gather(some, cohort, len(gathered))
    written = dict(now.files)
    everything = []
    for region, old in enumerate(shards):
        change = steps.Change(cohort, gathered[cohort].runs[region], now.runs[region])
        kept, files = steps.renew(old, [change], published.__getitem__)
        everything.extend(kept)
        written |= files
    summaries = [now.summary if number == cohort else each.summary for number, each in enumerate(gathered)]
    written |= steps.share(summaries, everything)
    seconds, busy = time.perf_counter() - start, processor_seconds() - busy
    new = [len(data) for path, data in written.items() if published.get(path) != data]
    return [
        ("one change, seconds", f"{seconds:.2f}, of the processor {busy:.2f}"),
        ("one change", f"{len(new)} files, {sum(new) / 1000:,.0f} kB"),
    ]


def by_pagefind(found: list[Entry]) -> tuple[dict[str, bytes], list[Row]]:
    """The index as Pagefind makes it, and how long that takes, as long as after any change."""
    start = time.perf_counter()
    files = dict(engines.files(found, len(found)))
    return files, [("index, seconds", f"{time.perf_counter() - start:.1f}")]


# The site


def write(folder: Path, index: dict[str, bytes], engine: str) -> str:
    """Write a site of the search page alone; gives the address of query.js."""
    register = settings.read_register(PROJECT / "site.yaml")
    environment = Environment(PROJECT / "templates", register, UNTIL)
    languages = trees(words.read(PROJECT / "templates" / "i18n", register.languages))
    rulebook = open_registry(PROJECT / "registry").rulebook
    pages = search_page.pages(rulebook, languages, environment, engine == "sharded")
    bundle = ((f"pagefind/{path}", data) for path, data in index.items())
    for path, data in [*pages, *asset_files(environment.assets), *bundle]:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return "/" + environment.assets["query.js"].path


class Host(SimpleHTTPRequestHandler):
    """A static host that keeps connections open and logs nothing."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # which would hold the body of each answer back by 40 ms

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the folder as a site."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


# The browser


def first(browser: Browser, site: str, query: str, phone: bool) -> tuple[float, int, int]:
    """The first query, with an empty cache: milliseconds until a result, bytes and requests until all was quiet."""
    context = browser.new_context()
    page = context.new_page()
    wire = context.new_cdp_session(page)
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda loaded: sizes.append(int(loaded["encodedDataLength"])))
    wire.send("Network.enable")
    if phone:
        wire.send("Network.emulateNetworkConditions", PHONE)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(WATCH)
    page.goto(f"{site}/search/?q={query}", wait_until="commit")
    page.wait_for_selector("#results li", timeout=120_000)
    page.wait_for_load_state("networkidle")
    milliseconds = page.evaluate("globalThis.firstResult")
    context.close()
    return milliseconds, sum(sizes), len(sizes)


def further(browser: Browser, site: str, module: str, queries: list[str]) -> list[Any]:
    """Each query, how many it finds, the names of the first ten, and its milliseconds, asked on one open page."""
    page = browser.new_page()
    page.goto(f"{site}/search/")
    answers: list[Any] = page.evaluate(ASK, [module, "/pagefind/", queries])
    page.close()
    return answers


def asked(found: list[Entry]) -> list[str]:
    """Queries of all kinds: names, parts of them, numbers, codes, English names, pinyin."""
    step = max(1, len(found) // 40)
    queries = []
    for place, entry in enumerate(islice(found, 1, None, step)):
        name, *others = entry.names
        kinds = (name, name[2:4], entry.number, entry.uscc, others[0] if others else name, entry.number[:8], name[2:6])
        queries.append(kinds[place % len(kinds)])
    return queries


def told(values: list[float]) -> str:
    """The median and the worst, in milliseconds."""
    return f"median {statistics.median(values):,.0f} ms, worst {max(values):,.0f} ms"


def measured(found: list[Entry], wanted: dict[str, set[str]], site: str, module: str, phone: bool) -> Iterator[Row]:
    """What the browser says."""
    queries = asked(found)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        first(browser, site, queries[0], False)
        for kind, slow in (("first", False), ("first on a phone", True))[: 1 + phone]:
            firsts = [first(browser, site, query, slow) for query in queries[:7]]
            times, sizes, requests = zip(*firsts, strict=True)
            yield kind, told(list(times))
            yield (
                f"{kind}, fetched",
                f"median {statistics.median(sizes) / 1000:,.0f} kB, most {max(sizes) / 1000:,.0f} kB",
            )
            yield f"{kind}, requests", f"median {statistics.median(requests):.0f}, most {max(requests)}"
        yield "further", told([answer[3] for answer in further(browser, site, module, queries)])
        for query, total, _, milliseconds in further(browser, site, module, list(BROAD)):
            yield f"broad: {query or 'everything'}", f"{milliseconds:,.0f} ms, {total:,} found"
        if wanted:
            answers = further(browser, site, module, list(wanted))
            met = [name in names for query, _, names, _ in answers for name in wanted[query]]
            nothing = sum(not total for _, total, _, _ in answers)
            yield "brands", f"{len(answers):,}, recall@10 {sum(met) / len(met):.2%}, {nothing} find nothing"
            few = [name in names for query, total, names, _ in answers for name in wanted[query] if total <= 10]
            yield "brands of at most ten", f"{len(few):,}, recall@10 {sum(few) / len(few):.2%}"
            yield "brands, further", told([answer[3] for answer in answers])
        browser.close()


@click.command()
@click.argument("counts", type=click.IntRange(min=40), nargs=-1, required=True)
@click.option("--engine", type=click.Choice(["pagefind", "sharded"]), help="Instead of the one for so many.")
@click.option("--phone", is_flag=True, help="Measure a slow network and processor, too.")
def main(counts: tuple[int, ...], engine: str | None, phone: bool) -> None:
    """Measure the search of registers of COUNT certificates."""
    for count in counts:
        kind = engine or ("pagefind" if count <= search.MOST else "sharded")
        found, wanted = made(count)
        index, rows = (by_pagefind if kind == "pagefind" else in_shards)(found)
        click.echo(f"{count:,} certificates, {kind}")
        click.echo(f"  {'index':28}{len(index):,} files, {sum(map(len, index.values())) / 1e6:.1f} MB")
        for name, value in rows:
            click.echo(f"  {name:28}{value}")
        with TemporaryDirectory() as folder:
            module = write(Path(folder), index, kind)
            with served(Path(folder)) as site:
                for name, value in measured(found, wanted, site, module, phone):
                    click.echo(f"  {name:28}{value}")


if __name__ == "__main__":
    main()
