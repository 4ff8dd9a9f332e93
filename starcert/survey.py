"""Survey: the records of a registry judged for a day, one by one and then against each other."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from starcert.certificate import Certificate
from starcert.findings import Findings
from starcert.order import Order
from starcert.registry import Registry, open_registry
from starcert.rules import Tie, judge_between
from starcert.tally import Tally
from starcert.terminal import watched


@dataclass(slots=True)
class Survey:
    """One pass over the records that are not left out yet; `findings` and `tally` grow as it goes."""

    order: Order
    registry: Registry
    findings: Findings
    tally: Tally
    _ties: list[Tie] = field(default_factory=list)

    def certificates(self) -> Iterator[Certificate]:
        """Each certificate whose record is sound by itself, in the order of paths."""
        verdicts = self.registry.verdicts(frozenset(self.findings.left_out))
        for verdict in watched(verdicts, len(self.registry.files), "records", self.order.quiet):
            self.findings.note(verdict)
            if verdict.certificate and verdict.tie:
                self._ties.append(verdict.tie)
                yield verdict.certificate

    def spoils(self) -> bool:
        """Whether judging the certificates against each other, once all are read, leaves out any more of them."""
        found = judge_between(self._ties, self.findings.numbers_left_out)
        return self.findings.note_between(found, self._ties)


def begun(order: Order, registry: Registry, findings: Findings) -> Survey:
    """A survey that has read nothing yet."""
    return Survey(order, registry, findings, Tally(order.day, read=len(registry.files)))


def survey(order: Order) -> tuple[Tally, Findings]:
    """What a build would count and find; nothing is written."""
    registry = open_registry(order.registry)
    findings = Findings(registry.problems)
    while True:
        made = begun(order, registry, findings)
        for certificate in made.certificates():
            made.tally.count(certificate)
        if not (made.spoils() and order.skip_broken):
            made.tally.left_out = len(findings.left_out)
            return made.tally, findings
