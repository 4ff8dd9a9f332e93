"""A drawing as PNG."""

import struct
import zlib

from starcert import raster
from starcert.mark.drawing import Drawing
from starcert.mark.palette import INK_AND_GOLD, Palette
from starcert.mark.svg import to_svg

MM_PER_INCH = 25.4
HEADER = 33  # bytes of a PNG's signature and its first chunk


def to_png(drawing: Drawing, width_mm: float, dpi: int = 600, palette: Palette = INK_AND_GOLD) -> bytes:
    """The drawing at `dpi` dots per inch; the file states them, so it opens at its size in millimetres."""
    width, height = (round(size * dpi / MM_PER_INCH) for size in (width_mm, drawing.height_mm(width_mm)))
    png = raster.png(to_svg(drawing, width_mm, palette).decode(), width, height)
    return png[:HEADER] + _density(dpi) + png[HEADER:]


def _density(dpi: int) -> bytes:
    """The chunk that states dots per metre."""
    dots = round(dpi * 1000 / MM_PER_INCH)
    chunk = b"pHYs" + struct.pack(">IIB", dots, dots, 1)
    return struct.pack(">I", 9) + chunk + struct.pack(">I", zlib.crc32(chunk))
