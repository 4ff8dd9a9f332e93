"""Live: a site that is built again and served anew whenever something it is made of changes.

The only user of watchfiles.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import watchfiles

from starcert.serve import CannotListen, Server

__all__ = ["CannotListen", "serve_and_rebuild"]


def serve_and_rebuild(
    folder: Path,
    host: str,
    port: int,
    *,
    root: str = "/",
    watch: Sequence[Path],
    rebuild: Callable[[], None],
    say: Callable[[str], None],
) -> None:
    """Build, serve the folder, and build again whenever a file in `watch` changes, until Ctrl-C.

    `rebuild` prints the problems of records itself. An exception of the first build ends all, lest a folder be
    served that is no site of ours; one of a later build is said, and the old site stays served. Raises
    CannotListen before anything is built.
    """
    changed, ended = threading.Event(), threading.Event()
    try:
        with Server(folder, host, port, root, reload=True) as server:
            for watched in _watched(watch):
                threading.Thread(target=_notice, args=(watched, changed, ended, say), daemon=True).start()
            rebuild()
            say(f"Serving {server.url}{root} (Ctrl-C ends)")
            while True:
                changed.wait()
                changed.clear()
                _attempt(rebuild, say)
    except KeyboardInterrupt:
        pass
    finally:
        ended.set()


@dataclass(frozen=True)
class _Watched:
    """Folders to watch, and which changes below them count."""

    folders: frozenset[Path]
    recursive: bool
    counts: Callable[[watchfiles.Change, str], bool]


def _watched(paths: Sequence[Path]) -> Iterator[_Watched]:
    """Folders are watched with all below them; a file through the folder that it lies in.

    Most editors replace a file when they save it, and a watch on the file itself stays with the replaced one.
    """
    folders = frozenset(path.resolve() for path in paths if path.is_dir())
    files = frozenset(path.parent.resolve() / path.name for path in paths if not path.is_dir())
    if folders:
        yield _Watched(folders, True, watchfiles.DefaultFilter())
    if files:
        parents = frozenset(file.parent for file in files)
        yield _Watched(parents, False, lambda _, path: Path(path) in files)


def _notice(watched: _Watched, changed: threading.Event, ended: threading.Event, say: Callable[[str], None]) -> None:
    try:
        for _ in watchfiles.watch(
            *watched.folders,
            recursive=watched.recursive,
            watch_filter=watched.counts,
            stop_event=ended,
            debounce=200,
            rust_timeout=1000,
        ):
            changed.set()
    except (OSError, RuntimeError) as error:
        say(f"Changes will not be noticed, so start again after each: {error}")


def _attempt(rebuild: Callable[[], None], say: Callable[[str], None]) -> None:
    try:
        rebuild()
    except Exception as error:  # a half-saved template must not end the session
        say(f"The build failed, and the site stays as it was: {type(error).__name__}: {error}")
