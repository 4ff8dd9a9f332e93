"""The command line of Starcert: `python build.py` checks the registry and builds the site; see --help.

registry/ -> verdicts -> (problems? stop) -> valid on the day -> pages, search index -> site/
"""

import os
import shlex
import sys
import time
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from starcert import output, reports, settings
from starcert.commands import AWAY, ELSEWHERE
from starcert.days import Moment, clock, day_in_china
from starcert.findings import Findings
from starcert.inputs import Inputs, inputs
from starcert.listing import page_path
from starcert.order import Order
from starcert.outcome import Due, Work
from starcert.recall import recalled, remember
from starcert.registry import open_registry
from starcert.search import SearchError
from starcert.stamp import Stamp, fixed
from starcert.stopwatch import Stopwatch
from starcert.survey import Survey
from starcert.tally import Tally
from starcert.terminal import (
    COMMIT,
    DAY,
    LANGUAGES,
    LEFT_OUT,
    PROBLEMS,
    Commands,
    Misuse,
    language_of_locale,
    print_problems,
)
from starcert.workers import cores

if TYPE_CHECKING:
    from starcert.commands.program import Tell
    from starcert.pages.edition import Edition

REGISTRY, TEMPLATES, CONTENT = Path("registry"), Path("templates"), Path("content")
SETTINGS, SITE = Path("site.yaml"), Path("site")
AT_ONCE = 2_000
"""Records up to which the whole site changes in one step, although little of it has changed."""
HELP = {"help_option_names": ["-h", "--help"]}

Commands.errors, Commands.elsewhere = (output.Refused, SearchError), ELSEWHERE


def publish(order: Order, watch: Stopwatch, tell: "Tell | None" = None) -> tuple[Tally, Findings]:
    """Bring the site up to date; it stays as it is when findings block and nothing is skipped.

    What was judged is told, with the file that still tells what was published before, if all is made anew.
    """
    with output.Site(order.out, order.say) as site:
        with watch.stage("listing the registry"):
            registry = open_registry(order.registry, order.jobs)
            now = inputs(order, registry)
        with recalled(site, now) as memory:
            is_known = site.remembered
            made = Survey(order, registry, memory, Findings(registry.problems))
            with watch.stage("finding what is due"):
                due, gone = memory.files.due(registry.files, order.day, site.began)
            stands = False
            if due or gone or memory.fact("site") != _fact(order, now):
                stands = _make(made, due, gone, site, now, watch)
            else:
                made.judge((), (), Work(registry, order.day))
                made.settle()
                site.leave(order.attested)
            if tell:
                tell(made, site.memory if is_known else None)
            tally = made.tally
            if stands:
                with watch.stage("remembering"):
                    _remember(made, site, now)
            return tally, made.findings


def _make(
    made: Survey[Order], due: Sequence[Due], gone: Sequence[str], site: output.Site, now: Inputs, watch: Stopwatch
) -> bool:
    """Judge what is due, and make the pages that change; False where findings forbid, and the site stays as it was."""
    from starcert.pages.edition import Edition  # noqa: PLC0415  # a build that has nothing to do should not wait for it

    order, registry, memory = made.order, made.registry, made.memory
    with watch.stage("opening the templates"):
        stock = memory.stock.all()
        edition = Edition(order, registry.rulebook, stock)
        if memory.new:
            edition.compile()
    if not memory.new:
        site.amend(at_once=len(registry.files) <= AT_ONCE)
    with watch.stage("records"):
        clashing = registry.clashing(one.file for one in due)
        made.judge(due, gone, Work(registry, order.day, edition.certificate, site.write, clashing))
    for stage, seconds in made.spent():
        watch.count(f"  {stage}, all workers", seconds)
    with watch.stage("between records"):
        for tie in made.settle():
            site.retract(page_path(tie.slug))
    if made.findings.forbid(order.skip_broken):
        site.leave()
        return False
    if made.news or memory.fact("site") != _fact(order, now):
        _publish(made, edition, site, now, watch)
        memory.stock.keep(stock)
    else:
        site.leave(order.attested)
    return True


def _publish(made: Survey[Order], edition: "Edition", site: output.Site, now: Inputs, watch: Stopwatch) -> None:
    """Make what tells of several certificates, and put all in place."""
    from starcert.publication import FIRST, LAST, Publication  # noqa: PLC0415

    after = made.after()
    publication = Publication(made.order, made.memory, edition, site.write, site.read, now.made_with, watch)
    publication.make(made.before, after)
    lapsed = sorted(made.before.keys() - after.keys())
    with watch.stage("putting in place"):
        site.publish(map(page_path, lapsed), first=FIRST, last=[LAST], after=sorted(publication.stale))


def _remember(made: Survey[Order], site: output.Site, now: Inputs) -> None:
    """From here on the memory tells of the site as it stands."""
    made.memory.note("site", _fact(made.order, now))
    made.memory.files.know(made.registry.files, site.began, made.findings.left_out)
    remember(site, made.memory)


def _fact(order: Order, now: Inputs) -> list[str | None]:
    """What a site shows besides what its records say; where that stays the same too, a site is left as it is."""
    return [now.made_with, str(order.day), order.stamp.commit]


@click.group(cls=Commands, invoke_without_command=True, context_settings=HELP)
@click.option("--as-of", type=DAY, help="Build for this day instead of today in China.")
@click.option("--out", type=click.Path(path_type=Path), default=SITE, help="The site's folder [site].")
@click.option("--base-url", metavar="URL", help="The site's address, instead of the one in site.yaml.")
@click.option("--commit", type=COMMIT, metavar="SHA", help="The commit of the records, to be named in status.json.")
@click.option("--skip-broken", is_flag=True, help="Leave records with problems out.")
@click.option(
    "--language",
    type=click.Choice(list(LANGUAGES)),
    default=language_of_locale,
    help="Of problems [both in a Chinese locale, else en].",
)
@click.option("--quiet", is_flag=True, help="Print problems only.")
@click.option("--jobs", type=click.IntRange(1), default=cores, help="How many workers share the records [all cores].")
@click.option("--profile", is_flag=True, help="Print where the time went.")
@click.option("--no-search", is_flag=True, help="Make no search index.")
@click.pass_context
def main(
    ctx: click.Context,
    as_of: date | None,
    out: Path,
    base_url: str | None,
    commit: str | None,
    skip_broken: bool,
    language: str,
    quiet: bool,
    jobs: int,
    profile: bool,
    no_search: bool,
) -> None:
    """Check the registry and build the site.

    Without a command: reads registry/, prints every problem, and if there is none publishes what is valid on
    the day to site/. Exit codes: 0 good, 1 problems in records, 2 misuse, 3 published with records left out.
    """
    given = partial(
        _order,
        as_of=as_of,
        base_url=base_url,
        jobs=jobs,
        profile=profile,
        search=not no_search,
        languages=LANGUAGES[language],
    )
    if ctx.invoked_subcommand in AWAY:
        from starcert.commands.program import Program  # noqa: PLC0415  # as above

        ctx.obj = Program(commit, partial(_moment, as_of), given, publish)
        return
    ctx.obj = given(_moment(as_of), out=out, commit=commit, skip_broken=skip_broken, quiet=quiet)
    if ctx.invoked_subcommand is None:
        sys.exit(build(ctx.obj))


def _moment(as_of: date | None) -> Moment:
    """This instant, and the day to work for, which is today in China unless another one was asked for."""
    instant = clock()
    return Moment(instant, as_of or day_in_china(instant))


def _order(
    moment: Moment,
    *,
    as_of: date | None,
    base_url: str | None,
    out: Path,
    commit: str | None,
    skip_broken: bool,
    jobs: int,
    profile: bool,
    search: bool,
    languages: tuple[str, ...],
    quiet: bool,
) -> Order:
    """The order for the register in the present folder."""
    register = settings.read_register(SETTINGS)
    demonstration = settings.read_demonstration(REGISTRY)
    return Order(
        day=as_of or (demonstration.day(moment.day) if demonstration else moment.day),
        stamp=Stamp(commit, fixed(moment.instant, os.environ.get("SOURCE_DATE_EPOCH"))),
        register=settings.with_address(register, base_url) if base_url else register,
        demonstration=demonstration is not None,
        registry=REGISTRY,
        templates=TEMPLATES,
        content=CONTENT,
        settings=SETTINGS,
        out=out,
        skip_broken=skip_broken,
        jobs=jobs,
        profile=profile,
        search=search,
        quiet=quiet,
        say=(lambda text: None) if quiet else click.echo,
        languages=languages,
    )


def build(order: Order) -> int:
    """Build, say what came of it, and give the exit code."""
    started, watch = time.perf_counter(), Stopwatch()
    tally, findings = publish(order, watch)
    print_problems(findings.all(), err=True, languages=order.languages)
    if findings.forbid(order.skip_broken):
        told = reports.summary(findings.all(), tally.read, order.languages)
        click.echo(f"{told}; {order.out}/ stays as it was.", err=True)
        return PROBLEMS
    for path in sorted(findings.left_out):
        click.echo(f"{path} is left out of the site.", err=True)
    for line in tally.lines():
        order.say(line)
    order.say(f"seconds        {time.perf_counter() - started:.1f}")
    for line in watch.lines(tally.read) if order.profile else ():
        click.echo(line, err=True)
    order.say(f"written to     {order.out}/; look at it with: {_serving(order)}")
    return LEFT_OUT if findings.blocking else 0


def _serving(order: Order) -> str:
    """What the operator types to see this site."""
    if order.out == SITE:
        return "make serve"
    asked = ["--as-of", str(order.day), "--base-url", order.register.address, "--out", str(order.out)]
    return shlex.join([sys.executable, sys.argv[0], *asked, "serve"])


@main.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, help="0 takes a free one.")
@click.pass_obj
def serve_command(order: Order, host: str, port: int) -> None:
    """Build, serve the site like a static host, and build again on every change."""
    from starcert import live  # noqa: PLC0415  # no other command should wait for a web server

    read = (order.registry, order.templates, order.content, order.settings)
    try:
        live.serve_and_rebuild(
            order.out, host, port, root=order.register.root, watch=read, rebuild=lambda: _rebuild(order), say=click.echo
        )
    except live.CannotListen as error:
        raise Misuse(str(error)) from error


def _rebuild(order: Order) -> None:
    build(order)


if __name__ == "__main__":
    main()
