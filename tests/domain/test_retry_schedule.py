"""When to come back: back-off of messages and the steps of a shut gate."""

from __future__ import annotations

from itertools import pairwise

import pytest

from conversion_delivery.domain.retry_schedule import (
    GATE_JITTER_CAP,
    GATE_STEPS,
    MESSAGE_CAP,
    gate_interval,
    message_delay,
)

QUARTER_OF_AN_HOUR = 900.0


@pytest.mark.parametrize(("attempts", "ceiling"), [(0, 30), (1, 30), (2, 60), (3, 120), (6, 900), (1000, 900)])
def test_a_message_comes_back_below_a_doubling_ceiling(attempts: int, ceiling: float) -> None:
    assert message_delay(attempts, 0.5) == ceiling / 2
    assert message_delay(attempts, 1.0) == ceiling <= MESSAGE_CAP


def test_a_message_never_comes_back_at_once() -> None:
    assert message_delay(1, 0.0) == 1.0


@pytest.mark.parametrize("reason", sorted(GATE_STEPS))
def test_every_gate_grows_to_a_quarter_of_an_hour_and_stays_there(reason: str) -> None:
    steps = [gate_interval(reason, failures, 0.0) for failures in range(1, 12)]
    assert all(earlier <= later for earlier, later in pairwise(steps))
    assert steps[-1] == gate_interval(reason, 10_000, 0.0) == QUARTER_OF_AN_HOUR


def test_one_failure_in_an_outage_shuts_nothing() -> None:
    assert gate_interval("OUTAGE", 1, 1.0) == 0.0


def test_a_pause_that_the_answer_asks_for_is_never_shortened() -> None:
    assert gate_interval("THROTTLED", 1, 0.0, pause=300.0) == 300.0
    assert gate_interval("THROTTLED", 20, 0.0, pause=30.0) == QUARTER_OF_AN_HOUR


def test_jitter_adds_up_to_a_quarter_and_never_more_than_five_minutes() -> None:
    assert gate_interval("TOKEN_REFUSED", 3, 1.0) == QUARTER_OF_AN_HOUR * 1.25
    until_midnight = 20 * 3600.0
    assert gate_interval("THROTTLED", 1, 1.0, pause=until_midnight) == until_midnight + GATE_JITTER_CAP


def test_a_failure_count_below_one_is_the_first() -> None:
    assert gate_interval("TOKEN_REFUSED", 0, 0.0) == gate_interval("TOKEN_REFUSED", 1, 0.0)
