"""Former: the files in assets/ of earlier sites, which pages that somebody still has open ask for.

They lie beside the site, in a folder that the web server falls back on. Each is named after its bytes, so none can pass
for another; nothing of a certificate is among them.
"""

import os
from pathlib import Path

from starcert.host.place import put

ASSETS = "assets"
DAYS = 14
SECONDS = DAYS * 24 * 60 * 60


def beside(site: Path) -> Path:
    """The folder with the files of earlier sites."""
    return site.with_name(f"{site.name}.former")


def keep(site: Path) -> None:
    """Put the assets of the site as it stands beside it; drop those that no site has had for so many days."""
    folder = beside(site) / ASSETS
    if not (site / ASSETS).is_dir():
        return
    for part in (folder.parent, folder):
        part.mkdir(exist_ok=True)
        part.chmod(0o755)
    for left in folder.glob(".*"):  # by whoever was killed while he put one there
        left.unlink()
    seen = set()
    for asset in sorted((site / ASSETS).iterdir()):
        copy = folder / asset.name
        if not copy.exists():
            put(copy, asset.read_bytes())
        os.utime(copy)
        seen.add(copy)
    now = max((copy.stat().st_mtime for copy in seen), default=0.0)
    for copy in set(folder.iterdir()) - seen:
        if now - copy.stat().st_mtime > SECONDS:
            copy.unlink()
