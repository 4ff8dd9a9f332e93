"""What holds for every test: examples are the same on every run, and a slow machine is no failure."""

import os
import signal

import hypothesis
from browser import chromium
from golden import EPOCH

__all__ = ["chromium"]  # a fixture, for whoever asks for it

signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background has none, nor what it starts
os.environ["SOURCE_DATE_EPOCH"] = EPOCH  # what is built twice is compared byte for byte
hypothesis.settings.register_profile("starcert", deadline=None, derandomize=True)
hypothesis.settings.load_profile("starcert")
