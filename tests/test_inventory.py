"""The inventory of a registry's files: in parts, the same however many processes look, and in the order of paths."""

import os
from pathlib import Path

import pytest

from starcert import disk
from starcert.disk import record_files
from starcert.inventory import Inventory, inventory, part_of

NAMES = [
    *(f"99925SC{serial:05}R1M.yaml" for serial in range(120)),
    *("a.yaml", "ab-1.yaml", "ä示.yaml", "line\nbreak.yaml", os.fsdecode(b"no\xffutf8.yaml")),
]
STRAYS = ["notes.txt", ".hidden.yaml", "README.md"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two bodies' folders with the same names in them, and what does not belong there."""
    for body in ("one", "one-cb"):
        (tmp_path / body).mkdir()
        for name in (*NAMES, *STRAYS):
            (tmp_path / body / name).write_text(name * len(body), "utf-8", "surrogateescape")
        (tmp_path / body / "link.yaml").symlink_to("a.yaml")
    return tmp_path


def test_many_processes_find_what_one_finds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of files, and of what is wrong with others."""
    alone = record_files(folder, depth=2)
    monkeypatch.setattr(disk, "FEW", 0)
    assert record_files(folder, depth=2, jobs=3) == alone
    assert len(alone[1]) == 2 * len(["link.yaml", "notes.txt"])


def test_files_come_in_the_order_of_paths(folder: Path) -> None:
    """With what the system says of each."""
    files = list(record_files(folder, depth=2)[0])
    assert len(files) == 2 * len(NAMES)
    assert files == sorted(files)
    for file in files:
        told = os.lstat(file.path)
        assert (file.size, file.inode, file.changed) == (told.st_size, told.st_ino, told.st_ctime_ns)


def test_an_inventory_is_that_of_its_files(folder: Path) -> None:
    """It can be taken apart and put together."""
    found, _ = record_files(folder, depth=2)
    again = inventory(list(found))
    assert again == found
    assert inventory(found) is found
    assert all(file in found for file in again)


def test_files_of_one_name_are_in_one_part(folder: Path) -> None:
    """So that nobody else need be asked whether two bodies have a file of that name."""
    found, _ = record_files(folder, depth=2)
    for file in found:
        alike = [other for other in found.among([part_of(file.name)]) if other.name == file.name]
        assert len(alike) == 2


def test_numbers_are_spread_over_parts(folder: Path) -> None:
    """By digits that differ, before the letters that most numbers end with."""
    found, _ = record_files(folder, depth=2)
    assert {f"{digits:02}" for digits in range(100)} <= found.parts.keys()


def test_a_file_that_changes_makes_its_part_another(folder: Path) -> None:
    """And no other part."""
    before, _ = record_files(folder, depth=2)
    (folder / "one-cb" / NAMES[7]).write_text("longer than it was before")
    after, _ = record_files(folder, depth=2)
    assert {part for part in before.parts if before.parts[part] != after.parts[part]} == {part_of(NAMES[7])}


def test_an_empty_folder_has_an_empty_inventory(tmp_path: Path) -> None:
    """And so has one that is not there."""
    assert record_files(tmp_path, depth=2) == record_files(tmp_path / "none", depth=2) == (Inventory({}, 0), [])
