"""Benchmarks: made-up registries of any size, and what is measured on them."""
