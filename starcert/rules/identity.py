"""Who holds the certificate: its number, the holder's code, the sites and what they are listed as."""

import re
from operator import mul

from starcert.certificate import Certificate, slug
from starcert.problems import shown
from starcert.rules.findings import Says

USCC_FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
USCC_LENGTH = 18
# GB 32100-2015: the value of each character by its weight; of a right code, all of them add up to a multiple of 31.
USCC_VALUES = {char: value for value, char in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
USCC_WEIGHTS = (*(3**place % 31 for place in range(USCC_LENGTH - 1)), 1)
NEVER_IN_USCC = {"I": "digit 1", "O": "digit 0", "S": "digit 5", "V": "letter U or Y", "Z": "digit 2"}


def number_matches_body(certificate: Certificate) -> Says:
    """A certificate's number must match its body's pattern."""
    body = certificate.body
    if not body.numbers(certificate.number):
        usual = f"{body.name_en} numbers its certificates by the pattern {shown(body.number_pattern.pattern)}"
        yield ("number",), f"number is {certificate.number}, but {usual}"


def uscc_has_its_form(certificate: Certificate) -> Says:
    """A holder's unified social credit code must be 18 digits and capital letters of GB 32100-2015."""
    code = certificate.holder.uscc
    if not USCC_FORM.fullmatch(code):
        yield ("holder", "uscc"), f"uscc is {code}, but {_advice_on(code)}"


def _advice_on(code: str) -> str:
    if len(code) != USCC_LENGTH:
        return f"a unified social credit code has 18 characters, and this has {len(code)}"
    if code != code.upper():
        return f"its letters must be capitals: write {code.upper()}"
    for index, char in enumerate(code, 1):
        if char in NEVER_IN_USCC:
            return f"no code holds the letter {char} (character {index}): is it the {NEVER_IN_USCC[char]}?"
    return "its third to eighth characters must be digits: they are the code of the place of registration"


def uscc_check_character(certificate: Certificate) -> Says:
    """A holder's unified social credit code must end in the check character of GB 32100-2015."""
    code = certificate.holder.uscc
    if USCC_FORM.fullmatch(code) and not _adds_up(code):
        from stdnum.cn import uscc as checked  # noqa: PLC0415  # slow to import, and codes that are wrong are rare

        right = f"the others give {checked.calc_check_digit(code[:-1])}: compare the business licence"
        yield ("holder", "uscc"), f"uscc {code} ends in {code[-1]}, but {right}"


def _adds_up(code: str) -> bool:
    """Whether the check character is right; stdnum says which one is, but takes seven times as long."""
    total: int = sum(map(mul, USCC_WEIGHTS, map(USCC_VALUES.__getitem__, code)))
    return total % 31 == 0


def former_name_is_another(certificate: Certificate) -> Says:
    """A former name must not be the holder's present name."""
    for index, former in enumerate(certificate.holder.former_names):
        if former.name == certificate.holder.name:
            yield ("holder", "former_names", index, "name"), "name is the holder's present name: remove it"


def links_lead_elsewhere(certificate: Certificate) -> Says:
    """A certificate must not supersede, follow or belong to itself."""
    for key in ("supersedes", "superseded_by", "parent"):
        other = getattr(certificate, key)
        if other and slug(other) == certificate.slug:
            yield (key,), f"{key} is {other}, this certificate's own number: write the other one's, or remove it"


def head_office_is_first(certificate: Certificate) -> Says:
    """The head office must be the first site, and the only head office; a sub-certificate may do without."""
    kinds = [site.kind for site in certificate.sites]
    if "head-office" not in kinds:
        if certificate.parent is None:
            yield ("sites",), "sites has no head-office: list it first, before the service outlets"
        return
    first = kinds.index("head-office")
    if first > 0:
        yield ("sites", first, "kind"), f"the head office is site {first + 1}, but must be the first of the list"
    for index, kind in enumerate(kinds):
        if kind == "head-office" and index > first:
            wanted = f"site {first + 1} already is: write service-outlet"
            yield ("sites", index, "kind"), f"site {index + 1} is a second head office, but {wanted}"


def nothing_is_listed_twice(certificate: Certificate) -> Says:
    """Brands, sites and mark uses must each be listed once."""
    lists: dict[str, list[object]] = {
        "brands": [brand.casefold() for brand in certificate.brands],
        "sites": [(site.name, site.address) for site in certificate.sites],
        "mark_uses": list(certificate.mark_uses),
    }
    for key, items in lists.items():
        for index, item in enumerate(items):
            if item in items[:index]:
                yield (key, index), f"{key}[{index + 1}] is {key}[{items.index(item) + 1}] again: remove one of them"


RULES = (
    number_matches_body,
    uscc_has_its_form,
    uscc_check_character,
    former_name_is_another,
    links_lead_elsewhere,
    head_office_is_first,
    nothing_is_listed_twice,
)
