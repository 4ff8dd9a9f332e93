"""Words: what the pages say in each language, from templates/i18n/LANGUAGE.yaml: flat `key: text` lines."""

from collections.abc import Iterable, Mapping
from itertools import permutations
from pathlib import Path

from starcert import yamlfile
from starcert.problems import Mistake, nearest

Words = Mapping[str, str]


class WordsError(Mistake):
    """The words cannot be used; the message is one sentence that names the file and what to do."""


def read(folder: Path, languages: Iterable[str]) -> Mapping[str, Words]:
    """The words under each language, or WordsError when a file is broken or the languages' keys differ."""
    if not folder.is_dir():
        found = f"There is no folder {folder}: to build takes templates/ and content/ beside registry/"
        raise WordsError(f"{found}; where only records lie they can be checked, with the command check.")
    words = {language: _read_one(folder / f"{language}.yaml") for language in languages}
    for language, other in permutations(words, 2):
        for key in sorted(words[other].keys() - words[language].keys()):
            raise WordsError(_missing(folder, key, language, other, words))
    return words


def _read_one(path: Path) -> Words:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WordsError(f"{path} cannot be read: {error.strerror}") from error
    record, problems = yamlfile.read(data, str(path))
    if problems or record is None:
        raise WordsError(str(problems[0]))
    for key, node in record.items.items():
        if not isinstance(node, yamlfile.Scalar) or not node.text:
            line, column = record.keys[key]
            raise WordsError(f"{path}:{line}:{column}: {key} must be a text, as in {key}: some words")
    return {key: node.text for key, node in record.items.items() if isinstance(node, yamlfile.Scalar)}


def _missing(folder: Path, key: str, language: str, other: str, words: Mapping[str, Words]) -> str:
    close = nearest(key, words[language].keys() - words[other].keys())
    advice = f"write {close} and {key} alike" if close else f"add it, or delete it from {other}.yaml"
    return f"{folder / language}.yaml has no {key}, but {other}.yaml has: {advice}"
