"""Recall: the memory of a site, as far as what it hangs on is still the same."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from starcert.inputs import Inputs, program
from starcert.memory import Damaged, Memory
from starcert.outcome import Outcome
from starcert.output import Refused, Site

FIELDS = {"schemes": "scheme", "bodies": "body"}
Published = dict[str, Outcome]


@contextmanager
def recalled(site: Site, now: Inputs) -> Iterator[Memory]:
    """What the site's memory still knows under the inputs of now; a new memory when it knows nothing that holds."""
    if site.remembered:
        with Memory(site.memory) as memory:
            if holds(memory, now):
                yield memory
                return
    with Memory(site.newer) as memory:
        memory.note("inputs", asdict(now))
        memory.note("program", program())
        yield memory


def replaced(file: Path, memory: Memory) -> tuple[Published, Published] | None:
    """What a new memory tells otherwise than the one in the `file`, which is void for pages, of what is published.

    Each is by slug, of the certificates whose rows or records differ. None where that memory is another program's.
    """
    with suppress(Damaged), Memory(file) as old:
        if old.fact("program") == memory.fact("program"):
            before = dict(_marks(old))
            moved = {slug for slug, mark in _marks(memory) if before.pop(slug, None) != mark}
            moved.update(before)
            return old.records.published(moved), memory.records.published(moved)
    return None


def _marks(memory: Memory) -> Iterator[tuple[str, int]]:
    """What tells one state of a valid certificate from another, in little room."""
    return ((one.slug, hash((one.row, one.digest))) for one in memory.records.all_published())


def remember(site: Site, memory: Memory) -> None:
    """Keep the memory, and vouch for it; what a full disk does not take costs the next build its time, and no more."""
    with suppress(Damaged, Refused):
        memory.keep()
        if memory.new:
            site.renew()
        site.vouch()


def holds(memory: Memory, now: Inputs) -> bool:
    """Whether the memory holds under these inputs; the records of changed schemes and bodies are due again."""
    before = memory.fact("inputs")
    if before is None or before["common"] != now.common:
        return False
    for part, digest in now.parts.items():
        if before["parts"][part] != digest:
            folder, _, name = part.partition("/")
            memory.records.void(FIELDS[folder], name)
    memory.note("inputs", asdict(now))
    return True
