"""What a star mark is before it is a file: filled outlines in named inks."""

from dataclasses import dataclass
from enum import Enum

Point = tuple[float, float]
Step = tuple[Point, ...]  # one point: a line to it; three: a cubic Bézier curve, two control points and its end
Contour = tuple[Point, tuple[Step, ...]]  # where it starts, and its steps; it closes itself
Outline = tuple[Contour, ...]  # filled by the nonzero rule


class Ink(Enum):
    """What a fill is printed with; a palette says which colour that is."""

    PANEL = "panel"
    STAR = "star"
    PAPER = "paper"
    TEXT = "text"


@dataclass(frozen=True)
class Fill:
    ink: Ink
    outline: Outline


@dataclass(frozen=True)
class Drawing:
    """Fills from bottom to top. x runs to the right from 0 to `width`, y down from 0 to `height`."""

    title: str
    number: str
    width: float
    height: float
    module: float  # the side of one module of the QR code
    fills: tuple[Fill, ...]

    def height_mm(self, width_mm: float) -> float:
        return width_mm * self.height / self.width
