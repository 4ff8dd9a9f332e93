"""What the tests of the search share: entries, and a site with a search page."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict, cast

from playwright.sync_api import Page

from starcert import search
from starcert.search import engines

ASSETS = Path(__file__).parents[1] / "templates" / "assets"
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'self'"
)
SENTENCES = {
    "start": "Type a name, a number or a code.",
    "loading": "Searching …",
    "one": "1 certificate for “{q}”",
    "found": "{n} certificates for “{q}”",
    "listed": "Certificates: {n}",
    "none": "No valid certificate for “{q}”",
    "failed": "The search did not load. Check the connection and try again.",
}
FACETS = {
    "level": {"five-star": "五星级", "four-star": "四星级", "three-star": "三星级", "qualified": "达标级"},
    "body": {"example-cb": "示例认证", "other-cb": "另一认证"},
    "scheme": {"gbt-27922-2011": "GB/T 27922-2011"},
    "province": {"37": "山东", "44": "广东", "11": "北京"},
    "industry": {"appliances": "家电", "furniture": "家具"},
    "expires": {},
}
STARS = {"five-star": "★★★★★", "four-star": "★★★★", "three-star": "★★★"}

SEARCH_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>Search</title>
<link rel="icon" href="data:,">
<script type="module" src="{up}assets/search.js"></script>
<form id="search" role="search" method="get" data-bundle="{up}pagefind/" data-root="{up}">
  <label for="q">Name, number or code</label>
  <input id="q" name="q" type="search" autocomplete="off" spellcheck="false" aria-controls="results">
  <button type="submit">Search</button>
  <button type="reset">Clear</button>
{selects}
  <label>Sort <select name="sort">
    <option value="">Best match</option>
    <option value="name">Name</option>
    <option value="expires">Expiry</option>
    <option value="issued">Date of issue</option>
  </select></label>
</form>
<p id="status" role="status"></p>
<section id="none" hidden>What it can mean that nothing was found.</section>
<section id="failed" hidden>Browse the lists, which need no script.</section>
<ol id="results"></ol>
<button id="more" type="button" hidden>More results</button>
<template id="result">
  <li class="card">
    <h2><a data-link data-shown="name"></a></h2>
    <p lang="en" data-shown="english"></p>
    <p><span data-stars aria-hidden="true"></span> <span data-facet="level"></span></p>
    <p data-optional>Number <span data-shown="number"></span></p>
    <p data-optional>Valid until <time data-shown="expires"></time></p>
    <p data-optional>In <span data-facet="province"></span></p>
  </li>
</template>
<script type="application/json" id="words">{words}</script>
</html>
"""


def search_page(language: str, up: str) -> str:
    """A complete search page, `up` being the way from it to the site's root: what search.js asks of a page."""
    selects = "\n".join(
        f'  <label>{facet} <select name="{facet}"><option value="">Any</option></select></label>' for facet in FACETS
    )
    words = json.dumps({"words": SENTENCES, "facets": FACETS, "stars": STARS}, ensure_ascii=False)
    return SEARCH_PAGE.format(language=language, up=up, policy=POLICY, selects=selects, words=words)


def entry(number: str, *names: str, **changed: object) -> search.Entry:
    """A certificate of the first of `names`, five-star unless `changed` says otherwise."""
    fields = {
        "level": "five-star",
        "province": "37",
        "uscc": "",
        "issued": "2025-01-02",
        "expires": "2028-01-01",
    }
    fields |= {name: str(value) for name, value in changed.items()}
    return search.Entry(
        path=f"/C/{''.join(char for char in number if char.isalnum())}/",
        number=number,
        names=names,
        uscc=fields["uscc"],
        facets={
            "level": fields["level"],
            "body": "example-cb",
            "scheme": "gbt-27922-2011",
            "province": fields["province"],
            "industry": "appliances",
            "expires": fields["expires"][:4],
        },
        sort={"issued": fields["issued"], "expires": fields["expires"]},
        shown={"name": names[0], "number": number, "expires": fields["expires"]},
    )


ENGINES = {"pagefind": search.MOST, "sharded": -1}
"""The most entries that Pagefind indexes, for each engine to be the one."""


def bundle(entries: Iterable[search.Entry], engine: str = "pagefind") -> dict[str, bytes]:
    """The index of `entries`: path to bytes."""
    return dict(engines.files(entries, ENGINES[engine]))


def write_index(folder: Path, entries: list[search.Entry], engine: str = "pagefind") -> None:
    """The index of the entries in the site under `folder`."""
    for path, data in bundle(entries, engine).items():
        target = folder / "pagefind" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def write_site(folder: Path, entries: list[search.Entry], engine: str = "pagefind") -> None:
    """A site under `folder` with an index and search pages in both languages."""
    write_index(folder, entries, engine)
    (folder / "assets").mkdir()
    for script in ASSETS.glob("*.js"):
        shutil.copy(script, folder / "assets")
    for language, path, up in (("zh-CN", "search", "../"), ("en", "en/search", "../../")):
        (folder / path).mkdir(parents=True)
        (folder / path / "index.html").write_text(search_page(language, up), "utf-8")
    (folder / "blank.html").write_text("<!doctype html><html lang=zh-CN><title>Blank</title>", "utf-8")


class Answer(TypedDict):
    """What the search page's code says to a query; `names` are the first ten."""

    query: str
    total: int
    names: list[str]
    milliseconds: float


ASK = """async ([site, queries]) => {
  const { open } = await import(`${site}assets/query.js`);
  const index = open(new URL(`${site}pagefind/`), "/");
  const answers = [];
  for (const query of queries) {
    const start = performance.now();
    const { total, cards } = await index.find(query, {}, "");
    const milliseconds = performance.now() - start;
    const names = (await cards(0, 10)).map((card) => card.shown.name);
    answers.push({ query, total, names, milliseconds });
  }
  return answers;
}"""


def ask(page: Page, site: str, queries: list[str], path: str = "blank.html") -> list[Answer]:
    """The answers to `queries`, by the code of the search page, asked on the page `path`."""
    page.goto(site + path)
    return cast(list[Answer], page.evaluate(ASK, [site, queries]))
