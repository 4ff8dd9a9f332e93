"""Attacks: pushes that somebody might try; none passes, and nothing of them stays in the object store."""

from pathlib import Path

import pytest
from pushing import FOLDER, NUMBER, PATH, Register, another, objects, problems_in, register
from records import varied

GOOD = "99925SC00124R0M"


@pytest.fixture
def place(tmp_path: Path) -> Register:
    return register(tmp_path)


def refused(place: Register, *arguments: str, **also: str) -> list[str]:
    """The problems of a refused push, of which nothing stays."""
    before, stored = place.tip, objects(place.bare)
    answer = place.push(*arguments, **also)
    assert place.tip == before
    assert objects(place.bare) == stored
    assert "Traceback" not in answer
    return problems_in(answer)


def planted(place: Register, mode: str, kind: str, id: str, path: str) -> None:
    """A commit with an entry as no folder would give it, at a path of main's tree."""
    place.clerk.git("update-index", "--add", "--cacheinfo", f"{mode},{id},{path}")
    place.clerk.git("commit", "-q", "-m", "planted")


def test_a_symbolic_link(place: Register) -> None:
    """It could show any file of the server."""
    (place.clerk.folder / FOLDER / f"{GOOD}.yaml").symlink_to("/etc/passwd")
    place.change({})
    path = f"{FOLDER}/{GOOD}.yaml"
    assert refused(place) == [f"{path}:1:1: is a symbolic link: put the file itself here [file_is_regular]"]


def test_a_symbolic_link_in_place_of_a_folder(place: Register) -> None:
    """And away with the records in it."""
    place.clerk.git("rm", "-rq", FOLDER)
    (place.clerk.folder / FOLDER).parent.mkdir(exist_ok=True)
    (place.clerk.folder / FOLDER).symlink_to("/tmp")
    place.change({})
    assert refused(place) == [f"{FOLDER}:1:1: is a symbolic link: put the file itself here [file_is_regular]"]


def test_a_submodule(place: Register) -> None:
    """Its files would come from elsewhere."""
    planted(place, "160000", "commit", "1" * 40, f"{FOLDER}/module")
    said = "is a repository of its own (a submodule): put its files here, or take it out [file_is_regular]"
    assert refused(place) == [f"{FOLDER}/module:1:1: {said}"]


def test_a_program_among_records(place: Register) -> None:
    """Outside registry/ the operator may keep one."""
    [(path, text)] = another(GOOD).items()
    blob = place.clerk.blob(str(text).encode())
    planted(place, "100755", "blob", blob, path)
    said = "is marked as a program, which no record is: take the mark away with git update-index --chmod=-x"
    assert refused(place) == [f"{path}:1:1: {said} [file_is_regular]"]
    place.clerk.git("reset", "-q", "--hard", "HEAD~1")
    planted(place, "100755", "blob", place.clerk.blob(b"#!/bin/sh\n"), "tools/run")
    assert place.push(refused=False) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{FOLDER}/{NUMBER}.yaml", f"{FOLDER}/{NUMBER.lower()}.yaml"),
        (FOLDER, "registry/certificates/Example-CB"),
        ("registry", "Registry"),
    ],
)
def test_a_name_in_other_capitals(place: Register, one: str, other: str) -> None:
    """Windows and macOS would lay one file over the other."""
    path = other if other.endswith(".yaml") else f"{other}/x.yaml"
    planted(place, "100644", "blob", place.clerk.blob(b"x"), path)
    said = f"{one} is there already, which many systems take for the same name: choose another [names_differ]"
    assert f"{other}:1:1: {said}" in refused(place)


def test_a_name_in_another_normal_form(place: Register) -> None:
    """It looks the same, and on macOS it is the same."""
    place.change({"content/caf\u00e9.md": "x"})
    place.push(refused=False)
    planted(place, "100644", "blob", place.clerk.blob(b"y"), "content/cafe\u0301.md")
    [line] = refused(place)
    assert line.endswith("is there already, which many systems take for the same name: choose another [names_differ]")


def test_two_alike_names_at_once(place: Register) -> None:
    """Also in a folder that is new."""
    for name in ("new/a/One", "new/a/oNE"):
        place.clerk.git("update-index", "--add", "--cacheinfo", f"100644,{place.clerk.blob(b'x')},{name}")
    place.clerk.git("commit", "-q", "-m", "two")
    said = "new/a/One is there already, which many systems take for the same name: choose another [names_differ]"
    assert refused(place) == [f"new/a/oNE:1:1: {said}"]


def test_a_name_that_only_changes_its_capitals_passes(place: Register) -> None:
    """The former one is gone then, and so is the folder that it was alone in."""
    place.change({"content/One/a.md": "x"})
    place.push(refused=False)
    place.clerk.git("mv", "content/One/a.md", "content/two.md")
    place.clerk.git("commit", "-q", "-m", "away")
    place.change({"content/one/A.md": "x"})
    assert place.push(refused=False) == ""


@pytest.mark.parametrize(
    ("name", "shown", "said"),
    [
        (
            b"a\nb.yaml",
            "a\\u000ab.yaml",
            "the name holds a character that does not show: give the file another one [name_is_text]",
        ),
        (
            b"\x1b[31m.yaml",
            "\\u001b[31m.yaml",
            "the name holds a character that does not show: give the file another one [name_is_text]",
        ),
        (
            "a\u202eb".encode(),
            "a\\u202eb",
            "the name holds a character that does not show: give the file another one [name_is_text]",
        ),
        (b"\xff.yaml", "\\xff.yaml", "the name is not UTF-8: give the file another one [name_is_text]"),
        (b"a|b", "a|b", "a|b holds |, which Windows allows in no name: give it another one [name_fits_every_system]"),
        (b"CON", "CON", "CON is a name that a system keeps for itself: give it another one [name_fits_every_system]"),
        (
            b"nul.yaml",
            "nul.yaml",
            "nul.yaml is a name that a system keeps for itself: give it another one [name_fits_every_system]",
        ),
        (
            b"end.",
            "end.",
            "end. ends with a dot or a space, which Windows drops: give it another name [name_fits_every_system]",
        ),
    ],
)
def test_a_name_that_no_folder_should_hold(place: Register, name: bytes, shown: str, said: str) -> None:
    """Line breaks, escapes, other writing directions, what is no text, and what Windows cannot hold."""
    blob = place.clerk.blob(b"x").encode()
    tree = place.clerk.git("ls-tree", "-z", "HEAD").encode() + b"100644 blob %s\t%s\0" % (blob, name)
    place.clerk.commit_tree(tree)
    assert refused(place) == [f"{shown}:1:1: {said}"]


def test_shell_characters_in_names_do_nothing(place: Register) -> None:
    """They are only names, and wrong ones for a record."""
    place.change({f"{FOLDER}/$(touch pwned);`touch pwned`.yaml": "x"})
    assert len(refused(place)) == 1
    assert not list(place.bare.rglob("pwned"))


def test_workflow_commands_in_names_and_subjects_stay_words(place: Register) -> None:
    """No line of the answer begins with one."""
    place.change({f"{FOLDER}/::error file=x,line=1::y.yaml": "x"}, "::set-output name=a::b\n\n::error::c")
    place.change({}, "more")
    answer = place.push()
    assert not [line for line in answer.splitlines() if line.startswith("::")]


def test_a_name_that_is_too_long(place: Register) -> None:
    """At the limit it passes."""
    place.change({f"content/{'x' * 200}": "x"})
    assert place.push(refused=False) == ""
    place.change({f"content/{'x' * 201}": "x"})
    said = "the name has 201 bytes, 200 are allowed, and 1,000 of the whole path: give it a shorter one"
    assert refused(place) == [f"content/{'x' * 201}:1:1: {said} [name_fits_every_system]"]


def test_a_file_of_200_megabytes(place: Register) -> None:
    """It is a small pack of zeros; its size is asked before it is read."""
    place.change({"content/zeros": bytes(200_000_000)})
    said = (
        "the file has 200,000,000 bytes, 10,000,000 are allowed: make it smaller, or keep it elsewhere [file_is_small]"
    )
    assert refused(place) == [f"content/zeros:1:1: {said}"]


def test_a_record_of_200_megabytes(place: Register) -> None:
    """Likewise."""
    place.change({f"{FOLDER}/{GOOD}.yaml": bytes(200_000_000)})
    said = "the file has 200,000,000 bytes, 65,536 are allowed: keep one record to a file [yaml_size]"
    assert refused(place) == [f"{FOLDER}/{GOOD}.yaml:1:1: {said}"]


def test_ten_thousand_files(place: Register) -> None:
    """No body certifies as many in a day."""
    place.change({f"{FOLDER}/{n}.yaml": "x" for n in range(10_000)})
    said = "the push changes 10,000 files of certificates, 5,000 are allowed: push in parts [push_is_of_a_days_work]"
    assert refused(place)[0] == f"refs/heads/main:1:1: {said}"


def test_a_tree_of_a_thousand_million_files(place: Register) -> None:
    """A few hundred bytes that name themselves again and again."""
    git = place.clerk.git
    tree = place.clerk.tree({"x": "x"})
    for _ in range(9):
        tree = git("mktree", given="".join(f"040000 tree {tree}\t{n}\n" for n in range(10)).encode()).strip()
    entries = git("ls-tree", "-z", "HEAD").encode() + f"040000 tree {tree}\tbomb\0".encode()
    place.clerk.commit_tree(entries)
    said = "the push changes more than 20,000 files: push in parts [push_is_of_a_days_work]"
    assert refused(place) == [f"refs/heads/main:1:1: {said}"]


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 60_000,
        "a: &a [x]\n" + "".join(f"b{n}: &b{n} [{'*a,' * 50}]\n" for n in range(500)),
        "number: " + "9" * 60_000,
        "number: !!python/object/apply:os.system [touch pwned]\n",
        "\ufeff%YAML 1.1\n--- !!set {a, b}\n...\n---\n",
        "\x00" * 60_000,
        "- " * 30_000,
    ],
)
def test_records_that_would_hang_or_blow_up_a_loader(place: Register, text: str) -> None:
    """They are read like any other, and refused."""
    place.change({f"{FOLDER}/{GOOD}.yaml": text})
    assert refused(place)
    assert not list(place.bare.rglob("pwned"))


def test_too_many_commits(place: Register) -> None:
    """A thousand pass the count, one more does not."""
    start = place.clerk.git("rev-parse", "HEAD").strip()
    stream = "".join(
        f"commit refs/heads/main\nmark :{n + 1}\ncommitter x <x@x> {1_700_000_000 + n} +0000\ndata 1\nx\n"
        + (f"from :{n}\n\n" if n else f"from {start}\n\n")
        for n in range(1001)
    )
    place.clerk.git("fast-import", "--quiet", "--force", given=stream.encode())
    said = "the push brings more than 1,000 commits: make fewer of them, with git reset --soft origin/main"
    assert refused(place) == [f"refs/heads/main:1:1: {said} [push_is_short]"]
    assert place.push("origin", "main~1:main", refused=False) == ""


@pytest.mark.parametrize(
    "variables",
    [
        {"GIT_DIR": "elsewhere"},
        {"GIT_QUARANTINE_PATH": "/tmp"},
        {"GIT_OBJECT_DIRECTORY": "/tmp"},
        {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.bare", "GIT_CONFIG_VALUE_0": "false"},
        {"GIT_PUSH_OPTION_COUNT": "9" * 30},
        {"GIT_PUSH_OPTION_COUNT": "-1", "GIT_PUSH_OPTION_0": "unpublish"},
        {"GIT_REPLACE_REF_BASE": "refs/evil/"},
        {"PYTHONSTARTUP": "/tmp/evil.py"},
    ],
)
def test_variables_of_the_hooks_surroundings_change_nothing(place: Register, variables: dict[str, str]) -> None:
    """Whatever a server lets its clients set: a bad record is refused all the same, or the push is not judged."""
    script = place.bare / "hooks" / "pre-receive"
    words = "".join(f"export {name}='{value}'\n" for name, value in variables.items())
    script.write_text(script.read_text().replace("#!/bin/sh\n", f"#!/bin/sh\n{words}"))
    place.change({PATH: varied(("level: five-star\nholder", "level: four-star\nholder"))})
    before, stored = place.tip, objects(place.bare)
    answer = place.push()
    assert "推送被拒绝" in answer
    assert (place.tip, objects(place.bare)) == (before, stored)


def test_a_bug_refuses_the_push(place: Register) -> None:
    """In one sentence, with a note for the operator; a ledger that cannot be written stands for any."""
    (place.bare / "ledger").mkdir()
    place.change(another(GOOD))
    answer = place.push()
    assert answer.splitlines()[:2] == [
        "推送被拒绝：服务器现在无法检查这次推送。登记册没有任何改动，请告诉运营者。",
        "The push is refused: the server cannot judge it now. Nothing of the register has changed; tell the operator.",
    ]
    assert "Traceback" not in answer
