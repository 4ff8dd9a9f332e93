"""Eleventy: the same site in the peer that is written in JavaScript."""

import json
import shutil
import sys
from pathlib import Path

from benchmarks.facts import Facts, copy_assets
from benchmarks.records import text

SITE = Path(__file__).parent / "peers" / "eleventy"
MODULES = Path(sys.prefix) / "eleventy" / "node_modules"
PROGRAM = MODULES / "@11ty" / "eleventy" / "cmd.cjs"


def installed() -> bool:
    """Whether there are Node.js and the packages of package-lock.json."""
    return bool(shutil.which("node")) and PROGRAM.is_file()


def write(facts: Facts, folder: Path, form: str) -> Path:
    """Write the source of the site, the certificates in that form; return its folder."""
    shutil.copytree(SITE, folder)
    (folder / "node_modules").symlink_to(MODULES, target_is_directory=True)
    told = folder / "facts"
    told.mkdir()
    (told / "register.json").write_text(json.dumps(facts.shared(), ensure_ascii=False), encoding="utf-8")
    WRITERS[form](facts, told)
    copy_assets(facts.project, folder / "pages" / "assets")
    return folder


def command(out: Path) -> list[str]:
    """What builds the site, run in its folder."""
    return ["node", str(PROGRAM), "--quiet", f"--output={out}"]


def _write_records(facts: Facts, folder: Path) -> None:
    (folder / "records").mkdir()
    for slug, told in facts.certificates():
        (folder / "records" / f"{slug}.yaml").write_text(text({"slug": slug} | told), encoding="utf-8")


def _write_list(facts: Facts, folder: Path) -> None:
    with open(folder / "certificates.json", "w", encoding="utf-8") as file:
        for index, (slug, told) in enumerate(facts.certificates()):
            file.write("," if index else "[")
            json.dump({"slug": slug} | told, file, ensure_ascii=False)
        file.write("]\n")


WRITERS = {"records in YAML": _write_records, "one JSON file": _write_list}
