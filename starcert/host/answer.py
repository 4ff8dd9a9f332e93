"""Answer: what whoever waits for a publication is told of it, in Chinese and English."""

from collections.abc import Iterator
from datetime import date

from starcert.host.standing import Standing
from starcert.host.state import FAILED, HALFWAY, LEFT_OUT, Build

SHORT = 10  # digits of a commit
WAIT = "另一次发布正在进行，请稍候 Another publication is under way; waiting for it to end"


def short(commit: str) -> str:
    """A commit as people read it."""
    return commit[:SHORT]


def ended(build: Build, now: Standing | None, was: bool) -> Iterator[str]:
    """How a publication ended; there `was` a site before, or not."""
    commit = short(build.commit)
    if build.result == HALFWAY:
        yield f"未能公示 {commit}，网站可能新旧参半，下一次发布会修复"
        yield f"Could not publish {commit}; the site may be old in part and new in part until the next publication"
        yield from (f"  {line}" for line in build.said)
    elif build.result == FAILED:
        yield f"未能公示 {commit}，网站仍公示此前的内容" if was else f"未能公示 {commit}"
        yield f"Could not publish {commit}" + ("; the site goes on showing what was live before" if was else "")
        yield from (f"  {line}" for line in build.said)
    else:
        yield from _live(build, now)


def _live(build: Build, now: Standing | None) -> Iterator[str]:
    commit, seconds = short(build.commit), f"{build.seconds:.1f}"
    facts, day = f"{now.published:,}" if now else "?", now.day if now else build.day
    many = "" if now and now.published == 1 else "s"
    yield f"已公示 {commit}：{facts} 张有效证书，{day}，用时 {seconds} 秒"
    yield f"Live: {commit}, {facts} valid certificate{many}, as of {day}, in {seconds} seconds"
    if build.result == LEFT_OUT:
        yield "有问题的记录没有公示 Records with problems were left out:"
        yield from (f"  {line}" for line in build.said)


def live_already(commit: str, until: str) -> str:
    """Another publication has shown the commit, or a later one that goes on from it."""
    if commit == until:
        return f"{short(commit)} 已经公示 {short(commit)} is live already"
    return f"{short(commit)} 已随 {short(until)} 公示 {short(commit)} went live with {short(until)}"


def part(commit: str, whole: str) -> str:
    """What was built goes on from the commit that was pushed."""
    return f"{short(whole)} 包含您推送的 {short(commit)} it includes {short(commit)}, which you pushed"


def kept_current(commit: str, day: date) -> Iterator[str]:
    """The commit that was live before one that cannot be built is brought to the day."""
    yield f"此前公示的 {short(commit)} 已更新到 {day}，到期的证书已撤下"
    yield f"What was live before, {short(commit)}, is as of {day}: what has lapsed is gone"


def not_kept_current(commit: str, said: tuple[str, ...]) -> Iterator[str]:
    """That could not be done either."""
    yield f"此前公示的 {short(commit)} 也未能更新，到期的证书可能仍在网站上"
    yield f"Nor could what was live before, {short(commit)}, be brought to today; what has lapsed may still be shown"
    yield from (f"  {line}" for line in said)


def pinned(commit: str) -> str:
    """What is pushed will have to wait."""
    return (
        f"运营者已把网站固定在 {short(commit)}，本次推送已保存，解除固定后公示\n"
        f"The operator has pinned the site to {short(commit)}; what was pushed is kept, and goes "
        "live when the pin is taken off"
    )


def rolled_back(commit: str) -> str:
    """From now on the site stays at the commit."""
    return (
        f"网站已固定在 {short(commit)}，推送照常接收，但要到解除固定后才公示\n"
        f"The site is pinned to {short(commit)}: pushes are taken, but not shown until: host rollback --off"
    )
