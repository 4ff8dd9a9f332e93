"""How the modules of a QR code lie in one integer: codes combine by XOR and turn into paths by table."""

import re
from collections.abc import Iterable, Sequence
from struct import Struct

LANE = 10  # modules
ROW_END = 1 << LANE


class Layout:
    """A symbol of `size` by `size` modules as an integer.

    It is cut into lanes of 16 bits, the first lane lowest. A lane holds ten modules of a row, the leftmost
    lowest; the last lane of each row holds the rest, and the flag ROW_END.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.lanes_in_row = -(-size // LANE)
        self.row_ends = sum(ROW_END << 16 * (last + self.lanes_in_row - 1) for last in self._row_starts())
        self.packing = Struct(f"<{size * self.lanes_in_row}H")
        self.strokes = Strokes(size)

    def _row_starts(self) -> range:
        return range(0, self.size * self.lanes_in_row, self.lanes_in_row)

    def module(self, x: int, y: int) -> int:
        """The integer in which only the module in column x of row y is dark, row ends not included."""
        return 1 << 16 * (y * self.lanes_in_row + x // LANE) + x % LANE

    def pack(self, rows: Iterable[Sequence[int]]) -> int:
        dark = (self.module(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module)
        return sum(dark, start=self.row_ends)

    def rows(self, dark: int) -> tuple[bytes, ...]:
        modules = b"".join(bytes(lane >> x & 1 for x in range(LANE)) for lane in self._lanes(dark))
        return tuple(modules[start * LANE :][: self.size] for start in self._row_starts())

    def path(self, dark: int) -> str:
        """Relative horizontal strokes, starting at the middle of the left edge of the first module."""
        return "".join(map(self.strokes.__getitem__, self._lanes(dark)))

    def _lanes(self, dark: int) -> Iterable[int]:
        return self.packing.unpack(dark.to_bytes(self.packing.size, "little"))


class Strokes(dict[int, str]):
    """From a lane to its part of the path: dark runs drawn, light runs skipped, then on to the next row.

    Filled as lanes turn up, at most 2,048 of them.
    """

    def __init__(self, size: int) -> None:
        self.size = size

    def __missing__(self, lane: int) -> str:
        width = (self.size - 1) % LANE + 1 if lane & ROW_END else LANE
        modules = f"{lane % ROW_END:0{width}b}"[::-1]
        drawn = modules.rstrip("0") if lane & ROW_END else modules
        moves = [f"m{len(run)} 0" if run[0] == "0" else f"h{len(run)}" for run in re.findall("0+|1+", drawn)]
        to_next_row = f"m{width - len(drawn) - self.size} 1" if lane & ROW_END else ""
        self[lane] = stroke = "".join(moves) + to_next_row
        return stroke
