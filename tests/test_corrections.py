"""Corrections in a certificate's record: what they must say, and that readers are told nothing of them."""

from datetime import date
from pathlib import Path

import pytest
from project import NUMBER, project, unpacked
from records import RECORD, certificate, said

from starcert.certificate import Correction

CORRECTION = """\
corrections:
  - date: 2026-02-27
    keys:
      - expires
      - holder.uscc
    reason: 到期日与统一社会信用代码录入错误
"""


def test_a_correction_is_read() -> None:
    """Its day, its keys and its reason are the certificate's."""
    wanted = Correction(date(2026, 2, 27), ("expires", "holder.uscc"), "到期日与统一社会信用代码录入错误")
    assert certificate(RECORD + CORRECTION).corrections == (wanted,)
    assert certificate(RECORD).corrections == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "      - expires\n",
            "      - number\n",
            "39:9: corrections[1].keys[1] is 'number', but must be holder.uscc, scheme, first_issued, issued, expires, "
            "audits or decisions [choice]",
        ),
        (
            "      - holder.uscc\n",
            "      - holder.usc\n",
            "40:9: corrections[1].keys[2] is 'holder.usc', but must be holder.uscc, scheme, first_issued, issued, "
            "expires, audits or decisions; did you mean holder.uscc? [choice]",
        ),
        (
            "    reason: 到期日与统一社会信用代码录入错误\n",
            "",
            "37:5: corrections[1].reason is missing: what was wrong, and why; it is not published [required_key]",
        ),
        (
            "    keys:\n      - expires\n      - holder.uscc\n",
            "    keys: []\n",
            "38:11: corrections[1].keys has 0 items, but must have from 1 to 100 [shape]",
        ),
    ],
)
def test_a_correction_says_what_and_why(old: str, new: str, told: str) -> None:
    """It names keys that can be corrected, one at least, and a reason."""
    assert CORRECTION.count(old) == 1
    assert said(RECORD + CORRECTION.replace(old, new)) == [told]


def test_a_correction_on_the_day_of_first_issue_is_right() -> None:
    """And so are two on one day."""
    twice = CORRECTION + CORRECTION.partition("\n")[2]
    assert said(RECORD + twice.replace("2026-02-27", "2022-03-01")) == []


def test_no_page_tells_of_a_correction(tmp_path: Path) -> None:
    """The site is the same, byte for byte, as without it."""
    made = project(tmp_path)
    assert made.build("--quiet").code == 0
    before = unpacked(made.site)
    made.add(NUMBER, also=CORRECTION)
    assert made.build("--quiet").code == 0
    assert unpacked(made.site) == before
