"""Git: commits, changes, entries and blobs as real repositories tell them, whatever is in their names."""

import os
import subprocess
from pathlib import Path

import pytest
from repositories import Clone, clone

from starcert import git
from starcert.git import Change, Entry, Repository, TooMany


@pytest.fixture
def work(tmp_path: Path) -> Clone:
    return clone(tmp_path)


def opened(work: Clone, **environment: str) -> Repository:
    """The repository that the clone's commits are in."""
    return Repository(work.folder / ".git", {"PATH": os.environ["PATH"], **environment})


def test_commits_come_parents_first(work: Clone) -> None:
    """Each with its parents and its subject."""
    first = work.commit({"a": "1"}, "第一次提交")
    second = work.commit({"a": "2"}, "the subject\n\nand more")
    repository = opened(work)
    assert repository.commits(None, second) == [
        git.Commit(first, (), "第一次提交"),
        git.Commit(second, (first,), "the subject"),
    ]
    assert [commit.id for commit in repository.commits(first, second)] == [second]
    assert repository.commits(second, second) == []


def test_more_commits_than_asked_for_are_refused(work: Clone) -> None:
    """At the limit all are told, and past it none."""
    work.commit({"a": "1"})
    tip = work.commit({"a": "2"})
    assert len(opened(work).commits(None, tip, most=2)) == 2
    with pytest.raises(TooMany):
        opened(work).commits(None, tip, most=1)


def test_changes_between_two_commits(work: Clone) -> None:
    """What was added, changed and removed, with modes and blobs; a renamed file is one removed and one added."""
    one, two, same = work.blob(b"1"), work.blob(b"2"), work.blob(b"same")
    old = work.commit({"a/changed": "1", "removed": "1", "kept": "same", "from": "same"})
    new = work.commit({"a/changed": "2", "removed": None, "added": "2", "from": None, "to": "same"})
    assert opened(work).changes(old, new) == [
        Change(b"a/changed", 0o100644, 0o100644, two, one),
        Change(b"added", 0o100644, 0, two, None),
        Change(b"from", 0, 0o100644, None, same),
        Change(b"removed", 0, 0o100644, None, one),
        Change(b"to", 0o100644, 0, same, None),
    ]


def test_a_file_gives_way_to_a_folder(work: Clone) -> None:
    """And the other way round: one is removed and the other added, each at its own path."""
    one = work.blob(b"1")
    old = work.commit({"a/b/c": "1", "d": "1"})
    new = work.commit_tree(f"100644 blob {one}\ta\0".encode() + f"040000 tree {work.tree({'e': '1'})}\td\0".encode())
    assert opened(work).changes(old, new) == [
        Change(b"a", 0o100644, 0, one, None),
        Change(b"a/b/c", 0, 0o100644, None, one),
        Change(b"d", 0, 0o100644, None, one),
        Change(b"d/e", 0o100644, 0, one, None),
    ]


def test_the_changes_of_several_steps_come_at_once(work: Clone) -> None:
    """One that changes nothing among them; they are limited together."""
    first = work.commit({"a/b": "1"})
    same = work.commit({})
    last = work.commit({"a/b": "2", "a/c": "3"})
    pairs = [(None, first), (first, same), (same, last)]
    assert [[change.path for change in step] for step in opened(work).steps(pairs)] == [[b"a/b"], [], [b"a/b", b"a/c"]]
    with pytest.raises(TooMany):
        opened(work).steps(pairs, most=4)
    assert opened(work).steps([]) == []


def test_a_first_commit_changes_everything(work: Clone) -> None:
    """It is compared with nothing."""
    new = work.commit({"a/b": "1"})
    assert opened(work).changes(None, new) == [Change(b"a/b", 0o100644, 0, work.blob(b"1"), None)]


def test_more_changes_than_asked_for_are_refused(work: Clone) -> None:
    """Also of a tree that names itself so often that nobody could list it."""
    old = work.commit({"a": "1"})
    tree = work.git("mktree", given=f"100644 blob {work.blob(b'x')}\tx\n".encode()).strip()
    for _ in range(9):
        lines = "".join(f"040000 tree {tree}\t{n}\n" for n in range(10))
        tree = work.git("mktree", given=lines.encode()).strip()
    new = work.git("commit-tree", tree, "-p", old, "-m", "a thousand million files").strip()
    with pytest.raises(TooMany):
        opened(work).changes(old, new, most=1000)
    with pytest.raises(TooMany):
        opened(work).entries(new, most=1000)


def test_entries_have_sizes(work: Clone) -> None:
    """All of a tree, or what lies at and below some paths."""
    tip = work.commit({"a/b": "123", "a/c/d": "", "e": "1"})
    (work.folder / "link").symlink_to("e")
    tip = work.commit({}, "link")
    entries = opened(work).entries(tip)
    assert entries == [
        Entry(b"a/b", 0o100644, work.blob(b"123"), 3),
        Entry(b"a/c/d", 0o100644, work.blob(b""), 0),
        Entry(b"e", 0o100644, work.blob(b"1"), 1),
        Entry(b"link", 0o120000, work.blob(b"e"), 1),
    ]
    assert opened(work).entries(tip, ["a/c", "e"]) == entries[1:3]
    assert opened(work).entries(tip, ["none"]) == []
    assert [e.size for e in opened(work).entries(tip, sized=False)] == [0, 0, 0, 0]


def test_a_folder_is_listed_by_names(work: Clone) -> None:
    """One level, folders included; what is no folder has no names."""
    tip = work.commit({"a/b": "", "a/c/d": "", "e": ""})
    listing = opened(work).listing
    assert (listing(tip, b""), listing(tip, b"a"), listing(tip, b"none")) == ([b"a", b"e"], [b"b", b"c"], [])


def test_names_of_any_bytes_pass(work: Clone) -> None:
    """Line breaks, quotes, tabs and bytes that are no UTF-8 stay as they are."""
    names = [b"\xff", b"a\tb", b"a\nb", b'q"', b"x;$(reboot)"]
    blob = work.blob(b"1").encode()
    tip = work.commit_tree(b"".join(b"100644 blob %s\t%s\0" % (blob, name) for name in names), parent=None)
    assert {change.path for change in opened(work).changes(None, tip)} == set(names)
    old = work.commit_tree(b"", parent=None)
    assert {change.path for change in opened(work).changes(old, tip)} == set(names)


def test_a_submodule_is_an_entry_of_its_own_mode(work: Clone) -> None:
    """Its commit is not looked for."""
    tip = work.commit_tree(b"160000 commit " + b"1" * 40 + b"\tmodule\0", parent=None)
    old = work.commit_tree(b"", parent=None)
    assert opened(work).changes(old, tip) == [Change(b"module", 0o160000, 0, "1" * 40, None)]


def test_blobs_are_measured_and_read(work: Clone) -> None:
    """Any bytes, as many as there are."""
    contents = [b"", b"\n", b"\0\xff\n\n", b"x" * 300_000]
    ids = [work.blob(data) for data in contents]
    with opened(work).blobs() as blobs:
        assert blobs.sizes([*ids, ids[0]]) == {id: len(data) for id, data in zip(ids, contents, strict=True)}
        assert [blobs.read(id) for id in ids] == contents
        assert blobs.sizes([]) == {}


def test_a_missing_object_is_told_in_one_sentence(work: Clone) -> None:
    """Whoever asks for it."""
    lost, tip = "1" * 40, work.commit({"a": "1"})
    with opened(work).blobs() as blobs:
        for ask in (lambda: blobs.read(lost), lambda: blobs.sizes([lost])):
            with pytest.raises(git.GitError, match=f"^git cat-file failed: the object {lost} is missing.$"):
                ask()
        with pytest.raises(git.GitError, match=r"is no file\.$"):
            blobs.read(tip)
    with pytest.raises(git.GitError, match=f"^git rev-list failed: fatal: bad object {lost}.$"):
        opened(work).commits(None, lost)
    with pytest.raises(git.GitError, match=f"^git cat-file failed: there is no commit {lost}.$"):
        opened(work).changes(tip, lost)


def test_a_repository_that_is_none_is_told_in_one_sentence(tmp_path: Path) -> None:
    """As git says it."""
    said = f"^git rev-list failed: fatal: not a git repository: '{tmp_path}/none'.$"
    with pytest.raises(git.GitError, match=said):
        Repository(tmp_path / "none", {"PATH": os.environ["PATH"]}).commits(None, "HEAD")


def test_git_that_is_not_installed_is_told_in_one_sentence(tmp_path: Path) -> None:
    """Nobody who runs a server should have to read a traceback for it."""
    with pytest.raises(git.GitError, match=r"^The program git cannot be started: No such file or directory\.$"):
        Repository(tmp_path, {"PATH": str(tmp_path)}).commits(None, "HEAD")


def test_no_variable_of_the_surroundings_counts(work: Clone, tmp_path: Path) -> None:
    """A pusher's GIT_* variables cannot show another repository, other objects or another configuration."""
    tip = work.commit({"a": "1"})
    other = clone(tmp_path / "other")
    foreign = other.commit({"secret": "1"})
    elsewhere = str(other.folder / ".git" / "objects")
    hostile = opened(
        work,
        GIT_DIR=str(other.folder / ".git"),
        GIT_OBJECT_DIRECTORY=elsewhere,
        GIT_ALTERNATE_OBJECT_DIRECTORIES=elsewhere,
        GIT_QUARANTINE_PATH=elsewhere,
        GIT_CONFIG_COUNT="1",
        GIT_CONFIG_KEY_0="core.abbrev",
        GIT_CONFIG_VALUE_0="nonsense",
        GIT_EXTERNAL_DIFF="false",
    )
    assert [commit.id for commit in hostile.commits(None, tip)] == [tip]
    assert not hostile.holds(foreign)


def test_replaced_objects_do_not_count(work: Clone) -> None:
    """What was judged is what is there, not what somebody wants shown in its place."""
    old, new = work.commit({"a": "1"}, "good"), work.commit({"a": "2"}, "evil")
    work.git("replace", new, old)
    assert opened(work).commits(old, new)[0].subject == "evil"


def test_objects_in_quarantine_are_seen(work: Clone, tmp_path: Path) -> None:
    """During a push, new objects lie in a folder within the repository's own; its path may hold colons."""
    tip = work.commit({"a": "1"})
    bare = tmp_path / 'odd:"name.git'
    subprocess.run(["git", "clone", "-q", "--bare", str(work.folder), str(bare)], check=True, capture_output=True)
    new = work.commit({"a": "2"})
    place = bare / "objects" / "tmp_objdir-incoming-1"
    subprocess.run(["cp", "-r", str(work.folder / ".git" / "objects"), str(place)], check=True)
    path = {"PATH": os.environ["PATH"]}
    assert not Repository(bare, path).holds(new)
    assert [c.id for c in Repository(bare, {**path, "GIT_QUARANTINE_PATH": str(place)}).commits(tip, new)] == [new]


def test_removed_files_are_found_in_all_of_history(work: Clone) -> None:
    """Those that lay below a folder, the latest removal first."""
    work.commit({"r/a": "1", "r/b": "2", "c": "3"})
    work.commit({"r/a": None, "c": None})
    tip = work.commit({"r/b": None})
    assert [(change.path, change.was_id) for change in opened(work).removed(tip, "r")] == [
        (b"r/b", work.blob(b"2")),
        (b"r/a", work.blob(b"1")),
    ]


def test_a_line_goes_from_parent_to_parent(work: Clone) -> None:
    """Whatever days its commits claim to be of."""
    first = work.commit({"a": "1"})
    work.git("commit", "-q", "--allow-empty", "-m", "early", GIT_COMMITTER_DATE="2001-01-01T00:00:00Z")
    tip = work.git("rev-parse", "HEAD").strip()
    repository = opened(work)
    assert [commit.id for commit in repository.line(tip, 9)] == [tip, first]
    assert [commit.id for commit in repository.line(tip, 1)] == [tip]
    assert repository.follows(first, tip)


def test_a_branch_has_a_tip_and_a_past(work: Clone) -> None:
    """Only the branch of that very name."""
    first, tip = work.commit({"a": "1"}), work.commit({"a": "2"})
    work.git("branch", "main2")
    repository = opened(work)
    assert (repository.tip("main"), repository.tip("mai")) == (tip, None)
    assert repository.follows(first, tip)
    assert not repository.follows(tip, first)
