"""Program: what the commands that are not about the present folder ask of build.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from starcert import bulletin
from starcert.changes import changes
from starcert.days import Moment
from starcert.findings import Findings
from starcert.host import standing
from starcert.host.building import Built
from starcert.order import Order
from starcert.outcome import Outcome
from starcert.rulebook import Rulebook
from starcert.stopwatch import Stopwatch
from starcert.tally import Tally

Published = Mapping[str, Outcome]
Tell = Callable[[tuple[Published, Published] | None, Rulebook, bool], None]


@dataclass(frozen=True, slots=True)
class Program:
    """The clock, an order for the register in the present folder, and its publication; the commit that was named."""

    commit: str | None
    clock: Callable[[], Moment]
    order: Callable[..., Order]
    publish: Callable[[Order, Stopwatch, Tell], tuple[Tally, Findings]]

    def moment(self) -> Moment:
        """The present one."""
        return self.clock()

    def expected(self, moment: Moment) -> date:
        """The day that a site of the register in the present folder must be of: a demonstration's stands still."""
        return self.order(moment, out=Path("site"), commit=None, skip_broken=False, quiet=True).day

    def build(self, moment: Moment, site: Path, commit: str, skip_broken: bool) -> Built:
        """The site of the register in the present folder, and what readers see of it that they did not."""
        order = self.order(moment, out=site, commit=commit, skip_broken=skip_broken, quiet=True, attest=True)
        news: list[str] = []
        before = standing.of_folder(site)

        def tell(moved: tuple[Published, Published] | None, rulebook: Rulebook, anew: bool) -> None:
            found = changes(*moved, rulebook, order.register) if moved else None
            if not anew:
                news.extend(bulletin.lines(found) if found is not None else [])
            elif before:
                news.extend(bulletin.anew(found, before.published))

        _, findings = self.publish(order, Stopwatch(), tell)
        return Built(findings, tuple(news))
