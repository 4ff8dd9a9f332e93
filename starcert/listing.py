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
    former_names: tuple[str, ...]
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
        tuple(former.name for former in certificate.holder.former_names),
        certificate.scheme.id,
        certificate.level.id,
        certificate.level.stars,
        certificate.body.id,
        certificate.region.code,
        certificate.industry.code,
        certificate.issued,
        certificate.expires,
    )


def is_sharded(count: int) -> bool:
    """Whether the search index of so many certificates is the one for large registers."""
    return count > MOST


def page_path(slug: str) -> str:
    """Where the page of a certificate lies on the site."""
    return f"C/{slug}/index.html"


def entry_path(slug: str) -> str:
    """Where a search result leads, relative to the site's root."""
    return f"/C/{slug}/"


def entry(row: Row) -> Entry:
    """What the search knows of a certificate."""
    names = [row.name, row.name_en, *row.former_names, *row.brands]
    return Entry(
        path=entry_path(row.slug),
        number=row.number,
        names=tuple(name for name in names if name),
        uscc=row.uscc,
        facets={
            "level": row.level,
            "body": row.body,
            "scheme": row.scheme,
            "province": row.region,
            "industry": row.industry,
            "expires": str(row.expires.year),
        },
        sort={"issued": str(row.issued), "expires": str(row.expires)},
        shown={
            "name": row.name,
            "name_en": row.name_en or "",
            "number": row.number,
            "level": row.level,
            "scheme": row.scheme,
            "stars": str(row.stars),
            "body": row.body,
            "issued": str(row.issued),
            "expires": str(row.expires),
        },
    )
