"""Order: what one run of the command line is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from starcert.register import Register
from starcert.stamp import Stamp


@dataclass(frozen=True, slots=True)
class Order:
    """The day, the register and the folders of one run, its stamp, and how much to say of it through `say`.

    `registry`, `templates`, `content` and `settings` are read, `out` is written, by as many workers as `jobs`; without
    `search`, the site has no search index. With `profile`, it is said where the time went. Problems are told in the
    `languages`, `zh` or `en`. A build that is to `attest` stamps a site anew although nothing else of it has changed.
    """

    day: date
    stamp: Stamp
    register: Register
    demonstration: bool
    registry: Path
    templates: Path
    content: Path
    settings: Path
    out: Path
    skip_broken: bool
    jobs: int
    profile: bool
    search: bool
    quiet: bool
    say: Callable[[str], None]
    languages: tuple[str, ...] = ("en",)
    attest: bool = False

    def attested(self, status: bytes) -> bytes:
        """The status.json of a site that has been found right and is left."""
        return self.stamp.on(status) if self.attest else status
