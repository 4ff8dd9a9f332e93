"""Recall: the memory of a site, as far as what it hangs on is still the same."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict

from starcert.inputs import Inputs, program
from starcert.memory import Damaged, Memory
from starcert.output import Refused, Site

FIELDS = {"schemes": "scheme", "bodies": "body"}


@contextmanager
def recalled(site: Site, now: Inputs) -> Iterator[Memory]:
    """What the site's memory still knows under the inputs of now; a new memory when it knows nothing that holds."""
    if site.remembered:
        with Memory(site.memory) as memory:
            if holds(memory, now):
                yield memory
                return
    else:
        site.forget()
    with Memory(site.newer) as memory:
        memory.note("inputs", asdict(now))
        memory.note("program", program())
        yield memory


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
