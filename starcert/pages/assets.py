"""Assets: the stylesheet, the scripts and the pictures that pages load, each under a name that tells its content."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starcert import headers

IMPORT = re.compile(rb'(from |import\()"\./([a-z-]+\.js)"')


@dataclass(frozen=True, slots=True)
class Asset:
    """One file that pages load. `path` is its place on the site, such as assets/style-3f2a9c01.css."""

    path: str
    content: bytes


Assets = Mapping[str, Asset]
FOLDER = headers.ASSETS


def read_assets(folder: Path) -> Assets:
    """The assets of a folder under their file names, such as style.css; in the order of the names."""
    return {file.name: _asset(file) for file in sorted(folder.iterdir()) if file.is_file()}


def asset_files(assets: Assets) -> Iterator[tuple[str, bytes]]:
    """Each asset's path on the site and its bytes."""
    return ((asset.path, asset.content) for asset in assets.values())


def _asset(file: Path) -> Asset:
    """A changed file gets another name, so hosts and browsers may keep each one for ever; imports follow the names."""
    content = IMPORT.sub(lambda found: _renamed(file, found), file.read_bytes())
    return Asset(f"{FOLDER}{file.stem}-{sha256(content).hexdigest()[:8]}{file.suffix}", content)


def _renamed(file: Path, found: re.Match[bytes]) -> bytes:
    """The import, found in a file, of another script, by the name under which the site has that one."""
    other = _asset(file.with_name(found[2].decode()))
    return found[1] + f'"./{Path(other.path).name}"'.encode()
