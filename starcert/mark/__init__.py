"""The star mark of a certificate, for print: an inscription becomes a drawing, and a drawing a file."""

from starcert.mark.design import Inscription, MissingGlyph, drawing, smallest_width_mm
from starcert.mark.drawing import Drawing
from starcert.mark.palette import BLACK_ONLY, INK_AND_GOLD, Palette
from starcert.mark.pdf import to_pdf
from starcert.mark.png import to_png
from starcert.mark.svg import to_svg

__all__ = [
    "BLACK_ONLY",
    "INK_AND_GOLD",
    "Drawing",
    "Inscription",
    "MissingGlyph",
    "Palette",
    "drawing",
    "smallest_width_mm",
    "to_pdf",
    "to_png",
    "to_svg",
]
