"""Signed pushes, by real git and ssh-keygen: each body keeps to its own records, and the operator to the rest."""

from pathlib import Path

import pytest
from keys import EXAMPLE_BODY, OTHER_BODY, Pair, listed, pair
from pushing import NUMBER, PATH, REGISTRY, Register, another, hook, problems_in, register
from records import RECORD
from repositories import clone

GOOD = "99925SC00124R0M"
OTHERS = "registry/certificates/other-cb/99825SC00001R0M.yaml"


def signing(key: Pair) -> tuple[str, ...]:
    """How the next commit is signed with a key."""
    return f"--gpg-sign={key.private}.pub", "--quiet"


@pytest.fixture
def place(tmp_path: Path) -> Register:
    """A register of two bodies, each with a key, that the operator began."""
    made = Register(clone(tmp_path))
    made.clerk.git("config", "gpg.format", "ssh")
    hook(made.bare, pair("operator").line)
    bodies = {
        "registry/bodies/example-cb.yaml": EXAMPLE_BODY + "keys:\n" + listed(pair("clerk").line),
        "registry/bodies/other-cb.yaml": OTHER_BODY + "keys:\n" + listed(pair("other").line),
    }
    made.change({**REGISTRY, **bodies, PATH: RECORD}, "begin", *signing(pair("operator")))
    assert made.push("-u", "origin", "main", refused=False) == ""
    return made


def test_a_body_publishes_its_own_records(place: Register) -> None:
    """Signed with its key, without a word."""
    place.change(another(GOOD), "new", *signing(pair("clerk")))
    assert place.push(refused=False) == ""


def test_a_commit_without_a_signature_is_refused(place: Register) -> None:
    """In a whole answer."""
    commit = place.change(another(GOOD))
    answer = place.push()
    assert answer.startswith("推送被拒绝：发现 1 处问题。")
    [line] = problems_in(answer)
    path = f"registry/certificates/example-cb/{GOOD}.yaml"
    assert line.startswith(f"{path}:1:1: commit {commit[:10]} is not signed")
    assert line.endswith("[commit_is_signed]")


def test_a_commit_without_a_signature_is_told_what_is_wrong_with_its_records_too(place: Register) -> None:
    """One answer says all, so that nobody mends twice."""
    place.change({PATH: RECORD.replace("level: five-star", "level: four-star", 1)}, "unsigned and wrong")
    rules = [line.rpartition(" ")[2] for line in problems_in(place.push())]
    assert rules == ["[commit_is_signed]", "[level_is_latest_audits]"]


@pytest.mark.parametrize(
    ("key", "files", "rule"),
    [
        ("other", another(GOOD), "certificate_is_its_bodys"),
        ("operator", another(GOOD), "certificate_is_its_bodys"),
        ("stranger", another(GOOD), "commit_is_signed"),
        ("clerk", {OTHERS: "x"}, "certificate_is_its_bodys"),
        ("clerk", {PATH: None, OTHERS: RECORD}, "certificate_is_its_bodys"),
        ("clerk", {"registry/bodies/example-cb.yaml": EXAMPLE_BODY}, "rest_is_the_operators"),
        ("clerk", {"registry/schemes/gbt-27922-2011.yaml": "x"}, "rest_is_the_operators"),
        ("clerk", {"build.py": "x"}, "rest_is_the_operators"),
        ("clerk", {"registry/certificates/README.md": "x"}, "rest_is_the_operators"),
    ],
)
def test_nobody_reaches_beyond_their_own(
    place: Register, key: str, files: dict[str, str | bytes | None], rule: str
) -> None:
    """Not into another folder, by a rename, into the list of keys, a scheme, or the program."""
    place.change(files, "reaching", *signing(pair(key)))
    assert f"[{rule}]" in {line.rpartition(" ")[2] for line in problems_in(place.push())}


def test_a_key_listed_in_the_same_push_counts_for_nothing(place: Register) -> None:
    """Only those that main has count."""
    body = EXAMPLE_BODY + "keys:\n" + listed(pair("clerk").line, pair("stranger").line)
    place.change({"registry/bodies/example-cb.yaml": body}, "a key", *signing(pair("operator")))
    place.change(another(GOOD), "new", *signing(pair("stranger")))
    assert [line.rpartition(" ")[2] for line in problems_in(place.push())] == ["[commit_is_signed]"]
    place.push("origin", "main~1:main", refused=False)
    assert place.push(refused=False) == ""


def test_an_unsigned_commit_between_signed_ones_is_refused(place: Register) -> None:
    """Each on the way needs a signature of its own."""
    place.change(another(GOOD), "one", *signing(pair("clerk")))
    hidden = place.change(another("99925SC00125R0M"), "two")
    place.change(another("99925SC00126R0M"), "three", *signing(pair("clerk")))
    answer = place.push()
    assert f"提交 commit {hidden[:10]} “two”" in answer
    assert len(problems_in(answer)) == 1


def test_a_replayed_commit_is_refused(place: Register) -> None:
    """An old signed state of a record does not come back, signed as it is."""
    old = place.clerk.git("rev-parse", "HEAD").strip()
    later = "decisions:\n  - {kind: cancelled, date: 2026-11-20, reason: the end}\n"
    place.change({PATH: RECORD + later}, "ended", *signing(pair("clerk")))
    place.push(refused=False)
    place.clerk.git("reset", "-q", "--hard", old)
    assert [line.rpartition(" ")[2] for line in problems_in(place.push("-f", "origin", "main"))] == ["[main_goes_on]"]
    place.clerk.git("reset", "-q", "--hard", "origin/main")
    place.change({PATH: RECORD}, "back", *signing(pair("clerk")))
    assert {line.rpartition(" ")[2] for line in problems_in(place.push())} == {"[decisions_are_kept]"}


def test_a_register_is_begun_by_its_operator(tmp_path: Path) -> None:
    """The first push is no body's, whatever it says of keys."""
    made = Register(clone(tmp_path))
    made.clerk.git("config", "gpg.format", "ssh")
    hook(made.bare, pair("operator").line)
    body = {"registry/bodies/example-cb.yaml": EXAMPLE_BODY + "keys:\n" + listed(pair("clerk").line)}
    made.change({**REGISTRY, **body, PATH: RECORD}, "begin", *signing(pair("clerk")))
    assert [line.rpartition(" ")[2] for line in problems_in(made.push())] == ["[commit_is_signed]"]
    made.change({}, "begin", "--amend", *signing(pair("operator")))
    assert made.push(refused=False) == ""


def test_the_first_push_is_judged_whole(tmp_path: Path) -> None:
    """Its records too."""
    made = Register(clone(tmp_path))
    made.clerk.git("config", "gpg.format", "ssh")
    hook(made.bare, pair("operator").line)
    broken = another(GOOD, ("region: 33", "region: 99"))
    made.change({**REGISTRY, **broken, PATH: RECORD}, "begin", *signing(pair("operator")))
    assert [line.rpartition(" ")[2] for line in problems_in(made.push())] == ["[choice]"]


def test_without_signatures_all_other_rules_hold(tmp_path: Path) -> None:
    """In the register of a single body."""
    place = register(tmp_path)
    place.change({PATH: None, "registry/certificates/README.md": "x"}, NUMBER)
    assert [line.rpartition(" ")[2] for line in problems_in(place.push())] == ["[record_remains]"]
