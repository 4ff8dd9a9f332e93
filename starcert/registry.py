"""Registry: a folder of records -> the rulebook, and a verdict on each certificate's record, one at a time.

    registry/schemes/ID.yaml  bodies/ID.yaml  vocabularies/ID.yaml  certificates/BODY/SLUG.yaml

A verdict never depends on the day; nothing is kept of a record but what the caller keeps.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from starcert import rules, yamlfile
from starcert.body import Body
from starcert.certificate import Certificate, slug
from starcert.disk import Disk
from starcert.formats import body_table, certificate_table, scheme_table, vocabulary_table
from starcert.formats.certificate import CERTIFICATE_NUMBER
from starcert.formats.rulebook import WORD
from starcert.inventory import inventory, part_of
from starcert.parsing import UNREAD, Draft, Reading, Table
from starcert.problems import Problem, Severity, nearest, shown
from starcert.recordfile import ENDING, RecordFile, Source, shown_path
from starcert.rulebook import Rulebook
from starcert.rules import Tie, tie
from starcert.vocabulary import Vocabulary

Nouns = dict[str, Any]
TableOf = Callable[[str], Table]
Judge = Callable[[Any, yamlfile.Mapping, str], list[Problem]]
PARTS = (
    "schemes",
    "bodies",
    "vocabularies",
    "certificates",
    "schema",
    "EXAMPLE.yaml",
    "DEMONSTRATION.yaml",
    "README.md",
)
VOCABULARIES = ("regions", "industries")
RULES = {
    "file_name": "A certificate's file must be named after its number, in capitals, with '-' for '/'.",
    "id_is_plain": "A scheme's, body's or vocabulary's file must be named in small letters, digits and '-'.",
    "vocabulary": "A registry must define its regions and industries.",
    "body_is_issuer": "A certificate must not lie in one body's folder when its number is another's.",
    "body_is_known": "A certificate's folder must be the id of a body in registry/bodies/.",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One certificate's record, judged; `number` is its file's name when it says none.

    `certificate` and `tie` are None when it, or the scheme or body it hangs on, has a problem.
    """

    path: str
    number: str
    certificate: Certificate | None
    tie: Tie | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry opened: its rulebook, what is wrong with that, and the files that hold certificates.

    `unread_schemes` and `unread_bodies` name records that exist but have problems: what hangs on them is
    judged when they are mended.
    """

    folder: Path
    rulebook: Rulebook
    problems: tuple[Problem, ...]
    files: Collection[RecordFile]
    unread_schemes: Mapping[str, Any]
    unread_bodies: Mapping[str, Any]
    _tables: dict[tuple[str, str], Table] = field(default_factory=dict)

    def verdicts(self, leaving_out: frozenset[str] = frozenset()) -> Iterator[Verdict]:
        """The verdict on each certificate's record, in the order of paths; `leaving_out` are paths."""
        for file in self.files:
            if file.shown not in leaving_out:
                yield self.judge(file)

    def clashing(self, files: Iterable[RecordFile]) -> frozenset[str]:
        """The slugs of these for which several bodies have a file: what bears them cannot be published."""
        names = {file.name for file in files}
        count = Counter(file.name for file in inventory(self.files).among({*map(part_of, names)}))
        return frozenset(name.removesuffix(ENDING) for name in names if count[name] > 1)

    def judge(self, file: RecordFile) -> Verdict:
        """The verdict on one file."""
        data, problem = file.read()
        if problem:
            return Verdict(file.shown, file.stem, None, None, (problem,))
        return self.judge_bytes(data, file.shown, file.folder, file.stem)

    def judge_bytes(self, data: bytes, path: str, body_id: str, stem: str) -> Verdict:
        """The verdict on a record in that body's folder; `stem` is its file's name without .yaml."""
        return self.judge_record(*yamlfile.read(data, path), path, body_id, stem)

    def judge_record(
        self, record: yamlfile.Mapping | None, found: list[Problem], path: str, body_id: str, stem: str
    ) -> Verdict:
        """The verdict on what was read of such a record, `found` being what is wrong with its YAML."""
        if record is None:
            return Verdict(path, stem, None, None, tuple(found))
        reading = Reading(path, found)
        certificate = self._table(body_id, _scheme_id(record)).read(record, "", reading)
        self._check_file(record, reading, body_id, stem)
        problems = tuple(sorted(reading.problems + rules.judge(certificate, record, path)))
        broken = any(problem.severity is Severity.PROBLEM for problem in problems)
        if broken or isinstance(certificate, Draft):
            return Verdict(path, _text(record, "number") or stem, None, None, problems)
        return Verdict(path, certificate.number, certificate, tie(certificate, record, path), problems)

    def as_read(self, record: yamlfile.Mapping, path: str, body_id: str) -> Certificate | None:
        """The certificate in such a record, whatever rules it breaks; None where some of it cannot be read."""
        read = self._table(body_id, _scheme_id(record)).read(record, "", Reading(path, []))
        return read if isinstance(read, Certificate) else None

    def _table(self, body_id: str, scheme_id: str) -> Table:
        key = (body_id, scheme_id)
        if key not in self._tables:
            scheme = self.rulebook.schemes.get(scheme_id)
            self._tables[key] = certificate_table(
                self.rulebook.bodies.get(body_id),
                {**self.rulebook.schemes, **self.unread_schemes},
                [scheme] if scheme else [],
                self.rulebook.vocabularies,
            )
        return self._tables[key]

    def _check_file(self, record: yamlfile.Mapping, reading: Reading, body_id: str, stem: str) -> None:
        number = _text(record, "number")
        if number is not None and CERTIFICATE_NUMBER.form.fullmatch(number) and slug(number) != stem:
            wanted = f"number is {number}, so the file must be named {slug(number)}.yaml, or the number be another"
            reading.refuse(record.items["number"], "file_name", wanted)
        own, others = self.rulebook.bodies.get(body_id), self.rulebook.bodies.values()
        if number is not None and own and not own.numbers(number):
            for other in others:
                if other.numbers(number):
                    wanted = f"number is {number}, a number of {other.id}: move the file into the folder {other.id}"
                    reading.refuse(record.items["number"], "body_is_issuer", wanted)
                elif not own.number_alike(number) and (alike := other.number_alike(number)):
                    wanted = f"number is {number}, which leads to the address of {alike}, a number of {other.id}"
                    reading.refuse(record.items["number"], "body_is_issuer", f"{wanted}: give it another number")
        if body_id not in self.rulebook.bodies and body_id not in self.unread_bodies:
            wanted = f"the folder {shown(body_id)} is no body's: registry/bodies/ has no {shown(body_id)}.yaml"
            reading.refuse((1, 1), "body_is_known", wanted)


def open_registry(folder: Path, jobs: int = 1) -> Registry:
    """The registry in a folder, its certificates not read yet; FileNotFoundError when there is none.

    Where very many files lie, so many processes look at them.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no registry at {folder}: name the folder that holds schemes/ and bodies/.")
    return registry_in(Disk(folder, jobs))


def registry_in(source: Source) -> Registry:
    """The registry that lies there, its certificates not read yet."""
    folder, problems = source.folder, _strays(source)
    schemes, lost_schemes = _read_all(source, "schemes", problems, scheme_table, rules.judge_scheme)
    known = {**schemes, **lost_schemes}
    body_format = partial(body_table, schemes=known)
    judge_body = partial(rules.judge_body, owners={})
    bodies, lost_bodies = _read_all(source, "bodies", problems, body_format, judge_body)
    terms, lost_terms = _read_all(source, "vocabularies", problems, vocabulary_table, rules.judge_vocabulary)
    missing = [id for id in VOCABULARIES if id not in terms and id not in lost_terms]
    for id in missing:
        message = f"{folder}/vocabularies/{id}.yaml is missing: it lists what the key of that name may say"
        problems.append(Problem(str(folder), 1, 1, "vocabulary", message))
    files, strays = source.records("certificates", depth=2)
    empty = {id: Vocabulary(id, "", ()) for id in VOCABULARIES}
    rulebook = Rulebook(schemes, {id: _with_read_schemes(body) for id, body in bodies.items()}, {**empty, **terms})
    return Registry(folder, rulebook, tuple(problems + strays), files, lost_schemes, lost_bodies)


def _strays(source: Source) -> list[Problem]:
    """A problem for each thing that has no business in a registry, such as a folder whose name is misspelt."""
    problems = []
    for name in source.names():
        if name not in PARTS and not name.startswith("."):
            close = nearest(name, PARTS)
            meant = f"; did you mean {close}?" if close else f": a registry has {', '.join(PARTS)}"
            path = shown_path(f"{source.folder}/{name}")
            problems.append(Problem(path, 1, 1, "file_kind", f"is no part of a registry{meant}"))
    return problems


def _read_all(
    source: Source, part: str, problems: list[Problem], table_of: TableOf, judge: Judge
) -> tuple[Nouns, Nouns]:
    """What each record of a part says, by id, and the ids of those that have problems."""
    files, strays = source.records(part, depth=1)
    problems += strays
    nouns = {file.stem: _read(file, problems, table_of, judge) for file in files}
    lost = {id: UNREAD for id, noun in nouns.items() if noun is UNREAD}
    return {id: noun for id, noun in nouns.items() if noun is not UNREAD}, lost


def _with_read_schemes(body: Body) -> Body:
    """The body without its approvals for schemes that have problems themselves."""
    return replace(body, schemes=tuple(one for one in body.schemes if not isinstance(one, Draft)))


def _read(file: RecordFile, problems: list[Problem], table_of: TableOf, judge: Judge) -> Any:
    if not WORD.form.fullmatch(file.stem):
        wanted = f"the file is named {shown(file.stem)}.yaml, but its name must hold {WORD.holds}, like {WORD.like}"
        problems.append(Problem(file.shown, 1, 1, "id_is_plain", wanted))
        return UNREAD
    data, problem = file.read()
    if problem:
        problems.append(problem)
        return UNREAD
    record, found = yamlfile.read(data, file.shown)
    if record is None:
        problems += found
        return UNREAD
    reading = Reading(file.shown, found)
    noun = table_of(file.stem).read(record, "", reading)
    judged = reading.problems + judge(noun, record, file.shown)
    problems += judged
    return UNREAD if any(problem.severity is Severity.PROBLEM for problem in judged) else noun


def _text(record: yamlfile.Mapping, key: str) -> str | None:
    node = record.items.get(key)
    return node.text if isinstance(node, yamlfile.Scalar) else None


def _scheme_id(record: yamlfile.Mapping) -> str:
    return _text(record, "scheme") or ""
