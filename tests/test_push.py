"""Pushes to a register, by real git: what passes, what is refused, and every word that is said of it."""

from pathlib import Path

import pytest
from pushing import PATH, Register, another, objects, register
from records import varied


@pytest.fixture
def place(tmp_path: Path) -> Register:
    return register(tmp_path)


def test_a_good_record_passes(place: Register) -> None:
    """Without a word."""
    new = place.change(another("99925SC00124R0M"))
    assert place.push(refused=False) == ""
    assert place.tip == new


def test_a_bad_record_is_refused(place: Register) -> None:
    """With its place, its line, and what to type; nothing of it stays."""
    before, stored = place.tip, objects(place.bare)
    place.change({PATH: varied(("level: five-star\nholder", "level: four-star\nholder"))})
    assert (
        place.push()
        == f"""\
推送被拒绝：发现 1 处问题。登记册没有任何改动。
The push is refused: 1 problem. Nothing of the register has changed.

{PATH}:4:8: level is four-star, but the latest audit (surveillance, 2026-02-09) led to five-star [level_is_latest_audits]
  4 | level: four-star
    |        ^

请改正文件，然后重新提交并推送：
Mend the files, then commit and push again:
    git add --all
    git commit --amend --no-edit
    git push"""
    )
    assert place.tip == before
    assert objects(place.bare) == stored
