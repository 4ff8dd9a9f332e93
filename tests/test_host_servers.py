"""nginx and Caddy, told what `host file` writes, serve a site as the README asks of a static host."""

import gzip
import re
import subprocess
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest
from hosts import NUMBER, Hosted, hosted
from servers import SERVERS, asked, serving

from starcert import headers

PAGE = f"/C/{NUMBER}/"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Hosted:
    """A host whose site shows its one certificate, and has had another stylesheet."""
    made = hosted(tmp_path_factory.mktemp("host"))
    made.send("first")
    assert made.host("publish").code == 0
    style = made.clone / "templates/assets/style.css"
    style.write_bytes(style.read_bytes() + b"/* new */\n")
    made.send("second")
    assert made.host("publish").code == 0
    return made


@pytest.fixture(scope="module", params=SERVERS)
def address(host: Hosted, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site's address at each server."""
    written = host.host("file", request.param)
    assert (written.code, written.err) == (0, "")
    with serving(request.param, written.out, tmp_path_factory.mktemp(request.param)) as at:
        yield at


def test_pages_are_served_by_their_folders(host: Hosted, address: str) -> None:
    """As UTF-8, with the site's bytes."""
    for path in ("/", "/en/", PAGE, "/search/"):
        status, said, data = asked(address, path)
        assert (status, said["content-type"]) == (200, "text/html; charset=utf-8")
        assert data == (host.site / path[1:] / "index.html").read_bytes()


def test_a_folder_without_its_slash_leads_to_it(address: str) -> None:
    """On the same host and scheme, whatever stands before the server."""
    status, said, _ = asked(address, PAGE.rstrip("/"))
    assert status in (301, 308)
    assert said["location"] == PAGE


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/C/",
        f"/c/{NUMBER}/",
        f"/C/{NUMBER.lower()}/",
        f"{PAGE}index.htm",
        "/assets/",
        "/assets/style-00000000.css",
        "/ASSETS/",
        "/.git/config",
        "/.site.starcert-memory",
        "/.well-known/nothing",
        "/register.git/config",
    ],
)
def test_what_is_missing_gets_the_answer_for_that(host: Hosted, address: str, path: str) -> None:
    """The register's 404.html with status 404, kept by no cache, under the same policy; capitals are told apart."""
    status, said, data = asked(address, path)
    assert status == 404
    assert data == (host.site / "404.html").read_bytes()
    assert (said["cache-control"], said["content-security-policy"]) == (headers.ASK, headers.POLICY)


@pytest.mark.parametrize(
    "path", ["/C/../../register.git/config", "/%2e%2e/register.git/config", "/..%2fregister.git/HEAD"]
)
def test_nothing_beside_the_site_is_served(address: str, path: str) -> None:
    """However the way there is written."""
    status, _, data = asked(address, path)
    assert status in (400, 404)
    assert b"repositoryformatversion" not in data
    assert b"refs/heads" not in data


@pytest.mark.parametrize("path", ["/", PAGE, "/status.json", "/nothing", "/roll/000.json", "/search/"])
def test_every_answer_has_the_headers(address: str, path: str) -> None:
    """What is missing has them too; the server's version is not told."""
    _, said, _ = asked(address, path)
    assert {name: said.get(name.lower()) for name in headers.ALWAYS} == headers.ALWAYS
    policy = headers.SEARCH_POLICY if path == "/search/" else headers.POLICY
    assert said["content-security-policy"] == policy
    assert said["cache-control"] == headers.ASK
    assert not re.search(r"\d", said.get("server", ""))


def test_only_what_is_named_after_its_bytes_is_kept(host: Hosted, address: str) -> None:
    """For a year; everything else is asked for anew each time, and not sent twice."""
    for asset in (host.site / "assets").iterdir():
        status, said, data = asked(address, f"/assets/{asset.name}")
        assert (status, said["cache-control"], data) == (200, headers.KEEP, asset.read_bytes())
    status, said, _ = asked(address, PAGE)
    assert (status, said["cache-control"]) == (200, "no-cache")
    assert "last-modified" in said
    status, _, data = asked(address, PAGE, If_None_Match=said["etag"])
    assert (status, data) == (304, b"")


def test_a_cached_answer_for_nothing_is_sent_again(host: Hosted, address: str) -> None:
    """With its text, not as 'not modified'."""
    _, said, data = asked(address, "/nothing")
    status, _, again = asked(address, "/nothing", If_None_Match=said.get("etag", '"x"'), Range="bytes=0-9")
    assert (status, again) == (404, data)


def test_former_assets_are_still_served(host: Hosted, address: str) -> None:
    """For whoever has an old page open."""
    present = {asset.name for asset in (host.site / "assets").iterdir()}
    [former] = [asset for asset in (host.folder / "site.former/assets").iterdir() if asset.name not in present]
    status, said, data = asked(address, f"/assets/{former.name}")
    assert (status, data) == (200, former.read_bytes())
    assert (said["cache-control"], said["content-type"].split(";")[0]) == (headers.KEEP, "text/css")


def test_texts_are_sent_compressed(host: Hosted, address: str) -> None:
    """Where the browser takes that."""
    [style] = (host.site / "assets").glob("style-*.css")
    for path, file in {PAGE: host.site / PAGE[1:] / "index.html", f"/assets/{style.name}": style}.items():
        _, said, data = asked(address, path, Accept_Encoding="gzip")
        assert (said["content-encoding"], gzip.decompress(data)) == ("gzip", file.read_bytes())
        assert said["vary"].lower() == "accept-encoding"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/status.json", "application/json"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/feed.xml", "text/xml"),
        ("/robots.txt", "text/plain"),
        ("/icon-192.png", "image/png"),
    ],
)
def test_files_have_their_types(address: str, path: str, kind: str) -> None:
    """Since browsers are told not to guess."""
    assert asked(address, path)[1]["content-type"].split(";")[0] == kind


def test_the_units_are_sound(host: Hosted, tmp_path: Path) -> None:
    """systemd finds no fault with them, where it is there; they run the timer's publication as the owner."""
    for kind in ("service", "timer"):
        (tmp_path / f"starcert.{kind}").write_text(host.host("file", kind).out)
    units = [str(tmp_path / "starcert.service"), str(tmp_path / "starcert.timer")]
    checked = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(units[0])
    service = unit["Service"]
    assert service["ExecStart"].endswith(f"build.py host publish {host.repository} --timer")
    assert service["User"] == host.repository.owner()
    assert service["ReadWritePaths"] == f"{host.repository} {host.folder}"


def test_the_timer_runs_after_midnight_in_china_and_hourly(host: Hosted) -> None:
    """And makes up for what was missed."""
    said = host.host("file", "timer").out
    for line in ("OnCalendar=*-*-* 00:00:30 Asia/Shanghai", "OnCalendar=hourly", "Persistent=true"):
        assert f"\n{line}\n" in said


def test_before_the_first_push_the_address_must_be_said(tmp_path: Path) -> None:
    """Since it stands in site.yaml."""
    made = hosted(tmp_path)
    assert made.host("file", "nginx").code == 2
    assert "server_name other.example;" in made.host("file", "nginx", "--address", "https://other.example").out


@pytest.mark.parametrize("kind", ["nginx", "caddy", "service"])
def test_a_path_that_would_be_misread_is_refused(tmp_path: Path, kind: str) -> None:
    """No file is written with it."""
    made = hosted(tmp_path / "a b")
    ended = made.host("file", kind, "--address", "https://stars.example")
    assert (ended.code, ended.out) == (2, "")
    assert "holds a character that systemd, nginx or Caddy would misread: choose a plainer path." in ended.err


def test_a_file_is_printed_or_written(tmp_path: Path) -> None:
    """As is asked for, with the same text."""
    made, out = hosted(tmp_path / "host"), tmp_path / "starcert.timer"
    asked = ("timer", "--address", "https://stars.example")
    ended = made.host("file", *asked, "--to", str(out))
    assert (ended.code, ended.out) == (0, f"{out} written\n")
    assert out.read_text() == made.host("file", *asked).out
    ended = made.host("file", *asked, "--to", str(tmp_path / "nowhere/timer"))
    assert (ended.code, ended.err) == (
        2,
        f"Error: {tmp_path}/nowhere/timer cannot be written: No such file or directory.\n",
    )
