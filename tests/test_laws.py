"""The laws of the program, each held against sites that build.py built."""

import ast
import os
import random
import re
import shutil
import signal
import subprocess
import time
from datetime import date
from pathlib import Path

import pytest
from processes import group_ends, group_lives
from project import BUILD, DAY, MEMORY, NUMBER, REPOSITORY, Project, clean_environment, project, shipped, unpacked

from starcert.certificate import Certificate
from starcert.pages import roll
from starcert.registry import open_registry
from starcert.status import Status

KILLS = 25
CLOCKS = {"now", "today", "utcnow", "fromtimestamp", "time", "time_ns", "localtime", "gmtime", "ctime", "strftime"}
CLOCK_OWNERS = {"time", "datetime", "date", "dt"}


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The shipped registry, built as of the day of these tests."""
    made = shipped(tmp_path_factory.mktemp("register") / "project")
    assert made.build().code == 0
    return made


@pytest.fixture(scope="module")
def certificates() -> list[Certificate]:
    """Every certificate of the shipped registry."""
    judged = open_registry(REPOSITORY / "registry").verdicts()
    return [verdict.certificate for verdict in judged if verdict.certificate]


def test_checking_is_timeless(tmp_path: Path) -> None:
    """`check` says the same of the same records on every day, before, while and after they are valid."""
    made = project(tmp_path)
    made.add("99925SC00124R1M", ("score: 96.40", "score: 93.40"))
    days = ("1990-01-01", "2025-03-01", "2026-11-22", "2199-12-31")
    told = {(ended.code, ended.out, ended.err) for ended in (made.run("check", "--as-of", day) for day in days)}
    assert len(told) == 1
    assert told.pop()[0] == 1


def clocks_in(path: Path) -> set[str]:
    """Each reading of a clock in a module, as FUNCTION: CALL; what measures durations is none."""
    found = set()
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for node in ast.walk(function) if isinstance(function, ast.FunctionDef | ast.Lambda) else ():
            if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
                owner = ast.unparse(node.value)
                if owner.rpartition(".")[2] in CLOCK_OWNERS:
                    name = getattr(function, "name", "lambda")
                    found.add(f"{name}: {owner}.{node.attr}")
    return found


def test_one_clock_is_read_in_one_place() -> None:
    """Only days.clock reads a clock, and only build.py calls it, once."""
    modules = [BUILD, *sorted((REPOSITORY / "starcert").rglob("*.py"))]
    read = {path.relative_to(REPOSITORY).as_posix(): clocks_in(path) for path in modules}
    assert {path: clocks for path, clocks in read.items() if clocks} == {"starcert/days.py": {"clock: datetime.now"}}
    calls = {path.name: path.read_text(encoding="utf-8").count(" clock(") for path in modules}
    assert {name: count for name, count in calls.items() if count} == {"days.py": 1, "build.py": 1}
    bare = re.compile(r"^\s*from time import (?!perf_counter(_ns)?$)|^\s*import datetime as|__import__", re.MULTILINE)
    assert [path.name for path in modules if bare.search(path.read_text(encoding="utf-8"))] == []


def test_same_records_and_day_give_the_same_bytes(register: Project, tmp_path: Path) -> None:
    """Neither the order of files, the folder, the zone, the language nor the hash seed changes a byte of the site."""
    elsewhere = tmp_path / "another folder" / "项目"
    files = [path for path in register.folder.rglob("*") if path.is_file() and "site" not in path.parts[-3:]]
    files = [path for path in files if not path.is_relative_to(register.path("site"))]
    random.Random(7).shuffle(files)
    for file in files:
        copied = elsewhere / file.relative_to(register.folder)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copied)
    other = Project(elsewhere)
    ended = other.build(TZ="America/St_Johns", LANG="C", LC_ALL="POSIX", PYTHONHASHSEED="4711", PYTHONUTF8="0")
    assert ended.code == 0
    ours, theirs = register.site, other.site
    assert sorted(ours) == sorted(theirs)
    assert [path for path in sorted(ours) if ours[path] != theirs[path]] == []
    again = other.build("--out", "fresh", PYTHONHASHSEED="1")
    assert again.code == 0
    assert [path for path, data in ours.items() if (elsewhere / "fresh" / path).read_bytes() != data] == []


def test_a_build_over_another_days_site_gives_the_bytes_of_a_fresh_one(register: Project, tmp_path: Path) -> None:
    """What an earlier build left does not show in a later one."""
    folder = tmp_path / "site"
    shutil.copytree(register.path("site"), folder)
    for day in ("2026-12-31", DAY):
        assert register.run("--as-of", day, "--out", str(folder)).code == 0
    assert Project(tmp_path).site == register.site


def secrets(certificates: list[Certificate], day: date) -> set[str]:
    """What must not be read on the site of that day: what tells of certificates and holders that are not valid."""
    shown = [certificate for certificate in certificates if certificate.status_on(day) is Status.VALID]
    hidden = [certificate for certificate in certificates if certificate.status_on(day) is not Status.VALID]
    numbers = {text for certificate in hidden for text in (certificate.number, certificate.slug)}
    named = {name for certificate in shown for name in names(certificate)}
    return numbers | {name for certificate in hidden for name in names(certificate) if name not in named}


def names(certificate: Certificate) -> set[str]:
    """What tells who the holder is."""
    holder = certificate.holder
    former = {name.name for name in holder.former_names}
    return {name for name in {holder.name, holder.name_en, holder.uscc, holder.website, *former} if name}


def found_in(secret: str, data: bytes) -> bool:
    """Whether the text stands in the data, in any capitals, and not merely as a part of a longer one."""
    text = re.escape(secret.encode().lower())
    return bool(re.search(rb"(?<![\w/-])" + text + rb"(?![\w/-])", data.lower()))


@pytest.mark.parametrize("day", [DAY, "2024-08-15", "2028-02-29", "2031-01-01"])
def test_nothing_of_what_is_not_valid_leaves_the_registry(
    register: Project, certificates: list[Certificate], tmp_path: Path, day: str
) -> None:
    """No file of the site, compressed or not, and no path names a certificate or holder that is not valid that day."""
    out = tmp_path / "site"
    assert register.run("--as-of", day, "--out", str(out)).code == 0
    site = unpacked(Project(tmp_path).site)
    assert not any(data.startswith(b"\x1f\x8b") for data in site.values())
    everything = b"\n".join([*site.values(), *(path.encode() for path in site)])
    lowered = everything.lower()
    hidden = secrets(certificates, date.fromisoformat(day))
    assert len(hidden) > 30
    leaked = {secret for secret in hidden if secret.encode().lower() in lowered}
    assert {secret for secret in leaked if found_in(secret, everything)} == set()


def test_the_scan_would_find_a_leak(register: Project, certificates: list[Certificate]) -> None:
    """The scan finds what is published: each valid certificate's number, holder and code, in index and roll as well."""
    site = unpacked(register.site)
    valid = [certificate for certificate in certificates if certificate.status_on(date.fromisoformat(DAY)) == "valid"]
    index = b"\n".join(data for path, data in site.items() if path.startswith("pagefind/fragment/"))
    for certificate in valid:
        page = site[f"C/{certificate.slug}/index.html"]
        assert all(found_in(secret, page) for secret in (certificate.holder.name, certificate.holder.uscc))
        assert certificate.slug.encode() in index
        assert found_in(certificate.slug, site[roll.place(certificate.slug)])


def test_a_killed_build_leaves_the_old_site_or_the_new_and_the_next_one_repairs(tmp_path: Path) -> None:
    """kill -9 at any moment leaves one whole site, nothing of Pagefind running, and the next build no rubbish."""
    made = project(tmp_path)
    days, sites = (DAY, "2027-01-31"), []
    for day in days:
        building = begun(made, day)
        started = time.monotonic()
        assert building.wait() == 0
        writing = time.monotonic() - started
        sites.append(made.site)
    rng = random.Random(5)
    for attempt in range(KILLS):
        building = begun(made, days[attempt % 2])
        time.sleep(rng.uniform(0, writing))
        os.killpg(building.pid, signal.SIGKILL)
        building.wait()
        assert made.site in sites, f"a mixture after attempt {attempt}"
        assert not group_lives(building.pid)
    assert made.build().code == 0
    assert made.site == sites[0]
    left = sorted(path.name for path in made.folder.iterdir())
    assert left == [*MEMORY, "content", "registry", "site", "site.yaml", "templates"]


def begun(made: Project, day: str) -> "subprocess.Popen[bytes]":
    """A build that has just begun to write."""
    before = staged(made)
    command = made.command("--as-of", day, "--quiet")
    building = subprocess.Popen(command, cwd=made.folder, env=clean_environment({}), start_new_session=True)
    deadline = time.monotonic() + 60
    while staged(made) in (before, None) and time.monotonic() < deadline:
        time.sleep(0.002)
    return building


def staged(made: Project) -> int | None:
    """When the staging folder last changed, if there is one."""
    try:
        return made.path(".site.starcert-next").stat().st_ctime_ns
    except FileNotFoundError:
        return None


def test_a_build_that_is_killed_alone_leaves_no_pagefind_behind(tmp_path: Path) -> None:
    """When only the build is killed, Pagefind ends too, because its input ends."""
    made = shipped(tmp_path)
    command = made.command("--as-of", DAY, "--quiet")
    for wait in (0.6, 0.9):
        building = subprocess.Popen(command, cwd=made.folder, env=clean_environment({}), start_new_session=True)
        time.sleep(wait)
        building.kill()
        building.wait()
        assert group_ends(building.pid)


def test_the_published_set_changes_on_next_change_and_not_before(tmp_path: Path) -> None:
    """The published set stays the same up to the day before `next-change`, and differs on that day."""
    made = project(tmp_path)
    made.add("99925SC00124R1M", ("expires: 2028-02-29", "expires: 2027-01-31"))
    assert made.run("next-change", "--as-of", DAY).out == "2027-02-01\n"
    published = []
    for day in (DAY, "2027-01-31", "2027-02-01"):
        assert made.run("--as-of", day).code == 0
        published.append(sorted(path.name for path in made.path("site/C").iterdir()))
    assert published == [[NUMBER, "99925SC00124R1M"], [NUMBER, "99925SC00124R1M"], [NUMBER]]
