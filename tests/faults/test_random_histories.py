"""Random histories of the real workflows hold every invariant.

A history follows from its seed alone: ``RandomHistory(seed, trace=True)`` shows what happened.
"""

from __future__ import annotations

import pytest

from tests.faults.function_front import through_the_functions
from tests.faults.random_history import RandomHistory

HISTORIES = 20_000
THROUGH_THE_FUNCTIONS = 1_000
FOUND_SEEDS = (1368, 3108, 3570, 6018, 10330, 16408)
"""Seeds that once broke something: sources that vanish during a split, rules that change back and forth."""


def test_random_histories_lose_nothing_and_count_nothing_twice(pytestconfig: pytest.Config) -> None:
    first = pytestconfig.getoption("first_seed", None) or 0
    count = pytestconfig.getoption("histories", None) or HISTORIES
    for seed in range(first, first + count):
        hold(seed)


def test_histories_through_the_functions_own_message_handling_hold_too() -> None:
    for seed in range(THROUGH_THE_FUNCTIONS):
        history = RandomHistory(seed)
        telemetry = through_the_functions(history.world, history.workflows)
        violations = history.run()
        assert not violations, f"seed {seed}: {violations}"
        assert "unexpected_error" not in telemetry.counts, f"seed {seed}"


@pytest.mark.parametrize("seed", FOUND_SEEDS)
def test_a_seed_that_once_broke_something_holds(seed: int) -> None:
    hold(seed)


def test_the_same_seed_is_the_same_history() -> None:
    traces = []
    for _ in range(2):
        history = RandomHistory(7, trace=True)
        history.run()
        traces.append(history.world.schedule.trace)
    assert traces[0] == traces[1]
    assert traces[0]


def hold(seed: int) -> None:
    violations = RandomHistory(seed).run()
    assert not violations, f"seed {seed}: {violations}"
