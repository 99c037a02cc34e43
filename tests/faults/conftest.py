"""Options of the simulation: more histories than a normal run has, and pairs of deviations."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("faults")
    group.addoption("--histories", type=int, default=None, help="random histories to run (default 20000)")
    group.addoption("--first-seed", type=int, default=None, help="seed of the first one (default 0)")
    group.addoption("--pairs", action="store_true", default=False, help="search every pair of deviations")
