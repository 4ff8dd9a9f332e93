"""The local server answers as a static host does, and shows a change as soon as it is built."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest
from browser import launched
from playwright.sync_api import Page

from starcert import live, serve
from starcert.output import Refused, Site
from starcert.serve import CannotListen, Server

STATUS = b'{"generator": "Starcert 0.1.0"}'
POLICY = "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'"


def page(text: str) -> bytes:
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>{text}</title>'
    return f"<!doctype html><html><head>{head}</head><body><h1>{text}</h1></body></html>\n".encode()


SITE = {
    "status.json": STATUS,
    "index.html": page("home"),
    "404.html": page("no such certificate"),
    "C/A1/index.html": page("企业 A1"),
    "zh/企业.html": page("企业"),
    "empty/file.txt": b"text",
    ".well-known/security.txt": b"contact",
    ".hidden": b"secret",
    "C/.git/config": b"secret",
    "search/a b+c&d.json": b"{}",
}


def publish(folder: Path, files: dict[str, bytes]) -> None:
    with Site(folder) as site:
        for path, data in files.items():
            site.write(path, data)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "site"
    publish(folder, SITE)
    (folder.parent / "secret.txt").write_bytes(b"secret")
    (folder / "out").symlink_to("..")
    (folder / "out.txt").symlink_to("../secret.txt")
    (folder / "within.txt").symlink_to("empty/file.txt")
    (folder / "ring").symlink_to("ring")
    os.mkfifo(folder / "pipe")
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with serve.static(folder) as address:
        yield address


def ask(address: str, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """The answer to one request, as (status, headers, body), its path sent exactly as it is."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    connection.putrequest(method, "/", skip_accept_encoding=True)
    connection._buffer[0] = f"{method} {path} HTTP/1.1".encode("latin-1")
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


# As a static host


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "index.html"),
        ("/index.html", "index.html"),
        ("/?q=1", "index.html"),
        ("/C/A1/", "C/A1/index.html"),
        ("/C/A1/index.html", "C/A1/index.html"),
        ("/C/%411/?from=qr", "C/A1/index.html"),
        ("/zh/%E4%BC%81%E4%B8%9A.html", "zh/企业.html"),
        ("/search/a%20b+c&d.json", "search/a b+c&d.json"),
        ("/.well-known/security.txt", ".well-known/security.txt"),
        ("/within.txt", "empty/file.txt"),
        ("//C/A1/", "C/A1/index.html"),
    ],
)
def test_a_file_is_served_byte_for_byte(address: str, path: str, file: str) -> None:
    """A folder answers with its index.html; the query does not matter."""
    status, headers, body = ask(address, path)
    assert (status, body) == (200, SITE[file])
    assert headers["Content-Length"] == str(len(body))
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "place"),
    [("/C/A1", "/C/A1/"), ("/C/A1?from=qr&x=//", "/C/A1/?from=qr&x=//"), ("/C/%411", "/C/%411/")],
)
def test_a_folder_without_its_slash_is_redirected_for_good(address: str, path: str, place: str) -> None:
    """Relative links on the page work only below the slash."""
    status, headers, _ = ask(address, path)
    assert (status, headers["Location"]) == (301, place)


def test_a_site_below_a_path_is_served_there(folder: Path) -> None:
    """What is outside leads to the site; inside, all is as at a host's root."""
    with serve.Server(folder, root="/stars/") as server:
        assert ask(server.url, "/stars/C/A1/")[2] == SITE["C/A1/index.html"]
        assert ask(server.url, "/stars/C/A1")[1]["Location"] == "/stars/C/A1/"
        assert ask(server.url, "/stars/nowhere/")[0] == 404
        assert [ask(server.url, path)[1]["Location"] for path in ("/", "/C/A1/")] == ["/stars/", "/stars/"]


MISSING = [
    "/missing",
    "/missing/",
    "/c/a1/",
    "/C/",
    "/C",
    "/empty/",
    "/empty",
    "/index.html/",
    "/status.json/x",
]
MISSPELT = ["/C//A1/", "/C/A1//", "//example.org/..", "/C/./A1/", "/C/../C/A1/", "/C%2fA1/", "/%FF", "/%00"]
NO_FILES = ["/pipe", "/ring", "/" + "x" * 300]
HIDDEN = ["/.hidden", "/%2ehidden", "/C/.git/config"]
OUTSIDE = [
    "/../secret.txt",
    "/C/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
]
OUTSIDE += ["/..\\secret.txt", "/..%5csecret.txt", "/%252e%252e/secret.txt", "/out.txt", "/out/secret.txt"]
OUTSIDE += ["secret.txt", "out.txt", "http://x/secret.txt"]


@pytest.mark.parametrize("path", MISSING + MISSPELT + NO_FILES + HIDDEN + OUTSIDE)
def test_what_is_not_there_or_not_to_be_shown_is_404_with_the_page_for_it(address: str, path: str) -> None:
    """Missing files, listings, hidden files and every way out of the folder get one and the same answer."""
    status, headers, body = ask(address, path)
    assert (status, body) == (404, SITE["404.html"])
    assert headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/C/A1", 301), ("/missing", 404)])
def test_head_has_the_headers_of_get_and_no_body(address: str, path: str, status: int) -> None:
    """Link checkers ask so."""
    asked, got = ask(address, path, "HEAD"), ask(address, path)
    drop_date = [{k: v for k, v in headers.items() if k != "Date"} for _, headers, _ in (asked, got)]
    assert drop_date[0] == drop_date[1]
    assert (asked[0], asked[2]) == (status, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_nothing_can_be_changed(address: str, method: str) -> None:
    """A static host only reads."""
    status, headers, _ = ask(address, "/", method)
    assert (status, headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", "text/html; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.mjs", "text/javascript; charset=utf-8"),
        ("a.json", "application/json; charset=utf-8"),
        ("a.xml", "application/xml; charset=utf-8"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("a.csv", "text/csv; charset=utf-8"),
        ("a.svg", "image/svg+xml; charset=utf-8"),
        ("a.webmanifest", "application/manifest+json; charset=utf-8"),
        ("a.wasm", "application/wasm"),
        ("a.png", "image/png"),
        ("a.ico", "image/vnd.microsoft.icon"),
        ("a.pdf", "application/pdf"),
        ("a.woff2", "font/woff2"),
        ("a.pf_meta", "application/octet-stream"),
        ("a.pf_index", "application/octet-stream"),
        ("a.pf_fragment", "application/octet-stream"),
        ("wasm.zh.pagefind", "application/octet-stream"),
        ("a.svg.gz", "application/octet-stream"),
        ("CNAME", "application/octet-stream"),
    ],
)
def test_the_content_type_follows_from_the_name(tmp_path: Path, name: str, kind: str) -> None:
    """Text is UTF-8; what is unknown is not guessed."""
    (tmp_path / name).write_bytes(b"x")
    with serve.static(tmp_path) as address:
        headers = ask(address, "/" + name)[1]
    assert (headers["Content-Type"], headers["X-Content-Type-Options"]) == (kind, "nosniff")


def test_a_missing_folder_and_a_missing_404_page_are_404_all_the_same(tmp_path: Path) -> None:
    """A site that is not built yet appears once it is."""
    with serve.static(tmp_path / "site") as address:
        assert ask(address, "/")[0] == 404
        publish(tmp_path / "site", {"index.html": b"home", "status.json": STATUS})
        assert ask(address, "/")[::2] == (200, b"home")
        assert ask(address, "/missing")[0] == 404


def test_each_answer_is_of_the_old_site_or_of_the_new_one(tmp_path: Path) -> None:
    """While builds replace the folder, no request fails."""
    publish(tmp_path / "site", {"index.html": b"0", "status.json": STATUS})
    answers: list[tuple[int, bytes]] = []
    enough = threading.Event()

    def build() -> None:
        number = 0
        while not enough.is_set():
            number += 1
            publish(tmp_path / "site", {"index.html": str(number).encode(), "status.json": STATUS})

    with serve.static(tmp_path / "site") as address:
        builds = threading.Thread(target=build)
        builds.start()
        try:
            while len(answers) < 20 or len({*answers}) < 10:
                answers.append(ask(address, "/")[::2])
        finally:
            enough.set()
            builds.join()
    assert all(status == 200 and body.isdigit() for status, body in answers)


def test_only_this_machine_is_served_by_default(folder: Path) -> None:
    """A server for looking at drafts is not open to the network."""
    with Server(folder) as server:
        assert server.url == f"http://127.0.0.1:{server.port}"
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", server.port), timeout=5)


def test_a_taken_port_is_one_sentence_with_the_way_out(folder: Path) -> None:
    """Often it is a server that was left running."""
    with Server(folder) as server, pytest.raises(CannotListen) as refused:
        Server(folder, port=server.port)
    assert str(refused.value) == f"port {server.port} is taken by another program; choose another with --port"


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70_000), ("no.such.host.invalid", 0), ("192.0.2.1", 0)])
def test_an_impossible_address_is_one_sentence(folder: Path, host: str, port: int) -> None:
    """A port over 65535, a name that nobody has, an address of another machine."""
    with pytest.raises(CannotListen, match=rf"^{host} port {port} cannot be listened on: .+"):
        Server(folder, host, port)


def test_the_port_is_free_again_after_the_block(folder: Path) -> None:
    """A server started anew gets the same port at once."""
    with Server(folder) as server:
        ask(server.url, "/")
    with Server(folder, port=server.port) as again:
        assert ask(again.url, "/")[0] == 200


# Loading anew after a change


def test_only_pages_get_the_script_and_only_when_it_was_asked_for(folder: Path) -> None:
    """It stands before </body>, also on the 404 page; files on the disk stay as they are."""
    with Server(folder, reload=True) as server:
        home, missing, text = (
            ask(server.url, "/")[2],
            ask(server.url, "/x")[2],
            ask(server.url, "/within.txt")[2],
        )
    before, script, after = home.partition(b'<script src="/_starcert/reload.js?v=')
    assert before + b"</body></html>\n" == SITE["index.html"]
    assert script
    assert after.endswith(b'"></script></body></html>\n')
    assert script in missing
    assert text == b"text"
    assert (folder / "index.html").read_bytes() == SITE["index.html"]
    with serve.static(folder) as address:
        assert ask(address, "/_starcert/reload.js")[0] == 404


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 15) -> None:
    latest = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < latest, f"{what} did not happen within {seconds} seconds"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    with launched() as browser:
        yield browser.new_page()


def test_a_browser_shows_the_new_site_by_itself_under_the_policy_of_the_pages(
    tmp_path: Path, browser_page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Again and again, also after unanswered questions, and with no message of a violated policy."""
    said: list[str] = []
    browser_page.on("console", lambda message: said.append(message.text))
    monkeypatch.setattr(serve, "_LONGEST_WAIT", 0.3)
    publish(tmp_path / "site", SITE)
    with Server(tmp_path / "site", reload=True) as server:
        browser_page.goto(server.url, wait_until="load", timeout=10_000)
        for text in ("second", "third"):
            browser_page.wait_for_timeout(800)
            publish(tmp_path / "site", {**SITE, "index.html": page(text)})
            browser_page.get_by_role("heading", name=text).wait_for(timeout=10_000)
        browser_page.goto("about:blank")
    assert said == []


def test_a_browser_finds_a_server_that_was_started_anew(tmp_path: Path, browser_page: Page) -> None:
    """The page that stayed open shows what was built meanwhile."""
    publish(tmp_path / "site", SITE)
    with Server(tmp_path / "site", reload=True) as server:
        browser_page.goto(server.url)
    publish(tmp_path / "site", {**SITE, "index.html": page("meanwhile")})
    browser_page.wait_for_timeout(500)
    with Server(tmp_path / "site", port=server.port, reload=True):
        browser_page.get_by_role("heading", name="meanwhile").wait_for(timeout=10_000)
        browser_page.goto("about:blank")


# Rebuilding

PROGRAM = """
import sys
from pathlib import Path
from starcert import live, serve
from starcert.output import Site

folder, source, single = (Path(argument) for argument in sys.argv[1:4])

def rebuild():
    text = (source / "record.txt").read_text() + single.read_text()
    if "broken" in text:
        raise ValueError(f"{text!r} is broken")
    with Site(folder) as site:
        site.write("status.json", b'{"generator": "Starcert 0"}')
        site.write("index.html", text.encode())
    print("built", text, flush=True)

def say(text):
    print(text, flush=True)

live.serve_and_rebuild(folder, "127.0.0.1", 0, watch=[source, single], rebuild=rebuild, say=say)
"""


class Running:
    """A program that serves and rebuilds, and the lines that it has printed."""

    def __init__(self, tmp_path: Path) -> None:
        self.record, self.single = tmp_path / "source" / "record.txt", tmp_path / "site.yaml"
        self.record.parent.mkdir()
        self.record.write_text("a")
        self.single.write_text("1")
        command = [sys.executable, "-c", PROGRAM, tmp_path / "site", self.record.parent, self.single]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines: Queue[str] = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.put(line.rstrip("\n"))

    def line(self) -> str:
        return self.lines.get(timeout=15)

    def interrupted(self) -> tuple[int, str]:
        """The exit code after Ctrl-C, and what stood on stderr."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=15)
        return code, self.process.stderr.read() if self.process.stderr else ""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    yield running
    running.process.kill()
    running.process.wait()


def test_a_change_is_built_and_served_until_ctrl_c(running: Running) -> None:
    """A file in a folder, a file replaced as editors do it, twice, and a failing build in between."""
    assert running.line() == "built a1"
    address = running.line().removeprefix("Serving ").removesuffix("/ (Ctrl-C ends)")
    time.sleep(0.5)
    running.record.write_text("b")
    assert running.line() == "built b1"
    assert ask(address, "/status.json")[2] == b'{"generator": "Starcert 0"}'
    for number in ("2", "3"):
        changed = running.single.with_name("site.yaml.new")
        changed.write_text(number)
        changed.replace(running.single)
        assert running.line() == f"built b{number}"
    running.record.write_text("broken")
    assert running.line() == "The build failed, and the site stays as it was: ValueError: 'broken3' is broken"
    assert ask(address, "/")[2].startswith(b"b3")
    (running.record.parent / "new").mkdir()
    running.record.write_text("c")
    wait_for(lambda: running.line() == "built c3", "a build after a failed one")
    assert ask(address, "/")[2].startswith(b"c3")
    assert running.interrupted() == (0, "")


def test_a_first_build_that_fails_ends_the_server(tmp_path: Path) -> None:
    """A folder that may not be written must not be served: it can be somebody's home."""
    (tmp_path / "thesis.txt").write_bytes(b"ten years")
    with Server(tmp_path) as server:
        port = server.port

    def said(text: str) -> None:
        pytest.fail(text)

    with pytest.raises(Refused, match="holds files, but no site"):
        live.serve_and_rebuild(tmp_path, "127.0.0.1", port, watch=[], rebuild=lambda: publish(tmp_path, SITE), say=said)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_a_taken_port_ends_before_anything_is_built(folder: Path) -> None:
    """The operator does not wait for a build to learn of it."""
    with Server(folder) as server, pytest.raises(CannotListen):
        live.serve_and_rebuild(folder, "127.0.0.1", server.port, watch=[], rebuild=pytest.fail, say=print)
