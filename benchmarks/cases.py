"""Cases: the certificates of the example registry that each teach one thing, with the sentence that says what."""

from collections.abc import Iterator
from decimal import Decimal

from benchmarks.teller import BRAND, SERVICE, Case, Teller
from benchmarks.words import REASONS
from starcert.days import ONE_DAY, years_after


def cases(tell: Teller) -> Iterator[Case]:
    """All the cases."""
    for story in (scores, levels, boundaries, suspensions, ends, renewals, groups, writing):
        yield from story(tell)


def scores(tell: Teller) -> Iterator[Case]:
    """How points become a score, and a score a level."""
    yield tell.scored(
        "评分95.00，五星级的下限，含本数", "95.00 is the lowest five-star score", Decimal("95.00"), "five-star"
    )
    points = {"5.1": Decimal(38), "5.2": Decimal("33.246"), "5.3": Decimal("23.75")}
    almost = {"points": points, "total": Decimal("95.00")}
    yield tell.scored(
        "实际得分94.996，报告四舍五入为95.00，仍为四星级",
        "94.996 prints as 95.00, but the exact score decides: four-star",
        almost,
        "four-star",
    )
    points = {"5.1": Decimal(36), "5.2": Decimal(27), "5.3": Decimal("22.5")}
    excluded = {"points": points, "excluded": {"5.2": Decimal(5)}, "total": Decimal("90.00")}
    yield tell.scored(
        "删减5分：85.5 / 95 × 100 = 90，正好四星级",
        "5 points do not apply: 85.5 / 95 x 100 = 90, just four-star",
        excluded,
        "four-star",
    )
    points = {"5.1": Decimal(38), "5.2": Decimal("33.5"), "5.3": Decimal(24)}
    yield tell.scored(
        "4个特别扣分项：95.5 − 4 = 91.5；达到5个则不予认证",
        "Four special deductions: 95.5 - 4 = 91.5; five would rule a certificate out",
        {"points": points, "deductions": 4, "total": Decimal("91.50")},
        "four-star",
    )
    points = {"5.1": Decimal(38), "5.2": Decimal("32.5"), "5.3": Decimal(24)}
    yield tell.scored(
        "1个特别加分项：94.5 + 1 = 95.5",
        "The one special bonus: 94.5 + 1 = 95.5",
        {"points": points, "bonus": 1, "total": Decimal("95.50")},
        "five-star",
    )
    points = {"5.1": Decimal(40), "5.2": Decimal(35), "5.3": Decimal("24.5")}
    yield tell.scored(
        "99.5 + 1 以100分为上限",
        "99.5 + 1 is capped at the full score, 100",
        {"points": points, "bonus": 1, "total": Decimal(100)},
        "five-star",
    )
    yield tell.scored(
        "评分70，达标级的下限", "70 is the lowest score there is a certificate for", Decimal(70), "qualified"
    )
    yield tell.scored(
        "品牌评价满分1000分：899.99仍为三星级",
        "Out of 1,000 points: 899.99 is still three-star",
        Decimal("899.99"),
        "three-star",
        BRAND,
    )


def levels(tell: Teller) -> Iterator[Case]:
    """How a level changes while a certificate runs."""
    for zh, en, before, after in (
        ("监督审核后由三星级升为四星级", "A surveillance audit raised it from three-star", "86.40", "91.25"),
        ("监督审核后由五星级降为四星级", "A surveillance audit lowered it from five-star", "96.10", "93.80"),
    ):
        audits = [tell.audit("initial", -440, before), tell.audit("surveillance", -70, after)]
        yield tell.case(zh, en, "hengzhun", -400, audits)
    yearly = [tell.audit("initial", -440, "88.05"), tell.audit("surveillance", -70, "88.60")]
    asked = tell.audit("special", -20, "92.60")
    zh, en = "应持有人申请的特别审核后升级", "A special audit at the holder's request raised it from three-star"
    yield tell.case(zh, en, "hengzhun", -400, [*yearly, asked])


def boundaries(tell: Teller) -> Iterator[Case]:
    """The first and last days on which something holds."""
    today = tell.maker.until
    last = years_after(today, -3) + ONE_DAY
    yield tell.case(f"{today}生效，当日即有效", f"{today} is its first valid day", "hengzhun", today)
    yield tell.case(f"{today}到期，当日仍有效", f"{today} is its last valid day", "mingce", last)
    yield tell.case(f"{today}过期第一天", f"{today} is the first day it has expired", "mingce", last - ONE_DAY)
    due = next(day for day in tell.days_back() if tell.due(SERVICE, day) == today)
    zh, en = f"{today}是监督审核的最后期限", f"The yearly audit is due on {today} at the latest"
    yield tell.case(zh, en, "xinheng", due, audits=1)
    zh, en = f"{today}监督审核逾期第一天", f"{today} is the first day without the yearly audit"
    yield tell.case(zh, en, "xinheng", due - ONE_DAY, audits=1)
    yield tell.case("监督审核逾期数月", "The yearly audit has been missing for months", "hengzhun", -620, audits=1)
    zh, en = "本方案无宽限期，逾期即失效", "The yearly audit is missing; this scheme gives no days of grace"
    yield tell.case(zh, en, "xinheng", -380, audits=1, scheme=BRAND)
    leap = next(day for day in tell.days_back() if (day.month, day.day) == (2, 29))
    yield tell.case("2月29日发证，三年后2月28日到期", "Issued on 29 February, expires on the 28th", "mingce", leap)
    yield tell.case("已发证，尚未生效", "Issued, but not valid yet", "hengzhun", 9)
    yield tell.case("已发证，尚未生效", "Issued, but not valid yet", "xinheng", 16, scheme=BRAND)


def suspensions(tell: Teller) -> Iterator[Case]:
    """Suspensions, and what became of them."""
    complaint, missed, asked = (tell.reason(index) for index in (1, 0, 2))
    past = "暂停期满未作决定，不自动恢复", "Past its end, a suspension does not lift itself"
    for (zh, en), start, months, reason, decided in (
        (("因投诉处理暂停", "Suspended over complaints"), -30, 3, complaint, -32),
        ((f"{tell.maker.until}起暂停", f"Suspended from {tell.maker.until} on"), 0, 6, missed, -1),
        (("应持有人申请暂停", "Suspended at the holder's request"), -75, 6, asked, -80),
        (("已决定暂停，起始日前仍有效", "To be suspended; valid until then"), 8, 3, asked, -2),
        (past, -220, 3, missed, -220),
        (past, -260, 6, complaint, -260),
    ):
        suspension = tell.suspension(start, months, reason, decided)
        yield tell.case(zh, en, "hengzhun" if months == 3 else "mingce", -320, decisions=[suspension])
    first = tell.suspension(-120, 3, complaint, -120)
    longer = tell.suspension(-120, 6, complaint, -35) | {"start": first["end"] + ONE_DAY}
    zh, en = "暂停延长，合计不超过六个月", "A suspension prolonged, within six months in all"
    yield tell.case(zh, en, "xinheng", -340, decisions=[first, longer])
    yield tell.restored("整改并经特别审核后恢复", "Restored after a special audit", -110, -60, "xinheng", SERVICE)
    yield tell.restored("整改并经特别审核后恢复", "Restored after a special audit", -150, -90, "mingce", BRAND)
    late = [tell.audit("initial", -640, "96.50"), tell.audit("surveillance", -60, "95.75")]
    decisions = [tell.suspension(-210, 6, missed, -212), tell.restored_on(-40)]
    zh, en = "暂停期间补做监督审核后恢复", "Audited late, while suspended, then restored"
    yield tell.case(zh, en, "hengzhun", -600, late, decisions)


def ends(tell: Teller) -> Iterator[Case]:
    """What a certificate ends with: withdrawal or cancellation, which are final, or its last day."""
    misused = tell.ended("withdrawn", -12, REASONS["withdrawn"][1])
    forged = tell.ended("withdrawn", -45, REASONS["withdrawn"][2])
    suspended = tell.suspension(-200, 6, tell.reason(1), -200)
    unmended = tell.ended("withdrawn", -10, REASONS["withdrawn"][0])
    yield tell.case("撤销", "Withdrawn for cause", "hengzhun", -300, decisions=[misused])
    yield tell.case("撤销", "Withdrawn for cause", "mingce", -210, decisions=[forged], scheme=BRAND)
    yield tell.case("暂停后撤销", "Suspended, then withdrawn", "xinheng", -330, decisions=[suspended, unmended])
    for days, reason in zip((-5, -140), REASONS["cancelled"], strict=False):
        cancelled = tell.ended("cancelled", days, reason)
        yield tell.case("注销", "Cancelled", "hengzhun", -350, decisions=[cancelled])
    yield tell.case("到期未再认证", "Expired, and not renewed", "xinheng", -1200)
    yield tell.case("到期未再认证", "Expired, and not renewed", "mingce", -1400, scheme=BRAND)


def renewals(tell: Teller) -> Iterator[Case]:
    """Certificates that follow one another."""
    early = (
        "提前再认证：有效期自原到期日起算，原证书同日注销",
        ("Renewed early: its years count from the old expiry, the old one is cancelled that day"),
    )
    prompt = "到期后第二天换证", "Renewed the day after the old one expired"
    late = "到期两个月后再认证，其间无有效证书", "Renewed two months late: nothing was valid in between"
    ahead = (
        "新证书已发，次日接续仍有效的原证书",
        ("Issued ahead: it begins the day after the old one, still valid, expires"),
    )
    for (zh, en), body, expired, issued in (
        (early, "hengzhun", 30, -40),
        (prompt, "xinheng", -91, -90),
        (late, "mingce", -161, -100),
        (ahead, "xinheng", 13, 14),
    ):
        first = years_after(tell.day(expired), -3) + ONE_DAY
        yield from tell.renewal(zh, en, body, first, tell.day(issued))


def groups(tell: Teller) -> Iterator[Case]:
    """Sub-certificates, and holders with several certificates."""
    suspended = tell.suspension(-25, 3, tell.reason(3), -25)
    yield from tell.group("集团证书", "A group's certificate", "xinheng", -250, 3, [])
    zh, en = "集团证书暂停，子证书一并暂停", "A group's certificate, suspended with its parts"
    yield from tell.group(zh, en, "mingce", -290, 2, [suspended])
    company, holder = next(tell.maker.companies), None
    zh, en = "同一持有人有三张证书", "One of its holder's three certificates"
    for body, scheme, issued in (("hengzhun", SERVICE, -90), ("xinheng", BRAND, -60), ("mingce", BRAND, -1180)):
        made = tell.case(zh, en, body, issued, scheme=scheme, company=company)
        holder = holder or made.facts["holder"]
        yield made.but(holder=holder)


def writing(tell: Teller) -> Iterator[Case]:
    """What names and lists may look like."""
    renamed = tell.case("两个曾用名", "Two former names", "hengzhun", -100)
    names = (("示例旧名实业有限公司", -2400), ("示例新名科技有限公司", -700))
    former = [{"name": name, "until": tell.day(days)} for name, days in names]
    yield renamed.but(holder=renamed.facts["holder"] | {"former_names": former})
    short = tell.case("只有必填项", "Nothing but the required keys", "xinheng", -50)
    holder = {key: short.facts["holder"][key] for key in ("name", "uscc", "address")}
    yield short.but(holder=holder, scope_en=None, brands=None, mark_uses=None)
    branded = tell.case("多个品牌，含数字和外文", "Several brands, with digits and accents", "mingce", -130)
    yield branded.but(brands=["示例", "EXAMPLE", "Exämple Café", "E-88", "示例 PRO"])
    named = tell.case(
        "名称含间隔号、括号和生僻字", "A name with a middle dot, brackets and rare characters", "mingce", -30
    )
    rare = {"name": "示例古丽·喆龘（集团）股份有限公司", "name_en": "Example Guli Zheda (Group) Corporation Ltd."}
    yield named.but(holder=named.facts["holder"] | rare)
