"""Files: what the site holds besides pages, for crawlers, browsers, feed readers and schedulers. No clock is read."""

import json
from collections.abc import Iterator, Sequence
from datetime import date

from starcert import __version__, headers, seal
from starcert.census import Census
from starcert.pages import lists
from starcert.pages.environment import Environment
from starcert.pages.groups import level_path
from starcert.pages.tree import Tree
from starcert.register import Register
from starcert.rulebook import Rulebook
from starcert.scheme import Scheme
from starcert.stamp import Stamp

IN_FEED = 20
OF_CERTIFICATES = ("", "C/*", "H/*", "browse/*", "en/*", "feed.xml", "pagefind/*", "roll/*", "search/*", "status.json")
"""What tells of certificates, as Netlify and Cloudflare Pages match paths."""
ICONS = {"apple-touch-icon.png": 180, "icon-192.png": 192, "icon-512.png": 512}  # pixels a side


def robots(register: Register) -> tuple[str, bytes]:
    """robots.txt: all may be read; where the sitemap is."""
    return "robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {register.address}/sitemap.xml\n".encode()


def host_headers() -> tuple[str, bytes]:
    """_headers: what Netlify and Cloudflare Pages say with each file.

    They join what several rules give one header, so no header is in two rules that match one path. The policy is that
    of the search pages, therefore; every page tightens it by its own. What is not named is asked for anew each time.
    """
    rules = {
        "*": {"Content-Security-Policy": headers.SEARCH_POLICY, **headers.ALWAYS},
        f"{headers.ASSETS}*": {"Cache-Control": headers.KEEP},
        **{path: {"Cache-Control": headers.ASK} for path in OF_CERTIFICATES},
    }
    told = ((f"/{path}", *(f"  {name}: {value}" for name, value in said.items())) for path, said in rules.items())
    return "_headers", "".join(f"{line}\n" for lines in told for line in lines).encode()


def icons() -> Iterator[tuple[str, bytes]]:
    """The register's icon as pictures, for home screens and for what shows a link's picture."""
    for name, side in ICONS.items():
        yield name, seal.icon_png(side)


def manifest(environment: Environment) -> tuple[str, bytes]:
    """manifest.webmanifest: the name and the icons of the site on a phone's home screen."""
    register = environment.register
    drawn = {"src": register.root + environment.assets["icon.svg"].path, "type": "image/svg+xml", "sizes": "any"}
    said = {
        "name": register.name,
        "short_name": register.name,
        "lang": "zh-CN",
        "id": register.root,
        "start_url": register.root,
        "scope": register.root,
        "display": "browser",
        "icons": [drawn, *(_picture(register.root, name, side) for name, side in ICONS.items())],
    }
    return "manifest.webmanifest", _json(said)


def _picture(root: str, name: str, side: int) -> dict[str, str]:
    return {"src": root + name, "type": "image/png", "sizes": f"{side}x{side}", "purpose": "any maskable"}


def status(census: Census, rulebook: Rulebook, day: date, stamp: Stamp) -> tuple[str, bytes]:
    """status.json: who made the site, of which commit, for which day and when; what it holds, and until when.

    Of certificates that are not published, nothing is counted.
    """
    said = {
        "generator": f"Starcert {__version__}",
        "commit": stamp.commit,
        "day": day.isoformat(),
        "built_at": stamp.instant,
        "next_change": census.next_change.isoformat() if census.next_change else None,
        "published": census.total,
        "levels": {scheme.id: _levels(scheme, census) for scheme in rulebook.schemes.values()},
    }
    return "status.json", _json(said)


def _levels(scheme: Scheme, census: Census) -> dict[str, int]:
    return {level.id: census.lengths.get(level_path(scheme.id, level.id), 0) for level in scheme.levels}


def feeds(
    census: Census, rulebook: Rulebook, trees: Sequence[Tree], environment: Environment
) -> Iterator[tuple[str, bytes]]:
    """feed.xml of every tree: the certificates issued last, as Atom (RFC 4287)."""
    levels, latest = lists.levels(rulebook), census.latest[:IN_FEED]
    lines = [lists.line(row, levels, census.held.get(row.uscc, 1)) for row in latest]
    for tree in trees:
        values = {
            "tree": tree,
            "words": tree.words,
            "lines": lines,
            "path": f"{tree.prefix}feed.xml",
            "day": environment.day,
        }
        yield f"{tree.prefix}feed.xml", environment.render("feed.xml", **values)


def _json(said: object) -> bytes:
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()
