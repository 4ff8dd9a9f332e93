"""Teller: makes up one certificate at a time, as the case that it is to show needs it."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from benchmarks import lives
from benchmarks.certificates import Facts, Maker, follow
from benchmarks.companies import Company
from benchmarks.words import REASONS
from starcert.body import Body
from starcert.days import ONE_DAY

SERVICE, BRAND = "gbt-27922-2011", "gbt-27925-2011"


class Case(NamedTuple):
    """What a certificate teaches, in Chinese and English, the body that issued it, and its record's facts."""

    zh: str
    en: str
    body: Body
    facts: Facts

    def but(self, **facts: Any) -> "Case":
        """The same, with these facts instead."""
        return self._replace(facts=self.facts | facts)


class Teller:
    """Makes up cases as of the maker's day, from which days are counted: -30 is thirty days before it."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker

    def scored(self, zh: str, en: str, score: Any, level: str, scheme: str = SERVICE) -> Case:
        """A certificate whose one audit gave that score."""
        audit = {"kind": "initial", "date": self.day(-120), "score": score, "level": level}
        return self.case(zh, en, "mingce" if scheme == BRAND else "hengzhun", -75, [audit], scheme=scheme)

    def restored(self, zh: str, en: str, start: int, end: int, body: str, scheme: str) -> Case:
        """A certificate that was suspended from `start` and restored on `end`, audited on the way."""
        made = self.case(zh, en, body, -280, scheme=scheme)
        audits = made.facts["audits"]
        special = audits[-1] | {"kind": "special", "date": self.day(end - 9)}
        decisions = [self.suspension(start, 6, self.reason(1), start - 3), self.restored_on(end)]
        return made.but(audits=[*audits, special], decisions=decisions)

    def renewal(self, zh: str, en: str, body: str, first: date, issued: date) -> Iterator[Case]:
        """A certificate first issued on `first`, and its successor."""
        company, scheme = next(self.maker.companies), self.maker.rulebook.schemes[SERVICE]
        former = lives.first_term(scheme, first)
        counted = max(former.expires, issued - ONE_DAY)
        term = lives.Term(issued, scheme.latest_expiry(counted), first, former.expires, 1)
        old, new = (self.maker.facts(company, self.body(body), scheme, each) for each in (former, term))
        if issued <= former.expires:
            old["decisions"] = [{"kind": "cancelled", "date": issued, "reason": "再认证，换发新证书"}]
            old["audits"] = [audit for audit in old["audits"] if audit["date"] <= issued]
            old["level"] = old["audits"][-1]["level"]
        yield Case(f"{zh}（新证书）", f"{en} (the new one)", self.body(body), follow(new, old))
        yield Case(f"{zh}（原证书）", f"{en} (the old one)", self.body(body), old)

    def group(self, zh: str, en: str, body: str, issued: int, parts: int, decisions: list[Facts]) -> Iterator[Case]:
        """A certificate and its sub-certificates."""
        parent = self.case(zh, en, body, issued, decisions=decisions)
        yield parent
        for index in range(1, parts + 1):
            facts = self.maker.part(parent.facts, next(self.maker.companies), index)
            yield Case(f"{zh}（子证书）", f"{en} (a sub-certificate)", parent.body, facts)

    def case(
        self,
        zh: str,
        en: str,
        body: str,
        issued: int | date,
        audits: list[Facts] | int | None = None,
        decisions: list[Facts] | None = None,
        scheme: str = SERVICE,
        company: Company | None = None,
    ) -> Case:
        """A holder's first certificate; `issued` counts days, and `audits` may be how many there are."""
        day = issued if isinstance(issued, date) else self.day(issued)
        under, issuer = self.maker.rulebook.schemes[scheme], self.body(body)
        company = company or next(self.maker.companies)
        facts = self.maker.facts(company, issuer, under, lives.first_term(under, day))
        if isinstance(audits, list):
            facts["audits"] = audits
        elif audits:
            facts["audits"] = facts["audits"][:audits]
        elif decisions:
            facts["audits"] = [audit for audit in facts["audits"] if audit["date"] < decisions[0]["date"]]
        facts["level"] = facts["audits"][-1]["level"]
        return Case(zh, en, issuer, facts | {"decisions": decisions or None})

    def audit(self, kind: str, days: int, score: str) -> Facts:
        """An audit under the service scheme, that many days from today."""
        level = self.maker.rulebook.schemes[SERVICE].level_for(Fraction(score))
        return {"kind": kind, "date": self.day(days), "score": Decimal(score), "level": level and level.id}

    def suspension(self, start: int, months: int, reason: str, decided: int) -> Facts:
        """A decision to suspend for some months."""
        return lives.suspension(self.day(start), months, reason, self.day(decided))

    def restored_on(self, days: int) -> Facts:
        """A decision to lift a suspension."""
        return {"kind": "restored", "date": self.day(days)}

    def ended(self, kind: str, days: int, reason: str) -> Facts:
        """A decision to withdraw or cancel."""
        return {"kind": kind, "date": self.day(days), "reason": reason}

    def reason(self, index: int) -> str:
        """One of the reasons for which certificates are suspended."""
        return REASONS["suspended"][index]

    def body(self, id: str) -> Body:
        """The body of that id."""
        return self.maker.rulebook.bodies[id]

    def due(self, scheme: str, day: date) -> date:
        """The last day for the audit that follows one on `day`."""
        return self.maker.rulebook.schemes[scheme].surveillance.due_after(day)

    def day(self, days: int) -> date:
        """The day so many days from the maker's."""
        return self.maker.until + timedelta(days=days)

    def days_back(self) -> Iterator[date]:
        """The maker's day, and the days before it."""
        return (self.day(-days) for days in range(3650))
