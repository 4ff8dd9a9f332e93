"""Headers: what a web server should say with each file of the site, the same for every kind of host.

Paths are relative to the site's root; one that ends with a slash is meant with all below it.
"""

from collections.abc import Mapping

SEARCH = ("search/", "en/search/")
ASSETS = "assets/"

_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""What any page's own policy allows; that of a page may allow less. Framing only a header can forbid."""

_COMPILING = {"script-src": "'self' 'wasm-unsafe-eval'"}
"""The search of small registers is a WebAssembly program."""


def _policy(sources: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in sources.items())


POLICY = _policy(_SOURCES)
"""The Content-Security-Policy of every file but those of SEARCH."""

SEARCH_POLICY = _policy(_SOURCES | _COMPILING)
"""The Content-Security-Policy of the pages in SEARCH."""

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""With every file, whatever it is."""

KEEP = "public, max-age=31536000, immutable"
"""The Cache-Control of ASSETS: the name of such a file changes with its bytes."""

ASK = "no-cache"
"""The Cache-Control of all else: it may be kept, but must be asked for anew each time, so no copy outlives a change."""

HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
"""For a host that will never again be served without https; whoever has seen it cannot go back for a year."""
