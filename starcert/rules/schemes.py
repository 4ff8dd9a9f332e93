"""What must hold within a scheme's record."""

from fractions import Fraction
from itertools import pairwise

from starcert.problems import shown
from starcert.rules.approval import YEAR
from starcert.rules.findings import Says
from starcert.scheme import MOST_STARS, Scheme
from starcert.score import digits

MOST_YEARS = 50


def scheme_standard_carries_its_year(scheme: Scheme) -> Says:
    """A scheme's standard must be named with its year."""
    if not YEAR.fullmatch(scheme.standard):
        yield ("standard",), f"standard is '{shown(scheme.standard)}', but must end in its year, like GB/T 27922-2011"


def levels_rise(scheme: Scheme) -> Says:
    """Levels must stand in the order of the score they need, the lowest first."""
    for index, (below, level) in enumerate(pairwise(scheme.levels), 1):
        if level.at_least <= below.at_least:
            before = f"{below.at_least} of {below.id}, the level before it"
            yield ("levels", index, "at_least"), f"at_least is {level.at_least}, not more than the {before}"


def stars_do_not_fall(scheme: Scheme) -> Says:
    """A higher level must not show fewer stars."""
    for index, (below, level) in enumerate(pairwise(scheme.levels), 1):
        if level.stars < below.stars:
            before = f"{below.stars} of {below.id}, the level before it"
            yield ("levels", index, "stars"), f"stars is {level.stars}, fewer than the {before}"


def stars_within_seal(scheme: Scheme) -> Says:
    """A level must show at most five stars, for which its seal has room."""
    for index, level in enumerate(scheme.levels):
        if level.stars > MOST_STARS:
            yield ("levels", index, "stars"), f"stars is {level.stars}, but a seal has room for {MOST_STARS} at most"


def level_ids_differ(scheme: Scheme) -> Says:
    """Every level must have an id of its own."""
    ids = [level.id for level in scheme.levels]
    for index, id in enumerate(ids):
        if id in ids[:index]:
            yield ("levels", index, "id"), f"id is {id}, as is that of level {ids.index(id) + 1}"


def lowest_level_above_zero(scheme: Scheme) -> Says:
    """The lowest level must need more than nothing."""
    if scheme.levels[0].at_least == 0:
        yield ("levels", 0, "at_least"), "at_least is 0, which every score reaches: write the lowest that earns it"


def highest_level_within_full(scheme: Scheme) -> Says:
    """The highest level must be within the full score."""
    highest, full = scheme.levels[-1], scheme.scale.full
    if highest.at_least > full:
        found = f"at_least of {highest.id} is {highest.at_least}, but the full score is {full}"
        yield ("levels", len(scheme.levels) - 1, "at_least"), found


def group_clauses_differ(scheme: Scheme) -> Says:
    """Every group of indicators must have a clause of its own."""
    clauses = [group.clause for group in scheme.scale.groups]
    for index, clause in enumerate(clauses):
        if clause in clauses[:index]:
            yield ("scale", "groups", index, "clause"), f"clause is {clause}, as is that of an earlier group"


def groups_add_up(scheme: Scheme) -> Says:
    """The points of the groups must add up to the full score."""
    total = sum((Fraction(group.points) for group in scheme.scale.groups), Fraction(0))
    if total != scheme.scale.full:
        yield ("scale", "full"), f"full is {scheme.scale.full}, but the points of the groups add up to {digits(total)}"


def terms_are_set(scheme: Scheme) -> Says:
    """The years and months of a scheme must be at least one, and the years at most fifty."""
    terms = {
        ("validity_years",): scheme.validity_years,
        ("surveillance", "months"): scheme.surveillance.months,
        ("suspension_months",): scheme.suspension_months,
    }
    for key, length in terms.items():
        if length == 0:
            yield key, f"{key[-1]} is 0, but must be at least 1"
    if scheme.validity_years > MOST_YEARS:
        yield ("validity_years",), f"validity_years is {scheme.validity_years}, but must be at most {MOST_YEARS}"


RULES = (
    scheme_standard_carries_its_year,
    levels_rise,
    stars_do_not_fall,
    stars_within_seal,
    level_ids_differ,
    lowest_level_above_zero,
    highest_level_within_full,
    group_clauses_differ,
    groups_add_up,
    terms_are_set,
)
