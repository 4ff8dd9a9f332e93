"""Memory: what a build knew of the site it made, kept beside it, so that the next one does only what has changed.

It is a cache: without it everything is made anew, and `output` vouches that it tells of the site as it stands.

    base      the file, its tables and its facts; the only user of sqlite3
    records   what came of each record, and what is wrong between them
    lines     each certificate on each list
    pages     every file of the site but the certificates' pages, and what it was made of
    index     what the search index of a large register was made of
"""

from starcert.memory.base import Damaged
from starcert.memory.memory import Memory

__all__ = ["Damaged", "Memory"]
