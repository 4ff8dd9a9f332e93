"""The example's site is, byte for byte, the one that was read and found good."""

import difflib
from itertools import islice

from golden import EXAMPLE, GOLDEN, built, files

SHOWN = 20


def difference(path: str, expected: bytes | None, found: bytes | None) -> str:
    """The first lines in which two versions of a file differ."""
    if expected is None or found is None:
        return f"{path} is {'new' if expected is None else 'gone'}"
    lines = [data.decode("utf-8", "backslashreplace").splitlines() for data in (expected, found)]
    told = difflib.unified_diff(*lines, f"tests/example/site/{path}", "built now", lineterm="", n=1)
    return "\n".join(line[:300] for line in islice(told, SHOWN))


def test_the_example_gives_its_golden_site() -> None:
    """Every file is as it was; after a wanted change, `python -m tests.golden` writes them anew."""
    kept, now = files(GOLDEN), built()
    differing = [path for path in sorted({*kept, *now}) if kept.get(path) != now.get(path)]
    first = difference(differing[0], kept.get(differing[0]), now.get(differing[0])) if differing else ""
    assert not differing, f"{len(differing)} files differ, first:\n{first}\nIf so wanted: python -m tests.golden"


def test_the_example_shows_what_it_should() -> None:
    """A qualified holder, a sub-certificate and a renamed holder are on the site; suspended and expired are not."""
    recorded = {path.stem for path in (EXAMPLE / "registry/certificates").rglob("*.yaml")}
    published = {path.name for path in (GOLDEN / "C").iterdir()}
    assert recorded - published == {"99925SC00300R1L", "99922SC00500R0M"}
    assert published == {"99925SC00123R1M", "99925SC00123R1M-1", "99925SC00200R1S", "99925SC00400R1M"}
