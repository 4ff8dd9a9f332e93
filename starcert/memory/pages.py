"""Pages: every file of the site but the certificates' own pages, by what it belongs to."""

from collections.abc import Iterable, Mapping

from starcert.memory.base import Base

LAYOUT = """
    CREATE TABLE pages (owner, path, made_of, PRIMARY KEY (owner, path)) WITHOUT ROWID;
    CREATE INDEX pages_by_path ON pages (path);
"""


class Pages:
    """What the memory knows of files."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def of(self, owner: str) -> dict[str, bytes]:
        """The paths of the files of a list, a holder or another owner, with the digest of what each was made of."""
        return dict(self._base.all("SELECT path, made_of FROM pages WHERE owner = ?", owner))

    def replace(self, owner: str, files: Mapping[str, bytes]) -> set[str]:
        """Remember which files the owner has now; the paths of those that it has no more."""
        before = self.of(owner)
        gone, told = before.keys() - files.keys(), files.items() - before.items()
        self._base.do_each("DELETE FROM pages WHERE owner = ? AND path = ?", ((owner, path) for path in gone))
        self._base.do_each("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", ((owner, *one) for one in told))
        return gone

    def among(self, paths: Iterable[str]) -> set[str]:
        """Those of the paths at which there is a file."""
        return {path for (path,) in self._base.among("SELECT path FROM pages WHERE path IN (?)", paths)}

    def named(self, name: str) -> list[str]:
        """The path of every file of that name."""
        return [path for path in self._base.firsts("SELECT path FROM pages") if path.endswith(name)]
