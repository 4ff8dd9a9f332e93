"""Program: what the commands that are not about the present folder ask of build.py."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from starcert import bulletin
from starcert.changes import Published, changes, replaced
from starcert.days import Moment
from starcert.findings import Findings
from starcert.host import standing
from starcert.host.building import Built
from starcert.order import Order
from starcert.stopwatch import Stopwatch
from starcert.survey import Survey
from starcert.tally import Tally

Tell = Callable[[Survey[Order], Path | None], None]


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
        order = self.order(moment, out=site, commit=commit, skip_broken=skip_broken, quiet=True)
        order, before, news = replace(order, attest=True), standing.of_folder(site), list[str]()

        def tell(made: Survey[Order], former: Path | None) -> None:
            moved = _moved(made, former)
            found = changes(*moved, made.registry.rulebook, order.register) if moved else None
            if found is not None and not made.memory.new:
                news.extend(bulletin.lines(found))
            elif before:
                news.extend(bulletin.anew(found, before.published))

        _, findings = self.publish(order, Stopwatch(), tell)
        return Built(findings, tuple(news))


def _moved(made: Survey[Order], former: Path | None) -> tuple[Published, Published] | None:
    """What was published of the certificates that say another thing now, and what is; None where nothing is known."""
    if not made.memory.new:
        return made.before, made.after()
    return replaced(former, made.memory) if former else None
