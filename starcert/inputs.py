"""Inputs: what a site is made of besides its records, as digests that tell whether any of it has changed."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from hashlib import blake2b
from pathlib import Path

from starcert.body import Body
from starcert.order import Order
from starcert.registry import Registry

UNREAD = {"keys", "reviewers"}
"""What a body's record says to others than readers."""
PROGRAM = Path(__file__).parent
ASIDE = {
    *("__pycache__", "bulletin", "changes", "commands", "comparison", "forge", "git", "host", "live", "mark"),
    *("newrecord", "past", "push", "schema", "serve", "watching"),
}
"""Modules and packages that no site is made with: another version of them makes no page anew."""
SIZE = 16  # bytes of a digest


@dataclass(frozen=True, slots=True)
class Inputs:
    """Digests, as hexadecimal digits: of what all pages hang on, and of each scheme and body by folder and name."""

    common: str
    parts: Mapping[str, str]

    @property
    def made_with(self) -> str:
        """The digest of all of them."""
        return _digest([self.common, *self.parts.values()])


def inputs(order: Order, registry: Registry) -> Inputs:
    """The digests of a build's inputs."""
    parts = {
        f"{kind}/{path.stem}": _digest([path.read_bytes()])
        for kind in ("schemes", "bodies")
        for path in sorted((registry.folder / kind).glob("*.yaml"))
    }
    parts |= {f"bodies/{id}": _digest([_told_of(body)]) for id, body in registry.rulebook.bodies.items()}
    patterns = (f"{body.id} {body.number_pattern.pattern}" for body in registry.rulebook.bodies.values())
    told = repr((order.register, order.demonstration, order.search))
    vocabularies = _contents(registry.folder / "vocabularies")
    furnishing: list[str | bytes] = [told, *_contents(order.templates), *_contents(order.content)]
    return Inputs(_digest([*_program(), *parts, *patterns, *vocabularies, *furnishing]), parts)


def _told_of(body: Body) -> str:
    """All of a body that a site can hang on: not its keys, say, so that a new one makes no page anew."""
    told = {field.name: getattr(body, field.name) for field in fields(body) if field.name not in UNREAD}
    approvals = [(approval.scheme.id, approval.since) for approval in body.schemes]
    return repr({**told, "number_pattern": body.number_pattern.pattern, "schemes": approvals})


def program() -> str:
    """The digest of all code that judges records and makes the site."""
    return _digest(_program())


def _program() -> Iterator[str | bytes]:
    """All code that makes the site: ours, the versions of the libraries, and Python's."""
    yield sys.version
    yield from sorted(name for path in sys.path for name in _names(Path(path)) if name.endswith(".dist-info"))
    for path in sorted(path for path in PROGRAM.iterdir() if path.stem not in ASIDE):
        yield path.name
        yield from _contents(path, ".py") if path.is_dir() else [path.read_bytes()]
    yield (PROGRAM.parent / "build.py").read_bytes()


def _names(folder: Path) -> list[str]:
    return os.listdir(folder) if folder.is_dir() else []


def _contents(folder: Path, ending: str = "") -> Iterator[str | bytes]:
    """Path and bytes of each file below the folder, in the order of paths."""
    for above, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(ending):
                path = os.path.join(above, name)
                yield os.fsencode(os.path.relpath(path, folder))
                yield Path(path).read_bytes()


def _digest(parts: Iterable[str | bytes]) -> str:
    digest = blake2b(digest_size=SIZE)
    for part in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
