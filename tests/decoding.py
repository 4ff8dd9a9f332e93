"""What happens to a printed QR code before a phone reads it, and the two independent decoders that then read it."""

import io
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter
from pyzbar import pyzbar

DPI = 300
MM_PER_INCH = 25.4
BLUR_MM = 0.15
ANGLES = (8, 33, 90, 171)  # degrees
PAPER = 255

Picture = Image.Image


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

    def finds_by(self, x: float, y: float, radius: float) -> bool:
        """Whether a blot touches one of the three finder patterns, which no error correction repairs."""
        near = 8 * self.module + radius
        left, top = x - self.left < near, y - self.top < near
        right, bottom = self.left + self.side - x < near, self.top + self.side - y < near
        return (left and top) or (right and top) or (left and bottom)


def zxing(picture: Picture) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)}


def zbar(picture: Picture) -> set[str]:
    return {found.data.decode() for found in pyzbar.decode(picture, symbols=[pyzbar.ZBarSymbol.QRCODE])}


DECODERS: dict[str, Callable[[Picture], set[str]]] = {"zxing-cpp": zxing, "zbar": zbar}


def opened(png: bytes, margin: int = 20) -> Picture:
    """The picture in grey, on white paper that is `margin` pixels larger on each side."""
    image = Image.open(io.BytesIO(png)).convert("RGBA")
    paper = Image.new("RGBA", (image.width + 2 * margin, image.height + 2 * margin), "white")
    paper.alpha_composite(image, (margin, margin))
    return paper.convert("L")


def damaged(picture: Picture, code: Code, seed: int) -> Iterator[tuple[str, Picture]]:
    """The picture plain and damaged, each with its kind of damage."""
    yield "plain", picture
    yield "blurred", blurred(picture)
    for angle in ANGLES:
        yield "rotated", rotated(picture, angle)
    yield "rotated and blurred", blurred(rotated(picture, ANGLES[seed % len(ANGLES)]))
    yield "10 % filmed", dirty(picture, code, seed, share=0.10, opacity=0.3)
    yield "5 % overprinted", dirty(picture, code, seed, share=0.05, opacity=1)
    yield "10 % overprinted", dirty(picture, code, seed, share=0.10, opacity=1)


def scores(picture: Picture, code: Code, seed: int, text: str) -> Iterator[tuple[tuple[str, str], bool]]:
    """(kind, decoder), and whether that decoder read `text`."""
    for kind, seen in damaged(picture, code, seed):
        for name, decode in DECODERS.items():
            yield (kind, name), decode(seen) == {text}


class Tally:
    """How many of how many were read, for each kind of damage and decoder."""

    def __init__(self) -> None:
        self.read: Counter[tuple[str, str]] = Counter()
        self.tried: Counter[tuple[str, str]] = Counter()

    def add(self, results: Iterator[tuple[tuple[str, str], bool]]) -> None:
        for key, read in results:
            self.read[key] += read
            self.tried[key] += 1

    def missed(self, kind: str) -> int:
        return sum(self.tried[key] - self.read[key] for key in self.tried if key[0] == kind)

    def __str__(self) -> str:
        return "\n".join(
            f"{kind:20} {name:10} {self.read[kind, name]} of {n}" for (kind, name), n in self.tried.items()
        )


def blurred(picture: Picture) -> Picture:
    """As by ink that spreads and a camera slightly out of focus."""
    return picture.filter(ImageFilter.GaussianBlur(BLUR_MM / MM_PER_INCH * DPI))


def rotated(picture: Picture, angle: float) -> Picture:
    return picture.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC, fillcolor=PAPER)


def dirty(picture: Picture, code: Code, seed: int, share: float, opacity: float) -> Picture:
    """Dark and light blots, a tenth to a fifth of the code's side wide, over `share` of the code's area.

    A film (opacity under 1) lies anywhere; opaque blots spare the finder patterns.
    """
    dice = random.Random(seed)
    covered = Image.new("L", picture.size)
    films = {0: Image.new("L", picture.size), PAPER: Image.new("L", picture.size)}
    while True:
        radius = code.side * dice.uniform(0.05, 0.10)
        x = dice.uniform(code.left + radius, code.left + code.side - radius)
        y = dice.uniform(code.top + radius, code.top + code.side - radius)
        if opacity == 1 and code.finds_by(x, y, radius):
            continue
        blot = (x - radius, y - radius, x + radius, y + radius)
        ImageDraw.Draw(covered).ellipse(blot, fill=1)
        if covered.crop(code.box).histogram()[1] > share * code.side**2:
            break
        shade = dice.choice(list(films))
        for other, film in films.items():
            ImageDraw.Draw(film).ellipse(blot, fill=round(255 * opacity) if other == shade else 0)
    soiled = picture.copy()
    for shade, film in films.items():
        soiled.paste(shade, mask=film)
    return soiled
