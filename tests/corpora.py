"""Where the third-party data to test against lies: the folder that STARCERT_CORPORA names."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest

VARIABLE = "STARCERT_CORPORA"


def corpus(name: str) -> Path:
    """The path of a file of the corpora; the test that asks is skipped, and says why, when there is none."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.skip(f"{VARIABLE} names no folder of third-party test data: {name} is not tried")
    path = Path(folder, name)
    if not path.exists():
        pytest.skip(f"{path} does not exist ({VARIABLE} names the folder): it is not tried")
    return path


def lines(name: str) -> list[str]:
    """The lines of a text file of the corpora."""
    return corpus(name).read_text("utf-8").rstrip("\n").split("\n")


def objects(name: str) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file of the corpora."""
    return [json.loads(line) for line in corpus(name).read_text("utf-8").split("\n") if line]


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a tab-separated file of the corpora, by the names in its first line."""
    with corpus(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
