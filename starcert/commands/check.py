"""`build.py check`: every problem of every record, for people and for programs."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from starcert import parsing, past, recordfile, registry, reports, rules, yamlfile
from starcert.forge import annotations, as_gitlab, as_markdown, as_sarif
from starcert.order import Order
from starcert.problems import Problem
from starcert.push import history
from starcert.survey import survey
from starcert.terminal import PROBLEMS, print_problems, source_lines

SENTENCES = yamlfile.RULES | recordfile.RULES | parsing.RULES | registry.RULES | rules.RULES
"""Every rule of records by its name, as one sentence."""


@click.command("check")
@click.option("--format", "form", type=click.Choice(["text", "json", "github", "gitlab", "sarif"]), default="text")
@click.option(
    "--summary", type=click.Path(path_type=Path, dir_okay=False), help="Append all to this file, as Markdown."
)
@click.option(
    "--against",
    "base",
    metavar="REGISTRY",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Ask too that what the folder of another state recorded is kept, as of a push.",
)
@click.pass_obj
def check_command(order: Order, form: str, summary: Path | None, base: Path | None) -> None:
    """Print every problem of every record; build nothing."""
    tally, findings = survey(replace(order, quiet=order.quiet or form != "text"))
    lost = past.judge(order.registry, base, order.day) if base else []
    found = sorted([*findings.all(), *lost])
    if form == "text":
        print_problems(found, err=False, languages=order.languages)
        order.say(reports.summary(found, tally.read, order.languages))
    else:
        click.echo(_as(form, found, summary, order.languages), nl=False)
    if summary:
        with summary.open("a", encoding="utf-8") as file:
            file.write(as_markdown(found, tally.read, source_lines, order.languages))
    sys.exit(PROBLEMS if findings.blocking or lost else 0)


def _as(form: str, found: Sequence[Problem], summary: Path | None, languages: reports.Languages) -> str:
    """The problems in a form for programs."""
    if form == "github":
        return annotations(found, "the summary lists them all" if summary else "run build.py check", languages)
    if form == "sarif":
        return as_sarif(found, SENTENCES | history.SENTENCES)
    return as_gitlab(found, languages) if form == "gitlab" else reports.as_json(found)
