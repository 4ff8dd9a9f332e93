"""`build.py new`: a certificate's record from a few answers, each judged as soon as it is given."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from starcert import reports
from starcert.newrecord import file_name, lines
from starcert.order import Order
from starcert.problems import Severity, nearest, shown
from starcert.registry import Registry, Verdict, open_registry
from starcert.rulebook import Rulebook
from starcert.terminal import Misuse, print_problems

Choices = Mapping[str, str]
"""The words to choose from, and what each stands for."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question; its answer is one of the `choices`, where there are any. `first` is the day offered."""

    name: str
    asks: str
    choices: Callable[[Rulebook, Mapping[str, str]], Choices] = lambda rulebook, answers: {}
    first: Callable[[date], str | None] = lambda day: None

    @property
    def option(self) -> str:
        """The option that answers it beforehand."""
        return f"--{self.name.replace('_', '-')}"


def _bodies(rulebook: Rulebook, _: Mapping[str, str]) -> Choices:
    return {id: body.name for id, body in rulebook.bodies.items()}


def _schemes(rulebook: Rulebook, answers: Mapping[str, str]) -> Choices:
    body = rulebook.bodies[answers["body"]]
    return {approval.scheme.id: approval.scheme.name for approval in body.schemes}


def _terms(vocabulary: str) -> Callable[[Rulebook, Mapping[str, str]], Choices]:
    return lambda rulebook, _: {term.code: term.name for term in rulebook.vocabularies[vocabulary].terms}


QUESTIONS = (
    Question("body", "认证机构 / Certification body", _bodies),
    Question("scheme", "认证方案 / Scheme", _schemes),
    Question("number", "证书编号 / Certificate number, as printed"),
    Question("holder", "证书持有人 / Holder's registered name"),
    Question("uscc", "统一社会信用代码 / Unified social credit code"),
    Question("address", "注册地址 / Registered address"),
    Question("city", "所在城市 / City"),
    Question("region", "省级代码 / Province", _terms("regions")),
    Question("industry", "行业 / Industry", _terms("industries")),
    Question("scope", "认证范围 / Scope, what is certified"),
    Question("filed_rule", "备案的认证规则 / Filed certification rule"),
    Question("audited", "初次审核的最后一天 / Last day of the initial audit, such as 2026-03-09"),
    Question("score", "评分 / Score, such as 96.25"),
    Question("issued", "生效的第一天 / First day of validity, such as 2026-03-09", first=str),
)


@click.command("new")
@click.pass_obj
def new_command(order: Order, /, **given: str | None) -> None:
    """Write the record of a certificate newly issued, from answers; the level follows from the score.

    Asks for what the options do not say.
    """
    clerk = _Clerk(order, open_registry(order.registry), given)
    for question in QUESTIONS:
        clerk.answer(question)
    while fault := next(clerk.faults(), None):  # what only shows when all is known
        clerk.answer(next(question for question in QUESTIONS if question.name == fault[0]), fault[1])
    verdict = clerk.verdict()
    if verdict.certificate is None:
        print_problems(verdict.problems, err=True, languages=order.languages)
        raise Misuse("Nothing was written: the registry itself has problems; build.py check tells which.")
    _write(clerk.path, clerk.text)
    print_problems(verdict.problems, err=True, languages=order.languages)
    order.say(f"{clerk.path}: level {verdict.certificate.level.id}, valid until {verdict.certificate.expires}")


for _question in reversed(QUESTIONS):
    new_command = click.option(_question.option, _question.name, metavar="TEXT", help=_question.asks)(new_command)


class _Clerk:
    """Who answers: the options first, then the keyboard, until nothing is wrong with an answer."""

    def __init__(self, order: Order, registry: Registry, given: Mapping[str, str | None]) -> None:
        self._order, self._registry, self._given = order, registry, given
        self._answers: dict[str, str] = {}

    @property
    def path(self) -> Path:
        """Where the record belongs."""
        return self._order.registry / "certificates" / self._answers["body"] / file_name(self._answers)

    @property
    def text(self) -> str:
        """The record as far as the answers go."""
        return "".join(f"{line}\n" for _, line in self._lines())

    def answer(self, question: Question, wrong: str | None = None) -> None:
        """Take the answer to a question; `wrong` says why it is put again."""
        option = self._given[question.name]
        while wrong or question.name not in self._answers:
            if wrong and option is not None:
                raise Misuse(f"Nothing was written: {wrong}")
            if wrong:
                click.echo(f"  {wrong}", err=True)
            answer = (self._asked(question) if option is None else option).strip()
            by_name = {name: word for word, name in self._choices(question).items()}
            self._answers[question.name] = by_name.get(answer, answer)
            wrong = self._wrong(question)

    def faults(self) -> Iterator[tuple[str, str]]:
        """The name of each answer that makes a problem, and the problem."""
        told = self._lines()
        for problem in self.verdict().problems:
            name = told[problem.line - 1][0] if problem.line <= len(told) else ""
            if name and problem.severity is Severity.PROBLEM and problem.rule != "required_key":
                yield name, " / ".join(reports.messages(problem, self._order.languages))

    def verdict(self) -> Verdict:
        """The verdict on the record as far as the answers go."""
        path = self.path if "number" in self._answers else Path("record.yaml")
        data = self.text.encode("utf-8", "surrogateescape")
        return self._registry.judge_bytes(data, str(path), self._answers["body"], path.stem)

    def _lines(self) -> list[tuple[str, str]]:
        scheme = self._registry.rulebook.schemes.get(self._answers.get("scheme", ""))
        return lines(self._answers, scheme)

    def _asked(self, question: Question) -> str:
        choices = self._choices(question)
        for word, name in choices.items():
            click.echo(f"  {word}  {name}", err=True)
        only = next(iter(choices)) if len(choices) == 1 else None
        try:
            answer: str = click.prompt(question.asks, default=only or question.first(self._order.day), err=True)
        except click.Abort as end:
            if isinstance(end.__context__, EOFError):
                click.echo(err=True)
                raise Misuse(f"Nothing was written: {question.option} is not given, nor an answer to it.") from None
            raise
        return answer

    def _choices(self, question: Question) -> Choices:
        try:
            return question.choices(self._registry.rulebook, self._answers)
        except KeyError:  # a vocabulary that is missing or broken
            return {}

    def _wrong(self, question: Question) -> str | None:
        """What is wrong with the answer just given, or None."""
        answer, choices = self._answers[question.name], self._choices(question)
        if choices and answer not in choices:
            close = nearest(answer, choices)
            meant = f"did you mean {close}?" if close else f"choose from {', '.join(choices)}"
            return f"{question.name} {shown(answer)} is not in the registry; {meant}"
        if question.name == "number" and any(file.stem == self.path.stem for file in self._registry.files):
            return f"the registry has a certificate {shown(answer)} already"
        return next((message for name, message in self.faults() if name == question.name), None)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
