"""Files: how the records' files were listed in the last build, and so which of them are due in the next."""

import os
from collections.abc import Collection, Container
from datetime import date

from starcert.inventory import NO_FILES, Inventory, inventory, part_of, unpack_files
from starcert.memory.base import Base
from starcert.memory.records import Records
from starcert.outcome import Due
from starcert.packing import pack
from starcert.recordfile import RecordFile

MOMENT = 2_000_000_000  # nanoseconds: no disk counts time more coarsely
UNSEEN = -1
LAYOUT = """
    CREATE TABLE listing (part PRIMARY KEY, files) WITHOUT ROWID;
"""


class Files:
    """What the memory knows of files, by the parts of their inventory."""

    def __init__(self, base: Base, records: Records) -> None:
        self._base, self._records = base, records

    def due(self, files: Collection[RecordFile], day: date, began: int) -> tuple[list[Due], list[str]]:
        """The records to work on for the day, in the order of paths, and the paths of those that are gone.

        A file that was changed shortly before the build `began` (nanoseconds, by the clock of the disk) could change
        again without showing it, so it is due until it has been left alone for a while.
        """
        listed, recent, other = inventory(files), began - MOMENT, self._records.other(day)
        differing, changed, gone = self._changed(listed)
        moved = {file for file in differing if file.changed >= recent or file.shown in changed}
        moved.update(file for file in listed.among({*map(_part, other)}) if file.shown in other)
        known = self._records.digests([file.shown for file in moved])
        due = [Due(file, None if file.shown in other else known.get(file.shown)) for file in sorted(moved)]
        return due, [outcome.path for outcome in self._records.at(gone)]

    def _changed(self, listed: Inventory) -> tuple[list[RecordFile], set[str], set[str]]:
        """All files in parts that differ from what is known, the paths of those that do, and of those that are gone.

        Only these parts are unpacked. A file that was changed shortly before the last build is never known as it is.
        """
        before = self._listing()
        parts = [part for part in before.keys() | listed.parts.keys() if before.get(part) != listed.parts.get(part)]
        seen = {file for part in parts for file in unpack_files(before.get(part, NO_FILES))}
        now = list(listed.among(parts))
        paths = {file.shown for file in now}
        return now, {file.shown for file in now if file not in seen}, {file.shown for file in seen} - paths

    def _listing(self) -> dict[str, bytes]:
        return dict(self._base.all("SELECT part, files FROM listing"))

    def know(self, files: Collection[RecordFile], began: int, left_out: Collection[str]) -> None:
        """Remember how all files are listed, so that none needs a second look while it is listed as it is now.

        But of those at the paths left out, and what was changed too shortly before the build began, only that it is
        there.
        """
        listed, before = inventory(files), self._listing()
        spoilt = set(map(_part, left_out))
        told = {part: some for part, some in listed.parts.items() if part in spoilt or before.get(part) != some}
        for part in told:
            some = (_told(file, began - MOMENT, left_out) for file in listed.among([part]))
            told[part] = pack(list(some))
        self._base.do_each("DELETE FROM listing WHERE part = ?", ((part,) for part in before.keys() - listed.parts))
        self._base.do_each("INSERT OR REPLACE INTO listing VALUES (?, ?)", told.items() - before.items())


def _told(file: RecordFile, recent: int, left_out: Container[str]) -> RecordFile:
    """The file as it is to be known."""
    return file if file.changed < recent and file.shown not in left_out else file._replace(changed=UNSEEN)


def _part(shown: str) -> str:
    return part_of(os.path.basename(shown))
