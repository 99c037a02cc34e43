"""Benchmarks: ``python -m tests.benchmarks`` prints CPU times, rates and ratios. Not part of the test run."""
