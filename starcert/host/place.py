"""Place: where a host keeps what it knows, in the folder `starcert` of its repository."""

import os
from dataclasses import dataclass
from pathlib import Path

HOUR = 60 * 60


@dataclass(frozen=True, slots=True)
class Place:
    """The files of a host; `repository` is the absolute path of a bare repository."""

    repository: Path

    @property
    def folder(self) -> Path:
        """All that is not git's."""
        return self.repository / "starcert"

    @property
    def settings(self) -> Path:
        """What the operator decided."""
        return self.folder / "host.yaml"

    @property
    def tree(self) -> Path:
        """The files of the commit that was built last."""
        return self.folder / "tree"

    @property
    def state(self) -> Path:
        """What came of the last publication."""
        return self.folder / "state.json"

    @property
    def news(self) -> Path:
        """What the latest publications changed on the site."""
        return self.folder / "news.json"

    @property
    def refusal(self) -> Path:
        """The last push that was refused; apart from the state, since pushes are judged while others are published."""
        return self.folder / "refusal.json"

    @property
    def ledger(self) -> Path:
        """What is known of the records of main, so that a push costs what it changes; it can be made anew."""
        return self.folder / "ledger"

    @property
    def lock(self) -> Path:
        """Held by the one publication that is under way."""
        return self.folder / "lock"

    @property
    def crash(self) -> Path:
        """What a bug of the program left, for whoever mends it."""
        return self.folder / "crash.txt"

    def tidy(self) -> None:
        """Remove what writers left who were killed; whoever calls must hold the lock.

        A refusal is written without it: what is left of one is removed when it is an hour old.
        """
        self.lock.touch()
        now = self.lock.stat().st_mtime
        for left in self.folder.glob(".*"):
            if not left.name.startswith(f".{self.refusal.name}.") or now - left.stat().st_mtime > HOUR:
                left.unlink(missing_ok=True)


def put(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Give the file these bytes, in one step: whoever reads it meanwhile, or after a power cut, sees old or new."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(new, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException:  # a full disk gets back what it took
        new.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
