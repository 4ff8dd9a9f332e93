"""The star seal: the emblem of a level on web pages, and the register's icon.

A scalloped disc with as many stars as the level has, or a tick for a level without stars. In pages it takes
the colour of the text around it and its stars that of the page; a stylesheet may give `.seal-mark` and
`.seal-ring` others. There are no style attributes, so a strict Content-Security-Policy holds.
"""

from itertools import pairwise
from math import cos, pi, sin

from starcert import raster, star

SIDE, MIDDLE = 640, 320
DISC, SCALLOP, RING, RING_WIDTH = 270, 35, 226, 10
SCALLOPS = 24
TICK = "M205 325l80 80 150-165"
STARS = {
    1: (0, 165),
    2: (96, 86),
    3: (114, 92),
    4: (126, 84),
    5: (136, 77),
}  # distance from the middle, radius
INK, GOLD = "#14304f", "#e2b457"

FILE = f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}" height="{SIDE}" viewBox="0 0 {SIDE} {SIDE}">'
DARK = f".seal-disc{{fill:{GOLD};stroke:{GOLD}}}.seal-ring{{stroke:{INK}}}.seal-mark{{fill:{INK}}}"


def svg(stars: int) -> str:
    """The seal with 0 to 5 stars, for use in a page; silent to screen readers, so say the level beside it."""
    picture = _seal(stars, "currentColor", "Canvas")
    return f'<svg class="seal" width="96" viewBox="0 0 {SIDE} {SIDE}" aria-hidden="true">{picture}</svg>'


def icon_svg() -> str:
    """The register's icon as a file of its own: the seal with one star, coloured for light and dark browsers."""
    return f"{FILE}<style>@media(prefers-color-scheme:dark){{{DARK}}}</style>{_seal(1, INK, GOLD)}</svg>\n"


def icon_png(side: int) -> bytes:
    """The icon for home screens, `side` pixels square and opaque, the seal within reach of any mask."""
    ground = f'<path fill="{INK}" d="M0 0h{SIDE}v{SIDE}H0z"/>'
    seal = f'<g transform="translate(80 80) scale(.75)">{_seal(1, GOLD, INK)}</g>'
    return raster.png(f"{FILE}{ground}{seal}</svg>", side, side)


def _seal(stars: int, disc: str, mark: str) -> str:
    """The scallops are the round ends of dashes of no length."""
    gap = 2 * pi * DISC / SCALLOPS
    return (
        f'<circle class="seal-disc" cx="{MIDDLE}" cy="{MIDDLE}" r="{DISC}" fill="{disc}" stroke="{disc}" '
        f'stroke-width="{2 * SCALLOP}" stroke-linecap="round" stroke-dasharray="0 {gap:.3f}"/>'
        f'<circle class="seal-ring" cx="{MIDDLE}" cy="{MIDDLE}" r="{RING}" fill="none" stroke="{mark}" '
        f'stroke-width="{RING_WIDTH}"/>'
    ) + (_stars(stars, mark) if stars else _tick(mark))


def _tick(colour: str) -> str:
    return f'<path class="seal-ring" fill="none" stroke="{colour}" stroke-width="50" d="{TICK}"/>'


def _stars(count: int, colour: str) -> str:
    """Stars evenly around the middle, all of them upright."""
    distance, radius = STARS[count]
    first = 0 if count % 2 else pi / count
    turns = (first + 2 * pi * place / count for place in range(count))
    stars = (_star(MIDDLE + distance * sin(turn), MIDDLE - distance * cos(turn), radius) for turn in turns)
    return f'<path class="seal-mark" fill="{colour}" d="{"".join(stars)}"/>'


def _star(x: float, y: float, radius: float) -> str:
    corners = [(round(cx), round(cy)) for cx, cy in star.corners(x, y, radius)]
    steps = (f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in pairwise(corners))
    return "M{} {}l".format(*corners[0]) + " ".join(steps).replace(" -", "-") + "z"
