"""History: what of a recorded certificate no later push may change, or by a correction only.

A rule compares the certificate recorded before with the one recorded now. It knows no file, and the day is the one
on which the push is received, in China.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from starcert.certificate import CORRECTABLE, Audit, Certificate, Correction, Decision
from starcert.problems import Problem, shown
from starcert.rules.findings import Says, problems
from starcert.yamlfile import Mapping


@dataclass(frozen=True, slots=True)
class Pair:
    """One certificate, as it was recorded `before` and `after` the push; `day` is that of the push.

    `changed` are those of CORRECTABLE that are not what they were; audits and decisions may have got more.
    """

    before: Certificate
    after: Certificate
    day: date
    changed: tuple[str, ...]

    @property
    def added(self) -> tuple[Correction, ...]:
        """The corrections that came with the push."""
        return self.after.corrections[len(self.before.corrections) :]

    @property
    def uncorrected(self) -> list[str]:
        """Those of the changed that no correction names that came with the push."""
        named = {key for correction in self.added for key in correction.keys}
        return [key for key in self.changed if key not in named]


def judge(
    before: Certificate, after: Certificate | None, record: Mapping | None, path: str, day: date
) -> list[Problem]:
    """All that a push may not change of a certificate, by place in its `record` of now, which is at the path.

    Of a record that was removed in an earlier push and comes back, `before` is what it said last. Without a record
    it is removed now; one of which no certificate could be read is judged when it is mended.
    """
    if record is None:
        return [Problem(path, 1, 1, record_remains.__name__, message) for message in record_remains(before, day)]
    if after is None:
        return []
    changed = tuple(key for key in CORRECTABLE if not _is_kept(FACTS[key](before), FACTS[key](after)))
    return sorted(problems(RULES, record, path, (), Pair(before, after, day, changed)))


def record_remains(before: Certificate, day: date) -> Iterator[str]:
    """A certificate's record must remain, also after its end."""
    decision = f"- {{kind: cancelled, date: {day}}}"
    advice = f"put the file back; to end the certificate, add under its decisions: the line {decision}"
    yield f"the record of {before.number} is gone, but must remain, even if it was wrong: {advice}"


def number_is_kept(pair: Pair) -> Says:
    """A certificate's number must stay as it was recorded, and be no other certificate's later."""
    if pair.after.number != pair.before.number:
        found = f"number was {pair.before.number} and is now {pair.after.number}, but a number can never change"
        yield ("number",), f"{found}: put it back; a wrong one is cancelled, and the right one gets a record of its own"


def body_is_kept(pair: Pair) -> Says:
    """A certificate must stay that of the body that recorded it."""
    if pair.after.body.id != pair.before.body.id:
        folders = f"recorded by {pair.before.body.id} and is now in the folder {pair.after.body.id}"
        advice = "a number is used once; issue the certificate under a new one"
        yield ("number",), f"{pair.after.number} was {folders}: {advice}"


def holder_is_kept(pair: Pair) -> Says:
    """The holder's uscc must stay as it was recorded, unless a correction says why."""
    yield from _kept(pair, "holder.uscc", "another organisation has a certificate of its own")


def scheme_is_kept(pair: Pair) -> Says:
    """A certificate's scheme must stay as it was recorded, unless a correction says why."""
    yield from _kept(pair, "scheme", "under another scheme the holder has another certificate")


def first_issued_is_kept(pair: Pair) -> Says:
    """The day of first issue must stay as it was recorded, unless a correction says why."""
    yield from _kept(pair, "first_issued", "it is the same for all certificates that follow")


def issued_is_kept(pair: Pair) -> Says:
    """The day of issue must stay as it was recorded, unless a correction says why."""
    yield from _kept(pair, "issued", "a renewed certificate has a new number and a record of its own")


def expires_is_kept(pair: Pair) -> Says:
    """The day of expiry must stay as it was recorded, unless a correction says why."""
    yield from _kept(pair, "expires", "a renewed certificate has a new number and a record of its own")


def audits_are_kept(pair: Pair) -> Says:
    """Audits recorded so far must stay as they are and stand first, unless a correction says why."""
    yield from _list_kept(pair, "audits", "a new audit is added below them")


def decisions_are_kept(pair: Pair) -> Says:
    """Decisions recorded so far must stay as they are and stand first, unless a correction says why."""
    yield from _list_kept(pair, "decisions", "a new decision, also one that lifts another, is added below them")


def level_rises_by_an_audit(pair: Pair) -> Says:
    """A level must become higher only with an audit later than all that were recorded; a correction cannot do that."""
    # A correction may lower a level, and set right audits that others followed. One whose level was recorded too low
    # takes a new audit to rise: otherwise whoever rewrites audits gives stars. Every day to come is asked after, since
    # an audit that a correction puts off would leave the level of the one before it on show until then.
    latest = max((audit.date for audit in pair.before.audits), default=date.min)
    to_come = {audit.date for one in (pair.before, pair.after) for audit in one.audits if audit.date > pair.day}
    for day in (pair.day, *sorted(to_come)):
        before, after = pair.before.known_on(day), pair.after.known_on(day)
        if _is_higher(before, after) and after.audits[-1].date <= latest:
            found = f"level was {before.level.id} and is now {after.level.id} on {day}, but no audit led to that which"
            is_new = f"is later than {latest}, the latest recorded"
            yield ("level",), f"{found} {is_new}: put back what was, and add the new audit below it if there is one"
            return


def _is_higher(before: Certificate, after: Certificate) -> bool:
    """Whether the level rose; under different schemes stars are compared."""
    was, now = before.level, after.level
    return now.at_least > was.at_least if before.scheme.id == after.scheme.id else now.stars > was.stars


def corrections_are_kept(pair: Pair) -> Says:
    """Corrections recorded so far must stay as they are and stand first."""
    was, now = pair.before.corrections, pair.after.corrections
    for index, correction in enumerate(was):
        if now[index : index + 1] != (correction,):
            told = f"correction {index + 1}, of {correction.date}, is not as it was recorded"
            yield ("corrections", index), f"{told}: put it back, and add a new one below those recorded"
            return


def correction_is_not_of_the_future(pair: Pair) -> Says:
    """A correction must not be dated after the day on which it is received."""
    for index, correction in _numbered(pair):
        if correction.date > pair.day:
            late = f"date {correction.date} is after {pair.day}, the day on which the push is received"
            yield ("corrections", index, "date"), f"{late}: write {pair.day}"


def correction_corrects_something(pair: Pair) -> Says:
    """A correction must come together with the changes that it names."""
    for index, correction in _numbered(pair):
        for place, key in enumerate(correction.keys):
            if key not in pair.changed:
                found = f"{key} is corrected, but is as it was recorded before"
                advice = "change it in the same commit, or leave it out here"
                yield ("corrections", index, "keys", place), f"{found}: {advice}"


RULES = (
    number_is_kept,
    body_is_kept,
    holder_is_kept,
    scheme_is_kept,
    first_issued_is_kept,
    issued_is_kept,
    expires_is_kept,
    audits_are_kept,
    decisions_are_kept,
    level_rises_by_an_audit,
    corrections_are_kept,
    correction_is_not_of_the_future,
    correction_corrects_something,
)
SENTENCES: dict[str, str] = {rule.__name__: rule.__doc__ or "" for rule in (record_remains, *RULES)}


def _audit(audit: Audit) -> tuple[object, ...]:
    return audit.kind, audit.date, audit.score, audit.level.id


FACTS: dict[str, Callable[[Certificate], Any]] = {
    "holder.uscc": lambda certificate: certificate.holder.uscc,
    "scheme": lambda certificate: certificate.scheme.id,
    "first_issued": lambda certificate: certificate.first_issued,
    "issued": lambda certificate: certificate.issued,
    "expires": lambda certificate: certificate.expires,
    "audits": lambda certificate: [_audit(audit) for audit in certificate.audits],
    "decisions": lambda certificate: list(certificate.decisions),
}
"""What is compared of each of CORRECTABLE: ids, not what schemes say of them, which is the operator's."""


def _is_kept(was: Any, now: Any) -> bool:
    """Whether nothing is another, but for items that a list got."""
    return bool((now[: len(was)] if isinstance(was, list) else now) == was)


def _kept(pair: Pair, key: str, advice: str) -> Says:
    """A fault where a value changed without a correction."""
    if key in pair.uncorrected:
        was, now = (shown(str(FACTS[key](one))) for one in (pair.before, pair.after))
        yield tuple(key.split(".")), f"{key} was {was} and is now {now}: put it back, since {advice}; {_correct(pair)}"


def _list_kept(pair: Pair, key: str, advice: str) -> Says:
    """A fault at the first recorded item that is not as it was, without a correction."""
    if key not in pair.uncorrected:
        return
    was, now = FACTS[key](pair.before), FACTS[key](pair.after)
    index = next(index for index, item in enumerate(was) if now[index : index + 1] != [item])
    recorded: Audit | Decision = getattr(pair.before, key)[index]
    found = f"{key}[{index + 1}] was recorded as {recorded.kind} of {recorded.date}, and is "
    found += "gone" if index >= len(now) else "not the same now"
    yield (key, index), f"{found}: put it back, since {advice}; {_correct(pair)}"


def _correct(pair: Pair) -> str:
    """The lines that correct all that was changed, for whoever recorded it wrongly."""
    line = f"- {{date: {pair.day}, keys: [{', '.join(pair.uncorrected)}], reason: …}}"
    where = "below the other corrections" if pair.after.corrections else "at the end the line corrections: and under it"
    return f"or, if it was recorded wrongly, add {where} the line {line}"


def _numbered(pair: Pair) -> Iterable[tuple[int, Correction]]:
    """The corrections that came with the push, with their places in the list."""
    return enumerate(pair.added, len(pair.before.corrections))
