"""Environment: the templates, bound to one register and one day. The only user of jinja2."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from pathlib import Path
from traceback import extract_tb
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from starcert.days import CHINA
from starcert.pages.assets import Assets, read_assets
from starcert.pages.mould import Moulds, Render, Slot
from starcert.problems import Mistake
from starcert.register import Register

Html = Markup
Links = Mapping[str, Sequence[tuple[str, str]]]


class TemplateBroken(Mistake):
    """A template cannot be rendered; the message is one sentence that names it, and its line where that is known."""


NONE: Mapping[str, object] = {}
ITEMS = 20_000
"""Of each kind of item, such as audits, how many are kept, since the same ones come again."""
SPECIAL = re.compile("[&<>'\"]")


class _Stocked(jinja2.BytecodeCache):
    """The code of templates, in a stock that knows no other version of this program or of its templates."""

    def __init__(self, stock: MutableMapping[str, bytes]) -> None:
        self._stock = stock

    def load_bytecode(self, bucket: Bucket) -> None:
        if known := self._stock.get(bucket.key):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._stock[bucket.key] = bucket.bytecode_to_string()


@dataclass(frozen=True, slots=True, eq=False)
class Contexts:
    """What a macro sees besides the row that it is given, in several contexts; it equals itself alone, to be a key."""

    seen: Sequence[Mapping[str, object]]


ALONE = Contexts([NONE])


class _Compiler(CodeGenerator):
    """Makes the code of templates as jinja2 does, but for the pieces of text that a page is put together from.

    Of a certificate's page there were 250, each handed through three generators and every second one made Markup: that
    was a third of the time it took to render.
    """

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 - by this name it is called
        """All that a template writes between two statements is handed on at once."""
        if frame.buffer is not None or frame.require_output_check:
            super().visit_Output(node, frame)
            return
        self.buffer(frame)
        super().visit_Output(node, frame)
        self.writeline(f"yield concat({frame.buffer})")
        frame.buffer = None

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("environment.written(")


class _Jinja(jinja2.Environment):
    code_generator_class = _Compiler

    @staticmethod
    def written(value: object) -> str:
        """The value as a page holds it: escaped, unless it is Markup. Most have nothing to escape and stay plain."""
        if type(value) is Markup or (type(value) is str and not SPECIAL.search(value)):
            return value
        return value.mark if type(value) is Slot else escape(value)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """All globals in one plain dict; of jinja2's own ChainMap, every include would make one, slowly."""
        return {**self.globals, **(d or {})}


@dataclass(frozen=True, slots=True)
class Environment:
    """Renders the templates of a folder, for one register, as of one day.

    `links` stand at the foot of every page: under each language, addresses and titles. `demonstration` says on every
    page that the records are made up. `stock` takes the code that templates are compiled to, and gives what it has.
    """

    templates: Path
    register: Register
    day: date
    links: Links = field(default_factory=dict)
    demonstration: bool = False
    stock: MutableMapping[str, bytes] = field(default_factory=dict)
    assets: Assets = field(init=False)
    _jinja: jinja2.Environment = field(init=False, repr=False)
    _moulds: dict[Any, Callable[[Collection[object]], list[bytes]]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "assets", read_assets(self.templates / "assets"))
        object.__setattr__(self, "_jinja", self._bound())

    def compile(self) -> None:
        """Compile all templates, which else each worker would do for itself; a broken one is passed over."""
        for template in self._jinja.list_templates(extensions=("html", "xml")):
            with suppress(jinja2.TemplateError, UnicodeDecodeError):
                self._jinja.get_template(template)

    def render(self, template: str, /, **values: Any) -> bytes:
        """The page that this template makes of these values, in UTF-8. A value that is missing is a bug, and raises."""
        with self._blamed(template):
            return self._jinja.get_template(template).render(values).encode()

    def cast(self, template: str, same: Mapping[str, object] = NONE, /, **values: Any) -> bytes:
        """As `render`, but quickly where the template has moulds; `values` must come in the same order each time.

        Of the `same` values, each of which is the same object again and again, a template may do more with a text.
        """
        key = (template, *map(id, same.values()))
        if key not in self._moulds:
            names = tuple(values)
            self._moulds[key] = self._cast_by(
                lambda row: self.render(template, **same, **dict(zip(names, row, strict=True)))
            )
        [page] = self._moulds[key](values.values())
        return page

    def each(self, template: str, name: str, rows: Iterable[Collection[object]]) -> Html:
        """What the macro of this name makes of each of the rows, joined."""
        key = (template, name)
        if key not in self._moulds:
            kept: Any = lru_cache(ITEMS)(self._cast_by(self._macro(template, name, NONE)))
            self._moulds[key] = kept
        return Html(b"".join(made for row in rows for made in self._moulds[key](row)).decode())

    def part(self, template: str, name: str, row: Collection[object]) -> Html:
        """What the macro of this name makes of a row; as `each`, but of what is hardly ever the same again."""
        [made] = self.in_each(template, name, row, ALONE)
        return Html(made.decode())

    def in_each(self, template: str, name: str, row: Collection[object], contexts: Contexts) -> list[bytes]:
        """What the macro makes of a row in each of the contexts, in UTF-8."""
        key = (template, name, contexts)
        if key not in self._moulds:
            self._moulds[key] = self._cast_by(*(self._macro(template, name, seen) for seen in contexts.seen))
        return self._moulds[key](row)

    def _macro(self, template: str, name: str, values: Mapping[str, object]) -> Render:
        with self._blamed(template):
            found = getattr(self._jinja.get_template(template).make_module(dict(values)), name)

        def render(row: Collection[object]) -> bytes:
            try:
                return found(*row).encode()  # type: ignore[no-any-return]
            except jinja2.TemplateError as error:
                raise self._broken(template, error) from error

        return render

    def _cast_by(self, *renders: Render) -> Callable[[Collection[object]], list[bytes]]:
        return Moulds(renders, escape, Markup).cast

    @contextmanager
    def _blamed(self, template: str) -> Iterator[None]:
        try:
            yield
        except jinja2.TemplateError as error:
            raise self._broken(template, error) from error
        except UnicodeDecodeError as error:
            page = self.templates / template
            raise TemplateBroken(f"{page}, or a template that it uses, is not saved as UTF-8.") from error

    def _broken(self, template: str, error: jinja2.TemplateError) -> TemplateBroken:
        return TemplateBroken(f"{_place(error, self.templates / template)}: {error.message}.")

    @property
    def stale(self) -> datetime:
        """The instant from which what is said of the day is too old to speak for the reader's today."""
        return datetime.combine(self.day, time(), CHINA) + timedelta(hours=self.register.fresh_hours)

    def _bound(self) -> jinja2.Environment:
        jinja = _Jinja(
            loader=jinja2.FileSystemLoader(self.templates),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_Stocked(self.stock),
            cache_size=-1,
        )
        jinja.globals |= self._known_to_all() | {
            "once": cache(lambda template, **values: Html(jinja.get_template(template).render(values)))
        }
        return jinja

    def _known_to_all(self) -> dict[str, Any]:
        """What every template sees. `root` is the path that internal links begin with, `assets` maps names to links.

        The day is not among it: a page that named it would have to be made anew each day.
        There is also `once(template, **values)`, which renders a partial a single time for each set of values.
        """
        root = self.register.root
        return {
            "register": self.register,
            "host": self.register.host,
            "root": root,
            "assets": {name: root + asset.path for name, asset in self.assets.items()},
            "links": {"zh": (), "en": (), **self.links},
            "demonstration": self.demonstration,
        }


def _place(error: jinja2.TemplateError, page: Path) -> str:
    """The template and line that an error comes from: the innermost that it passed through, else the page itself."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"{error.filename or page}:{error.lineno}"
    inside = [frame for frame in extract_tb(error.__traceback__) if frame.filename.startswith(str(page.parent))]
    return f"{inside[-1].filename}:{inside[-1].lineno}" if inside else str(page)
