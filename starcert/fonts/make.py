"""Makes the font of the star mark: Noto Sans CJK SC Medium, reduced to what names are written in.

On Debian, as any user that can write here:

    apt-get install fonts-noto-cjk-extra unicode-data
    python starcert/fonts/make.py
"""

import bz2
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Medium.ttc")
SIMPLIFIED_CHINESE = 2  # the face within the collection
UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
MADE = Path(__file__).with_name("NotoSansSC-Medium-subset.woff2")


def rows_of(codec: str, first: int, last: int) -> set[str]:
    """The characters of a two-byte codec whose lead byte is from `first` to `last`, both included."""
    pairs = (bytes([lead, trail]) for lead in range(first, last + 1) for trail in range(0x40, 0xFF))
    return set("".join(pair.decode(codec, errors="ignore") for pair in pairs))


def general_standard() -> set[str]:
    """The 8,105 characters of China's Table of General Standard Chinese Characters (Unihan's kTGH)."""
    with bz2.open(UNIHAN, "rt", encoding="utf-8") as lines:
        return {chr(int(line.split("\t")[0][2:], 16)) for line in lines if "\tkTGH\t" in line}


def wanted() -> set[str]:
    """GB 2312, the general standard table, the commoner half of Big5 (traditional names), Western Latin."""
    latin = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2028))}
    return rows_of("gb2312", 0xA1, 0xF7) | general_standard() | rows_of("big5", 0xA4, 0xC6) | latin


def make() -> None:
    font = TTFont(SOURCE, fontNumber=SIMPLIFIED_CHINESE, recalcTimestamp=False)
    names = [0, 1, 2, 4, 5, 6, 13, 14]  # copyright, family, version and licence
    options = Options(hinting=False, layout_features=[], glyph_names=False, name_IDs=names)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=map(ord, wanted()))
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(MADE)


if __name__ == "__main__":
    make()
