"""A build publishes all or nothing, says what it did in its exit code, and fails in one sentence."""

import os
import pty
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from decoding import opened, zxing
from project import CERTIFICATES, DAY, MEMORY, NUMBER, Project, clean_environment, project, tree

from benchmarks.records import records, write
from starcert import raster
from starcert.output import Site

BROKEN_SCORE = ("score: 96.40", "score: 93.40")
LEVEL_TOLD = (
    f"{CERTIFICATES}/99925SC00124R1M.yaml:28:12: level is five-star, but the score 93.40 gives four-star "
    "(five-star needs 95.00) [level_matches_score]\n"
    "  28 |     level: five-star\n"
    "     |            ^\n"
)
DATE_TOLD = (
    f"{CERTIFICATES}/99925SC00125R1M.yaml:22:9: issued is '1 March 2025', but a day is written YYYY-MM-DD, "
    "like 2026-03-09 [day]\n"
    "  22 | issued: 1 March 2025\n"
    "     |         ^\n"
)


@pytest.fixture
def good(tmp_path: Path) -> Project:
    """A project that builds, not built yet."""
    return project(tmp_path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a site; each test leaves the site as it was."""
    made = project(tmp_path_factory.mktemp("built"))
    assert made.build().code == 0
    return made


def copy(built: Project, folder: Path) -> Project:
    """A project of one's own with the same site."""
    shutil.copytree(built.folder, folder, dirs_exist_ok=True)
    return Project(folder)


def beside(made: Project) -> list[str]:
    """What lies beside the site that belongs to it."""
    return sorted(path.name for path in made.folder.glob(".site*"))


def spoil(made: Project) -> None:
    """Put beside the good record whatever can be wrong in a registry."""
    made.add("99925SC00124R1M", BROKEN_SCORE)
    made.add("99925SC00125R1M", ("issued: 2025-03-01", "issued: 1 March 2025"))
    made.add("99925SC00126R1M", also="parent: 99925SC00125R1M\n")
    made.write(f"{CERTIFICATES}/99925SC00127R1M.yaml", "number: [")
    made.add("99925SC00128R1M", also="parent: 99925SC00127R1M\n")
    made.add("99925SC00129R1M", also="supersedes: 99925SC00123R1M\n")
    made.write(f"{CERTIFICATES}/stray.txt", "")
    made.path(f"{CERTIFICATES}/link.yaml").symlink_to(made.path("site.yaml"))
    os.mkfifo(made.path(f"{CERTIFICATES}/pipe.yaml"))
    made.path(f"{CERTIFICATES}/folder.yaml").mkdir()
    made.write(f"{CERTIFICATES}/two\nlines.yaml", "x: y\n")
    Path(os.fsdecode(bytes(made.path(CERTIFICATES)) + b"/\xff.yaml")).write_text("x: y\n")
    other = made.write("registry/bodies/other-cb.yaml", made.path("registry/bodies/example-cb.yaml").read_bytes())
    other.write_text(other.read_text().replace("CNCA-R-9999-999", "CNCA-R-9999-998"))
    made.add("99925SC00123R1M-1", folder=CERTIFICATES)
    made.add("99925SC00123R1M/1", folder="registry/certificates/other-cb")
    made.write("registry/bodies/broken-cb.yaml", "name: x\n")
    made.write("registry/schemes/broken.yaml", "name: x\n")
    made.write("registry/vocabularies/broken.yaml", "terms: []\n")


SPOILED = {
    "99925SC00124R1M.yaml": "level_matches_score",
    "99925SC00125R1M.yaml": "day",
    "99925SC00127R1M.yaml": "yaml_syntax",
    "99925SC00129R1M.yaml": "supersedes_is_mutual",
    "stray.txt": "file_kind",
    "link.yaml": "file_kind",
    "pipe.yaml": "file_kind",
    "folder.yaml": "file_kind",
    "two\\u000alines.yaml": "known_key",
    "\\xff.yaml": "known_key",
    "other-cb/99925SC00123R1M-1.yaml": "slug_is_unique",
    "broken-cb.yaml": "required_key",
    "broken.yaml": "required_key",
    "vocabularies/broken.yaml": "shape",
}


def headlines(text: str) -> list[str]:
    """The lines that name a problem, without the excerpts."""
    return [line for line in text.splitlines() if line.endswith("]")]


def test_two_problems_are_told_whole_and_nothing_is_published(good: Project) -> None:
    """A build prints each problem with its line, and a summary, to the standard error, and ends with 1."""
    good.add("99925SC00124R1M", BROKEN_SCORE)
    good.add("99925SC00125R1M", ("issued: 2025-03-01", "issued: 1 March 2025"))
    ended = good.build()
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == LEVEL_TOLD + DATE_TOLD + "2 problems in 3 records; site/ stays as it was.\n"
    assert not good.path("site").exists()


def test_one_run_names_every_problem_of_all_records_and_leaves_the_site(built: Project, tmp_path: Path) -> None:
    """Whatever is wrong, in records, rulebook or the folder itself, is told in one run; the site stays."""
    made = copy(built, tmp_path)
    spoil(made)
    ended = made.build()
    assert ended.code == 1
    assert made.site == built.site
    for name, rule in SPOILED.items():
        assert any(name in line and f"[{rule}]" in line for line in headlines(ended.err)), (name, ended.err)
    assert not any("99925SC00126R1M" in line or "99925SC00128R1M" in line for line in headlines(ended.err))
    assert beside(made) == []


def test_a_build_that_problems_stop_keeps_what_is_known_of_the_site(good: Project) -> None:
    """So the next one, when they are mended, does only what has changed; a first build that fails leaves nothing."""
    record = good.path(f"{CERTIFICATES}/{NUMBER}.yaml")
    text = record.read_text("utf-8")
    record.write_text(text.replace("region: 33", "region: 77"), "utf-8")
    assert good.call("--as-of", DAY).code == 1
    assert beside(good) == []
    record.write_text(text, "utf-8")
    assert good.call("--as-of", DAY).code == 0
    site, kept = good.site, [good.path(name).stat() for name in MEMORY]
    record.write_text(text.replace("region: 33", "region: 77"), "utf-8")
    assert good.call("--as-of", DAY).code == 1
    assert good.site == site
    now = [good.path(name).stat() for name in MEMORY]
    assert [(one.st_ino, one.st_ctime_ns) for one in now] == [(one.st_ino, one.st_ctime_ns) for one in kept]


def test_skip_broken_publishes_the_rest_and_names_what_is_left_out(built: Project, tmp_path: Path) -> None:
    """With --skip-broken the good records are published, exit 3; references to the others raise no new problem.

    Only a sub-certificate goes with its parent, which may no longer be valid.
    """
    made = copy(built, tmp_path)
    spoil(made)
    told = headlines(made.build().err)
    ended = made.build("--skip-broken")
    assert ended.code == 3
    assert headlines(ended.err) == told
    assert sorted(path.name for path in made.path("site/C").iterdir()) == [NUMBER]
    left_out = [line.removesuffix(" is left out of the site.") for line in ended.err.splitlines()[-10:]]
    assert left_out == [
        f"{CERTIFICATES}/99925SC00123R1M-1.yaml",
        f"{CERTIFICATES}/99925SC00124R1M.yaml",
        f"{CERTIFICATES}/99925SC00125R1M.yaml",
        f"{CERTIFICATES}/99925SC00126R1M.yaml",
        f"{CERTIFICATES}/99925SC00127R1M.yaml",
        f"{CERTIFICATES}/99925SC00128R1M.yaml",
        f"{CERTIFICATES}/99925SC00129R1M.yaml",
        f"{CERTIFICATES}/\\xff.yaml",
        f"{CERTIFICATES}/two\\u000alines.yaml",
        "registry/certificates/other-cb/99925SC00123R1M-1.yaml",
    ]
    assert "left out       10 with problems\n" in ended.out


@pytest.mark.parametrize("broken", ["schemes/gbt-27922-2011", "bodies/example-cb"])
def test_what_hangs_on_a_broken_record_of_the_rulebook_is_left_out_by_name(good: Project, broken: str) -> None:
    """A broken scheme or body takes its certificates off the site, and each of them is named."""
    good.write(f"registry/{broken}.yaml", "name: [\n")
    ended = good.call("--as-of", DAY, "--skip-broken")
    assert ended.code == 3
    assert headlines(ended.err)[0].startswith(f"registry/{broken}.yaml:")
    assert len(headlines(ended.err)) == 1
    assert ended.err.endswith(f"{CERTIFICATES}/{NUMBER}.yaml is left out of the site.\n")
    assert not good.path("site/C").exists()


@pytest.mark.parametrize("text", ["terms: [\n", None])
def test_without_a_vocabulary_certificates_stay_under_their_codes(good: Project, text: str | None) -> None:
    """With --skip-broken a slip in a list of provinces takes no certificate away and holds up no expiry."""
    path = good.path("registry/vocabularies/regions.yaml")
    path.unlink() if text is None else path.write_text(text)
    assert good.call("--as-of", DAY).code == 1
    ended = good.call("--as-of", DAY, "--skip-broken")
    assert (ended.code, len(headlines(ended.err))) == (3, 1)
    assert ">33，" in good.page(f"C/{NUMBER}")
    assert good.call("--as-of", "2028-03-01", "--skip-broken").code == 3
    assert not good.path("site/C").exists()


def test_a_broken_scheme_leaves_the_certificates_of_the_bodys_other_schemes(good: Project) -> None:
    """A body that issues two schemes, one of them broken, keeps its certificates of the other."""
    body = good.path("registry/bodies/example-cb.yaml")
    body.write_text(body.read_text() + "  - {scheme: gbt-27925-2011, since: 2014-06-01}\n")
    good.write("registry/schemes/gbt-27925-2011.yaml", "name: [\n")
    assert good.call("--as-of", DAY, "--skip-broken").code == 3
    assert [path.name for path in good.path("site/C").iterdir()] == [NUMBER]


@pytest.mark.parametrize("first", ["a-body", "z-body"])
def test_of_two_records_of_one_number_neither_is_published(good: Project, first: str) -> None:
    """A body cannot put its own record at the address of another's, whichever comes first by name."""
    body = good.path("registry/bodies/example-cb.yaml").read_text()
    good.write(f"registry/bodies/{first}.yaml", body.replace("CNCA-R-9999-999", "CNCA-R-9999-998"))
    good.write(f"registry/certificates/{first}/{NUMBER}.yaml", good.path(f"{CERTIFICATES}/{NUMBER}.yaml").read_bytes())
    ended = good.call("--as-of", DAY, "--skip-broken")
    assert ended.code == 3
    assert len(headlines(ended.err)) == 1
    assert ended.err.count(" is left out of the site.\n") == 2
    assert not good.path("site/C").exists()


def test_a_broken_record_keeps_its_address_from_others(good: Project) -> None:
    """Of two records of one number, the sound one is not published while the other cannot be read."""
    body = good.path("registry/bodies/example-cb.yaml").read_text()
    good.write("registry/bodies/other-cb.yaml", body.replace("CNCA-R-9999-999", "CNCA-R-9999-998"))
    good.add(NUMBER, also="colour: red\n", folder="registry/certificates/other-cb")
    assert good.call("--as-of", DAY, "--skip-broken").code == 3
    assert not good.path("site/C").exists()


def test_a_copy_under_a_wrong_name_takes_nothing_away(good: Project) -> None:
    """It is left out, and the record that it was copied from stays."""
    good.write(f"{CERTIFICATES}/99925SC00124R1M.yaml", good.path(f"{CERTIFICATES}/{NUMBER}.yaml").read_bytes())
    ended = good.call("--as-of", DAY, "--skip-broken")
    assert (ended.code, ended.err.count(" is left out of the site.\n")) == (3, 1)
    assert [path.name for path in good.path("site/C").iterdir()] == [NUMBER]


def test_an_audit_held_later_is_not_known_on_the_day(good: Project) -> None:
    """A site for an earlier day shows the level, the audits and the due day as they stood then."""
    later = "  - kind: surveillance\n    date: 2026-12-05\n    score: 92.00\n    level: four-star\n"
    good.add(NUMBER, ("level: five-star\nholder", "level: four-star\nholder"), also=later)
    good.call("--as-of", DAY)
    before = good.page(f"C/{NUMBER}")
    good.call("--as-of", "2026-12-05")
    on = good.page(f"C/{NUMBER}")
    assert ("五星级" in before, "四星级" in before, "2026-12-05" in before) == (True, False, False)
    assert ("五星级" in on, "四星级" in on, "2026-12-05" in on) == (False, True, True)


def test_a_stray_file_alone_ends_with_3_as_well(good: Project) -> None:
    """With --skip-broken a record that is a link is not published, and the exit code says so."""
    good.path(f"{CERTIFICATES}/99925SC00124R1M.yaml").symlink_to(good.path(f"{CERTIFICATES}/{NUMBER}.yaml"))
    assert good.call("--as-of", DAY, "--skip-broken").code == 3


def test_what_a_link_points_to_is_not_printed(good: Project) -> None:
    """The words of a file outside the registry stay out of the output, since builds print for everyone to read."""
    secret = good.write("secret.txt", "the secret\n")
    good.path(f"{CERTIFICATES}/link.yaml").symlink_to(secret)
    ended = good.call("--as-of", DAY)
    assert ended.err == (
        f"{CERTIFICATES}/link.yaml:1:1: is a symbolic link: put the file itself here [file_kind]\n"
        "1 problem in 1 record; site/ stays as it was.\n"
    )


def test_warnings_are_printed_and_block_nothing(good: Project) -> None:
    """A record with a warning is published, the warning is printed, and the build ends with 0."""
    good.add("X1")
    ended = good.call("--as-of", DAY, "--quiet")
    assert (ended.code, ended.out) == (0, "")
    assert [line.rpartition("[")[2] for line in headlines(ended.err)] == ["number_matches_body]"]
    assert good.path("site/C/X1/index.html").exists()


def test_a_build_says_what_it_counted(good: Project) -> None:
    """A build ends with the records, the published, the left out by status, the next change, and where it lies."""
    good.add("99925SC00124R1M", also="decisions:\n  - {kind: withdrawn, date: 2026-05-01, reason: 示例}\n")
    lines = good.call("--as-of", DAY).out.splitlines()
    assert lines[:4] == [
        "records read   2",
        f"published      1, valid on {DAY}",
        "left out       1 withdrawn",
        "next change    2027-03-12",
    ]
    assert lines[4].startswith("seconds        ")
    assert lines[5:] == ["written to     site/; look at it with: make serve"]


def without(name: str) -> object:
    """Takes a file or folder away."""

    def change(made: Project) -> None:
        path = made.path(name)
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return change


def holding(name: str, text: str | bytes) -> object:
    """Puts that text in a file."""
    return lambda made: made.write(name, text)


MISUSES = {
    "no registry": (without("registry"), (), "There is no registry at registry: name the folder that holds"),
    "no site.yaml": (without("site.yaml"), (), "site.yaml cannot be read: No such file or directory."),
    "broken site.yaml": (holding("site.yaml", "name: ["), (), "site.yaml:2:1: "),
    "no templates": (without("templates"), (), "There is no folder templates/i18n: to build takes templates/ and "),
    "no assets": (without("templates/assets"), (), "templates/assets: No such file or directory."),
    "no template": (without("templates/home.html"), (), "'home.html' not found in search path: 'templates'"),
    "no content": (without("content"), (), "content/zh is missing: make it, and put the texts of that language there"),
    "foreign site": (holding("site/thesis.txt", "mine"), (), "holds files, but no site that Starcert built"),
    "as of nonsense": (None, ("--as-of", "soon"), "it is 'soon', but a day is written YYYY-MM-DD, like 2026-03-09"),
    "as of no day": (None, ("--as-of", "2026-02-30"), "it is 2026-02-30, a day that is not in the calendar"),
    "as of a week": (None, ("--as-of", "2026-W10-1"), "but a day is written YYYY-MM-DD"),
    "as of doomsday": (None, ("--as-of", "9999-12-31"), "but the year must be from 1990 to 2199"),
    "unknown command": (None, ("chek",), "No such command 'chek'. (Did you mean one of: 'check', 'schema'?)"),
    "unknown option": (None, ("--as-off", DAY), "No such option '--as-off'."),
    "no address": (None, ("--base-url", "http://["), "http://[ is no address of a site; write one like https://"),
}


@pytest.mark.parametrize("misuse", MISUSES)
def test_a_mistake_of_the_operator_is_one_sentence(good: Project, misuse: str) -> None:
    """What the operator got wrong is said in one line after `Error:`, with exit code 2."""
    change, arguments, sentence = MISUSES[misuse]
    if callable(change):
        change(good)
    before = good.site
    ended = good.call(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[-1].startswith("Error: ")
    assert sentence in ended.err.splitlines()[-1]
    assert good.site == before


@pytest.mark.parametrize("template", [b"{% if %}", b"{{ nothing.there }}", b'{% include "_none.html" %}', b"\xff"])
def test_a_broken_template_is_one_sentence_and_leaves_the_site(built: Project, tmp_path: Path, template: bytes) -> None:
    """A broken template, even one rendered late, ends a build with 2 and names itself."""
    made = copy(built, tmp_path)
    made.write("templates/home.html", template)
    ended = made.build()
    assert ended.code == 2
    assert ended.err.startswith("Error: ")
    assert "home.html" in ended.err


@pytest.mark.parametrize("template", [b"{% if %}", b"{{ 1 / 0 }}"])
def test_an_exception_in_rendering_leaves_the_site(built: Project, tmp_path: Path, template: bytes) -> None:
    """Whatever goes wrong while pages are rendered, even late, the site and its folder stay as they were."""
    made = copy(built, tmp_path)
    made.write("templates/home.html", template)
    command = made.command("--as-of", DAY)
    ended = subprocess.run(command, cwd=made.folder, env=clean_environment({}), capture_output=True, check=False)
    assert ended.returncode != 0
    assert made.site == built.site
    assert beside(made) == []


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ("", "does not start"),
        ("#!/bin/sh\nkill -9 $$\n", "Pagefind stopped before it was done (signal 9)"),
        ("#!/bin/sh\nexit 7\n", "Pagefind stopped before it was done (exit code 7)"),
    ],
)
def test_a_missing_or_dying_pagefind_leaves_the_site(
    built: Project, tmp_path: Path, program: str, sentence: str
) -> None:
    """A build whose search index fails ends with 2 and one sentence, and the site stays."""
    made = copy(built, tmp_path / "project")
    pagefind = tmp_path / "pagefind"
    if program:
        pagefind.write_text(program)
        pagefind.chmod(0o755)
    start = f"import sys; from pathlib import Path; sys.path.insert(0, {str(Path(__file__).parent.parent)!r}); "
    start += f"from starcert.search import index; index.PROGRAM = Path({str(pagefind)!r}); import build; build.main()"
    command = [sys.executable, "-B", "-c", start, "--as-of", DAY]
    ended = subprocess.run(
        command, cwd=made.folder, env=clean_environment({}), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr.startswith("Error: the search index cannot be built: ")
    assert sentence in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert made.site == built.site
    assert beside(made) == []


def test_options_of_the_program_count_after_a_command_too(good: Project) -> None:
    """`check --as-of DAY --quiet` means what `--as-of DAY --quiet check` means."""
    assert good.call("next-change", "--as-of=2027-03-12").out == "none\n"
    ended = good.call("check", "--as-of", DAY, "--quiet")
    assert (ended.code, ended.out, ended.err) == (0, "", "")


@pytest.mark.parametrize("root", ["", "/stars"])
def test_base_url_is_the_address_everywhere(good: Project, root: str) -> None:
    """--base-url is on the certificate's page, in the sitemap and before every internal link."""
    address = f"https://x.example{root}"
    assert good.call("--as-of", DAY, "--base-url", f"{address}/").code == 0
    page = good.page(f"C/{NUMBER}")
    assert f'<link rel="canonical" href="{address}/C/{NUMBER}/">' in page
    assert f"<loc>{address}/C/{NUMBER}/</loc>" in good.path("site/sitemap.xml").read_text()
    assert "//stars.example" not in page
    links = {part.split('"')[0] for part in page.split(' href="')[1:]} | {
        part.split('"')[0] for part in page.split(' src="')[1:]
    }
    internal = {link for link in links if link.startswith("/")}
    assert internal
    assert all(link.startswith(f"{root}/") and not link.startswith("//") for link in internal)
    [code] = re.findall(r'<svg [^>]*class="[^"]*qr[^"]*".*?</svg>', page, re.DOTALL)
    picture = opened(raster.png(code.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1), 600, 600))
    printed = f"{address}/C/{NUMBER}/"
    assert zxing(picture) == {printed if root else printed.upper()}


def on_a_terminal(made: Project, *arguments: str, **environment: str) -> str:
    """What build.py prints to a terminal."""
    ours, theirs = pty.openpty()
    ended = subprocess.Popen(
        made.command("--as-of", DAY, *arguments),
        cwd=made.folder,
        env=clean_environment({"TERM": "xterm", **environment}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    printed = b""
    try:
        while piece := os.read(ours, 65536):
            printed += piece
    except OSError:  # the terminal's other end is closed
        pass
    ended.wait()
    os.close(ours)
    return printed.decode()


def test_a_terminal_shows_progress_and_colours_unless_told_not_to(good: Project) -> None:
    """A bar and colours are for terminals: NO_COLOR takes the colours away, --quiet the bar, a pipe both."""
    write(((name, text) for name, text in records(3) if "certificates" in name), good.path("registry"))
    good.add("99925SC00124R1M", BROKEN_SCORE)
    shown = on_a_terminal(good)
    assert "\x1b[31mproblem\x1b[0m" in shown
    assert "100%" in shown
    plain = on_a_terminal(good, "--quiet", NO_COLOR="1")
    assert "\x1b[3" not in plain
    assert "100%" not in plain
    piped = good.build()
    assert "\x1b" not in piped.err + piped.out
    assert "100%" not in piped.err + piped.out


def test_records_in_chinese_are_printed_whatever_the_output_takes(good: Project) -> None:
    """A terminal that cannot show Chinese gets escapes, not a crash."""
    good.add("99925SC00124R1M", ("scope: 家用电器的售后服务", "scope: 家用电器的售后服务\n范围: 家电"))
    assert good.run("check", PYTHONIOENCODING="latin-1").code == 1


def test_whoever_stops_reading_gets_no_traceback(good: Project) -> None:
    """Output into a closed pipe ends the run quietly."""
    reader, writer = socket.socketpair()
    reader.close()
    with writer:
        ended = subprocess.run(
            good.command("check"),
            cwd=good.folder,
            env=clean_environment({}),
            stdout=writer.fileno(),
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert "Traceback" not in ended.stderr


def test_the_site_of_another_build_in_progress_is_waited_for(good: Project) -> None:
    """A build that finds another one writing says so, and publishes when that one is done."""
    with Site(good.path("site")) as site:
        site.write("status.json", b'{"generator": "Starcert 0.1.0"}')
        waiting = subprocess.Popen(
            good.command("--as-of", DAY), cwd=good.folder, env=clean_environment({}), stdout=subprocess.PIPE, text=True
        )
        assert waiting.stdout
        assert waiting.stdout.readline().startswith("Another build is writing ")
    assert waiting.communicate(timeout=60)
    assert waiting.returncode == 0
    assert f"C/{NUMBER}/index.html" in tree(good.path("site"))
