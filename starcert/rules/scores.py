"""What an audit gave: the points add up within the scheme, and the exact score gives the level."""

from fractions import Fraction

from starcert.certificate import Audit, Certificate
from starcert.parsing import Unread
from starcert.rules.findings import Says
from starcert.score import Exact, Score, digits, rounded


def score_within_scale(certificate: Certificate, audit: Audit) -> Says:
    """A score must not be higher than the scheme's full score."""
    full = certificate.scheme.scale.full
    if isinstance(audit.score, Score) and audit.score.total > full:
        yield ("score",), f"score is {audit.score.total}, but the full score of {certificate.scheme.id} is {full}"


def every_group_is_scored(certificate: Certificate, audit: Audit) -> Says:
    """An itemised score must give the points of every group."""
    if isinstance(audit.score, Score):
        return
    for group in certificate.scheme.scale.groups:
        if group.clause not in audit.score.points:
            wanted = f"write the points obtained of {group.points} ({group.name})"
            yield ("score", "points", group.clause), f"points has no {group.clause}: {wanted}"


def excluded_within_group(certificate: Certificate, audit: Audit) -> Says:
    """The points excluded from a group must not be more than the group is worth."""
    if isinstance(audit.score, Score):
        return
    for clause, excluded in audit.score.excluded.items():
        group = certificate.scheme.group(clause)
        if group and excluded > group.points:
            found = f"{excluded} points of {clause} are excluded, but the group is worth {group.points}"
            yield ("score", "excluded", clause), found


def points_within_group(certificate: Certificate, audit: Audit) -> Says:
    """The points of a group must not be more than it is worth without what is excluded."""
    if isinstance(audit.score, Score):
        return
    for clause, points in audit.score.points.items():
        group = certificate.scheme.group(clause)
        excluded = audit.score.excluded.get(clause, 0)
        if group and excluded <= group.points < points + excluded:
            most = f"at most {group.points - excluded} can be obtained"
            less = f" ({group.points} less {excluded} excluded)" if excluded else ""
            yield ("score", "points", clause), f"{clause} has {points} points, but {most}{less}"


def special_items_within_scheme(certificate: Certificate, audit: Audit) -> Says:
    """Special deductions must be fewer than rule a certificate out, and bonuses no more than may count."""
    if isinstance(audit.score, Score):
        return
    scale = certificate.scheme.scale
    if audit.score.deductions >= scale.deductions_fewer_than:
        wanted = f"a certificate needs fewer than {scale.deductions_fewer_than}"
        yield ("score", "deductions"), f"deductions is {audit.score.deductions}, but {wanted}"
    if audit.score.bonus > scale.bonus_at_most:
        yield ("score", "bonus"), f"bonus is {audit.score.bonus}, but at most {scale.bonus_at_most} may count"


def total_agrees_with_items(certificate: Certificate, audit: Audit, exact: Exact) -> Says:
    """A reported total must be the exact score, rounded half up to the places that it is written with."""
    if isinstance(audit.score, Score) or audit.score.total is None:
        return
    total = audit.score.total
    wanted = rounded(exact, places=-int(total.as_tuple().exponent))
    if total != wanted:
        written = "" if Fraction(wanted) == exact else f", rounded {wanted}"
        yield ("score", "total"), f"total is {total}, but the points give {digits(exact)}{written}"


def score_reaches_lowest_level(certificate: Certificate, audit: Audit, exact: Exact) -> Says:
    """An audit's score must reach the scheme's lowest level."""
    lowest = certificate.scheme.levels[0]
    if exact < lowest.at_least:
        needed = f"{lowest.id}, the lowest level, needs {digits(lowest.at_least)}"
        yield ("score",), f"the score is {digits(exact)}, but {needed}: there is no certificate under that"


def level_matches_score(certificate: Certificate, audit: Audit, exact: Exact) -> Says:
    """An audit's level must be the one that its exact score gives."""
    earned = certificate.scheme.level_for(exact)
    if earned and earned.id != audit.level.id:
        higher = max(earned, audit.level, key=lambda level: level.at_least)
        needed = f"{higher.id} needs {digits(higher.at_least)}"
        gives = f"the score {digits(exact)} gives {earned.id} ({needed})"
        yield ("level",), f"level is {audit.level.id}, but {gives}"


def exact_score(certificate: Certificate, audit: Audit) -> Exact | None:
    """The audit's score, if ITEM_RULES found nothing: mending that would change it. None where it was not read."""
    try:
        return audit.score.exact(certificate.scheme.scale)
    except Unread:
        return None


ITEM_RULES = (every_group_is_scored, excluded_within_group, points_within_group)
AUDIT_RULES = (score_within_scale, special_items_within_scheme)
EXACT_RULES = (total_agrees_with_items, score_reaches_lowest_level, level_matches_score)
RULES = (score_within_scale, *ITEM_RULES, special_items_within_scheme, *EXACT_RULES)
