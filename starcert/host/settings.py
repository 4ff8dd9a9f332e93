"""Settings: what the operator of a host decided, in host.yaml; installing writes it, people may edit it."""

import re
from dataclasses import dataclass
from pathlib import Path

from starcert import yamlfile
from starcert.formats.rulebook import KEYS
from starcert.key import Key
from starcert.kinds import As, Choice, Text
from starcert.parsing import Field, Reading, Table
from starcert.problems import Mistake

REQUIRED, OFF = "required", "off"
INTRODUCTION = """\
# What this repository publishes, and who its operators are. Edit it here, on the server; no push can change it.
# signatures: required, or off in the register of a single body, where whoever can reach the repository may push.
# operators: the keys of those who may change all but certificates; a body's own keys are in registry/bodies/.
"""


class SettingsError(Mistake):
    """host.yaml is missing or wrong, as sentences for the operator."""


@dataclass(frozen=True, slots=True)
class Host:
    """The folder of the site, whether pushes must be signed, and whose keys are the operators'."""

    site: Path
    signatures: str
    operators: tuple[Key, ...]

    @property
    def signed(self) -> bool:
        """Whether every commit must be signed."""
        return self.signatures == REQUIRED


TABLE = Table(
    Host,
    {
        "site": Field(As(Text(500), Path), "the folder of the site, such as /srv/register/site"),
        "signatures": Field(Choice.of(REQUIRED, OFF), "required, or off in a single body's register", False, REQUIRED),
        "operators": Field(KEYS, "the keys of those who may change all but certificates", False, ()),
    },
)


def read(path: Path) -> Host:
    """The settings in a file."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise SettingsError(f"{path} does not exist: make the repository publish with build.py host install.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    return parsed(data, str(path))


def parsed(data: bytes, path: str) -> Host:
    """The settings that these bytes say."""
    record, problems = yamlfile.read(data, path)
    reading = Reading(path, problems)
    host = TABLE.read(record, "", reading) if record else None
    if reading.problems:
        raise SettingsError("\n".join(map(str, reading.problems)))
    assert isinstance(host, Host)
    if not host.site.is_absolute():
        raise SettingsError(f"{path}: site must begin with a slash, since hooks and timers run in other folders.")
    keys = [one.key for one in host.operators]
    if len(set(keys)) < len(keys):
        raise SettingsError(f"{path}: operators lists a key twice; keep one of the two.")
    if host.signed and not keys:
        raise SettingsError(f"{path}: operators is empty, so nobody could push; add a key, or say signatures: off.")
    return host


def written(host: Host, old: str | None = None) -> str:
    """The settings as a file; of the `old` one, all stays that still holds, comments too."""
    if old is not None:
        edited = _edited(host, old)
        try:
            if parsed(edited.encode(), "host.yaml") == host:
                return edited
        except SettingsError:
            pass
    head = f"{INTRODUCTION}site: {_quoted(str(host.site))}\nsignatures: {host.signatures}\n"
    return head + ("operators:\n" + "".join(map(_item, host.operators)) if host.operators else "")


def _edited(host: Host, old: str) -> str:
    """The old text with another site and signatures, and with more operators at its end."""
    known = parsed(old.encode(), "host.yaml")
    text, site = old, f"site: {_quoted(str(host.site))}"
    if known.site != host.site:
        text = re.sub(r"(?m)^site:.*$", lambda _: site, text)
    if known.signatures != host.signatures:
        line = f"signatures: {host.signatures}"
        text, found = re.subn(r"(?m)^signatures:.*$", line, text)
        text = text if found else f"{line}\n{text}"
    more = [key for key in host.operators if key not in known.operators]
    head = "" if known.operators or not more else "operators:\n"
    return text.rstrip("\n") + "\n" + head + "".join(map(_item, more))


def _item(key: Key) -> str:
    until = f"    valid_until: {key.valid_until}\n" if key.valid_until else ""
    revoked = f"    revoked: {key.revoked}\n" if key.revoked else ""
    begun = f"    valid_from: {key.valid_from}\n"
    return f"  - key: {key.key}\n    holder: {_quoted(key.holder)}\n{begun}{until}{revoked}"


def _quoted(text: str) -> str:
    """The text between single quotes, in which YAML changes nothing but doubled ones."""
    return "'" + text.replace("'", "''") + "'"
