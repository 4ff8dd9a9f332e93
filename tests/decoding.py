"""The two independent decoders, and how many pictures of printed QR codes each of them reads."""

import io
from collections import Counter
from collections.abc import Callable, Iterable

import zxingcpp
from codewords import repairable
from damage import Code, Picture, damaged, soiled
from PIL import Image
from pyzbar import pyzbar


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


class Tally:
    """How many pictures of each kind of damage there were, and how many each decoder read."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.read: Counter[tuple[str, str]] = Counter()
        self.beyond: Counter[str] = Counter()  # pictures too dirty for level H, which `tried` leaves out

    def damage(self, picture: Picture, seed: int, text: str) -> None:
        """Counts the clean picture, blurred and turned."""
        self._try(damaged(picture, seed), text)

    def soil(self, picture: Picture, code: Code, seed: int, text: str) -> None:
        """Counts the picture with each kind of dirt."""
        for kind, seen in soiled(picture, code, seed):
            if repairable(seen, code, text):
                self._try([(kind, seen)], text)
            else:
                self.beyond[kind] += 1

    def _try(self, pictures: Iterable[tuple[str, Picture]], text: str) -> None:
        for kind, seen in pictures:
            self.tried[kind] += 1
            for name, decode in DECODERS.items():
                self.read[kind, name] += decode(seen) == {text}

    def missed(self, *names: str) -> dict[str, int]:
        """The pictures that decoders, all or those named, did not read, for each kind of damage with any."""
        missed = {kind: sum(n - self.read[kind, name] for name in names or DECODERS) for kind, n in self.tried.items()}
        return {kind: n for kind, n in missed.items() if n}

    def __str__(self) -> str:
        return "\n".join(
            f"{kind:25} {', '.join(f'{name} {self.read[kind, name]}' for name in DECODERS)} of {n}"
            f"; beyond repair {self.beyond[kind]}"
            for kind, n in self.tried.items()
        )
