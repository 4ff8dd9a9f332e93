"""A register under siege: installed by the operator, with real hooks, keys and signatures; no evil push passes.

    WRITE_EXPECTED=1 python -m pytest tests/test_push_siege.py

writes tests/siege.txt anew: what whoever attacks is told, each attack under the name of its test. After each attack
main, the object store and the live site must be as they were.
"""

import fcntl
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha1
from pathlib import Path

import pytest
from keys import OTHER_BODY, listed, pair
from pushing import NUMBER, PATH, PLACE, problems_in
from records import RECORD, varied
from repositories import PERSON, Clone
from siege import (
    AUDIT,
    BODY,
    END,
    EXAMPLE,
    LOST,
    LOWERED,
    MANY,
    ONE_DAY,
    OTHER,
    OTHERS,
    RECORDS,
    TODAY,
    WITHDRAWN,
    ZERO,
    Siege,
    besieged,
    numbered,
    rules,
    signing,
    with_keys,
)

from starcert.days import clock
from starcert.git import Repository
from starcert.host.installing import MOST_PUSHED
from starcert.host.tidying import tidy

EXPECTED = Path(__file__).with_name("siege.txt")
NEW = f"{EXAMPLE}/99925SC00124R1M.yaml"
GOOD = {NEW: numbered("99925SC00124R1M")}
NEXT = {f"{EXAMPLE}/99925SC00125R1M.yaml": numbered("99925SC00125R1M")}
SCHEME = "registry/schemes/gbt-27922-2011.yaml"


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Siege:
    return besieged(tmp_path_factory.mktemp("siege") / "srv", RECORDS)


@pytest.fixture
def siege(register: Siege) -> Iterator[Siege]:
    """The register, and a clone that is as it is."""
    register.reset()
    yield register
    (register.bare / "starcert" / "crash.txt").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def words() -> Iterator[dict[str, list[str]]]:
    """What attackers are told, by the name of the attack; written where that is asked for."""
    told: dict[str, list[str]] = {}
    if EXPECTED.exists():
        for part in EXPECTED.read_text(encoding="utf-8").split("\n\n"):
            name, *lines = part.strip("\n").split("\n")
            told[name] = lines
    yield told
    if "WRITE_EXPECTED" in os.environ:
        parts = ("\n".join([name, *lines]) for name, lines in sorted(told.items()))
        EXPECTED.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


Says = Callable[[str], None]


@pytest.fixture
def says(words: dict[str, list[str]], request: pytest.FixtureRequest) -> Says:
    """Compares what is told of an attack, but for ids and days, with what is expected of it."""

    def compare(answer: str) -> None:
        lines = list(map(_masked, _decisive(answer)))
        if "WRITE_EXPECTED" in os.environ:
            words[request.node.name] = lines
        assert lines == words.get(request.node.name)

    return compare


def _decisive(answer: str) -> list[str]:
    """The problems, in both languages; where there are none, what the hook and git itself say."""
    lines = [line.rstrip() for line in answer.splitlines()]
    at = [n for n, line in enumerate(lines) if PLACE.fullmatch(line)]
    said = [line for line in lines if line.strip() and not line.startswith(("To file:", "error: failed to push"))]
    return [line for n in at for line in lines[n : n + 3]] or said


def _masked(line: str) -> str:
    for day, name in ((-1, "YESTERDAY"), (0, "TODAY"), (1, "TOMORROW"), (2, "THE DAY AFTER")):
        line = line.replace(str(TODAY + day * ONE_DAY), name)
    line = re.sub(r"SHA256:[\w+/]+", "SHA256:…", line)
    line = re.sub(r"/\S*/srv/", "/srv/", line)
    return re.sub(r"\b[0-9a-f]{40}\b|\b[0-9a-f]{10}\b", "COMMIT", line)


# who may change what

REACHES: dict[str, tuple[str, dict[str, str | bytes | None]]] = {
    "another body's record": ("clerk", {OTHERS: RECORDS[OTHERS] + "# ours\n"}),
    "a new record in another body's folder": ("clerk", {f"{OTHER}/99825SC00002R1M.yaml": numbered("99825SC00002R1M")}),
    "a record moved to another body": ("clerk", {PATH: None, f"{OTHER}/{NUMBER}.yaml": RECORD}),
    "another body's record taken over": ("clerk", {OTHERS: None, f"{EXAMPLE}/99825SC00001R1M.yaml": RECORDS[OTHERS]}),
    "a hidden file in another's folder": ("clerk", {f"{OTHER}/.gitattributes": "* -diff\n"}),
    "a folder of no body": ("clerk", {"registry/certificates/new-cb/99925SC00124R1M.yaml": numbered(NUMBER)}),
    "an own key": ("clerk", {BODY: with_keys(listed(pair("stranger").line))}),
    "an own approval widened": (
        "clerk",
        {BODY: with_keys().replace("keys:", "  - {scheme: gbt-27925-2011, since: 2014-06-01}\nkeys:")},
    ),
    "another body's keys": ("clerk", {"registry/bodies/other-cb.yaml": OTHER_BODY}),
    "a body of one's own": ("clerk", {"registry/bodies/new-cb.yaml": OTHER_BODY.replace("998", "997")}),
    "a scheme": ("clerk", {SCHEME: "standard: GB/T 1\n"}),
    "a vocabulary": ("clerk", {"registry/vocabularies/regions.yaml": "terms: []\n"}),
    "a demonstration": ("clerk", {"registry/DEMONSTRATION.yaml": "until: 2020-01-01\n"}),
    "a template": ("clerk", {"templates/home.html": "<script src=//evil.example></script>"}),
    "a page": ("clerk", {"content/about.md": "x"}),
    "the settings of the site": ("clerk", {"site.yaml": "address: https://evil.example\n"}),
    "the settings of the host": ("clerk", {"host.yaml": "signatures: off\n", "starcert/host.yaml": "site: /etc\n"}),
    "a workflow": ("clerk", {".github/workflows/evil.yaml": "on: push\n"}),
    "code": ("clerk", {"build.py": "import os\n", "starcert/__init__.py": "import os\n"}),
    "attributes of all": ("clerk", {".gitattributes": "* filter=evil\n"}),
    "an own record and another thing": ("clerk", {**GOOD, "notes.txt": "x"}),
    "a certificate, by the operator": ("operator", GOOD),
    "a certificate and a scheme, by the operator": ("operator", {**GOOD, SCHEME: "x"}),
    "all certificates gone, by the operator": ("operator", dict.fromkeys(RECORDS)),
}


@pytest.mark.parametrize("reach", REACHES)
def test_reaching_for(siege: Siege, says: Says, reach: str) -> None:
    """Nobody changes what is another's."""
    by, files = REACHES[reach]
    siege.commit(files, by)
    answer = siege.answer()
    says(answer)
    assert {"certificate_is_its_bodys", "rest_is_the_operators"} & set(rules(problems_in(answer)))


HIDDEN = {
    "attributes that git does not know": (".gitattributes", "* @bad\n"),
    "attributes in other capitals": (".GitAttributes", "* @bad\n"),
    "a hidden folder": (".x/99925SC00124R1M.yaml", RECORD),
    "a hidden file": (".x", "x"),
    "a hidden record": (".99925SC00124R1M.yaml", RECORD),
    "files to be ignored": (".gitignore", "*.yaml\n"),
    "another repository": (".gitmodules", "[core]\n"),
}


@pytest.mark.parametrize("case", HIDDEN)
def test_hiding_in_an_own_folder(siege: Siege, says: Says, case: str) -> None:
    """Nobody would see it, and git itself may obey it: attributes that it does not know once stopped all publishing."""
    name, text = HIDDEN[case]
    siege.commit({f"{EXAMPLE}/{name}": text})
    says(siege.answer())


def test_what_was_hidden_long_ago(siege: Siege) -> None:
    """It may be taken away, but not be changed."""
    path, git = f"{EXAMPLE}/.gitattributes", siege.clerk.git
    tip, old = siege.tip, siege.commit({path: "# nothing\n"})
    git("push", "-q", str(siege.bare), "main:refs/heads/main", "--receive-pack=git -c core.hooksPath=/x receive-pack")
    siege.commit({path: "* @bad\n"})
    assert rules(siege.refused()) == ["nothing_is_hidden"]
    git("reset", "-q", "--hard", old)
    siege.commit({path: None})
    siege.passes()
    assert siege.tip != tip


@pytest.mark.parametrize("number", ["99825sc00002r1m", "99825SC00002R1M-1"])
def test_a_number_at_the_address_of_anothers(siege: Siege, says: Says, number: str) -> None:
    """It would keep the other body from ever giving the number 99825SC00002R1M, or 99825SC00002R1M/1."""
    siege.commit({f"{EXAMPLE}/{number.upper()}.yaml": numbered(number)})
    says(siege.answer())


def test_reaching_for_more_with_a_broken_record(siege: Siege, says: Says) -> None:
    """What is wrong with an own record is told beside it; what is another's is not read."""
    own = {NEW: numbered("99925SC00124R1M", ("region: 33", "region: 99"))}
    siege.commit({**own, OTHERS: "number: [", SCHEME: "x", "templates/home.html": "x"})
    says(siege.answer())


def test_an_evil_commit_between_two_good_ones(siege: Siege, says: Says) -> None:
    """It changes foreign files, and the next one puts them back."""
    siege.commit(GOOD)
    siege.commit({OTHERS: RECORDS[OTHERS] + "# ours\n"})
    siege.commit({OTHERS: RECORDS[OTHERS]})
    siege.commit(NEXT)
    assert siege.clerk.git("diff", "--name-only", "origin/main").split() == sorted([*GOOD, *NEXT])
    says(siege.answer())


def test_keys_lent_for_one_commit(siege: Siege, says: Says) -> None:
    """A body that lists a stranger's key, lets it sign, and takes it away again, in one push."""
    siege.commit({BODY: with_keys(listed(pair("stranger").line))}, "operator")
    siege.commit(GOOD, "stranger")
    siege.commit({BODY: with_keys()}, "operator")
    says(siege.answer())


@pytest.mark.parametrize(
    ("by", "signer"),
    [
        ("clerk", "; newest commit signed by example-cb (王芳)"),
        ("revoked", "; newest commit signed by example-cb (王芳)"),
        ("operator", "; newest commit signed by the operator (operator@office)"),
        ("stranger", ""),
        (None, ""),
    ],
)
def test_the_operator_reads_who_was_refused(siege: Siege, by: str | None, signer: str) -> None:
    """By the key, since all clerks come as one account."""
    siege.commit({OTHERS: None}, by)
    siege.refused(LOGNAME="git", SSH_CLIENT="192.0.2.7 50000 22")
    assert siege.host.status["refusal"]["who"] == f"git at 192.0.2.7{signer}"


# history

EDITS: dict[str, dict[str, str | bytes | None]] = {
    "broken in the middle": {PATH: varied(("region: 33", "region: 99"))},
    "a withdrawal taken back": {WITHDRAWN: numbered(Path(WITHDRAWN).stem)},
    "a withdrawal made a suspension": {
        WITHDRAWN: numbered(
            Path(WITHDRAWN).stem,
            also=END.replace(
                "withdrawn, date: 2026-05-20", "suspended, date: 2026-05-20, start: 2026-05-20, end: 2026-05-21"
            ),
        )
    },
    "a withdrawal lifted": {WITHDRAWN: RECORDS[WITHDRAWN] + "  - {kind: restored, date: 2026-06-01}\n"},
    "a withdrawal moved to tomorrow": {
        WITHDRAWN: RECORDS[WITHDRAWN].replace("2026-05-20", str(TODAY + ONE_DAY)),
    },
    "a record removed": {WITHDRAWN: None},
    "a record renamed": {PATH: None, f"{EXAMPLE}/99925SC00777R1M.yaml": numbered("99925SC00777R1M")},
    "a record made another's": {PATH: numbered("99925SC00124R1M")},
    "a record turned into a folder": {PATH: None, f"{PATH}/x.yaml": RECORD},
    "a record hidden": {PATH: None, f"{EXAMPLE}/.{NUMBER}.yaml": RECORD},
    "a lost number taken by another": {LOST: numbered(Path(LOST).stem, ("91330100MA0000001F", "91330100MA00000006"))},
    "a level raised without an audit": {LOWERED: numbered(Path(LOWERED).stem, also=AUDIT)},
    "a level raised by forgetting an audit": {LOWERED: numbered(Path(LOWERED).stem)},
    "a level raised by correcting an audit": {
        LOWERED: numbered(
            Path(LOWERED).stem,
            also=f"corrections:\n  - {{date: {TODAY}, keys: [audits], reason: 录入错误}}\n",
        )
    },
    "a level raised by correcting an audit's level": {
        LOWERED: numbered(
            Path(LOWERED).stem,
            also=AUDIT.replace("91.00, level: four", "96.00, level: five")
            + f"corrections:\n  - {{date: {TODAY}, keys: [audits], reason: 录入错误}}\n",
        )
    },
    "an audit of the past": {PATH: varied(("date: 2025-02-11", "date: 2025-02-10"))},
    "a longer validity": {PATH: varied(("issued: 2025-03-01\n", "issued: 2025-04-01\n"), ("2028-02-29", "2028-03-31"))},
    "a correction without a reason": {
        PATH: varied(
            ("issued: 2025-03-01\n", "issued: 2025-03-02\n"),
            also=f"corrections:\n  - {{date: {TODAY}, keys: [issued]}}\n",
        )
    },
    "a correction of tomorrow": {
        PATH: varied(
            ("issued: 2025-03-01\n", "issued: 2025-03-02\n"),
            also=f"corrections:\n  - {{date: {TODAY + ONE_DAY}, keys: [issued], reason: 录入错误}}\n",
        )
    },
    "a correction for the number": {
        PATH: varied(
            (f"number: {NUMBER}", "number: 99925SC00124R1M"),
            also=f"corrections:\n  - {{date: {TODAY}, keys: [number], reason: 录入错误}}\n",
        )
    },
}


@pytest.mark.parametrize("edit", EDITS)
def test_rewriting(siege: Siege, says: Says, edit: str) -> None:
    """What was recorded stays at each commit, also where the next one of the push puts it back."""
    siege.commit(EDITS[edit], subject="rewritten")
    siege.clerk.git("revert", "--no-commit", "HEAD")
    siege.commit({}, subject="put back")
    assert siege.clerk.git("diff", "origin/main") == ""
    says(siege.answer())


@pytest.mark.parametrize("how", ["ended", "expired"])
def test_a_mass_unpublishing(siege: Siege, says: Says, how: str) -> None:
    """By decisions, and by days of expiry that are corrected to be past; eleven of thirteen need a word."""
    if how == "ended":
        also = f"decisions:\n  - {{kind: cancelled, date: {TODAY}, reason: the holder asked for it}}\n"
        siege.commit({path: text + also for path, text in MANY.items()})
    else:
        expires = re.search(r"expires: (\S+)", next(iter(MANY.values())))
        assert expires
        also = f"corrections:\n  - {{date: {TODAY}, keys: [expires], reason: 录入错误}}\n"
        gone = {path: text.replace(expires[1], str(TODAY - ONE_DAY)) + also for path, text in MANY.items()}
        siege.commit(gone)
    says(siege.answer())
    siege.refused("-o", "unpublish ", "origin", "main")
    siege.refused("-o", "UNPUBLISH", "-o", "unpublish=yes", "origin", "main")


# keys and signatures


@pytest.mark.parametrize(
    ("by", "claimed"),
    [
        ("expired", "2020-06-01T12:00:00Z"),
        ("revoked", "2020-06-01T12:00:00Z"),
        ("revoked", "1970-01-01T00:00:00Z"),
        ("early", "2099-01-01T12:00:00Z"),
        ("stranger", "2020-06-01T12:00:00Z"),
        (None, "2020-06-01T12:00:00Z"),
    ],
)
def test_a_key_that_does_not_count(siege: Siege, says: Says, by: str | None, claimed: str) -> None:
    """Whatever day the commit claims to be of."""
    for path, text in GOOD.items():
        siege.clerk.folder.joinpath(path).write_text(text)
    siege.clerk.git("add", "--all")
    days = {"GIT_AUTHOR_DATE": claimed, "GIT_COMMITTER_DATE": claimed}
    siege.clerk.git("commit", "-q", "-m", "a claim", *signing(by), **days)
    says(siege.answer())


def field(text: str) -> str:
    """The lines of a commit that hold its signature."""
    found = re.search(r"^gpgsig .*(?:\n .*)*\n", text, re.MULTILINE)
    assert found
    return found[0]


def test_a_signature_of_another_commit(siege: Siege, says: Says) -> None:
    """Put into a commit that brings something else."""
    siege.commit({}, subject="harmless")
    signature = field(siege.clerk.git("cat-file", "commit", "HEAD"))
    siege.reset()
    siege.commit(GOOD, None)
    head, body = siege.clerk.git("cat-file", "commit", "HEAD").split("\n\n", 1)
    siege.put(f"{head}\n{signature}\n{body}".encode())
    says(siege.answer())


def test_a_signed_commit_of_another_register(siege: Siege, says: Says) -> None:
    """The body's own, with its key, made for a test register; its parent does not lie here."""
    siege.clerk.git("checkout", "-q", "--orphan", "elsewhere")
    siege.commit({}, "clerk", "there")
    siege.commit(GOOD, "clerk", "made there")
    says(siege.answer("-f", "origin", "elsewhere:main"))


def test_the_same_signed_commit_once_more(siege: Siege, says: Says) -> None:
    """On top of what came after it: its parent is part of what is signed."""
    siege.commit(GOOD)
    text = siege.clerk.git("cat-file", "commit", "HEAD")
    siege.clerk.git("reset", "-q", "--hard", "origin/main")
    top = siege.commit({}, subject="later")
    siege.put(re.sub(r"(?m)^parent .*$", f"parent {top}", text, count=1).encode())
    says(siege.answer())


def test_openpgp(siege: Siege, says: Says) -> None:
    """It is never looked at."""
    siege.commit(GOOD, None)
    head, body = siege.clerk.git("cat-file", "commit", "HEAD").split("\n\n", 1)
    begin, end = "gpgsig -----BEGIN PGP SIGNATURE-----", " -----END PGP SIGNATURE-----"
    siege.put(f"{head}\n{begin}\n \n iQEzBAABCAAdFiEE\n{end}\n\n{body}".encode())
    says(siege.answer())


# how commits stand


def test_a_merge_that_brings_foreign_files(siege: Siege, says: Says) -> None:
    """Signed by a body whose own side is clean."""
    siege.clerk.git("checkout", "-q", "-b", "side")
    siege.commit({OTHERS: RECORDS[OTHERS] + "# ours\n"}, None)
    siege.clerk.git("checkout", "-q", "main")
    siege.commit(GOOD)
    siege.clerk.git("merge", "-q", "--no-ff", "-m", "merge", "side", *signing("clerk"))
    says(siege.answer())


def test_a_merge_of_which_no_side_has_what_it_brings(siege: Siege, says: Says) -> None:
    """Made by hand, both parents being what main has."""
    tip = siege.tip
    siege.commit({OTHERS: None})
    evil = siege.clerk.git("rev-parse", "HEAD^{tree}").strip()
    first = siege.clerk.git("rev-parse", f"{tip}^").strip()
    made = siege.signed("clerk", "commit-tree", "-S", evil, "-p", tip, "-p", first, "-m", "merge")
    says(siege.answer("origin", f"{made}:main"))


def test_an_octopus(siege: Siege, says: Says) -> None:
    """With many arms."""
    arms = [siege.signed("clerk", "commit-tree", "-S", "HEAD^{tree}", "-p", "HEAD", "-m", f"{n}") for n in range(20)]
    parents = [word for arm in arms for word in ("-p", arm)]
    made = siege.signed("clerk", "commit-tree", "-S", "HEAD^{tree}", *parents, "-m", "octopus")
    says(siege.answer("origin", f"{made}:main"))


@pytest.mark.parametrize("where", ["rewound", "diverged", "unrelated"])
def test_main_set_back(siege: Siege, says: Says, where: str) -> None:
    """By force, and with all options that ask for force."""
    if where == "unrelated":
        siege.clerk.git("checkout", "-q", "--orphan", "other")
    else:
        siege.clerk.git("reset", "-q", "--hard", "HEAD~1")
    if where != "rewound":
        siege.commit(GOOD)
    says(siege.answer("--force", "--no-verify", "origin", "HEAD:main"))


def test_main_deleted(siege: Siege, says: Says) -> None:
    """Git refuses that itself, before the hook is asked."""
    says(siege.answer("origin", ":main"))


@pytest.mark.parametrize(
    "ref",
    ["refs/heads/topic", "refs/tags/v1", "refs/notes/commits", "refs/replace/{}", "refs/meta/config", "refs/for/main",
     "refs/pull/1/head", "refs/heads/Main", "refs/heads/main/x", "refs/heads/$(touch pwned)"],
)  # fmt: skip
def test_another_ref(siege: Siege, says: Says, ref: str) -> None:
    """Not even beside a good push of main: all are refused."""
    siege.commit(GOOD)
    name = ref.format(siege.tip)
    says(siege.answer("origin", "main", f"HEAD:{name}"))
    assert not list(siege.host.folder.rglob("pwned"))


@pytest.mark.parametrize("kind", ["tag", "tree", "blob"])
def test_what_is_no_commit(siege: Siege, says: Says, kind: str) -> None:
    """A tag of a good commit, a tree, a file: main goes from commit to commit."""
    siege.commit(GOOD)
    if kind == "tag":
        siege.clerk.git("tag", "-a", "-m", "x", "v1")
    what = {"tag": "refs/tags/v1", "tree": "HEAD^{tree}", "blob": "HEAD:site.yaml"}[kind]
    id = siege.clerk.git("rev-parse", what).strip()
    before = siege.standing()
    says(siege.checked(siege.raw([(siege.tip, id, "refs/heads/main")], [id, f"^{siege.tip}"]), before))


# a client of the attacker's own


def test_a_client_that_claims_another_old_commit(siege: Siege, says: Says) -> None:
    """Its own, in which its own key is listed; the next commit is signed with that."""
    tip = siege.tip
    claimed = siege.commit({BODY: with_keys(listed(pair("stranger").line))}, None)
    new = siege.commit(GOOD, "stranger")
    before = siege.standing()
    said = siege.checked(siege.raw([(claimed, new, "refs/heads/main")], [new, f"^{tip}"]), before)
    says(said)
    siege.reset()
    siege.commit(GOOD, "stranger")
    assert rules(siege.refused()) == ["commit_is_signed"]


def test_a_client_that_claims_that_main_is_new(siege: Siege, says: Says) -> None:
    """As if it were the first push, in which an operator may do all."""
    new = siege.commit({WITHDRAWN: None}, "operator")
    before = siege.standing()
    says(siege.checked(siege.raw([(ZERO, new, "refs/heads/main")], [new, f"^{siege.tip}"]), before))


def test_a_client_that_names_main_twice(siege: Siege, says: Says) -> None:
    """Once well and once not."""
    good = siege.commit(GOOD)
    evil = siege.commit({OTHERS: None}, None)
    tip, before = siege.tip, siege.standing()
    updates = [(tip, good, "refs/heads/main"), (tip, evil, "refs/heads/main")]
    says(siege.checked(siege.raw(updates, [evil, f"^{tip}"]), before))


def test_a_client_that_sends_nothing_of_the_commit(siege: Siege, says: Says) -> None:
    """A commit whose objects the server does not have."""
    new = siege.commit(GOOD)
    before = siege.standing()
    says(siege.checked(siege.raw([(siege.tip, new, "refs/heads/main")]), before))


def test_a_client_that_says_its_history_is_shallow(siege: Siege, says: Says) -> None:
    """So that the parents of a commit would not be asked for."""
    tree = siege.clerk.git("rev-parse", "HEAD^{tree}").strip()
    lost = siege.signed("clerk", "commit-tree", "-S", tree, "-m", "a past")
    new = siege.signed("clerk", "commit-tree", "-S", tree, "-p", lost, "-p", siege.tip, "-m", "on top")
    before = siege.standing()
    pack = [new, f"^{lost}", f"^{siege.tip}"]
    says(siege.checked(siege.raw([(siege.tip, new, "refs/heads/main")], pack, shallow=[new]), before))


@pytest.mark.parametrize(
    "option", [b"a\nunpublish", b"$(touch pwned)`touch pwned`'\";touch pwned", b"\x1b[31m\xff", b""]
)
def test_a_push_option_that_is_no_word(siege: Siege, option: bytes) -> None:
    """It is none, runs nothing, and helps nobody."""
    also = f"decisions:\n  - {{kind: cancelled, date: {TODAY}, reason: the holder asked for it}}\n"
    new = siege.commit({path: text + also for path, text in MANY.items()})
    tip, before = siege.tip, siege.standing()
    said = siege.raw([(tip, new, "refs/heads/main")], [new, f"^{tip}"], [option])
    assert rules(problems_in(siege.checked(said, before))) == ["unpublishing_is_meant"]
    assert not list(siege.host.folder.rglob("pwned"))


@pytest.mark.parametrize(("count", "size"), [(100, 3), (5_000, 3), (99, 60_000)])
def test_very_many_push_options(siege: Siege, says: Says, count: int, size: int) -> None:
    """More than any honest client has."""
    new = siege.commit(GOOD)
    tip, before = siege.tip, siege.standing()
    said = siege.raw([(tip, new, "refs/heads/main")], [new, f"^{tip}"], [b"x" * size] * count)
    says(siege.checked(said, before))


# what lies in the clone


def test_grafts_replaced_objects_and_alternates(siege: Siege, says: Says, tmp_path: Path) -> None:
    """In the clone an evil commit looks like a good one; the server sees it as it is."""
    other = Clone(tmp_path / "other", siege.bare)
    siege.clerk.git("clone", "-q", siege.bare.as_uri(), str(other.folder))
    tip = siege.tip
    evil = siege.commit({OTHERS: None}, None)
    siege.clerk.git("reset", "-q", "--hard", tip)
    good = siege.commit(GOOD)
    siege.clerk.git("replace", evil, good)
    (siege.clerk.folder / ".git/info").mkdir(exist_ok=True)
    (siege.clerk.folder / ".git/info/grafts").write_text(f"{evil} {good}\n")
    (siege.clerk.folder / ".git/objects/info/alternates").write_text(f"{other.folder}/.git/objects\n")
    says(siege.answer("origin", f"{evil}:main"))


def test_a_shallow_clone(siege: Siege, says: Says, tmp_path: Path) -> None:
    """It pushes like any other, and its evil commit is refused like any other."""
    shallow = Siege(siege.host, Clone(tmp_path / "shallow", siege.bare))
    siege.clerk.git("clone", "-q", "--depth", "1", siege.bare.as_uri(), str(shallow.clerk.folder))
    shallow.clerk.git("config", "gpg.format", "ssh")
    shallow.commit({OTHERS: None})
    says(shallow.answer())


@pytest.mark.parametrize(
    "text",
    [
        '[submodule "x"]\n\tpath = x\n\turl = --upload-pack=touch pwned\n',
        '[submodule "../../x"]\n\tpath = x\n\turl = https://evil.example/x\n',
        '[submodule "x"]\n\tpath = -x\n\turl = https://evil.example/x\n\tupdate = !touch pwned\n',
    ],
    ids=["url", "name", "update"],
)
def test_a_submodule_that_runs_something(siege: Siege, says: Says, text: str) -> None:
    """Even the operator cannot push one: git refuses it."""
    siege.commit({".gitmodules": text}, "operator")
    says(siege.answer())


PATHS = {
    "parent": "40000 ..",
    "git": "40000 .git",
    "GIT": "40000 .GIT",
    "git of HFS": "40000 .g\u200cit",
    "git of NTFS": "40000 git~1",
    "dot": "40000 .",
    "slash": "100644 registry/../../x",
    "twice": "100644 site.yaml",
}


@pytest.mark.parametrize("name", PATHS)
def test_a_path_that_escapes(siege: Siege, says: Says, name: str) -> None:
    """By names that lead elsewhere, or that stand twice in a tree; signed by the operator."""
    mode, path = PATHS[name].split(" ", 1)
    id = siege.clerk.tree({"config": "x"}) if mode == "40000" else siege.clerk.blob(b"x")
    entries = [entry(line) for line in siege.clerk.git("ls-tree", "HEAD").splitlines()]
    entries.append((mode, id, path))
    entries.sort(key=lambda one: one[2].encode() + b"/" * (one[0] == "40000"))
    data = b"".join(f"{mode} {name}".encode() + b"\0" + bytes.fromhex(id) for mode, id, name in entries)
    evil = siege.clerk.git("hash-object", "--literally", "-w", "-t", "tree", "--stdin", given=data).strip()
    made = siege.signed("operator", "commit-tree", "-S", evil, "-p", siege.tip, "-m", "escape")
    before = siege.standing()
    told = siege.raw([(siege.tip, made, "refs/heads/main")], [made, f"^{siege.tip}"])
    says(siege.checked(told, before))


def entry(line: str) -> tuple[str, str, str]:
    """Mode, id and name, from a line of `git ls-tree`."""
    mode, _, rest = line.split(" ", 2)
    id, name = rest.split("\t")
    return mode.lstrip("0"), id, name


@pytest.mark.parametrize("name", ["README.md", ".hidden", ".hidden/x.yaml", ".x.yaml", "a/b.yaml"])
def test_a_file_that_is_no_record_is_small(siege: Siege, says: Says, name: str) -> None:
    """Nobody reads it, but thousands of large ones, which are nothing in a pack, would fill the disk."""
    siege.commit({f"{EXAMPLE}/{name}": bytes(65_537)})
    says(siege.answer())


@pytest.mark.parametrize("most", [300_000, MOST_PUSHED])
def test_a_push_of_more_bytes_than_are_taken(siege: Siege, most: int) -> None:
    """Of random ones, which no program makes smaller: a small limit is kept, and so is the one that is installed."""
    git, settings = siege.clerk.git, siege.bare / "config"
    installed, key = settings.read_bytes(), "receive.maxInputSize"
    assert git("config", "--file", str(settings), key).strip() == str(MOST_PUSHED)
    git("config", "--file", str(settings), key, str(most))
    for name in ("core.compression", "pack.window"):  # in vain, and slow
        git("config", name, "0")
    count = -(-most // 9_000_000)
    files = {f"content/{n}.bin": os.urandom(most // count + 100) for n in range(count)}
    siege.commit(files, "operator")
    assert "pack exceeds maximum allowed size" in siege.answer()
    siege.reset()
    git("reflog", "expire", "--expire=now", "--all")
    git("prune", "--expire=now")
    settings.write_bytes(installed)


# words that hurt

WORDS: dict[str, Callable[[str], bytes]] = {
    "a message of 100 kB": lambda text: (text + "x" * 100_000).encode(),
    "a NUL in the message": lambda text: text.encode() + b"a\0b\n",
    "escapes in the subject": lambda text: text.replace(
        "\n\nchange", "\n\n\x1b[2J\x1b]0;x\x07\r\x9b31mchange"
    ).encode(),
    "an author of many lines": lambda text: re.sub("(?m)^author .* <", "author a\tb\x1b[1m::error::c <", text).encode(),
    "another encoding": lambda text: text.replace("\n\nchange", "\nencoding UTF-7\n\n+AAo-::error::+AAo-x").encode(),
    "no author": lambda text: re.sub("(?m)^author .*\n", "", text).encode(),
    "a time that is none": lambda text: re.sub(r"(?m)^(author .*> )\d+", r"\g<1>99999999999999999999", text).encode(),
    "bytes that are no text": lambda text: text.encode() + b"\xff\xfe\n",
}


@pytest.mark.parametrize("case", WORDS)
def test_words_that_hurt(siege: Siege, says: Says, case: str) -> None:
    """A commit whose own text is made to hurt is told like any other that is not signed."""
    siege.commit({OTHERS: None}, None)
    siege.put(WORDS[case](siege.clerk.git("cat-file", "commit", "HEAD")))
    siege.clerk.git("commit", "-q", "--allow-empty", "-m", "more", *signing("clerk"))
    says(siege.answer())


# what surrounds the hook

SURROUNDINGS: dict[str, dict[str, str]] = {
    "settings": {
        "GIT_CONFIG_COUNT": "3",
        "GIT_CONFIG_KEY_0": "gpg.ssh.allowedSignersFile",
        "GIT_CONFIG_VALUE_0": "{trap}/allowed",
        "GIT_CONFIG_KEY_1": "gpg.ssh.program",
        "GIT_CONFIG_VALUE_1": "{trap}/ssh-keygen",
        "GIT_CONFIG_KEY_2": "receive.denyNonFastForwards",
        "GIT_CONFIG_VALUE_2": "false",
    },
    "parameters": {"GIT_CONFIG_PARAMETERS": "'gpg.ssh.program={trap}/ssh-keygen' 'core.fsmonitor={trap}/git'"},
    "home": {"HOME": "{trap}", "XDG_CONFIG_HOME": "{trap}", "GIT_CONFIG_GLOBAL": "{trap}/.gitconfig"},
    "objects": {"GIT_REPLACE_REF_BASE": "refs/heads/", "GIT_GRAFT_FILE": "{trap}/grafts", "GIT_SHALLOW_FILE": ""},
    "programs": {"PATH": "{trap}:{path}", "GIT_SSH_COMMAND": "{trap}/git", "GIT_EXTERNAL_DIFF": "{trap}/git"},
    "python": {
        "PYTHONPATH": "{trap}",
        "PYTHONSTARTUP": "{trap}/sitecustomize.py",
        "PYTHONHOME": "{trap}",
        "PYTHONINSPECT": "1",
    },
    "shell": {"ENV": "{trap}/profile", "BASH_ENV": "{trap}/profile", "IFS": "/t", "PS4": "$(touch {trap}/sprung)"},
    "traces": {"GIT_TRACE2_EVENT": "{trap}/trace", "GIT_CURL_VERBOSE": "1"},
    "times": {"TZ": "Pacific/Kiritimati", "SOURCE_DATE_EPOCH": "1", "LC_ALL": "xx_XX", "LANG": "C", "LANGUAGE": "ar"},
    "ours": {"STARCERT_SIGNATURES": "off", "STARCERT_HOST": "{trap}", "GIT_PUSH_OPTION_COUNT": "x"},
}


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A folder with programs and settings that leave a trace when they are run or read."""
    sprung = tmp_path / "sprung"
    for name in ("git", "ssh-keygen", "env", "sh", "python3", "python", "profile"):
        (tmp_path / name).write_text(f"#!/bin/sh\ntouch {sprung}\nexit 0\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "sitecustomize.py").write_text(f"open({str(sprung)!r}, 'w').close()\n")
    (tmp_path / ".gitconfig").write_text(f"[gpg]\n\tformat = openpgp\n[core]\n\tfsmonitor = {tmp_path}/git\n")
    (tmp_path / "allowed").write_text(f"body:example-cb {pair('stranger').line}\n")
    (tmp_path / "grafts").write_text("")
    return tmp_path


@pytest.mark.parametrize("case", SURROUNDINGS)
def test_surroundings_of_the_hook(siege: Siege, trap: Path, case: str) -> None:
    """Whatever a server lets its clients set: a stranger stays one, and nothing of theirs is run."""
    siege.commit(GOOD, "stranger")
    variables = {name: value.format(trap=trap, path=os.environ["PATH"]) for name, value in SURROUNDINGS[case].items()}
    new, tip, before = siege.clerk.git("rev-parse", "HEAD").strip(), siege.tip, siege.standing()
    said = siege.raw([(tip, new, "refs/heads/main")], [new, f"^{tip}"], **variables)
    assert rules(problems_in(siege.checked(said, before))) == ["commit_is_signed"]
    assert not (trap / "sprung").exists()


def test_objects_that_only_another_folder_has(siege: Siege, says: Says) -> None:
    """A server that is told to look for objects in the attacker's folder does not judge what lies there."""
    new = siege.commit(GOOD)
    theirs = str(siege.clerk.folder / ".git" / "objects")
    before = siege.standing()
    told = siege.raw([(siege.tip, new, "refs/heads/main")], GIT_ALTERNATE_OBJECT_DIRECTORIES=theirs)
    says(siege.checked(told, before))


# what is built from


TRICKS = {
    ".gitattributes": "[attr]evil filter=evil ident\n* evil text eol=crlf working-tree-encoding=UTF-16 export-subst\n"
    "*.yaml filter=evil -diff export-ignore crlf\n",
    "registry/.gitattributes": "* filter=evil text=auto eol=crlf ident\n",
    ".gitignore": "*\n!.gitignore\n",
    ".gitmodules": '[submodule "x"]\n\tpath = x\n\turl = https://evil.example/x\n',
    ".lfsconfig": "[lfs]\n\turl = https://evil.example\n",
    ".mailmap": "x <x@x>\n",
    "content/ident.md": "$Id$ $Format:%H$\nnext\r\nnext\r",
    "build.py": "open('sprung', 'w')\n",
    "starcert/__init__.py": "open('sprung', 'w')\n",
    "sitecustomize.py": "open('sprung', 'w')\n",
    "host.yaml": "signatures: off\n",
    "starcert/host.yaml": "site: /tmp/elsewhere\nsignatures: off\n",
    "tree.commit": "0" * 40,
    "conftest.py": "open('sprung', 'w')\n",
}


def test_what_is_built_from_is_what_was_judged(siege: Siege, tmp_path: Path) -> None:
    """Byte for byte, whatever .gitattributes and the repository's own filters say; no code that was pushed is run."""
    sprung = tmp_path / "sprung"
    settings = (siege.bare / "config").read_bytes()
    for name in ("smudge", "clean", "process"):
        siege.clerk.git("--git-dir", str(siege.bare), "config", f"filter.evil.{name}", f"touch {sprung}")
    index, was = {"GIT_INDEX_FILE": str(tmp_path / "index")}, siege.clerk.git("rev-parse", "HEAD^{tree}").strip()
    siege.clerk.git("read-tree", "HEAD", **index)
    for path, text in TRICKS.items():
        blob = siege.clerk.blob(text.encode())
        siege.clerk.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", **index)
    tree = siege.clerk.git("write-tree", **index).strip()
    site = siege.standing()["site"]
    for one in (tree, was):
        made = siege.signed("operator", "commit-tree", "-S", one, "-p", siege.tip, "-m", "tricks")
        siege.passes("origin", f"{made}:main")
        folder = siege.bare / "starcert" / "tree"
        entries = siege.clerk.git("ls-tree", "-r", "-z", made).rstrip("\0").split("\0")
        there = {line.split("\t")[1]: line.split()[2] for line in entries}
        files = [path for path in folder.rglob("*") if path.is_file()]
        data = {path.relative_to(folder).as_posix(): git_id(path.read_bytes()) for path in files}
        assert data == there
    assert not sprung.exists()
    assert not list(siege.host.folder.rglob("sprung"))
    (siege.bare / "config").write_bytes(settings)
    now = siege.standing()["site"]
    assert isinstance(now, dict)
    assert isinstance(site, dict)
    assert {path for path in now if now[path] != site.get(path)} <= {siege.host.site / "status.json"}


def git_id(data: bytes) -> str:
    """The id of a blob."""
    return sha1(b"blob %d\0" % len(data) + data).hexdigest()


def test_a_file_that_is_no_record_is_not_a_used_number(siege: Siege) -> None:
    """One body's README.md that was removed keeps no other from having one."""
    siege.commit({f"{EXAMPLE}/README.md": "ours"}, "clerk")
    siege.commit({f"{EXAMPLE}/README.md": None}, "clerk")
    siege.commit({f"{OTHER}/README.md": "ours"}, "other")
    siege.passes()


# at the same time


def test_an_evil_push_beside_a_good_one(siege: Siege, tmp_path: Path) -> None:
    """The good one goes live, the evil one does not, whoever comes first."""
    for turn in range(2):
        siege.reset()
        evil = Clone(tmp_path / f"evil{turn}", siege.bare)
        siege.clerk.git("clone", "-q", siege.bare.as_uri(), str(evil.folder))
        evil.git("config", "gpg.format", "ssh")
        bad = Siege(siege.host, evil).commit({OTHERS: None})
        number = f"99925SC0081{turn}R1M"
        good = siege.commit({f"{EXAMPLE}/{number}.yaml": numbered(number)})
        pushes = [pushing(one, "main") for one in ((evil, siege.clerk), (siege.clerk, evil))[turn % 2]]
        codes = [push.wait(120) for push in pushes]
        assert sorted(codes) == [0, 1]
        assert siege.tip == good
        assert siege.host.live["commit"] == good
        assert bad not in siege.clerk.git(
            "--git-dir", str(siege.bare), "cat-file", "--batch-all-objects", "--batch-check"
        )


def pushing(clerk: Clone, *arguments: str) -> subprocess.Popen[bytes]:
    """A push that is under way."""
    env = {"PATH": os.environ["PATH"], **PERSON}
    command = ["git", "push", "-q", "origin", *arguments]
    return subprocess.Popen(command, cwd=clerk.folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_a_push_while_a_build_is_under_way(siege: Siege, says: Says) -> None:
    """An evil one is refused at once; a good one waits for the build, and goes live after it."""
    with open(siege.bare / "starcert" / "lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        siege.commit({OTHERS: None})
        says(siege.answer())
        siege.reset()
        before, good = siege.host.live, siege.commit(GOOD)
        push = pushing(siege.clerk, "main")
        with pytest.raises(subprocess.TimeoutExpired):
            push.wait(4)
        assert siege.host.live == before
    assert push.wait(120) == 0
    assert siege.host.live["commit"] == good == siege.tip


@pytest.mark.parametrize("delay", [0.02, 0.1, 0.3, 0.9])
def test_an_evil_push_killed_on_the_way(siege: Siege, delay: float) -> None:
    """Nothing of it gets into the register, however far it came; what git leaves of it the timer removes."""
    siege.commit({OTHERS: None})
    before = siege.standing()
    push = pushing(siege.clerk, "main")
    time.sleep(delay)
    push.kill()
    push.wait()
    assert rules(problems_in(siege.answer(killed=True))) == ["certificate_is_its_bodys"]
    siege.checked("", before, killed=True)
    repository, now = Repository(siege.bare), clock()
    tidy(repository, now + timedelta(hours=2))
    assert not siege.waiting


def test_the_timer_removes_what_killed_pushes_left(siege: Siege) -> None:
    """An hour after the last of it was written, so that no push that is under way is hurt."""
    now = clock().timestamp()
    for name, age in (("old", 3700), ("young", 3500), ("growing", 0)):
        folder = siege.bare / "objects" / f"tmp_objdir-incoming-{name}"
        (folder / "pack").mkdir(parents=True)
        (folder / "pack" / "x").write_text("x")
        os.utime(folder / "pack" / "x", (now - age, now - age))
        os.utime(folder / "pack", (now - 9000, now - 9000))
        os.utime(folder, (now - 9000, now - 9000))
    assert siege.host.host("publish", "--timer").code == 0
    assert sorted(path.name.rpartition("-")[2] for path in siege.waiting) == ["growing", "young"]
    for path in siege.waiting:
        shutil.rmtree(path)
