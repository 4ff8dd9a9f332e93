"""The outlines that a star mark is made of, lettering apart."""

from collections.abc import Iterator, Sequence

from starcert.mark.drawing import Contour, Outline, Point, Step

CIRCLE = 4 / 3 * (2**0.5 - 1)  # how far towards the corner the control points of a quarter circle reach


def polygon(corners: Sequence[Point]) -> Contour:
    return corners[0], tuple((corner,) for corner in corners[1:])


def tablet(left: float, top: float, right: float, bottom: float, crown: float, foot: float) -> Contour:
    """A box whose upper corners are rounded with the radius `crown` and lower ones with `foot`."""
    return (left, top + crown), (
        _quarter((left, top + crown), (left, top), (left + crown, top)),
        ((right - crown, top),),
        _quarter((right - crown, top), (right, top), (right, top + crown)),
        ((right, bottom - foot),),
        _quarter((right, bottom - foot), (right, bottom), (right - foot, bottom)),
        ((left + foot, bottom),),
        _quarter((left + foot, bottom), (left, bottom), (left, bottom - foot)),
    )


def arch(x: float, y: float, radius: float, stroke: float) -> Contour:
    """The upper half of a ring around (x, y), `stroke` wide, `radius` to its outer edge."""
    inner = radius - stroke
    return (x - radius, y), (
        _quarter((x - radius, y), (x - radius, y - radius), (x, y - radius)),
        _quarter((x, y - radius), (x + radius, y - radius), (x + radius, y)),
        ((x + inner, y),),
        _quarter((x + inner, y), (x + inner, y - inner), (x, y - inner)),
        _quarter((x, y - inner), (x - inner, y - inner), (x - inner, y)),
    )


def _quarter(start: Point, corner: Point, end: Point) -> Step:
    """The quarter circle from `start` to `end` that bulges towards `corner`."""
    (sx, sy), (cx, cy), (ex, ey) = start, corner, end
    first = sx + CIRCLE * (cx - sx), sy + CIRCLE * (cy - sy)
    return first, (ex + CIRCLE * (cx - ex), ey + CIRCLE * (cy - ey)), end


def modules(rows: Sequence[Sequence[int]], left: float, top: float, side: float) -> Outline:
    """The dark modules of a QR code, touching ones as one area: side by side they would print with seams."""
    areas = _boundaries(set(_edges(rows)))
    return tuple(polygon([(left + x * side, top + y * side) for x, y in corners]) for corners in areas)


Place = tuple[int, int]
Edge = tuple[Place, Place]  # where it starts, and its direction; dark is on its right


def _edges(rows: Sequence[Sequence[int]]) -> Iterator[Edge]:
    """The sides at which a dark module meets light."""
    dark = {(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module}
    for x, y in dark:
        sides = {(0, -1): (x, y), (1, 0): (x + 1, y), (0, 1): (x + 1, y + 1), (-1, 0): (x, y + 1)}
        for (dx, dy), start in sides.items():
            if (x + dx, y + dy) not in dark:
                yield start, (-dy, dx)


def _boundaries(edges: set[Edge]) -> Iterator[list[Place]]:
    """The corners of each closed line of edges; where two touch, each turns right and stays with its area."""
    while edges:
        place, heading = min(edges)
        corners = []
        while (place, heading) in edges:
            edges.remove((place, heading))
            place = place[0] + heading[0], place[1] + heading[1]
            dx, dy = heading
            onwards = [turn for turn in ((-dy, dx), heading, (dy, -dx)) if (place, turn) in edges]
            if onwards[:1] != [heading]:
                corners.append(place)
            heading = onwards[0] if onwards else heading
        yield corners
