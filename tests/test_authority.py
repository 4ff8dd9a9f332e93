"""Who may change what: each kind of signer before each kind of path, and the words in which they are told."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keys import pair
from known import known
from test_signatures import Made, made

from starcert.git import Commit, Signature, State, signers
from starcert.key import Key
from starcert.push import authority
from starcert.push.authority import SET_UP, SIGN, SIGN_ALL
from starcert.push.keyring import OPERATOR, Keyring

__all__ = ["made"]  # a fixture

DAY = date(2026, 11, 22)
ONE_DAY = timedelta(days=1)
COMMIT = Commit("1a2b3c4d5e" * 4, (), "三张证书")
OWN = b"registry/certificates/mingce/SLC2025-0121-22.yaml"
FOREIGN = b"registry/certificates/xinheng/00024E20766R2L.yaml"
OF_OPERATOR = [
    b"registry/bodies/mingce.yaml",
    b"registry/schemes/gbt-27922-2011.yaml",
    b"registry/certificates/README.md",
    b"registry/certificates/mingce",
    b"registry/certificatesx/mingce/A.yaml",
    b"Registry/Certificates/mingce/A.yaml",
    b"x/registry/certificates/mingce/A.yaml",
    b"templates/home.html",
    b"build.py",
    b".gitattributes",
    b"registry/certificates\n/mingce/A.yaml",
    b"\xff",
]


def key(name: str, **days: date | None) -> Key:
    """The key of that name, valid from long ago unless told."""
    told: dict[str, date | None] = {"valid_from": date(2020, 1, 1), "valid_until": None, "revoked": None, **days}
    return Key(pair(name).public, "王芳", **told)  # type: ignore[arg-type]


RING = Keyring({OPERATOR: (key("boss"),), "body:mingce": (key("fang"),), "body:xinheng": (key("qiang"),)}, DAY)


def by(name: str) -> Signature:
    """A good signature with the key of that name, as git finds it."""
    return Signature(State.GOOD, "whoever git says", pair(name).public.fingerprint)


def said(*paths: bytes, by: Signature, ring: Keyring = RING, asked: bool = True, empty: bool = False) -> list[str]:
    """What is told of a commit that changes these paths."""
    problems = authority.judge(COMMIT, paths, by, ring, asked=asked, empty=empty)
    return [str(problem) for problem in known(problems)]


def rules(*paths: bytes, by: Signature, ring: Keyring = RING, empty: bool = False) -> list[str]:
    """The rules that a commit breaks."""
    return [line.rpartition("[")[2].rstrip("]") for line in said(*paths, by=by, ring=ring, empty=empty)]


def test_a_body_changes_its_own_certificates() -> None:
    """As many as it likes, and whatever lies in its folder."""
    assert said(OWN, OWN + b"2", b"registry/certificates/mingce/README.md", by=by("fang")) == []


def test_a_body_leaves_the_folders_of_others_alone() -> None:
    """Each path is named, with what to type."""
    assert said(OWN, FOREIGN, by=by("fang")) == [
        "registry/certificates/xinheng/00024E20766R2L.yaml:1:1: only xinheng may change what lies in its folder, and "
        "mingce signed the commit: take it out with git reset --soft origin/main; git restore --staged "
        "registry/certificates/xinheng/00024E20766R2L.yaml; git commit -S [certificate_is_its_bodys]"
    ]


@pytest.mark.parametrize("path", OF_OPERATOR, ids=repr)
def test_whatever_is_no_certificate_is_the_operators(path: bytes) -> None:
    """A body may not change it, the operator may; a path that only resembles that of a certificate is none."""
    assert rules(path, by=by("fang")) == ["rest_is_the_operators"]
    assert said(path, by=by("boss")) == []


def test_a_body_is_told_that_its_keys_are_the_operators() -> None:
    """It cannot vouch for itself."""
    assert said(b"registry/bodies/mingce.yaml", by=by("fang")) == [
        "registry/bodies/mingce.yaml:1:1: only the operator may change it, and mingce signed the commit: take it out "
        "with git reset --soft origin/main; git restore --staged registry/bodies/mingce.yaml; git commit -S "
        "[rest_is_the_operators]"
    ]


def test_the_operator_leaves_certificates_alone() -> None:
    """But for those in the first push, which is the operator's entirely."""
    assert rules(OWN, b"build.py", by=by("boss")) == ["certificate_is_its_bodys"]
    assert said(OWN, b"build.py", FOREIGN, by=by("boss"), empty=True) == []


@pytest.mark.parametrize("name", ["fang", "qiang"])
def test_the_first_push_is_not_a_bodys(name: str) -> None:
    """Not even with nothing but its own certificates."""
    whose = {"fang": "mingce", "qiang": "xinheng"}[name]
    assert said(OWN, by=by(name), empty=True) == [
        f"registry/certificates/mingce/SLC2025-0121-22.yaml:1:1: the register is empty, and {whose} cannot begin it: "
        "ask the operator [first_push_is_the_operators]"
    ]


def test_who_is_body_and_operator_keeps_the_two_apart() -> None:
    """One key may be both's: then each commit is one or the other."""
    both = Keyring({OPERATOR: (key("fang"),), "body:mingce": (key("fang"),)}, DAY)
    assert said(OWN, by=by("fang"), ring=both) == []
    assert said(b"build.py", by=by("fang"), ring=both) == []
    assert rules(FOREIGN, b"build.py", by=by("fang"), ring=both) == ["certificate_is_its_bodys"]
    assert said(OWN, b"build.py", b"a", by=by("fang"), ring=both) == [
        "a:1:1: the commit changes certificates too: make two of it, one for the certificates alone "
        "[certificates_stand_alone]"
    ]


@pytest.mark.parametrize("state", [state for state in State if state is not State.GOOD])
def test_a_commit_without_a_good_signature_changes_nothing(state: State) -> None:
    """Whatever it changes and whatever is wrong: one problem, which says what to type."""
    for empty in (False, True):
        [told] = said(OWN, FOREIGN, b"build.py", by=Signature(state, OPERATOR, "SHA256:abc"), empty=empty)
        assert told.startswith("build.py:1:1: commit 1a2b3c4d5e ")
        assert told.endswith(" [commit_is_signed]")


def test_an_unsigned_commit_is_told_how_to_sign() -> None:
    """From nothing to a signed push, in commands that can be copied."""
    assert said(OWN, by=Signature(State.UNSIGNED)) == [
        f"{OWN.decode()}:1:1: commit 1a2b3c4d5e is not signed: name your key once with git config gpg.format ssh; "
        "git config user.signingkey ~/.ssh/id_ed25519.pub; git config commit.gpgsign true; then sign with "
        "git rebase -f -S origin/main and push again [commit_is_signed]"
    ]


def test_before_anything_was_pushed_there_is_no_origin_to_sign_from() -> None:
    """Of a first push all commits are signed."""
    assert said(OWN, by=Signature(State.DAMAGED), empty=True) == [
        f"{OWN.decode()}:1:1: commit 1a2b3c4d5e carries a signature that does not fit it, or was made for another "
        "purpose: sign anew with git rebase -f -S --root [commit_is_signed]"
    ]


def test_a_commit_of_no_paths_has_a_place_too() -> None:
    """An empty commit is named by its id."""
    assert said(by=by("fang")) == []
    assert said(by=Signature(State.SEVERAL)) == [
        "commit 1a2b3c4d5e:1:1: commit 1a2b3c4d5e carries more than one signature: sign it anew with "
        "git rebase -f -S origin/main [commit_is_signed]"
    ]


def test_an_unknown_key_is_told_its_fingerprint() -> None:
    """So that the operator can be asked to list it."""
    assert said(OWN, by=Signature(State.UNKNOWN_KEY, fingerprint="SHA256:abc")) == [
        f"{OWN.decode()}:1:1: commit 1a2b3c4d5e is signed with the key SHA256:abc, which nobody lists: sign with the "
        "one that is listed for you, or ask the operator to list it under keys in registry/bodies/ [commit_is_signed]"
    ]


@pytest.mark.parametrize(
    ("days", "why"),
    [
        ({"valid_from": DAY + ONE_DAY}, "is valid only from 2026-11-23 on"),
        ({"valid_until": DAY - ONE_DAY}, "was valid only until 2026-11-21"),
        ({"revoked": DAY}, "was revoked on 2026-11-22"),
    ],
)
def test_a_key_that_does_not_count_is_told_why(days: dict[str, date], why: str) -> None:
    """Whose it is and since when, and that another one is needed; git knows it as little as a stranger's."""
    ring = Keyring({OPERATOR: (key("boss"),), "body:mingce": (key("fang", **days),)}, DAY)
    assert ring.allowed() == [(OPERATOR, pair("boss").line)]
    for state in (State.GOOD, State.UNKNOWN_KEY):
        assert said(OWN, by=Signature(state, "body:mingce", pair("fang").public.fingerprint), ring=ring) == [
            f"{OWN.decode()}:1:1: commit 1a2b3c4d5e is signed with a key of mingce (王芳), which {why}: sign with one "
            "that counts, with git rebase -f -S origin/main, or ask the operator to list a new one [commit_is_signed]"
        ]


@pytest.mark.parametrize(("offset", "counts"), [(-1, False), (0, True), (1, True), (9, True), (10, False)])
def test_the_day_of_receipt_decides(offset: int, counts: bool) -> None:
    """Before the first day, on it, after it, on the last day, after it."""
    listed = key("fang", valid_from=DAY, valid_until=DAY + 9 * ONE_DAY)
    ring = Keyring({"body:mingce": (listed,)}, DAY + offset * ONE_DAY)
    assert (said(OWN, by=by("fang"), ring=ring) == []) is counts


def test_where_nobody_is_asked_for_signatures_everything_is_allowed() -> None:
    """A register of one body may do without."""
    assert said(OWN, FOREIGN, b"build.py", by=Signature(State.UNSIGNED), asked=False) == []


PATHS = st.sampled_from([OWN, FOREIGN, *OF_OPERATOR]) | st.binary(min_size=1, max_size=30).filter(
    lambda b: b"\0" not in b
)
SIGNERS = st.sampled_from(["fang", "qiang", "boss", "stranger"])


@given(st.lists(PATHS, min_size=1, max_size=5, unique=True), SIGNERS, st.sampled_from(list(State)), st.booleans())
def test_nothing_passes_but_what_is_ones_own(paths: list[bytes], name: str, state: State, empty: bool) -> None:
    """Whatever is changed by whom: it passes exactly when all is the signer's, and is told in lines that show."""
    own = {
        "fang": all(path.startswith(b"registry/certificates/mingce/") for path in paths),
        "qiang": all(path.startswith(b"registry/certificates/xinheng/") for path in paths),
        "boss": not any(path.startswith(b"registry/certificates/") and path.count(b"/") > 2 for path in paths),
        "stranger": False,
    }
    told = said(*paths, by=Signature(state, "", pair(name).public.fingerprint), empty=empty)
    passes = name == "boss" if empty else own[name]
    assert (told == []) is (state is State.GOOD and passes)
    assert all(line.isprintable() for line in told)


def test_a_signed_commit_is_judged_by_what_git_finds(made: Made) -> None:
    """From the key in a body's record to the verdict, with real commits."""
    commits = {name: made.signed(name) for name in ("fang", "qiang", "boss", "stranger")}
    found = signers(made.repository, list(commits.values()), RING.allowed())
    told = {name: rules(OWN, by=found[commit]) for name, commit in commits.items()}
    refused = ["certificate_is_its_bodys"]
    assert told == {"fang": [], "qiang": refused, "boss": refused, "stranger": ["commit_is_signed"]}


@pytest.mark.parametrize(("sign", "count"), [(SIGN, 3), (SIGN_ALL, 4)])
def test_what_a_clerk_is_told_to_type_signs_the_push(made: Made, tmp_path: Path, sign: str, count: int) -> None:
    """Three unsigned commits on top of what was pushed become three signed ones; or all become signed."""
    clone = made.clone(tmp_path / "clone")
    for number in range(3):
        clone("commit", "-q", "--allow-empty", "-m", f"{number}")
    for line in SET_UP.replace("~/.ssh/id_ed25519.pub", f"{pair('fang').private}.pub").split("; "):
        clone(*line.split()[1:])
    clone(*sign.split()[1:])
    clone("push", "-q", "--force", "origin", "HEAD:refs/heads/main")
    ids = made.run("rev-list", f"--max-count={count}", "main").decode().split()
    found = signers(made.repository, ids, RING.allowed())
    assert [one.principal for one in found.values()] == ["body:mingce"] * count
