"""What holds for every test: examples are the same on every run, and a slow machine is no failure.

Files of long tests are begun first, so that no worker is left with one when the others have ended.
"""

import os
import signal

import hypothesis
import pytest
from browser import chromium
from golden import EPOCH

__all__ = ["chromium"]  # a fixture, for whoever asks for it

signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background has none, nor what it starts
os.environ["SOURCE_DATE_EPOCH"] = EPOCH  # what is built twice is compared byte for byte
LONG = """
    accessibility host_publish push_siege hostile_pages hostile_records search freshness host_rollback workflows
    certificate_page host_expiry lists_in_browser pages_in_browser survival end_to_end push_attacks guides
"""

hypothesis.settings.register_profile("starcert", deadline=None, derandomize=True)
hypothesis.settings.load_profile("starcert")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files of LONG first, in that order."""
    place = {f"test_{name}": number for number, name in enumerate(LONG.split())}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))
