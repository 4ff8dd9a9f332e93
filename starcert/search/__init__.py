"""Search: what is indexed and how: certificates in, the files of a search index out.

Pagefind cannot segment Chinese, so an entry is indexed as a line of words of our own making, and the page
that asks (templates/assets/query.js) folds and splits a query by the same rules:

- a character from the CJK blocks on is a word by itself, simplified; a Chinese query is a quoted phrase;
- any other word is lower case without diacritics and begins with WORD, so that a query never meets the words
  that Pagefind makes of the texts shown on a card;
- each name and number is also one word that begins with WHOLE, without spaces and punctuation: it finds a
  number whatever its hyphens, tells an exact match from a partial one, and ends a phrase where a name ends.
"""

from starcert.search.entry import Entry
from starcert.search.index import Index, SearchError

__all__ = ["Entry", "Index", "SearchError"]
