"""A folder is read into verdicts: each file on its own, whatever else lies there."""

import os
from pathlib import Path

import pytest
from records import BODY, RECORD, problems_in, varied, write_registry

from starcert.disk import record_files
from starcert.registry import Registry, open_registry
from starcert.textfile import MOST_BYTES
from starcert.vocabulary import Term

NUMBER = "99925SC00123R1M"
PATH = f"certificates/{BODY}/{NUMBER}.yaml"


def registry(folder: Path, files: dict[str, str] | None = None) -> Registry:
    return open_registry(write_registry(folder, {PATH: RECORD} if files is None else files))


def told(folder: Path) -> list[str]:
    return [str(problem).replace(f"{folder}/", "") for problem in problems_in(folder)]


def test_a_good_record_becomes_a_certificate(tmp_path: Path) -> None:
    """The verdict on a good record has the certificate, what ties it to others, and no problem."""
    [verdict] = registry(tmp_path).verdicts()
    assert verdict.certificate
    assert verdict.tie
    assert (verdict.number, verdict.certificate.number, verdict.tie.number) == (NUMBER,) * 3
    assert verdict.problems == ()


def test_verdicts_come_in_the_order_of_paths_but_for_what_is_left_out(tmp_path: Path) -> None:
    """Files are judged by name, however the disk lists them; those whose paths are given are passed over."""
    numbers = ["99925SC00125R1M", "99925SC00123R1M", "99925SC00124R1M"]
    files = {f"certificates/{BODY}/{number}.yaml": varied((NUMBER, number)) for number in numbers}
    opened = registry(tmp_path, files)
    assert [verdict.number for verdict in opened.verdicts()] == sorted(numbers)
    left_out = frozenset({str(tmp_path / f"certificates/{BODY}/99925SC00124R1M.yaml")})
    assert [verdict.number for verdict in opened.verdicts(left_out)] == ["99925SC00123R1M", "99925SC00125R1M"]


def test_an_odd_number_at_an_address_of_ones_own_is_a_warning_only(tmp_path: Path) -> None:
    """A number that is like one of its own body is no other's, though another body numbers in the same way."""
    odd = f"{NUMBER}-1"
    registry(tmp_path, {f"certificates/{BODY}/{odd}.yaml": varied((NUMBER, odd))})
    body = tmp_path / f"bodies/{BODY}.yaml"
    (tmp_path / "bodies/other-cb.yaml").write_text(body.read_text().replace("CNCA-R-9999-999", "CNCA-R-9999-998"))
    assert [line.rpartition(" ")[2] for line in told(tmp_path)] == ["[number_matches_body]"]


def test_a_missing_registry_is_said(tmp_path: Path) -> None:
    """Without the folder there is nothing to judge."""
    with pytest.raises(FileNotFoundError, match=r"^There is no registry at .*none: name the folder that holds"):
        open_registry(tmp_path / "none")


def test_an_empty_registry_needs_its_vocabularies(tmp_path: Path) -> None:
    """A folder that holds nothing is told what it lacks."""
    assert [line.rpartition(": ")[0].replace(str(tmp_path), "") for line in told(tmp_path)] == [
        ":1:1: vocabularies/industries.yaml is missing",
        ":1:1: vocabularies/regions.yaml is missing",
    ]


def test_a_registry_without_certificates_is_in_order(tmp_path: Path) -> None:
    """Git keeps no empty folder, so a register that begins has none."""
    opened = registry(tmp_path, {})
    assert ([*opened.files], opened.problems) == ([], ())


@pytest.mark.parametrize("name", ["schemes", "bodies", "vocabularies", "certificates"])
def test_a_folder_of_records_that_is_no_folder_is_a_problem(tmp_path: Path, name: str) -> None:
    """A file or a dangling link in a folder's place is not taken for a folder without records."""
    registry(tmp_path)
    moved = tmp_path / name
    moved.rename(tmp_path / "moved")
    moved.write_text("x")
    assert f"{name}:1:1: the folder cannot be read: Not a directory [file_readable]" in told(tmp_path)
    moved.unlink()
    moved.symlink_to(tmp_path / "gone")
    assert f"{name}:1:1: the folder cannot be read: No such file or directory [file_readable]" in told(tmp_path)


def test_what_does_not_belong_in_a_folder_of_records_is_told(tmp_path: Path) -> None:
    """Every stray entry gets its own advice; README.md and hidden files are none of our business."""
    folder = Path(next(iter(registry(tmp_path).files)).path).parent
    (folder / "README.md").write_text("x")
    (folder / ".DS_Store").write_text("x")
    (folder / "notes.txt").write_text("x")
    (folder / "record.yml").write_text(RECORD)
    (folder / "folder").mkdir()
    (folder / "link.yaml").symlink_to(folder / f"{NUMBER}.yaml")
    os.mkfifo(folder / "pipe.yaml")
    (folder.parent / "loose.yaml").write_text(RECORD)
    (folder.parent / "README.md").write_text("x")
    assert told(tmp_path) == [
        f"certificates/{BODY}/folder:1:1: is a folder, but only records belong here: move its files up [file_kind]",
        f"certificates/{BODY}/link.yaml:1:1: is a symbolic link: put the file itself here [file_kind]",
        f"certificates/{BODY}/notes.txt:1:1: does not end in .yaml: rename it to notes.yaml, or remove it [file_kind]",
        f"certificates/{BODY}/pipe.yaml:1:1: is not a regular file: remove it [file_kind]",
        f"certificates/{BODY}/record.yml:1:1: does not end in .yaml: rename it to record.yaml, or remove it "
        "[file_kind]",
        "certificates/loose.yaml:1:1: lies outside a body's folder: move it into the folder of the body that "
        "issued it [file_kind]",
    ]


def test_a_name_of_any_bytes_is_shown_on_one_line(tmp_path: Path) -> None:
    """Line breaks, escapes and bytes that are no UTF-8 in a file's name cannot forge a message."""
    for name in (b"\xff.yaml", b"a\nb.yaml", b"\x1b[31m.yaml"):
        (tmp_path / os.fsdecode(name)).write_text("x")
    files, strays = record_files(tmp_path, depth=1)
    assert [Path(file.shown).name for file in files] == ["\\u001b[31m.yaml", "\\xff.yaml", "a\\u000ab.yaml"]
    assert strays == []


def test_a_file_that_goes_away_is_told(tmp_path: Path) -> None:
    """A record that is deleted between listing and reading is a problem, not a crash."""
    opened = registry(tmp_path)
    Path(next(iter(opened.files)).path).unlink()
    [verdict] = opened.verdicts()
    assert str(verdict.problems[0]).endswith("1:1: the file cannot be read: No such file or directory [file_readable]")


def test_of_a_huge_file_no_more_is_read_than_it_takes_to_refuse_it(tmp_path: Path) -> None:
    """A file of a gigabyte costs a little more than the largest record."""
    opened = registry(tmp_path)
    with open(next(iter(opened.files)).path, "r+b") as file:
        file.truncate(1 << 30)
    data, problem = next(iter(opened.files)).read()
    assert (len(data), problem) == (MOST_BYTES + 1, None)


def test_a_record_in_another_bodys_folder_is_judged_by_that_body(tmp_path: Path) -> None:
    """The folder says who issued it; a folder that is no body's is a problem."""
    files = {PATH.replace(BODY, "nobody"): RECORD}
    registry(tmp_path, files)
    message = "the folder nobody is no body's: registry/bodies/ has no nobody.yaml [body_is_known]"
    assert told(tmp_path) == [f"certificates/nobody/{NUMBER}.yaml:1:1: {message}"]


@pytest.mark.parametrize("name", ["bodys", "certificate"])
def test_a_misspelt_folder_is_a_problem(tmp_path: Path, name: str) -> None:
    """Else its records would leave the register without a word."""
    registry(tmp_path)
    (tmp_path / name).mkdir()
    meant = {"bodys": "bodies", "certificate": "certificates"}[name]
    assert told(tmp_path) == [f"{name}:1:1: is no part of a registry; did you mean {meant}? [file_kind]"]


@pytest.mark.parametrize(
    ("line", "wrong", "advice"),
    [
        ("level: five-star\nholder", "level: 五星级\nholder", "did you mean five-star? [choice]"),
        ("region: 33", "region: 浙江省", "did you mean 33? [choice]"),
        (
            f"number: {NUMBER}",
            "number: ９９９25SC00123R1M",
            f"it is written in full-width characters, write {NUMBER} [code]",
        ),
    ],
)
def test_a_message_says_what_to_write_instead(tmp_path: Path, line: str, wrong: str, advice: str) -> None:
    """Of a name the code, of full-width characters the plain ones; and nothing else is said."""
    registry(tmp_path, {PATH: RECORD.replace(line, wrong, 1)})
    [message] = told(tmp_path)
    assert message.endswith(advice)


def test_what_notepad_appends_is_taken_off(tmp_path: Path) -> None:
    """A record saved as NUMBER.yaml.txt is to be renamed to NUMBER.yaml."""
    registry(tmp_path, {f"certificates/{BODY}/{NUMBER}.yaml.txt": RECORD})
    assert told(tmp_path)[0].endswith(f"rename it to {NUMBER}.yaml, or remove it [file_kind]")


def test_a_broken_vocabulary_hides_no_certificate(tmp_path: Path) -> None:
    """It is told once; the certificate keeps the code that it gives, so that an expiry can still take effect."""
    opened = registry(tmp_path, {PATH: RECORD, "vocabularies/regions.yaml": "terms: [\n"})
    [verdict] = opened.verdicts()
    assert verdict.certificate is not None
    assert verdict.certificate.region == Term("33", "33", "33")
    assert len(told(tmp_path)) == 1


@pytest.mark.parametrize("name", ["schemes/gbt-27922-2011", f"bodies/{BODY}"])
def test_what_hangs_on_a_broken_record_is_not_blamed_for_it(tmp_path: Path, name: str) -> None:
    """A broken scheme or body is told once; the certificate is unread, without a problem of its own."""
    opened = registry(tmp_path, {PATH: RECORD, f"{name}.yaml": "name: [\n"})
    [verdict] = opened.verdicts()
    assert (verdict.certificate, verdict.problems) == (None, ())
    assert len(told(tmp_path)) == 1


def test_a_body_keeps_only_the_schemes_that_are_in_order(tmp_path: Path) -> None:
    """A broken scheme takes its approval out of the body, which keeps the others."""
    two = {f"bodies/{BODY}.yaml": ""}
    write_registry(tmp_path, {})
    body = (tmp_path / f"bodies/{BODY}.yaml").read_text() + "  - {scheme: gbt-27925-2011, since: 2014-06-01}\n"
    two = {f"bodies/{BODY}.yaml": body, "schemes/gbt-27925-2011.yaml": "name: [\n"}
    opened = registry(tmp_path, two)
    assert [approval.scheme.id for approval in opened.rulebook.bodies[BODY].schemes] == ["gbt-27922-2011"]


@pytest.mark.parametrize(
    ("text", "rule"), [("number: [\n", "yaml_syntax"), (varied((NUMBER, "99925SC00199R1M")), "file_name")]
)
def test_a_reference_to_a_record_that_cannot_be_read_is_no_problem(tmp_path: Path, text: str, rule: str) -> None:
    """A record with broken YAML, or another number in it, still has the number that its file is named after."""
    other = "99925SC00124R1M"
    files = {
        PATH: RECORD + f"parent: {other}\n",
        f"certificates/{BODY}/{other}.yaml": text,
    }
    registry(tmp_path, files)
    assert [line.rpartition("[")[2] for line in told(tmp_path)] == [f"{rule}]"]
