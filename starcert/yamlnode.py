"""What a YAML file consists of: texts, lists and mappings with their places, and how large each may be."""

from starcert.packing import Struct

DEEPEST = 6
LONGEST_SCALAR = 2_000

Places = dict[str, tuple[int, int]]


# The house's frozen dataclasses take ten times as long to make as these, and a record has about 60.
class Scalar(Struct, gc=False):
    """One text, and where it starts."""

    text: str
    line: int
    column: int


class Sequence(Struct):
    """A list, and where it starts."""

    items: list["Node"]
    line: int
    column: int


class Mapping(Struct):
    """Values by key, the line and column of each key, and where the mapping starts."""

    items: dict[str, "Node"]
    keys: Places
    line: int
    column: int


Node = Scalar | Sequence | Mapping
