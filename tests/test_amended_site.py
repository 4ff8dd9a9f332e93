"""An amended site keeps what a build did not write, and each of its files is whole, whenever the build is killed."""

import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from starcert.output import Halfway, Site, disk

STATUS = json.dumps({"generator": "Starcert 0.1.0", "day": "one"}).encode()
LATER = STATUS.replace(b"one", b"two")
SITE = {
    "C/A/index.html": b"A",
    "C/B/index.html": b"B",
    "C/LAPSED/index.html": b"lapsed",
    "browse/index.html": b"A, B, lapsed",
    "browse/from-A/index.html": b"A, B",
    "pagefind/old.pf": b"A, B, lapsed",
    "pagefind/table.json": b"old",
    "status.json": STATUS,
}
CHANGES = {
    "C/A/index.html": b"A, renewed",
    "C/NEW/index.html": b"new",
    "assets/new.css": b"new",
    "browse/index.html": b"A, B, new",
    "pagefind/new.pf": b"A, B, new",
    "pagefind/table.json": b"new",
    "status.json": LATER,
}
LAPSED = "C/LAPSED/index.html"
FIRST = "assets/"
LAST = "pagefind/table.json"
STALE = ("browse/from-A/index.html", "pagefind/old.pf")
AMENDED = {path: data for path, data in {**SITE, **CHANGES}.items() if path not in (LAPSED, *STALE)}
TICK = 0.02
"""Seconds after which every clock of a disk has moved on."""

each_way = pytest.mark.parametrize("at_once", [True, False], ids=["at once", "file by file"])


def tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def beside(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir())


def remembered(folder: Path) -> bool:
    """Whether a build that begins now believes the memory; it leaves all as it is."""
    with Site(folder) as site:
        site.leave()
        return site.remembered


def amend(
    folder: Path, at_once: bool, changes: Mapping[str, bytes] = CHANGES, lapsed: str = LAPSED, vouch: bool = True
) -> None:
    """A build that changes the site, as builds of a register do."""
    with Site(folder) as site:
        site.amend(at_once=at_once)
        for path, data in changes.items():
            site.write(path, data)
        site.publish([lapsed], first=FIRST, last=[LAST], after=STALE)
        if vouch:
            site.memory.write_bytes(b"two")
            site.vouch()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site with a memory that is vouched for."""
    made = tmp_path / "site"
    with Site(made) as site:
        for path, data in SITE.items():
            site.write(path, data)
        site.publish()
        site.memory.write_bytes(b"one")
        site.vouch()
    return made


# What an amended site holds


@each_way
def test_the_amended_site_has_what_is_new_and_what_was_left(folder: Path, at_once: bool) -> None:
    """Without what lapsed and what is no more; nothing is left beside it but its memory."""
    amend(folder, at_once)
    assert tree(folder) == AMENDED
    assert beside(folder) == [".site.starcert-memory", ".site.starcert-vouch", "site"]
    assert remembered(folder)


@each_way
def test_folders_that_lose_their_last_file_are_gone(folder: Path, at_once: bool) -> None:
    """An address that answers to nothing is none."""
    amend(folder, at_once)
    assert sorted(path.name for path in folder.joinpath("C").iterdir()) == ["A", "B", "NEW"]
    assert not folder.joinpath("browse/from-A").exists()


@each_way
def test_files_that_were_not_written_stay_the_same_files(folder: Path, at_once: bool) -> None:
    """Not copies of them: what copies a site by time and size passes them over."""
    before = (folder / "C/B/index.html").stat()
    amend(folder, at_once)
    after = (folder / "C/B/index.html").stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_nlink) == (before.st_ino, before.st_mtime_ns, 1)


@each_way
def test_a_file_written_with_the_same_bytes_stays_the_same_file(folder: Path, at_once: bool) -> None:
    """A build may make anew what turns out to be the same."""
    before = (folder / "C/B/index.html").stat()
    amend(folder, at_once, {**CHANGES, "C/B/index.html": b"B"})
    after = (folder / "C/B/index.html").stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_nlink) == (before.st_ino, before.st_mtime_ns, 1)


@each_way
def test_what_was_retracted_is_as_if_it_had_not_been_written(folder: Path, at_once: bool) -> None:
    """A page of a record that fails beside others; the site keeps what it had there."""
    with Site(folder) as site:
        site.amend(at_once=at_once)
        for path in ("C/A/index.html", "C/NEW/index.html"):
            site.write(path, b"to be taken back")
            site.retract(path)
        site.retract("C/NEVER/index.html")
        site.write("status.json", LATER)
        site.publish()
    assert tree(folder) == {**SITE, "status.json": LATER}
    assert not folder.joinpath("C/NEW").exists()


@pytest.mark.parametrize("bytes_of_a_part", [83, 84, 85])
def test_a_file_lies_in_the_site_however_long_its_path(folder: Path, bytes_of_a_part: int) -> None:
    """Together its names may be longer than one name can be."""
    path = "/".join(letter * bytes_of_a_part for letter in "abc")
    with Site(folder) as site:
        site.amend(at_once=False)
        site.write(path, b"far down")
    assert tree(folder) == {**SITE, path: b"far down"}


@each_way
def test_a_path_that_goes_and_is_not_there_is_no_mistake(folder: Path, at_once: bool) -> None:
    """Somebody may have removed it."""
    amend(folder, at_once, lapsed="C/GONE/index.html")
    assert tree(folder) == {**AMENDED, LAPSED: b"lapsed"}


@each_way
def test_a_site_that_is_left_stays_as_it_was(folder: Path, at_once: bool) -> None:
    """Whatever was written; and its memory still holds."""
    before = folder.stat()
    with Site(folder) as site:
        site.amend(at_once=at_once)
        site.write("C/NEW/index.html", b"new")
        site.leave()
    assert tree(folder) == SITE
    assert (folder.stat().st_ino, folder.stat().st_ctime_ns) == (before.st_ino, before.st_ctime_ns)
    assert remembered(folder)


@each_way
def test_an_exception_leaves_the_amended_site_as_it_was(folder: Path, at_once: bool) -> None:
    """And its memory is believed again."""
    with pytest.raises(ZeroDivisionError), Site(folder) as site:  # noqa: PT012
        site.amend(at_once=at_once)
        site.write("C/A/index.html", b"half")
        raise ZeroDivisionError
    assert tree(folder) == SITE
    assert remembered(folder)


def test_at_once_readers_see_the_old_site_or_the_new(folder: Path) -> None:
    """The folder is another one afterwards."""
    before = folder.stat().st_ino
    amend(folder, at_once=True)
    assert folder.stat().st_ino != before


def test_file_by_file_the_folder_stays_the_same(folder: Path) -> None:
    """Nothing of a large site is touched that does not change."""
    before = folder.stat().st_ino
    amend(folder, at_once=False)
    assert folder.stat().st_ino == before


# In which order


@pytest.fixture
def steps(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is done to the site's files and to the word for its memory, as it is done."""
    told: list[tuple[str, str]] = []
    rename, unlink = os.rename, os.unlink

    def note(what: str, path: object) -> None:
        place = os.path.relpath(os.fsdecode(path), folder)  # type: ignore[arg-type]
        if not place.startswith("..") or place.endswith("vouch"):
            told.append((what, place))

    def renamed(source: object, target: object, **_: object) -> None:
        rename(source, target)  # type: ignore[arg-type]
        note("put", target)

    def unlinked(path: object, **where: object) -> None:
        unlink(path, **where)  # type: ignore[arg-type]
        if not where:
            note("removed", path)

    monkeypatch.setattr(os, "rename", renamed)
    monkeypatch.setattr(os, "unlink", unlinked)
    return told


def test_file_by_file_what_lapsed_goes_first_and_the_mark_comes_last(
    folder: Path, steps: list[tuple[str, str]]
) -> None:
    """The word goes before all; what pages ask for comes before them, what tells of all files of the search after them,
    and what is no more goes at the end.
    """
    amend(folder, at_once=False, vouch=False)
    assert steps == [
        ("removed", "../.site.starcert-vouch"),
        ("removed", LAPSED),
        ("put", "assets/new.css"),
        ("put", "C/A/index.html"),
        ("put", "C/NEW/index.html"),
        ("put", "browse/index.html"),
        ("put", "pagefind/new.pf"),
        ("put", LAST),
        ("put", "status.json"),
        *(("removed", path) for path in STALE),
    ]


def test_file_by_file_a_disk_that_fails_halfway_is_told_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads that the site stays as it was; the memory is believed no more."""
    rename = os.rename

    def fails_later(source: object, target: object, **where: object) -> None:
        if os.fsdecode(target).endswith("browse/index.html"):  # type: ignore[arg-type]
            raise OSError(5, "Input/output error")
        rename(source, target)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "rename", fails_later)
    with pytest.raises(Halfway) as halfway:
        amend(folder, at_once=False)
    monkeypatch.undo()
    assert str(halfway.value) == (
        f"{folder} cannot be written and may be old in part and new in part until the next build: Input/output error"
    )
    assert (folder / "C/A/index.html").read_bytes() == CHANGES["C/A/index.html"]
    assert not remembered(folder)


def test_at_once_the_word_goes_before_the_site_changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no memory of the old site is believed to tell of the new."""
    held: list[bool] = []
    exchange = disk.exchange

    def watched(one: Path, other: Path) -> bool:
        held.append(folder.with_name(".site.starcert-vouch").exists())
        return exchange(one, other)

    monkeypatch.setattr(disk, "exchange", watched)
    amend(folder, at_once=True, vouch=False)
    assert held == [False]


# Being killed


def dies_at(step: int, action: Callable[[], object]) -> bool:
    """Do the action in a child that is killed before its so-manieth change of the disk; whether it got there."""
    child = os.fork()
    if child == 0:
        try:
            left = [step]
            for name in ("rename", "unlink", "link", "mkdir", "rmdir"):
                setattr(os, name, mortal(getattr(os, name), left))
            disk.exchange = mortal(disk.exchange, left)
            disk.flush = mortal(disk.flush, left)
            disk.sync = mortal(disk.sync, left)
            action()
            os._exit(0)
        except BaseException:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL)
    return code != 0


def mortal(change: Callable[..., object], left: list[int]) -> Callable[..., object]:
    """The change, but when none are left, the process is killed instead."""

    def changed(*arguments: object, **named: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return change(*arguments, **named)

    return changed


@pytest.fixture
def killed(folder: Path) -> Callable[[bool], Iterator[None]]:
    """Builds that are killed, each a step later than the one before, every time on the site as it was."""

    def every(at_once: bool) -> Iterator[None]:
        step = 0
        while dies_at(step, lambda: amend(folder, at_once)):
            yield
            shutil.rmtree(folder.parent)
            folder.parent.mkdir()
            with Site(folder) as site:
                for path, data in SITE.items():
                    site.write(path, data)
                site.publish()
                site.memory.write_bytes(b"one")
                site.vouch()
            step += 1
        assert step > 10

    return every


def test_killed_at_any_step_a_site_amended_at_once_is_the_old_or_the_new(
    folder: Path, killed: Callable[[bool], Iterator[None]]
) -> None:
    """Never a mixture; and the old memory is believed only of the old site."""
    seen = set()
    for _ in killed(True):
        found = tree(folder)
        assert found in (SITE, AMENDED)
        assert not remembered(folder) or (found, memory_of(folder)) in ((SITE, b"one"), (AMENDED, b"two"))
        assert [name for name in beside(folder) if "starcert" not in name] == ["site"]
        seen.add(found == AMENDED)
    assert seen == {True, False}


def test_killed_at_any_step_every_file_of_a_site_amended_file_by_file_is_whole(
    folder: Path, killed: Callable[[bool], Iterator[None]]
) -> None:
    """Each is the old or the new; what lapsed is gone before anything is new, and the mark is new only at the end."""
    mixed = 0
    for _ in killed(False):
        found = tree(folder)
        for path in SITE.keys() | CHANGES.keys():
            assert found.get(path) in (SITE.get(path), AMENDED.get(path)), path
        new = {path for path in CHANGES if found.get(path) == CHANGES[path]}
        assert not new or LAPSED not in found
        assert not new or "assets/new.css" in new
        assert LAST not in new or "pagefind/new.pf" in new
        assert "status.json" not in new or new == CHANGES.keys()
        assert new == CHANGES.keys() or all(path in found for path in STALE)
        mixed += found not in (SITE, AMENDED)
        assert not remembered(folder) or (found, memory_of(folder)) in ((SITE, b"one"), (AMENDED, b"two"))
    assert mixed > 5


def memory_of(folder: Path) -> bytes:
    return folder.with_name(".site.starcert-memory").read_bytes()


@each_way
def test_the_next_build_puts_a_killed_one_right(
    folder: Path, killed: Callable[[bool], Iterator[None]], at_once: bool
) -> None:
    """It replaces the whole where it has no memory to trust, and goes on where it has."""
    for _ in killed(at_once):
        with Site(folder) as site:
            if site.remembered:
                site.amend(at_once=at_once)
            for path, data in AMENDED.items():
                site.write(path, data)
            site.publish([LAPSED], first=FIRST, last=[LAST], after=STALE)
        assert tree(folder) == AMENDED
        assert beside(folder) == ["site"]


# The word for a memory


def memory(folder: Path) -> Path:
    return folder.with_name(".site.starcert-memory")


def rewritten(path: Path) -> None:
    """The same bytes once more."""
    path.write_bytes(path.read_bytes())


def copied(path: Path) -> None:
    """A copy, with its times, in place of what was copied."""
    aside = path.with_name("aside")
    shutil.copytree(path, aside) if path.is_dir() else shutil.copy2(path, aside)
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    aside.rename(path)


def elsewhere(path: Path) -> None:
    """Moved away and back."""
    path.rename(path.with_name("aside")).rename(path)


TOUCHES: dict[str, Callable[[Path], object]] = {
    "the memory rewritten": lambda folder: rewritten(memory(folder)),
    "the memory touched": lambda folder: os.utime(memory(folder)),
    "the memory copied": lambda folder: copied(memory(folder)),
    "the memory moved": lambda folder: elsewhere(memory(folder)),
    "the memory linked": lambda folder: os.link(memory(folder), folder.with_name("aside")),
    "the memory gone": lambda folder: memory(folder).unlink(),
    "the site touched": os.utime,
    "the site copied": copied,
    "the site moved": elsewhere,
    "the site gone": shutil.rmtree,
    "the site empty": lambda folder: [shutil.rmtree(folder), folder.mkdir()],
    "a file put into the site": lambda folder: (folder / "CNAME").write_bytes(b"stars.example"),
    "a file taken out of the site": lambda folder: (folder / "status.json").rename(folder.with_name("status.json")),
    "a certificate taken out": lambda folder: shutil.rmtree(folder / "C/A"),
    "a certificate put in": lambda folder: (folder / "C/X").mkdir(),
    "all certificates taken out": lambda folder: shutil.rmtree(folder / "C"),
    "the word spoilt": lambda folder: folder.with_name(".site.starcert-vouch").write_bytes(b"[" * 9_999),
    "the word empty": lambda folder: folder.with_name(".site.starcert-vouch").write_bytes(b""),
    "the word gone": lambda folder: folder.with_name(".site.starcert-vouch").unlink(),
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_the_word_is_void_after_anything_was_done_to_site_or_memory(folder: Path, touch: str) -> None:
    """A copy, a repair, a move: the memory may be of another site, so it is not believed."""
    assert remembered(folder)
    time.sleep(TICK)
    TOUCHES[touch](folder)
    if folder.exists() and any(folder.iterdir()) and not (folder / "status.json").exists():
        folder.with_name("status.json").rename(folder / "status.json")
    assert not remembered(folder)


def test_the_word_goes_with_no_copy_of_site_and_memory(folder: Path, tmp_path: Path) -> None:
    """Another folder has other inodes, so the build there begins anew."""
    shutil.copytree(tmp_path, tmp_path.with_name("copy"))
    assert not remembered(tmp_path.with_name("copy") / "site")
    assert remembered(folder)


def test_a_memory_without_a_word_is_removed(folder: Path) -> None:
    """Nobody would ever believe it again."""
    folder.with_name(".site.starcert-vouch").unlink()
    assert not remembered(folder)
    assert beside(folder) == ["site"]


def test_what_is_learnt_anew_is_the_memory_only_when_all_stands(folder: Path) -> None:
    """A build that fails before leaves the old one, which is believed as it was."""
    with pytest.raises(ZeroDivisionError), Site(folder) as site:  # noqa: PT012
        site.newer.write_bytes(b"half")
        raise ZeroDivisionError
    assert tree(folder) == SITE
    assert remembered(folder)
    assert memory_of(folder) == b"one"
    with Site(folder) as site:
        site.newer.write_bytes(b"whole")
        site.renew()
        site.vouch()
        site.leave()
    assert remembered(folder)
    assert memory_of(folder) == b"whole"
    assert beside(folder) == [".site.starcert-memory", ".site.starcert-vouch", "site"]
