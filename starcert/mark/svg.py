"""A drawing as SVG."""

from html import escape

from starcert.mark.drawing import Contour, Drawing, Fill, Point
from starcert.mark.palette import INK_AND_GOLD, Palette

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="{}mm" height="{}mm" viewBox="0 0 {} {}" role="img">
<title>{}</title>
<metadata>{}</metadata>
{}
</svg>
"""


def to_svg(drawing: Drawing, width_mm: float, palette: Palette = INK_AND_GOLD) -> bytes:
    """The drawing `width_mm` wide; its metadata is the certificate number."""
    sizes = (width_mm, drawing.height_mm(width_mm), drawing.width, drawing.height)
    paths = "\n".join(_path(fill, palette) for fill in drawing.fills)
    return SVG.format(*map(_decimal, sizes), escape(drawing.title), escape(drawing.number), paths).encode()


def _path(fill: Fill, palette: Palette) -> str:
    return f'<path fill="{palette[fill.ink].rgb}" d="{"".join(map(_contour, fill.outline))}"/>'


def _contour(contour: Contour) -> str:
    """Relative steps between points rounded to hundredths, so that no rounding adds up."""
    start, steps = contour
    at, data = _hundredths(start), ["M" + _pair(*_hundredths(start))]
    for step in steps:
        points = [_hundredths(point) for point in step]
        data.append("lc"[len(step) > 1] + " ".join(_pair(x - at[0], y - at[1]) for x, y in points))
        at = points[-1]
    return "".join(data) + "z"


def _hundredths(point: Point) -> tuple[int, int]:
    return round(point[0] * 100), round(point[1] * 100)


def _pair(x: int, y: int) -> str:
    return f"{_decimal(x / 100)} {_decimal(y / 100)}"


def _decimal(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
