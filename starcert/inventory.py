"""Inventory: the record files of a folder as it lists them, in parts that are packed.

Of very many files hardly one has changed since the folder was last listed. So a part is held against what is remembered
of it as it is, and only those that differ are ever unpacked.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter, itemgetter

from starcert.packing import pack, unpacker
from starcert.recordfile import ENDING, RecordFile

PLACE = slice(-5 - len(ENDING), -3 - len(ENDING))
"""The characters of a file's name that say in which part it is. Numbers nearly always have digits there which differ,
whether they end with those or, as most bodies' do, with three characters more, like R1M."""

part_of: Callable[[str], str] = itemgetter(PLACE)
"""Gives the part of the files of a name, as it is shown."""
unpack_files: Callable[[bytes], list[RecordFile]] = unpacker(list[RecordFile])
NO_FILES = pack([])
_place = attrgetter("shown")


@dataclass(frozen=True, slots=True)
class Inventory(Collection[RecordFile]):
    """So many files, by part; within each, they are in the order of paths. All of them come in that order too."""

    parts: Mapping[str, bytes]
    count: int

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[RecordFile]:
        return iter(sorted(self.among(self.parts), key=_place))

    def __contains__(self, file: object) -> bool:
        return any(file == one for one in self)

    def among(self, parts: Iterable[str]) -> Iterator[RecordFile]:
        """The files in these parts, in no order."""
        return (file for part in parts for file in unpack_files(self.parts.get(part, NO_FILES)))


def inventory(files: Iterable[RecordFile]) -> Inventory:
    """The inventory of these files, which they may be already."""
    if isinstance(files, Inventory):
        return files
    parts: dict[str, list[RecordFile]] = {}
    for file in sorted(files, key=_place):
        parts.setdefault(part_of(file.name), []).append(file)
    return Inventory({part: pack(some) for part, some in parts.items()}, sum(map(len, parts.values())))
