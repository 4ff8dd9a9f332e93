"""Who signed a commit: real git and real ssh-keygen, and commits made by hand to deceive them."""

import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from keys import pair

from starcert.git import Repository, Signature, State, signers
from starcert.git.signatures import MOST_BYTES
from starcert.problems import Mistake
from starcert.sshkey import ssh_key

CLEAN = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
AUTHOR = "王芳 <fang@mingce.example>"
TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
NO_KEY = "ssh-ed25519 AAAA"


@dataclass(frozen=True)
class Made:
    """A bare repository to make commits in, and to ask who signed them."""

    folder: Path

    @property
    def repository(self) -> Repository:
        """The same, as the program reads it."""
        return Repository(self.folder, {"PATH": os.environ["PATH"]})

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        """What git prints; replaced objects are not looked at, as in the program."""
        clean = {**CLEAN, "GIT_NO_REPLACE_OBJECTS": "1"}
        command = ["git", f"--git-dir={self.folder}", *arguments]
        return subprocess.run(command, input=given, stdout=subprocess.PIPE, check=True, env=clean).stdout

    def put(self, text: bytes) -> str:
        """The id of a commit of just this text."""
        return self.run("hash-object", "--literally", "-w", "-t", "commit", "--stdin", given=text).decode().strip()

    def text(self, commit: str) -> bytes:
        """The text of a commit."""
        return self.run("cat-file", "commit", commit)

    def signed(self, by: str, message: str = "三张证书", *options: str, **settings: str) -> str:
        """The id of a commit that git signed with the key of that name."""
        told = {"gpg.format": "ssh", "user.signingkey": str(pair(by).private), "user.name": "王芳", **settings}
        words = [word for name, value in told.items() for word in ("-c", f"{name}={value}")]
        more = ("-c", "user.email=fang@mingce.example", "commit-tree", "-S", *options, TREE)
        return self.run(*words, *more, given=message.encode()).decode().strip()

    def clone(self, folder: Path) -> Callable[..., None]:
        """Git in a clone, where one unsigned commit was pushed."""

        def git(*arguments: str) -> None:
            subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, env=CLEAN)

        self.run("update-ref", "refs/heads/main", self.put(plain()))
        self.run("symbolic-ref", "HEAD", "refs/heads/main")
        subprocess.run(["git", "clone", "-q", str(self.folder), str(folder)], check=True, env=CLEAN)
        git("config", "user.name", "王芳")
        git("config", "user.email", "fang@mingce.example")
        return git

    def told(self, commit: str, **allowed: str) -> Signature:
        """Who signed one commit, if these are the keys of principals."""
        return signers(self.repository, [commit], [(name.replace("_", ":"), line) for name, line in allowed.items()])[
            commit
        ]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """An empty bare repository that holds the empty tree."""
    repository = Made(tmp_path / "register.git")
    subprocess.run(["git", "init", "-q", "--bare", str(repository.folder)], check=True, env=CLEAN)
    repository.run("hash-object", "-w", "-t", "tree", "--stdin")
    return repository


def plain(*also: str, message: str = "text") -> bytes:
    """A commit's text with these lines at the end of its header."""
    lines = [f"tree {TREE}", *(f"{role} {AUTHOR} 1795339032 +0800" for role in ("author", "committer")), *also]
    return ("\n".join(lines) + f"\n\n{message}\n").encode()


def by_hand(text: bytes, by: str, namespace: str = "git", header: str = "gpgsig") -> bytes:
    """The text with a signature of that namespace put in."""
    command = ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(pair(by).private), "-"]
    told = subprocess.run(command, input=text, capture_output=True, check=True).stdout.decode().strip()
    return put_in(text, f"{header} " + told.replace("\n", "\n "))


def put_in(text: bytes, lines: str) -> bytes:
    """The text with lines put in at the end of its header."""
    header, _, message = text.partition(b"\n\n")
    return header + f"\n{lines}\n\n".encode() + message


def field(text: bytes) -> str:
    """The signature's header of a commit's text, without its name."""
    found = re.search(r"^gpgsig (.*(?:\n .*)*)", text.decode(), re.MULTILINE)
    assert found
    return found[1]


def good(by: str, principal: str = "body:mingce") -> Signature:
    """What is told of a good signature."""
    return Signature(State.GOOD, principal, ssh_key(pair(by).line).fingerprint)


def test_each_commit_is_told_its_signer(made: Made) -> None:
    """Signed by a body, by the operator, by somebody unknown, and by nobody, asked for all at once in any order."""
    ids = [
        made.signed("fang"),
        made.put(plain()),
        made.signed("boss"),
        made.signed("stranger"),
        made.signed("fang", "2"),
    ]
    allowed = [("body:mingce", pair("fang").line), ("operator", pair("boss").line)]
    unknown = Signature(State.UNKNOWN_KEY, fingerprint=pair("stranger").public.fingerprint)
    wanted = [good("fang"), Signature(State.UNSIGNED), good("boss", "operator"), unknown, good("fang")]
    assert signers(made.repository, ids, allowed) == dict(zip(ids, wanted, strict=True))


def test_no_commits_have_no_signers(made: Made) -> None:
    """Git is not asked about its HEAD instead."""
    assert signers(made.repository, [], []) == {}


def test_without_allowed_keys_every_key_is_unknown(made: Made) -> None:
    """The first body that signs is told its fingerprint."""
    unknown = Signature(State.UNKNOWN_KEY, fingerprint=pair("fang").public.fingerprint)
    assert made.told(made.signed("fang")) == unknown


@pytest.mark.parametrize("kind", [("ecdsa", "-b", "384"), ("rsa", "-b", "3072")], ids="".join)
def test_other_types_of_key_sign_too(made: Made, kind: tuple[str, ...]) -> None:
    """What a body may list, it may sign with."""
    other = pair("other", *kind)
    commit = made.signed("fang", "text", **{"user.signingkey": str(other.private)})
    assert made.told(commit, body_mingce=other.line) == Signature(State.GOOD, "body:mingce", other.public.fingerprint)


def test_a_signature_in_another_encoding_is_good(made: Made) -> None:
    """A message in GB18030, as some editors write, is signed as it stands."""
    commit = made.signed("fang", **{"i18n.commitEncoding": "GB18030"})
    assert b"encoding GB18030" in made.text(commit)
    assert made.told(commit, body_mingce=pair("fang").line) == good("fang")


def test_the_claimed_time_counts_for_nothing(made: Made) -> None:
    """A commit that says it is of 1970 or of 2099 is judged by the same keys."""
    for time in (0, 1, 4_070_908_800):
        commit = made.put(by_hand(plain().replace(b"1795339032", str(time).encode()), "fang"))
        assert made.told(commit, body_mingce=pair("fang").line) == good("fang")


@pytest.mark.parametrize("time", [b"99999999999999", b"18446744073709551615", b"-1", b"", b"x"])
def test_a_time_that_is_none_is_no_way_in(made: Made, time: bytes) -> None:
    """Whatever stands for the time, a stranger's commit is not the body's, and nothing breaks."""
    commit = made.put(by_hand(plain().replace(b"1795339032", time), "stranger"))
    assert made.told(commit, body_mingce=pair("fang").line).state in (State.UNKNOWN_KEY, State.DAMAGED)


# commits made to deceive


def test_a_signature_for_another_purpose_is_none(made: Made) -> None:
    """What was signed as a file, or to log in, signs no commit."""
    for namespace in ("file", "ssh", "git2"):
        commit = made.put(by_hand(plain(), "fang", namespace))
        assert made.told(commit, body_mingce=pair("fang").line) == Signature(State.DAMAGED)


def test_a_copied_signature_is_none(made: Made) -> None:
    """The signature of another commit does not fit, and a changed message, parent or date spoils it."""
    text = made.text(made.signed("fang"))
    allowed = {"body_mingce": pair("fang").line}
    copied = made.put(put_in(plain(message="另一个"), f"gpgsig {field(text)}"))
    changed = made.put(text.replace("三张".encode(), "四张".encode()))
    moved = made.put(text.replace(b"\nauthor", f"\nparent {copied}\nauthor".encode(), 1))
    assert [made.told(one, **allowed).state for one in (copied, changed, moved)] == [State.DAMAGED] * 3


@pytest.mark.parametrize("header", ["gpgsig", "gpgsig-sha256", "gpgsigx"])
def test_two_signatures_are_refused(made: Made, header: str) -> None:
    """Git leaves all of them out of what is signed, so anybody could have put in the second."""
    once = by_hand(plain(), "fang")
    twice = put_in(once, f"{header} {field(by_hand(plain(), 'stranger'))}")
    assert made.told(made.put(once), body_mingce=pair("fang").line) == good("fang")
    assert made.told(made.put(twice), body_mingce=pair("fang").line) == Signature(State.SEVERAL)


def test_a_signature_for_another_kind_of_repository_is_none(made: Made) -> None:
    """A lone gpgsig-sha256 is none that git verifies here."""
    commit = made.put(by_hand(plain(), "fang", header="gpgsig-sha256"))
    assert made.told(commit, body_mingce=pair("fang").line) == Signature(State.DAMAGED)


def test_a_signature_in_the_message_is_none(made: Made) -> None:
    """What stands below the header is text."""
    commit = made.put(plain() + f"\ngpgsig {field(by_hand(plain(), 'fang'))}\n".encode())
    assert made.told(commit, body_mingce=pair("fang").line) == Signature(State.UNSIGNED)


@pytest.mark.parametrize(
    ("begin", "state"),
    [
        ("PGP SIGNATURE", State.OPENPGP),
        ("PGP MESSAGE", State.OPENPGP),
        ("SIGNED MESSAGE", State.X509),
        ("OTHER SIGNATURE", State.DAMAGED),
    ],
)
def test_other_kinds_of_signature_are_named(made: Made, begin: str, state: State) -> None:
    """They are told apart by their first line; no program is asked about them."""
    commit = made.put(plain(f"gpgsig -----BEGIN {begin}-----\n iQEz\n -----END {begin}-----"))
    assert made.told(commit, body_mingce=pair("fang").line) == Signature(state)


MALFORMED: dict[str, Callable[[bytes], bytes]] = {
    "garbage": lambda text: text.replace(b"gpgsig -----BEGIN", b"gpgsig garbage -----BEGIN"),
    "empty": lambda _: plain("gpgsig "),
    "nothing": lambda _: plain("gpgsig"),
    "cut off": lambda text: text.replace(b"-----END SSH SIGNATURE-----", b""),
    "no base64": lambda text: text.replace(b"U1NIU0lH", b"********"),
    "other base64": lambda text: text.replace(b"U1NIU0lH", b"V1NIU0lH"),
    "no tree": lambda text: text.replace(b"tree ", b"teer ", 1),
    "tree that is none": lambda text: text.replace(TREE.encode(), b"x" * 40, 1),
    "no author": lambda text: text.replace(b"\nauthor ", b"\nauhtor ", 1),
    "parent last": lambda text: put_in(text, "x").replace(b"\nx\n", b"\nparent " + TREE.encode() + b"\n"),
    "nothing at all": lambda _: b"",
    "no line break": lambda _: b"tree",
    "a NUL before the signature": lambda text: text.replace(b"\ngpgsig", b"\0\ngpgsig"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_commit_breaks_nothing_and_is_not_the_bodys(made: Made, case: str) -> None:
    """Its neighbours are told their signers all the same."""
    ids = [made.signed("fang"), made.put(MALFORMED[case](by_hand(plain(), "fang"))), made.signed("fang", "2")]
    found = signers(made.repository, ids, [("body:mingce", pair("fang").line)])
    assert [found[ids[0]], found[ids[2]]] == [good("fang")] * 2
    assert found[ids[1]].state in (State.DAMAGED, State.UNSIGNED)


def test_a_commit_that_is_too_large_is_not_read(made: Made) -> None:
    """A text up to the limit is; one byte more is not."""
    room = MOST_BYTES - len(by_hand(plain(message=""), "fang"))
    for size, wanted in ((room, good("fang")), (room + 1, Signature(State.TOO_LARGE))):
        commit = made.put(by_hand(plain(message="x" * size), "fang"))
        assert made.told(commit, body_mingce=pair("fang").line) == wanted


def test_a_replaced_commit_is_judged_as_it_is(made: Made) -> None:
    """refs/replace/ may name another commit in its place: that is not looked at."""
    evil, signed = made.put(plain()), made.signed("fang")
    made.run("update-ref", f"refs/replace/{evil}", signed)
    assert made.told(evil, body_mingce=pair("fang").line) == Signature(State.UNSIGNED)


@pytest.mark.parametrize("name", ["body:a\noperator", "body:a operator", "*", "body:a,operator", "#", "", '"operator"'])
def test_no_name_becomes_another_line(made: Made, name: str) -> None:
    """A principal is of plain letters; whatever else asks to be one is a mistake of the program."""
    with pytest.raises(ValueError, match="no principal"):
        signers(made.repository, [made.signed("fang")], [(name, pair("fang").line)])


@pytest.mark.parametrize("also", ['\noperator namespaces="git" ', " comment", "\t", " cert-authority"])
def test_no_key_becomes_another_line(made: Made, also: str) -> None:
    """A key is its type and its base64."""
    with pytest.raises(ValueError, match="no principal"):
        signers(made.repository, [made.signed("fang")], [("body:mingce", pair("fang").line + also)])


def test_a_key_of_two_principals_is_told_once(made: Made) -> None:
    """Its fingerprint says who else has it."""
    both = [("body:mingce", pair("fang").line), ("operator", pair("fang").line)]
    commit = made.signed("fang")
    assert signers(made.repository, [commit], both) == {commit: good("fang")}


def test_without_ssh_keygen_the_operator_is_told(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing passes as signed, or unsigned, because it could not be looked at."""
    commit, repository = made.signed("fang"), made.repository
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Mistake, match="ssh-keygen cannot be found: install OpenSSH"):
        signers(repository, [commit], [])


def test_the_users_own_settings_change_nothing(made: Made) -> None:
    """Programs and files of signers that the repository's settings name are not asked."""
    known, unknown = made.signed("fang"), made.signed("stranger")
    for name, value in {"gpg.ssh.program": "/bin/true", "gpg.format": "openpgp", "log.showSignature": "true"}.items():
        made.run("config", name, value)
    assert made.told(known, body_mingce=pair("fang").line) == good("fang")
    assert made.told(unknown, body_mingce=pair("fang").line).state is State.UNKNOWN_KEY
