"""A local web server that behaves like a static host; live.py rebuilds the site behind it."""

from __future__ import annotations

import errno
import re
import socketserver
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from mimetypes import MimeTypes
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, unquote

_OWN = "/_starcert/"
_LONGEST_WAIT = 20.0
"""Seconds after which an unanswered question for a newer site is asked again."""

_TYPES = MimeTypes(filenames=())  # the table of Python alone, the same on every machine
for _extension, _type in {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
}.items():
    _TYPES.add_type(_type, _extension)
_TEXT = re.compile(r"text/.*|application/(json|xml|yaml|ld\+json|manifest\+json)|image/svg\+xml")

_RELOAD = """\
const version = new URL(document.currentScript.src).searchParams.get("v");
function wait() {
  if (document.hidden) {
    document.addEventListener("visibilitychange", wait, { once: true });
    return;
  }
  const script = document.createElement("script");
  script.src = `/_starcert/wait.js?v=${version}&t=${Date.now()}`;
  script.onload = () => { script.remove(); wait(); };
  script.onerror = () => { script.remove(); setTimeout(wait, 1000); };
  document.head.append(script);
}
addEventListener("load", () => setTimeout(wait));
"""
"""Asks for a newer site by loading scripts, which every page's security policy allows; most allow no fetch.

Only a visible tab asks, because a browser opens but six connections to a host, and each question holds one.
"""


class CannotListen(Exception):
    """The address is taken, or not ours to take; the text is one sentence that names the way out."""


class Server:
    """The folder as a web site, served from a thread of its own inside a `with` block.

    Port 0 takes a free one; `port` and `url` ("http://127.0.0.1:8000", no slash at the end) tell which. The
    folder may be missing, and may be exchanged while it is served; it lies at `root` ("/stars/", say), where any
    address outside leads. With `reload`, HTML pages get a script
    that loads them anew after the folder was exchanged; the files stay as they are. Raises CannotListen.
    """

    def __init__(
        self, folder: Path, host: str = "127.0.0.1", port: int = 0, root: str = "/", reload: bool = False
    ) -> None:
        try:
            self._listener = _Listener((host, port), _Answer)
        except (OSError, OverflowError) as error:
            raise CannotListen(_way_out(host, port, error)) from error
        self._listener.folder, self._listener.root, self._listener.reload = folder.absolute(), root, reload
        self.port: int = self._listener.server_address[1]
        self.url = f"http://{host}:{self.port}"
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.1,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.ended.set()
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join()


@contextmanager
def static(folder: Path) -> Iterator[str]:
    """Serve a folder as a static host would; gives the address without a slash at its end."""
    with Server(folder) as server:
        yield server.url


def _way_out(host: str, port: int, error: OSError | OverflowError) -> str:
    code = getattr(error, "errno", None)
    if code == errno.EADDRINUSE:
        return f"port {port} is taken by another program; choose another with --port"
    if code == errno.EACCES:
        return f"port {port} is reserved for the system; choose one above 1023 with --port"
    return f"{host} port {port} cannot be listened on: {error}"


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128
    folder: Path
    root: str
    reload: bool

    def __init__(self, address: tuple[str, int], answer: type[BaseHTTPRequestHandler]) -> None:
        self.ended = threading.Event()
        super().__init__(address, answer)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Silent about a browser that went away in the middle of an answer; all else is a bug and is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def version(self) -> str:
        """Names the folder as it stands; a new one after each exchange, by whichever program."""
        try:
            found = self.folder.stat()
        except OSError:
            return "none"
        return f"{found.st_ino:x}-{found.st_ctime_ns:x}"


class _Answer(BaseHTTPRequestHandler):
    server: _Listener
    server_version, sys_version = "Starcert", ""
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if self.server.reload and path.startswith(_OWN):
            self._send(HTTPStatus.OK, "text/javascript; charset=utf-8", self._script(path, query))
        else:
            self._send_page(path, query)

    do_HEAD = do_GET  # noqa: N815

    def _not_allowed(self) -> None:
        self.close_connection = True
        self._send(HTTPStatus.METHOD_NOT_ALLOWED, "text/plain; charset=utf-8", b"", Allow="GET, HEAD")

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _not_allowed  # noqa: N815

    def _send_page(self, path: str, query: str) -> None:
        folder, version, status = self.server.folder, self.server.version(), HTTPStatus.OK
        root = self.server.root
        if path.startswith("/") and not path.startswith(root):
            self._send(HTTPStatus.MOVED_PERMANENTLY, "text/plain; charset=utf-8", b"", Location=root)
            return
        path = path.replace(root, "/", 1) if path.startswith(root) else path
        name = path + "index.html" if path.endswith("/") else path
        data = _read(folder, name)
        if data is None and not path.endswith("/") and _read(folder, path + "/index.html") is not None:
            place = root + path[1:] + "/" + ("?" + query if query else "")
            self._send(HTTPStatus.MOVED_PERMANENTLY, "text/plain; charset=utf-8", b"", Location=place)
            return
        if data is None:
            name, status = "/404.html", HTTPStatus.NOT_FOUND
            data = _read(folder, name) or b"<!doctype html><title>404</title><p>There is no page here."
        kind = content_type(name)
        if self.server.reload and kind.startswith("text/html"):
            data = _with_script(data, f"{_OWN}reload.js?v={version}")
        self._send(status, kind, data)

    def _script(self, path: str, query: str) -> bytes:
        """The script that pages carry, or, as late as may be, the one that makes them load anew."""
        if path == _OWN + "reload.js":
            return _RELOAD.encode()
        known, latest = parse_qs(query).get("v", [""])[0], time.monotonic() + _LONGEST_WAIT
        while self.server.version() == known and time.monotonic() < latest:
            if self.server.ended.wait(0.2):
                break
        # The next question is another server's, and so is the newer site: from this one nothing could be loaded anew.
        self.close_connection = over = self.server.ended.is_set()
        return b"" if over or self.server.version() == known else b"location.reload();"

    def _send(self, status: HTTPStatus, kind: str, data: bytes, **headers: str) -> None:
        headers |= {"Content-Type": kind, "Content-Length": str(len(data)), "Cache-Control": "no-store"}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


def content_type(name: str) -> str:
    """The Content-Type of a file by its name; all text is UTF-8, and what is unknown is not guessed."""
    kind, encoding = _TYPES.guess_type(name)
    if kind is None or encoding:
        return "application/octet-stream"
    return f"{kind}; charset=utf-8" if _TEXT.fullmatch(kind) else kind


def _read(folder: Path, path: str) -> bytes | None:
    """The file that the path of an address names; None if there is none below the folder, or a hidden one."""
    try:
        root, *names = [unquote(name, errors="strict") for name in path.split("/")]
        if root or not all(_shown(name) for name in names):
            return None
        file = folder.joinpath(*names).resolve(strict=True)
        inside = file.is_relative_to(folder.resolve()) and file.is_file()
        return file.read_bytes() if inside else None
    except (OSError, ValueError, RuntimeError):  # missing, unreadable, no UTF-8, too long, a ring of links
        return None


def _shown(name: str) -> bool:
    """Hidden are "." and "..", dot files but for the folder that the web reserves, and what is no name."""
    plain = name != "" and not set(name) & set("/\\\0")
    return plain and (not name.startswith(".") or name == ".well-known")


def _with_script(page: bytes, address: str) -> bytes:
    end = page.lower().rfind(b"</body>")
    place = end if end >= 0 else len(page)
    return page[:place] + f'<script src="{address}"></script>'.encode() + page[place:]
