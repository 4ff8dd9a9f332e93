"""`build.py limits`: how much of what the common hosts take a site uses."""

from datetime import date
from pathlib import Path

import pytest
from project import Project

from starcert.forge.limits import GB, HOSTS, MIB, Size, Use, size, uses


@pytest.fixture
def site(tmp_path: Path) -> Project:
    """A project's folder with a small site, which nobody needs to build."""
    made = Project(tmp_path)
    for name in ("site/index.html", "site/C/1/index.html", "site/C/2/index.html", "site/.hidden"):
        made.write(name, "x" * 1_000)
    made.write("site.yaml", (Path(__file__).parent.parent / "site.yaml").read_text(encoding="utf-8"))
    return made


def test_a_site_is_measured(site: Project) -> None:
    """Files, what folders hold, bytes; hidden files are not uploaded."""
    site.write("site/C/1/large", "x" * 5_000)
    assert size(site.path("site")) == Size(files=4, entries=7, bytes=8_000, largest=5_000, fullest=2)


@pytest.mark.parametrize(
    ("used", "verdict"), [(799, "good"), (800, "near"), (999, "near"), (1_000, "near"), (1_001, "passed")]
)
def test_a_limit_is_near_from_four_fifths_on_and_passed_beyond(used: int, verdict: str) -> None:
    """The limit itself is allowed."""
    assert Use(HOSTS["github"], "files", used, 1_000).verdict == verdict


def test_every_limit_of_every_host_is_shown(site: Project) -> None:
    """A line each, for an operator who looks for a host."""
    ended = site.call("limits")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "good    GitHub Pages (any plan): 0 of 1,000 MB in all",
        "good    GitLab Pages (gitlab.com): 6 of 200,000 files and folders",
        "good    GitLab Pages (gitlab.com): 0 of 1,000 MB in all",
        "good    Cloudflare Pages (free): 3 of 20,000 files",
        "good    Cloudflare Pages (free): 0 of 26 MB in one file",
        "good    Cloudflare Pages (paid): 3 of 100,000 files",
        "good    Cloudflare Pages (paid): 0 of 26 MB in one file",
        "good    Netlify (any plan): 2 of 54,000 entries of one folder",
    ]


def test_a_limit_that_is_passed_is_an_exit_code(site: Project) -> None:
    """Of the host that was asked about; a file with a hole costs no disk."""
    with site.path("site/C/1/large").open("wb") as file:
        file.truncate(GB + 1)
    ended = site.call("limits", "--host", "github")
    assert (ended.code, ended.out.splitlines()[0]) == (1, "passed  GitHub Pages (any plan): 1,000 of 1,000 MB in all")
    assert ended.out.splitlines()[1].startswith("source  https://docs.github.com/")
    assert site.call("limits", "--host", "netlify").code == 0
    assert site.call("limits", "--host", "cloudflare").code == 1


def test_a_site_that_is_not_there_is_told(site: Project) -> None:
    """In one sentence."""
    ended = site.call("limits", "--out", "nowhere")
    assert (ended.code, ended.err) == (2, "Error: nowhere/ is not there; build the site first.\n")


def test_every_limit_says_where_and_when_it_was_read() -> None:
    """Hosts change them."""
    for host in HOSTS.values():
        assert host.source.startswith("https://")
        assert date.fromisoformat(host.seen) >= date(2026, 11, 22)
        assert any(uses(Size(), host))
    assert HOSTS["cloudflare"].most == Size(files=20_000, largest=25 * MIB)
