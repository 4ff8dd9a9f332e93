"""The golden site: what build.py makes of tests/example/ for one day, kept to be compared byte for byte.

    python -m tests.golden

writes it anew, and the words that tests/broken/ expects as well, in English and Chinese.
"""

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

REPOSITORY = Path(__file__).parent.parent
EXAMPLE = Path(__file__).parent / "example"
GOLDEN = EXAMPLE / "site"
DAY = "2026-11-22"
EPOCH = "1795276830"
"""The instant of its stamp, in seconds: that day, half a minute after midnight in China."""
WRITTEN = ("registry", "content", "site.yaml")
DIGESTED = ("assets/", "pagefind/")
DIGESTS = "digests.txt"


def built() -> dict[str, bytes]:
    """The files of the example's site by path, those of assets/ and pagefind/ as lines of one file of digests."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for part in WRITTEN:
            source = EXAMPLE / part
            (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / part)
        shutil.copytree(REPOSITORY / "templates", folder / "templates")
        command = [sys.executable, str(REPOSITORY / "build.py"), "--as-of", DAY, "--quiet"]
        subprocess.run(command, cwd=folder, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH})
        return _kept(files(folder / "site"))


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path there, in the order of paths."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _kept(site: dict[str, bytes]) -> dict[str, bytes]:
    digests = [f"{sha256(data).hexdigest()}  {path}\n" for path, data in site.items() if path.startswith(DIGESTED)]
    shown = {path: data for path, data in site.items() if not path.startswith(DIGESTED)}
    return {**shown, DIGESTS: "".join(digests).encode()}


def write() -> None:
    """Write the golden site anew."""
    site = built()
    shutil.rmtree(GOLDEN, ignore_errors=True)
    for path, data in site.items():
        (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
        (GOLDEN / path).write_bytes(data)
    print(f"{len(site)} files in {GOLDEN.relative_to(REPOSITORY)}")


if __name__ == "__main__":
    write()
    rules = [sys.executable, "-m", "pytest", "-q", "tests/test_rules.py", "tests/test_chinese.py"]
    sys.exit(subprocess.run(rules, cwd=REPOSITORY, env={**os.environ, "WRITE_EXPECTED": "1"}, check=False).returncode)
