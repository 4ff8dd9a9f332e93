"""The words of the pages: both languages say the same things, and a mistake is one sentence."""

import re
from pathlib import Path

import pytest
from rows import TEMPLATES

from starcert import words


def write(folder: Path, zh: str, en: str) -> Path:
    (folder / "zh.yaml").write_text(zh, "utf-8")
    (folder / "en.yaml").write_text(en, "utf-8")
    return folder


def refused(folder: Path) -> str:
    with pytest.raises(words.WordsError) as error:
        words.read(folder, ("zh", "en"))
    return str(error.value).replace(f"{folder}/", "")


def test_words_are_read_as_they_are_written(tmp_path: Path) -> None:
    """A word that YAML would take for something else stays a text."""
    folder = write(tmp_path, "to: 至\nno: 否\n", "to: to\nno: No\n")
    assert words.read(folder, ("zh", "en")) == {"zh": {"to": "至", "no": "否"}, "en": {"to": "to", "no": "No"}}


def test_only_the_languages_asked_for_are_read(tmp_path: Path) -> None:
    """A register in one language needs no words in another."""
    (tmp_path / "zh.yaml").write_text("to: 至\n", "utf-8")
    assert words.read(tmp_path, ("zh",)) == {"zh": {"to": "至"}}


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    """What one language says, the other must say too."""
    folder = write(tmp_path, "to: 至\nbrowse: 名录\n", "to: to\n")
    assert refused(folder) == "en.yaml has no browse, but zh.yaml has: add it, or delete it from zh.yaml"


def test_an_extra_key_is_named(tmp_path: Path) -> None:
    """An extra key in the second language is missing in the first."""
    folder = write(tmp_path, "to: 至\n", "to: to\nbrowse: Browse\n")
    assert refused(folder) == "zh.yaml has no browse, but en.yaml has: add it, or delete it from en.yaml"


def test_a_misspelt_key_is_recognised(tmp_path: Path) -> None:
    """Of a key that both sides lack, the likely pair is named."""
    folder = write(tmp_path, "browse: 名录\n", "brwse: Browse\n")
    assert refused(folder) == "zh.yaml has no brwse, but en.yaml has: write browse and brwse alike"


def test_a_broken_file_is_told_like_a_record(tmp_path: Path) -> None:
    """A mistake in YAML comes with its place."""
    folder = write(tmp_path, "to: 至\nto: 到\n", "to: to\n")
    assert refused(folder).startswith("zh.yaml:2:1: to is already given on line 1")


@pytest.mark.parametrize("value", ["", "[a]", "{a: b}"])
def test_a_value_that_is_no_text_is_refused(tmp_path: Path, value: str) -> None:
    """Words are texts, and not empty ones."""
    folder = write(tmp_path, f"to: {value}\n", "to: to\n")
    assert refused(folder) == "zh.yaml:1:1: to must be a text, as in to: some words"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """Without its words a language has no pages."""
    assert refused(tmp_path) == "zh.yaml cannot be read: No such file or directory"


def test_both_languages_fill_in_the_same_facts() -> None:
    """A sentence that names a number or a day in one language does so in the other."""
    read = words.read(TEMPLATES / "i18n", ("zh", "en"))
    facts = {
        lang: {key: set(re.findall(r"\{\w+\}", text)) for key, text in texts.items()} for lang, texts in read.items()
    }
    # English sentences may leave out what the page says elsewhere: one certificate has no number to fill in.
    assert facts["zh"] == facts["en"]


def test_every_word_is_used() -> None:
    """A key that no template and no page asks for is a leftover."""
    keys = words.read(TEMPLATES / "i18n", ("zh",))["zh"].keys()
    sources = [*TEMPLATES.glob("*.*"), *(TEMPLATES.parent / "starcert" / "pages").glob("*.py")]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    composed = re.compile(
        r"search_(start|loading|one|found|none|listed|failed|sort_\w+|level|body|scheme|province|industry|expires)|kind_\w+"
    )
    assert [key for key in keys if key not in text and not composed.fullmatch(key)] == []
