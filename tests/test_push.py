"""Pushes to a register, by real git: what passes, what is refused, and every word that is said of it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pushing import FOLDER, NUMBER, PATH, Register, another, hook, objects, problems_in, register
from records import RECORD, varied


@pytest.fixture
def place(tmp_path: Path) -> Register:
    return register(tmp_path)


def test_a_good_record_passes(place: Register) -> None:
    """Without a word."""
    new = place.change(another("99925SC00124R0M"))
    assert place.push(refused=False) == ""
    assert place.tip == new


def test_a_bad_record_is_refused(place: Register) -> None:
    """With its place, its line, and what to type; nothing of it stays."""
    before, stored = place.tip, objects(place.bare)
    place.change({PATH: varied(("level: five-star\nholder", "level: four-star\nholder"))})
    assert (
        place.push()
        == f"""\
推送被拒绝：发现 1 处问题。登记册没有任何改动。
The push is refused: 1 problem. Nothing of the register has changed.

{PATH}:4:8:
  等级 level 是 four-star，而最近一次审核（2026-02-09）是监督审核（surveillance），所定的等级是 five-star
  level is four-star, but the latest audit (surveillance, 2026-02-09) led to five-star [level_is_latest_audits]
  4 | level: four-star
    |        ^

请改正文件，然后重新提交并推送：
Mend the files, then commit and push again:
    git add --all
    git commit --amend --no-edit
    git push"""
    )
    assert place.tip == before
    assert objects(place.bare) == stored


def test_every_commit_on_the_way_is_judged(place: Register) -> None:
    """One that is mended by a later one too, with how to make one commit of them."""
    bad, good = "level: three-star\nholder", "level: five-star\nholder"
    first = place.change({PATH: varied((good, bad))}, "改\x1b[31m错")
    place.change({PATH: varied(("scope: 家用电器的售后服务", "scope: 家电的售后服务"))}, "mended")
    assert (
        place.push()
        == f"""\
推送被拒绝：发现 1 处问题。登记册没有任何改动。
The push is refused: 1 problem. Nothing of the register has changed.

提交 commit {first[:10]} “改<U+001B>[31m错” （后来的提交已改正 mended by a later commit）
{PATH}:4:8:
  等级 level 是 three-star，而最近一次审核（2026-02-09）是监督审核（surveillance），所定的等级是 five-star
  level is three-star, but the latest audit (surveillance, 2026-02-09) led to five-star [level_is_latest_audits]
  4 | level: three-star
    |        ^

后来的提交已改正，但每个提交都必须正确。请把它们合并成一个提交再推送：
A later commit mends this, but each commit must be right by itself. Make one commit of them:
    git reset --soft origin/main
    git commit
    git push"""
    )
    place.clerk.git("reset", "--soft", "origin/main")
    place.clerk.git("commit", "-m", "one")
    assert place.push(refused=False) == ""


def test_an_evil_commit_between_two_good_ones_is_found(place: Register) -> None:
    """Each commit is told with what is wrong in it, and only that."""
    place.change(another("99925SC00124R0M"), "good")
    evil = place.change(another("99925SC00125R0M", ("region: 33", "region: 99")), "evil")
    place.change(another("99925SC00126R0M"), "good again")
    answer = place.push()
    assert f"提交 commit {evil[:10]} “evil”\n" in answer
    [line] = problems_in(answer)
    said = "13:9: region is '99', but must be 33 or 44 [choice]"
    assert line == f"registry/certificates/example-cb/99925SC00125R0M.yaml:{said}"
    assert answer.endswith("    git add --all\n    git reset --soft origin/main\n    git commit\n    git push")


def test_records_are_judged_beside_those_that_stay(place: Register) -> None:
    """A link to a record that is not part of the push is known, and one to no record is refused."""
    place.change(another("99925SC00124R0M", also="parent: 99925SC00999R1M\n"))
    [line] = problems_in(place.push())
    assert line.endswith(
        "parent is 99925SC00999R1M, but no record has that number; did you mean 99925SC00123R1M? [links_are_known]"
    )


def test_warnings_keep_nothing_back(place: Register) -> None:
    """As when the site is built."""
    place.change(another("WH-2025/7"))
    assert place.push(refused=False) == ""


@pytest.mark.parametrize(("count", "listed", "more"), [(499, 499, 0), (500, 500, 0), (510, 500, 10)])
def test_all_problems_are_listed_up_to_a_count(place: Register, count: int, listed: int, more: int) -> None:
    """Of very many the rest is counted, with how to see it."""
    place.change({f"registry/certificates/example-cb/{n:03}.yaml": "x" for n in range(count)})
    answer = place.push()
    assert len(problems_in(answer)) == listed
    said = """
另有 10 处问题未列出：在本机运行 build.py check 可看到记录的全部问题；或者改正以上问题。
There are 10 more problems: build.py check, on your own machine, shows all that is wrong
with records; or mend these, and push again.
"""
    assert (said in answer) is bool(more)


BAD = ("region: 33", "region: 99")
BAD_SAID = f"{FOLDER}/99925SC00125R0M.yaml:13:9: region is '99', but must be 33 or 44 [choice]"
ALSO: dict[str, tuple[dict[str, str | bytes | None], list[str]]] = {
    "a name that no system takes": ({f"{FOLDER}/CON.yaml": RECORD}, ["name_fits_every_system"]),
    "a hidden file": ({f"{FOLDER}/.x": "x"}, ["nothing_is_hidden"]),
    "a hidden record": ({PATH: None, f"{FOLDER}/.{NUMBER}.yaml": RECORD}, ["nothing_is_hidden", "record_remains"]),
    "a body with a name in capitals": ({"registry/bodies/Example-CB.yaml": "x"}, ["names_differ"]),
    "a name that is too long": ({f"content/{'x' * 201}": "x"}, ["name_fits_every_system"]),
    "a large file": ({f"{FOLDER}/README.md": bytes(65_537)}, ["file_is_small"]),
}


@pytest.mark.parametrize("case", ALSO)
def test_what_has_no_proper_shape_hides_nothing_else(place: Register, case: str) -> None:
    """Records are judged beside it; it is not read itself, so that nothing is said of what it holds."""
    files, also = ALSO[case]
    place.change(files | another("99925SC00125R0M", BAD))
    found = problems_in(place.push())
    assert BAD_SAID in found
    assert sorted(line.rpartition("[")[2].rstrip("]") for line in found) == sorted(["choice", *also])


def test_a_rulebook_without_its_proper_shape_is_not_read(place: Register) -> None:
    """Records are judged by the one that main has."""
    regions = place.clerk.folder / "registry/vocabularies/regions.yaml"
    text = regions.read_text().replace("code: 33", "code: 99")
    regions.unlink()
    regions.symlink_to("/etc/passwd")
    place.change({"registry/schemes/gbt-27922-2011.yaml": "x"} | another("99925SC00125R0M", BAD))
    rules = [line.rpartition("[")[2].rstrip("]") for line in problems_in(place.push())]
    assert rules == ["file_is_regular", "choice"]
    place.clerk.git("reset", "-q", "--hard", "HEAD~1")
    place.change({"registry/vocabularies/regions.yaml": text, f"{FOLDER}/CON.yaml": RECORD})
    rules = [line.rpartition("[")[2].rstrip("]") for line in problems_in(place.push())]
    assert rules == ["name_fits_every_system", "choice"], "the regions that are pushed are those that count"


def test_an_unpublishing_is_told_with_all_else(tmp_path: Path) -> None:
    """What is wrong in records does not keep it for the next answer."""
    place = register(tmp_path, records=many(14))
    place.change({path: str(text) + ENDED for path, text in list(many(14).items())[:11]})
    place.change(another("99925SC00125R0M", BAD))
    assert problems_in(place.push()) == [*unpublishing(11, 14), BAD_SAID]


def test_records_that_are_broken_are_not_told_to_be_unpublished(tmp_path: Path) -> None:
    """They are told to be broken."""
    place = register(tmp_path, records=many(14))
    place.change({path: str(text).replace(*BAD) for path, text in list(many(14).items())[:11]})
    assert {line.rpartition("[")[2] for line in problems_in(place.push())} == {"choice]"}


@pytest.mark.parametrize("ref", ["refs/heads/topic", "refs/tags/v1", "refs/notes/x", "refs/replace/" + "1" * 40])
def test_nothing_but_main_is_taken(place: Register, ref: str) -> None:
    """No branch, no tag, and nothing else that git knows."""
    place.change(another("99925SC00124R0M"))
    said = "the register takes nothing but the branch main: push that alone, with git push origin main [only_main]"
    assert problems_in(place.push("origin", f"main:{ref}")) == [f"{ref}:1:1: {said}"]


def test_main_beside_another_branch_is_refused(place: Register) -> None:
    """All or nothing."""
    before = place.tip
    place.change(another("99925SC00124R0M"))
    assert len(problems_in(place.push("origin", "main", "main:topic"))) == 1
    assert place.tip == before


def test_main_is_not_deleted(place: Register) -> None:
    """By nobody."""
    place.clerk.git("config", "--file", str(place.bare / "config"), "receive.denyDeleteCurrent", "ignore")
    said = "main cannot be deleted: a certificate is ended with a decision in its record [main_stays]"
    assert problems_in(place.push("origin", ":main")) == [f"refs/heads/main:1:1: {said}"]


def test_no_commit_of_main_is_thrown_away(place: Register) -> None:
    """A force push is refused, with what to do instead."""
    place.change(another("99925SC00124R0M"))
    place.push(refused=False)
    place.clerk.git("reset", "-q", "--hard", "HEAD~1")
    place.change(another("99925SC00125R0M"))
    said = "main has commits that this push would throw away, perhaps a colleague's of today: "
    how = "git pull --rebase origin main, then git push origin main [main_goes_on]"
    assert problems_in(place.push("-f", "origin", "main")) == [f"refs/heads/main:1:1: {said}{how}"]


def test_a_merge_is_refused(place: Register) -> None:
    """Also one that is made by hand to bring foreign files in."""
    place.change(another("99925SC00124R0M"), "ours")
    place.clerk.git("checkout", "-q", "-b", "side", "HEAD~1")
    place.change(another("99925SC00125R0M"), "theirs")
    place.clerk.git("checkout", "-q", "main")
    place.clerk.git("merge", "-q", "--no-ff", "side", "-m", "merge")
    merge = place.clerk.git("rev-parse", "HEAD")[:10]
    said = f"commit {merge} merges 2 lines of work, but each must follow one other: git pull --rebase origin main"
    assert problems_in(place.push()) == [f"refs/heads/main:1:1: {said}, then git push origin main [commits_in_line]"]


def test_a_history_of_its_own_is_refused(place: Register) -> None:
    """Even where a merge ties it to main; of either side."""
    place.clerk.git("checkout", "-q", "--orphan", "other")
    root = place.change({}, "root")
    place.clerk.git("merge", "-q", "--allow-unrelated-histories", "main", "-m", "merge")
    assert f"commit {root[:10]} begins a history of its own" in place.push("origin", "other:main")
    place.clerk.git("checkout", "-q", "main")
    place.clerk.git("merge", "-q", "--no-ff", "other^", "--allow-unrelated-histories", "-m", "merge")
    assert "merges 2 lines of work" in place.push()


def test_a_removed_number_is_never_taken_again(place: Register, tmp_path: Path) -> None:
    """Not even where removing was allowed once: what existed before the hook did counts too."""
    other = register(tmp_path / "other", records={PATH: RECORD, **another("99925SC00124R0M")})
    hooks = (other.bare / "hooks" / "pre-receive").rename(other.bare / "hooks" / "away")
    other.change({"registry/certificates/example-cb/99925SC00124R0M.yaml": None}, "lost")
    other.push(refused=False)
    hooks.rename(other.bare / "hooks" / "pre-receive")
    folder = "registry/certificates/other-cb"
    body = other.clerk.folder.joinpath("registry/bodies/example-cb.yaml").read_text()
    other.change({"registry/bodies/other-cb.yaml": body.replace("CNCA-R-9999-999", "CNCA-R-9999-998")})
    other.push(refused=False)
    other.change({f"{folder}/99925SC00124R0M.yaml": another("99925SC00124R0M").popitem()[1]})
    said = "a record of this number was there before and was removed: issue the certificate under a number of its own"
    assert f"{folder}/99925SC00124R0M.yaml:1:1: {said} [number_is_never_reused]" in problems_in(other.push())


def test_a_record_remains(place: Register) -> None:
    """Removing or renaming it is refused."""
    place.change({PATH: None})
    [line] = problems_in(place.push())
    assert line.startswith(f"{PATH}:1:1: the record of {NUMBER} is gone, but must remain")
    assert line.endswith("[record_remains]")


def test_what_was_recorded_is_not_rewritten(place: Register) -> None:
    """Compared with what main had before."""
    place.change({PATH: varied(("issued: 2025-03-01\nexpires", "issued: 2025-03-02\nexpires"))})
    assert [line.rpartition(" ")[2] for line in problems_in(place.push())] == ["[issued_is_kept]"]


def test_problems_that_main_has_already_do_not_hold_up_others(tmp_path: Path) -> None:
    """Only those who touch a broken record must mend it."""
    broken = another("99925SC00124R0M", ("region: 33", "region: 99"))
    place = register(tmp_path, records={PATH: RECORD, **broken})
    place.change(another("99925SC00125R0M"))
    assert place.push(refused=False) == ""
    [path] = broken
    place.change({path: str(broken[path]) + "# touched\n"})
    assert len(problems_in(place.push())) == 1
    place.clerk.git("reset", "-q", "--hard", "HEAD~1")
    place.change(another("99925SC00124R0M"))
    assert place.push(refused=False) == ""


def test_what_is_broken_is_not_rewritten_either(tmp_path: Path) -> None:
    """Recorded before a rule was there that it breaks; who mends it keeps its withdrawal, or corrects it."""
    number, end = "99925SC00124R0M", "decisions:\n  - {kind: withdrawn, date: 2026-05-20, reason: 拒绝接受监督审核}\n"
    [(path, text)] = another(number, also=f"{end}  - {{kind: restored, date: 2026-06-01}}\n").items()
    place = register(tmp_path, records={PATH: RECORD, path: str(text)})
    place.change(another("99925SC00125R0M"))
    place.change(another(number))
    found = [line.rpartition("[")[2] for line in problems_in(place.push())]
    assert found == ["decisions_are_kept]"]
    place.clerk.git("reset", "-q", "--hard", "HEAD~1")
    place.change(another(number, also=f"{end}{CORRECTED.replace('expires', 'decisions')}"))
    assert place.push(refused=False) == ""


def test_a_rulebook_is_judged_with_all_records(place: Register) -> None:
    """A scheme that would break certificates does not pass."""
    scheme = "registry/schemes/gbt-27922-2011.yaml"
    text = (place.clerk.folder / scheme).read_text()
    place.change({scheme: text.replace("at_least: 95", "at_least: 96")})
    assert "[level_matches_score]" in place.push()
    place.clerk.git("reset", "-q", "--hard", "HEAD~1")
    place.change({scheme: text.replace("at_least: 95", "at_least: 95.0")})
    assert place.push(refused=False) == ""


def many(count: int, *changes: tuple[str, str]) -> dict[str, str | bytes | None]:
    """So many records, each with the same changes."""
    return {path: text for n in range(count) for path, text in another(f"99925SC{n + 200:05}R0M", *changes).items()}


TODAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 23)
ENDED = "decisions:\n  - {kind: cancelled, date: 2026-11-20, reason: the holder asked for it}\n"
CORRECTED = "corrections:\n  - {date: 2026-11-22, keys: [expires], reason: 录入错误}\n"
SAID = "live certificates, now or sooner than was recorded: if that is meant, push with git push -o unpublish"


def unpublishing(lost: int, live: int) -> list[str]:
    """What is told of a push that would unpublish so many."""
    return [f"refs/heads/main:1:1: the push would unpublish {lost} of {live} {SAID} [unpublishing_is_meant]"]


@pytest.mark.parametrize(("ended", "passes"), [(10, True), (11, False)])
def test_much_is_unpublished_only_on_purpose(tmp_path: Path, ended: int, passes: bool) -> None:
    """Ten certificates may go without a word, eleven of sixty only with a push option."""
    place = register(tmp_path, records=many(60))
    place.change({path: str(text) + ENDED for path, text in list(many(60).items())[:ended]})
    assert problems_in(place.push(refused=not passes)) == ([] if passes else unpublishing(11, 60))
    if not passes:
        assert place.push("-o", "unpublish", "origin", "main", refused=False) == ""


SUSPENDED = "decisions:\n  - {kind: suspended, date: 2026-11-22, start: %s, end: 2026-12-30, reason: 限期整改}\n"
SOONER: dict[str, Callable[[str], str]] = {
    "cancelled tomorrow": lambda text: text + ENDED.replace("2026-11-20", str(TOMORROW)),
    "suspended tomorrow": lambda text: text + SUSPENDED % TOMORROW,
    "suspended in a week": lambda text: text + SUSPENDED % "2026-11-29",
    "expired tomorrow": lambda text: text.replace("2028-02-29", str(TODAY)) + CORRECTED,
    "expired before its next audit is due": lambda text: text.replace("2028-02-29", "2027-02-28") + CORRECTED,
}


@pytest.mark.parametrize("how", SOONER)
def test_what_leaves_tomorrow_is_unpublished_too(tmp_path: Path, how: str) -> None:
    """Each certificate counts that is to leave on an earlier day than the record had it leave."""
    place = register(tmp_path, records=many(14))
    place.change({path: SOONER[how](str(text)) for path, text in list(many(14).items())[:11]})
    assert problems_in(place.push()) == unpublishing(11, 14)
    assert place.push("-o", "unpublish", "origin", "main", refused=False) == ""


def test_what_was_to_leave_anyway_counts_as_nobodys(tmp_path: Path) -> None:
    """Withdrawn on the day on which the record had it leave already: for want of its next audit, 2027-03-12."""
    place = register(tmp_path, records=many(14))
    for day, passes in (("2027-03-11", False), ("2027-03-12", True)):
        ended = ENDED.replace("2026-11-20", day)
        place.clerk.git("reset", "-q", "--hard", "origin/main")
        place.change({path: str(text) + ended for path, text in list(many(14).items())[:11]})
        assert problems_in(place.push(refused=not passes)) == ([] if passes else unpublishing(11, 14))


def renewed(begins: date, ends: date) -> dict[str, str | bytes | None]:
    """Eleven of fourteen renewed: new ones that begin on a day, old ones that end on one."""
    files: dict[str, str | bytes | None] = {}
    for path, text in list(many(14).items())[:11]:
        old = Path(path).stem
        new = old.replace("R0M", "R1M")
        ended = ENDED.replace("2026-11-20", str(ends))
        files[path] = f"{text}superseded_by: {new}\n{ended}"
        files[path.replace(old, new)] = (
            str(text)
            .replace(f"number: {old}", f"number: {new}\nsupersedes: {old}")
            .replace("\nissued: 2025-03-01\nexpires: 2028-02-29", f"\nissued: {begins}\nexpires: 2029-11-21")
            .replace("kind: surveillance", "kind: recertification")
            .replace("previous_expires: 2025-02-28\n", "")
        )
    return files


@pytest.mark.parametrize(
    ("begins", "ends", "passes"),
    [
        (TODAY, TODAY, True),
        (TOMORROW, TOMORROW, True),
        (TODAY, TOMORROW, True),
        (TOMORROW, TODAY, False),
    ],
)
def test_a_renewal_unpublishes_nothing(tmp_path: Path, begins: date, ends: date, passes: bool) -> None:
    """Where the new certificate is live from the day on which the old one ends; with a gap between them, it does."""
    place = register(tmp_path, records=many(14))
    place.change(renewed(begins, ends))
    assert problems_in(place.push(refused=not passes)) == ([] if passes else unpublishing(11, 14))


DEMONSTRATION = "registry/DEMONSTRATION.yaml"


def test_a_demonstration_of_another_day_may_unpublish(tmp_path: Path) -> None:
    """What counts is what the site would show: before and after the push it is built for the day that it says."""
    place = register(tmp_path, records=many(14))
    place.change({DEMONSTRATION: "until: 2020-01-01\n"})
    assert problems_in(place.push()) == unpublishing(14, 14)
    assert place.push("-o", "unpublish", "origin", "main", refused=False) == ""
    place.change({DEMONSTRATION: "until: 2026-11-01\n"})
    assert place.push(refused=False) == ""


def test_a_demonstration_is_judged_on_its_own_day(tmp_path: Path) -> None:
    """Long after it the certificates are still live there, so that to end them unpublishes them."""
    place = register(tmp_path, records=many(14), day="2035-01-01")
    place.change({DEMONSTRATION: f"until: {TODAY}\n"})
    assert place.push(refused=False) == ""
    place.change({path: str(text) + ENDED for path, text in list(many(14).items())[:11]})
    assert problems_in(place.push()) == unpublishing(11, 14)
    place.clerk.git("reset", "-q", "--hard", "HEAD~1")
    place.change({DEMONSTRATION: None})
    assert problems_in(place.push()) == unpublishing(14, 14)


def test_a_demonstration_that_cannot_be_read_is_refused(place: Register) -> None:
    """No site could be built."""
    place.change({DEMONSTRATION: "until: 2020-02-30\n"})
    [line] = problems_in(place.push())
    assert line.startswith(f"{DEMONSTRATION}:1:8: ")


def test_what_expired_by_itself_counts_as_nobodys(tmp_path: Path) -> None:
    """A push on the day after many expired may unpublish a few."""
    place = register(tmp_path, records=many(60, ("expires: 2028-02-29", "expires: 2026-11-22")))
    place.change(another("99925SC00125R0M"))
    assert place.push(refused=False) == ""
    hook(place.bare, day="2026-11-23")
    place.change(another("99925SC00126R0M"))
    assert place.push(refused=False) == ""
