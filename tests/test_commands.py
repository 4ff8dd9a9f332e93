"""What stands beside building: check, next-change, new, schema, mark and serve, run as their users run them."""

import http.client
import json
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from project import CERTIFICATES, DAY, NUMBER, REPOSITORY, Ended, Project, clean_environment, project
from records import RECORD
from test_build import BROKEN_SCORE, DATE_TOLD, LEVEL_TOLD

PERCENT = "a,b:100%"
NEW = {
    "body": "example-cb",
    "scheme": "gbt-27922-2011",
    "number": "99926SC00001R0M",
    "holder": "示例甲公司",
    "uscc": "91330100MA0000001F",
    "address": "浙江省杭州市示例路1号",
    "city": "杭州",
    "region": "33",
    "industry": "furniture",
    "scope": "家具的售后服务",
    "filed-rule": "EXAMPLE-SCR-2019-007",
    "audited": "2026-01-20",
    "score": "95.00",
    "issued": "2026-02-01",
}
WRITTEN = f"{CERTIFICATES}/99926SC00001R0M.yaml"


@pytest.fixture
def good(tmp_path: Path) -> Project:
    """A project in which nothing is wrong."""
    return project(tmp_path)


@pytest.fixture
def two(good: Project) -> Project:
    """A project with two problems and a warning."""
    good.add("99925SC00124R1M", BROKEN_SCORE)
    good.add("99925SC00125R1M", ("issued: 2025-03-01", "issued: 1 March 2025"))
    return good


# check


def test_check_prints_every_problem_and_a_summary(two: Project) -> None:
    """`check` prints to the standard output, whole, and ends with 1; --quiet leaves out the summary."""
    assert two.run("check") == Ended(1, f"{LEVEL_TOLD}{DATE_TOLD}2 problems in 3 records\n", "")
    assert two.call("--quiet", "check") == Ended(1, LEVEL_TOLD + DATE_TOLD, "")
    assert not two.path("site").exists()


def test_check_of_a_good_registry_says_so(good: Project) -> None:
    """Without problems `check` ends with 0; a warning does not change that."""
    assert good.call("check") == Ended(0, "no problems in 1 record\n", "")
    good.add("X1")
    ended = good.call("check")
    assert (ended.code, ended.out.splitlines()[-1]) == (0, "1 warning in 2 records")


def test_check_speaks_to_programs(two: Project) -> None:
    """JSON and SARIF are each one document with every problem, GitHub's annotations a line each, all with exit 1."""
    two.add("99925SC00126R1M", ("scope: 家用电器的售后服务", f"scope: ok\n'{PERCENT}': x"))
    paths = [f"{CERTIFICATES}/99925SC0012{n}R1M.yaml" for n in (4, 5, 6)]
    as_json = two.call("check", "--format", "json")
    found = json.loads(as_json.out)
    assert [problem["path"] for problem in found["problems"]] == paths
    assert found["counts"] == {"problems": 3, "warnings": 0}
    as_sarif = two.call("check", "--format", "sarif")
    [run] = json.loads(as_sarif.out)["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["level_matches_score", "day", "known_key"]
    assert all(rule["shortDescription"]["text"].endswith(".") for rule in run["tool"]["driver"]["rules"])
    as_github = two.call("check", "--format", "github")
    lines = as_github.out.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f"::error file={paths[0]},line=28,col=12,title=level_matches_score::level is five-star")
    assert f"::{PERCENT.replace('%', '%25')} is not a key" in lines[2]
    assert {(ended.code, ended.err) for ended in (as_json, as_sarif, as_github)} == {(1, "")}


def test_check_appends_a_summary(two: Project) -> None:
    """To what another step of a run has written there; whatever the form of the output."""
    for form in ("github", "text"):
        two.write("summary.md", "before\n")
        assert two.call("check", "--format", form, "--summary", "summary.md").code == 1
        told = "### 2 problems in 3 records\n\n```text\n" + LEVEL_TOLD + DATE_TOLD + "```\n"
        assert two.path("summary.md").read_text(encoding="utf-8") == f"before\n{told}"


def test_check_makes_gitlabs_report(two: Project) -> None:
    """A list of the problems, and the exit code that fails the job."""
    ended = two.call("check", "--format", "gitlab")
    assert (ended.code, ended.err) == (1, "")
    assert [one["check_name"] for one in json.loads(ended.out)] == ["level_matches_score", "day"]


# next-change


def test_next_change_is_a_day_or_none(good: Project) -> None:
    """A scheduler gets one line: the day, or `none` when nothing will ever change again."""
    assert good.run("next-change", "--as-of", DAY) == Ended(0, "2027-03-12\n", "")
    assert good.call("next-change", "--as-of", "2027-03-11") == Ended(0, "2027-03-12\n", "")
    assert good.call("next-change", "--as-of", "2027-03-12") == Ended(0, "none\n", "")


def test_next_change_counts_only_what_is_published(two: Project) -> None:
    """Problems are told instead of a day; with --skip-broken, beside the day that counts no record left out."""
    two.add("99925SC00126R1M", ("expires: 2028-02-29", "expires: 2026-12-31"), also="supersedes: 99925SC00123R1M\n")
    ended = two.call("next-change", "--as-of", DAY)
    assert (ended.code, ended.out) == (1, "")
    assert LEVEL_TOLD in ended.err
    skipping = two.call("next-change", "--as-of", DAY, "--skip-broken")
    assert (skipping.code, skipping.out) == (3, "2027-03-12\n")
    assert LEVEL_TOLD in skipping.err


# new


def options(changes: dict[str, str | None] | None = None) -> list[str]:
    """The options of a good record, changed; those that are None are not given."""
    return [part for name, value in {**NEW, **(changes or {})}.items() if value for part in (f"--{name}", value)]


def test_new_writes_a_record_that_passes(good: Project) -> None:
    """With every option given nothing is asked, and the record that is written is in order and published."""
    ended = good.run("new", *options())
    assert ended == Ended(0, f"{WRITTEN}: level five-star, valid until 2029-01-31\n", "")
    assert good.call("check").out == "no problems in 2 records\n"
    assert good.call("--as-of", DAY).code == 0
    assert "示例甲公司" in good.page("C/99926SC00001R0M")


def test_new_asks_for_what_is_not_said(good: Project) -> None:
    """Choices are shown and may be answered by name, a lone choice and the day are offered, bad answers asked again."""
    answers = [
        "exampel-cb",
        "",
        "",
        NUMBER,
        "99926 1",
        NEW["number"],
        NEW["holder"],
        "91330100MA",
        NEW["uscc"],
        NEW["address"],
        NEW["city"],
        "Zhejiang",
        "浙江省",
        "furnitre",
        "家具",
        NEW["scope"],
        NEW["filed-rule"],
        "2026-02-30",
        NEW["audited"],
        "69.99",
        NEW["score"],
        "",
    ]
    ended = good.run("--as-of", DAY, "new", answers="".join(f"{answer}\n" for answer in answers))
    assert (ended.code, ended.out) == (0, f"{WRITTEN}: level five-star, valid until 2029-11-21\n")
    for shown in (
        "  example-cb  示例认证有限公司\n",
        "body exampel-cb is not in the registry; did you mean example-cb?",
        "the registry has a certificate 99925SC00123R1M already",
        "number is '99926 1', but must hold only letters",
        "uscc",
        "  33  浙江省\n  44  广东省\n",
        "region Zhejiang is not in the registry; choose from 33, 44",
        "industry furnitre is not in the registry; did you mean furniture?",
        "audits[1].date is 2026-02-30, a day that is not in the calendar",
        "the score is 69.99, but qualified, the lowest level, needs 70.00: there is no certificate under that",
        f"[{DAY}]",
    ):
        assert shown in ended.err
    assert good.call("check").code == 0


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("number", NUMBER, f"the registry has a certificate {NUMBER} already"),
        ("number", NUMBER.lower(), f"the registry has a certificate {NUMBER.lower()} already"),
        ("number", "../x", "number is '../x', but must hold only letters, digits, '-' and '/', like 99925SC00123R1M"),
        ("score", "NaN", "audits[1].score is 'NaN', but must be a number in plain digits, like 96.25"),
        ("body", "exampel-cb", "body exampel-cb is not in the registry; did you mean example-cb?"),
        ("scheme", "gbt-27922", "scheme gbt-27922 is not in the registry; did you mean gbt-27922-2011?"),
        ("industry", "furnitre", "industry furnitre is not in the registry; did you mean furniture?"),
        ("audited", "2026-02-02", "2026-02-02"),
        ("issued", None, "--issued is not given, nor an answer to it."),
    ],
)
def test_new_refuses_a_bad_option_and_writes_nothing(good: Project, name: str, value: str | None, told: str) -> None:
    """What is wrong with an option, or that it is missing where nobody answers, is one sentence, with exit code 2."""
    ended = good.call("new", *options({name: value}))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[-1].startswith("Error: Nothing was written: ")
    assert told in ended.err.splitlines()[-1]
    assert [path.name for path in good.path(CERTIFICATES).iterdir()] == [f"{NUMBER}.yaml"]


@pytest.mark.parametrize(
    "name",
    ["a: b", "# x", "'quoted'", '"quoted"', "- x", "yes", "null", "2026-03-09", "1e3", "[x]", "甲 #1", "\\n", "a'b"],
)
def test_new_keeps_names_that_mean_something_to_yaml(good: Project, name: str) -> None:
    """What YAML would take for something else arrives as the text that was typed, for us and for editors."""
    assert good.call("new", *options({"holder": f"{name}", "scope": name})).code == 0
    record = yaml.safe_load(good.path(WRITTEN).read_text())
    assert (record["holder"]["name"], record["scope"], record["sites"][0]["name"]) == (name,) * 3


def test_new_begins_a_register(good: Project) -> None:
    """The first record of the first body needs no folder."""
    good.path(f"{CERTIFICATES}/{NUMBER}.yaml").unlink()
    good.path(CERTIFICATES).rmdir()
    good.path("registry/certificates").rmdir()
    assert good.call("new", *options()).code == 0


# schema


class Editor(yaml.SafeLoader):
    """Reads YAML as editors do (1.2): keys and days are text, and only true and false are not."""


Editor.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Editor.add_constructor(
    "tag:yaml.org,2002:map",
    lambda loader, node: {key.value: loader.construct_object(value, deep=True) for key, value in node.value},
)


def validator(kind: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((REPOSITORY / f"registry/schema/{kind}.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def refused(text: str, kind: str = "certificate") -> list[str]:
    """What an editor underlines, as key paths."""
    found = validator(kind).iter_errors(yaml.load(text, Editor))
    return sorted("/".join(map(str, error.absolute_path)) or error.message for error in found)


def test_schema_writes_what_the_repository_holds(good: Project) -> None:
    """The schemas in the repository are those that the command writes for its registry."""
    kept = {path.name: path.read_bytes() for path in (REPOSITORY / "registry/schema").iterdir()}
    for name in ("schemes", "bodies", "vocabularies"):
        for path in (REPOSITORY / "registry" / name).iterdir():
            good.write(f"registry/{name}/{path.name}", path.read_bytes())
    ended = good.call("schema")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [f"registry/schema/{kind}.json" for kind in KINDS]
    assert {path.name: path.read_bytes() for path in good.path("registry/schema").iterdir()} == kept


KINDS = ("certificate", "body", "scheme", "vocabulary")
SHIPPED = {
    "certificate": ["EXAMPLE.yaml", "certificates/*/*.yaml"],
    "body": ["bodies/*.yaml"],
    "scheme": ["schemes/*.yaml"],
    "vocabulary": ["vocabularies/*.yaml"],
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_editor_underlines_nothing_in_what_is_shipped(kind: str) -> None:
    """Every record that is shipped, and EXAMPLE.yaml, is right by its schema."""
    paths = [path for pattern in SHIPPED[kind] for path in sorted((REPOSITORY / "registry").glob(pattern))]
    assert len(paths) > 1
    known = validator(kind)
    wrong = {path.name for path in paths if not known.is_valid(yaml.load(path.read_text(encoding="utf-8"), Editor))}
    assert wrong == set()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("level: five-star\nholder", "level: six-star\nholder", ["level"]),
        ("scope: ", "scoop: ", ["'scope' is a required property", "Additional properties are not allowed"]),
        ("industry: household-appliances", "industry: houses", ["industry"]),
        ("issued: 2025-03-01\nexp", "issued: 1.3.2025\nexp", ["issued"]),
        ("    score: 96.40", "    score: high", ["audits/0/score"]),
        ("region: 33", "region: 99", ["region"]),
        ("kind: head-office", "kind: office", ["sites/0/kind"]),
    ],
)
def test_an_editor_underlines_what_the_program_would_refuse(old: str, new: str, told: list[str]) -> None:
    """An unknown key, a wrong level, word, day or number are wrong by the schema too."""
    assert RECORD.count(old) == 1
    assert refused(RECORD) == []
    found = refused(RECORD.replace(old, new))
    assert [any(line.startswith(start) for line in found) for start in told] == [True] * len(told)


# mark


def test_no_mark_is_drawn_of_what_a_build_would_leave_out(good: Project) -> None:
    """A certificate at odds with another record has none, sound as its own record is."""
    body = good.path("registry/bodies/example-cb.yaml").read_text()
    good.write("registry/bodies/other-cb.yaml", body.replace("CNCA-R-9999-999", "CNCA-R-9999-998"))
    good.add(NUMBER, folder="registry/certificates/other-cb")
    ended = good.call("--as-of", DAY, "mark", NUMBER)
    assert ended.code == 2
    assert ended.err.endswith(f"Error: {NUMBER} is at odds with other records, so no mark of it is drawn.\n")
    assert not good.path(f"{NUMBER}.svg").exists()


@pytest.mark.parametrize(("form", "start"), [("svg", b"<svg"), ("png", b"\x89PNG\r\n"), ("pdf", b"%PDF-")])
def test_mark_writes_a_drawing(good: Project, form: str, start: bytes) -> None:
    """The mark of a valid certificate is written in each format, and the same twice, though the clock went on."""
    said = f"the star mark of {NUMBER}, 30 mm wide\n"
    assert good.run("--as-of", DAY, "mark", NUMBER, "--format", form) == Ended(0, f"{NUMBER}.{form}: {said}", "")
    ended = good.call("--as-of", DAY, "mark", NUMBER.lower(), "--format", form, "--output", "again")
    assert ended == Ended(0, f"again: {said}", "")
    drawn = good.path(f"{NUMBER}.{form}").read_bytes()
    assert drawn.lstrip().startswith(start) or start in drawn[:200]
    assert good.path("again").read_bytes() == drawn


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("mark", NUMBER, "--width", "5"), r"The width is 5 mm; the mark scans from [\d.]+ mm on, and 1000 mm is the "),
        (("mark", NUMBER, "--width", "1001"), r"The width is 1001 mm; "),
        (("mark", NUMBER, "--width", "NaN"), r"it is 'NaN', but must be a number in plain digits"),
        (("mark", NUMBER, "--as-of", "2025-02-28"), f"{NUMBER} is not yet valid on 2025-02-28; a mark is drawn only "),
        (("mark", NUMBER, "--as-of", "2028-03-01"), f"{NUMBER} is expired on 2028-03-01; a mark is drawn only for a "),
        (("mark", "X1"), r"The registry has no certificate X1; its record would be named X1\.yaml\."),
        (("mark", "99925SC00124R1M"), r"The record of 99925SC00124R1M has problems; mend them first\."),
        (("mark", NUMBER, "--output", "no/folder/x.svg"), r"no/folder/x\.svg cannot be written: No such file or "),
    ],
)
def test_mark_draws_nothing_that_would_deceive_or_not_scan(two: Project, arguments: tuple[str, ...], told: str) -> None:
    """Too small, not valid that day, unknown or broken: one sentence, exit code 2, no file."""
    before = sorted(path.name for path in two.folder.iterdir())
    ended = two.call("--as-of", DAY, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert re.search(f"Error: .*{told}", ended.err.splitlines()[-1])
    assert sorted(path.name for path in two.folder.iterdir()) == before


# serve


class Served:
    """`build.py serve` on a free port."""

    def __init__(self, made: Project) -> None:
        command = made.command("--as-of", DAY, "serve", "--port", "0")
        self._process = subprocess.Popen(
            command,
            cwd=made.folder,
            env=clean_environment({"PYTHONUNBUFFERED": "1"}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = self.until("Serving ")
        self._port = int(self.said[-1].split(":")[2].split("/")[0])

    def until(self, start: str) -> list[str]:
        """The lines that it prints up to the next that begins so."""
        assert self._process.stdout
        lines = []
        for line in self._process.stdout:
            lines.append(line)
            if line.startswith(start):
                return lines
        raise AssertionError("".join(lines))

    def get(self, path: str) -> tuple[int, str]:
        """The status and the text at an address."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def end(self) -> int:
        """The exit code after Ctrl-C."""
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(timeout=30)
        assert self._process.stdout
        self._process.stdout.close()
        return code


@pytest.fixture
def served(good: Project) -> Iterator[Any]:
    server = Served(good)
    yield server
    assert server.end() == 0


def test_serve_builds_answers_and_follows_changes(good: Project, served: Any) -> None:
    """Pages, a 404 page with its status, a new record after a change, and the old site while a record is broken."""
    assert f"published      1, valid on {DAY}\n" in served.said
    assert served.get(f"/C/{NUMBER}/")[0] == 200
    status, text = served.get("/C/NONE/")
    assert (status, "<h1" in text) == (404, True)
    time.sleep(0.3)  # the watch must see the next change as a new one
    name = good.add("99925SC00124R1M")
    served.until("written to ")
    assert served.get("/C/99925SC00124R1M/")[0] == 200
    good.write(name, "number: [")
    assert served.until("1 problem in ")[-1] == "1 problem in 2 records; site/ stays as it was.\n"
    assert served.get("/C/99925SC00124R1M/")[0] == 200


def test_serve_refuses_a_folder_that_is_no_site(good: Project) -> None:
    """The first build's misuse ends the server."""
    good.write("site/thesis.txt", "mine")
    ended = good.run("serve", "--port", "0")
    assert ended.code == 2
    assert "holds files, but no site that Starcert built" in ended.err
