"""Bulletin: changes of the site in words, in Chinese and English: for a terminal, for a page of a forge, as JSON."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from starcert.changes import Changed, Changes, Shown
from starcert.forge.markdown import code
from starcert.problems import printable

MOST = 20
"""Certificates of a kind that are named; the others are counted."""
HEADINGS = {
    "published": ("新公示", "published"),
    "renewed": ("换发新证", "renewed"),
    "relevelled": ("星级变动", "level changed"),
    "amended": ("内容变动", "changed otherwise"),
    "removed": ("撤下", "removed"),
}
ADDRESS = re.compile(r"https?://[A-Za-z0-9.:/_~-]+")
NOTHING = "公示网站无变动 nothing changes on the public site"
ANEW = "所有页面重新生成 all pages were made anew"
NO_CERTIFICATE = "证书没有变动 no certificate comes, goes or changes"
NAME = "公示网站的变动 Changes on the public site"


def lines(changes: Changes, most: int = MOST) -> Iterator[str]:
    """The changes for a terminal: each kind with its count, each certificate with its address; one line if none.

    Of a kind, `most` are named; so the text is of a bounded length.
    """
    if not changes:
        yield NOTHING
    for kind, some in _kinds(changes):
        yield f"{_heading(kind)}: {len(some):,}"
        for one in some[:most]:
            yield f"  {printable(_told(one))}"
            yield f"    {printable(_now(one).address)}"
        if len(some) > most:
            yield f"  {_rest(len(some) - most)}"


def anew(changes: Changes | None, before: int) -> Iterator[str]:
    """The same where all pages were made anew; without the changes, how many certificates there were before."""
    yield ANEW
    if changes is None:
        yield f"此前有效证书 valid certificates before: {before:,}"
    else:
        yield from lines(changes) if changes else [NO_CERTIFICATE]


def as_markdown(changes: Changes, most: int = MOST) -> str:
    """The changes for a page of a forge; nothing of a certificate can be markup, a link or a mention there."""
    parts = [f"### {NAME}\n"]
    if not changes:
        parts.append(f"{NOTHING}\n")
    for kind, some in _kinds(changes):
        listed = [f"- {code(_told(one))}\\\n  {_link(_now(one).address)}\n" for one in some[:most]]
        rest = [f"- {_rest(len(some) - most)}\n"] if len(some) > most else []
        parts.append(f"**{_heading(kind)}: {len(some):,}**\n\n{''.join(listed + rest)}")
    return "\n".join(parts)


def as_json(changes: Changes) -> str:
    """An object: for each kind of change the list of certificates, all of them; and `counts`."""
    return json.dumps({**asdict(changes), "counts": changes.counts}, indent=2) + "\n"


def _kinds(changes: Changes) -> Iterable[tuple[str, Sequence[Shown | Changed]]]:
    return ((kind, getattr(changes, kind)) for kind, count in changes.counts.items() if count)


def _heading(kind: str) -> str:
    return " ".join(HEADINGS[kind])


def _rest(count: int) -> str:
    return f"另有 {count:,} 张 and {count:,} more"


def _now(one: Shown | Changed) -> Shown:
    return one.after if isinstance(one, Changed) else one


def _told(one: Shown | Changed) -> str:
    """Number, holder and level; before an arrow, what was another."""
    if isinstance(one, Shown):
        return f"{one.number}  {_holder(one)}  {_level(one)}"
    was, now = one.before, one.after
    pairs = [(was.number, now.number), (_holder(was), _holder(now)), (_level(was), _level(now))]
    return "  ".join(f"{old} → {new}" if old != new else new for old, new in pairs)


def _holder(shown: Shown) -> str:
    return f"{shown.holder} {shown.holder_en}" if shown.holder_en else shown.holder


def _level(shown: Shown) -> str:
    return f"{shown.level} {shown.level_en}" if shown.level != shown.level_en else shown.level


def _link(address: str) -> str:
    return f"<{address}>" if ADDRESS.fullmatch(address) else code(address)
