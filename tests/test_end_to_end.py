"""From a clerk's push to a reader's phone, with the real parts: git over SSH and from a folder, sshd, nginx and Caddy
with the files that `host file` writes, and a browser. The days are those of today; times in answers are masked.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from browser import launched_by
from decoding import DECODERS, opened
from hosts import Hosted
from keys import EXAMPLE_BODY, OTHER_BODY, Pair, listed, pair
from playwright.sync_api import Browser, Page, sync_playwright
from project import REPOSITORY
from pushing import REGISTRY
from repositories import PERSON, Clone
from servers import SERVERS, asked, free_port, serving
from ssh import Server, listening

from starcert import headers
from starcert.days import day_in_china, years_after

TODAY = day_in_china(datetime.now(UTC))
ISSUED = (TODAY.replace(day=1) - timedelta(days=1)).replace(day=1)
"""The first day of last month, so that no certificate here is near its end unless it says so."""
EXPIRES = years_after(ISSUED, 3) - timedelta(days=1)
BODIES = {"example-cb": "999", "other-cb": "998"}


def number(place: int, body: str = "example-cb") -> str:
    """A certificate number of the body."""
    return f"{BODIES[body]}26SC{place:05}R0M"


def path(place: int, body: str = "example-cb") -> str:
    """Where that certificate's record lies."""
    return f"registry/certificates/{body}/{number(place, body)}.yaml"


def record(place: int, body: str = "example-cb", expires: date = EXPIRES) -> str:
    """The record of a four-star certificate."""
    return f"""\
number: {number(place, body)}
scheme: gbt-27922-2011
standard: GB/T 27922-2011
level: four-star
holder:
  name: 示例云{place}电器有限公司
  uscc: 91330100MA0000001F
  address: 浙江省杭州市西湖区示例路{place}号
scope: 家用电器的售后服务
region: "33"
industry: household-appliances
sites:
  - kind: head-office
    name: 总部
    address: 浙江省杭州市西湖区示例路{place}号
    city: 杭州市
filed_rule: EXAMPLE-SCR-2019-007
first_issued: {ISSUED}
issued: {ISSUED}
expires: {expires}
audits:
  - kind: initial
    date: {ISSUED - timedelta(days=20)}
    score: 92.50
    level: four-star
"""


@dataclass(frozen=True)
class Clerk:
    """Somebody with a clone, who signs every commit with a key."""

    clone: Clone
    key: Pair
    server: Server

    def git(self, *arguments: str, fails: bool = False) -> str:
        """What git prints."""
        return self.clone.git(*arguments, fails=fails, **self.server.variables(self.key))

    def commit(self, files: dict[str, str | bytes | None]) -> str:
        """The first ten digits of a commit with these files."""
        return self.clone.commit(files)[:10]

    def catch_up(self) -> None:
        """Have what the register has, and nothing else."""
        self.git("fetch", "--quiet")
        self.git("reset", "--quiet", "--hard", "origin/main")

    def push(self, *, refused: bool = False) -> str:
        """The server's answer, as the clerk reads it, with masked times."""
        return answer(self.git("push", "origin", "main", fails=refused))


def answer(told: str) -> str:
    """What the server says, of all that git prints."""
    lines = [line.removeprefix("remote:")[1:].rstrip() for line in told.splitlines() if line.startswith("remote:")]
    return re.sub(r"\d+\.\d (秒|seconds)", r"T \1", "\n".join(lines).strip("\n"))


@dataclass(frozen=True)
class Place:
    """A register with two bodies, whose operator has begun it; each of its people has a clone over SSH."""

    host: Hosted
    server: Server
    operator: Clerk
    clerk: Clerk
    other: Clerk


def cloned(folder: Path, address: str, key: Pair, server: Server) -> Clerk:
    """A clone of what is at an address, in which commits are signed with the key."""
    clone = Clone(folder, Path(address))
    folder.mkdir()
    clerk = Clerk(clone, key, server)
    clerk.git("-c", "init.defaultBranch=main", "clone", "--quiet", address, ".")
    for name, value in {
        "gpg.format": "ssh",
        "user.signingkey": f"{key.private}.pub",
        "commit.gpgsign": "true",
        "pull.rebase": "true",
    }.items():
        clerk.git("config", name, value)
    return clerk


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A register as `host install` makes it, begun by its operator, with one certificate of each body."""
    host = Hosted(tmp_path_factory.mktemp("host"))
    keys = {name: pair(name) for name in ("operator", "clerk", "other")}
    public = host.folder / "operator.pub"
    public.write_text(f"{keys['operator'].line} 张三\n", encoding="utf-8")
    assert host.host("install", "--site", str(host.site), "--operator", str(public)).code == 0
    with listening(host.folder / "ssh", *keys.values()) as server:
        address = server.address(host.repository)
        operator = cloned(host.folder / "operator", address, keys["operator"], server)
        shutil.copy(REPOSITORY / "site.yaml", operator.clone.folder)
        for name in ("templates", "content"):
            shutil.copytree(REPOSITORY / name, operator.clone.folder / name)
        bodies = {"example-cb": ("clerk", EXAMPLE_BODY), "other-cb": ("other", OTHER_BODY)}
        files: dict[str, str | bytes | None] = {
            f"registry/bodies/{body}.yaml": f"{text}keys:\n{listed(keys[name].line, valid_from=str(TODAY))}"
            for body, (name, text) in bodies.items()
        }
        operator.commit({**REGISTRY, **files, path(1): record(1), path(1, "other-cb"): record(1, "other-cb")})
        assert "已公示" in operator.push()
        clerks = [cloned(host.folder / name, address, keys[name], server) for name in ("clerk", "other")]
        yield Place(host, server, operator, *clerks)


@dataclass(frozen=True)
class Reader:
    """The site at one of the servers: an address for programs, and a browser that finds stars.example there."""

    kind: str
    address: str
    browser: Browser

    def page(self, path: str) -> Page:
        """The page at a path of https://stars.example, as a phone shows it."""
        context = self.browser.new_context(
            viewport={"width": 390, "height": 844}, device_scale_factor=3, ignore_https_errors=True
        )
        page = context.new_page()
        page.goto(f"https://stars.example{path}")
        return page


@pytest.fixture(scope="module")
def readers(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Reader]]:
    """A reader at each server."""
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        made = {}
        for kind in SERVERS:
            https = free_port()
            text = place.host.host("file", kind).out
            at = stack.enter_context(serving(kind, text, tmp_path_factory.mktemp(kind), https=https))
            rules = f"--host-resolver-rules=MAP stars.example:443 127.0.0.1:{https}, EXCLUDE 127.0.0.1"
            made[kind] = Reader(kind, at, stack.enter_context(launched_by(playwright, rules)))
        yield made


@pytest.fixture(params=SERVERS)
def reader(readers: dict[str, Reader], request: pytest.FixtureRequest) -> Reader:
    """A reader at one server, then at the other."""
    return readers[request.param]


def test_a_good_push_is_answered_with_what_readers_see(place: Place) -> None:
    """The new certificate with its address, how many there are, and how long it took; that is all."""
    was = place.host.live["published"]
    place.clerk.catch_up()
    commit = place.clerk.commit({path(2): record(2)})
    assert (
        place.clerk.push()
        == f"""\
新公示 published: 1
  {number(2)}  示例云2电器有限公司  四星级 Four-star
    https://stars.example/C/{number(2)}/
已公示 {commit}：{was + 1} 张有效证书，{TODAY}，用时 T 秒
Live: {commit}, {was + 1} valid certificates, as of {TODAY}, in T seconds"""
    )
    assert place.host.live["commit"].startswith(commit)


def test_a_push_from_a_folder_is_answered_alike(place: Place) -> None:
    """Where the repository is reached as a folder of the same machine."""
    local = cloned(place.host.folder / "local", place.host.repository.as_uri(), place.clerk.key, place.server)
    commit = local.commit({path(3): record(3)})
    assert local.push().splitlines()[1:4] == [
        f"  {number(3)}  示例云3电器有限公司  四星级 Four-star",
        f"    https://stars.example/C/{number(3)}/",
        f"已公示 {commit}：{place.host.live['published']} 张有效证书，{TODAY}，用时 T 秒",
    ]


def test_a_bad_push_is_answered_with_what_to_type(place: Place) -> None:
    """In Chinese and English; nothing of it is kept, and after mending as told it passes."""
    place.clerk.catch_up()
    live = place.host.live
    place.clerk.commit({path(4): record(4).replace("four-star", "five-star")})
    assert (
        place.clerk.push(refused=True)
        == f"""\
推送被拒绝：发现 1 处问题。登记册没有任何改动。
The push is refused: 1 problem. Nothing of the register has changed.

{path(4)}:25:12:
  等级 level 是 five-star，而得分 92.50 对应 four-star（five-star 需 95.00）
  level is five-star, but the score 92.50 gives four-star (five-star needs 95.00) [level_matches_score]
  25 |     level: five-star
     |            ^

请改正文件，然后重新提交并推送：
Mend the files, then commit and push again:
    git add --all
    git commit --amend --no-edit -S
    git push"""
    )
    assert place.host.live == live
    (place.clerk.clone.folder / path(4)).write_text(record(4), encoding="utf-8")
    place.clerk.git("add", "--all")
    place.clerk.git("commit", "--amend", "--no-edit", "-S")
    assert number(4) in place.clerk.push()


def test_a_reader_scans_and_reads_valid_today(place: Place, reader: Reader) -> None:
    """The code on the page, decoded from a picture of it, leads to this page, which says that it holds today."""
    page = reader.page(f"/C/{number(1)}/")
    page.wait_for_selector("[data-state=valid]", timeout=20_000)
    assert page.inner_text(".today").startswith(f"今天有效（{TODAY.year}年{TODAY.month}月{TODAY.day}日）")
    picture = opened(page.locator("svg.qr").screenshot())
    [said] = {text for decode in DECODERS.values() for text in decode(picture)}
    assert said == f"HTTPS://STARS.EXAMPLE/C/{number(1)}/"
    page.goto(said)
    assert page.url == f"https://stars.example/C/{number(1)}/"
    assert page.inner_text("h1").strip() == "示例云1电器有限公司"


def test_a_reader_finds_it_in_lists_and_search(place: Place, reader: Reader) -> None:
    """What was pushed last, by its number; with styles, and without a refusal of the page's own policy."""
    place.clerk.catch_up()
    wanted = 10 + SERVERS.index(reader.kind)
    place.clerk.commit({path(wanted): record(wanted)})
    place.clerk.push()
    page = reader.page("/")
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.goto(f"https://stars.example/search/?q={number(wanted)}")
    page.wait_for_selector("#results li", timeout=20_000)
    assert page.get_attribute("#results li a", "href") == f"/C/{number(wanted)}/"
    page.goto("https://stars.example/browse/level/gbt-27922-2011/four-star/")
    assert page.locator(f'a[href$="/C/{number(wanted)}/"]').count() >= 1
    assert page.evaluate("[...document.styleSheets].map(sheet => sheet.cssRules.length > 0)") == [True]
    assert refused == []


def test_a_reader_of_nothing_is_told_so(reader: Reader) -> None:
    """With status 404, the register's own page, and the headers that all have."""
    status, said, data = asked(reader.address, "/C/99926SC99999R0M/")
    assert (status, said["content-security-policy"], said["cache-control"]) == (404, headers.POLICY, headers.ASK)
    assert {name: said.get(name.lower()) for name in headers.ALWAYS} == headers.ALWAYS
    page = reader.page("/C/99926SC99999R0M/")
    assert "没有" in page.inner_text("main")
    assert data.decode().count("<h1") == 1


def test_what_expires_leaves_both_servers_by_itself(place: Place, readers: dict[str, Reader]) -> None:
    """Nobody pushes: on the day after its last one, the timer's publication takes the page away."""
    place.clerk.catch_up()
    last = TODAY + timedelta(days=1)
    place.clerk.commit({path(20): record(20, expires=last)})
    place.clerk.push()
    page = f"/C/{number(20)}/"
    for day, status in ((last, 200), (last + timedelta(days=1), 404), (TODAY, 200)):
        ended = place.host.host("publish", "--timer", day=str(day))
        assert ended.code == 0, ended.out
        assert [asked(reader.address, page)[0] for reader in readers.values()] == [status, status]
        if status == 404:
            assert f"撤下 removed: 1\n  {number(20)}  示例云20电器有限公司" in ended.out


def test_watch_agrees_until_something_is_wrong(place: Place, reader: Reader) -> None:
    """At either server: today's and whole; then a page goes missing under it."""
    place.host.host("publish")
    watch = ("watch", reader.address, "--commit", place.host.live["commit"])
    good = place.host.run(*watch)
    assert (good.code, good.out) == (0, f"{reader.address} is today's, {TODAY}, and whole.\n")
    page = place.host.site / "C" / number(1)
    page.rename(place.host.folder / "away")
    try:
        bad = place.host.run(*watch)
        assert bad.code == 1
        assert f"/C/{number(1)}/ is answered with 404, not with 200." in bad.out
    finally:
        (place.host.folder / "away").rename(page)


def test_a_rollback_shows_the_commit_before_until_it_is_taken_off(place: Place, readers: dict[str, Reader]) -> None:
    """Pushes are taken meanwhile, and their clerk is told that they wait."""
    place.clerk.catch_up()
    place.clerk.commit({path(30): record(30)})
    place.clerk.push()
    pages = [f"/C/{number(30)}/", f"/C/{number(31)}/"]

    def seen() -> list[list[int]]:
        return [[asked(reader.address, page)[0] for page in pages] for reader in readers.values()]

    assert place.host.host("rollback").code == 0
    assert seen() == [[404, 404]] * 2
    pinned = place.host.live["commit"][:10]
    place.clerk.commit({path(31): record(31)})
    said = place.clerk.push()
    assert f"固定在 {pinned}" in said
    assert f"The operator has pinned the site to {pinned}" in said
    assert seen() == [[404, 404]] * 2
    assert place.host.host("rollback", "--off").code == 0
    assert seen() == [[200, 200]] * 2


def test_two_clerks_who_push_at_once_both_get_in(place: Place) -> None:
    """Nothing is lost: whoever came second is told to pull, does so, and is live after the next push."""
    pair_of_clerks = {"example-cb": place.clerk, "other-cb": place.other}
    for body, clerk in pair_of_clerks.items():
        clerk.catch_up()
        clerk.commit({path(40, body): record(40, body)})
    pushes = {
        body: subprocess.Popen(
            ["git", "push", "origin", "main"],
            cwd=clerk.clone.folder,
            env={"PATH": os.environ["PATH"], **PERSON, **clerk.server.variables(clerk.key)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for body, clerk in pair_of_clerks.items()
    }
    ended = {body: (push.communicate(timeout=120)[0].decode(), push.returncode) for body, push in pushes.items()}
    late = [body for body, (_, code) in ended.items() if code]
    assert len(late) <= 1, ended
    for body in late:
        pair_of_clerks[body].git("pull")
        pair_of_clerks[body].push()
    for body in pair_of_clerks:
        assert (place.host.site / "C" / number(40, body)).is_dir(), ended
