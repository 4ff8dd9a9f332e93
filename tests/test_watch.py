"""`watch` sees a live site as its readers do, and says what is wrong with it, a sentence each."""

import http.server
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hosts import NUMBER, Hosted, hosted
from servers import free_port, serving

from starcert.pages import roll
from starcert.serve import static
from starcert.watching import Site, faults

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
PAGE = f"C/{NUMBER}/index.html"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Hosted:
    """A host whose site shows its one certificate."""
    made = hosted(tmp_path_factory.mktemp("host"))
    made.send("first")
    assert made.host("publish").code == 0
    return made


@pytest.fixture(scope="module")
def address(host: Hosted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its site at nginx."""
    with serving("nginx", host.host("file", "nginx").out, tmp_path_factory.mktemp("nginx")) as at:
        yield at


def seen(address: str, today: date = TODAY, now: datetime = NOON, commit: str | None = None) -> list[str]:
    """What is wrong with the site."""
    return list(faults(Site(address), now, today, commit))


@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_a_site_as_it_should_be(host: Hosted, tmp_path: Path, kind: str) -> None:
    """Nothing is wrong with it, at either server; the command says so and ends well."""
    with serving(kind, host.host("file", kind).out, tmp_path) as at:
        ended = host.run("watch", at, "--as-of", str(TODAY))
        assert (ended.code, ended.out) == (0, f"{at} is today's, {TODAY}, and whole.\n")
        assert host.run("watch", at + "/", "--as-of", str(TODAY), "--commit", host.live["commit"][:9]).code == 0


def test_what_is_wrong_makes_the_exit_code(address: str, host: Hosted) -> None:
    """A sentence each."""
    ended = host.run("watch", address, "--as-of", "2026-11-24", "--commit", "1234567")
    commit = host.live["commit"]
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "The site is of 2026-11-22, but today is 2026-11-24 in China.",
        f"The site shows {commit}, not 1234567.",
    ]


@pytest.mark.parametrize("url", ["stars.example", "ftp://stars.example", "https://", "https://a b", "file:///etc"])
def test_an_address_that_is_none_is_refused(host: Hosted, url: str) -> None:
    """As misuse."""
    ended = host.run("watch", url)
    assert ended.code == 2
    assert ended.err == f"Error: {url} is no address of a site; write one like https://stars.example\n"


@pytest.mark.parametrize(
    ("now", "stale"),
    [
        (datetime(2026, 11, 22, 16, 14, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 22, 16, 15, tzinfo=UTC), True),
    ],
)
def test_a_new_day_may_take_a_quarter_of_an_hour(address: str, now: datetime, stale: bool) -> None:
    """From midnight in China on."""
    said = seen(address, date(2026, 11, 23), now)
    assert said == (["The site is of 2026-11-22, but today is 2026-11-23 in China."] if stale else [])


@pytest.mark.parametrize(("hours", "seconds", "old"), [(3, 0, False), (3, 1, True), (25, 0, False), (25, 1, True)])
def test_a_site_is_built_again_in_time(address: str, host: Hosted, hours: int, seconds: int, old: bool) -> None:
    """On its day too: what builds it may have died. A day and an hour, unless something else is said."""
    built = datetime.fromisoformat(host.live["built_at"])
    now = built + timedelta(hours=hours, seconds=seconds)
    said = list(faults(Site(address), now, TODAY, None, *([] if hours == 25 else [hours])))
    told = f"The site was built at {host.live['built_at']}, more than {hours} hours ago: is what builds it at work?"
    assert said == ([told] if old else [])


@pytest.mark.parametrize("told", ['"built_at": "soon"', '"built_at": "2026-11-22T05:00:00"', '"built_at": null'])
def test_a_site_that_does_not_say_when_it_was_built(host: Hosted, tmp_path: Path, told: str) -> None:
    """It could be of any age."""
    site = copied(host, tmp_path, rewritten("status.json", lambda text: re.sub(r'"built_at": "[^"]*"', told, text)))
    with static(site) as at:
        assert "status.json does not say when the site was built." in seen(at)


def test_a_site_of_a_day_to_come(address: str) -> None:
    """Its clock, or ours, is wrong."""
    assert seen(address, date(2026, 11, 21)) == [
        "The site is of 2026-11-22, which is still to come: today is 2026-11-21 in China."
    ]


def test_nobody_answers() -> None:
    """One sentence."""
    port = free_port()
    [said] = seen(f"http://127.0.0.1:{port}")
    assert said == f"http://127.0.0.1:{port}/status.json cannot be reached: [Errno 111] Connection refused."


def copied(host: Hosted, folder: Path, change: Callable[[Path], object]) -> Path:
    """A copy of the site, changed."""
    shutil.copytree(host.site, folder / "site")
    change(folder / "site")
    return folder / "site"


def rewritten(path: str, change: Callable[[str], str]) -> Callable[[Path], object]:
    """A change of one file."""
    return lambda site: (site / path).write_text(change((site / path).read_text(encoding="utf-8")), encoding="utf-8")


ROLL = roll.place(NUMBER)
WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "no status": (lambda site: (site / "status.json").unlink(), "/status.json is answered with 404, not with 200."),
    "not ours": (
        rewritten("status.json", lambda text: text.replace("Starcert", "Another")),
        "status.json is not one that Starcert wrote, so this is no register of ours.",
    ),
    "no day": (
        rewritten("status.json", lambda text: text.replace('"2026-11-22"', "null")),
        "status.json names no day.",
    ),
    "no roll": (lambda site: (site / ROLL).unlink(), f"/{ROLL} is answered with 404, not with 200."),
    "another roll": (
        rewritten(ROLL, lambda text: text.replace(NUMBER, NUMBER[::-1])),
        f"{ROLL} does not name {NUMBER}, whose page is there.",
    ),
    "an old page": (
        rewritten(PAGE, lambda text: re.sub('data-imprint="[^"]*"', 'data-imprint="AAAAAAAA"', text)),
        f"The page of {NUMBER} is not the one that {ROLL} names.",
    ),
    "a forged page": (
        rewritten(PAGE, lambda text: text.replace("云栖", "云集")),
        f"The page of {NUMBER} was changed after it was built.",
    ),
    "an old roll": (
        rewritten(ROLL, lambda text: text.replace('"2026-11-22"', '"2026-11-21"', 1)),
        f"{ROLL} is of 2026-11-21, but status.json is of 2026-11-22.",
    ),
    "no certificate": (
        lambda site: (site / PAGE).unlink(),
        f"/C/{NUMBER}/ is answered with 404, not with 200.",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_site_that_is_not_whole(host: Hosted, tmp_path: Path, name: str) -> None:
    """Each fault is named; a server that sends no headers of ours is told besides."""
    change, wanted = WRONG[name]
    with static(copied(host, tmp_path, change)) as at:
        said = [line for line in seen(at) if "The server sends" not in line]
    assert [line.replace(at, "") for line in said] == [wanted]


def test_a_change_that_was_due_and_did_not_come(host: Hosted, tmp_path: Path) -> None:
    """Besides the day that is past."""
    late = rewritten(
        "status.json", lambda text: re.sub(r'"next_change": "[\d-]*"', '"next_change": "2026-11-24"', text)
    )
    with static(copied(host, tmp_path, late)) as at:
        said = [line for line in seen(at, date(2026, 11, 24), NOON.replace(day=24)) if "The server" not in line]
    assert said == [
        "The site is of 2026-11-22, but today is 2026-11-24 in China.",
        "A change was due on 2026-11-24, but the site is still of 2026-11-22.",
    ]


class Strange(http.server.SimpleHTTPRequestHandler):
    """A server that does not do as it should: it never says 404, or knows no capitals, or sends elsewhere."""

    fault = ""

    def do_GET(self) -> None:
        if self.fault == "elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://other.example/")
            self.end_headers()
            return
        if self.fault == "no capitals" and self.path.lower().startswith("/c/"):
            self.path = self.path.upper()
        found = Path(self.translate_path(self.path))
        if self.fault in ("home for all", "other 404") and not found.exists():
            self.send_response(200 if self.fault == "home for all" else 404)
            self.end_headers()
            self.wfile.write(b"Welcome")
            return
        super().do_GET()

    def end_headers(self) -> None:
        if self.fault == "keeping":
            self.send_header("Cache-Control", "public, max-age=3600")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@contextmanager
def strangely(folder: Path, wrong: str) -> Iterator[str]:
    """The folder at such a server."""

    class Serving(Strange):
        fault = wrong

        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type,misc]

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Serving) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("elsewhere", "/status.json leads to another host, other.example."),
        ("home for all", "is answered with 200, not with 404."),
        ("other 404", "is not answered with the register's 404.html."),
        ("no capitals", f"The server does not tell C/{NUMBER.lower()}/ from C/{NUMBER}/"),
        ("no capitals", f"The server does not tell c/{NUMBER}/ from C/{NUMBER}/"),
        ("keeping", "The server lets caches keep the home page (Cache-Control: public, max-age=3600)"),
        ("none of our headers", "The server sends the home page without X-Content-Type-Options, X-Frame-Options"),
    ],
)
def test_a_server_that_does_not_do_as_it_should(host: Hosted, wrong: str, told: str) -> None:
    """It is named."""
    with strangely(host.site, wrong) as at:
        assert any(told in line for line in seen(at)), seen(at)


def test_an_empty_register_is_whole(tmp_path: Path) -> None:
    """One without any certificate."""
    made = hosted(tmp_path)
    (made.clone / f"registry/certificates/example-cb/{NUMBER}.yaml").unlink()
    made.write("registry/certificates/README.md", "none yet")
    made.send("empty")
    assert made.host("publish").code == 0
    with static(made.site) as at:
        assert [line for line in seen(at) if "The server sends" not in line] == []


def test_a_register_below_a_path_is_seen_as_well(address: str) -> None:
    """The path is kept, whether a slash ends it or not."""
    site = replace(Site(address), address=f"{address}/en/")
    assert site.get("").status == 200
    assert json.loads(Site(f"{address}/").get("status.json").data)["day"] == str(TODAY)
