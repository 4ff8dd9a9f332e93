"""Shape: what the files of a pushed tree may be, how large, and how they may be named.

A rule takes what a commit changes and yields what is wrong with it and what to do instead.
"""

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping

from starcert import textfile
from starcert.git import Change
from starcert.problems import Problem, shown
from starcert.push.tree import is_record
from starcert.recordfile import shown_path

REGULAR, PROGRAM, MODULE = 0o100644, 0o100755, 0o160000
REGISTRY, CERTIFICATES = b"registry/", b"registry/certificates/"
MOST_BYTES = 10_000_000
MOST_CERTIFICATES, MOST_CHANGES = 5_000, 20_000
LONGEST_NAME, LONGEST_PATH = 200, 1_000
TAKEN = re.compile(r"(?i)(?:\.git|git~\d|con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")
ODD = set('\\:*?"<>|')

Says = Iterator[str]


def judge(changes: Iterable[Change], sizes: Mapping[str, int]) -> list[Problem]:
    """What is wrong with each file that a commit adds or changes, by place; `sizes` are those of blobs."""
    found = []
    for change in changes:
        if change.mode:
            size = sizes.get(change.id or "", 0)
            found += [problem(file_is_regular, change.path, said) for said in file_is_regular(change)]
            found += [problem(file_is_small, change.path, said) for said in file_is_small(change.path, size)]
            found += [problem(nothing_is_hidden, change.path, said) for said in nothing_is_hidden(change.path)]
            for rule in NAME_RULES if not change.was_mode else ():
                found += [problem(rule, change.path, said) for said in rule(change.path)]
    return sorted(found)


def file_is_regular(change: Change) -> Says:
    """A file must be a regular one, no link and no repository within the repository; in registry/ it is no program."""
    if stat.S_ISLNK(change.mode):
        yield "is a symbolic link: put the file itself here"
    elif change.mode == MODULE:
        yield "is a repository of its own (a submodule): put its files here, or take it out"
    elif change.mode == PROGRAM and change.path.startswith(REGISTRY):
        yield "is marked as a program, which no record is: take the mark away with git update-index --chmod=-x"
    elif change.mode not in (REGULAR, PROGRAM):
        yield f"has the mode {change.mode:o}, which git gives to no file: add the file anew"


def file_is_small(path: bytes, size: int) -> Says:
    """A file must hold at most 10 MB, and one among certificates at most 64 KiB."""
    most = textfile.MOST_BYTES if path.startswith(CERTIFICATES) else MOST_BYTES
    if size > most and not is_record(path):  # of a record, reading it says so
        yield f"the file has {size:,} bytes, {most:,} are allowed: make it smaller, or keep it elsewhere"


def nothing_is_hidden(path: bytes) -> Says:
    """Among certificates no file and no folder must be hidden by a name that begins with a dot."""
    # Nobody sees them, but git obeys some: unknown words in .gitattributes make it complain of each tree that has them.
    # One that is there already may be removed, not changed. Elsewhere the operator has a use for them.
    hidden = [name for name in path.split(b"/") if name.startswith(b".")]
    if hidden and path.startswith(CERTIFICATES):
        name, there = shown(hidden[0].decode("utf-8", "replace")), shown_path(os.fsdecode(path))
        yield f"{name} is hidden, since it begins with a dot: take it out, with git rm --cached {there}"


def name_is_text(path: bytes) -> Says:
    """A file's name must be readable UTF-8, without control and other invisible characters."""
    try:
        readable = path.decode("utf-8").isprintable()
    except UnicodeDecodeError:
        yield "the name is not UTF-8: give the file another one"
    else:
        if not readable:
            yield "the name holds a character that does not show: give the file another one"


def name_fits_every_system(path: bytes) -> Says:
    """A file's name must be one that Windows and macOS can hold too, and not too long."""
    for name in path.decode("utf-8", "replace").split("/"):
        odd = "".join(sorted(ODD.intersection(name)))
        if odd:
            yield f"{shown(name)} holds {odd}, which Windows allows in no name: give it another one"
        elif TAKEN.fullmatch(name) or name in (".", "..", ""):
            yield f"{shown(name)} is a name that a system keeps for itself: give it another one"
        elif name.endswith((".", " ")):
            yield f"{shown(name)} ends with a dot or a space, which Windows drops: give it another name"
    longest = max(map(len, path.split(b"/")))
    if longest > LONGEST_NAME or len(path) > LONGEST_PATH:
        allowed = f"{LONGEST_NAME} are allowed, and {LONGEST_PATH:,} of the whole path"
        yield f"the name has {longest} bytes, {allowed}: give it a shorter one"


NAME_RULES: tuple[Callable[[bytes], Says], ...] = (name_is_text, name_fits_every_system)


def push_is_of_a_days_work(changes: Iterable[Change]) -> Says:
    """A push must change at most 5,000 certificates."""
    count = sum(change.path.startswith(CERTIFICATES) for change in changes)
    if count > MOST_CERTIFICATES:
        yield f"the push changes {count:,} files of certificates, {MOST_CERTIFICATES:,} are allowed: push in parts"


def names_differ(one: bytes, other: bytes) -> Says:
    """Two names in a folder must differ by more than capitals or the way in which their characters are encoded."""
    there = shown_path(os.fsdecode(other))
    yield f"{there} is there already, which many systems take for the same name: choose another"


def number_is_never_reused() -> Says:
    """A number that a certificate once had must never be taken by another, also when its record was removed."""
    yield "a record of this number was there before and was removed: issue the certificate under a number of its own"


class Names:
    """The names in the folders of a tree as commits change it; `listing` gives those of a folder before the first."""

    def __init__(self, listing: Callable[[bytes], Iterable[bytes]]) -> None:
        self._listing = listing
        self._known: dict[bytes, dict[str, set[bytes]]] = {}

    def judge(self, changes: Iterable[Change]) -> list[Problem]:
        """What is wrong with the names that a commit adds, beside those that are there; it is part of the tree then."""
        listed = list(changes)
        for change in listed:
            if not change.mode:
                self._remove(change.path)
        found = [place for change in listed if change.mode and not change.was_mode for place in self._add(change.path)]
        return sorted(problem(names_differ, one, said) for one, other in found for said in names_differ(one, other))

    def _add(self, path: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Put the names of a path in their folders; where one looks like another there, both paths."""
        folder, new = b"", False
        for name in path.split(b"/"):
            names = self._names(folder, new)
            alike = names.setdefault(folded(name), set())
            new = name not in alike
            if new and alike:
                yield _joined(folder, name), _joined(folder, min(alike))
            alike.add(name)
            folder = _joined(folder, name)

    def _remove(self, path: bytes) -> None:
        """Take the name of a path out of its folder, and the folder's out of the one above if it was the last."""
        while path:
            folder, _, name = path.rpartition(b"/")
            names = self._names(folder, False)
            alike = names.get(folded(name), set())
            alike.discard(name)
            if not alike:
                names.pop(folded(name), None)
            if names:
                return
            path = folder

    def _names(self, folder: bytes, new: bool) -> dict[str, set[bytes]]:
        if folder not in self._known or (new and not self._known[folder]):
            self._known[folder] = {}
            for name in () if new else self._listing(folder):
                self._known[folder].setdefault(folded(name), set()).add(name)
        return self._known[folder]


def folded(name: bytes) -> str:
    """The name as a system sees it that knows no capitals and one form of each character."""
    if name.isascii():
        return name.decode("ascii").lower()
    text = unicodedata.normalize("NFD", name.decode("utf-8", "surrogateescape"))
    return unicodedata.normalize("NFD", text.casefold())


def problem(rule: Callable[..., Says], path: bytes, message: str) -> Problem:
    """A rule's finding about a whole file."""
    return Problem(shown_path(os.fsdecode(path)), 1, 1, rule.__name__, message)


def _joined(folder: bytes, name: bytes) -> bytes:
    return folder + b"/" + name if folder else name


SENTENCES: dict[str, str] = {
    rule.__name__: rule.__doc__ or ""
    for rule in (
        file_is_regular,
        file_is_small,
        nothing_is_hidden,
        *NAME_RULES,
        push_is_of_a_days_work,
        names_differ,
        number_is_never_reused,
    )
}
