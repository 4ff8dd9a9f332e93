"""Installing makes a bare repository publish; again, it brings it up to date and forgets nothing."""

import subprocess
from pathlib import Path

import pytest
from hosts import Hosted

from starcert.host import hooks, settings


@pytest.fixture
def host(tmp_path: Path) -> Hosted:
    """A folder in which nothing is installed yet, with two keys."""
    for name in ("zhang", "li"):
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", f"{name}@example.com", "-f", str(tmp_path / name)]
        subprocess.run(make, check=True)
    return Hosted(tmp_path)


def install(host: Hosted, *more: str) -> None:
    """Install for the site and the first key."""
    ended = host.host("install", "--site", str(host.site), "--operator", str(host.folder / "zhang.pub"), *more)
    assert (ended.code, ended.err) == (0, "")


def config(host: Hosted, key: str) -> str:
    return host.git("config", "--local", "--get", key, folder=host.repository)


def test_a_folder_that_is_not_there_becomes_a_repository_that_publishes(host: Hosted) -> None:
    """Bare, with main as its branch, both hooks, and the settings that they rely on."""
    install(host)
    assert config(host, "core.bare") == "true"
    assert host.git("symbolic-ref", "HEAD", folder=host.repository) == "refs/heads/main"
    for name in ("pre-receive", "post-receive"):
        assert (host.repository / "hooks" / name).stat().st_mode & 0o777 == 0o755
    wanted = {
        "receive.fsckObjects": "true",
        "transfer.fsckObjects": "true",
        "receive.denyDeletes": "true",
        "receive.denyNonFastForwards": "true",
        "receive.maxInputSize": "100000000",
        "receive.advertisePushOptions": "true",
        "receive.autogc": "false",
        "core.fsync": "all",
        "core.hooksPath": str(host.repository / "hooks"),
    }
    assert {key: config(host, key) for key in wanted} == wanted


def test_the_settings_name_site_and_operator(host: Hosted) -> None:
    """The key is held by whom its comment names; pushes must be signed."""
    install(host)
    said = settings.read(host.repository / "starcert" / "host.yaml")
    [operator] = said.operators
    assert (said.site, said.signatures, said.signed) == (host.site, "required", True)
    assert operator.holder == "zhang@example.com"
    assert str(operator.key) in (host.folder / "zhang.pub").read_text()


def test_again_changes_nothing(host: Hosted) -> None:
    """Not a byte of settings, hooks and git's settings, and nothing need be said again."""
    install(host)
    files = [host.repository / name for name in ("config", "starcert/host.yaml", "hooks/pre-receive")]
    before = [(path.read_bytes(), path.stat().st_mtime_ns) for path in files]
    ended = host.host("install")
    assert ended.code == 0
    assert ended.out.splitlines() == [
        f"{host.repository} publishes what is pushed to it. Next: build.py host file {host.repository} nginx, or caddy"
    ]
    assert [(path.read_bytes(), path.stat().st_mtime_ns) for path in files] == before


def test_again_mends_and_adds(host: Hosted) -> None:
    """A hook of ours is written anew, a setting put right, an operator added; comments and others' settings stay."""
    install(host)
    hook, said = host.repository / "hooks/post-receive", host.repository / "starcert/host.yaml"
    hook.write_text(f"#!/bin/sh\n{hooks.SIGN}\nexit 0\n")
    said.write_text("# our own words\n" + said.read_text())
    host.git("config", "receive.denyDeletes", "false", folder=host.repository)
    host.git("config", "gc.pruneExpire", "never", folder=host.repository)
    assert host.host("install", "--operator", str(host.folder / "li.pub")).code == 0
    assert "host publish" in hook.read_text()
    assert config(host, "receive.denyDeletes") == "true"
    assert config(host, "gc.pruneExpire") == "never"
    assert said.read_text().startswith("# our own words\n")
    holders = [key.holder for key in settings.read(said).operators]
    assert holders == ["zhang@example.com", "li@example.com"]


def test_the_site_and_the_signatures_can_be_changed(host: Hosted) -> None:
    """The operators stay."""
    install(host)
    other = host.folder / "other's site"
    assert host.host("install", "--site", str(other), "--unsigned").code == 0
    said = settings.read(host.repository / "starcert" / "host.yaml")
    assert (said.site, said.signed, len(said.operators)) == (other, False, 1)


def test_a_hook_of_somebody_else_stays(host: Hosted) -> None:
    """It is named, and nothing else is changed."""
    host.git("init", "--quiet", "--bare", "--template=", str(host.repository), folder=host.folder)
    (host.repository / "hooks").mkdir()
    hook = host.repository / "hooks" / "post-receive"
    hook.write_text("#!/bin/sh\nmail -s pushed operator\n")
    before = sorted(host.repository.rglob("*"))
    ended = host.host("install", "--site", str(host.site), "--unsigned")
    moved = "is there already and is not Starcert's: move it away, then install again."
    assert (ended.code, ended.err) == (2, f"Error: {hook} {moved}\n")
    assert hook.read_text() == "#!/bin/sh\nmail -s pushed operator\n"
    assert [path for path in sorted(host.repository.rglob("*")) if path.is_file()] == [p for p in before if p.is_file()]


def test_only_a_bare_repository_will_do(host: Hosted) -> None:
    """A folder with other things in it is left alone."""
    host.repository.mkdir()
    (host.repository / "letter.txt").write_text("dear")
    ended = host.host("install", "--site", str(host.site), "--unsigned")
    wanted = "is no bare repository of git: name one, or a folder that does not exist yet."
    assert (ended.code, ended.err) == (2, f"Error: {host.repository} {wanted}\n")
    assert [path.name for path in host.repository.iterdir()] == ["letter.txt"]


def test_the_site_must_be_ours_or_empty(host: Hosted) -> None:
    """So that no push can replace somebody's files."""
    host.site.mkdir()
    (host.site / "letter.txt").write_text("dear")
    ended = host.host("install", "--site", str(host.site), "--unsigned")
    assert ended.code == 2
    assert "holds files, but no site that Starcert built" in ended.err


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ([], "Say with --site which folder the site is to lie in."),
        (["--site", "/srv/site"], "Say with --operator whose key may change the register, or with --unsigned"),
        (["--site", "/srv/site", "--operator", "/nowhere.pub"], "/nowhere.pub cannot be read: No such file"),
        (["--site", "/srv/site", "--operator", "{zhang}"], "is a private key"),
        (["--site", "/srv/site", "--operator", "/etc/hostname"], "is no public key: name the file that ends with .pub"),
    ],
)
def test_what_is_missing_is_asked_for(host: Hosted, asked: list[str], told: str) -> None:
    """In one sentence; nobody signs only where that is said."""
    ended = host.host("install", *(part.format(zhang=host.folder / "zhang") for part in asked))
    assert ended.code == 2
    assert told in ended.err
    assert not (host.repository / "starcert").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("signatures: off\n", "site is missing"),
        ("site: site\nsignatures: off\n", "site must begin with a slash"),
        ("site: /srv/site\n", "operators is empty, so nobody could push"),
        ("site: /srv/site\nsignatures: maybe\n", "signatures is 'maybe', but must be required or off"),
        ("site: /srv/site\nsignature: off\n", "did you mean signatures?"),
    ],
)
def test_wrong_settings_are_named(host: Hosted, text: str, told: str) -> None:
    """By every command that needs them."""
    install(host)
    (host.repository / "starcert" / "host.yaml").write_text(text)
    ended = host.host("status")
    assert ended.code == 2
    assert told in ended.err


def test_a_host_that_is_not_installed_says_how(host: Hosted) -> None:
    """There is nothing to publish."""
    ended = host.host("publish")
    assert ended.code == 2
    assert "does not exist: make the repository publish with build.py host install." in ended.err
