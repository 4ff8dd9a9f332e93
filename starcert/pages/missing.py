"""The page for addresses at which there is no page: an answer, in both languages, that accuses nobody."""

from starcert.pages.environment import Environment


def page(environment: Environment) -> tuple[str, bytes]:
    """The path and the bytes of 404.html, which hosts show with status 404."""
    return "404.html", environment.render("404.html", path="404.html")
