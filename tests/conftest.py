"""What holds for every test: examples are the same on every run, and a slow machine is no failure."""

import hypothesis
from browser import chromium

__all__ = ["chromium"]  # a fixture, for whoever asks for it

hypothesis.settings.register_profile("starcert", deadline=None, derandomize=True)
hypothesis.settings.load_profile("starcert")
