"""Settings: what the operator wrote in site.yaml and registry/DEMONSTRATION.yaml."""

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from starcert import yamlfile
from starcert.formats import demonstration_table, register_table
from starcert.parsing import Reading, Table
from starcert.problems import Mistake, Problem
from starcert.register import Demonstration, Register

ADDRESS = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,4}|:[1-5]\d{4})?(?:/[\w~-][\w.~-]*)*/?",
    re.ASCII | re.IGNORECASE,
)
LANGUAGES = (("zh",), ("zh", "en"))


class SettingsError(Mistake):
    """A settings file that is missing or wrong, as sentences for the operator."""


def read_register(path: Path) -> Register:
    """The register that site.yaml describes."""
    register: Register = _read(path, register_table())
    if register.languages not in LANGUAGES:
        raise SettingsError(f"{path}: languages must be zh alone, or zh and then en.")
    return with_address(register, register.address)


def with_address(register: Register, address: str) -> Register:
    """The register at another address, for a trial of it elsewhere; plain http is good enough for that."""
    if not ADDRESS.fullmatch(address):
        raise SettingsError(f"{address} is no address of a site; write one like https://stars.example")
    return replace(register, address=address.rstrip("/"))


def read_demonstration(registry: Path) -> Demonstration | None:
    """What DEMONSTRATION.yaml says, or None in a registry that has no such file: one of real records."""
    path = registry / "DEMONSTRATION.yaml"
    demonstration: Demonstration | None = _read(path, demonstration_table()) if os.path.lexists(path) else None
    return demonstration


def demonstration_in(data: bytes, path: str) -> tuple[Demonstration | None, list[Problem]]:
    """What such a file says, and what is wrong with it; nothing of one that has problems."""
    return _parsed(data, path, demonstration_table())


def _read(path: Path, table: Table) -> Any:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    settings, problems = _parsed(data, str(path), table)
    if problems:
        raise SettingsError("\n".join(map(str, problems)))
    return settings


def _parsed(data: bytes, path: str, table: Table) -> tuple[Any, list[Problem]]:
    record, problems = yamlfile.read(data, path)
    reading = Reading(path, problems)
    settings = table.read(record, "", reading) if record else None
    return (None if reading.problems else settings), reading.problems
