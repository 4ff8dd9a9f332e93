"""Listing: the small row that lists, facets and feeds hold of each published certificate."""

from dataclasses import dataclass
from datetime import date

from starcert.certificate import Certificate
from starcert.search import MOST, Entry


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of a certificate; scheme, level, body, region and industry are ids."""

    slug: str
    number: str
    name: str
    name_en: str | None
    uscc: str
    brands: tuple[str, ...]
    scheme: str
    level: str
    stars: int
    body: str
    region: str
    industry: str
    issued: date
    expires: date


def row(certificate: Certificate) -> Row:
    """The certificate's row."""
    return Row(
        certificate.slug,
        certificate.number,
        certificate.holder.name,
        certificate.holder.name_en,
        certificate.holder.uscc,
        certificate.brands,
        certificate.scheme.id,
        certificate.level.id,
        certificate.level.stars,
        certificate.body.id,
        certificate.region.code,
        certificate.industry.code,
        certificate.issued,
        certificate.expires,
    )


def sharded(count: int) -> bool:
    """Whether the search index of so many certificates is the one for large registers."""
    return count > MOST


def entry(certificate: Certificate) -> Entry:
    """What the search knows of the certificate."""
    holder = certificate.holder
    former = (former.name for former in holder.former_names)
    names = [holder.name, holder.name_en, *former, *certificate.brands]
    return Entry(
        path=f"/C/{certificate.slug}/",
        number=certificate.number,
        names=tuple(name for name in names if name),
        uscc=holder.uscc,
        facets={
            "level": certificate.level.id,
            "body": certificate.body.id,
            "scheme": certificate.scheme.id,
            "province": certificate.region.code,
            "industry": certificate.industry.code,
            "expires": str(certificate.expires.year),
        },
        sort={"issued": str(certificate.issued), "expires": str(certificate.expires)},
        shown={
            "name": holder.name,
            "name_en": holder.name_en or "",
            "number": certificate.number,
            "level": certificate.level.id,
            "scheme": certificate.scheme.id,
            "stars": str(certificate.level.stars),
            "body": certificate.body.id,
            "issued": str(certificate.issued),
            "expires": str(certificate.expires),
        },
    )
