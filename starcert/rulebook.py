"""Rulebook: what certificates are judged by: the registry's schemes, bodies and vocabularies."""

from collections.abc import Mapping
from dataclasses import dataclass

from starcert.body import Body
from starcert.scheme import Scheme
from starcert.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Schemes, bodies and vocabularies (regions, industries), each under its id."""

    schemes: Mapping[str, Scheme]
    bodies: Mapping[str, Body]
    vocabularies: Mapping[str, Vocabulary]
