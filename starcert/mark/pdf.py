"""A drawing as PDF, in CMYK. The only user of reportlab."""

from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import FILL_NON_ZERO, Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from starcert.mark.drawing import Contour, Drawing
from starcert.mark.palette import INK_AND_GOLD, Palette


def to_pdf(drawing: Drawing, width_mm: float, palette: Palette = INK_AND_GOLD) -> bytes:
    """One page that is the drawing, `width_mm` wide, with no date or random identifier in it."""
    file = BytesIO()
    canvas = Canvas(file, (width_mm * mm, drawing.height_mm(width_mm) * mm), invariant=True)
    _forget_fonts(canvas)
    canvas.setTitle(drawing.title)
    canvas.setAuthor("")
    canvas.setSubject(drawing.number)
    canvas.scale(width_mm * mm / drawing.width, -width_mm * mm / drawing.width)
    canvas.translate(0, -drawing.height)
    for fill in drawing.fills:
        canvas.setFillColorCMYK(*palette[fill.ink].cmyk)
        path = canvas.beginPath()
        for contour in fill.outline:
            _draw(contour, path)
        canvas.drawPath(path, stroke=0, fill=1, fillMode=FILL_NON_ZERO)
    canvas.save()
    return file.getvalue()


def _forget_fonts(canvas: Canvas) -> None:
    """reportlab puts Helvetica, not embedded, on every page: a print shop's checks would refuse that."""
    canvas._preamble = ""
    canvas._doc.idToObject["BasicFonts"].dict.clear()


def _draw(contour: Contour, path: PDFPathObject) -> None:
    start, steps = contour
    path.moveTo(*start)
    for step in steps:
        if len(step) == 1:
            path.lineTo(*step[0])
        else:
            path.curveTo(*(coordinate for point in step for coordinate in point))
    path.close()
