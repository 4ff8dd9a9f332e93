"""Environment: the templates, bound to one register and one day. The only user of jinja2."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from traceback import extract_tb
from typing import Any

import jinja2
from markupsafe import Markup

from starcert.days import CHINA
from starcert.pages.assets import Assets, read_assets
from starcert.register import Register

Links = Mapping[str, Sequence[tuple[str, str]]]


class TemplateBroken(Exception):
    """A template cannot be rendered; the message is one sentence that names it, and its line where that is known."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Renders the templates of a folder, for one register, as of one day.

    `links` stand at the foot of every page: under each language, addresses and titles. `demonstration` says on every
    page that the records are made up.
    """

    templates: Path
    register: Register
    day: date
    links: Links = field(default_factory=dict)
    demonstration: bool = False
    assets: Assets = field(init=False)
    _jinja: jinja2.Environment = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "assets", read_assets(self.templates / "assets"))
        object.__setattr__(self, "_jinja", self._bound())

    def render(self, template: str, /, **values: Any) -> bytes:
        """The page that this template makes of these values, in UTF-8. A value that is missing is a bug, and raises."""
        page = self.templates / template
        try:
            return self._jinja.get_template(template).render(values).encode()
        except jinja2.TemplateError as error:
            raise TemplateBroken(f"{_place(error, page)}: {error.message}.") from error
        except UnicodeDecodeError as error:
            raise TemplateBroken(f"{page}, or a template that it uses, is not saved as UTF-8.") from error

    @property
    def stale(self) -> datetime:
        """The instant from which what is said of the day is too old to speak for the reader's today."""
        return datetime.combine(self.day, time(), CHINA) + timedelta(hours=self.register.fresh_hours)

    def _bound(self) -> jinja2.Environment:
        jinja = jinja2.Environment(
            loader=jinja2.FileSystemLoader(self.templates),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        jinja.globals |= self._known_to_all() | {
            "once": cache(lambda template, **values: Markup(jinja.get_template(template).render(values)))
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
