"""Project: a copy of this one with a registry of made-up records, which is built, changed and built again."""

import compileall
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.builds import Build
from benchmarks.records import REGISTRY, SHARED, UNTIL, records, write
from starcert.days import ONE_DAY

REPOSITORY = Path(__file__).parent.parent
PARTS = ("starcert", "templates", "content")
FILES = ("build.py", "site.yaml")
SINGLE = "hengzhun"
"""A body whose certificates have no parts and hang on no second scheme: its holders have one, if not renewed."""


@dataclass
class Project:
    """A project in a folder, its day, and how often it was changed."""

    folder: Path
    day: date = UNTIL
    edition: int = 0

    def write(self, count: int) -> None:
        """Write it, with that many records, its modules compiled as they are wherever it has run before."""
        for name in PARTS:
            shutil.copytree(REPOSITORY / name, self.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy(REPOSITORY / name, self.folder)
        for name in SHARED:
            shutil.copytree(REGISTRY / name, self.folder / "registry" / name)
        write(records(count), self.folder / "registry")
        compileall.compile_dir(self.folder, quiet=1)

    def offers(self, option: str) -> bool:
        """Whether this version of build.py has an option."""
        told = subprocess.run(
            [sys.executable, "build.py", "--help"], cwd=self.folder, capture_output=True, text=True, check=True
        )
        return option in told.stdout

    def build(self, out: Path, *options: str) -> list[str]:
        """The command that builds the site as of the project's day."""
        return [sys.executable, "build.py", "--out", str(out), "--as-of", str(self.day), "--quiet", *options]

    def timed(self, name: str, *options: str, **more: Any) -> Build:
        """The same as a build under that name; `more` says what a build may have besides."""
        return Build(name, self.folder, lambda out: [self.build(out, *options)], **more)

    def next_day(self) -> None:
        """One day later."""
        self.day += ONE_DAY

    def rename_a_holder(self, site: Path) -> tuple[Path, str]:
        """Change the name in one record that the site shows; return its page there and its new name."""
        record, text = self._single(site)
        self.edition += 1
        renamed = re.sub(
            r"(?m)^(  name: .+?)(?:第\d+)?(?=(?:股份)?有限公司$)", rf"\g<1>第{self.edition}", text, count=1
        )
        record.write_text(renamed, encoding="utf-8")
        name = re.search(r"^  name: (.+)$", renamed, re.MULTILINE)
        return site / "C" / record.stem / "index.html", name[1] if name else ""

    def edit_a_template(self) -> str:
        """Change what every certificate's page says, out of sight; return what it says now."""
        template = self.folder / "templates" / "certificate.html"
        self.edition += 1
        says = f"<!-- edition {self.edition} -->"
        text = re.sub(r"(?:<!-- edition \d+ -->)?</article>", f"{says}</article>", template.read_text(encoding="utf-8"))
        template.write_text(text, encoding="utf-8")
        return says

    def _single(self, site: Path) -> tuple[Path, str]:
        """The first record on the site, with its text, whose holder has no other."""
        for record in sorted((self.folder / "registry" / "certificates" / SINGLE).iterdir()):
            text = record.read_text(encoding="utf-8")
            if "supersede" not in text and (site / "C" / record.stem).is_dir():
                return record, text
        raise AssertionError("no certificate is valid")
