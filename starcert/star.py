"""The five-pointed star, exactly: the pentagram's outline, as on flags."""

from math import cos, pi, sin

GOLDEN = (1 + 5**0.5) / 2
POINTS = 5

Point = tuple[float, float]


def corners(x: float, y: float, radius: float, turn: float = 0.0) -> list[Point]:
    """The ten corners of the star around (x, y), the first at the top turned clockwise by `turn` radians.

    `radius` reaches the five points; the inner corners, where the pentagram crosses itself, radius / golden².
    """
    reach = (radius, radius / GOLDEN**2)
    angles = (turn + step * pi / POINTS for step in range(2 * POINTS))
    return [(x + reach[i % 2] * sin(a), y - reach[i % 2] * cos(a)) for i, a in enumerate(angles)]
