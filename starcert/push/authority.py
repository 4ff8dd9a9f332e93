"""Authority: who may change what. A body its own certificates; the operator all else, and the first push.

A rule takes the paths that a commit changes, as git gives them, and the principals whose key signed it; it yields a
path and what to do about it.
"""

import os
from collections.abc import Callable, Iterator, Sequence

from starcert.git import Commit, Signature, State
from starcert.problems import Problem, shown
from starcert.push.keyring import OPERATOR, Keyring, principal
from starcert.recordfile import shown_path

Says = Iterator[tuple[bytes, str]]
Rule = Callable[[Sequence[bytes], frozenset[str]], Says]

FOLDER = (b"registry", b"certificates")
SIGN, SIGN_ALL = "git rebase -f -S origin/main", "git rebase -f -S --root"
SET_UP = "git config gpg.format ssh; git config user.signingkey ~/.ssh/id_ed25519.pub; git config commit.gpgsign true"
TAKE_OUT = "take it out with git reset --soft origin/main; git restore --staged {}; git commit -S"
FAULTS = {
    State.UNSIGNED: f"is not signed: name your key once with {SET_UP}; then sign with {{sign}} and push again",
    State.OPENPGP: f"is signed with OpenPGP, but must be with SSH: change that with {SET_UP}; then sign with {{sign}}",
    State.X509: f"is signed with X.509, but must be with SSH: change that with {SET_UP}; then sign with {{sign}}",
    State.SEVERAL: "carries more than one signature: sign it anew with {sign}",
    State.DAMAGED: "carries a signature that does not fit it, or was made for another purpose: sign anew with {sign}",
    State.TOO_LARGE: "is longer than 64 KiB with its message: shorten that with git commit --amend -S",
}


def judge(
    commit: Commit, paths: Sequence[bytes], signature: Signature, keyring: Keyring, *, asked: bool, empty: bool
) -> list[Problem]:
    """All that the signer of a commit may not do to the paths that it changes, by place.

    Whether signatures are `asked` for is the register's setting; `empty` was a repository whose first push this is.
    A mistake of the whole commit stands at the first of its paths.
    """
    if not asked:
        return []
    roles = keyring.principals(signature.fingerprint) if signature.state is State.GOOD else frozenset()
    if not roles:
        told = commit_is_signed(commit, paths, signature, keyring, SIGN_ALL if empty else SIGN)
        return [_problem(commit_is_signed, path, message) for path, message in told]
    rules = FIRST_RULES if empty else RULES
    return sorted(_problem(rule, path, message) for rule in rules for path, message in rule(paths, roles))


def commit_is_signed(commit: Commit, paths: Sequence[bytes], signature: Signature, keyring: Keyring, sign: str) -> Says:
    """A commit must be signed with an SSH key that counts on the day on which it is received."""
    named = f"commit {commit.short}"
    place = min(paths, default=named.encode())
    if signature.state in FAULTS:
        yield place, f"{named} {FAULTS[signature.state].format(sign=sign)}"
    else:
        yield place, f"{named} is signed with {_key(signature.fingerprint, keyring, sign)}"


def _key(fingerprint: str, keyring: Keyring, sign: str) -> str:
    """What is wrong with a key, and what can be done about it."""
    for name, key in keyring.holders(fingerprint):
        why = key.refusal_on(keyring.day)
        if why:
            whose = f"a key of {_named(name)} ({shown(key.holder)}), which {why}"
            return f"{whose}: sign with one that counts, with {sign}, or ask the operator to list a new one"
    listed = "sign with the one that is listed for you, or ask the operator to list it under keys in registry/bodies/"
    return f"the key {shown(fingerprint)}, which nobody lists: {listed}"


def first_push_is_the_operators(paths: Sequence[bytes], roles: frozenset[str]) -> Says:
    """The first push into an empty repository must be the operator's."""
    if OPERATOR not in roles:
        found = f"the register is empty, and {_all_named(roles)} cannot begin it: ask the operator"
        yield min(paths, default=b"."), found


def certificate_is_its_bodys(paths: Sequence[bytes], roles: frozenset[str]) -> Says:
    """A certificate must be changed by the body in whose folder it lies, and by nobody else."""
    for path in paths:
        body = _body(path)
        if body is not None and principal(body) not in roles:
            whose = f"only {shown(body)} may change what lies in its folder, and {_all_named(roles)} signed the commit"
            yield path, f"{whose}: {TAKE_OUT.format(shown_path(os.fsdecode(path)))}"


def rest_is_the_operators(paths: Sequence[bytes], roles: frozenset[str]) -> Says:
    """Whatever is no certificate, the list of a body's keys too, must be changed by the operator only."""
    for path in paths:
        if _body(path) is None and OPERATOR not in roles:
            whose = f"only the operator may change it, and {_all_named(roles)} signed the commit"
            yield path, f"{whose}: {TAKE_OUT.format(shown_path(os.fsdecode(path)))}"


def certificates_stand_alone(paths: Sequence[bytes], roles: frozenset[str]) -> Says:
    """A commit that changes certificates must change nothing else."""
    bodies = {_body(path) for path in paths} - {None}
    others = [path for path in paths if _body(path) is None]
    if others and bodies and OPERATOR in roles and all(principal(str(body)) in roles for body in bodies):
        yield min(others), "the commit changes certificates too: make two of it, one for the certificates alone"


FIRST_RULES: tuple[Rule, ...] = (first_push_is_the_operators,)
RULES: tuple[Rule, ...] = (certificate_is_its_bodys, rest_is_the_operators, certificates_stand_alone)
SENTENCES: dict[str, str] = {rule.__name__: rule.__doc__ or "" for rule in (commit_is_signed, *FIRST_RULES, *RULES)}


def _body(path: bytes) -> str | None:
    """The body in whose folder of certificates a path lies, or None."""
    parts = path.split(b"/")
    return parts[2].decode("utf-8", "backslashreplace") if tuple(parts[:2]) == FOLDER and len(parts) > 3 else None


def signer(signature: Signature, keyring: Keyring) -> str:
    """Whose key made a signature, and who holds it, whether it counts or not; nothing where nobody lists it."""
    listed = keyring.holders(signature.fingerprint) if signature.fingerprint else []
    return " and ".join(f"{_named(name)} ({shown(key.holder)})" for name, key in listed)


def _named(name: str) -> str:
    return "the operator" if name == OPERATOR else name.removeprefix("body:")


def _all_named(roles: frozenset[str]) -> str:
    return " and ".join(_named(name) for name in sorted(roles))


def _problem(rule: Callable[..., Says], path: bytes, message: str) -> Problem:
    return Problem(shown_path(os.fsdecode(path)), 1, 1, rule.__name__, message)
