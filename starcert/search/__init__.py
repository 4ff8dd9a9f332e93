"""Search: what is indexed and how: certificates in, the files of a search index out.

A register of up to MOST certificates is indexed by Pagefind (`Index`), a larger one as `sharded` says. The page that
asks (templates/assets/query.js) is told by table.json which it is, folds and splits a query by the same rules by which
an entry is indexed, and gives the same answers.

Pagefind cannot segment Chinese, so an entry is indexed as a line of words of our own making:

- a character from the CJK blocks on is a word by itself, simplified; a Chinese query is a quoted phrase;
- any other word is lower case without diacritics and begins with WORD, so that a query never meets the words
  that Pagefind makes of the texts shown on a card;
- each name and number is also one word that begins with WHOLE, without spaces and punctuation: it finds a
  number whatever its hyphens, tells an exact match from a partial one, and ends a phrase where a name ends.
"""

from starcert.search.entry import Entry

__all__ = ["FOLDER", "LAST", "MOST", "Entry", "SearchError"]

MOST = 500
"""The most certificates that Pagefind indexes."""
FOLDER = "pagefind/"
"""Where the index lies on the site."""
LAST = f"{FOLDER}table.json"
"""The file that tells of all others."""


class SearchError(Exception):
    """The index cannot be built; the message is one sentence for the operator."""
