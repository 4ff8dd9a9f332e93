"""Moulds: what pages of one shape have in common, so that each of them is cast at the speed of copying bytes.

Most templates do nothing with a text but write it, and ask whether it is there. What such a template makes of values
of one shape, which is what they are besides their texts, differs in these texts alone. So it is rendered once for each
shape, with slots in place of the texts; what stands between the slots is the mould.

A template that does more with a text breaks on a slot, which refuses everything else. It is then rendered each time,
and so is what a mould, tried once against the template, does not cast alike.
"""

import re
from collections.abc import Callable, Collection, Hashable, Sequence
from operator import itemgetter
from typing import Any, NoReturn

MOST = 1_000
"""Moulds kept at most; a page of a certificate is one of some hundred shapes."""
Render = Callable[[Collection[object]], bytes]
"""Makes the page, in UTF-8, of values that come in the same order each time."""

MARK = re.compile(rb"\0([0-9]+)\0")


class Slot:
    """Stands for a text that is not empty while a mould is made: a template may write it, and see that it is there."""

    __slots__ = ("mark",)
    __hash__ = None  # type: ignore[assignment]  # else it could be looked up

    def __init__(self, number: int) -> None:
        self.mark = f"\0{number}\0"

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("a text is only written, so this template has no mould")

    __str__ = __repr__ = __format__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse


class Mould:
    """What stands between the texts of a page."""

    def __init__(self, page: bytes) -> None:
        self._pieces = MARK.split(page)
        numbers = [int(number) for number in self._pieces[1::2]]
        self._in_place = itemgetter(0, 0, *numbers)  # of two at least, so that it always gives a tuple

    def cast(self, texts: Sequence[bytes]) -> bytes:
        """The page with these texts, the first of which is not in it."""
        pieces = self._pieces.copy()
        pieces[1::2] = self._in_place(texts)[2:]
        return b"".join(pieces)


class Moulds:
    """The moulds of one template, or of several that are given the same values: `cast` gives what `renders` give.

    Texts that are `markup` are not escaped.
    """

    def __init__(self, renders: Sequence[Render], escape: Callable[[str], str], markup: type[str]) -> None:
        self._renders, self._escape, self._markup = renders, escape, markup
        self._known: dict[Hashable, list[Mould] | None] = {}

    def cast(self, values: Collection[object]) -> list[bytes]:
        """What each template makes of these values."""
        shape, plain, marked = self._sorted(values)
        try:
            moulds = self._known[shape]
        except TypeError:  # a list: no shape
            moulds = None
        except KeyError:
            moulds = self._made(shape, values)
        texts = self._escape("\0".join(plain)).encode().split(b"\0") if moulds else []
        if moulds is None or len(texts) != len(plain):  # a text holds what parts them
            return self._rendered(values)
        texts += [text.encode() for text in marked]
        return [mould.cast(texts) for mould in moulds]

    def _rendered(self, values: Collection[object]) -> list[bytes]:
        return [render(values) for render in self._renders]

    def _sorted(self, values: Collection[object]) -> tuple[tuple[object, ...], list[str], list[str]]:
        """The shape, the texts to be escaped after an empty one, and those that are markup."""
        markup: Any = self._markup
        shape: list[object] = []
        plain: list[Any] = [""]
        marked: list[Any] = []
        for value in values:
            kind = type(value)
            if kind is str and value:
                plain.append(value)
                shape.append(str)
            elif kind is markup and value:
                marked.append(value)
                shape.append(markup)
            else:
                shape.append((kind, value))
        return tuple(shape), plain, marked

    def _made(self, shape: tuple[object, ...], values: Collection[object]) -> list[Mould] | None:
        """The moulds of a shape, if it has them, and if they cast these values as the templates do."""
        if len(self._known) >= MOST:
            return None
        self._known[shape] = None
        plain, marked = iter(range(1, len(values) + 1)), iter(range(1 + shape.count(str), len(values) + 1))
        slots = [
            Slot(next(plain)) if one is str else Slot(next(marked)) if one is self._markup else value
            for one, value in zip(shape, values, strict=True)
        ]
        try:
            made = [Mould(page) for page in self._rendered(slots)]
        except Exception:  # whatever a slot breaks; what is wrong with the template itself shows later
            return None
        self._known[shape] = made
        if self.cast(values) != self._rendered(values):
            self._known[shape] = None
        return self._known[shape]
