"""What must hold between certificates: numbers are unique, successors and sub-certificates fit.

Of each record only its tie is kept, so that a registry of any size is judged in one pass.
"""

from collections.abc import Callable, Collection, Container, Iterable, Iterator

from starcert.problems import Problem
from starcert.rules.findings import severity_of
from starcert.rules.ties import LINKS, Others, Tie

Says = Iterator[tuple[str, str]]


def number_is_unique(one: Tie, others: Others) -> Says:
    """A certificate's number must be its own."""
    first = others.by_number[one.number]
    if first is not one:
        yield "number", f"number is {one.number}, but {first.path} has it already: one of the two is wrong"


def slug_is_unique(one: Tie, others: Others) -> Says:
    """A certificate's address must be its own; capitals and '/' for '-' make no difference in it."""
    first = others.by_slug[one.slug]
    if first.number != one.number:
        same = f"{first.number} in {first.path} leads to the same address /C/{one.slug}/"
        yield "number", f"number is {one.number}, but {same}"


def links_are_known(one: Tie, others: Others) -> Says:
    """A certificate that a record refers to must be in the registry."""
    for key in LINKS:
        number = getattr(one, key)
        if number and not others.knows(number):
            close = others.nearest(number)
            meant = f"; did you mean {close}?" if close else ""
            yield key, f"{key} is {number}, but no record has that number{meant}"


def supersedes_is_mutual(one: Tie, others: Others) -> Says:
    """A certificate that supersedes another must be named by it as superseded_by, and the other way round."""
    for key, back in (("supersedes", "superseded_by"), ("superseded_by", "supersedes")):
        other = others.find(getattr(one, key))
        if other and getattr(other, back) != one.number:
            there = f"says {back}: {getattr(other, back)}" if getattr(other, back) else f"has no {back}"
            yield key, f"{key} is {other.number}, but {other.path} {there}: write {back}: {one.number} there"


def superseded_is_the_holders(one: Tie, others: Others) -> Says:
    """A certificate must supersede only an older one of the same holder and scheme."""
    old = others.find(one.supersedes)
    if not old:
        return
    if old.uscc != one.uscc:
        yield "supersedes", f"supersedes is {old.number}, whose holder has the uscc {old.uscc}, not {one.uscc}"
    if old.scheme != one.scheme:
        yield "supersedes", f"supersedes is {old.number}, whose scheme is {old.scheme}, not {one.scheme}"
    if old.issued >= one.issued:
        yield "supersedes", f"supersedes is {old.number}, which was issued {old.issued}, not before {one.issued}"


def previous_expires_is_the_superseded_ones(one: Tie, others: Others) -> Says:
    """The previous expiry must be that of the certificate superseded."""
    old = others.find(one.supersedes)
    if old and one.previous_expires and one.previous_expires != old.expires:
        found = f"previous_expires is {one.previous_expires}, but {old.number} expires {old.expires}"
        yield "previous_expires", found


def superseded_certificate_ends(one: Tie, others: Others) -> Says:
    """A superseded certificate must not be valid on a day on which its successor is."""
    old = others.find(one.supersedes)
    if not old:
        return
    for first, last in one.valid_periods():
        for old_first, old_last in old.valid_periods():
            if max(first, old_first) <= min(last, old_last):
                both = f"both are valid on {max(first, old_first)}"
                yield "supersedes", f"supersedes is {old.number}, but {both}: cancel the older one by then"
                return


def sub_certificate_within_parent(one: Tie, others: Others) -> Says:
    """A sub-certificate must share its parent's body, scheme and level, and lie within its dates."""
    parent = others.find(one.parent)
    if not parent:
        return
    if parent.parent:
        yield "parent", f"parent is {parent.number}, itself a part of {parent.parent}: write {parent.parent}"
    for key, at in (("body", "parent"), ("scheme", "parent"), ("level", "level")):
        if getattr(one, key) != getattr(parent, key):
            there = f"the parent {parent.number} has {getattr(parent, key)}"
            yield at, f"{key} is {getattr(one, key)}, but {there}"
    if one.issued < parent.issued:
        yield "issued", f"issued is {one.issued}, before the parent {parent.number} was on {parent.issued}"
    if one.expires > parent.expires:
        yield "expires", f"expires is {one.expires}, after the parent {parent.number} does on {parent.expires}"


def sub_certificate_valid_with_parent(one: Tie, others: Others) -> Says:
    """A sub-certificate must not be valid on a day on which its parent is not."""
    parent = others.find(one.parent)
    if not parent:
        return
    for first, last in one.valid_periods():
        day = parent.first_not_valid(max(first, parent.issued), min(last, parent.expires))
        if day:
            why = f"the parent {parent.number} is {parent.status_on(day)} that day: record the same here"
            yield "parent", f"this certificate is valid on {day}, but {why}"
            return


RULES = (
    number_is_unique,
    slug_is_unique,
    links_are_known,
    supersedes_is_mutual,
    superseded_is_the_holders,
    previous_expires_is_the_superseded_ones,
    superseded_certificate_ends,
    sub_certificate_within_parent,
    sub_certificate_valid_with_parent,
)


def judge_between(
    ties: Iterable[Tie],
    unread: Collection[str],
    judged: Container[str] | None = None,
    numbers: Callable[[], Iterable[str]] | None = None,
) -> list[Problem]:
    """Everything wrong between the certificates, by place; `unread` are numbers or slugs of records not read.

    Where only those at the paths `judged` are in question, `ties` may be these and all that they can meet, and
    `numbers` give those of the whole registry.
    """
    in_order = sorted(ties, key=lambda one: one.path)
    others = Others(in_order, unread, numbers)
    return sorted(
        Problem(one.path, *one.places[key], rule.__name__, message, severity_of(rule.__name__))
        for one in in_order
        if judged is None or one.path in judged
        for rule in RULES
        for key, message in rule(one, others)
    )
