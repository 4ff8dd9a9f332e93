"""The command line of Starcert: `python build.py` checks the registry and builds the site; see --help.

registry/ -> verdicts -> (problems? stop) -> valid on the day -> pages, search index -> site/
"""

import shlex
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from starcert import (
    listing,
    live,
    mark,
    output,
    parsing,
    recordfile,
    reports,
    rules,
    search,
    serve,
    settings,
    words,
    yamlfile,
)
from starcert.commands import mark_command, new_command, schema_command
from starcert.days import today_in_china
from starcert.findings import Findings
from starcert.order import Order
from starcert.pages.content import ContentError
from starcert.pages.edition import Edition
from starcert.pages.environment import TemplateBroken
from starcert.registry import RULES as REGISTRY_RULES
from starcert.registry import open_registry
from starcert.status import Status
from starcert.survey import Survey, begun, survey
from starcert.tally import Tally
from starcert.terminal import DAY, Commands, print_problems

REGISTRY, TEMPLATES, CONTENT = Path("registry"), Path("templates"), Path("content")
SETTINGS, SITE = Path("site.yaml"), Path("site")
PROBLEMS, LEFT_OUT = 1, 3
HELP = {"help_option_names": ["-h", "--help"]}

Commands.operators_errors = (
    settings.SettingsError,
    output.Refused,
    search.SearchError,
    serve.CannotListen,
    words.WordsError,
    ContentError,
    TemplateBroken,
    mark.MissingGlyph,
)
SENTENCES = yamlfile.RULES | recordfile.RULES | parsing.RULES | REGISTRY_RULES | rules.RULES


class Broken(Exception):
    """Records have problems, so what was written may not go live."""


def publish(order: Order) -> tuple[Tally, Findings]:
    """Build the site and put it in place; it stays as it was when findings block and nothing is skipped."""
    registry = open_registry(order.registry)
    edition = Edition(order, registry.rulebook)
    findings = Findings(registry.problems)
    while True:
        made = begun(order, registry, findings)
        try:
            _publish(made, edition)
        except Broken:
            if not findings.forbid(order.skip_broken):
                continue
        return made.tally, findings


def _publish(made: Survey, edition: Edition) -> None:
    """One pass over the records not yet left out. Raises Broken when what it wrote may not go live."""
    order, findings, tally = made.order, made.findings, made.tally
    rows: dict[str, listing.Row] = {}
    entries: list[search.Entry] = []
    with output.Site(order.out, order.say) as site:
        for certificate in made.certificates():
            # Of two certificates with one slug, judging them against each other leaves out both.
            if tally.count(certificate) is Status.VALID and certificate.slug not in rows:
                known = certificate.known_on(order.day)
                rows[known.slug] = listing.row(known)
                entries.append(listing.entry(known))
                site.write(*edition.certificate(known))
        if made.spoils() or findings.forbid(order.skip_broken):
            raise Broken
        tally.left_out = len(findings.left_out)
        for path, data in edition.shared(list(rows.values()), tally.next_change):
            site.write(path, data)
        for path, data in search.files(entries):
            site.write(f"pagefind/{path}", data)


@click.group(cls=Commands, invoke_without_command=True, context_settings=HELP)
@click.option("--as-of", type=DAY, help="Build for this day instead of today in China.")
@click.option("--out", type=click.Path(path_type=Path), default=SITE, help="The site's folder [site].")
@click.option("--base-url", metavar="URL", help="The site's address, instead of the one in site.yaml.")
@click.option("--skip-broken", is_flag=True, help="Leave records with problems out.")
@click.option("--quiet", is_flag=True, help="Print problems only.")
@click.pass_context
def main(
    ctx: click.Context, as_of: date | None, out: Path, base_url: str | None, skip_broken: bool, quiet: bool
) -> None:
    """Check the registry and build the site.

    Without a command: reads registry/, prints every problem, and if there is none publishes what is valid on
    the day to site/. Exit codes: 0 good, 1 problems in records, 2 misuse, 3 published with records left out.
    """
    register = settings.read_register(SETTINGS)
    demonstration = settings.read_demonstration(REGISTRY)
    today = today_in_china()
    ctx.obj = Order(
        day=as_of or (demonstration.day(today) if demonstration else today),
        register=settings.with_address(register, base_url) if base_url else register,
        demonstration=demonstration is not None,
        registry=REGISTRY,
        templates=TEMPLATES,
        content=CONTENT,
        settings=SETTINGS,
        out=out,
        skip_broken=skip_broken,
        quiet=quiet,
        say=(lambda text: None) if quiet else click.echo,
    )
    if ctx.invoked_subcommand is None:
        sys.exit(build(ctx.obj))


def build(order: Order) -> int:
    """Build, say what came of it, and give the exit code."""
    started = time.perf_counter()
    tally, findings = publish(order)
    print_problems(findings.all(), err=True)
    if findings.forbid(order.skip_broken):
        click.echo(f"{reports.summary(findings.all(), tally.read)}; {order.out}/ stays as it was.", err=True)
        return PROBLEMS
    for path in sorted(findings.left_out):
        click.echo(f"{path} is left out of the site.", err=True)
    for line in tally.lines():
        order.say(line)
    order.say(f"seconds        {time.perf_counter() - started:.1f}")
    order.say(f"written to     {order.out}/; look at it with: {_serving(order)}")
    return LEFT_OUT if findings.blocking else 0


def _serving(order: Order) -> str:
    """What the operator types to see this site."""
    if order.out == SITE:
        return "make serve"
    asked = ["--as-of", str(order.day), "--base-url", order.register.address, "--out", str(order.out)]
    return shlex.join([sys.executable, sys.argv[0], *asked, "serve"])


@main.command()
@click.option("--format", "form", type=click.Choice(["text", "json", "github", "sarif"]), default="text")
@click.pass_obj
def check(order: Order, form: str) -> None:
    """Print every problem of every record; build nothing."""
    tally, findings = survey(replace(order, quiet=order.quiet or form != "text"))
    if form == "text":
        print_problems(findings.all(), err=False)
        order.say(reports.summary(findings.all(), tally.read))
    elif form == "sarif":
        click.echo(reports.as_sarif(findings.all(), SENTENCES), nl=False)
    else:
        click.echo({"json": reports.as_json, "github": reports.as_github}[form](findings.all()), nl=False)
    sys.exit(PROBLEMS if findings.blocking else 0)


@main.command("next-change")
@click.pass_obj
def next_change(order: Order) -> None:
    """Print the next day on which the published certificates change, for a scheduler; or `none`."""
    tally, findings = survey(replace(order, quiet=True))
    print_problems(findings.all(), err=True)
    if findings.forbid(order.skip_broken):
        sys.exit(PROBLEMS)
    click.echo(tally.next_change or "none")
    sys.exit(LEFT_OUT if findings.blocking else 0)


@main.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, help="0 takes a free one.")
@click.pass_obj
def serve_command(order: Order, host: str, port: int) -> None:
    """Build, serve the site like a static host, and build again on every change."""
    read = (order.registry, order.templates, order.content, order.settings)
    live.serve_and_rebuild(
        order.out, host, port, root=order.register.root, watch=read, rebuild=lambda: _rebuild(order), say=click.echo
    )


def _rebuild(order: Order) -> None:
    build(order)


for command in (new_command, mark_command, schema_command):
    main.add_command(command)

if __name__ == "__main__":
    main()
