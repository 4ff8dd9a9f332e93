"""Texts that broke other programs, in every field of every record: read, judged and rendered as nothing but text.

The strings, YAML files and dates are third-party data; tests/corpora.py says where they lie. Every text that a field
accepts is rendered, and the page is compared with one that holds a marker in its place: they must differ by that text.
"""

import base64
import gzip
import json
import re
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import corpora
import html5lib
import pytest
import records
import rows
from markupsafe import escape
from specimen import specimen

from starcert import listing, rules, yamlfile
from starcert.certificate import Certificate, FormerName, Place, slug
from starcert.formats import body_table, scheme_table, vocabulary_table
from starcert.pages import certificate as certificate_page
from starcert.pages import files, home, lists
from starcert.pages.environment import Environment
from starcert.pages.groups import Group
from starcert.pages.outline import Part
from starcert.parsing import Reading, Table
from starcert.problems import Problem, Severity
from starcert.search.index import Index
from starcert.vocabulary import Term

LONGEST = 60  # seconds of the processor that any one test may take before it counts as hanging
HARMLESS = {
    "number": "99925SC00123R1M",
    "standard": "GB/T 27922-2011",
    "name": "示例云栖电器有限公司",
    "name_en": "Example Yunqi Appliances Co., Ltd.",
    "uscc": "91330100MA0000001F",
    "address": "浙江省杭州市西湖区示例路18号",
    "address_en": "18 Shili Road, Hangzhou",
    "website": "https://yunqi.example/",
    "former": "示例云栖电子有限公司",
    "scope": "家用电器的售后服务",
    "scope_en": "After-sales service of household appliances",
    "brand": "云栖",
    "site": "云栖电器西湖服务中心",
    "site_address": "西湖区示例路18号",
    "city": "杭州",
    "filed_rule": "EXAMPLE-SCR-2019-007",
    "reason": "",
}
"""A text for every text field of a certificate's record; one that is empty belongs to an optional part."""

RECORD = """\
number: {number}
scheme: gbt-27922-2011
standard: {standard}
level: five-star
holder:
  name: {name}
  name_en: {name_en}
  uscc: {uscc}
  address: {address}
  address_en: {address_en}
  website: {website}
  former_names:
    - name: {former}
      until: 2019-06-30
scope: {scope}
scope_en: {scope_en}
brands:
  - {brand}
region: 33
industry: household-appliances
sites:
  - kind: head-office
    name: {site}
    address: {site_address}
    city: {city}
filed_rule: {filed_rule}
first_issued: 2025-03-01
issued: 2025-03-01
expires: 2028-02-29
audits:
  - kind: initial
    date: 2025-02-11
    score: 96.40
    level: five-star
"""
SUSPENDED = """\
decisions:
  - kind: suspended
    date: 2025-09-01
    start: 2025-09-01
    end: 2025-10-01
    reason: {reason}
  - kind: restored
    date: 2025-09-20
"""
FREE = [field for field in HARMLESS if field not in {"number", "standard", "uscc", "website"}]
Texts = Mapping[str, str]


@pytest.fixture(autouse=True)
def no_hang() -> Iterator[None]:
    """A test that takes too long is interrupted, and fails."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"more than {LONGEST} seconds")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


def strings() -> list[str]:
    """Every hostile string that is a text at all; the few that are bytes hold lone surrogates."""
    return [row["s"] for row in corpora.objects("normalised/strings.jsonl") if "s" in row]


def quoted(text: str) -> str:
    """The text as YAML writes any text on one line."""
    return json.dumps(text, ensure_ascii=False)


def written(texts: Texts) -> str:
    """The record with these texts, harmless ones elsewhere."""
    said = HARMLESS | {key: quoted(text) for key, text in texts.items()}
    return (RECORD + SUSPENDED * bool(texts.get("reason"))).format(**said)


def fields_by_line(template: str) -> dict[int, str]:
    """The field that stands on each line."""
    found = ((line, re.search(r"\{(\w+)\}", text)) for line, text in enumerate(template.split("\n"), 1))
    return {line: match[1] for line, match in found if match}


FIELDS = fields_by_line(RECORD + SUSPENDED)


def refused(text: str) -> set[str]:
    """The fields of a record in which something is wrong; each problem prints on one line."""
    verdict = records.verdict(text)
    assert all(str(problem).isprintable() for problem in verdict.problems)
    wrong = [problem.line for problem in verdict.problems if problem.severity is Severity.PROBLEM]
    assert wrong or verdict.certificate
    return {FIELDS.get(line, f"line {line}") for line in wrong}


@cache
def accepted() -> Mapping[str, Sequence[str]]:
    """Every hostile string that each field of free text accepts, by field."""
    taken: dict[str, list[str]] = {field: [] for field in FREE}
    for text in strings():
        said = set(FREE)
        while wrong := refused(written(dict.fromkeys(said, text))):
            assert wrong & said, (text, wrong)
            said -= wrong
        for field in said:
            taken[field].append(text)
    return taken


def test_every_hostile_string_in_every_field_is_read_or_refused() -> None:
    """14,411 strings, each in all fields of one record: what is wrong lies in those fields, and most may be said."""
    assert len(strings()) == 14_411
    counts = {field: len(taken) for field, taken in accepted().items()}
    assert counts["scope_en"] > 12_000
    assert counts["name"] > 10_000


def test_what_no_message_names_is_accepted() -> None:
    """A record that holds a hostile string in each field that did not complain is a certificate with those texts."""
    taken = {field: set(texts) for field, texts in accepted().items()}
    for text in strings():
        fields = [field for field in FREE if text in taken[field]]
        said = records.verdict(written(dict.fromkeys(fields, text))).certificate
        assert said, (text, fields)
        for field, shown in (("name", said.holder.name), ("scope", said.scope), ("city", said.sites[0].city)):
            assert shown == (text if field in fields else HARMLESS[field])


def test_each_field_alone_is_read_or_refused() -> None:
    """Every string in one field of a harmless record, the fields taking turns: nothing else is called wrong."""
    for text, field in zip(strings(), cycle(HARMLESS), strict=False):
        assert refused(written({field: text})) <= {field, "number"}


def test_a_number_makes_a_plain_path_or_is_refused() -> None:
    """Of all strings, those that may be a certificate's number have a slug of capitals, digits and '-'."""
    plain = re.compile("[A-Z0-9]([A-Z0-9-]{0,58}[A-Z0-9])?")
    for text in strings():
        found = records.verdict(written({"number": text})).problems
        broken = {problem.rule for problem in found if problem.severity is Severity.PROBLEM} - {"file_name"}
        assert bool(broken) is not bool(plain.fullmatch(slug(text)) and text.isascii())


def test_a_website_is_a_plain_link_or_is_refused() -> None:
    """Of all strings, those that may be a holder's website begin with https:// and hold no mark of HTML but & and '."""
    for text in strings():
        said = records.verdict(written({"website": text})).certificate
        assert said is None or re.fullmatch(r"https://[^\s\"<>`\\]+", text, re.ASCII)


def test_lone_surrogates_are_refused() -> None:
    """Bytes that no text in UTF-8 holds give a problem."""
    lost = [base64.b64decode(row["b64"]) for row in corpora.objects("normalised/strings.jsonl") if "b64" in row]
    assert len(lost) == 4
    for data in lost:
        before, after = written({"scope": "@"}).encode().split(b"@")
        assert records.verdict(before + data + after).certificate is None


# pages


MARKED = {field: f"\ue000{field}\ue001" for field in (*HARMLESS, "body", "body_en", "scheme", "scheme_en", "level")}
MARKED |= {field: f"\ue000{field}\ue001" for field in ("level_en", "region", "region_en", "industry", "industry_en")}
MARK = re.compile("\ue000(\\w+)\ue001")
LINKED_DATA = re.compile('(?s)(<script type="application/ld\\+json">)(.*?)(</script>)')


def bearing(texts: Texts) -> Certificate:
    """A certificate whose texts, and those of its body, scheme, level, region and industry, are these."""
    plain = specimen()
    body = replace(plain.body, name=texts["body"], name_en=texts["body_en"])
    return replace(
        plain,
        body=body,
        scheme=replace(plain.scheme, name=texts["scheme"], name_en=texts["scheme_en"]),
        level=replace(plain.level, name=texts["level"], name_en=texts["level_en"]),
        region=Term("33", texts["region"], texts["region_en"]),
        industry=Term("furniture", texts["industry"], texts["industry_en"]),
        holder=replace(
            plain.holder,
            name=texts["name"],
            name_en=texts["name_en"],
            address=texts["address"],
            address_en=texts["address_en"],
            former_names=(FormerName(texts["former"], date(2019, 6, 30)),),
        ),
        scope=texts["scope"],
        scope_en=texts["scope_en"],
        brands=(texts["brand"],),
        sites=(Place("head-office", texts["site"], texts["site_address"], texts["city"]),),
        filed_rule=texts["filed_rule"],
    )


def put(frame: str, texts: Texts, written: Callable[[str], str] = lambda text: str(escape(text))) -> str:
    """The frame with texts in place of their marks."""
    return MARK.sub(lambda match: written(texts[match[1]]), frame)


def in_script(text: str) -> str:
    """The text as JSON in a script element: no character in it means anything to HTML."""
    said = json.dumps(text, ensure_ascii=False)[1:-1]
    return said.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def page_of(certificate: Certificate, environment: Environment) -> str:
    """The certificate's page, but for its imprint and for how print sets it: both depend on all of its texts."""
    path, page, imprint = certificate_page.page(certificate, environment)
    assert path == "C/99925SC00123R1M/index.html"
    return re.sub(r' sheet (dense|tight|dense long)"', ' sheet"', page.decode().replace(imprint, "", 1))


def test_a_page_holds_every_hostile_string_as_mere_text() -> None:
    """A certificate's page differs from a harmless one by that text alone, escaped, wherever it is shown."""
    environment = rows.environment()
    frame = page_of(bearing(MARKED), environment)
    before, start, data, end, after = LINKED_DATA.split(frame)
    taken = {field: set(texts) for field, texts in accepted().items()}
    shown = sorted(set().union(*accepted().values()))
    assert len(shown) > 10_000
    for text in shown:
        fields = [field for field in MARKED if text in taken.get(field, taken["name"])]
        texts = {field: f"示例{field}" for field in MARKED} | dict.fromkeys(fields, text)
        page = page_of(bearing(texts), environment)
        wanted = put(before, texts) + start + put(data, texts, in_script) + end + put(after, texts)
        assert page == wanted


def parsed(page: str | bytes) -> ElementTree.Element:
    """The page as browsers parse it."""
    return html5lib.HTMLParser(namespaceHTMLElements=False).parse(page)


def same(found: ElementTree.Element, frame: ElementTree.Element, texts: Texts) -> None:
    """The page must be the frame with texts in place of marks: element for element, attribute for attribute."""

    def filled(text: str | None) -> str | None:
        return text and put(text, texts, str)

    for one, two in zip(found.iter(), frame.iter(), strict=True):
        assert (one.tag, one.tail) == (two.tag, filled(two.tail))
        assert dict(one.attrib) == {name: filled(value) for name, value in two.attrib.items()}
        if two.get("type") == "application/ld+json":
            assert json.loads(one.text or "") == json.loads(put(two.text or "", texts, lambda t: quoted(t)[1:-1]))
        else:
            assert one.text == filled(two.text)


MANY = 60  # entries in each list of a crowded certificate


def crowded(give: Callable[[str], str]) -> Certificate:
    """A certificate with as many brands, former names and sites; `give` tells each text, by a name of its own."""
    full = bearing({field: give(field) for field in MARKED})
    names = tuple(FormerName(give(f"former{n}"), date(2019, 6, 30)) for n in range(MANY))
    sites = (Place("service-outlet", give(f"site{n}"), give(f"site_address{n}"), give(f"city{n}")) for n in range(MANY))
    brands = tuple(give(f"brand{n}") for n in range(MANY))
    return replace(full, brands=brands, sites=tuple(sites), holder=replace(full.holder, former_names=names))


def test_browsers_parse_every_hostile_string_as_mere_text() -> None:
    """Crowded pages, each of 300 hostile strings, have the elements of a harmless page, and those texts exactly."""
    environment = rows.environment()
    frame = parsed(page_of(crowded(lambda name: f"\ue000{name}\ue001"), environment))
    supply = {field: cycle(texts) for field, texts in accepted().items() if texts}
    for _ in range(len(accepted()["brand"]) // MANY + 1):
        texts: dict[str, str] = {}

        def give(name: str, texts: dict[str, str] = texts) -> str:
            return texts.setdefault(name, next(supply.get(name.rstrip("0123456789"), supply["name"])))

        same(parsed(page_of(crowded(give), environment)), frame, texts)


# lists, feeds and the search


def named() -> Iterator[listing.Row]:
    """A row for every hostile string that may be a holder's name, which is also its English name and brand."""
    english = set(accepted()["name_en"])
    for serial, text in enumerate(accepted()["name"], 1):
        name_en = text if text in english else None
        yield rows.row(serial, name=text, name_en=name_en, brands=(text,))


def batches(size: int) -> Iterator[list[listing.Row]]:
    """Those rows, so many at a time."""
    every = list(named())
    return (every[start : start + size] for start in range(0, len(every), size))


def marked(some: Sequence[listing.Row]) -> tuple[list[listing.Row], dict[str, str]]:
    """The rows with marks for names, and what the marks stand for."""
    texts = {f"name{n}": row.name for n, row in enumerate(some)}
    frames = [
        replace(row, name=f"\ue000name{n}\ue001", name_en=row.name_en and f"\ue000name{n}\ue001")
        for n, row in enumerate(some)
    ]
    return frames, texts


def list_page(some: Sequence[listing.Row], tree: Any) -> bytes:
    """One page of a list, with all of these rows, in their order."""
    group = Group("body/huasheng/", rows.BODY)
    part = Part("", range(len(some)), range(0), None, None, ())
    edition, ends = rows.edition(), [lists.end(some[0]), lists.end(some[-1])]
    made = edition.leaf(group, part, ends, [edition.row(row, 1) for row in some])
    return dict(made)[f"{tree.prefix}browse/body/huasheng/index.html"]


@pytest.mark.parametrize("tree", rows.TREES, ids=lambda tree: tree.lang)
def test_a_list_shows_every_hostile_name_as_mere_text(tree: Any) -> None:
    """A list of all names differs from a list of marks by the names alone, escaped."""
    some = list(named())
    frames, texts = marked(some)
    assert list_page(some, tree).decode() == put(list_page(frames, tree).decode(), texts)


def test_browsers_parse_a_list_of_hostile_names_as_mere_text() -> None:
    """A list of every eighth name has the elements of a harmless list, and those texts exactly."""
    some = list(islice(named(), None, None, 8))
    frames, texts = marked(some)
    tree = rows.TREES[1]
    same(parsed(list_page(some, tree)), parsed(list_page(frames, tree)), texts)


def test_names_of_every_kind_have_a_place_in_a_list() -> None:
    """Sorting takes every name, and loses none."""
    some = list(named())
    assert sorted(row.number for row in rows.in_order(some)) == [row.number for row in some]


def test_feeds_hold_every_hostile_name_as_mere_text() -> None:
    """Every feed is well-formed XML whose titles end in the names."""
    environment = rows.environment()
    for some in batches(files.IN_FEED):
        for _, data in files.feeds(rows.census(some), rows.RULEBOOK, rows.TREES[:1], environment):
            titles = ElementTree.fromstring(data).findall("{*}entry/{*}title")
            assert sorted(title.text for title in titles) == sorted(f"五星级 · {row.name}" for row in some)


def test_the_home_page_holds_every_hostile_name_as_mere_text() -> None:
    """The latest certificates show names that differ from marks by the names alone, escaped."""
    edition = rows.edition()

    def page(some: Sequence[listing.Row]) -> str:
        return next(data for path, data in edition.census(rows.census(some)) if path == "index.html").decode()

    for some in batches(home.LATEST):
        frames, texts = marked(some)
        assert page(some) == put(page(frames), texts)


def test_the_search_index_holds_every_hostile_name_as_mere_text() -> None:
    """Pagefind takes every name, gives it back unchanged, and writes only plain paths."""
    names = accepted()["name"]
    numbers = [row.number for row in named()]
    with Index() as index:
        for name, number in zip(names, numbers, strict=True):
            index.add(listing.entry(listing.row(specimen(number=number, holder={"name": name}, brands=(name,)))))
        bundle = dict(index.files())
    assert all(re.fullmatch(r"[\w.-]+(/[\w.-]+)?", path, re.ASCII) for path in bundle)
    fragments = [gzip.decompress(data) for path, data in bundle.items() if path.endswith(".pf_fragment")]
    shown = [json.loads(data.removeprefix(b"pagefind_dcd"))["meta"] for data in fragments]
    assert sorted((meta["number"], meta["name"]) for meta in shown) == list(zip(numbers, names, strict=True))


# the records that certificates are judged by


def marked_texts(record: str, *keys: str) -> str:
    """The record with a slot in place of the text of each of these keys."""
    return re.sub(rf"\b({'|'.join(keys)}): [^,}}\n]+", r"\1: @", record)


KINDS: dict[str, tuple[str, Callable[[], Table], Callable[..., list[Problem]]]] = {
    "body": (
        marked_texts(
            records.RULEBOOK["bodies/example-cb.yaml"],
            *("name", "name_en", "approval_number", "number_pattern", "website", "phone", "scheme"),
        ),
        lambda: body_table("example-cb", records.rulebook().schemes),
        partial(rules.judge_body, owners={}),
    ),
    "scheme": (
        marked_texts(records.RULEBOOK["schemes/gbt-27922-2011.yaml"], "standard", "name", "name_en", "id", "clause"),
        lambda: scheme_table("gbt-27922-2011"),
        rules.judge_scheme,
    ),
    "vocabulary": (
        marked_texts(records.RULEBOOK["vocabularies/regions.yaml"], "source", "code", "name", "name_en"),
        lambda: vocabulary_table("regions"),
        rules.judge_vocabulary,
    ),
}


@pytest.mark.filterwarnings("ignore:Possible")  # hostile regular expressions of the future
@pytest.mark.parametrize("kind", KINDS)
def test_every_hostile_string_in_a_rulebook_is_read_or_refused(kind: str) -> None:
    """Each string in every text field of a body, a scheme or a vocabulary gives a noun or problems that print."""
    template, table, judge = KINDS[kind]
    format = table()
    assert "@" in template
    for text in strings():
        record, found = yamlfile.read(template.replace("@", quoted(text)).encode(), "record.yaml")
        if record is None:
            assert found
            continue
        reading = Reading("record.yaml", found)
        problems = reading.problems + judge(format.read(record, "", reading), record, "record.yaml")
        assert all(str(problem).isprintable() for problem in problems)


def test_a_registry_of_hostile_texts_prints_every_problem_on_a_line(tmp_path: Path) -> None:
    """A scheme, a body, a vocabulary of hostile texts and a certificate that hangs on them are refused in one run."""
    hostile = quoted('"><script>alert(1)</script>\u202e{{7*7}}\n')
    paths = {"body": "bodies/example-cb", "scheme": "schemes/gbt-27922-2011", "vocabulary": "vocabularies/regions"}
    changed = {f"{paths[kind]}.yaml": KINDS[kind][0].replace("@", hostile) for kind in KINDS}
    changed["certificates/example-cb/99925SC00123R1M.yaml"] = records.RECORD
    found = records.problems_in(records.write_registry(tmp_path, changed))
    assert {Path(problem.path).parent.name for problem in found} >= {"bodies", "schemes", "vocabularies"}
    assert all(str(problem).isprintable() for problem in found)


# files that are no records, and days that are none


def test_every_case_of_the_yaml_test_suite_as_a_record_is_refused_in_one_run(tmp_path: Path) -> None:
    """402 files that are hard for YAML readers, in one registry: each has its problems, and none hides another's."""
    cases = corpora.objects("normalised/yaml_cases.jsonl")
    records.write_registry(tmp_path, {})
    folder = tmp_path / "certificates" / records.BODY
    folder.mkdir(parents=True)
    for number, case in enumerate(cases):
        (folder / f"CASE-{number}.yaml").write_bytes(base64.b64decode(case["yaml_b64"]))
    found = records.problems_in(tmp_path)
    assert {Path(problem.path).stem for problem in found} == {f"CASE-{number}" for number in range(len(cases))}
    assert len(cases) == 402
    assert all(str(problem).isprintable() for problem in found)


def test_every_yaml_bomb_as_a_record_is_refused(tmp_path: Path) -> None:
    """12 files that exhaust other readers, beside a good record: each has a problem, the good one none."""
    bombs = json.loads(corpora.corpus("normalised/yaml_bombs.json").read_text("utf-8"))
    good = f"certificates/{records.BODY}/99925SC00123R1M.yaml"
    folder = records.write_registry(tmp_path, {good: records.RECORD}) / "certificates" / records.BODY
    for number, bomb in enumerate(bombs):
        (folder / f"BOMB-{number}.yaml").write_bytes(eval(bomb["py"]))
    found = records.problems_in(tmp_path)
    assert {Path(problem.path).stem for problem in found} == {f"BOMB-{number}" for number in range(12)}


def test_exactly_the_days_of_the_calendar_are_days() -> None:
    """Of 502 dates, times, addresses and hosts, what is a day is a full date of the calendar from 1990 to 2199."""
    rows_of_dates = corpora.objects("normalised/dates.jsonl")
    assert len(rows_of_dates) == 502
    days = {row["s"] for row in rows_of_dates if row["format"] == "date" and row["valid"]}
    taken = set()
    for row in rows_of_dates:
        text = written({}).replace("2019-06-30", quoted(row["s"]))
        if records.verdict(text).certificate:
            taken.add(row["s"])
    assert taken == {day for day in days if "1990" <= day[:4] <= "2199"}


def test_addresses_and_hosts_lead_nowhere_but_https() -> None:
    """Every address and host of the data, as a holder's website, is accepted only when it begins with https://."""
    for row in corpora.objects("normalised/dates.jsonl"):
        for text in (row["s"], f"https://{row['s']}/"):
            said = records.verdict(written({"website": text})).certificate
            assert said is None or (said.holder.website or "").startswith("https://")
