"""Machine: what the figures were measured on and with, in one line each."""

import json
import os
import platform
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path


def lines(eleventy: Path) -> Iterator[str]:
    """The machine, and the versions of what ran on it; `eleventy` is where its packages are, if they are."""
    model = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    name = model[1] if model else platform.machine()
    yield f"{name}, {os.cpu_count()} cores, {pages / 2**30:.0f} GiB, Linux {platform.release()}"
    package = eleventy / "@11ty" / "eleventy" / "package.json"
    javascript = f", Eleventy {json.loads(package.read_text())['version']}" if package.is_file() else ""
    tools = ", ".join(f"{name} {version(name.lower().replace(' ', '-'))}" for name in ("Hugo", "Pagefind bin extended"))
    yield f"Python {platform.python_version()}, {tools}{javascript}"
