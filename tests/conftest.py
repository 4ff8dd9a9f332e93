"""What holds for every test: examples are the same on every run, and a slow machine is no failure."""

import os

import hypothesis
from browser import chromium
from golden import EPOCH

__all__ = ["chromium"]  # a fixture, for whoever asks for it

os.environ["SOURCE_DATE_EPOCH"] = EPOCH  # what is built twice is compared byte for byte
hypothesis.settings.register_profile("starcert", deadline=None, derandomize=True)
hypothesis.settings.load_profile("starcert")
