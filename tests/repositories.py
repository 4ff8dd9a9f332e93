"""Real git repositories for tests: a bare one, and a clone of it to commit and push from."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PERSON = {
    "GIT_AUTHOR_NAME": "王芳",
    "GIT_AUTHOR_EMAIL": "wang@cb.example",
    "GIT_AUTHOR_DATE": "2026-11-22T10:00:00+08:00",
    "GIT_COMMITTER_NAME": "王芳",
    "GIT_COMMITTER_EMAIL": "wang@cb.example",
    "GIT_COMMITTER_DATE": "2026-11-22T10:00:00+08:00",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "HOME": "/nonexistent",
    "LC_ALL": "C.UTF-8",
}


@dataclass(frozen=True)
class Clone:
    """A folder with a clone of a bare repository beside it."""

    folder: Path
    bare: Path

    def git(self, *arguments: str, given: bytes = b"", fails: bool = False, **also: str) -> str:
        """What git prints, both ways, when asked for this."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], **PERSON, **also},
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=120,
        )
        told = done.stdout.decode("utf-8", "backslashreplace")
        assert bool(done.returncode) == fails, told
        return told

    def commit(self, files: Mapping[str, str | bytes | None], subject: str = "change", *options: str) -> str:
        """The id of a new commit in which these files say this; None removes one."""
        for name, text in files.items():
            path = self.folder / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", subject, *options)
        return self.git("rev-parse", "HEAD").strip()

    def commit_tree(self, entries: bytes, subject: str = "change", parent: str | None = "HEAD") -> str:
        """The id of a commit whose tree has these entries, as `git mktree -z` takes them, on the branch from now on.

        So names get into it that no folder would take.
        """
        tree = self.git("mktree", "-z", "--missing", given=entries).strip()
        made = self.git("commit-tree", tree, "-m", subject, *(("-p", parent) if parent else ())).strip()
        self.git("update-ref", "refs/heads/main", made)
        return made

    def tree(self, files: Mapping[str, str]) -> str:
        """The id of a new tree with these files."""
        lines = "".join(f"100644 blob {self.blob(text.encode())}\t{name}\n" for name, text in files.items())
        return self.git("mktree", given=lines.encode()).strip()

    def blob(self, data: bytes) -> str:
        """The id of a new blob."""
        return self.git("hash-object", "-w", "--stdin", given=data).strip()


def clone(folder: Path) -> Clone:
    """An empty bare repository and a clone of it, both in that folder."""
    made = Clone(folder / "clone", folder / "register.git")
    made.folder.mkdir(parents=True)
    made.git("init", "--quiet", "--bare", "-b", "main", str(made.bare))
    made.git("init", "--quiet", "-b", "main", ".")
    made.git("remote", "add", "origin", made.bare.as_uri())
    return made
