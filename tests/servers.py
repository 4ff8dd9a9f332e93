"""Real web servers on loopback ports, told what `host file` writes, with nothing changed but where they listen."""

import http.client
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

SERVERS = ("nginx", "caddy")
NGINX = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def serving(kind: str, text: str, folder: Path, *, https: int | None = None) -> Iterator[str]:
    """The server with this site file, in a folder for what it writes; gives the site's address.

    At a port for `https` it serves the same, under a certificate that nobody vouches for.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    if https:
        _vouch_for_oneself(folder)
    command = (_nginx if kind == "nginx" else _caddy)(text, folder, port, https)
    plain = {"PATH": f"{os.environ['PATH']}:/usr/sbin", "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with open(folder / "said", "wb") as said:
        server = subprocess.Popen(command, env=plain, stdout=said, stderr=said)
        try:
            wait(server, port, folder / "said")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)


def _vouch_for_oneself(folder: Path) -> None:
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=stars.example", "-addext", "subjectAltName=DNS:stars.example"]
    files = ["-keyout", f"{folder}/tls.key", "-out", f"{folder}/tls.pem"]
    subprocess.run([*make, *names, *files], check=True, capture_output=True)


def _nginx(text: str, folder: Path, port: int, https: int | None) -> list[str]:
    listen = f"listen 127.0.0.1:{port};"
    if https:
        listen += f"\n    listen 127.0.0.1:{https} ssl;"
        listen += f"\n    ssl_certificate {folder}/tls.pem;\n    ssl_certificate_key {folder}/tls.key;"
    listening, count = re.subn(r"listen 80;\n    listen \[::\]:80;", listen, text)
    assert count == 1
    (folder / "site.conf").write_text(listening, encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, user=user), encoding="utf-8")
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def _caddy(text: str, folder: Path, port: int, https: int | None) -> list[str]:
    shared, count = re.subn(r"(?m)^[a-z0-9.-]+ \{$", "(register) {", text)
    assert count == 1
    listening = f"{shared}http://127.0.0.1:{port} {{\n    import register\n}}\n"
    if https:
        tls = f"tls {folder}/tls.pem {folder}/tls.key"
        listening += f"https://stars.example:{https} {{\n    bind 127.0.0.1\n    {tls}\n    import register\n}}\n"
    (folder / "Caddyfile").write_text("{\n    admin off\n    auto_https off\n}\n" + listening, encoding="utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def wait(server: "subprocess.Popen[bytes]", port: int, said: Path) -> None:
    """Until the server listens on the port; fails with what it said if it ends."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert server.poll() is None, said.read_text()
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(said.read_text())


def asked(address: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers by small names, and body of what the server says; the path goes out as it is."""
    host = urlsplit(address).netloc
    connection = http.client.HTTPConnection(host, timeout=20)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()
