"""Where the program takes a short way for speed, it comes out where the long way does."""

import base64
from dataclasses import replace
from pathlib import Path

import corpora
import pytest
from certificates import any_certificate
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape
from records import RECORD, said, varied
from rows import REGISTER
from specimen import CERTIFICATE, DAY
from stdnum.cn import uscc

from starcert import characters, yamlfile
from starcert.certificate import Certificate
from starcert.chronicle import history, history_by_days
from starcert.pages.environment import Environment
from starcert.rules import identity, names

PLAIN = [chr(code) for code in range(0x110000) if characters.are_plain(chr(code))]
USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
TEMPLATES = (
    "{{ a }}|{% if b %}{{ b }}{% else %}none{% endif %}|{{ a }}{{ c }}",
    "{% set d %}<{{ a }}>{% endset %}{{ d }}{{ b or 'no b' }}{{ c if c }}",
    "{% if a == 'x' %}x{% endif %}{{ b }}",
    "{{ a | length if a is string else 0 }}{{ b is string }}{{ c is none }}",
    "{{ a ~ b }}{% if a is string %}{% for one in a %}{{ one }},{% endfor %}{% endif %}",
    "{{ a | default('none', true) }}{{ 'x' in (b | string) }}",
    "{{ a | e }}{{ b | safe }}{{ [c] }}",
)
VALUES = ["<b>&\"'</b>", "示例 & 公司", "示例", "", Markup("<i>&amp;</i>"), Markup(""), 5, None, 0.5]


def said_slowly(text: str, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is said of a text when each of its characters is looked at."""
    with monkeypatch.context() as patch:
        patch.setattr(characters, "are_plain", lambda text: False)
        return [*characters.forbidden(text), *characters.lookalikes(text)]


def test_nothing_is_said_of_a_plain_character(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each plain character, alone and among others, is one that the long way lets pass."""
    for char in PLAIN:
        assert [*said_slowly(char, monkeypatch), *said_slowly(f"示A{char}b例", monkeypatch)] == []


def test_nothing_is_said_of_plain_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the real company names, those of plain characters are let pass by the long way too."""
    real = [row["name"] for row in corpora.rows("zh/company_name_parse_gold_1501.tsv")]
    plain = [name for name in real if characters.are_plain(name)]
    assert len(plain) > 1400
    assert [name for name in plain if said_slowly(name, monkeypatch)] == []


def test_a_look_alike_is_found_in_whichever_text_it_stands() -> None:
    """No text that readers see escapes because the record as a whole was taken for plain."""
    record, _ = yamlfile.read(RECORD.encode(), "a.yaml")
    assert record is not None
    assert names.are_plain(record)
    shown = [text for _, text in names.shown_texts(record) if RECORD.count(text) == 1]
    assert len(shown) > 3
    for text in shown:
        told = said(varied((text, f"{text} Ехample")))
        assert any(line.endswith("[names_are_what_they_seem]") for line in told)


@given(st.from_regex(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}", fullmatch=True))
def test_the_check_character_is_the_one_that_stdnum_gives(code: str) -> None:
    """Of the 31 endings of a code, the rule lets that one pass which the library calculates."""
    holders = {char: replace(CERTIFICATE.holder, uscc=code + char) for char in USCC_CHARACTERS}
    refused = {
        char
        for char, holder in holders.items()
        for _ in identity.uscc_check_character(replace(CERTIFICATE, holder=holder))
    }
    assert set(USCC_CHARACTERS) - refused == {uscc.calc_check_digit(code)}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with one template, which shows a value before, within and after a statement."""
    folder: Path = tmp_path_factory.mktemp("templates")
    (folder / "assets").mkdir()
    (folder / "value.html").write_text("{{ value }}|{% if true %}{{ value }}{% endif %}|{{ value }}", encoding="utf-8")
    (folder / "same.html").write_text("{% if lang == 'zh' %}{{ value }}{% else %}none{% endif %}", encoding="utf-8")
    for number, template in enumerate(TEMPLATES):
        (folder / f"{number}.html").write_text(template, encoding="utf-8")
    return Environment(folder, REGISTER, DAY)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_stands_in_a_page_as_markupsafe_writes_it(value: object, environment: Environment) -> None:
    """Whatever a template shows is escaped, unless it is markup already."""
    assert environment.render("value.html", value=value).decode() == "|".join([str(escape(value))] * 3)


def test_hostile_strings_stand_in_a_page_as_markupsafe_writes_them(environment: Environment) -> None:
    """No string of the hostile corpora comes into a page other than escaped."""
    for row in corpora.objects("normalised/strings.jsonl"):
        data = row["s"].encode("utf-8", "replace") if "s" in row else base64.b64decode(row["b64"])
        text = data.decode("utf-8", "replace")
        assert environment.render("value.html", value=text).decode() == "|".join([str(escape(text))] * 3)


@given(st.data())
def test_a_page_is_cast_as_it_is_rendered(environment: Environment, data: st.DataObject) -> None:
    """Whatever a template does with its values, a mould gives the page that the template makes."""
    texts = st.sampled_from(["x", "", "\0", "\0002\0", "1\0", "xyz"]) | st.text()
    kinds = st.one_of(texts, texts, texts.map(Markup), st.none(), st.integers(0, 2), st.booleans(), st.just(("x",)))
    values = {name: data.draw(kinds) for name in "abc"}
    for number in range(len(TEMPLATES)):
        assert environment.cast(f"{number}.html", **values) == environment.render(f"{number}.html", **values)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_is_cast_by_what_is_the_same_each_time(environment: Environment, lang: str) -> None:
    """A template may ask what such a value says; each value of it has moulds of its own."""
    for value in ("x", "<y>", ""):
        cast = environment.cast("same.html", {"lang": lang}, value=value)
        assert cast == environment.render("same.html", lang=lang, value=value)


@given(any_certificate(), st.booleans())
def test_the_history_is_the_one_that_the_days_give(one: Certificate, undecided: bool) -> None:
    """Without decisions the turns follow from the audits, and are those of the status on each day."""
    certificate = replace(one, decisions=()) if undecided else one
    assert history(certificate) == history_by_days(certificate)
