"""A host as an operator installs it, and a clone to push from; real git, and build.py in processes of its own."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from project import DAY, REPOSITORY, Ended, Project, clean_environment, started
from records import BODY, RECORD, varied, write_registry

NUMBER = "99925SC00123R1M"
CERTIFICATES = f"registry/certificates/{BODY}"
DEMONSTRATION = "registry/DEMONSTRATION.yaml"


@dataclass(frozen=True)
class Hosted:
    """A repository that publishes, its site, and a clone, all in one folder."""

    folder: Path

    @property
    def repository(self) -> Path:
        return self.folder / "register.git"

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def clone(self) -> Path:
        return self.folder / "clone"

    def host(self, command: str, *arguments: str, day: str | None = None, **environment: str) -> Ended:
        """build.py host COMMAND REPOSITORY; as of a day, if one is given."""
        asked = ["--as-of", day] if day else []
        return self.run(*asked, "host", command, str(self.repository), *arguments, **environment)

    def run(self, *arguments: str, **environment: str) -> Ended:
        """build.py, in a folder that is no register's."""
        plain = clean_environment(environment)
        del plain["SOURCE_DATE_EPOCH"]
        return started(arguments, Path("/"), plain, afresh=bool(environment))

    def git(self, *arguments: str, folder: Path | None = None) -> str:
        """What git prints in the clone."""
        who = {"GIT_AUTHOR_NAME": "张三", "GIT_AUTHOR_EMAIL": "zhang@example.com"}
        who |= {"GIT_COMMITTER_NAME": "张三", "GIT_COMMITTER_EMAIL": "zhang@example.com"}
        plain = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "LANG": "C.UTF-8",
            **who,
        }
        command = ["git", *arguments]
        return subprocess.run(
            command, cwd=folder or self.clone, env=plain, check=True, capture_output=True, text=True
        ).stdout.strip()

    def commit(self, subject: str = "a change") -> str:
        """The commit of all that was written in the clone."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", subject)
        return self.git("rev-parse", "HEAD")

    def send(self, subject: str = "a change") -> str:
        """The same, put into the repository without its hooks, as if a push had been accepted."""
        commit = self.commit(subject)
        self.git("fetch", "--quiet", str(self.clone), "HEAD:refs/heads/main", folder=self.repository)
        return commit

    def write(self, name: str, text: str | bytes) -> Path:
        """A file of the clone."""
        return Project(self.clone).write(name, text)

    def add(self, number: str, *changes: tuple[str, str], also: str = "") -> str:
        """The path of a new record in the clone."""
        return Project(self.clone).add(number, *changes, also=also)

    def change(self, *changes: tuple[str, str], also: str = "") -> None:
        """Write the first record anew, varied."""
        self.write(f"{CERTIFICATES}/{NUMBER}.yaml", varied(*changes, also=also))

    @property
    def status(self) -> dict[str, Any]:
        """What `host status --json` says."""
        said = json.loads(self.host("status", "--json").out)
        assert isinstance(said, dict)
        return said

    @property
    def live(self) -> dict[str, Any]:
        """The site's status.json."""
        said = json.loads((self.site / "status.json").read_bytes())
        assert isinstance(said, dict)
        return said

    @property
    def shown(self) -> list[str]:
        """The certificates that the site has a page of."""
        return sorted(path.name for path in (self.site / "C").iterdir())


def hosted(folder: Path, day: str = DAY) -> Hosted:
    """A host with a register of one certificate in its clone, whose builds are as of a day; nothing is sent yet."""
    made = Hosted(folder)
    folder.mkdir(parents=True, exist_ok=True)
    assert made.host("install", "--site", str(made.site), "--unsigned").code == 0
    made.git("clone", "--quiet", str(made.repository), str(made.clone), folder=folder)
    write_registry(made.clone / "registry", {f"certificates/{BODY}/{NUMBER}.yaml": RECORD})
    shutil.copy(REPOSITORY / "site.yaml", made.clone)
    for name in ("templates", "content"):
        shutil.copytree(REPOSITORY / name, made.clone / name)
    made.write(DEMONSTRATION, f"until: {day}\n")
    return made
