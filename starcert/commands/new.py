"""`build.py new`: a certificate's record from a few answers."""

from collections.abc import Mapping
from typing import Any

import click

from starcert.newrecord import Answers, file_name, record
from starcert.order import Order
from starcert.problems import nearest
from starcert.registry import Registry, open_registry
from starcert.terminal import DAY, NUMBER, Misuse, print_problems


@click.command("new")
@click.option("--body", prompt="Certification body (its folder's name)")
@click.option("--scheme", prompt="Scheme")
@click.option("--number", prompt="Certificate number")
@click.option("--holder", prompt="Holder's registered name")
@click.option("--uscc", prompt="Unified social credit code")
@click.option("--address", prompt="Registered address")
@click.option("--city", prompt="City")
@click.option("--region", prompt="Province (two-digit code, such as 33)")
@click.option("--industry", prompt="Industry")
@click.option("--scope", prompt="Scope")
@click.option("--filed-rule", prompt="Filed certification rule")
@click.option("--audited", type=DAY, prompt="Last day of the initial audit (YYYY-MM-DD)")
@click.option("--score", type=NUMBER, prompt="Score")
@click.option("--issued", type=DAY, prompt="First day of validity (YYYY-MM-DD)")
@click.pass_obj
def new_command(order: Order, /, body: str, scheme: str, **given: Any) -> None:
    """Write the record of a certificate newly issued, from answers; the level follows from the score."""
    registry = open_registry(order.registry)
    _known("body", body, registry.rulebook.bodies)
    _known("scheme", scheme, registry.rulebook.schemes)
    answers = Answers(**given)
    text = record(answers, registry.rulebook.schemes[scheme])
    _write(order, registry, body, answers, text)


def _write(order: Order, registry: Registry, body: str, answers: Answers, text: str) -> None:
    """Put the record where it belongs, unless it has a problem or there is one of that number already."""
    path = order.registry / "certificates" / body / file_name(answers)
    verdict = registry.judge_bytes(text.encode(), str(path), body, path.stem)
    if verdict.certificate is None:
        print_problems(verdict.problems, err=True)
        raise Misuse("Nothing was written: the answers above do not make a good record.")
    if any(file.path.stem == path.stem for file in registry.files):
        raise Misuse(f"Nothing was written: the registry has a certificate {answers.number} already.")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print_problems(verdict.problems, err=True)
    order.say(f"{path}: level {verdict.certificate.level.id}, valid until {verdict.certificate.expires}")


def _known(key: str, word: str, words: Mapping[str, object]) -> None:
    if word not in words:
        close = nearest(word, words)
        meant = f"did you mean {close}?" if close else f"there are {', '.join(words)}."
        raise Misuse(f"{key} {word} is not in the registry; {meant}")
