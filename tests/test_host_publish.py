"""What was pushed goes live and stays live; whatever goes wrong, readers keep the site that they have."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from hosts import CERTIFICATES, NUMBER, Hosted, hosted
from project import BUILD, Project, clean_environment

from starcert.git import GitError, Repository
from starcert.host.tree import Tree

SECOND, THIRD = "99925SC00124R1M", "99925SC00125R1M"


@pytest.fixture
def host(tmp_path: Path) -> Hosted:
    """A host with one certificate, sent and not published."""
    made = hosted(tmp_path)
    made.send("first")
    return made


@pytest.fixture
def live(host: Hosted) -> Hosted:
    """The same, published."""
    assert host.host("publish").code == 0
    return host


def test_nothing_pushed_is_nothing_to_do(tmp_path: Path) -> None:
    """A timer that runs before the first push fails nobody."""
    made = hosted(tmp_path)
    ended = made.host("publish", "--timer")
    assert (ended.code, ended.err) == (0, "")
    assert "nothing has been pushed to main yet" in ended.out
    assert not made.site.exists()


def test_the_newest_commit_goes_live(host: Hosted) -> None:
    """With its commit in status.json; whoever pushed reads so in two languages."""
    ended = host.host("publish")
    tip = host.git("rev-parse", "HEAD")
    assert (ended.code, ended.err) == (0, "")
    assert host.live["commit"] == tip
    chinese, english = ended.out.splitlines()[-2:]
    assert chinese.startswith(f"已公示 {tip[:10]}：1 张有效证书，2026-11-22，用时 ")
    assert english.startswith(f"Live: {tip[:10]}, 1 valid certificate, as of 2026-11-22, in ")


def test_the_site_is_the_one_that_a_build_makes(live: Hosted) -> None:
    """Byte for byte but for the instant."""
    elsewhere = live.folder / "elsewhere"
    instant = live.live["built_at"].replace("Z", "+00:00")
    epoch = str(int(datetime.fromisoformat(instant).timestamp()))
    made = Project(live.clone)
    assert made.run("--out", str(elsewhere), "--commit", live.live["commit"], SOURCE_DATE_EPOCH=epoch).code == 0
    ours = {p.relative_to(live.site): p.read_bytes() for p in live.site.rglob("*") if p.is_file()}
    assert ours == {p.relative_to(elsewhere): p.read_bytes() for p in elsewhere.rglob("*") if p.is_file()}


def test_whoever_pushed_reads_what_changes_on_the_site(live: Hosted) -> None:
    """What is new and what is gone, with addresses."""
    live.add(SECOND)
    live.change(also="decisions:\n  - kind: withdrawn\n    date: 2026-11-05\n    reason: 拒绝接受监督审核\n")
    live.send()
    said = live.host("publish").out.splitlines()
    published, removed = said.index("新公示 published: 1"), said.index("撤下 removed: 1")
    assert said[published + 1].startswith(f"  {SECOND}  ")
    assert said[published + 2] == f"    https://stars.example/C/{SECOND}/"
    assert said[removed + 1].startswith(f"  {NUMBER}  ")
    assert live.shown == [SECOND]


def test_whoever_pushed_reads_what_changes_although_all_pages_do(live: Hosted) -> None:
    """With another template or setting the certificates that come, go and change are told as ever, and no others."""
    live.add(SECOND)
    live.write("templates/_footer.html", "<p>another</p>")
    live.send()
    said = live.host("publish").out.splitlines()
    assert said[:2] == ["所有页面重新生成 all pages were made anew", "新公示 published: 1"]
    assert said[2].startswith(f"  {SECOND}  ")
    assert len(said) == 6
    live.change(("示例云栖电器有限公司\n  name_en", "示例云栖家电有限公司\n  name_en"))
    (live.clone / CERTIFICATES / f"{SECOND}.yaml").unlink()
    live.write("templates/_footer.html", "<p>a third</p>")
    live.send()
    said = live.host("publish").out.splitlines()
    assert [line for line in said if ": 1" in line] == ["内容变动 changed otherwise: 1", "撤下 removed: 1"]
    live.write("templates/_footer.html", "<p>a fourth</p>")
    live.send()
    said = live.host("publish").out.splitlines()
    assert said[1] == "证书没有变动 no certificate comes, goes or changes"


def test_where_nothing_is_known_of_before_the_counts_are_told(live: Hosted) -> None:
    """As after a repair; what is published now stands in the line that names the commit."""
    (live.folder / ".site.starcert-memory").unlink()
    live.add(SECOND)
    live.send()
    said = live.host("publish").out.splitlines()
    assert said[:2] == ["所有页面重新生成 all pages were made anew", "此前有效证书 valid certificates before: 1"]
    assert ", 2 valid certificates, " in said[-1]


def test_only_what_changed_is_written(live: Hosted) -> None:
    """Neither the tree's files nor the site's, so a build sees what to do."""
    record, page = live.repository / "starcert/tree" / CERTIFICATES / f"{NUMBER}.yaml", live.site / "C" / NUMBER
    before = (record.stat().st_ino, record.stat().st_ctime_ns, (page / "index.html").stat().st_mtime_ns)
    live.add(SECOND)
    live.send()
    assert live.host("publish").code == 0
    assert (record.stat().st_ino, record.stat().st_ctime_ns, (page / "index.html").stat().st_mtime_ns) == before
    assert live.shown == [NUMBER, SECOND]


def test_what_is_live_is_not_built_again(live: Hosted) -> None:
    """A push that waited behind another one finds its commit live, and says so."""
    before = live.status
    ended = live.host("publish")
    assert ended.code == 0
    assert ended.out.endswith(f"{live.live['commit'][:10]} is live already\n")
    assert live.status == before


def test_the_timer_stamps_a_site_that_stays_as_it_is(live: Hosted) -> None:
    """So that a timer that has died shows; nothing else is touched, and the memory is believed as before."""
    before, memory = live.live, live.folder / ".site.starcert-memory"
    seen = {page: page.stat().st_mtime_ns for page in live.site.rglob("*.html")} | {memory: memory.stat().st_ino}
    for _ in range(2):
        assert live.host("publish", "--timer").code == 0
    assert live.live["built_at"] > before["built_at"]
    assert live.live == {**before, "built_at": live.live["built_at"]}
    assert live.status["build"]["result"] == "unchanged"
    now = {page: page.stat().st_mtime_ns for page in live.site.rglob("*.html")} | {memory: memory.stat().st_ino}
    assert now == seen
    assert (live.site / "status.json").stat().st_mode & 0o777 == 0o644


def test_a_commit_that_changes_no_page_is_live_all_the_same(live: Hosted) -> None:
    """The site names it."""
    live.write("notes.txt", "for us")
    commit = live.send()
    ended = live.host("publish")
    assert live.live["commit"] == commit
    assert "nothing changes on the public site" in ended.out


def test_an_expiry_takes_effect_by_the_timer(live: Hosted) -> None:
    """On the day after the last one, under the same commit."""
    live.change(("expires: 2028-02-29", "expires: 2026-12-31"))
    commit = live.send()
    assert live.host("publish", "--timer", day="2026-12-31").code == 0
    assert live.shown == [NUMBER]
    assert live.host("publish", "--timer", day="2027-01-01").code == 0
    assert not (live.site / "C").exists()
    assert (live.live["commit"], live.live["day"]) == (commit, "2027-01-01")


def broken(host: Hosted) -> str:
    """Send a commit that no push could bring: a record with a wrong level."""
    host.add(SECOND, ("score: 96.40", "score: 93.40"))
    return host.send()


def test_problems_leave_the_old_site(live: Hosted) -> None:
    """Whoever pushed is told which, and so is who asks."""
    before = live.live
    commit = broken(live)
    ended = live.host("publish")
    assert ended.code == 1
    assert live.live == before
    said = ended.out.splitlines()
    assert said[0] == f"未能公示 {commit[:10]}，网站仍公示此前的内容"
    assert said[1] == f"Could not publish {commit[:10]}; the site goes on showing what was live before"
    assert said[2].startswith(f"  {CERTIFICATES}/{SECOND}.yaml:")
    assert "[level_matches_score]" in said[2]
    status = live.status
    assert (status["build"]["result"], status["build"]["commit"]) == ("failed", commit)
    assert "The last build failed; the site stays at the commit that was live before." in status["faults"]


def test_the_timer_leaves_broken_records_out(live: Hosted) -> None:
    """So that what is sound, and what expires, takes effect; the status says that somebody must look."""
    commit = broken(live)
    ended = live.host("publish", "--timer")
    assert ended.code == 0
    assert live.live["commit"] == commit
    assert live.shown == [NUMBER]
    assert "Records with problems were left out:" in ended.out
    assert live.status["faults"] == ["The last build left broken records out."]
    assert live.host("status").code == 1


def test_settings_that_cannot_be_read_leave_the_old_site(live: Hosted) -> None:
    """As any mistake that is not in a record."""
    before = live.live
    live.write("site.yaml", "name: 公示\n")
    live.send()
    ended = live.host("publish")
    assert ended.code == 1
    assert "name_en is missing" in ended.out
    assert live.live == before


def test_a_template_that_breaks_leaves_the_old_site(live: Hosted) -> None:
    """Its name and line are told."""
    before = live.live
    live.write("templates/home.html", "{{ nonsense.of.some }}")
    live.send()
    ended = live.host("publish")
    assert ended.code == 1
    assert "home.html" in ended.out
    assert live.live == before


def test_a_site_that_cannot_be_written_stays(live: Hosted) -> None:
    """Such as one that lies on a full or broken disk; here a folder of somebody else's stands in its place."""
    live.add(SECOND)
    live.send()
    (live.site / "status.json").write_text("{}")
    ended = live.host("publish")
    assert ended.code == 1
    assert "holds files, but no site that Starcert built" in ended.out
    assert live.status["build"]["result"] == "failed"


def test_the_next_publication_repairs(live: Hosted) -> None:
    """A mended commit is live, and nothing is amiss any more."""
    broken(live)
    assert live.host("publish").code == 1
    live.add(SECOND)
    live.send()
    assert live.host("publish").code == 0
    assert live.host("status").code == 0
    assert live.shown == [NUMBER, SECOND]


def pushed(host: Hosted, commit: str) -> str:
    """What whoever pushed the commit is told."""
    command = [sys.executable, "-B", str(BUILD), "host", "publish", str(host.repository), "--pushed"]
    told = f"{'0' * 40} {commit} refs/heads/main\n"
    ended = subprocess.run(command, env=clean_environment({}), input=told, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def test_pushes_that_arrive_together_queue(live: Hosted) -> None:
    """One builds, the others wait and find theirs live; all end well and the newest is shown."""
    live.add(SECOND)
    tip = live.send()
    command = [sys.executable, "-B", str(BUILD), "host", "publish", str(live.repository)]
    plain = clean_environment({})
    started = [subprocess.Popen(command, env=plain, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = [one.communicate(timeout=120)[0] for one in started]
    assert [one.returncode for one in started] == [0] * 4
    assert live.live["commit"] == tip
    assert sum("Live: " in text for text in said) == 1
    assert sum("is live already" in text for text in said) == 3
    assert sum("Another publication is under way" in text for text in said) >= 2


def test_whoever_waited_reads_of_his_own_commit_and_what_went_live_with_it(live: Hosted) -> None:
    """Also when main has moved on by then: each is told the same changes, those of his own publication."""
    first, second, third = live.live["commit"], *(_sent(live, number) for number in (SECOND, THIRD))
    builds = pushed(live, second).splitlines()
    changes = builds[: builds.index(next(line for line in builds if "已公示" in line))]
    assert "新公示 published: 2" in changes
    assert builds[-1] == f"{third[:10]} 包含您推送的 {second[:10]} it includes {second[:10]}, which you pushed"
    fourth = _sent(live, "99925SC00126R1M")
    assert "新公示 published: 1" in pushed(live, fourth)
    with_third = f"{second[:10]} 已随 {third[:10]} 公示 {second[:10]} went live with {third[:10]}"
    assert pushed(live, second).splitlines() == [*changes, with_third]
    assert pushed(live, third).splitlines() == [*changes, f"{third[:10]} 已经公示 {third[:10]} is live already"]
    assert pushed(live, first) == f"{first[:10]} 已经公示 {first[:10]} is live already\n"


def _sent(host: Hosted, number: str) -> str:
    """The commit that adds a certificate."""
    host.add(number)
    return host.send(number)


def test_news_that_are_spoilt_are_no_news(live: Hosted) -> None:
    """That the commit is live is told all the same, and the next ones are kept."""
    news = live.repository / "starcert/news.json"
    for spoilt in (b"", b"[5]", b'{"since": 1}', b"[[]]"):
        news.write_bytes(spoilt)
        assert pushed(live, live.live["commit"]).endswith(" is live already\n")
    commit = _sent(live, SECOND)
    assert "Live: " in pushed(live, commit)
    assert json.loads(news.read_bytes())[0]["until"] == commit


def test_who_goes_away_stops_nothing(live: Hosted) -> None:
    """A pusher whose connection breaks has published all the same."""
    live.add(SECOND)
    tip = live.send()
    command = [sys.executable, "-B", str(BUILD), "host", "publish", str(live.repository)]
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(command, env=clean_environment({}), stdout=writing, stderr=writing, check=False)
    finally:
        os.close(writing)
    assert live.live["commit"] == tip
    assert live.status["build"]["result"] == "live"
    assert ended.returncode in (0, 120)  # 120: Python could not close its output


@pytest.mark.parametrize("instant", [0.05, 0.15, 0.3, 0.5, 0.8, 1.2])
def test_the_tree_repairs_itself_after_a_kill(live: Hosted, instant: float) -> None:
    """The next publication has every file of its commit in the tree, and no other."""
    for serial in range(200, 260):
        live.add(f"99925SC{serial:05}R1M")
    live.send()
    command = [sys.executable, "-B", str(BUILD), "host", "publish", str(live.repository)]
    running = subprocess.Popen(command, env=clean_environment({}), start_new_session=True, stdout=subprocess.DEVNULL)
    time.sleep(instant)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    for path in (live.clone / CERTIFICATES).glob("99925SC002*.yaml"):
        path.unlink()
    live.add(SECOND)
    live.send()
    assert live.host("publish").code == 0
    tree = live.repository / "starcert/tree"
    wanted = {p.relative_to(live.clone) for p in live.clone.rglob("*") if p.is_file() and ".git" not in p.parts}
    assert {p.relative_to(tree) for p in tree.rglob("*") if p.is_file()} == wanted
    assert live.shown == [NUMBER, SECOND]


def test_what_git_would_convert_is_written_as_it_was_judged(live: Hosted) -> None:
    """No attribute of a commit changes a byte, and a link is no link in the tree."""
    live.write(".gitattributes", "*.yaml ident eol=crlf working-tree-encoding=UTF-16\n")
    live.write("notes.yaml", "# $Id$\n")
    (live.clone / "link").symlink_to("/etc/passwd")
    live.write(".git/info/attributes", "* -text -ident !working-tree-encoding !eol\n")
    live.send()
    assert live.host("publish").code == 0
    tree = live.repository / "starcert/tree"
    assert not (tree / "link").is_symlink()
    for name in (f"{CERTIFICATES}/{NUMBER}.yaml", "site.yaml", "notes.yaml"):
        blob = subprocess.run(
            ["git", "-C", str(live.repository), "cat-file", "blob", f"main:{name}"], capture_output=True, check=True
        ).stdout
        assert (tree / name).read_bytes() == blob, name


def test_attributes_that_git_does_not_understand_are_no_matter(live: Hosted) -> None:
    """Git complains of them; the files are there all the same, when they come and when they go."""
    lines = ("* @bad", "!*.yaml text", "*.yaml filter=no working-tree-encoding=odd")
    for place in (".gitattributes", "templates/.gitattributes"):
        live.write(place, "\n".join(lines) + "\n")
    live.write(".git/info/attributes", "* -text !working-tree-encoding\n")
    live.add(SECOND)
    live.send()
    ended = live.host("publish")
    assert ended.code == 0, ended.out
    assert live.shown == [NUMBER, SECOND]
    (live.clone / CERTIFICATES / f"{SECOND}.yaml").unlink()
    live.send()
    assert live.host("publish").code == 0
    assert live.shown == [NUMBER]


@pytest.mark.parametrize(
    "then", ["touch registry/left.yaml", "rm site.yaml", "echo >> site.yaml", "mkdir registry/left"]
)
def test_a_complaint_of_git_with_other_files_than_the_commits_is_an_error(
    live: Hosted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    """Such as one that git could not remove; the tree then passes for no commit."""
    live.write(".gitattributes", "* @bad\n")
    commit = live.send()
    folder, odd = live.repository / "starcert/tree", tmp_path / "odd/git"
    odd.parent.mkdir()
    odd.write_text(f'#!/bin/sh\n{shutil.which("git")} "$@"\ncase "$*" in *read-tree*) cd {folder} && {then} ;; esac\n')
    odd.chmod(0o755)
    monkeypatch.setattr(os, "defpath", f"{odd.parent}:{os.defpath}")
    tree = Tree(Repository(live.repository, {}), folder)
    with pytest.raises(GitError, match=r"git read-tree failed: @bad is not a valid attribute name: \.gitattributes:1"):
        tree.bring(commit)
    assert tree.held is None


def test_what_killed_writers_left_is_removed(live: Hosted) -> None:
    """But a refusal that may be in the writing: pushes are judged while others are published."""
    folder, assets = live.repository / "starcert", live.folder / "site.former/assets"
    assert live.host("publish", "--timer").code == 0
    old = folder / ".refusal.json.77"
    left = [folder / ".state.json.77", folder / ".tree.commit.77", old, assets / ".style-00000001.css.77"]
    young = folder / ".refusal.json.78"
    for path in (*left, young):
        path.write_bytes(b"{")
    os.utime(old, (time.time() - 3601, time.time() - 3601))
    assert live.host("publish", "--timer").code == 0
    assert [path for path in left if path.exists()] == []
    assert young.exists()


def test_what_was_begun_and_not_ended_is_built_again(live: Hosted) -> None:
    """Whoever was killed may have left anything; the status says so."""
    state = live.repository / "starcert/state.json"
    said = json.loads(state.read_bytes())
    said["build"]["result"] = "begun"
    state.write_text(json.dumps(said))
    assert ": under way, or killed" in live.host("status").out
    assert "is live already" not in live.host("publish").out
    assert live.status["build"]["result"] == "unchanged"


def test_a_disk_without_room_leaves_the_old_site(tmp_path: Path) -> None:
    """Whoever pushed reads so, the status says it, and with room again the next publication is well."""
    program = f"""if True:
        import sys
        sys.path[:0] = {[str(Path(__file__).parent), str(BUILD.parent)]!r}
        from pathlib import Path
        from hosts import NUMBER, hosted
        host = hosted(Path({str(tmp_path)!r}) / "host")
        host.send()
        assert [host.host("publish", "--timer").code for _ in range(2)] == [0, 0]
        host.write("templates/_footer.html", "<p>another</p>" * 2000)
        host.send()
        filler, room = host.folder / "filler", host.folder / "room"
        room.write_bytes(bytes(100 * 1024))
        try:
            with filler.open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(4096))
        except OSError:
            room.unlink()
        commit = host.live["commit"]
        ended = host.host("publish")
        print(ended.code, ended.out.splitlines()[1][:15], ended.out.splitlines()[2].endswith("No space left on device"))
        print(host.live["commit"] == commit, host.status["build"]["result"])
        filler.unlink()
        print(host.host("publish").code, host.host("status").code, host.live["commit"] == commit)
    """
    mount = f'mount -t tmpfs -o size=24m none "{tmp_path}" && exec "{sys.executable}" -c "$0"'
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("this system lets nobody mount a small disk, so a full one is not tried")
    done = subprocess.run(["unshare", "-rm", "sh", "-c", mount, program], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["1 Could not publi True", "True failed", "0 0 False"]


def test_a_tree_that_is_lost_is_made_anew(live: Hosted) -> None:
    """As is a state that is spoilt: both can be told again."""
    shutil.rmtree(live.repository / "starcert/tree")
    (live.repository / "starcert/state.json").write_bytes(b"{ spoilt")
    assert live.host("publish").code == 0
    assert live.host("status").code == 0
    assert live.status["build"]["result"] == "unchanged"


def test_former_assets_stay_for_open_pages(live: Hosted) -> None:
    """A changed stylesheet has another name; the former one lies beside the site, readable by a web server."""
    [old] = (live.site / "assets").glob("style-*.css")
    data = old.read_bytes()
    style = live.clone / "templates/assets/style.css"
    style.write_bytes(style.read_bytes() + b"/* new */\n")
    live.send()
    assert live.host("publish").code == 0
    former = live.folder / "site.former/assets" / old.name
    assert not old.exists()
    assert former.read_bytes() == data
    assert former.stat().st_mode & 0o777 == 0o644
    assert (live.folder / "site.former").stat().st_mode & 0o777 == 0o755


def test_former_assets_go_after_two_weeks(live: Hosted) -> None:
    """Those that the site has stay."""
    assert live.host("publish", "--timer").code == 0
    folder = live.folder / "site.former/assets"
    day = 24 * 60 * 60
    for name, days in {"old-00000001.css": 15, "young-00000002.css": 13}.items():
        (folder / name).write_bytes(b"")
        then = time.time() - days * day
        os.utime(folder / name, (then, then))
    assert live.host("publish", "--timer").code == 0
    names = {path.name for path in folder.iterdir()}
    assert "old-00000001.css" not in names
    assert names - {"young-00000002.css"} == {path.name for path in (live.site / "assets").iterdir()}


def test_two_publications_are_of_different_seconds(live: Hosted) -> None:
    """Web servers tell a changed file by its size and the second of its last change."""
    seconds = []
    for level in ("first", "other"):
        live.write("content/zh/about.md", f"# 关于\n\n{level}\n")
        live.write("content/en/about.md", f"# About\n\n{level}\n")
        live.send()
        assert live.host("publish").code == 0
        seconds.append(int((live.site / "status.json").stat().st_mtime))
    assert seconds[0] != seconds[1]


def test_the_state_is_json_for_other_programs(live: Hosted) -> None:
    """Whole at any instant, and in a file that others may read."""
    said = json.loads((live.repository / "starcert/state.json").read_bytes())
    assert said["build"]["result"] == "live"
    assert said["pinned"] is None


def test_a_full_disk_leaves_the_old_site(live: Hosted) -> None:
    """No file may grow beyond some bytes, as on a full disk: whoever pushed is told, and the next publication mends."""
    before = live.live
    for serial in range(300, 340):
        live.add(f"99925SC{serial:05}R1M")
    tip = live.send()
    command = f"ulimit -f 40; exec {sys.executable} -B {BUILD} host publish {live.repository}"
    ended = subprocess.run(
        ["sh", "-c", command], env=clean_environment({}), capture_output=True, text=True, check=False
    )
    assert ended.returncode != 0
    assert "Traceback" not in ended.stdout + ended.stderr
    assert live.live == before
    assert live.host("publish").code == 0
    assert (live.live["commit"], live.live["published"]) == (tip, 41)


def test_a_search_program_that_is_killed_leaves_the_old_site(live: Hosted) -> None:
    """Pagefind ends before its work is done."""
    before = live.live
    live.add(SECOND)
    tip = live.send()
    command = [sys.executable, "-B", str(BUILD), "host", "publish", str(live.repository)]
    running = subprocess.Popen(command, env=clean_environment({}), stdout=subprocess.PIPE, text=True)
    killed = 0
    while running.poll() is None and not killed:
        for child in Path("/proc").glob("[0-9]*/stat"):
            try:
                name, _, rest = child.read_text().partition("(")[2].rpartition(")")
            except OSError:
                continue
            if "pagefind" in name and int(rest.split()[1]) == running.pid:
                os.kill(int(child.parent.name), signal.SIGKILL)
                killed += 1
        time.sleep(0.002)
    said = running.communicate(timeout=60)[0]
    assert killed
    assert running.returncode == 1
    assert f"Could not publish {tip[:10]}; the site goes on showing what was live before" in said
    assert live.live == before
    assert live.host("publish").code == 0
    assert live.shown == [NUMBER, SECOND]
