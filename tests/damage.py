"""What happens to a printed QR code before a phone reads it: blur, turns and dirt.

**Ten per cent dirty** means: blots, dark and light, each round and 1.5 to 4 mm wide (a drop of grease, a smear of ink,
a scuff; 3 to 9 modules of a code printed at 20 mm), cover a tenth of the code's area, quiet zone excluded: 10 to 11 %,
each place counted once. A decoder has one still picture of it, at 300 dpi. The blots are

- film: 30 or 40 % dark or light, lying anywhere;
- opaque: black or white, lying anywhere (on timing, format and quiet zone too) but on the patterns by which a decoder
  finds the modules, the three finder patterns and the alignment patterns: error correction does not cover them;
- opaque, on alignment too: only finder patterns are spared;
- opaque, on finders too: nothing is spared.

Both decoders must read every picture with film and every opaque one that level H can repair; zxing-cpp also every such
one on whose alignment patterns blots lie. Two limits are zbar's alone: hidden alignment patterns, and film of 40 % on a
mark at its smallest width. `codewords` counts, without a decoder, what can be repaired: about 1 picture in 100 has too
many wrong codewords in a block, and no decoder can read it. That finder patterns are spared is the limit of both: one
blot of 2 mm on one of them, and nothing else, left zxing-cpp 0 and zbar 10 of 40 codes.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter
from segno import consts

DPI = 300
MM_PER_INCH = 25.4
BLUR_MM = 0.15
ANGLES = (8, 33, 90, 171)  # degrees
BLOT_MM = (1.5, 4.0)
SHARE = (0.10, 0.11)  # of the code's area
BLACK, PAPER = 0, 255

Picture = Image.Image
Square = tuple[int, int, int]  # its left, its top and its side, in modules


@dataclass(frozen=True)
class Code:
    """Where a QR code lies in a picture, quiet zone excluded: its corner and one module's side, in pixels."""

    left: float
    top: float
    module: float
    modules: int

    @property
    def side(self) -> float:
        return self.module * self.modules

    @property
    def box(self) -> tuple[int, int, int, int]:
        return round(self.left), round(self.top), round(self.left + self.side), round(self.top + self.side)

    @property
    def finders(self) -> list[Square]:
        """The three finder patterns, the light modules around them included."""
        far = self.modules - 8
        return [(0, 0, 8), (far, 0, 8), (0, far, 8)]

    @property
    def alignments(self) -> list[Square]:
        """The alignment patterns; a code of version 1 has none."""
        version = (self.modules - 17) // 4
        places = consts.ALIGNMENT_POS[version - 2] if version > 1 else ()
        last = self.modules - 7
        corners = {(6, 6), (6, last), (last, 6)}  # where the finder patterns are
        return [(x - 2, y - 2, 5) for x in places for y in places if (x, y) not in corners]

    def touches(self, square: Square, x: float, y: float, radius: float) -> bool:
        """Whether a disc reaches into a square of modules."""
        left, top, side = square[0] * self.module + self.left, square[1] * self.module + self.top, square[2]
        across = x - min(max(x, left), left + side * self.module)
        down = y - min(max(y, top), top + side * self.module)
        return across**2 + down**2 < radius**2


def damaged(picture: Picture, seed: int) -> Iterator[tuple[str, Picture]]:
    """The picture plain and damaged but clean, each with its kind of damage."""
    yield "plain", picture
    yield "blurred", blurred(picture)
    for angle in ANGLES:
        yield "rotated", rotated(picture, angle)
    yield "rotated and blurred", blurred(rotated(picture, ANGLES[seed % len(ANGLES)]))


def soiled(picture: Picture, code: Code, seed: int) -> Iterator[tuple[str, Picture]]:
    """The picture ten per cent dirty, each with its kind of dirt."""
    yield "film of 30 %", dirty(picture, code, seed, opacity=0.3)
    yield "film of 40 %", dirty(picture, code, seed, opacity=0.4)
    yield "opaque", dirty(picture, code, seed, spared=[*code.finders, *code.alignments])
    yield "opaque, on alignment too", dirty(picture, code, seed, spared=code.finders)
    yield "opaque, on finders too", dirty(picture, code, seed)


def blurred(picture: Picture) -> Picture:
    """As by ink that spreads and a camera slightly out of focus."""
    return picture.filter(ImageFilter.GaussianBlur(BLUR_MM / MM_PER_INCH * DPI))


def rotated(picture: Picture, angle: float) -> Picture:
    return picture.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC, fillcolor=PAPER)


def dirty(picture: Picture, code: Code, seed: int, opacity: float = 1, spared: Sequence[Square] = ()) -> Picture:
    """The picture with blots over a tenth of the code, none of which reaches into a spared square."""
    dice = random.Random(seed)
    films = {shade: Image.new("L", picture.size) for shade in (BLACK, PAPER)}
    covered, share = Image.new("L", picture.size), 0.0
    while share < SHARE[0]:
        radius = dice.uniform(*BLOT_MM) / 2 / MM_PER_INCH * DPI
        x = code.left + dice.uniform(0, code.side)
        y = code.top + dice.uniform(0, code.side)
        shade = dice.choice((BLACK, PAPER))
        if any(code.touches(square, x, y, radius) for square in spared):
            continue
        more = _blotted(covered, x, y, radius, 1)
        grown = more.crop(code.box).histogram()[1] / code.side**2
        if grown > SHARE[1]:
            continue
        covered, share = more, grown
        for other, film in films.items():
            films[other] = _blotted(film, x, y, radius, round(255 * opacity) if other == shade else 0)
    result = picture.copy()
    for shade, film in films.items():
        result.paste(shade, mask=film)
    return result


def _blotted(film: Picture, x: float, y: float, radius: float, fill: int) -> Picture:
    film = film.copy()
    ImageDraw.Draw(film).ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)
    return film
