"""Certificates that nobody holds: the facts of their records, as many at a time as one story brings."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from benchmarks import companies, lives
from benchmarks.companies import Company
from benchmarks.lives import Term
from starcert.body import Body
from starcert.formats import certificate_table
from starcert.rulebook import Rulebook
from starcert.scheme import Level, Scheme

FILED_RULES = {"gbt-27922-2011": "示例-RZGZ-27922-2013", "gbt-27925-2011": "示例-RZGZ-27925-2016"}
SCHEME_DIGITS = {"gbt-27922-2011": 22, "gbt-27925-2011": 25}
MARK_USES = (["products", "packaging", "advertising"], ["packaging", "advertising"], ["advertising"], None)

Facts = dict[str, Any]


class Maker:
    """Makes up certificates of the three example bodies; nothing that it tells happened after `until`."""

    def __init__(self, rulebook: Rulebook, rng: Random, until: date, companies: Iterator[Company]) -> None:
        self.rulebook = rulebook
        self.rng = rng
        self.until = until
        self.companies = companies
        self._serials: Counter[str] = Counter()
        self._keys = tuple(certificate_table(None, rulebook.schemes, (), rulebook.vocabularies).fields)

    def family(self) -> list[tuple[Body, Facts]]:
        """The certificates of one story, from one to four."""
        stories = (self.single, self.under_two_schemes, self.renewed, self.with_parts)
        return self.rng.choices(stories, (80, 8, 8, 4))[0]()

    def single(self) -> list[tuple[Body, Facts]]:
        """One certificate of one holder."""
        body, scheme = self.issuer()
        return [(body, self.certificate(next(self.companies), body, scheme))]

    def under_two_schemes(self) -> list[tuple[Body, Facts]]:
        """Two certificates of one holder, each under a scheme of its own."""
        company, body = next(self.companies), self._body("xinheng", "mingce")
        made = [self.certificate(company, body, approval.scheme) for approval in body.schemes]
        made[1]["holder"] = made[0]["holder"]
        return [(body, facts) for facts in made]

    def renewed(self) -> list[tuple[Body, Facts]]:
        """A certificate that has expired, and the one that followed it the next day."""
        company, (body, scheme) = next(self.companies), self.issuer()
        term = lives.following_term(scheme, lives.issue_day(self.rng, "valid", self.until))
        new = self.facts(company, body, scheme, term)
        old = self.facts(company, body, scheme, lives.term_before(scheme, term))
        return [(body, old), (body, follow(new, old))]

    def with_parts(self) -> list[tuple[Body, Facts]]:
        """A group's certificate, and those of its subsidiaries, which are parts of it."""
        body = self._body("xinheng", "mingce")
        parent = self.certificate(next(self.companies), body, self.rng.choice(body.schemes).scheme)
        indices = range(1, self.rng.randint(2, 4))
        return [(body, parent), *((body, self.part(parent, next(self.companies), index)) for index in indices)]

    def issuer(self) -> tuple[Body, Scheme]:
        """A body, and a scheme that it issues: after-sales service for the most part."""
        body = self._body("hengzhun", "xinheng", "mingce")
        approvals = body.schemes
        return body, self.rng.choices(approvals, (5, 1)[: len(approvals)])[0].scheme

    def certificate(self, company: Company, body: Body, scheme: Scheme, fate: str | None = None) -> Facts:
        """A certificate of that fate, or of one that comes as in life."""
        fate = fate or self.rng.choices(lives.FATES, lives.SHARES)[0]
        issued = lives.issue_day(self.rng, fate, self.until)
        return self.facts(company, body, scheme, self.term(body, scheme, issued), fate)

    def term(self, body: Body, scheme: Scheme, issued: date) -> Term:
        """A term from `issued` on: a first one, or one of a row that began after the body was approved."""
        since = next(approval.since for approval in body.schemes if approval.scheme is scheme)
        renewals = self.rng.choices((0, 1, 2, 3), (6, 3, 2, 1))[0]
        term = lives.renewed_term(self.rng, scheme, issued, renewals) if renewals else None
        return term if term and term.first_issued >= since else lives.first_term(scheme, issued)

    def facts(
        self,
        company: Company,
        body: Body,
        scheme: Scheme,
        term: Term,
        fate: str = "valid",
        level: Level | None = None,
    ) -> Facts:
        """The facts of a certificate, in the order of the table; its level is what the last audit led to."""
        decisions = lives.decisions(self.rng, fate, self.until)
        planned = lives.audits(self.rng, scheme, level or self.level(scheme), term, self.until)
        audits = lives.lived(fate, scheme, planned, decisions, self.until)
        made = self._who(company, scheme) | {
            "number": self.number(body, scheme, term),
            "scheme": scheme.id,
            "standard": scheme.standard,
            "level": audits[-1]["level"],
            "filed_rule": FILED_RULES[scheme.id],
            "first_issued": term.first_issued,
            "issued": term.issued,
            "expires": term.expires,
            "previous_expires": term.previous_expires,
            "mark_uses": self.rng.choice(MARK_USES),
            "audits": audits,
            "decisions": decisions or None,
        }
        return {key: made.get(key) for key in self._keys}

    def part(self, parent: Facts, company: Company, index: int) -> Facts:
        """A sub-certificate for another holder, with the dates, audits and decisions of its parent."""
        suffix = f"/{index:02}" if parent["number"].startswith("SLC") else f"/{3500 + index}"
        links = {"number": parent["number"] + suffix, "parent": parent["number"]}
        return parent | self._who(company, self.rulebook.schemes[parent["scheme"]]) | links

    def level(self, scheme: Scheme) -> Level:
        """A level of the scheme; the higher, the more often."""
        return self.rng.choices(scheme.levels, range(1, len(scheme.levels) + 1))[0]

    def number(self, body: Body, scheme: Scheme, term: Term) -> str:
        """The next certificate number of that body, in its own form."""
        self._serials[body.id] += 1
        serial, year = self._serials[body.id], term.issued.year
        if body.id == "mingce":
            return f"SLC{year}-{serial:04}-{SCHEME_DIGITS[scheme.id]}"
        head = f"999{year % 100:02}SC" if body.id == "hengzhun" else f"000{year % 100:02}E"
        return f"{head}{serial:05}R{term.renewals}{self.rng.choice('LMMSS')}"

    def _body(self, *ids: str) -> Body:
        return self.rulebook.bodies[self.rng.choice(ids)]

    def _who(self, company: Company, scheme: Scheme) -> Facts:
        """What a record says of its holder and of what is certified."""
        in_english = self.rng.random() < 0.5
        scope, scope_en = companies.scope(company, scheme.id)
        return {
            "holder": companies.holder(company, self.rng, self.until),
            "scope": scope,
            "scope_en": scope_en if in_english else None,
            "brands": companies.brands(company, self.rng),
            "region": company.city.region,
            "industry": company.trade.industry,
            "sites": companies.sites(company, self.rng),
        }


def follow(new: Facts, old: Facts) -> Facts:
    """The new certificate, tied to the old one of the same holder as its successor."""
    old["superseded_by"] = new["number"]
    return new | {"supersedes": old["number"], "holder": old["holder"]}
