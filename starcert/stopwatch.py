"""Stopwatch: where the time of a build went."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Seconds by stage, in the order in which the stages began."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the seconds of the block to a stage."""
        began = perf_counter()
        try:
            yield
        finally:
            self.count(name, perf_counter() - began)

    def count(self, name: str, seconds: float) -> None:
        """Count these seconds to a stage."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds

    def lines(self, records: int) -> Iterator[str]:
        """The stages, each with its seconds, and its microseconds for each of so many records."""
        for name, seconds in self.seconds.items():
            each = f"{1e6 * seconds / records:10.1f} µs a record" if records else ""
            yield f"{name:<28}{seconds:9.3f} s{each}"
