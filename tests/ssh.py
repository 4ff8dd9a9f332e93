"""A real SSH server on a loopback port, as whoever runs the tests, that lets clerks do nothing but use git."""

import getpass
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from keys import Pair, pair
from servers import free_port, wait

SSHD = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin") or "sshd"
GIT_ONLY = 'restrict,command="git-shell -c \\"$SSH_ORIGINAL_COMMAND\\""'
"""What stands before each key: as in the guide, but that there git-shell is the account's own shell."""
CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {host}
AuthorizedKeysFile {folder}/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PidFile none
"""


@dataclass(frozen=True)
class Server:
    """An SSH server; `variables` have git reach it with a key."""

    folder: Path
    port: int

    def address(self, repository: Path) -> str:
        """What a clerk clones."""
        return f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}{repository}"

    def variables(self, key: Pair) -> Mapping[str, str]:
        """With these git asks the server as the holder of the key."""
        options = [f"IdentityFile={key.private}", "IdentitiesOnly=yes", "BatchMode=yes"]
        options.append(f"UserKnownHostsFile={self.folder}/known_hosts")
        return {"GIT_SSH_COMMAND": "ssh -F none " + " ".join(f"-o {option}" for option in options)}


@contextmanager
def listening(folder: Path, *clerks: Pair) -> Iterator[Server]:
    """The server, for as long as the block runs; these keys may use git on it."""
    folder.mkdir(parents=True)
    made, host = Server(folder, free_port()), pair("host")
    (folder / "sshd_config").write_text(CONFIG.format(port=made.port, host=host.private, folder=folder))
    (folder / "authorized_keys").write_text("".join(f"{GIT_ONLY} {clerk.line}\n" for clerk in clerks))
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{made.port} {host.line}\n")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where sshd, when it is root's, shuts in its other half
    with open(folder / "said", "wb") as said:
        server = subprocess.Popen([SSHD, "-D", "-e", "-f", str(folder / "sshd_config")], stdout=said, stderr=said)
        try:
            wait(server, made.port, folder / "said")
            yield made
        finally:
            server.terminate()
            server.wait(20)
