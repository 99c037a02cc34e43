"""Every single deviation at every effect, and pairs of them on the smallest files."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.faults import scenarios
from tests.faults.disturbances import Disturbance, Kind
from tests.faults.every_fault import HEAVY, LIGHT, Deviation, Run, Scenario, search
from tests.faults.wiring import THE_PRODUCT

CRASHES = (
    Deviation(Disturbance(Kind.CRASH_BEFORE)),
    Deviation(Disturbance(Kind.CRASH_AFTER)),
)


@pytest.mark.parametrize("scenario", scenarios.ALL, ids=lambda scenario: scenario.name)
def test_every_single_deviation_is_survived(scenario: Scenario) -> None:
    assert survived(scenario, 1, HEAVY) > 300


@pytest.mark.parametrize("scenario", scenarios.SMALL, ids=lambda scenario: scenario.name)
def test_every_crash_followed_by_every_other_crash_or_answer_is_survived(scenario: Scenario) -> None:
    assert survived(scenario, 2, CRASHES) > 3_000


@pytest.mark.parametrize("scenario", scenarios.SMALL, ids=lambda scenario: scenario.name)
def test_every_pair_of_deviations_is_survived(scenario: Scenario, pytestconfig: pytest.Config) -> None:
    if not pytestconfig.getoption("pairs", False):
        pytest.skip("takes minutes: run with --pairs")
    assert survived(scenario, 2, LIGHT) > 20_000


def test_the_default_schedule_without_deviation_delivers_what_can_be_delivered() -> None:
    run = Run(scenarios.LONG, {}, THE_PRODUCT)
    assert run.run() == []
    assert sorted(key[-1] for key in run.world.tiktok.counted) == ["a", "d", "e", "g"]


def survived(scenario: Scenario, depth: int, everywhere: Sequence[Deviation]) -> int:
    """How many schedules there are; fails at the first that breaks something."""
    runs = 0
    for found in search(scenario, depth, everywhere):
        runs += 1
        if found is not None:
            script = {step: str(deviation) for step, deviation in found.script.items()}
            pytest.fail(f"{scenario.name}, {script}: {found.violations}")
    return runs
