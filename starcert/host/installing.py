"""Installing: a bare repository made into one that publishes what is pushed to it; again, it is brought up to date."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

from starcert.git import Repository
from starcert.host import hooks, settings
from starcert.host.place import Place, put
from starcert.host.publishing import BRANCH
from starcert.host.settings import OFF, REQUIRED, Host
from starcert.host.tree import ATTRIBUTES
from starcert.key import Key
from starcert.output import refuse_unsafe
from starcert.problems import Mistake
from starcert.sshkey import NoKey, ssh_key

MOST_PUSHED = 100_000_000  # bytes of one push
ON = "true"
GIT = {
    "core.bare": ON,
    "core.fsync": "all",
    "core.logAllRefUpdates": ON,
    "receive.advertisePushOptions": ON,
    "receive.autogc": "false",
    "receive.denyCurrentBranch": "refuse",
    "receive.denyDeletes": ON,
    "receive.denyNonFastForwards": ON,
    "receive.fsckObjects": ON,
    "receive.maxInputSize": str(MOST_PUSHED),
    "transfer.fsckObjects": ON,
}
"""The settings of git that the hooks rely on; tidying up is the timer's, so that no push waits for it.

Git brings no commit of a small push to the disk of itself: a power cut could lose what was live already.
"""


def install(
    place: Place, site: Path | None, keys: list[Key], signatures: str | None, python: Path, program: Path
) -> list[str]:
    """Make the repository publish; what was done, a line each.

    What was decided before stays where nothing else is asked for: the site, the signatures, the operators.
    """
    host = _settled(place, site, keys, signatures)
    refuse_unsafe(host.site)
    done = _repository(place.repository)
    repository = Repository(place.repository, {})
    place.folder.mkdir(mode=0o750, exist_ok=True)
    changed = hooks.install(place.repository / "hooks", hooks.scripts(place.repository, python, program))
    done += [f"hooks/{name} written" for name in changed]
    done += _configured(repository)
    repository.git.run("symbolic-ref", "HEAD", f"refs/heads/{BRANCH}")
    _outdo_attributes(place.repository / "info" / "attributes")
    old = place.settings.read_text(encoding="utf-8") if place.settings.exists() else None
    text = settings.written(host, old)
    if text != old:
        put(place.settings, text.encode(), mode=0o640)
        done.append(f"{place.settings} written")
    return done


def operator(path: Path, today: date) -> Key:
    """The key in a .pub file, held by whom its comment names, from today on."""
    try:
        text = path.read_text(encoding="utf-8")
        kind, blob, *comment = text.split()
        key = ssh_key(text if "PRIVATE KEY" in text else f"{kind} {blob}")
    except OSError as error:
        raise Mistake(f"{path} cannot be read: {error.strerror}.") from None
    except NoKey as told:
        raise Mistake(f"The key in {path} is {told}.") from None
    except ValueError:
        raise Mistake(f"{path} is no public key: name the file that ends with .pub.") from None
    return Key(key, " ".join(comment) or path.stem, today, None, None)


def _repository(folder: Path) -> list[str]:
    """Make the repository where there is none; Mistake where there is another thing."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / "HEAD").is_file() or not (folder / "objects").is_dir():
            raise Mistake(f"{folder} is no bare repository of git: name one, or a folder that does not exist yet.")
        if folder.stat().st_uid != os.geteuid():
            raise Mistake(f"{folder} belongs to {folder.owner()}: install as that account, which pushes run as.")
        return []
    if not folder.parent.is_dir():
        raise Mistake(f"{folder} cannot be made, because the folder {folder.parent} does not exist.")
    folder.mkdir(exist_ok=True)
    Repository(folder, {}).git.run("init", "--quiet", "--bare", f"--initial-branch={BRANCH}", "--template=")
    return [f"{folder} made"]


def _settled(place: Place, site: Path | None, keys: list[Key], signatures: str | None) -> Host:
    """What was decided before, and what is now."""
    if place.settings.exists():
        host = settings.read(place.settings)
    elif site is None:
        raise Mistake("Say with --site which folder the site is to lie in.")
    else:
        host = Host(site, signatures or REQUIRED, ())
    known = {one.key for one in host.operators}
    more = tuple(one for one in dict.fromkeys(keys) if one.key not in known)
    host = replace(host, site=site or host.site, signatures=signatures or host.signatures)
    host = replace(host, operators=host.operators + more)
    if host.signatures != OFF and not host.operators:
        raise Mistake("Say with --operator whose key may change the register, or with --unsigned that nobody signs.")
    return host


def _configured(repository: Repository) -> list[str]:
    wanted = {**GIT, "core.hooksPath": str(repository.folder / "hooks")}
    said = repository.git.run("config", "--local", "--null", "--list").decode("utf-8", "surrogateescape").split("\0")
    known = dict(line.split("\n", 1) for line in said if "\n" in line)
    changed = [key for key, value in wanted.items() if known.get(key.lower()) != value]
    for key in changed:
        repository.git.run("config", "--local", "--replace-all", key, wanted[key])
    return [f"git's settings: {', '.join(changed)}"] if changed else []


def _outdo_attributes(path: Path) -> None:
    """Have no file converted when it is written out, whatever a commit says; the last line counts."""
    said = path.read_text(encoding="utf-8") if path.exists() else ""
    if not said.endswith(ATTRIBUTES):
        path.parent.mkdir(exist_ok=True)
        put(path, (said + ATTRIBUTES).encode())
