"""A build replaces the site whole or leaves it as it was, whatever happens to it."""

import fcntl
import json
import os
import random
import re
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from starcert.output import Refused, Site, disk

STATUS = json.dumps({"generator": "Starcert 0.1.0"}).encode()

Tree = dict[str, bytes]


def publish(folder: Path, tree: Tree) -> None:
    with Site(folder) as site:
        for path, data in {**tree, "status.json": STATUS}.items():
            site.write(path, data)


def fail_in_the_block(folder: Path) -> None:
    """A build that is complete but for its last step, and then fails with an exception of its own."""
    with pytest.raises(ZeroDivisionError), Site(folder) as site:  # noqa: PT012
        site.write("status.json", STATUS)
        raise ZeroDivisionError


def tree_of(folder: Path) -> Tree:
    """All files below a folder by their path; None stands in for a folder that does not exist."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def generation(number: int, files: int = 50) -> Tree:
    """A tree in which every file tells its generation, and so does the set of its names."""
    pages = {f"C/A{page}/index.html": f"{number} {'x' * 7000}".encode() for page in range(files)}
    return {**pages, f"only/{number}.html": b"", "same.css": b"the same in all", "status.json": STATUS}


def forked(action: Callable[[], object]) -> int:
    """The process id of a child that does the action and ends with 0, or with 1 if it raised."""
    child = os.fork()
    if child == 0:
        try:
            action()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return child


def exit_code(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def names_beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "site"


# Publishing


def test_a_site_stands_after_the_block_with_exactly_what_was_written(folder: Path) -> None:
    """A first build makes the folder; nothing else is left beside it."""
    publish(folder, {"index.html": b"home", "C/A1/index.html": b"one", "C/A2/index.html": b""})
    assert tree_of(folder) == {
        "index.html": b"home",
        "C/A1/index.html": b"one",
        "C/A2/index.html": b"",
        "status.json": STATUS,
    }
    assert names_beside(folder) == ["site"]


def test_a_second_build_replaces_all_of_the_first(folder: Path) -> None:
    """What the new build did not write is gone, folders included."""
    publish(folder, {"C/OLD/index.html": b"old", "index.html": b"1"})
    publish(folder, {"index.html": b"2"})
    assert tree_of(folder) == {"index.html": b"2", "status.json": STATUS}
    assert not (folder / "C").exists()
    assert names_beside(folder) == ["site"]


def test_an_empty_folder_is_taken(folder: Path) -> None:
    """The operator may have made the folder already."""
    folder.mkdir()
    publish(folder, {"index.html": b"1"})
    assert tree_of(folder) == {"index.html": b"1", "status.json": STATUS}


def test_nothing_is_visible_before_the_block_ends(folder: Path) -> None:
    """While a build writes, readers see the old site, byte for byte."""
    publish(folder, generation(1))
    with Site(folder) as site:
        for path, data in generation(2).items():
            site.write(path, data)
        assert tree_of(folder) == generation(1)
    assert tree_of(folder) == generation(2)


def test_a_reader_never_misses_a_file_while_builds_replace_the_site(folder: Path) -> None:
    """The exchange leaves no moment without a site."""
    publish(folder, {"index.html": b"0"})
    child = forked(lambda: [publish(folder, {"index.html": str(n).encode()}) for n in range(30)])
    reads = 0
    while os.waitpid(child, os.WNOHANG)[0] == 0:
        assert (folder / "index.html").read_bytes().isdigit()
        reads += 1
    assert reads > 100


def test_an_exception_leaves_the_folder_as_it_was(folder: Path) -> None:
    """A failed build changes nothing, removes what it had staged, and its exception comes through."""
    publish(folder, generation(1))
    fail_in_the_block(folder)
    assert tree_of(folder) == generation(1)
    assert names_beside(folder) == ["site"]


def test_a_failed_first_build_leaves_nothing(folder: Path) -> None:
    """Where there was no folder, there is none after an exception."""
    fail_in_the_block(folder)
    assert names_beside(folder) == []


def test_without_an_exchange_in_one_step_the_site_is_replaced_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system cannot swap two folders, two renames do."""
    monkeypatch.setattr(disk, "exchange", lambda *_: False)
    publish(folder, generation(1))
    publish(folder, generation(2))
    assert tree_of(folder) == generation(2)
    assert names_beside(folder) == ["site"]


def test_a_folder_may_be_given_relative_and_through_a_linked_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path is read once; a later change of directory does not matter."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path)
    with Site("link/site/") as site:
        monkeypatch.chdir("/")
        site.write("status.json", STATUS)
    assert tree_of(tmp_path / "real" / "site") == {"status.json": STATUS}


# Being killed


def test_kill_9_at_any_moment_leaves_the_old_site_or_the_new_one(folder: Path) -> None:
    """Of 60 builds killed at random moments, each leaves one whole generation; the next run repairs."""
    publish(folder, generation(0))
    started = time.monotonic()
    assert exit_code(forked(lambda: publish(folder, generation(1)))) == 0
    whole, present, seen = time.monotonic() - started, 1, set()
    moments = random.Random(27922)
    for number in range(2, 62):
        child = forked(lambda number=number: publish(folder, generation(number)))
        time.sleep(moments.uniform(0, 1.2 * whole))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = tree_of(folder)
        assert found in (generation(present), generation(number))
        seen.add(("new" if found == generation(number) else "old", len(names_beside(folder)) > 1))
        present = number if found == generation(number) else present
    assert {("old", True), ("new", False)} <= seen
    publish(folder, generation(99))
    assert tree_of(folder) == generation(99)
    assert names_beside(folder) == ["site"]


@pytest.mark.parametrize("step", ["flush", "exchange", "sync"])
def test_killed_at_a_step_of_publishing(folder: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """The old site stands until the exchange, then the new; the next build tidies, though it fail."""
    publish(folder, generation(1))
    with monkeypatch.context() as patch:
        patch.setattr(disk, step, die)
        assert exit_code(forked(lambda: publish(folder, generation(2)))) == -signal.SIGKILL
    expected = generation(2 if step == "sync" else 1)
    assert tree_of(folder) == expected
    assert names_beside(folder) == [".site.starcert-lock", ".site.starcert-next", "site"]
    fail_in_the_block(folder)
    assert tree_of(folder) == expected
    assert names_beside(folder) == ["site"]


def test_killed_between_the_two_renames_the_next_run_puts_the_old_site_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where two renames are needed can the site be missing, and then until the next start."""
    publish(folder, generation(1))
    with monkeypatch.context() as patch:
        patch.setattr(disk, "exchange", lambda *_: False)
        rename = Path.rename

        def rename_and_die(path: Path, target: Path) -> None:
            rename(path, target)
            die()

        patch.setattr(Path, "rename", rename_and_die)
        assert exit_code(forked(lambda: publish(folder, generation(2)))) == -signal.SIGKILL
    assert not folder.exists()
    fail_in_the_block(folder)
    assert tree_of(folder) == generation(1)
    assert names_beside(folder) == ["site"]


def test_a_second_rename_that_fails_is_undone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old site comes back at once, and the operator hears why."""
    publish(folder, generation(1))
    rename = Path.rename

    def fail_for_the_new(path: Path, target: Path) -> None:
        if path.name == ".site.starcert-next":
            raise OSError(5, "Input/output error", str(path))
        rename(path, target)

    monkeypatch.setattr(disk, "exchange", lambda *_: False)
    monkeypatch.setattr(Path, "rename", fail_for_the_new)
    with pytest.raises(Refused) as refused:
        publish(folder, generation(2))
    reason = f"Input/output error ({folder.with_name('.site.starcert-next')})"
    assert str(refused.value) == f"{folder} cannot be written and stays as it was: {reason}"
    assert tree_of(folder) == generation(1)
    assert names_beside(folder) == ["site"]


# Two builds at once


def test_a_second_build_waits_for_the_first_and_says_so(folder: Path) -> None:
    """Both publish, one after the other; the last one's site stands."""
    said: list[str] = []
    with Site(folder) as first:
        child = forked(lambda: publish(folder, generation(2)))
        time.sleep(0.3)
        assert os.waitpid(child, os.WNOHANG)[0] == 0
        first.write("status.json", STATUS)
        lock = folder.with_name(".site.starcert-lock")
        assert lock.exists()
    assert exit_code(child) == 0
    assert tree_of(folder) == generation(2)

    with open(lock, "ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        def let_go(sentence: str) -> None:
            said.append(sentence)
            fcntl.flock(other, fcntl.LOCK_UN)

        with Site(folder, let_go) as second:
            second.write("status.json", STATUS)
    assert said == [f"Another build is writing {folder}; waiting for it to end."]
    assert names_beside(folder) == ["site"]


def test_many_builds_at_once_take_turns(folder: Path) -> None:
    """Eight processes that build the same folder at once all succeed, and one whole site stands."""
    children = [forked(lambda n=n: publish(folder, generation(n))) for n in range(8)]
    assert [exit_code(child) for child in children] == [0] * 8
    assert tree_of(folder) in [generation(n) for n in range(8)]
    assert names_beside(folder) == ["site"]


def test_the_lock_of_a_killed_build_holds_nobody_up(folder: Path) -> None:
    """The kernel frees the lock of a dead process, although its file is still there."""
    child = forked(lambda: Site(folder).__enter__() and time.sleep(60))
    lock = folder.with_name(".site.starcert-lock")
    while not folder.with_name(".site.starcert-next").exists():
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert lock.exists()
    publish(folder, generation(1))
    assert names_beside(folder) == ["site"]


def test_sites_side_by_side_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """A lock is for one folder."""
    with Site(tmp_path / "a") as a, Site(tmp_path / "b") as b:
        a.write("status.json", STATUS)
        b.write("status.json", STATUS)
    assert names_beside(tmp_path / "a") == ["a", "b"]


# What is refused


def refusal(folder: Path) -> str:
    """The sentence with which a build into the folder is refused, which changes nothing beside it."""
    before = names_beside(folder) if folder.parent.is_dir() else None
    with pytest.raises(Refused) as refused, Site(folder):
        pytest.fail("the folder was accepted")
    assert before is None or names_beside(folder) == before
    return str(refused.value)


@pytest.mark.parametrize(
    "mark",
    [None, b"", b"{", b"[1]", b"null", b'{"generator": "Hugo 1"}', b'{"generator": null}', b"[" * 99_999],
)
def test_a_folder_that_holds_something_else_is_refused(folder: Path, mark: bytes | None) -> None:
    """A mistyped folder, such as a home, keeps every file; only a status.json of ours opens it."""
    folder.mkdir()
    (folder / "thesis.txt").write_bytes(b"ten years")
    if mark is not None:
        (folder / "status.json").write_bytes(mark)
    assert refusal(folder) == (f"{folder} holds files, but no site that Starcert built; name a new or an empty folder")
    assert (folder / "thesis.txt").read_bytes() == b"ten years"


def test_a_site_inside_a_git_checkout_of_its_own_is_refused(folder: Path) -> None:
    """Replacing the folder would remove its history."""
    publish(folder, generation(1))
    (folder / ".git").mkdir()
    assert refusal(folder) == (f"{folder} holds a .git, which a build would remove; build elsewhere and copy it in")


def test_a_file_is_refused(folder: Path) -> None:
    """The folder may not be a file."""
    folder.write_bytes(b"x")
    assert refusal(folder) == f"{folder} is a file, not a folder"


@pytest.mark.parametrize("target", ["real", "missing"])
def test_a_symbolic_link_is_refused(folder: Path, target: str) -> None:
    """A link would be replaced, not what it points to."""
    (folder.parent / "real").mkdir()
    folder.symlink_to(target)
    assert refusal(folder) == (
        f"{folder} is a symbolic link; name the folder that it points to, {folder.parent / target}"
    )


def test_a_missing_parent_is_refused(tmp_path: Path) -> None:
    """A mistyped path makes no folders."""
    folder = tmp_path / "no" / "such" / "site"
    assert refusal(folder) == f"{folder} cannot be made, because the folder {folder.parent} does not exist"
    assert names_beside(tmp_path / "x") == []


def test_the_root_is_refused() -> None:
    """There is nothing beside the root to stage in."""
    with pytest.raises(Refused, match=r"^/ is the whole disk; name a folder on it$"):
        Site("/")


def test_a_parent_that_may_not_be_written_is_refused() -> None:
    """The system's own reason is given, with the place."""
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o555)
        folder = Path(place).resolve() / "site"

        def build_as_nobody() -> None:
            if os.geteuid() == 0:
                os.setuid(65534)
            reason = f"Permission denied ({place}/.site.starcert-lock)"
            assert refusal(folder) == f"{folder} cannot be written and stays as it was: {reason}"

        assert exit_code(forked(build_as_nobody)) == 0
        assert os.listdir(place) == []


def in_a_small_disk(program: str, place: Path) -> str:
    """What a Python program prints that runs with a disk of 1 MB mounted at `place`."""
    mount = f'mount -t tmpfs -o size=1m none "{place}" && exec "{sys.executable}" -c "$0"'
    command = ["unshare", "-rm", "sh", "-c", mount, program]
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("this system lets nobody mount a small disk, so a full one is not tried")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout


def test_a_full_disk_is_one_sentence_and_the_old_site_stays(tmp_path: Path) -> None:
    """A build that fills the disk gives it back."""
    program = f"""if True:
        import os
        from starcert.output import Site, Refused
        def build(files):
            with Site({str(tmp_path / "site")!r}) as site:
                site.write("status.json", b'{{"generator": "Starcert 1"}}')
                for n in range(files):
                    site.write(f"{{n}}.html", os.urandom(7000))
        build(50)
        before = sorted(os.listdir({str(tmp_path / "site")!r}))
        try:
            build(500)
        except Refused as refused:
            print(refused)
        print(before == sorted(os.listdir({str(tmp_path / "site")!r})), os.listdir({str(tmp_path)!r}))
        build(60)"""
    first, second = in_a_small_disk(program, tmp_path).splitlines()
    assert first == f"{tmp_path}/site cannot be written and stays as it was: No space left on device"
    assert second == "True ['site']"


def test_a_file_that_the_system_cuts_short_is_not_published(folder: Path) -> None:
    """A write may take only a part of a page; the rest is tried again, and then fails aloud."""
    publish(folder, generation(1))

    def build() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        with pytest.raises(Refused) as refused:
            publish(folder, generation(2))
        assert str(refused.value) == f"{folder} cannot be written and stays as it was: File too large"

    assert exit_code(forked(build)) == 0
    assert tree_of(folder) == generation(1)
    assert names_beside(folder) == ["site"]


def test_a_mount_point_is_refused(tmp_path: Path) -> None:
    """A mounted folder cannot be exchanged; one inside it can."""
    program = f"""if True:
        from starcert.output import Site, Refused
        try:
            Site({str(tmp_path)!r}).__enter__()
        except Refused as refused:
            print(refused)"""
    assert in_a_small_disk(program, tmp_path) == (
        f"{tmp_path} is a mount point and cannot be replaced; name a folder inside it\n"
    )


def test_a_site_without_its_mark_is_not_published(folder: Path) -> None:
    """Otherwise the next build would refuse to replace it."""
    with pytest.raises(ValueError, match=r"^a site needs status\.json with"), Site(folder) as site:
        site.write("index.html", b"")
    assert names_beside(folder) == []


# Paths


def bug(message: str) -> pytest.RaisesExc[ValueError]:
    """Expects a ValueError with exactly this message."""
    return pytest.raises(ValueError, match=f"^{re.escape(message)}$")


OUTSIDE = ["", ".", "..", "../x", "a/../x", "a/..", "a/./b", "/etc/x", "//x", "a//b", "a/"]
UNPLAIN = ["a\\b", "..\\x", "a\0b", "C:/x", "C:x", "a:stream", "a\nb", "a\x7fb"]


@pytest.mark.parametrize("path", OUTSIDE + UNPLAIN)
def test_a_path_that_is_not_plain_is_refused(folder: Path, path: str) -> None:
    """Nothing can be written outside the site, or under a name that some disk reads otherwise."""
    with Site(folder) as site:
        site.write("status.json", STATUS)
        with bug(f"{path!r} is not a plain relative path"):
            site.write(path, b"x")
    assert tree_of(folder) == {"status.json": STATUS}
    assert names_beside(folder) == ["site"]


@pytest.mark.parametrize("path", ["x" * 256, "a/" + "x" * 256 + "/b", "字" * 86])
def test_a_name_over_255_bytes_is_refused(folder: Path, path: str) -> None:
    """The limit of common disks is in bytes of UTF-8, and for each name."""
    with Site(folder) as site:
        site.write("status.json", STATUS)
        with bug(f"{path!r} has a name of more than 255 bytes"):
            site.write(path, b"x")


@pytest.mark.parametrize("path", ["x" * 255, "/".join(["x" * 255] * 4), "字" * 85, "..a", ".a/b"])
def test_a_plain_path_is_written(folder: Path, path: str) -> None:
    """Names up to 255 bytes, in any script, dots included."""
    publish(folder, {path: b"x"})
    assert (folder / path).read_bytes() == b"x"


def test_any_text_as_a_path_stays_inside_or_raises(folder: Path) -> None:
    """Whatever text comes as a path, it names one file inside the site or is a ValueError."""
    written: set[str] = set()
    with Site(folder) as site:
        site.write("status.json", STATUS)

        @settings(max_examples=400, deadline=None, database=None)
        @given(st.text(max_size=20) | st.text("a./\\:\0", max_size=8))
        def write(path: str) -> None:
            try:
                site.write(path, path.encode())
            except ValueError:
                return
            written.add(path)

        write()
    assert tree_of(folder) == {**{path: path.encode() for path in written}, "status.json": STATUS}
    assert names_beside(folder) == ["site"]


@pytest.mark.parametrize(("first", "second"), [("a", "a"), ("a/b", "a/b"), ("a", "a/b"), ("a", "a/b/c"), ("a/b", "a")])
@pytest.mark.parametrize("published", [False, True])
def test_writing_one_path_twice_is_a_bug(folder: Path, first: str, second: str, published: bool) -> None:
    """Also as a file and as a folder, and also where the present site has the same bytes."""
    if published:
        publish(folder, {first: b"1"})
    with Site(folder) as site:
        site.write("status.json", STATUS)
        site.write(first, b"1")
        with bug(f"{second!r} is written twice, or is both a file and a folder"):
            site.write(second, b"1")


def test_writing_outside_the_block_is_a_bug(folder: Path) -> None:
    """Neither before it nor after it, when there is nothing to write into."""
    site = Site(folder)
    with pytest.raises(ValueError, match="outside the with block"):
        site.write("a", b"")
    with site:
        site.write("status.json", STATUS)
    with pytest.raises(ValueError, match="outside the with block"):
        site.write("a", b"")
    assert names_beside(folder) == ["site"]


def test_forked_processes_may_write(folder: Path) -> None:
    """Workers of one build write their own pages."""
    with Site(folder) as site:
        site.write("status.json", STATUS)
        children = [
            forked(lambda n=n: [site.write(f"C/{n}-{page}/index.html", b"x") for page in range(100)]) for n in range(4)
        ]
        assert [exit_code(child) for child in children] == [0] * 4
    assert len(tree_of(folder)) == 401


# Files as a web server and a copying program see them


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o027, 0o077, 0o777])
def test_every_reader_may_read_whatever_the_umask(folder: Path, mask: int) -> None:
    """A web server runs under another account than the build."""
    if os.geteuid() != 0 and mask == 0o777:
        pytest.skip("only root can go on in folders without any permission")

    def build() -> None:
        os.umask(mask)
        publish(folder, {"C/A/index.html": b"x"})

    assert exit_code(forked(build)) == 0
    found = [folder, *folder.rglob("*")]
    modes = {str(path.relative_to(folder)): oct(stat.S_IMODE(path.stat().st_mode)) for path in found}
    folders = dict.fromkeys([".", "C", "C/A"], "0o755")
    assert modes == {**folders, "C/A/index.html": "0o644", "status.json": "0o644"}


def test_an_unchanged_file_keeps_its_modification_time(folder: Path) -> None:
    """Programs that copy by time and size skip it; a changed one, also of equal size, is new."""
    publish(folder, {"same": b"same", "other": b"old!"})
    for name in ("same", "other"):
        os.utime(folder / name, (1e9, 1e9))
    publish(folder, {"same": b"same", "other": b"new!"})
    assert (folder / "same").stat().st_mtime == 1e9
    assert (folder / "other").stat().st_mtime > 1e9
    assert (folder / "other").read_bytes() == b"new!"
    assert (folder / "same").stat().st_nlink == 1


def test_a_link_in_the_present_site_is_not_taken_over(folder: Path) -> None:
    """Somebody may have put a link there that leads out of the site."""
    publish(folder, {"a": b"secret"})
    (folder.parent / "outside").write_bytes(b"secret")
    (folder / "a").unlink()
    (folder / "a").symlink_to("../outside")
    publish(folder, {"a": b"secret"})
    assert not (folder / "a").is_symlink()
    assert (folder / "a").stat().st_ino != (folder.parent / "outside").stat().st_ino


def test_a_pipe_in_the_present_site_does_not_hang_the_build(folder: Path) -> None:
    """Reading the old site never waits."""
    publish(folder, {"a": b""})
    (folder / "a").unlink()
    os.mkfifo(folder / "a")
    publish(folder, {"a": b""})
    assert (folder / "a").is_file()


def test_names_are_utf_8_in_any_locale(folder: Path) -> None:
    """The same bytes on the disk, whatever the language of the machine."""
    program = r"""if True:
        import sys
        from starcert.output import Site
        with Site(sys.argv[1]) as site:
            site.write("status.json", b'{"generator": "Starcert 1"}')
            site.write("\u4f01\u4e1a", b"x")"""
    plain = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    subprocess.run([sys.executable, "-c", program, str(folder)], check=True, env=plain)
    assert sorted(os.listdir(os.fsencode(folder))) == [b"status.json", "企业".encode()]
