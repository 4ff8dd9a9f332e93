"""Text as outlines, so that a print shop needs no font. The only user of fontTools."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from starcert.mark.drawing import Contour, Outline, Point, Step

FONT = Path(__file__).parent.parent / "fonts" / "NotoSansSC-Medium-subset.woff2"


def missing(text: str) -> str:
    """The characters of `text` that the font lacks, each once."""
    return "".join(dict.fromkeys(character for character in text if ord(character) not in _font().getBestCmap()))


def width(text: str, em: float) -> float:
    return sum(_glyph(character)[0] for character in text) * em


def outline(text: str, left: float, baseline: float, em: float, tracking: float = 0.0) -> Outline:
    """`text` set from `left` on, `em` high, with `tracking` more between characters."""
    contours: list[Contour] = []
    for character in text:
        advance, shape = _glyph(character)
        contours += (_placed(contour, left, baseline, em) for contour in shape)
        left += advance * em + tracking
    return tuple(contours)


def centred(text: str, middle: float, baseline: float, em: float, tracking: float = 0.0) -> Outline:
    span = width(text, em) + tracking * (len(text) - 1)
    return outline(text, middle - span / 2, baseline, em, tracking)


def fitted(text: str, middle: float, baseline: float, em: float, limit: float) -> Outline:
    """`text` centred, smaller than `em` where it would be wider than `limit`."""
    return centred(text, middle, baseline, em * min(1, limit / width(text, em)))


def wrapped(text: str, em: float, limit: float) -> list[str]:
    """`text` on as few lines as fit `limit`, of lengths as even as that allows, broken where it may be."""
    pieces = list(_pieces(text, em, limit))
    count = len(_filled(pieces, em, limit))
    limits = (limit * step / 50 for step in range(1, 51))
    return next(lines for even in limits if len(lines := _filled(pieces, em, even)) == count)


def _filled(pieces: list[str], em: float, limit: float) -> list[str]:
    lines = [""]
    for piece in pieces:
        if lines[-1] and width((lines[-1] + piece).rstrip(), em) > limit:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _pieces(text: str, em: float, limit: float) -> Iterator[str]:
    """What stays on one line: a Latin word or number, a Chinese character. What is too wide is cut."""
    for piece in re.findall(r"[!-~]+?[-/.](?=[!-~])|[!-~]+ *|. *", text):
        yield from [piece] if width(piece.rstrip(), em) <= limit else piece


@cache
def _font() -> Any:
    return TTFont(FONT)


@cache
def _glyph(character: str) -> tuple[float, Outline]:
    """The advance and outline in ems, y up, baseline 0."""
    font = _font()
    name, per_em = font.getBestCmap()[ord(character)], font["head"].unitsPerEm
    pen = RecordingPen()
    font.getGlyphSet()[name].draw(pen)
    return font["hmtx"][name][0] / per_em, tuple(_contours(pen.value, per_em))


def _contours(recording: list[tuple[str, Any]], per_em: int) -> Iterator[Contour]:
    for operator, points in recording:
        step = tuple((x / per_em, y / per_em) for x, y in points)
        if operator == "moveTo":
            start, steps = step[0], list[Step]()
        elif operator == "closePath":
            yield start, tuple(steps)
        else:
            steps.append(step)


def _placed(contour: Contour, left: float, baseline: float, em: float) -> Contour:
    def place(point: Point) -> Point:
        return left + point[0] * em, baseline - point[1] * em

    start, steps = contour
    return place(start), tuple(tuple(map(place, step)) for step in steps)
