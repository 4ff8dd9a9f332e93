"""How many codewords of a QR code dirt has spoilt, counted on the picture without a decoder."""

from collections.abc import Iterator

from damage import Code, Picture
from segno import consts

from starcert import qr
from starcert.qr import stencil

THRESHOLD = 128  # from here on a pixel is light


def wrong(picture: Picture, code: Code, text: str) -> list[int]:
    """The wrong codewords of each block, where the picture shows the code of `text` at level H."""
    version = (code.modules - 17) // 4
    layout = stencil.layout(version)
    differences = layout.pack(_seen(picture, code)) ^ layout.pack(qr.matrix(text, "H"))
    path = stencil.path_of_message(version)
    counts = [0] * (max(blocks(version)) + 1)
    for number, block in enumerate(blocks(version)):
        counts[block] += any(differences & module for module in path[8 * number : 8 * number + 8])
    return counts


def repairable(picture: Picture, code: Code, text: str) -> bool:
    """Whether level H repairs every block: half as many codewords as the block has for correction."""
    block = _groups((code.modules - 17) // 4)[0]
    return max(wrong(picture, code, text)) <= (block.num_total - block.num_data) // 2


def _seen(picture: Picture, code: Code) -> list[list[bool]]:
    """The modules by the pixels at their centres."""
    centres = [(place + 0.5) * code.module for place in range(code.modules)]
    return [[picture.getpixel((int(code.left + x), int(code.top + y))) < THRESHOLD for x in centres] for y in centres]


def _groups(version: int) -> tuple[consts.EC, ...]:
    return consts.ECC[version][consts.ERROR_LEVEL_H]


def blocks(version: int) -> list[int]:
    """The block of each codeword in the order of the message: one of each in turn, data before correction."""
    each = [group for group in _groups(version) for _ in range(group.num_blocks)]
    data = [block.num_data for block in each]
    correction = [block.num_total - block.num_data for block in each]
    return [*_dealt(data), *_dealt(correction)]


def _dealt(counts: list[int]) -> Iterator[int]:
    for turn in range(max(counts)):
        yield from (block for block, count in enumerate(counts) if turn < count)
