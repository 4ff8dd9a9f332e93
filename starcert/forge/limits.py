"""Limits: how large a site the common hosts take, as they say themselves, and how much of that one uses."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NEAR = 0.8
"""The share of a limit from which on it is near."""
MB, GB, MIB = 10**6, 10**9, 2**20


@dataclass(frozen=True, slots=True)
class Size:
    """What counts of a site: files, folders too, bytes of all and of the largest, and what the fullest folder holds."""

    files: int = 0
    entries: int = 0
    bytes: int = 0
    largest: int = 0
    fullest: int = 0


@dataclass(frozen=True, slots=True)
class Host:
    """A host and its limits, 0 where it names none; `source` is where it said so, on the day `seen`."""

    name: str
    plan: str
    most: Size
    source: str
    seen: str


HOSTS = {
    "github": Host(
        "GitHub Pages",
        "any plan",
        Size(bytes=GB),
        "https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits",
        "2026-11-22",
    ),
    "gitlab": Host(
        "GitLab Pages",
        "gitlab.com",
        Size(entries=200_000, bytes=GB),
        "https://docs.gitlab.com/administration/instance_limits/#number-of-files-per-gitlab-pages-website",
        "2026-11-22",
    ),
    "cloudflare": Host(
        "Cloudflare Pages",
        "free",
        Size(files=20_000, largest=25 * MIB),
        "https://developers.cloudflare.com/pages/platform/limits/",
        "2026-11-22",
    ),
    "cloudflare-paid": Host(
        "Cloudflare Pages",
        "paid",
        Size(files=100_000, largest=25 * MIB),
        "https://developers.cloudflare.com/changelog/post/2026-01-23-pages-file-limit-increase/",
        "2026-11-22",
    ),
    "netlify": Host(
        "Netlify",
        "any plan",
        Size(fullest=54_000),
        "https://docs.netlify.com/site-deploys/overview/#files-per-directory-limit",
        "2026-11-22",
    ),
}
UNITS = {
    "files": "files",
    "entries": "files and folders",
    "bytes": "MB in all",
    "largest": "MB in one file",
    "fullest": "entries of one folder",
}


@dataclass(frozen=True, slots=True)
class Use:
    """How much of one limit of a host a site uses."""

    host: Host
    what: str
    used: int
    most: int

    @property
    def verdict(self) -> str:
        """`good`, `near`, or `passed`."""
        return "passed" if self.used > self.most else "near" if self.used >= NEAR * self.most else "good"

    def __str__(self) -> str:
        scale = MB if UNITS[self.what].startswith("MB") else 1
        told = f"{self.used / scale:,.0f} of {self.most / scale:,.0f} {UNITS[self.what]}"
        return f"{self.verdict:6}  {self.host.name} ({self.host.plan}): {told}"


def size(site: Path) -> Size:
    """The size of a site's folder; hidden files are none of it."""
    files = entries = total = largest = fullest = 0
    folders = [os.fspath(site)]
    while folders:
        with os.scandir(folders.pop()) as found:
            here = [entry for entry in found if not entry.name.startswith(".")]
        fullest, entries = max(fullest, len(here)), entries + len(here)
        for entry in here:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            else:
                weight = entry.stat(follow_symlinks=False).st_size
                files, total, largest = files + 1, total + weight, max(largest, weight)
    return Size(files, entries, total, largest, fullest)


def uses(site: Size, host: Host) -> Iterator[Use]:
    """The site beside each limit that the host has."""
    for what in UNITS:
        if most := getattr(host.most, what):
            yield Use(host, what, getattr(site, what), most)
