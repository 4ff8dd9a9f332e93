"""Which colour each ink of a star mark is, on screens (sRGB) and in print (CMYK)."""

from dataclasses import dataclass

from starcert.mark.drawing import Ink


@dataclass(frozen=True)
class Colour:
    rgb: str
    cmyk: tuple[float, float, float, float]


Palette = dict[Ink, Colour]

BLACK = Colour("#000000", (0, 0, 0, 1))  # one plate: small type and the code stay sharp if plates shift
WHITE = Colour("#ffffff", (0, 0, 0, 0))

INK_AND_GOLD: Palette = {
    Ink.PANEL: Colour("#14304f", (1, 0.72, 0.25, 0.45)),
    Ink.STAR: Colour("#e2b457", (0.06, 0.28, 0.75, 0.04)),
    Ink.PAPER: WHITE,
    Ink.TEXT: BLACK,
}
BLACK_ONLY: Palette = {Ink.PANEL: BLACK, Ink.STAR: WHITE, Ink.PAPER: WHITE, Ink.TEXT: BLACK}
