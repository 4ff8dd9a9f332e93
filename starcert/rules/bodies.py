"""What must hold within a body's record, and within a vocabulary's."""

from starcert.body import Body
from starcert.rules.findings import Says
from starcert.vocabulary import Vocabulary


def approved_once(body: Body) -> Says:
    """A body must be approved for each scheme once."""
    ids = [approval.scheme.id for approval in body.schemes]
    for index, id in enumerate(ids):
        if id in ids[:index]:
            again = f"scheme is {id}, as is that of approval {ids.index(id) + 1}"
            yield ("schemes", index, "scheme"), f"{again}: keep the one with the earlier since"


def term_codes_differ(vocabulary: Vocabulary) -> Says:
    """Every term of a vocabulary must have a code of its own."""
    seen: dict[str, int] = {}
    for index, term in enumerate(vocabulary.terms):
        first = seen.setdefault(term.code, index)
        if first != index:
            yield ("terms", index, "code"), f"code is {term.code}, as is that of term {first + 1}"


RULES = (approved_once,)
VOCABULARY_RULES = (term_codes_differ,)
