"""Code owners: who must review what on a forge: GitHub reads it from .github/CODEOWNERS, GitLab from CODEOWNERS."""

from collections.abc import Iterable, Sequence

from starcert.body import Body

HEADING = "# Made by build.py codeowners from registry/bodies/. Of the lines that match a file, the last one decides."


def codeowners(bodies: Iterable[Body], operators: Sequence[str]) -> str:
    """All belongs to the operators, but the certificates of a body that names its reviewers to those."""
    owned = {"*": operators} | {
        f"/registry/certificates/{body.id}/": body.reviewers
        for body in sorted(bodies, key=lambda body: body.id)
        if body.reviewers
    }
    width = max(map(len, owned))
    lines = [f"{pattern:{width}}  {' '.join(owners)}" for pattern, owners in owned.items()]
    return "".join(f"{line}\n" for line in (HEADING, *lines))


def is_current(text: str, bodies: Iterable[Body]) -> bool:
    """Whether a file of code owners is what would be made for the operators that it names."""
    lines = (line.split() for line in text.splitlines())
    operators = next((owners for pattern, *owners in filter(None, lines) if pattern == "*"), [])
    return bool(operators) and text == codeowners(bodies, operators)
