"""Comparison: what the site of a registry shows that the site of another, its base, does not, on one day."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from hashlib import blake2b
from pathlib import Path

from starcert.changes import Changes, changes
from starcert.findings import Findings
from starcert.inputs import inputs
from starcert.memory import Memory
from starcert.order import Order
from starcert.outcome import Due, Outcome, Work
from starcert.pages.edition import Edition
from starcert.recall import holds
from starcert.recordfile import RecordFile
from starcert.registry import Registry, open_registry
from starcert.survey import Survey
from starcert.workers import spread

Files = Mapping[str, RecordFile]


def compared(order: Order, base: Path) -> tuple[Changes, Findings]:
    """What changes for readers from the registry at `base` to the order's, and what is wrong in the latter.

    Records with problems are left out, on both sides. The templates and texts are the order's, on both sides.
    """
    old, new = open_registry(base), open_registry(order.registry)
    old = replace(old, files=tuple(file.shown_below(order.registry, base) for file in old.files))
    lenient = replace(order, skip_broken=True)
    with Memory() as memory:
        first = Survey(lenient, old, memory, Findings(old.problems))
        first.judge([Due(file) for file in old.files], (), Work(old, order.day))
        first.settle()
        memory.new = False
        memory.files.know(old.files, began=0, left_out=())
        memory.note("inputs", asdict(inputs(order, old)))
        same_rules = holds(memory, inputs(order, new))
        second = Survey(lenient, new, memory, Findings(new.problems))
        due, gone = memory.files.due(new.files, order.day, began=0)
        due = [one for one in due if not (same_rules and _is_known(one))]
        second.judge([Due(one.file) for one in due], gone, Work(new, order.day))
        second.settle()
        before, after = second.before, second.after()
    before, after = _with_pages(lenient, old, before, after), _with_pages(lenient, new, after, before)
    rulebook = replace(new.rulebook, schemes={**old.rulebook.schemes, **new.rulebook.schemes})
    return changes(before, after, rulebook, order.register), second.findings


def _is_known(due: Due) -> bool:
    """Whether the record is, byte for byte, the one that was judged."""
    data, problem = due.file.read()
    return problem is None and blake2b(data, digest_size=16).digest() == due.known


def _with_pages(
    order: Order, registry: Registry, published: Mapping[str, Outcome], others: Mapping[str, Outcome]
) -> dict[str, Outcome]:
    """The published certificates; those whose rows are alike on both sides with the imprints of their pages."""
    alike = {one for one in published.keys() & others.keys() if published[one].row == others[one].row}
    due = [Due(file) for file in registry.files if file.stem in alike]
    page = Edition(order, registry.rulebook).certificate
    work = Work(registry, order.day, page, lambda path, data: None, registry.clashing(one.file for one in due))
    made = (done.outcome for done in spread(work, due, order.jobs))
    return {**published, **{one.slug: one for one in made if one and one.row}}
