"""A Debian machine to try guides on: this one's files beneath a layer that takes what is written, with processes and a
network of its own. Needs root.

Real are git, ssh and sshd, nginx, Caddy, Python, and the program. What needs the world outside, or a machine that has
been started, is stood in for by STANDS_IN:

- `apt-get`: no package is fetched; that each has its name at Debian is asked of the machine's own lists.
- `make` in the program's folder: the libraries are those that the tests run with, not fetched from PyPI.
- `python3`: the Python that runs the tests, which the libraries are of.
- `certbot`, and Caddy's own way to a certificate: no authority signs for stars.example. Certificates are made here and
  trusted by all on the machine; what certbot writes into nginx's file is written.
- `systemctl`: systemd is asleep where it was not started. Servers start, and read their files again, by their own
  commands, Caddy as its own account; the unit's command is run as the unit's account; units are enabled for real.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BOOT = r"""
set -eu
mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
mount -t proc proc "$1/root/proc"
mount --rbind /dev "$1/root/dev"
mount -t tmpfs tmpfs "$1/root/run"
python3 - <<'END'
import fcntl, socket, struct
with socket.socket() as any:
    fcntl.ioctl(any, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: up and running
END
exec chroot "$1/root" sh -c 'echo up; exec sleep infinity'
"""
STANDS_IN = {
    "apt-get": """\
for word; do case $word in
-* | update | install | certbot | python3-certbot-nginx) ;;
*) dpkg-query --show "$word" || apt-cache show "$word" >/dev/null ;;
esac; done
""",
    "make": """\
mkdir -p /opt/starcert/.venv; cd /opt/starcert/.venv
for part in bin lib pyvenv.cfg; do ln -sfn {venv}/$part $part; done; touch site.done
exec /usr/bin/make "$@"
""",
    "python3": """\
exec {python} "$@"
""",
    "certbot": """\
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=stars.example \\
    -addext subjectAltName=DNS:stars.example -keyout /etc/nginx/tls.key -out /etc/nginx/tls.pem 2>/dev/null
sed -i 's|^    listen 80;|    listen 443 ssl; ssl_certificate tls.pem; ssl_certificate_key tls.key;\\n&|' \\
    /etc/nginx/sites-available/register
cat /etc/nginx/tls.pem >> /etc/trusted.pem
nginx -s reload
""",
    "systemctl": """\
case "$*" in
"reload nginx") nginx -s reload 2>/dev/null || nginx ;;
"reload caddy")
    nginx -s quit || true
    { printf '{\\nlocal_certs\\nskip_install_trust\\n}\\n'; cat /etc/caddy/Caddyfile; } > /run/Caddyfile
    chmod 644 /run/Caddyfile
    export HOME=/var/lib/caddy
    setpriv --reuid caddy --regid caddy --init-groups --inh-caps=+net_bind_service --ambient-caps=+net_bind_service \\
        caddy start --config /run/Caddyfile --adapter caddyfile >/run/caddy.log 2>&1
    root=$HOME/.local/share/caddy/pki/authorities/local/root.crt
    for try in 1 2 3 4 5 6 7 8 9 10; do [ -e $root ] && break; sleep 1; done
    cat $root >> /etc/trusted.pem ;;
"stop caddy") caddy stop ;;
"start starcert.service")
    cd /etc/systemd/system
    exec runuser -u "$(sed -n s/^User=//p starcert.service)" -- $(sed -n s/^ExecStart=//p starcert.service) ;;
"enable --now "*) SYSTEMD_OFFLINE=1 exec /usr/bin/systemctl enable "$3" ;;
*) SYSTEMD_OFFLINE=1 exec /usr/bin/systemctl "$@" ;;
esac
""",
}
"""Scripts by the program whose place they take."""
NOTHING_FETCHED = (
    "export PIP_NO_INDEX=1 PIP_NO_DEPS=1 PIP_NO_BUILD_ISOLATION=0 PIP_DISABLE_PIP_VERSION_CHECK=1 "
    f"PYTHONPATH={os.pathsep.join(path for path in sys.path if Path(path).name == 'site-packages')}\n"
)
"""What to type before `pip install`, so that the libraries that the tests run with do."""


@dataclass(frozen=True)
class Machine:
    """The machine, by the process that it began with."""

    begun: int

    def run(self, script: str, user: str = "root", folder: str = "", given: str = "\n\n\n") -> str:
        """What the script prints when a user types it, in a folder of theirs; it must end well."""
        code, said = self.tried(script, user, folder, given)
        assert code == 0, f"{script}\n{said}"
        return said

    def tried(self, script: str, user: str = "root", folder: str = "", given: str = "\n\n\n") -> tuple[int, str]:
        """How it ends, and what it prints."""
        enter = ["nsenter", f"--target={self.begun}", "--mount", "--net", "--pid", "--root", "--wd"]
        clean = ["env", "-i", "LANG=C.UTF-8", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        login = ["runuser", "--user", user, "--", "bash", "-ec"]
        begin = f'export HOME=~{user} USER={user} LOGNAME={user} SSL_CERT_FILE=/etc/trusted.pem; cd "$HOME/{folder}"\n'
        ended = subprocess.run(
            [*enter, *clean, *login, begin + script],
            input=given.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=300,
        )
        said = ended.stdout.decode("utf-8", "backslashreplace")
        assert "Traceback" not in said, said
        return ended.returncode, said

    def write(self, path: str, text: str, user: str = "root") -> None:
        """A file of a user, with this text."""
        self.run(f"mkdir -p \"$(dirname '{path}')\"; cat > '{path}'", user, given=text)


@contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    """The machine, for as long as the block runs; nothing of it stays."""
    folder.mkdir(parents=True, exist_ok=True)
    spaces = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child"]
    begun = subprocess.Popen([*spaces, "sh", "-c", BOOT, "boot", str(folder)], stdout=subprocess.PIPE)
    try:
        assert begun.stdout
        assert begun.stdout.readline() == b"up\n"
        made = Machine(_child(begun.pid))
        for name, text in STANDS_IN.items():
            script = text.replace("{venv}", sys.prefix).replace("{python}", sys._base_executable)  # type: ignore[attr-defined]
            made.write(f"/usr/local/sbin/{name}", f"#!/bin/sh\nset -e\n{script}")
            made.run(f"chmod 755 /usr/local/sbin/{name}")
        _open_way(made, Path(sys.executable).resolve())
        yield made
    finally:
        begun.kill()
        begun.wait(20)


def _child(process: int) -> int:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        if children:
            return int(children[0])
        time.sleep(0.02)
    raise AssertionError("the machine has no process")


def _open_way(made: Machine, program: Path) -> None:
    """Let any user start the Python that runs the tests, wherever it lies."""
    for folder in (program, *program.parents[:-1]):
        made.run(f"chmod a+rx '{folder}'")
    for folder in (Path(sys.prefix).resolve(), *Path(sys.prefix).resolve().parents[:-1]):
        made.run(f"chmod a+rx '{folder}'")


def can_be_made() -> bool:
    """Whether this process may make one."""
    return os.geteuid() == 0 and all(map(shutil.which, ("unshare", "nsenter", "runuser")))
