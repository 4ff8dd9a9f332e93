"""Score: what an audit gave, as one number or item by item; exact, never rounded."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from starcert.scheme import Scale

Exact = Fraction | Decimal
"""A score that was never rounded: a Decimal is one as it was written, and compares quicker."""


@dataclass(frozen=True, slots=True)
class Score:
    """A score as reported: one number."""

    total: Decimal

    def exact(self, scale: Scale) -> Exact:
        """The score as an exact number; on no scale does a reported number change."""
        return self.total


@dataclass(frozen=True, slots=True)
class ItemisedScore:
    """A score by groups of indicators, keyed by clause; `total`, when given, is what the report prints."""

    points: Mapping[str, Decimal]
    excluded: Mapping[str, Decimal]
    deductions: int
    bonus: int
    total: Decimal | None

    def exact(self, scale: Scale) -> Fraction:
        """Points obtained by points applicable, times the full score, less deductions, plus bonus; capped.

        Points that do not apply leave both sums (GB/T 27922-2011, 6). Nothing applicable scores zero.
        """
        applicable = sum((group.points for group in scale.groups), Decimal(0)) - sum(self.excluded.values())
        if applicable <= 0:
            return Fraction(0)
        special = scale.bonus * self.bonus - scale.deduction * self.deductions
        gained = sum(self.points.values(), Decimal(0)) * scale.full + special * applicable
        numerator, unit = min(gained, scale.full * applicable).as_integer_ratio()
        of, its_unit = applicable.as_integer_ratio()
        return Fraction(numerator * its_unit, unit * of)


def digits(score: Exact) -> str:
    """The score with two to four decimal places, cut and never rounded; '…' stands for further ones."""
    shifted = abs(Fraction(score)) * 10_000
    cut = int(shifted)
    whole, rest = divmod(cut, 10_000)
    places = f"{rest:04d}"
    shown = places[:2] + places[2:].rstrip("0") if cut == shifted else f"{places}…"
    return f"{'-' if score < 0 else ''}{whole}.{shown}"


def rounded(score: Exact, places: int) -> Decimal:
    """The score rounded half up to so many decimal places, as reports print it."""
    numerator, denominator = score.as_integer_ratio()
    return Decimal((2 * numerator * 10**places + denominator) // (2 * denominator)).scaleb(-places)
