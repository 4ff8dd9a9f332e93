"""The design of the star mark: a tablet whose arched head carries the stars, over a white field for the code.

Measures are 200ths of the width: at 20 mm, the smallest width there is, one is a tenth of a millimetre.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, cos, radians, sin

from starcert import qr, star
from starcert.mark import lettering, shapes
from starcert.mark.drawing import Drawing, Fill, Ink, Outline
from starcert.problems import Mistake

KIND = "服务认证"  # what is certified is a service: the mark must not read as a product certification
WIDTH = 200.0
MIDDLE = WIDTH / 2
HEAD = 136.0  # from the top to the white field
FRAME = 3.0
CODE = 166.0  # side of the QR code, quiet zone included
TEXT_WIDTH = 176.0
STAR_RADIUS, STAR_ORBIT, STAR_STEP = 14.0, 73.0, 26.0  # the last in degrees, between neighbours
HEADING = {True: (72.0, 16.0), False: (60.0, 22.0)}  # baseline and em of KIND, under stars and without
SMALLEST_TYPE = 14.0  # em
SMALLEST_TYPE_MM = 1.4  # four points
SMALLEST_MODULE_MM = 0.36  # measured: from here on two decoders read every code blurred by 0.15 mm and turned


@dataclass(frozen=True)
class Inscription:
    """What a star mark says. `stars` is 0 for a level without stars; `address` is the text of the QR code."""

    stars: int
    level: str
    level_en: str
    standard: str
    number: str
    body: str
    host: str
    address: str


class MissingGlyph(Mistake):
    """The star mark's font lacks a character. The message is one sentence for the operator."""


def drawing(inscription: Inscription) -> Drawing:
    """The star mark that bears the inscription, or MissingGlyph."""
    _require_glyphs(inscription)
    lines = list(_lines(inscription))
    height = HEAD + CODE + sum(advance for _, _, advance in lines) + 13
    rows = qr.matrix(inscription.address, level="H")
    module = CODE / (len(rows) + 2 * qr.QUIET_ZONE)
    corner = (WIDTH - CODE) / 2 + qr.QUIET_ZONE * module, HEAD + qr.QUIET_ZONE * module
    return Drawing(
        title=f"{KIND} {inscription.level} {inscription.standard} {inscription.number}",
        number=inscription.number,
        width=WIDTH,
        height=height,
        module=module,
        fills=(
            Fill(Ink.PANEL, (shapes.tablet(0, 0, WIDTH, height, crown=MIDDLE, foot=12),)),
            Fill(
                Ink.PAPER,
                (shapes.tablet(FRAME, HEAD, WIDTH - FRAME, height - FRAME, crown=0.1, foot=12 - FRAME),),
            ),
            Fill(Ink.STAR, (shapes.arch(MIDDLE, MIDDLE, 94, 1.6), *_stars(inscription.stars))),
            Fill(Ink.STAR, lettering.centred(KIND, MIDDLE, *HEADING[inscription.stars > 0], tracking=3)),
            Fill(Ink.PAPER, lettering.fitted(inscription.level, MIDDLE, 108, 38, limit=150)),
            Fill(Ink.PAPER, lettering.fitted(inscription.level_en, MIDDLE, 127, 14, limit=TEXT_WIDTH)),
            Fill(Ink.TEXT, shapes.modules(rows, *corner, module)),
            Fill(Ink.TEXT, _set(lines, HEAD + CODE)),
        ),
    )


def smallest_width_mm(drawing: Drawing) -> float:
    """The least width at which the code scans reliably and the lettering can be read, to the tenth above."""
    least = max(SMALLEST_MODULE_MM / drawing.module, SMALLEST_TYPE_MM / SMALLEST_TYPE) * drawing.width
    return ceil(round(least * 10, 6)) / 10


def _require_glyphs(inscription: Inscription) -> None:
    for name in ("level", "level_en", "standard", "number", "body", "host"):
        text = getattr(inscription, name)
        for character in lettering.missing(text):
            lack = f"the star mark's font has no {character!r} (U+{ord(character):04X})"
            raise MissingGlyph(f"{name} {text!r} cannot be lettered: {lack}")


def _stars(count: int) -> Outline:
    turns = (radians(STAR_STEP * (place - (count - 1) / 2)) for place in range(count))
    return tuple(
        shapes.polygon(
            star.corners(MIDDLE + STAR_ORBIT * sin(turn), MIDDLE - STAR_ORBIT * cos(turn), STAR_RADIUS, turn)
        )
        for turn in turns
    )


Line = tuple[str, float, float]  # its text, its em, and how far its baseline is under the one before


def _lines(inscription: Inscription) -> Iterator[Line]:
    for text, em, gap in (
        (inscription.host, 16, 0),
        (f"编号 {inscription.number}", 14, 8),
        (inscription.standard, 14, 5),
        (inscription.body, 14, 5),
    ):
        for row, line in enumerate(lettering.wrapped(text, em, TEXT_WIDTH)):
            yield line, em, em * 0.9 + (gap if row == 0 else 3)


def _set(lines: list[Line], top: float) -> Outline:
    baselines = accumulate((advance for _, _, advance in lines), initial=top)
    next(baselines)
    placed = (lettering.centred(text, MIDDLE, y, em) for (text, em, _), y in zip(lines, baselines, strict=True))
    return tuple(contour for line in placed for contour in line)
