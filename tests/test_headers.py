"""What web servers say with each file forbids nothing that a page of ours needs, and little else is allowed."""

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path

import pytest
from project import Project, shipped

from starcert import headers

META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shipped registry, built."""
    made = shipped(tmp_path_factory.mktemp("register") / "project")
    assert made.build().code == 0
    return made


def sources(policy: str) -> dict[str, set[str]]:
    """What a policy allows, by directive."""
    return {name: set(values) for name, *values in (part.split() for part in policy.split(";"))}


def allowed(page: Mapping[str, set[str]], header: Mapping[str, set[str]]) -> bool:
    """Whether the header allows all that the page's own policy does."""
    return all(name in header and values <= header[name] for name, values in page.items())


def own(page: Path) -> dict[str, set[str]]:
    """The policy in a page."""
    [policy] = META.findall(page.read_text(encoding="utf-8"))
    return sources(unescape(policy))


def test_the_header_allows_what_each_page_allows_itself(register: Project) -> None:
    """Every page's own policy lies within that of its header; only the search pages may compile WebAssembly."""
    site = register.path("site")
    pages = {page.relative_to(site).as_posix(): own(page) for page in site.rglob("*.html")}
    assert len(pages) > 300
    searching = {f"{path}index.html" for path in headers.SEARCH}
    assert searching <= pages.keys()
    for path, page in pages.items():
        policy = headers.SEARCH_POLICY if path in searching else headers.POLICY
        assert allowed(page, sources(policy)), path
        assert ("'wasm-unsafe-eval'" in page["script-src"]) is (path in searching), path
    together: dict[str, set[str]] = {}
    for page in pages.values():
        for name, values in page.items():
            together.setdefault(name, set()).update(values)
    assert sources(headers.SEARCH_POLICY) == {**together, "frame-ancestors": {"'none'"}}


def test_the_two_policies_differ_in_one_word() -> None:
    """The search pages may compile WebAssembly, and that is all."""
    assert headers.SEARCH_POLICY.replace(" 'wasm-unsafe-eval'", "") == headers.POLICY


def test_what_is_kept_for_ever_has_its_digest_in_its_name(register: Project) -> None:
    """All of assets/ is named after its bytes."""
    names = [path.name for path in register.path("site").joinpath(headers.ASSETS).iterdir()]
    assert names
    assert [name for name in names if not re.search(r"-[0-9a-f]{8}\.[a-z0-9]+$", name)] == []


# _headers


def rules(register: Project) -> dict[str, dict[str, str]]:
    """The headers that the file _headers gives each pattern of paths."""
    found: dict[str, dict[str, str]] = {}
    for line in register.path("site/_headers").read_text(encoding="utf-8").splitlines():
        if line.startswith("/"):
            found[line] = pattern = {}
        else:
            name, value = line.strip().split(": ", 1)
            pattern[name] = value
    return found


def told(register: Project, path: str) -> list[tuple[str, str]]:
    """What a host says with a path, each header as often as a rule gives it; * stands for anything."""
    matching = [
        said for rule, said in rules(register).items() if re.fullmatch(re.escape(rule).replace(r"\*", ".*"), path)
    ]
    return [pair for said in matching for pair in said.items()]


def test_no_path_is_given_a_header_twice(register: Project) -> None:
    """Hosts would join the two values, which then mean something else; but each path is given what it must be."""
    for file in register.path("site").rglob("*"):
        path = "/" + file.relative_to(register.path("site")).as_posix().removesuffix("index.html")
        if file.is_file():
            said = told(register, path)
            assert len(dict(said)) == len(said), path
            assert {**headers.ALWAYS, "Content-Security-Policy": headers.SEARCH_POLICY}.items() <= dict(said).items()


@pytest.mark.parametrize(
    ("path", "cached"),
    [
        ("/", headers.ASK),
        ("/C/00024E20766R2L/", headers.ASK),
        ("/roll/00", headers.ASK),
        ("/en/search/", headers.ASK),
        ("/status.json", headers.ASK),
        ("/assets/style-00000000.css", headers.KEEP),
        ("/about/", None),
    ],
)
def test_only_what_never_changes_is_kept(register: Project, path: str, cached: str | None) -> None:
    """What tells of certificates is asked for anew each time; of the rest the hosts say so by themselves."""
    assert dict(told(register, path)).get("Cache-Control") == cached


def test_the_file_keeps_to_the_hosts_limits(register: Project) -> None:
    """Cloudflare takes 100 rules, and lines of 2,000 characters."""
    assert len(rules(register)) <= 100
    assert max(map(len, register.path("site/_headers").read_text(encoding="utf-8").splitlines())) <= 2_000
