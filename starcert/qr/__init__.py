"""Text to QR code, as rows of modules and as an SVG path.

    text -> data (codewords) -> stencil (which modules are dark) -> layout (rows, or strokes of a path)

The mask is fixed. ISO/IEC 18004, 7.8 has an encoder choose the evenest of eight masks, but the choice is
written into the symbol and a reader undoes any of them: with a fixed mask a code decodes as well, and corrects
as many errors.
"""

from starcert.qr import data, stencil
from starcert.qr.layout import Layout
from starcert.qr.stencil import Level

QUIET_ZONE = 4  # light modules on every side; ISO/IEC 18004, 6.3.8


def matrix(text: str, level: Level = "M") -> tuple[bytes, ...]:
    """The rows of the code for `text`, a byte to a module, 1 for dark, without the quiet zone.

    The version is the smallest that takes `text` at `level` or better, at level H from 5 on; the level is then the
    best that fits.
    A `ValueError` says that no version does (from about 1,700 characters on at level H).
    """
    layout, dark = _symbol(text, level)
    return layout.rows(dark)


def svg_path(text: str, level: Level = "M") -> tuple[int, str]:
    """The side of the same code in modules, quiet zone included, and its path, to be *stroked* 1 wide:
    `<svg viewBox="0 0 SIDE SIDE"><path shape-rendering="crispEdges" stroke="#000" d="PATH"/></svg>`."""
    layout, dark = _symbol(text, level)
    return layout.size + 2 * QUIET_ZONE, f"M{QUIET_ZONE} {QUIET_ZONE}.5{layout.path(dark)}"


def _symbol(text: str, least: Level) -> tuple[Layout, int]:
    mode, payload, length = data.segment(text)
    version, level = stencil.fit(mode, length, least)
    codewords = data.codewords(mode, payload, length, version, stencil.capacity(version, level))
    return stencil.layout(version), stencil.modules(version, level, codewords)
