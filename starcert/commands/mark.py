"""`build.py mark`: the star mark of one certificate, for print."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import click

from starcert import mark
from starcert.certificate import Certificate, slug
from starcert.order import Order
from starcert.register import Register
from starcert.registry import open_registry
from starcert.status import Status
from starcert.survey import survey
from starcert.terminal import NUMBER, Misuse, print_problems

FORMATS: dict[str, Callable[[mark.Drawing, float], bytes]] = {
    "svg": mark.to_svg,
    "png": mark.to_png,
    "pdf": mark.to_pdf,
}


@click.command("mark")
@click.argument("number")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="svg", show_default=True)
@click.option("--width", metavar="MM", type=NUMBER, default="30", show_default=True, help="In millimetres.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file; else SLUG.FORMAT here.")
@click.pass_obj
def mark_command(order: Order, number: str, form: str, width: Decimal, output: Path | None) -> None:
    """Draw a certificate's star mark, with its QR code, for print."""
    certificate = _valid_certificate(order, number)
    drawing = mark.drawing(inscription(certificate, order.register))
    smallest = mark.smallest_width_mm(drawing)
    if not smallest <= width <= 1000:
        raise Misuse(f"The width is {width} mm; the mark scans from {smallest:.1f} mm on, and 1000 mm is the widest.")
    path = output or Path(f"{certificate.slug}.{form}")
    try:
        path.write_bytes(FORMATS[form](drawing, float(width)))
    except OSError as error:
        raise Misuse(f"{path} cannot be written: {error.strerror}.") from None
    order.say(f"{path}: the star mark of {certificate.number}, {width} mm wide")


def inscription(certificate: Certificate, register: Register) -> mark.Inscription:
    """What the certificate's mark says."""
    return mark.Inscription(
        stars=certificate.level.stars,
        level=certificate.level.name,
        level_en=certificate.level.name_en,
        standard=certificate.standard,
        number=certificate.number,
        body=certificate.body.name,
        host=register.host,
        address=register.printed_address(certificate.slug),
    )


def _valid_certificate(order: Order, number: str) -> Certificate:
    """The certificate of that number, if it is valid on the day."""
    registry = open_registry(order.registry)
    name = slug(number.strip())
    file = next((file for file in registry.files if file.stem == name), None)
    if file is None:
        raise Misuse(f"The registry has no certificate {number}; its record would be named {name}.yaml.")
    verdict = registry.judge(file)
    if verdict.certificate is None:
        print_problems(verdict.problems, err=True, languages=order.languages)
        raise Misuse(f"The record of {number} has problems; mend them first.")
    status = verdict.certificate.status_on(order.day)
    if status is not Status.VALID:
        raise Misuse(f"{number} is {status} on {order.day}; a mark is drawn only for a valid certificate.")
    _, findings = survey(replace(order, quiet=True, skip_broken=True))
    if file.shown in findings.left_out:
        found = [problem for problem in findings.all() if problem.path == file.shown]
        print_problems(found, err=True, languages=order.languages)
        raise Misuse(f"{number} is at odds with other records, so no mark of it is drawn.")
    return verdict.certificate.known_on(order.day)
