"""The operator's texts: from Markdown to pages, with one sentence for each mistake."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from rows import PROJECT, TREES, environment, row, site
from specimen import REGISTER

from starcert.pages import content

CHINESE = replace(REGISTER, languages=("zh",))


def read(folder: Path, text: str | bytes, name: str = "a-page.md") -> content.Article:
    """The article of one Chinese text."""
    file = folder / "zh" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return content.read(folder, CHINESE)["zh"][0]


def refused(folder: Path, text: str | bytes, name: str = "a-page.md") -> str:
    with pytest.raises(content.ContentError) as error:
        read(folder, text, name)
    return str(error.value).replace(f"{folder}/", "")


def test_the_path_of_the_file_is_the_path_of_the_page(tmp_path: Path) -> None:
    """content/zh/guides/a-page.md becomes /guides/a-page/."""
    assert read(tmp_path, "# 标题\n", "guides/a-page.md").path == "guides/a-page/"


def test_title_and_description_come_from_the_text(tmp_path: Path) -> None:
    """The title is the first heading, the description the first paragraph, both without markup."""
    article = read(tmp_path, "# 星级 & *含义*\n\n第一段，有[链接](/x/)和\n换行。\n\n第二段。\n")
    assert (article.title, article.description) == ("星级 & 含义", "第一段，有链接和 换行。")


def test_tables_and_heading_ids_survive(tmp_path: Path) -> None:
    """Tables stay tables, and headings can be linked to, in Chinese too."""
    body = read(tmp_path, "# 一\n\n## 四个 等级\n\n| 等级 | 星 |\n|---|--:|\n| 五星级 | 5 |\n").body
    assert '<h2 id="四个-等级">四个 等级</h2>' in body
    assert "<th>等级</th>" in body
    assert "<td>5</td>" in body


def test_html_in_a_text_is_harmless(tmp_path: Path) -> None:
    """Nothing runs, nothing is styled, nothing leads to anything but https and mail."""
    text = (
        "# 标题\n\n<script>alert(1)</script><style>p{}</style><iframe src='https://x.example'></iframe>\n\n"
        "<p onclick='alert(1)' style='color:red'>段落</p>\n\n<img src='x' onerror='alert(1)'>\n\n"
        "[a](javascript:alert(1)) [b](http://b.example/) [c](data:text/html,x) [d](https://d.example/)\n"
    )
    body = read(tmp_path, text).body
    assert not re.search(r"script|style|iframe|onclick|onerror|data:|http://|alert", body)
    assert re.findall('href="(.*?)"', body) == ["https://d.example/"]


def test_links_within_the_site_begin_with_its_root(tmp_path: Path) -> None:
    """A register below a path is linked to below that path; other links stay as they are."""
    (tmp_path / "zh").mkdir()
    links = "# a\n\n[b](/b/) [c](https://c.example/) [d](#d) [e](//e.example/)\n"
    (tmp_path / "zh" / "a.md").write_text(links, "utf-8")
    (article,) = content.read(tmp_path, replace(CHINESE, address="https://x.example/stars"))["zh"]
    assert re.findall('href="(.*?)"', article.body) == ["/stars/b/", "https://c.example/", "#d", "//e.example/"]


def test_the_registers_own_facts_are_filled_in(tmp_path: Path) -> None:
    """{host}, {address}, {name} and {contact} stand for what site.yaml says."""
    body = read(tmp_path, "# 一\n\n{host} {address} {name} {contact}\n").body
    assert "stars.example https://stars.example 星级服务认证公示 register@stars.example" in body


def test_texts_come_in_the_order_they_ask_for(tmp_path: Path) -> None:
    """Those that ask for none come last, by name."""
    for name, text in (("v", "# v"), ("x", "order: 2\n\n# x"), ("y", "order: 1\n\n# y"), ("z", "# z")):
        read(tmp_path, text, f"{name}.md")
    assert [article.title for article in content.read(tmp_path, CHINESE)["zh"]] == ["y", "x", "v", "z"]


def test_windows_files_are_read(tmp_path: Path) -> None:
    """A byte order mark and CRLF do no harm."""
    assert read(tmp_path, b"\xef\xbb\xbforder: 1\r\n\r\n# Title\r\n\r\nText.\r\n").title == "Title"


@pytest.mark.parametrize("text", ["", "没有标题的一段。\n", "## 二级标题\n", "一段\n\n# 标题\n", "#\n"])
def test_a_text_without_a_title_is_refused(tmp_path: Path, text: str) -> None:
    """A text must begin with its title."""
    assert refused(tmp_path, text) == "zh/a-page.md has no title: begin the text with a line such as # About"


def test_a_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    """GB 18030 and the like would show as something else."""
    assert refused(tmp_path, "# 标题".encode("gb18030")) == "zh/a-page.md is not UTF-8: save it as UTF-8"


def test_an_unknown_fact_is_refused(tmp_path: Path) -> None:
    """A misspelt name in braces is told with its line and the nearest right one."""
    said = refused(tmp_path, "# 标题\n\n见 {hots}。\n")
    assert said == "zh/a-page.md:3: {hots} stands for nothing; did you mean {host}?"


def test_an_unknown_line_above_the_title_is_refused(tmp_path: Path) -> None:
    """Only the order may be told there."""
    said = refused(tmp_path, "author: x\n\n# 标题\n")
    assert said == "zh/a-page.md begins with author: only order: may stand above the title"


def test_an_order_that_is_no_number_is_refused(tmp_path: Path) -> None:
    """Texts are ordered by number."""
    said = refused(tmp_path, "order: first\n\n# 标题\n")
    assert said == "zh/a-page.md says order: first, but the order must be a number such as 3"


@pytest.mark.parametrize("name", ["A-Page.md", "a page.md", "页面.md", "a_page.md"])
def test_a_name_that_makes_no_plain_address_is_refused(tmp_path: Path, name: str) -> None:
    """The file's name is what readers type."""
    said = refused(tmp_path, "# 标题\n", name)
    assert said == f"zh/{name} must be named in small letters, digits and '-', as its name is its address"


@pytest.mark.parametrize("name", ["browse.md", "en.md", "c/99925sc.md", "search/help.md", "index.md"])
def test_a_name_that_another_page_has_is_refused(tmp_path: Path, name: str) -> None:
    """A text may not stand where a list, a certificate or a language does."""
    said = refused(tmp_path, "# 标题\n", name)
    assert said == f"zh/{name} would take the place of another page: give it another name"


@pytest.mark.parametrize(("present", "missing"), [("zh", "en"), ("en", "zh")])
def test_a_text_without_its_translation_is_refused(tmp_path: Path, present: str, missing: str) -> None:
    """Every page leads to its translation."""
    for lang in ("zh", "en"):
        (tmp_path / lang).mkdir()
    (tmp_path / present / "about.md").write_text("# About\n", "utf-8")
    with pytest.raises(content.ContentError) as error:
        content.read(tmp_path, REGISTER)
    said = str(error.value).replace(f"{tmp_path}/", "")
    assert said == f"{missing}/about.md is missing: translate {present}/about.md, or delete it"


def test_a_language_without_texts_is_refused(tmp_path: Path) -> None:
    """The folder of every language must exist."""
    with pytest.raises(content.ContentError) as error:
        content.read(tmp_path, CHINESE)
    assert str(error.value) == f"{tmp_path / 'zh'} is missing: make it, and put the texts of that language there"


def test_our_texts_say_the_same_in_both_languages() -> None:
    """Translations have the same headings, tables, list items and links, in the same order."""
    articles = content.read(PROJECT / "content", REGISTER)
    for zh, en in zip(articles["zh"], articles["en"], strict=True):
        assert zh.path == en.path
        assert shape(zh.body) == shape(en.body.replace('href="/en/', 'href="/'))


def shape(body: str) -> list[str]:
    return re.findall(r'<h[1-6]|<tr>|<li>|href="[^"]*"', body)


def test_our_texts_lead_only_to_pages_that_exist() -> None:
    """Every link within the site has a page at its end."""
    pages = site([row()])
    articles = content.read(PROJECT / "content", REGISTER)
    for article in (*articles["zh"], *articles["en"]):
        for link in re.findall(r'href="/([^"]*)"', article.body):
            assert f"{link}index.html" in pages, (article.path, link)


def test_every_text_has_a_page_in_both_languages() -> None:
    """/PATH/ and /en/PATH/, each with its title, and linked to from the foot of every page."""
    articles = content.read(PROJECT / "content", REGISTER)
    pages = dict(content.pages(articles, TREES, environment()))
    for prefix, lang in (("", "zh"), ("en/", "en")):
        for article in articles[lang]:
            page = pages[f"{prefix}{article.path}index.html"].decode()
            assert f"<title>{article.title} · " in page
            for other in articles[lang]:
                assert f'<a href="/{prefix}{other.path}">{other.title}</a>' in page
