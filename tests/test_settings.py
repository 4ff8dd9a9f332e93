"""What the operator writes in site.yaml and DEMONSTRATION.yaml is read, or refused in words."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from project import DAY, NUMBER, Project, project

from starcert.register import Demonstration, Register
from starcert.settings import SettingsError, read_demonstration, read_register, with_address

SITE = """\
name: 服务认证公示
name_en: Service Register
address: https://stars.example
languages: [zh, en]
contact: register@stars.example
"""
UNTIL = date(2027, 6, 30)
NOTICES = ("演示：企业与证书均为虚构", "Demonstration: companies and certificates are made up")


def read(folder: Path, text: str) -> Register:
    path = folder / "site.yaml"
    path.write_text(text, encoding="utf-8")
    return read_register(path)


def refused(folder: Path, text: str) -> str:
    with pytest.raises(SettingsError) as error:
        read(folder, text)
    return str(error.value).replace(f"{folder}/", "")


def test_site_yaml_describes_the_register(tmp_path: Path) -> None:
    """Every key of site.yaml is a fact of the register; pages speak for today for 26 hours unless it says else."""
    register = Register(
        "服务认证公示", "Service Register", "https://stars.example", ("zh", "en"), "register@stars.example"
    )
    assert read(tmp_path, SITE) == register
    assert register.fresh_hours == 26


def test_an_address_may_end_in_a_slash(tmp_path: Path) -> None:
    """The address is kept without its final slash, so that no link has two."""
    assert read(tmp_path, SITE.replace("//stars.example", "//stars.example/")).address == "https://stars.example"


def test_an_unknown_key_is_told_with_the_nearest(tmp_path: Path) -> None:
    """A misspelt key of site.yaml is told with its place and the right spelling."""
    assert refused(tmp_path, SITE + "fresh_hour: 3\n") == (
        "site.yaml:6:1: fresh_hour is not a key of this record; did you mean fresh_hours? [known_key]"
    )


def test_every_mistake_in_site_yaml_is_told_at_once(tmp_path: Path) -> None:
    """Two mistakes give two lines."""
    lines = refused(tmp_path, SITE.replace("https://", "ftp://").replace("@", " at ")).splitlines()
    assert [line.rpartition("[")[2] for line in lines] == ["link]", "code]"]


@pytest.mark.parametrize("languages", ["[en]", "[en, zh]", "[zh, zh]"])
def test_chinese_comes_first(tmp_path: Path, languages: str) -> None:
    """A site without the Chinese pages, which lie at its root, is refused, and so is a language named twice."""
    told = refused(tmp_path, SITE.replace("[zh, en]", languages))
    assert told == "site.yaml: languages must be zh alone, or zh and then en."


@pytest.mark.parametrize(
    "address",
    [
        "https://stars.example?a=b",
        "https://stars.example/#top",
        "https://user@stars.example",
        "https://stars.example:99999",
        "https://stars.example/<b>",
        "https://stars.example/a//b",
        "https://stars.example/../x",
        "https://stars .example",
        "ftp://stars.example",
        "https://",
        "stars.example",
        "http://[",
        "",
    ],
)
def test_what_is_no_address_of_a_site_is_refused(tmp_path: Path, address: str) -> None:
    """An address is a host and perhaps a port and a folder, since pages are put below it."""
    with pytest.raises(SettingsError, match=r"is no address of a site; write one like https://stars\.example$"):
        with_address(read(tmp_path, SITE), address)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "https://x.example/stars", "https://x.example:8443/a/b-c"]
)
def test_a_trial_may_have_another_address(tmp_path: Path, address: str) -> None:
    """A host, a port, a folder below a host and plain http will do for a trial."""
    assert with_address(read(tmp_path, SITE), address + "/").address == address


@pytest.mark.parametrize(("today", "day"), [(-1, -1), (0, 0), (1, 0), (1000, 0)])
def test_a_demonstration_is_shown_as_of_today_until_its_last_day(today: int, day: int) -> None:
    """The day before, and on, its last day it is built for today; ever after for that last day."""
    shown = Demonstration(UNTIL).day(UNTIL + timedelta(days=today))
    assert shown == UNTIL + timedelta(days=day)


def test_a_registry_without_the_file_is_no_demonstration(tmp_path: Path) -> None:
    """Real registers have no DEMONSTRATION.yaml."""
    assert read_demonstration(tmp_path) is None


def test_a_demonstration_that_cannot_be_read_is_not_taken_for_a_real_register(tmp_path: Path) -> None:
    """A dangling link or a wrong day is refused: else made-up records would be published as real ones."""
    (tmp_path / "DEMONSTRATION.yaml").symlink_to(tmp_path / "gone")
    with pytest.raises(SettingsError, match=r"DEMONSTRATION.yaml cannot be read: No such file or directory\.$"):
        read_demonstration(tmp_path)


def pages(made: Project) -> dict[str, str]:
    return {path: data.decode() for path, data in made.site.items() if path.endswith(".html")}


def test_every_page_of_a_demonstration_says_so_and_no_other_page_does(tmp_path: Path) -> None:
    """With DEMONSTRATION.yaml each page, in its language, says that the records are made up; without it none does."""
    made = project(tmp_path)
    assert made.call("--as-of", DAY).code == 0
    real = pages(made)
    made.write("registry/DEMONSTRATION.yaml", f"until: {UNTIL}\n")
    assert made.call("--as-of", DAY).code == 0
    shown = pages(made)
    assert f"C/{NUMBER}/index.html" in shown
    assert shown.keys() == real.keys()
    assert [path for path, text in shown.items() if not any(notice in text for notice in NOTICES)] == []
    assert [path for path, text in real.items() if any(notice in text for notice in NOTICES)] == []


def test_a_demonstration_past_its_last_day_is_built_for_that_day(tmp_path: Path) -> None:
    """Without --as-of, a demonstration that ended yesterday is built for its last day; a real register for today."""
    made = project(tmp_path)
    made.write("registry/DEMONSTRATION.yaml", "until: 2026-03-09\n")
    assert "published      1, valid on 2026-03-09\n" in made.run().out
    assert f"valid on {DAY}\n" in made.call("--as-of", DAY).out
