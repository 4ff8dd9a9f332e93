"""The modules keep to the architecture: imports point one way, each library has one user, no module grows long."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from starcert.inputs import ASIDE

REPOSITORY = Path(__file__).parent.parent
LONGEST = 300
GROUPS = {
    "values": {"characters", "columns", "days", "headers", "problems", "raster", "register", "sshkey"}
    | {"star", "status", "vocabulary"},
    "means": {"packing", "stopwatch", "workers"},
    "git": {"git"},
    "outlets": {"live", "output", "search", "serve"},
    "nouns": {"body", "certificate", "chronicle", "key", "order", "rulebook"} | {"scheme", "score", "stamp", "tally"},
    "reading": {"disk", "inventory", "kinds", "parsing", "recordfile", "textfile", "words"}
    | {"yamladvice", "yamlcomposer", "yamlfile", "yamlnode", "yamlplain"},
    "formats": {"formats", "schema", "settings", "newrecord"},
    "judging": {"rules"},
    "registry": {"findings", "registry"},
    "push": {"push"},
    "telling": {"chinese", "reports", "terminal"},
    "drawing": {"fonts", "mark", "qr", "seal"},
    "rows": {"census", "listing"},
    "pages": {"pages"},
    "working": {"outcome"},
    "memory": {"memory"},
    "recalling": {"inputs", "recall"},
    "surveying": {"survey"},
    "forge": {"forge"},
    "changing": {"bulletin", "changes"},
    "comparing": {"comparison", "past"},
    "publishing": {"catalogue", "indexing", "press", "publication"},
    "hosting": {"host"},
    "watching": {"watching"},
    "commands": {"commands"},
    "build": {"build"},
}
MAY_IMPORT = {
    "values": set(),
    "means": {"values"},
    "git": {"values"},
    "outlets": {"outlets"},
    "nouns": {"values", "nouns"},
    "reading": {"values", "means", "reading"},
    "formats": {"values", "nouns", "reading", "formats"},
    "judging": {"values", "nouns", "reading", "judging"},
    "registry": {"values", "nouns", "reading", "formats", "judging", "registry"},
    "push": {"values", "means", "git", "nouns", "reading", "formats", "judging", "registry", "telling", "working"}
    | {"memory", "recalling", "surveying", "push"},
    "telling": {"values", "reading", "telling"},
    "drawing": {"values", "drawing"},
    "rows": {"nouns", "outlets", "rows"},
    "pages": {"values", "means", "nouns", "reading", "drawing", "rows", "pages"},
    "working": {"values", "means", "outlets", "nouns", "reading", "registry", "rows", "pages"},
    "memory": {"values", "means", "reading", "judging", "rows", "working"},
    "recalling": {"outlets", "nouns", "registry", "memory", "recalling"},
    "surveying": {"means", "nouns", "judging", "registry", "telling", "working", "memory"},
    "publishing": {"means", "outlets", "nouns", "rows", "pages", "working", "memory", "publishing"},
    "forge": {"values", "nouns", "telling", "forge"},
    "changing": {"values", "nouns", "forge", "working", "memory", "changing"},
    "comparing": {"values", "means", "nouns", "reading", "registry", "pages", "working", "memory"}
    | {"recalling", "surveying", "changing", "push"},
    "hosting": {"values", "outlets", "nouns", "reading", "formats", "registry", "git", "hosting"},
    "watching": {"values", "pages", "watching"},
    "commands": {"values", "nouns", "formats", "registry", "telling", "drawing", "surveying", "commands"}
    | {"means", "reading", "judging", "working", "memory", "changing", "comparing", "forge", "git", "hosting", "push"}
    | {"watching"},
    "build": set(GROUPS) - {"build"},
}
USERS = {
    "cbor2": {"search.table"},
    "click": {"build", "terminal"}
    | {
        f"commands.{name}"
        for name in ("changes", "check", "codeowners", "limits", "mark", "new", "next_change", "schema", "watch")
    }
    | {f"commands.host{name}" for name in ("", ".file", ".install", ".publish", ".receive", ".rollback", ".status")},
    "fontTools": {"fonts.make", "mark.lettering"},
    "jinja2": {"pages.environment"},
    "markdown": {"pages.content"},
    "markupsafe": {"pages.environment"},
    "msgspec": {"packing"},
    "nh3": {"pages.content"},
    "pagefind_bin": {"search.index"},
    "pypinyin": {"search.pinyin"},
    "re2": {"kinds.texts"},
    "reportlab": {"mark.pdf"},
    "resvg_py": {"raster"},
    "segno": {"qr.stencil"},
    "stdnum": {"rules.identity"},
    "watchfiles": {"live"},
    "yaml": {"yamlcomposer"},
    "zhconv": {"search.folding"},
}
COMES_WITH = {"markupsafe": "jinja2"}
"""Libraries that another one brings along and hands out."""

FOREIGN_PLACES = re.compile(r"(?<![\w.:/])/(?:work|home|root|Users|mnt)/")
WRITTEN_BY_PROGRAMS = {".git", ".venv", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", "site"}


def modules() -> dict[str, Path]:
    """Every module of the program by its name within the package."""
    paths = [REPOSITORY / "build.py", *sorted((REPOSITORY / "starcert").rglob("*.py"))]
    parts = {path: path.relative_to(REPOSITORY).with_suffix("").parts for path in paths}
    return {
        ".".join(p for p in names if p != "__init__").removeprefix("starcert."): path for path, names in parts.items()
    }


MODULES = modules()
OURS = {name: group for group, names in GROUPS.items() for name in names}


def imports(path: Path) -> Iterator[str]:
    """Every module that a module imports, wherever in it; ours with the package's name before it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports from a dot"
            whole = node.module == "starcert"
            yield from (f"starcert.{alias.name}" for alias in node.names) if whole else (node.module or "",)


def top(name: str) -> str:
    """The module or package of ours that a name lies in."""
    return name.removeprefix("starcert.").partition(".")[0]


def test_every_module_has_its_place() -> None:
    """Each module belongs to one group, and each name in a group is a module."""
    assert {top(name) for name in MODULES} - {"starcert"} == OURS.keys()


@pytest.mark.parametrize("module", sorted(MODULES.keys() - {"starcert"}))
def test_imports_point_one_way(module: str) -> None:
    """A module imports only what its group may know."""
    allowed = MAY_IMPORT[OURS[top(module)]]
    known = {top(name) for name in imports(MODULES[module]) if name.startswith(("starcert.", "build"))}
    known -= {"__version__", top(module)}
    assert {name for name in known if OURS[name] not in allowed} == set()


@pytest.mark.parametrize("module", ["output", "search", "serve"])
def test_what_writes_and_serves_knows_nothing_of_ours(module: str) -> None:
    """Output, search and server take paths, bytes and texts."""
    known = {name for part in MODULES if top(part) == module for name in imports(MODULES[part])}
    assert {top(name) for name in known if name.startswith("starcert")} <= {module}


def test_each_library_has_one_user() -> None:
    """Each outside library is imported where the table says, and nowhere else."""
    users: dict[str, set[str]] = {}
    for module, path in MODULES.items():
        for name in imports(path):
            library = name.partition(".")[0]
            if library not in sys.stdlib_module_names and library not in ("starcert", "build"):
                users.setdefault(library, set()).add(module)
    assert users == USERS


def test_the_base_and_the_workers_have_one_user() -> None:
    """What the standard library offers for a file of tables and for processes is used in one module each."""
    for library, user in {"sqlite3": "memory.base", "multiprocessing": "workers"}.items():
        assert {module for module, path in MODULES.items() if library in map(whole, imports(path))} == {user}


def test_the_git_program_has_one_user() -> None:
    """Whoever wants to know something of a repository asks the package that runs git."""
    started = {
        module
        for module, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value == "git"
    }
    assert started - {"inputs"} == {"git.program"}  # the former names the package


def test_what_a_site_is_made_with_is_all_that_a_build_can_call() -> None:
    """Another version of a module makes all anew, unless no page can come of it."""
    called, waiting = set[str](), ["survey", "publication", "pages.edition", "recall", "settings", "output", "search"]
    while waiting:
        module = waiting.pop()
        if module in MODULES and module not in called:
            called.add(module)
            within = {name for name in MODULES if top(name) == top(module)}
            waiting += [name.removeprefix("starcert.") for name in imports(MODULES[module])] + sorted(within)
    assert {top(module) for module in called} & ASIDE == set()
    assert {name for name in ASIDE if name not in OURS} == {"__pycache__"}


def whole(name: str) -> str:
    """The library that a module of a library belongs to."""
    return name.partition(".")[0]


def test_every_library_is_asked_for() -> None:
    """What is imported is a dependency in pyproject.toml, and every dependency is imported."""
    asked = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.split(r"[<>=~!\[; ]", line)[0].lower().replace("_", "-") for line in asked}
    owners = packages_distributions()
    used = {owners[library][0].lower().replace("_", "-") for library in USERS.keys() - COMES_WITH.keys()}
    assert used - names == set()
    assert names - used <= {"brotli"}  # what fontTools opens WOFF2 with


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_module_grows_long(module: str) -> None:
    """A module fits in a reader's head."""
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_says_what_it_is(module: str) -> None:
    """Every module begins with a docstring."""
    assert ast.get_docstring(ast.parse(MODULES[module].read_text(encoding="utf-8")))


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    """No file of the project contains an absolute path of somebody's machine."""
    found = []
    for path in sorted(REPOSITORY.rglob("*")):
        if WRITTEN_BY_PROGRAMS & set(path.relative_to(REPOSITORY).parts[:1]) or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if FOREIGN_PLACES.search(text):
            found.append(path.relative_to(REPOSITORY).as_posix())
    assert found == []
