"""Schema: the formats as JSON Schema 2020-12, so that editors complete and check records."""

import json
from typing import Any

from starcert.formats import body_table, certificate_table, scheme_table, vocabulary_table
from starcert.parsing import Table
from starcert.rulebook import Rulebook

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas(rulebook: Rulebook) -> dict[str, bytes]:
    """The schema of each kind of record, by file name; words that records choose from are the rulebook's."""
    certificate = certificate_table(None, rulebook.schemes, list(rulebook.schemes.values()), rulebook.vocabularies)
    return {
        "certificate.json": _document("A certificate's record", certificate),
        "body.json": _document("A certification body's record", body_table("", rulebook.schemes)),
        "scheme.json": _document("A scheme's record", scheme_table("")),
        "vocabulary.json": _document("A list of terms that records choose from", vocabulary_table("")),
    }


def _document(title: str, table: Table) -> bytes:
    document: dict[str, Any] = {"$schema": DIALECT, "title": title, **table.schema()}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
