"""A headless Chromium and a folder served on this machine, for tests that look at pages as readers do.

conftest.py gives every test the fixture `chromium`; `serve` gives a folder's address for as long as a block runs;
`show` opens a page and waits for what its scripts have to say, not for a network that is idle, which may never be.
"""

import functools
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from playwright.sync_api import TimeoutError as OutOfTime

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)

SETTLED = """() => {
  const status = document.querySelector("#status"), certificate = document.querySelector(".certificate");
  const searched = !status || (status.textContent && !/…|\\.\\./.test(status.textContent.slice(-2)));
  return document.readyState === "complete" && searched && (!certificate || certificate.dataset.state);
}"""
"""Whether a page has loaded, its search has answered, and its guard has said what the certificate is worth."""
POLLING = 50
"""Milliseconds; a busy browser may draw nothing for long, and each frame is what is waited for otherwise."""


def _executable() -> str | None:
    """Debian's Chromium if there is one, else None: Playwright's own. The shell without windows takes half the time."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser, for as long as the block runs."""
    with sync_playwright() as playwright, launched_by(playwright) as browser:
        yield browser


@contextmanager
def launched_by(playwright: Playwright, *also: str) -> Iterator[Browser]:
    """The same with more options, where there are several: a thread has one Playwright."""
    browser = playwright.chromium.launch(executable_path=_executable(), args=[*QUIET, *also])
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser, for the tests of a module."""
    with launched() as browser:
        yield browser


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing: tests speak by failing."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serves the folder over HTTP while the block runs; gives the address, with a final slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Silent, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def show(page: Page, url: str) -> None:
    """Open a page, and wait until its scripts have said all."""
    try:
        _settle(page, url)
    except OutOfTime:  # a busy browser now and then never gets to the end of a page; twice is the page's fault
        _settle(page, url)


def _settle(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_function(SETTLED, polling=POLLING)


def write(folder: Path, path: str, content: bytes) -> None:
    """Puts a page's bytes where the site has them; a later file is of a later second, by which browsers compare."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.stat().st_mtime if file.exists() else 0
    file.write_bytes(content)
    os.utime(file, (max(time.time(), before + 2),) * 2)
