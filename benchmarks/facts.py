"""Facts: what the peers are told, worked out beforehand: who is valid on the day, and every name and date that
our own build has to look up or compute. All of it is plain: texts, whole numbers, lists, mappings."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from starcert import seal, settings, yamlfile
from starcert.body import Body
from starcert.certificate import Certificate
from starcert.chronicle import unchanged_around
from starcert.days import CHINA, ONE_DAY
from starcert.pages.certificate import AUDITS, MARK_USES, PLACES
from starcert.pages.dates import in_chinese, in_english
from starcert.pages.tree import PREFIXES, Named
from starcert.registry import Registry, open_registry
from starcert.scheme import Level, Scheme
from starcert.status import Status

Plain = dict[str, Any]
ASSETS = ("style.css", "fresh.js", "icon.svg")
TERMS = ("regions", "industries")
LISTS = {
    "list_level": ("等级", "Level"),
    "region": ("省份", "Province"),
    "industry": ("行业", "Industry"),
    "issuer": ("认证机构", "Certification body"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a project's site tells as of a day; worked out once and kept in `file`, for every peer is told the same."""

    project: Path
    day: date
    file: Path

    def certificates(self) -> Iterator[tuple[str, Plain]]:
        """The slug and the facts of every certificate that is valid on the day, in the order of their records."""
        if not self.file.exists():
            with open(self.file, "w", encoding="utf-8") as file:
                file.writelines(json.dumps(told, ensure_ascii=False) + "\n" for told in self._valid())
        with open(self.file, encoding="utf-8") as file:
            for line in file:
                slug, told = json.loads(line)
                yield slug, told

    def _valid(self) -> Iterator[tuple[str, Plain]]:
        registry = self._registry()
        for file in registry.files:
            certificate = registry.judge(file).certificate
            if certificate and certificate.status_on(self.day) is Status.VALID:
                record, _ = yamlfile.read(file.read()[0], file.shown)
                yield certificate.slug, plain(record) | _derived(certificate, self.day)

    def shared(self) -> Plain:
        """What the pages have in common: the register, the day, and the names that records point to."""
        register, rulebook = settings.read_register(self.project / "site.yaml"), self._registry().rulebook
        regions, industries = ({one.code: _named(one) for one in rulebook.vocabularies[id].terms} for id in TERMS)
        schemes, bodies = rulebook.schemes.values(), {body.id: _body(body) for body in rulebook.bodies.values()}
        levels = {f"{scheme.id}-{level.id}": _named(level) for scheme in schemes for level in scheme.levels}
        terms = (levels, regions, industries, bodies)
        return {
            "name": register.name,
            "name_en": register.name_en,
            "address": register.address,
            "host": register.host,
            "languages": ["zh-CN", "en"],
            "contact": register.contact,
            "day": self.day.isoformat(),
            "day_zh": in_chinese(self.day),
            "day_en": in_english(self.day),
            "stale": (datetime.combine(self.day, time(), CHINA) + timedelta(hours=register.fresh_hours)).isoformat(),
            "schemes": {scheme.id: _scheme(scheme) for scheme in schemes},
            "bodies": bodies,
            "regions": regions,
            "industries": industries,
            "lists": {key: _list(names, some) for (key, names), some in zip(LISTS.items(), terms, strict=True)},
            "audits": _pairs(AUDITS),
            "places": _pairs(PLACES),
            "mark_uses": _pairs(MARK_USES),
            "links": {lang: self._links(lang) for lang in PREFIXES},
        }

    def _registry(self) -> Registry:
        return open_registry(self.project / "registry")

    def _links(self, lang: str) -> list[Plain]:
        """The addresses and titles of the texts, which stand at the foot of every page."""
        texts = sorted((self.project / "content" / lang).glob("*.md"))
        return [{"address": f"/{PREFIXES[lang]}{text.stem}/", "title": _title(text)} for text in texts]


def copy_assets(project: Path, folder: Path) -> None:
    """Copy the assets that the peers' pages need."""
    folder.mkdir(parents=True)
    for name in ASSETS:
        shutil.copy(project / "templates" / "assets" / name, folder)


def plain(node: Any) -> Any:
    """What a record's YAML says, all scalars as texts."""
    if isinstance(node, yamlfile.Mapping):
        return {key: plain(value) for key, value in node.items.items()}
    return [plain(item) for item in node.items] if isinstance(node, yamlfile.Sequence) else node.text


def _title(text: Path) -> str:
    heading = re.search(r"^# (.+)$", text.read_text(encoding="utf-8"), re.MULTILINE)
    return heading[1] if heading else text.stem


def _derived(certificate: Certificate, day: date) -> Plain:
    """What our own build computes, or takes from where the record lies."""
    (_, change), due = unchanged_around(certificate, day), certificate.audit_due(day)
    return {
        "title": certificate.holder.name,
        "issuer": certificate.body.id,
        "list_level": f"{certificate.scheme.id}-{certificate.level.id}",
        "until": (change - ONE_DAY if change else certificate.expires).isoformat(),
        "audit_due": due.isoformat() if due < certificate.expires else "",
    }


def _named(thing: Named) -> Plain:
    return {"name": thing.name, "name_en": thing.name_en}


def _list(names: tuple[str, str], terms: Plain) -> Plain:
    return {"name": names[0], "name_en": names[1], "terms": terms}


def _pairs(words: dict[str, tuple[str, str]]) -> Plain:
    return {lang: {key: pair[side] for key, pair in words.items()} for side, lang in enumerate(("zh", "en"))}


def _scheme(scheme: Scheme) -> Plain:
    levels = {level.id: _level(level) for level in scheme.levels}
    return _named(scheme) | {"best": scheme.levels[-1].stars, "levels": levels}


def _level(level: Level) -> Plain:
    return _named(level) | {"stars": level.stars, "row": "★" * level.stars, "seal": seal.svg(level.stars)}


def _body(body: Body) -> Plain:
    return _named(body) | {
        "approval_number": body.approval_number,
        "website": body.website,
        "phone": body.phone,
        "phone_link": "tel:" + body.phone.replace(" ", ""),
    }
