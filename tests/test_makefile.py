"""The Makefile on a Debian whose Python cannot make virtual environments: their package is missing."""

import os
import subprocess
import sys
from pathlib import Path

MAKEFILE = Path(__file__).parent.parent / "Makefile"
PACKAGE = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
PYTHON = f"""\
#!/bin/sh
case "$*" in
"-m venv .venv")
    mkdir -p .venv/bin
    [ -e installed ] && exec touch .venv/bin/python
    echo "The virtual environment was not created successfully because ensurepip is not available."
    exit 1 ;;
esac
exec {sys.executable} "$@"
"""
APT_GET = '#!/bin/sh\n[ "$1" = update ] || echo "$@" > installed\n'


def make(folder: Path, user: int) -> subprocess.CompletedProcess[str]:
    """How `make .venv/bin/python` ends for the user of that number, with such a Python and an apt-get that works."""
    programs = folder / "programs"
    programs.mkdir()
    for name, text in {"python3": PYTHON, "apt-get": APT_GET, "id": f"#!/bin/sh\necho {user}\n"}.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    return subprocess.run(
        ["make", "-f", MAKEFILE, ".venv/bin/python"],
        cwd=folder,
        env={"PATH": f"{programs}:{os.environ['PATH']}"},  # no MAKEFLAGS of the make that runs the tests
        capture_output=True,
        text=True,
        check=False,
    )


def test_who_may_not_install_is_told_what_to_install(tmp_path: Path) -> None:
    """One sentence names the package, nothing is installed, and no half-made environment stays."""
    ended = make(tmp_path, 1000)
    assert ended.returncode != 0
    assert ended.stdout == ""
    assert ended.stderr.splitlines()[0] == f"Install the package {PACKAGE}, then run make again."
    assert [path.name for path in tmp_path.iterdir()] == ["programs"]


def test_root_gets_it_installed(tmp_path: Path) -> None:
    """The package of this very version of Python is installed, and the environment made."""
    ended = make(tmp_path, 0)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (tmp_path / "installed").read_text() == f"install -y -qq {PACKAGE}\n"
    assert (tmp_path / ".venv/bin/python").exists()
