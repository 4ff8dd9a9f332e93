"""The certificate page: C/SLUG/, in both languages at once, the verdict first."""

from datetime import date
from functools import cache
from typing import Any

from starcert import qr, seal
from starcert.certificate import Audit, Certificate, Place
from starcert.chronicle import History, unchanged_around
from starcert.days import ONE_DAY
from starcert.pages import roll, sheet
from starcert.pages.dates import in_chinese, in_english
from starcert.pages.environment import Environment, Html
from starcert.pages.linked_data import statement
from starcert.register import Register

AUDITS = {
    "initial": ("初次审核", "Initial"),
    "surveillance": ("监督审核", "Surveillance"),
    "recertification": ("再认证审核", "Recertification"),
    "special": ("特别审核", "Special"),
}
PLACES = {"head-office": ("总部", "Head office"), "service-outlet": ("服务网点", "Service outlet")}
MARK_USES = {
    "products": ("产品", "products"),
    "packaging": ("包装", "packaging"),
    "advertising": ("广告宣传", "advertising"),
}
PARTICULARS = ("location", "location_en", "brands", "website", "former_names")
"""What is made into markup by itself: with all that a holder may lack, a page would have too many shapes."""
LISTS = {"former_names": "former_name", "sites": "site", "audits": "audit"}
"""The lists on a page, and the macros of _parts.html that write one item of each."""
MARKUP = ("seal", "qr_path", "linked_data")

View = dict[str, Any]

seal_with = cache(seal.svg)


def page(certificate: Certificate, environment: Environment, turns: History | None = None) -> tuple[str, bytes, str]:
    """The path, the bytes and the imprint of the page of a certificate that is valid on the environment's day.

    All three stay the same for as long as chronicle.unchanged_around says. `turns` is its history, if that is known.
    """
    shown = view(certificate, environment.register, environment.day, turns)
    setting, written = sheet.setting(shown), _written(shown, environment)
    unprinted = environment.cast("certificate.html", imprint=roll.UNPRINTED, print=setting, **written)
    imprint = roll.imprint(unprinted)
    attribute = 'data-imprint="{}"'  # no value on the page can hold this: its quotes would be escaped
    printed = unprinted.replace(attribute.format(roll.UNPRINTED).encode(), attribute.format(imprint).encode(), 1)
    return f"{shown['path']}index.html", printed, imprint


def _written(shown: View, environment: Environment) -> View:
    """The same values with markup for those that are more than text."""
    written = shown | {"brands": "、".join(shown["brands"])}
    for name, item in LISTS.items():
        written[name] = environment.each("_parts.html", item, shown[name])
    for name in MARKUP:
        written[name] = Html(shown[name])
    optional = [written.pop(name) for name in PARTICULARS]
    written["particulars"] = environment.part("_parts.html", "particulars", optional)
    return written


def view(certificate: Certificate, register: Register, day: date, turns: History | None = None) -> View:
    """What the template shows, in plain values. Scores are among them only where the scheme publishes them.

    Other certificates' numbers are not: whether those are valid, and may be named, is not known here.
    """
    c = certificate
    slug = c.slug
    side, modules = qr.svg_path(register.printed_address(slug), level="H")
    return {
        "path": f"C/{slug}/",
        "title": f"{c.holder.name} · {c.level.name} {c.level.name_en} · {c.number}",
        "description": f"{c.standard} {c.level.name} {c.level.name_en}，{c.number}，{c.issued} – {c.expires}",
        "address": register.certificate_address(slug),
        "roll": roll.place(slug),
        "number": c.number,
        "level": c.level.name,
        "level_en": c.level.name_en,
        "starred": c.level.stars > 0,
        "seal": seal_with(c.level.stars),
        "standard": c.standard,
        "standard_name": c.scheme.name,
        "standard_name_en": c.scheme.name_en,
        "scope": c.scope,
        "scope_en": c.scope_en,
        "filed_rule": c.filed_rule,
        "mark_uses": "、".join(MARK_USES[use][0] for use in c.mark_uses),
        "mark_uses_en": ", ".join(MARK_USES[use][1] for use in c.mark_uses),
        "sites": [_place(site) for site in c.sites],
        "audits": [_audit(audit, c) for audit in c.audits],
        "qr_side": side,
        "qr_path": modules,
        "linked_data": statement(c, register),
        **_holder(c),
        **_body(c),
        **_days(c, day, turns),
    }


def _holder(c: Certificate) -> View:
    return {
        "holder": c.holder.name,
        "holder_en": c.holder.name_en,
        "uscc": c.holder.uscc,
        "location": c.holder.address,
        "location_en": c.holder.address_en,
        "website": c.holder.website,
        "former_names": [(former.name, former.until.isoformat()) for former in c.holder.former_names],
        "brands": c.brands,
        "region": c.region.name,
        "region_en": c.region.name_en,
        "industry": c.industry.name,
        "industry_en": c.industry.name_en,
    }


def _body(c: Certificate) -> View:
    return {
        "body": c.body.name,
        "body_en": c.body.name_en,
        "approval_number": c.body.approval_number,
        "body_website": c.body.website,
        "phone": c.body.phone,
        "phone_link": "tel:" + c.body.phone.replace(" ", ""),
    }


def _days(c: Certificate, day: date, turns: History | None) -> View:
    """The days as readers write them and, in ISO 8601, as the guard of templates/assets/fresh.js compares them."""
    since, change = unchanged_around(c, day, turns)
    since = since or c.issued
    audit_due = c.audit_due(day)
    return {
        "first_issued": c.first_issued.isoformat(),
        "issued": c.issued.isoformat(),
        "issued_zh": in_chinese(c.issued),
        "issued_en": in_english(c.issued),
        "expires": c.expires.isoformat(),
        "expires_zh": in_chinese(c.expires),
        "expires_en": in_english(c.expires),
        "since": since.isoformat(),
        "since_zh": in_chinese(since),
        "since_en": in_english(since),
        "until": (change - ONE_DAY if change else c.expires).isoformat(),
        "audit_due": audit_due.isoformat() if audit_due < c.expires else None,
    }


def _place(site: Place) -> tuple[str, ...]:
    return (*PLACES[site.kind], site.name, site.city, site.address)


def _audit(audit: Audit, c: Certificate) -> tuple[str, str, str, str]:
    """The day, the kind in both languages, and the score, empty where the scheme does not publish it."""
    return (audit.date.isoformat(), *AUDITS[audit.kind], _score(audit, c) if c.scheme.publish_scores else "")


def _score(audit: Audit, c: Certificate) -> str:
    """The reported total, else the exact score cut to two decimals: rounding up could feign a higher level."""
    if audit.score.total is not None:
        return str(audit.score.total)
    return f"{int(audit.score.exact(c.scheme.scale) * 100) / 100:.2f}"
