"""Linked data: what a certificate page tells machines, as schema.org's Certification in JSON-LD."""

from typing import Any

from starcert.certificate import Certificate
from starcert.packing import json
from starcert.register import Register


def statement(certificate: Certificate, register: Register) -> str:
    """The certificate as JSON-LD, fit to stand inside a script element: no value can end that element."""
    text = json(_certification(certificate, register)).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _certification(certificate: Certificate, register: Register) -> dict[str, Any]:
    """Whether it is active is left to the dates: a reader of machines has a clock, and this page has none."""
    level, scheme, body = certificate.level, certificate.scheme, certificate.body
    rating = {
        "@type": "Rating",
        "ratingValue": level.stars,
        "bestRating": scheme.levels[-1].stars,
        "name": level.name_en,
    }
    return {
        "@context": "https://schema.org",
        "@type": "Certification",
        "@id": register.certificate_address(certificate.slug),
        "url": register.certificate_address(certificate.slug),
        "name": f"{certificate.standard} {level.name} {level.name_en}",
        "certificationIdentification": certificate.number,
        "issuedBy": {
            "@type": "Organization",
            "name": body.name,
            "alternateName": body.name_en,
            "url": body.website,
        },
        "about": _organization(certificate),
        "certificationRating": rating,
        "validFrom": certificate.issued.isoformat(),
        "expires": certificate.expires.isoformat(),
        "auditDate": certificate.audits[-1].date.isoformat(),
        "isBasedOn": f"{certificate.standard} {scheme.name} {scheme.name_en}",
        "inLanguage": ["zh-CN", "en"],
    }


def _organization(certificate: Certificate) -> dict[str, str]:
    holder = certificate.holder
    known = {
        "name": holder.name,
        "alternateName": holder.name_en,
        "taxID": holder.uscc,
        "address": holder.address,
    }
    return {"@type": "Organization"} | {key: value for key, value in known.items() if value}
