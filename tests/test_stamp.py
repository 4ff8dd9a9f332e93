"""A build says in status.json which commit it shows and when it was made; a build without news says nothing new."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from golden import EPOCH
from project import CERTIFICATES, NUMBER, Project, project

COMMIT = "7dfc2b2aa0c5f1ab3ac19f2f0d8c2a6a3b1e4f55"


@pytest.fixture
def built(tmp_path: Path) -> Project:
    """A project with one certificate, built of a commit."""
    made = project(tmp_path)
    assert made.build("--commit", COMMIT).code == 0
    return made


def status(made: Project) -> dict[str, object]:
    """What status.json says."""
    said = json.loads(made.site["status.json"])
    assert isinstance(said, dict)
    return said


def test_status_names_the_commit_and_the_instant(built: Project) -> None:
    """The instant is that of SOURCE_DATE_EPOCH."""
    assert status(built)["commit"] == COMMIT
    assert status(built)["built_at"] == "2026-11-21T16:00:30Z"


def test_without_a_variable_the_instant_is_now(tmp_path: Path) -> None:
    """In UTC and whole seconds, whatever the time zone."""
    made = project(tmp_path)
    ended = made.command("--quiet")
    before = datetime.now(UTC).replace(microsecond=0)
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "America/St_Johns"}
    assert subprocess.run(ended, cwd=made.folder, env=environment, check=False).returncode == 0
    told = datetime.strptime(str(status(made)["built_at"]), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert before <= told <= before + timedelta(minutes=2)


def test_without_a_commit_it_is_null(built: Project) -> None:
    """Also where the site before had one."""
    assert built.build().code == 0
    assert status(built)["commit"] is None


def test_a_build_without_news_leaves_the_instant_alone(built: Project) -> None:
    """So it tells when what is there was made."""
    before = built.path("site/status.json").stat()
    assert built.build("--commit", COMMIT, SOURCE_DATE_EPOCH=str(int(EPOCH) + 60)).code == 0
    assert status(built)["built_at"] == "2026-11-21T16:00:30Z"
    assert built.path("site/status.json").stat().st_mtime_ns == before.st_mtime_ns


def test_another_commit_of_the_same_records_changes_status_alone(built: Project) -> None:
    """Such as one that only changed a text beside the register."""
    site = built.site
    assert built.build("--commit", "1234567", SOURCE_DATE_EPOCH=str(int(EPOCH) + 60)).code == 0
    assert status(built)["commit"] == "1234567"
    assert status(built)["built_at"] == "2026-11-21T16:01:30Z"
    assert [path for path, data in built.site.items() if data != site[path]] == ["status.json"]


def test_news_bring_a_new_instant(built: Project) -> None:
    """A record more."""
    built.add("99925SC00124R1M")
    assert built.build("--commit", COMMIT, SOURCE_DATE_EPOCH=str(int(EPOCH) + 60)).code == 0
    assert status(built)["built_at"] == "2026-11-21T16:01:30Z"


def test_the_counts_are_of_what_is_published(built: Project) -> None:
    """A certificate that is not valid is counted nowhere."""
    built.add("99925SC00124R1M", ("expires: 2028-02-29", "expires: 2026-11-21"))
    assert built.build().code == 0
    said = status(built)
    levels = said["levels"]
    assert said["published"] == 1
    assert isinstance(levels, dict)
    assert sum(sum(counts.values()) for counts in levels.values()) == 1
    assert built.path(f"{CERTIFICATES}/{NUMBER}.yaml").exists()


@pytest.mark.parametrize("commit", ["main", "7dfc2b", "7DFC2B2", "7dfc2b2 ", "a" * 65])
def test_a_commit_is_named_in_hexadecimal_digits(built: Project, commit: str) -> None:
    """Of which git gives at least seven."""
    ended = built.build("--commit", commit)
    assert ended.code == 2
    assert "must hold 7 to 64 digits of 0-9 and a-f, like 7dfc2b2" in ended.err or "fit" in ended.err


@pytest.mark.parametrize("epoch", ["", "yesterday", "-1", "1.5", "9" * 12])
def test_an_instant_that_is_none_is_refused(built: Project, epoch: str) -> None:
    """In one sentence."""
    ended = built.build(SOURCE_DATE_EPOCH=epoch)
    assert (ended.code, ended.err) == (
        2,
        f"Error: SOURCE_DATE_EPOCH is '{epoch}', but must be seconds since 1970 in digits; or unset it.\n",
    )
