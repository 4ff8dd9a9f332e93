"""The package: a wheel of the project, installed beside the locked libraries, and the hook as pre-commit installs it.

Nothing is fetched: the libraries that the hook's own environment would get from PyPI are those that the tests have.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from project import CERTIFICATES, NUMBER, REPOSITORY, clean_environment
from records import BODY, RECORD, varied, write_registry

LIBRARIES = [path for path in sys.path if Path(path).name == "site-packages"]
NOTHING_FETCHED = {
    "PIP_NO_INDEX": "1",
    "PIP_NO_DEPS": "1",
    "PIP_NO_BUILD_ISOLATION": "0",  # which is pip's way to say no isolation
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PYTHONPATH": os.pathsep.join(LIBRARIES),
}
WRONG = varied(("score: 96.40", "score: 93.40"))
TOLD = f"{CERTIFICATES}/{NUMBER}.yaml:28:12: level is five-star, but the score 93.40 gives four-star"
HOOK = """\
repos:
  - repo: {}
    rev: v0.1.0
    hooks:
      - id: starcert
"""


def told(folder: Path, *command: str | Path, code: int = 0) -> str:
    """What a command prints in a folder, where it must end with this code."""
    environment = clean_environment({"HOME": str(folder), "PATH": os.environ["PATH"], **NOTHING_FETCHED})
    for role in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{role}_NAME": "a", f"GIT_{role}_EMAIL": "a@b.example"}
    ended = subprocess.run(
        list(map(str, command)), cwd=folder, env=environment, capture_output=True, timeout=300, check=False
    )
    said = (ended.stdout + ended.stderr).decode("utf-8")
    assert ended.returncode == code, said
    assert "Traceback" not in said
    return said


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a wheel is made of, in a folder of its own."""
    made = tmp_path_factory.mktemp("source")
    shutil.copytree(REPOSITORY / "starcert", made / "starcert", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("build.py", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(REPOSITORY / name, made)
    return made


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as a wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(source, folder / "source")
    told(folder, sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", folder, folder / "source")
    [made] = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def starcert(wheel: Path) -> Path:
    """The program that installing the wheel brings."""
    place = wheel.parent / "environment"
    told(wheel.parent, sys.executable, "-m", "venv", "--without-pip", place)
    told(wheel.parent, sys.executable, "-m", "pip", "--python", place / "bin/python", "install", "--quiet", wheel)
    return place / "bin" / "starcert"


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """A repository that holds records only."""
    write_registry(tmp_path / "registry", {f"certificates/{BODY}/{NUMBER}.yaml": RECORD})
    shutil.copy(REPOSITORY / "site.yaml", tmp_path)
    return tmp_path


def test_a_wheel_holds_all_that_the_program_is_made_of(source: Path, wheel: Path) -> None:
    """Every module, and every file that a module reads; and nothing else but what says so."""
    made = {path.relative_to(source).as_posix() for path in (source / "starcert").rglob("*") if path.is_file()}
    with zipfile.ZipFile(wheel) as held:
        names = {name for name in held.namelist() if ".dist-info/" not in name}
    assert names == made | {"build.py"}


def test_the_program_checks_records_where_nothing_else_lies(starcert: Path, records: Path) -> None:
    """What is wrong, in both languages, with an exit code for hooks."""
    assert told(records, starcert, "check") == "no problems in 1 record\n"
    (records / CERTIFICATES / f"{NUMBER}.yaml").write_text(WRONG, encoding="utf-8")
    assert told(records, starcert, "check", code=1).startswith(TOLD)
    assert "对应 four-star（five-star 需 95.00）" in told(records, starcert, "check", "--language", "zh", code=1)


def test_the_program_draws_a_mark_where_nothing_else_lies(starcert: Path, records: Path) -> None:
    """With the font that it brings along."""
    told(records, starcert, "--as-of", "2026-11-22", "mark", NUMBER)
    assert (records / f"{NUMBER}.svg").stat().st_size > 1_000


@pytest.mark.parametrize("command", [(), ("serve", "--port", "0"), ("changes", "registry")])
def test_what_takes_templates_says_so(starcert: Path, records: Path, command: tuple[str, ...]) -> None:
    """In one sentence that names the command that does without."""
    assert told(records, starcert, *command, code=2) == (
        "Error: There is no folder templates/i18n: to build takes templates/ and content/ beside registry/; where only "
        "records lie they can be checked, with the command check.\n"
    )


def test_pre_commit_runs_the_hook_before_each_commit(
    source: Path, records: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As the README has it: pre-commit installs the project from its repository; a wrong record is no commit."""
    project = tmp_path_factory.mktemp("project") / "repository"
    shutil.copytree(source, project)
    for repository in (project, records):
        told(repository, "git", "init", "--quiet", "-b", "main")
    told(project, "git", "add", "--all")
    told(project, "git", "commit", "--quiet", "-m", "program")
    told(project, "git", "tag", "v0.1.0")
    (records / ".pre-commit-config.yaml").write_text(HOOK.format(project), encoding="utf-8")
    told(records, "git", "add", "--all")
    told(records, sys.executable, "-m", "pre_commit", "install")
    passed = told(records, "git", "commit", "-m", "sound")
    assert "check the certificates' records" in passed
    assert "Passed" in passed
    (records / CERTIFICATES / f"{NUMBER}.yaml").write_text(WRONG, encoding="utf-8")
    said = told(records, "git", "commit", "--all", "-m", "wrong", code=1)
    assert TOLD in said
    assert told(records, "git", "log", "--format=%s") == "sound\n"
    (records / "README.md").write_text("no record\n", encoding="utf-8")
    told(records, "git", "restore", CERTIFICATES)
    told(records, "git", "add", "README.md")
    assert "(no files to check)Skipped" in told(records, "git", "commit", "-m", "text")
