"""Tree: the files of a commit in a folder of a host, of which only those are written that change.

So a build sees which records were touched. Beside the folder lie git's index of it, and, while the folder is known to
hold one commit and nothing else, a mark that names this commit. A folder without a mark is made anew: whoever moved it
from one commit to the next was killed.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from starcert.git import Repository
from starcert.git.program import Program
from starcert.host.place import put
from starcert.output import flush, locked

PLAIN = {
    "core.autocrlf": "false",
    "core.bare": "false",
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.symlinks": "false",
    "index.threads": "true",
}
"""What git is told here, whatever a repository says: no hook, no conversion, and what is a link becomes a text."""
ATTRIBUTES = "* -text -ident -filter !working-tree-encoding !eol\n"
"""In `info/attributes` this outdoes every .gitattributes of a commit: files get the bytes that were judged."""
SHA1 = 40  # digits of an id in a repository that has not been told to count in SHA-256


@dataclass(frozen=True, slots=True)
class Tree:
    """The folder of a repository's files."""

    repository: Repository
    folder: Path

    @property
    def _index(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.index")

    @property
    def _lock(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.lock")

    @property
    def _mark(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.commit")

    def bring(self, commit: str) -> None:
        """Make the folder hold the files of a commit, and no others; GitError when git cannot.

        Where git complains and goes on, the files decide: it does so of a line in .gitattributes that it does not
        understand, which is no matter, and of a file that it cannot remove, which would be published for ever.
        A git that still writes for one of us who was killed is waited for.
        """
        with locked(self._lock, lambda: None) as lock:
            self._bring(commit, lock)

    def _bring(self, commit: str, lock: int) -> None:
        held = self.held
        if held == commit:
            return
        self._mark.unlink(missing_ok=True)
        self._index.with_name(self._index.name + ".lock").unlink(missing_ok=True)
        if held is None:
            self._index.unlink(missing_ok=True)
        self.folder.mkdir(exist_ok=True)
        git = self._git(lock)
        complaint = git.complaint("read-tree", "--reset", "-u", commit)
        if held is None:
            complaint = git.complaint("clean", "-ffdxq") or complaint
        if complaint and not self._is(commit):
            raise complaint
        flush(self.folder)
        put(self._mark, commit.encode())

    @property
    def held(self) -> str | None:
        """The commit whose files the folder holds, or None when that is not sure."""
        try:
            return self._mark.read_text(encoding="ascii") if self.folder.is_dir() and self._index.exists() else None
        except (OSError, ValueError):
            return None

    def _is(self, commit: str) -> bool:
        """Whether the folder, read through, holds the very files of the commit and nothing else."""
        wanted = {os.fsdecode(one.path): one.id for one in self.repository.entries(commit, sized=False)}
        folders = {str(above) for path in wanted for above in Path(path).parents}
        for above, _, names in os.walk(self.folder):
            inside = os.path.relpath(above, self.folder)
            paths = [os.path.normpath(os.path.join(inside, name)) for name in names]
            if inside not in folders or any(not _holds(self.folder / path, wanted.pop(path, "")) for path in paths):
                return False
        return not wanted

    def _git(self, lock: int) -> Program:
        places = {"GIT_INDEX_FILE": str(self._index), "GIT_WORK_TREE": str(self.folder)}
        told = {**self.repository.git.variables, **places}
        return Program(self.repository.folder, told, (lock,)).told(PLAIN)


def _holds(file: Path, blob: str) -> bool:
    """Whether a file, which must not be a link, has the bytes of a blob, which are named after their digest."""
    if file.is_symlink():
        return False
    data = file.read_bytes()
    digest = hashlib.new("sha1" if len(blob) == SHA1 else "sha256", usedforsecurity=False)
    digest.update(b"blob %d\0" % len(data) + data)
    return digest.hexdigest() == blob
