"""Every single deviation at every effect, and pairs of them on the smallest files."""

from __future__ import annotations

import pytest

from tests.faults import scenarios
from tests.faults.every_fault import CRASHES, FEW, MANY, Alphabet, Run, Scenario, search
from tests.faults.wiring import THE_PRODUCT


@pytest.mark.parametrize("scenario", scenarios.ALL, ids=lambda scenario: scenario.name)
def test_every_single_deviation_is_survived(scenario: Scenario) -> None:
    assert survived(scenario, 1, MANY) > 100


@pytest.mark.parametrize("scenario", scenarios.SMALL, ids=lambda scenario: scenario.name)
def test_every_crash_followed_by_another_crash_is_survived(scenario: Scenario) -> None:
    assert survived(scenario, 2, CRASHES) > 1_000


@pytest.mark.parametrize("scenario", scenarios.SMALL, ids=lambda scenario: scenario.name)
def test_every_pair_of_deviations_is_survived(scenario: Scenario, pytestconfig: pytest.Config) -> None:
    if not pytestconfig.getoption("pairs", False):
        pytest.skip("takes minutes: run with --pairs")
    assert survived(scenario, 2, FEW) > 20_000


def test_the_default_schedule_without_deviation_delivers_what_can_be_delivered() -> None:
    run = Run(scenarios.LONG, {}, THE_PRODUCT)
    assert run.run() == []
    assert sorted(key[-1] for key in run.world.tiktok.counted) == ["a", "d", "e", "g"]


def test_the_file_in_several_passes_needs_several_passes() -> None:
    run = Run(scenarios.CONTINUED, {}, THE_PRODUCT)
    assert run.run() == []
    assert run.world.stores.progress.files[run.world.files[0].file_id].checkpoint.hops >= 3


def survived(scenario: Scenario, depth: int, alphabet: Alphabet) -> int:
    """How many schedules there are; fails at the first that breaks something."""
    runs = 0
    for found in search(scenario, depth, alphabet):
        runs += 1
        if found is not None:
            script = {step: str(deviation) for step, deviation in found.script.items()}
            pytest.fail(f"{scenario.name}, {script}: {found.violations}")
    return runs
