"""The files for forges: what they ask for is what the forges' schemas allow, and their scripts run as they stand."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import cmarkgfm
import jsonschema
import pytest
import yaml
from project import CERTIFICATES, NUMBER, REPOSITORY, Project, project
from records import BODY
from runner import commands

from starcert.forge.annotations import MOST

WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
GITLAB = REPOSITORY / ".gitlab-ci.yml"
OTHER = "99925SC00124R1M"
WRONG = ("score: 96.40", "score: 93.40")
LAY_OUT, WRITE_ALERTS = "Lay out what the request goes into", "Write the problems for code scanning"
COMMANDER = "##[stop-commands]evil"
SHELL = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]
"""How GitHub calls bash where a workflow says `shell: bash`; GitLab's runner sets the same options."""


def schema(name: str) -> dict[str, Any]:
    """A schema that check-jsonschema brings along."""
    return json.loads((files("check_jsonschema") / f"builtin_schemas/vendor/{name}.json").read_text(encoding="utf-8"))


def read(path: Path) -> dict[str, Any]:
    """A YAML file; the key `on` stays a text."""
    return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)


def typed(path: Path) -> dict[str, Any]:
    """A YAML file with the types that a forge gives its values; but `on` stays a text."""
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {"on" if key is True else key: value for key, value in told.items()}


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every job of every workflow, with the workflow's and its own name."""
    for path in WORKFLOWS:
        for name, job in read(path)["jobs"].items():
            yield path.stem, name, job


def steps() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every step of every workflow, with the workflow's and the job's name."""
    return ((workflow, name, step) for workflow, name, job in jobs() for step in job["steps"])


# What stands in them


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_each_workflow_is_one_by_githubs_schema(path: Path) -> None:
    """Every key is one that GitHub knows, at its place."""
    jsonschema.Draft7Validator(schema("github-workflows")).validate(typed(path))


def test_gitlabs_file_is_one_by_its_schema() -> None:
    """Every key is one that GitLab knows, at its place."""
    jsonschema.Draft7Validator(schema("gitlab-ci")).validate(typed(GITLAB))


def test_every_job_ends_in_time_and_may_do_little() -> None:
    """A workflow gives no permission to all of its jobs; a job that runs a request's code may only read."""
    for path in WORKFLOWS:
        assert read(path)["permissions"] == {}
    for workflow, name, job in jobs():
        assert int(job["timeout-minutes"]) <= 30, (workflow, name)
    allowed = {f"{workflow} {name}": job["permissions"] for workflow, name, job in jobs()}
    assert allowed == {
        "check registry": {"contents": "read"},
        "check scanning": {"security-events": "write"},
        "publish build": {"contents": "read", "pages": "read"},
        "publish deploy": {"pages": "write", "id-token": "write"},
        "publish left-out": {},
        "publish keep-alive": {"actions": "write"},
    }


def test_a_request_is_checked_without_secrets() -> None:
    """Never on pull_request_target, which would give a fork's code the repository's own rights."""
    [check, publish] = [path.read_text(encoding="utf-8") for path in WORKFLOWS]
    assert "pull_request_target" not in check + publish
    assert "secrets." not in check + publish
    assert list(read(WORKFLOWS[0])["on"]) == ["pull_request", "push"]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in check


def test_no_script_holds_an_expression() -> None:
    """What GitHub would put into a script before the shell reads it could be a command; variables cannot."""
    for workflow, name, step in steps():
        assert "${{" not in step.get("run", ""), (workflow, name)


def test_actions_are_named_by_their_major_version() -> None:
    """And only those of GitHub itself are used."""
    used = {step["uses"] for _, _, step in steps() if "uses" in step}
    assert [one for one in used if not re.fullmatch(r"(actions|github)/[\w/-]+@v\d+", one)] == []


def test_no_checkout_leaves_its_token_behind() -> None:
    """The code that runs afterwards has no use for it."""
    kept = [step["with"]["persist-credentials"] for _, _, step in steps() if "checkout" in step.get("uses", "")]
    assert kept == ["false", "false"]


def test_the_site_is_built_when_a_day_begins_in_china() -> None:
    """Five minutes past midnight, which is the day before in UTC; a deployment is never cut off."""
    publish = read(WORKFLOWS[1])
    assert publish["on"]["schedule"] == [{"cron": "5 16 * * *"}]
    assert publish["on"].keys() == {"push", "schedule", "workflow_dispatch"}
    assert publish["concurrency"] == {"group": "pages", "cancel-in-progress": "false"}


# Their scripts


@dataclass(frozen=True)
class Checkout:
    """A repository as a forge's machine has it, with what its steps write."""

    made: Project
    written: Path

    def git(self, *arguments: str) -> str:
        """What git says."""
        own = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "init.defaultBranch=main"]
        told = subprocess.run(
            ["git", *own, *arguments], cwd=self.made.folder, check=True, capture_output=True, text=True
        )
        return told.stdout.strip()

    def commit(self) -> str:
        """All that lies there, as a commit; its id."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "change")
        return self.git("rev-parse", "HEAD")

    def request(self) -> None:
        """What lies there, as a merge of a request into main, as GitHub checks it out."""
        self.git("switch", "--quiet", "--create", "request")
        self.commit()
        self.git("switch", "--quiet", "main")
        self.git("merge", "--quiet", "--no-ff", "--no-edit", "request")

    def run(self, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """How a script ends there, with what GitHub and GitLab set."""
        file = self.written / "script.sh"
        file.write_text(script, encoding="utf-8")
        return subprocess.run(
            [*SHELL, str(file)],
            cwd=self.made.folder,
            env=self._environment() | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def _environment(self) -> dict[str, str]:
        here = {
            name: str(self.written / name.lower())
            for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GITHUB_ENV", "RUNNER_TEMP")
        }
        Path(here["RUNNER_TEMP"]).mkdir(exist_ok=True)
        told = Path(here["GITHUB_ENV"])
        told.touch()
        return {
            "PATH": f"{self.written}/bin:{os.environ['PATH']}",
            "HOME": str(self.written),
            "LANG": "C.UTF-8",
            "PIP_DRY_RUN": "1",
            "GITHUB_REPOSITORY": "owner/register",
            "GITHUB_SHA": self.git("rev-parse", "HEAD"),
            "GITHUB_EVENT_NAME": "push",
            "SERVED_AT": "https://stars.example",
            **here,
            **dict(line.split("=", 1) for line in told.read_text(encoding="utf-8").splitlines()),
        }

    def step(self, name: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """How the script of GitHub's step of that name ends."""
        [script] = {step["run"] for _, _, step in steps() if step.get("name") == name}
        return self.run(script, **variables)

    def job(self, name: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """How GitLab's job of that name ends."""
        job, own = read(GITLAB)[name], read(GITLAB)["default"]
        lines = [*job.get("before_script", own["before_script"]), *job["script"]]
        commit = self.git("rev-parse", "HEAD")
        told = {"CI_COMMIT_SHA": commit, "CI_PAGES_URL": "https://stars.example"}
        return self.run("\n".join(lines), **({"CI_MERGE_REQUEST_DIFF_BASE_SHA": commit} | told | variables))

    @property
    def summary(self) -> str:
        """The summary, as GitHub shows it."""
        return cmarkgfm.github_flavored_markdown_to_html((self.written / "github_step_summary").read_text("utf-8"))


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A clone of the project with a small registry, on main."""
    made = project(tmp_path / "clone")
    shutil.copytree(REPOSITORY / "starcert", made.path("starcert"), ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("build.py", "requirements.lock", ".gitignore"):
        shutil.copy(REPOSITORY / name, made.folder)
    programs = tmp_path / "written" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").write_text(f'#!/bin/sh\nexec {sys.executable} -B "$@"\n')
    (programs / "gh").write_text('#!/bin/sh\necho "$GH_TOKEN: $*"\n')
    for program in programs.iterdir():
        program.chmod(0o755)
    made.add(OTHER)
    found = Checkout(made, tmp_path / "written")
    found.git("init", "--quiet")
    found.git("remote", "add", "origin", str(made.folder))
    found.git("config", "uploadpack.allowAnySHA1InWant", "true")
    found.commit()
    return found


def test_the_dependencies_are_those_of_the_lock(checkout: Checkout) -> None:
    """pip takes the command as it stands, and finds what it asks for."""
    ended = checkout.step("Install")
    assert ended.returncode == 0, ended.stderr
    [gitlabs] = read(GITLAB)["default"]["before_script"]
    assert {step["run"] for _, _, step in steps() if step.get("name") == "Install"} == {gitlabs}


def test_a_good_request_passes_and_shows_what_it_changes(checkout: Checkout) -> None:
    """The summary says that there are no problems, and which certificate is new."""
    checkout.made.add("99925SC00125R1M")
    checkout.request()
    for name in (LAY_OUT, "Check", "Tell what readers gain and lose", "Build on trial", WRITE_ALERTS):
        ended = checkout.step(name)
        assert (name, ended.returncode, ended.stderr) == (name, 0, "")
    assert checkout.summary.startswith("<h3>3 份记录，没有错误 / no problems in 3 records</h3>\n<h3>公示网站的变动")
    assert "<strong>新公示 published: 1</strong>" in checkout.summary
    assert "https://stars.example/C/99925SC00125R1M/" in checkout.summary
    assert (checkout.written / "runner_temp/site/C/99925SC00125R1M/index.html").exists()
    assert json.loads((checkout.written / "runner_temp/problems.sarif").read_text())["runs"][0]["results"] == []


def test_a_bad_request_fails_and_is_annotated(checkout: Checkout) -> None:
    """Ten annotations for fifteen problems, all in the summary; the change is told nevertheless, alerts are made."""
    for number in range(30, 44):
        checkout.made.add(f"99925SC000{number}R1M", WRONG)
    checkout.made.path(f"{CERTIFICATES}/{OTHER}.yaml").unlink()
    checkout.request()
    assert checkout.step(LAY_OUT).returncode == 0
    ended = checkout.step("Check")
    assert (ended.returncode, ended.stderr) == (1, "")
    assert len(commands(ended.stdout)) == MOST
    assert commands(ended.stdout)[-1].data == "and 6 more problems: the summary lists them all"
    assert checkout.step("Tell what readers gain and lose").returncode == 0
    assert checkout.summary.count("[level_matches_score]") == 14
    assert checkout.summary.count("[record_remains]") == 1
    assert "<strong>撤下 removed: 1</strong>" in checkout.summary
    assert checkout.step(WRITE_ALERTS).returncode == 0
    log = json.loads((checkout.written / "runner_temp/problems.sarif").read_text())
    assert len(log["runs"][0]["results"]) == 15
    assert checkout.step("Build on trial").returncode == 1


def test_a_request_that_changes_reviewers_changes_the_code_owners(checkout: Checkout) -> None:
    """A file of code owners that is not what bodies say fails the check of either forge; without one nothing does."""
    body = f"registry/bodies/{BODY}.yaml"
    of_github, of_gitlab = ".github/CODEOWNERS", "CODEOWNERS"
    assert checkout.step("Compare the code owners").returncode == 0
    for owners in (of_github, of_gitlab):
        checkout.made.write(owners, checkout.made.call("codeowners", "@org/staff").out)
    assert checkout.step("Compare the code owners").returncode == 0
    assert checkout.job("check").returncode == 0
    checkout.made.write(body, checkout.made.path(body).read_text(encoding="utf-8") + 'reviewers: ["@cb/one"]\n')
    ended = checkout.step("Compare the code owners")
    assert ended.returncode == 1
    assert [(one.name, one.properties["file"]) for one in commands(ended.stdout)] == [("error", of_github)]
    assert ended.stderr.startswith(f"{of_github} is not what registry/bodies/ says now: ")
    ended = checkout.job("check")
    assert (ended.returncode, ended.stderr.splitlines()[-1][: len(of_gitlab)]) == (1, of_gitlab)


def test_a_mistake_in_the_workflow_itself_is_not_taken_for_a_problem(checkout: Checkout) -> None:
    """Where the program ends in another way than with problems, the steps fail."""
    checkout.made.path("site.yaml").write_text("name: x\n")
    checkout.request()
    assert checkout.step(LAY_OUT).returncode == 0
    for name in ("Check", "Tell what readers gain and lose", "Build on trial", WRITE_ALERTS):
        assert (name, checkout.step(name).returncode == 0) == (name, False)


def test_main_is_built_for_where_it_is_served(checkout: Checkout) -> None:
    """The site names the commit; where Pages has another address than site.yaml, the run says so."""
    ended = checkout.step("Build", SERVED_AT="http://owner.github.io/register")
    assert (ended.returncode, ended.stderr) == (0, "")
    status = json.loads(checkout.made.path("site/status.json").read_text())
    assert status["commit"] == checkout.git("rev-parse", "HEAD")
    page = checkout.made.page(f"C/{NUMBER}")
    assert f"https://owner.github.io/register/C/{NUMBER}/" in page
    assert not (checkout.written / "github_output").exists()
    [warning] = commands(
        checkout.step("Compare addresses and sizes", SERVED_AT="http://owner.github.io/register").stdout
    )
    assert warning.data.endswith("but the site is served at https://owner.github.io/register")
    assert commands(checkout.step("Compare addresses and sizes", SERVED_AT="http://stars.example/").stdout) == []


def test_a_broken_push_publishes_nothing(checkout: Checkout) -> None:
    """The job fails, and so nothing is deployed; no record can stop the runner from listening."""
    checkout.made.add("99925SC00125R1M", WRONG, ("scope: 家用电器的售后服务", f"scope: '{COMMANDER}'"))
    checkout.made.add("99925SC00126R1M", ("scope: 家用电器的售后服务", f"scope: '{COMMANDER}': x"))
    checkout.commit()
    ended = checkout.step("Build")
    assert ended.returncode == 1
    assert not checkout.made.path("site").exists()
    assert COMMANDER in ended.stderr
    first, last = ended.stdout.splitlines()[0], ended.stdout.splitlines()[-1]
    assert first == f"::stop-commands::{last.strip(':')}"
    assert re.fullmatch("::[0-9a-f]{32}::", last)


def test_a_scheduled_build_leaves_broken_records_out_and_says_so(checkout: Checkout) -> None:
    """The site is deployed; then the run fails."""
    checkout.made.add("99925SC00125R1M", WRONG)
    checkout.commit()
    assert checkout.step("Build", GITHUB_EVENT_NAME="schedule").returncode == 0
    assert checkout.made.path(f"site/C/{NUMBER}/index.html").exists()
    assert (checkout.written / "github_output").read_text() == "left-out=true\n"
    ended = checkout.step("Say that records were left out")
    assert (ended.returncode, [one.name for one in commands(ended.stdout)]) == (1, ["error"])


def test_the_schedule_is_kept_alive_without_a_commit(checkout: Checkout) -> None:
    """By enabling the workflow that says so, by its file's name."""
    ended = checkout.step("Enable this workflow again", GH_TOKEN="token")
    [name] = [path.name for path in WORKFLOWS if "keep-alive" in read(path)["jobs"]]
    path = f"repos/owner/register/actions/workflows/{name}/enable"
    assert (ended.returncode, ended.stdout) == (0, f"token: api --method PUT {path}\n")


def test_gitlab_checks_a_merge_request(checkout: Checkout) -> None:
    """The report is there whether there are problems or not; the log says in words what is wrong, and what changes."""
    base = checkout.git("rev-parse", "HEAD")
    assert checkout.job("check").returncode == 0
    assert checkout.made.path("problems.json").read_text() == "[]\n"
    checkout.made.add("99925SC00125R1M", WRONG)
    checkout.made.path(f"{CERTIFICATES}/{OTHER}.yaml").unlink()
    checkout.commit()
    ended = checkout.job("check", CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert ended.returncode == 1
    assert "2 problems in 2 records" in ended.stdout
    told = json.loads(checkout.made.path("problems.json").read_text())
    assert {one["check_name"] for one in told} == {"level_matches_score", "record_remains"}
    ended = checkout.job("changes", CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert ended.returncode == 0
    assert "撤下 removed: 1\n" in ended.stdout


def test_gitlab_shows_on_the_page_of_a_request_what_changes_and_how_large_the_site_is(checkout: Checkout) -> None:
    """As files with a name there; a site that is too large is a warning, by an exit code that the job may have."""
    base = checkout.git("rev-parse", "HEAD")
    checkout.made.add("99925SC00125R1M")
    checkout.commit()
    shown = {job: read(GITLAB)[job]["artifacts"] for job in ("check", "changes")}
    assert [one["expose_as"] for one in shown.values()] == ["Size for GitLab Pages", "Public change"]
    [size], [change] = (one["paths"] for one in shown.values())
    assert checkout.job("changes", CI_MERGE_REQUEST_DIFF_BASE_SHA=base).returncode == 0
    assert "新公示 published: 1\n" in checkout.made.path(change).read_text(encoding="utf-8")
    assert checkout.job("check", CI_MERGE_REQUEST_DIFF_BASE_SHA=base).returncode == 0
    limits = checkout.made.path("starcert/forge/limits.py")
    limits.write_text(limits.read_text(encoding="utf-8").replace("entries=200_000", "entries=3"), encoding="utf-8")
    ended = checkout.job("check", CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert str(ended.returncode) == read(GITLAB)["check"]["allow_failure"]["exit_codes"]
    assert re.match(r"passed  GitLab Pages \(gitlab.com\): \d+ of 3 files", checkout.made.path(size).read_text("utf-8"))


@pytest.mark.parametrize(("source", "code", "left_out"), [("push", 1, False), ("schedule", 0, True), ("web", 1, False)])
def test_gitlab_publishes(checkout: Checkout, source: str, code: int, left_out: bool) -> None:
    """A broken push nothing; a schedule what can be published, and then it fails."""
    assert checkout.job("pages", CI_PIPELINE_SOURCE=source).returncode == 0
    assert checkout.job("left-out").returncode == 0
    status = json.loads(checkout.made.path("public/status.json").read_text())
    assert (status["commit"], status["published"]) == (checkout.git("rev-parse", "HEAD"), 2)
    checkout.made.path("public").rename(checkout.written / "deployed")
    checkout.made.add("99925SC00125R1M", WRONG)
    checkout.commit()
    assert checkout.job("pages", CI_PIPELINE_SOURCE=source).returncode == code
    assert checkout.made.path("public").exists() is left_out
    assert checkout.job("left-out").returncode == int(left_out)
