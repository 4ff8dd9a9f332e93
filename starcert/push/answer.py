"""Answer: a verdict as whoever pushed reads it in a terminal, in Chinese and English."""

from collections.abc import Iterator
from itertools import groupby

from starcert import reports
from starcert.git import Commit
from starcert.problems import shown
from starcert.push import authority
from starcert.push.verdict import Found, Verdict

SQUASH = ("git reset --soft origin/main", "git commit{sign}", "git push")
AMEND = ("git add --all", "git commit --amend --no-edit{sign}", "git push")


def answer(verdict: Verdict) -> str:
    """All of it, ending with a line break; nothing of an accepted push."""
    return "" if verdict.accepted else "".join(f"{line}\n" for line in _lines(verdict))


def _lines(verdict: Verdict) -> Iterator[str]:
    count = len(verdict.found) + verdict.more
    yield ""
    yield f"推送被拒绝：发现 {count:,} 处问题。登记册没有任何改动。"
    yield f"The push is refused: {count:,} problem{'s' if count > 1 else ''}. Nothing of the register has changed."
    for commit, group in groupby(verdict.found, key=lambda one: one.commit):
        found = list(group)
        yield ""
        if commit and verdict.commits > 1:
            yield from _heading(commit, mended=all(one.mended for one in found))
        for one in found:
            yield from _told(one)
    if verdict.more:
        yield ""
        yield f"另有 {verdict.more:,} 处问题未列出：在本机运行 build.py check 可看到记录的全部问题；或者改正以上问题。"
        yield f"There are {verdict.more:,} more problems: build.py check, on your own machine, shows all that is wrong"
        yield "with records; or mend these, and push again."
    if any(one.commit and one.problem.rule not in authority.SENTENCES for one in verdict.found):
        yield ""
        yield from _advice(verdict)


def _told(one: Found) -> list[str]:
    """A problem in both languages, with its line and a caret where it has one."""
    lines_of = (lambda _: one.lines) if one.lines else None
    return reports.as_text([one.problem], lines_of=lines_of, languages=("zh", "en")).splitlines()


def _heading(commit: Commit, mended: bool) -> Iterator[str]:
    later = " （后来的提交已改正 mended by a later commit）" if mended else ""
    yield f"提交 commit {commit.short} “{shown(commit.subject)}”{later}"


def _advice(verdict: Verdict) -> Iterator[str]:
    """What to type, once the files are right."""
    if verdict.mended:
        yield "后来的提交已改正，但每个提交都必须正确。请把它们合并成一个提交再推送："
        yield "A later commit mends this, but each commit must be right by itself. Make one commit of them:"
    elif verdict.commits > 1:
        yield "请改正文件，然后把这些提交合并成一个再推送："
        yield "Mend the files, then make one commit of these and push again:"
    else:
        yield "请改正文件，然后重新提交并推送："
        yield "Mend the files, then commit and push again:"
    squash = SQUASH if verdict.mended else ("git add --all", *SQUASH)
    for step in squash if verdict.commits > 1 else AMEND:
        yield "    " + step.format(sign=" -S" if verdict.signed else "")


def unjudged(why: str) -> str:
    """What is said when a push could not be judged."""
    return (
        "\n推送被拒绝：服务器现在无法检查这次推送。登记册没有任何改动，请告诉运营者。\n"
        "The push is refused: the server cannot judge it now. Nothing of the register has changed; tell the operator.\n"
        f"{why}\n"
    )
