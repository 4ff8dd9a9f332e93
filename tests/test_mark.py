"""The star mark in print: what it says, that it scans, that it needs no font and never varies."""

import io
import re
import subprocess
from collections import Counter
from dataclasses import replace
from math import dist, isclose, pi
from pathlib import Path

import pytest
from damage import DPI, MM_PER_INCH, Code
from decoding import Tally, opened
from PIL import Image

from starcert import mark, qr, seal, star
from starcert.mark import lettering
from starcert.mark.design import CODE, HEAD, KIND, WIDTH
from starcert.mark.drawing import Ink

FIVE = mark.Inscription(
    stars=5,
    level="五星级",
    level_en="Five-star service",
    standard="GB/T 27922-2011",
    number="99925SC00123R1M",
    body="示例认证有限公司",
    host="stars.example",
    address="HTTPS://STARS.EXAMPLE/C/99925SC00123R1M/",
)
QUALIFIED = replace(FIVE, stars=0, level="达标级", level_en="Qualified service")
LONG_NUMBER = "QCC2019-0121-21/ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789-00/350"
LONG = replace(
    FIVE,
    number=LONG_NUMBER,
    body="华夏示例商品售后服务认证中心（北京）有限公司",
    host="register.certification.example.org.cn",
    address=f"HTTPS://STARS.EXAMPLE/C/{LONG_NUMBER.replace('/', '-')}/",
)
INSCRIPTIONS = [FIVE, replace(FIVE, stars=4, level="四星级"), replace(FIVE, stars=3, level="三星级"), QUALIFIED, LONG]


def code_in(drawing: mark.Drawing, width_mm: float) -> Code:
    """Where the code is in the opened picture of the mark at 300 dpi."""
    pixels = width_mm / MM_PER_INCH * DPI / WIDTH
    quiet = qr.QUIET_ZONE * drawing.module
    modules = round(CODE / drawing.module) - 2 * qr.QUIET_ZONE
    left, top = (WIDTH - CODE) / 2 + quiet, HEAD + quiet
    return Code(20 + left * pixels, 20 + top * pixels, drawing.module * pixels, modules)


def rasterised(pdf: bytes, folder: Path) -> bytes:
    """The page of a PDF as a print shop's software sees it, at 300 dpi."""
    (folder / "mark.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-png", "-r", str(DPI), "-singlefile", "mark.pdf", "mark"], cwd=folder, check=True)
    return (folder / "mark.png").read_bytes()


def test_every_mark_scans_at_its_smallest_width(tmp_path: Path) -> None:
    """As PNG and as PDF, in colour and in black, both decoders read it plain, blurred, rotated and dirty.

    What `damage` says of zbar's limits is printed, not demanded.
    """
    tally = Tally()
    for seed, inscription in enumerate(INSCRIPTIONS):
        drawing = mark.drawing(inscription)
        width = mark.smallest_width_mm(drawing)
        for palette in (mark.INK_AND_GOLD, mark.BLACK_ONLY):
            code, pdf = code_in(drawing, width), rasterised(mark.to_pdf(drawing, width, palette), tmp_path)
            for png in (mark.to_png(drawing, width, DPI, palette), pdf):
                tally.damage(opened(png), seed, inscription.address)
                tally.soil(opened(png), code, seed, inscription.address)
    print(tally)
    assert set(tally.missed("zxing-cpp")) <= {"opaque, on finders too"}
    assert set(tally.missed("zbar")) <= {"film of 40 %", "opaque, on alignment too", "opaque, on finders too"}


def test_an_ordinary_mark_may_be_20_mm_wide() -> None:
    """Numbers and hosts of usual length make a mark of 20 mm; a number of 60 characters needs more."""
    assert [mark.smallest_width_mm(mark.drawing(inscription)) for inscription in INSCRIPTIONS] == [20, 20, 20, 20, 23]


@pytest.mark.parametrize(("share", "scans"), [(0.85, False), (1, True), (1.15, True)])
def test_the_smallest_width_is_where_scanning_becomes_reliable(share: float, scans: bool) -> None:
    """Clearly under it, a decoder misses the blurred and turned code; at it and over it, none does."""
    drawing, tally = mark.drawing(LONG), Tally()
    width = share * mark.smallest_width_mm(drawing)
    for seed in range(4):
        tally.damage(opened(mark.to_png(drawing, width, DPI)), seed, LONG.address)
    assert ("rotated and blurred" not in tally.missed()) is scans


@pytest.mark.parametrize("stars", range(6))
def test_the_mark_has_as_many_stars_as_the_level(stars: int) -> None:
    """Stars are the only outlines of ten corners in the stars' ink."""
    gold = [fill for fill in mark.drawing(replace(FIVE, stars=stars)).fills if fill.ink is Ink.STAR]
    ten_corners = [contour for contour in gold[0].outline if [len(step) for step in contour[1]] == [1] * 9]
    assert len(ten_corners) == stars


def test_the_mark_says_everything_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is lettered with service certification, level in both languages, number, standard, body and host."""
    said: list[str] = []
    outline = lettering.outline
    monkeypatch.setattr(lettering, "outline", lambda text, *place: said.append(text) or outline(text, *place))
    mark.drawing(FIVE)
    number = f"编号 {FIVE.number}"
    assert said == [KIND, FIVE.level, FIVE.level_en, FIVE.host, number, FIVE.standard, FIVE.body]


def test_long_words_are_broken_but_never_shortened() -> None:
    """What does not fit a line goes on in the next, preferably after a hyphen, stop or slash."""
    assert lettering.wrapped(LONG.host, 16, 176) == ["register.certification.", "example.org.cn"]
    assert lettering.wrapped(LONG.body, 14, 176) == ["华夏示例商品售后服务认", "证中心（北京）有限公司"]
    assert "".join(lettering.wrapped(LONG_NUMBER, 14, 176)) == LONG_NUMBER
    assert all(lettering.width(line, 14) <= 176 for line in lettering.wrapped(LONG_NUMBER, 14, 176))


@pytest.mark.parametrize("field", ["level", "level_en", "standard", "number", "body", "host"])
def test_a_character_that_the_font_lacks_is_named(field: str) -> None:
    """The message is one sentence with the field, its text, the character and its code."""
    with pytest.raises(mark.MissingGlyph) as missing:
        mark.drawing(replace(FIVE, **{field: "示例ཨ"}))
    assert str(missing.value) == f"{field} '示例ཨ' cannot be lettered: the star mark's font has no 'ཨ' (U+0F68)"


def test_the_font_has_what_names_are_written_in() -> None:
    """GB 2312, rare characters of the general standard table, traditional names, full-width and Latin letters."""
    level_one = "".join(bytes([lead, trail]).decode("gb2312") for lead in range(0xB0, 0xD7) for trail in (0xA1, 0xF9))
    for text in (level_one, "㑇㑊㛃𬉼𫟅", "國際認證檢驗機構", "（）·—“”《》，。", "Ａｚ０９／－", "Zürich Façade №"):
        assert lettering.width(text, 1) > 0


def test_svg_is_outlines_with_a_title_and_the_number() -> None:
    """A print shop needs no font, and can tell marks apart."""
    svg = mark.to_svg(mark.drawing(replace(FIVE, number="A&B-1")), 20).decode()
    assert set(re.findall(r"<(\w+)", svg)) == {"svg", "title", "metadata", "path"}
    assert f"<title>{KIND} 五星级 GB/T 27922-2011 A&amp;B-1</title>" in svg
    assert "<metadata>A&amp;B-1</metadata>" in svg
    assert 'width="20mm"' in svg


def test_pdf_is_one_page_of_the_size_without_font_or_picture(tmp_path: Path) -> None:
    """The PDF is paths in CMYK: nothing that a press would have to convert or replace."""
    drawing = mark.drawing(FIVE)
    pdf = mark.to_pdf(drawing, 20)
    points = [20 / MM_PER_INCH * 72, drawing.height_mm(20) / MM_PER_INCH * 72]
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", pdf)
    assert box
    assert [float(size) for size in box.groups()] == pytest.approx(points, abs=0.01)
    (tmp_path / "mark.pdf").write_bytes(pdf)
    for listing in (["pdffonts"], ["pdfimages", "-list"]):
        listed = subprocess.run([*listing, "mark.pdf"], cwd=tmp_path, check=True, capture_output=True, text=True)
        assert len(listed.stdout.splitlines()) == 2  # the heading and its rule


@pytest.mark.parametrize("dpi", [300, 600])
def test_png_states_its_size_on_paper(dpi: int) -> None:
    """Opened in a layout program, the picture is as wide as it was asked for."""
    picture = Image.open(io.BytesIO(mark.to_png(mark.drawing(FIVE), 20, dpi)))
    assert picture.width == round(20 / MM_PER_INCH * dpi)
    assert picture.info["dpi"] == pytest.approx((dpi, dpi), abs=0.01)


@pytest.mark.parametrize("write", [mark.to_svg, mark.to_pdf, mark.to_png])
def test_the_same_inscription_gives_the_same_bytes(write: "type[mark.to_svg]") -> None:
    """Nothing but the inscription, the width and the palette enters a file."""
    assert write(mark.drawing(FIVE), 20) == write(mark.drawing(replace(FIVE)), 20)


def test_the_black_mark_is_black_and_white() -> None:
    """In one colour the stars stay white on the black head, and no grey is needed."""
    svg = mark.to_svg(mark.drawing(FIVE), 20, mark.BLACK_ONLY).decode()
    assert set(re.findall(r"#\w{6}", svg)) == {"#000000", "#ffffff"}
    picture = opened(mark.to_png(mark.drawing(FIVE), 20, DPI, mark.BLACK_ONLY), margin=0)
    coloured = opened(mark.to_png(mark.drawing(FIVE), 20, DPI), margin=0)
    star_pixel = (picture.width // 2, round(27 / WIDTH * picture.width))
    assert picture.getpixel(star_pixel) == 255
    assert coloured.getpixel(star_pixel) > 150


@pytest.mark.parametrize("inscription", INSCRIPTIONS)
def test_the_quiet_zone_is_quiet(inscription: mark.Inscription) -> None:
    """Around the code, four modules wide, the mark is white."""
    drawing = mark.drawing(inscription)
    picture, code = opened(mark.to_png(drawing, 60, DPI)), code_in(drawing, 60)
    quiet = round(qr.QUIET_ZONE * code.module) - 1
    left, top, right, bottom = code.box
    zone = picture.crop((left - quiet, top - quiet, right + quiet, bottom + quiet))
    zone.paste(255, (quiet - 1, quiet - 1, zone.width - quiet + 1, zone.height - quiet + 1))
    assert zone.getextrema() == (255, 255)


def test_a_star_is_a_pentagram() -> None:
    """Its five long lines run straight through the inner corners, and its points are equally far apart."""
    corners = star.corners(3, 4, 10, turn=0.3)
    points, inner = corners[::2], corners[1::2]
    assert all(isclose(dist((3, 4), point), 10) for point in points)
    for k in range(5):
        start, end = points[k], points[(k + 2) % 5]
        for corner in (inner[k], inner[(k + 1) % 5]):
            assert isclose(dist(start, corner) + dist(corner, end), dist(start, end))
    assert isclose(star.corners(0, 0, 1, pi / 2)[0][0], 1)


@pytest.mark.parametrize("stars", range(6))
def test_the_seal_is_small_and_shows_its_stars(stars: int) -> None:
    """Under 700 bytes, silent to screen readers, without style attributes, one closed outline a star."""
    svg = seal.svg(stars)
    assert len(svg.encode()) < 700
    assert 'aria-hidden="true"' in svg
    assert "style" not in svg
    assert Counter(re.findall(r'd="(.*?)"', svg)[0])["z"] == stars


@pytest.mark.parametrize("side", [180, 192, 512])
def test_icons_are_square_and_opaque(side: int) -> None:
    """A home screen gets a picture without transparency, the same at each build."""
    picture = Image.open(io.BytesIO(seal.icon_png(side))).convert("RGBA")
    assert picture.size == (side, side)
    assert picture.getextrema()[3] == (255, 255)
    assert seal.icon_png(side) == seal.icon_png(side)


def test_the_icon_knows_dark_browsers() -> None:
    """It stands alone, with its own colours for both schemes."""
    assert seal.icon_svg().startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "prefers-color-scheme:dark" in seal.icon_svg()
