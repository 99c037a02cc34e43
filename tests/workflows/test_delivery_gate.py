"""What a delivery gate measures: for how long a destination rests."""

from __future__ import annotations

import pytest

from conversion_delivery.domain.errors import TryLater
from conversion_delivery.workflows.delivery_gate import GATE_SHUT_MINUTES, DeliveryGate
from tests.fakes.file_progress import FakeFileProgress
from tests.fakes.telemetry import FakeTelemetry

NOW = 1_795_176_000.0


class Clock:
    def __init__(self) -> None:
        self.time = NOW
        self.telemetry = FakeTelemetry()
        self.progress = FakeFileProgress()
        self.gate = DeliveryGate(self.progress, self.telemetry, lambda: self.time, lambda: 0.0)

    def fail(self, reason: str = "TOKEN_REFUSED", pause: float | None = None) -> float:
        return self.gate.failed("shop", reason, self.progress.gate("shop"), pause)

    def minutes(self) -> list[float]:
        return [value for metric, value, _ in self.telemetry.measured if metric == GATE_SHUT_MINUTES]


def test_a_long_pause_is_known_to_be_long_at_once() -> None:
    clock = Clock()
    seconds = clock.fail("THROTTLED", pause=6 * 3_600)

    assert clock.minutes() == [pytest.approx(seconds / 60)]
    assert seconds >= 5 * 3_600


def test_short_pauses_in_a_row_add_up_to_a_long_one() -> None:
    clock = Clock()
    for _ in range(4):
        clock.time += clock.fail() + 1

    assert clock.minutes() == sorted(clock.minutes())
    assert clock.minutes()[-1] == pytest.approx((clock.time - 1 - NOW) / 60)


def test_a_delivery_ends_it_and_the_next_failure_begins_anew() -> None:
    clock = Clock()
    clock.fail()
    clock.time += 3_600
    clock.gate.worked("shop", clock.progress.gate("shop"))
    assert clock.minutes()[-1] == 0
    seconds = clock.fail()

    assert clock.minutes()[-1] == pytest.approx(seconds / 60)


def test_a_delivery_through_an_open_gate_measures_nothing() -> None:
    clock = Clock()
    clock.gate.worked("shop", None)

    assert clock.minutes() == []


def test_a_gate_of_an_earlier_version_counts_from_now() -> None:
    clock = Clock()
    clock.fail()
    stored = clock.progress.gates["shop"]
    clock.progress.gates["shop"] = stored._replace(since=0.0)
    clock.time += 3_600
    seconds = clock.fail()

    assert clock.minutes()[-1] == pytest.approx(seconds / 60)


def test_a_shut_gate_still_says_until_when() -> None:
    clock = Clock()
    clock.fail()
    with pytest.raises(TryLater) as later:
        clock.gate.check("shop")

    assert later.value.code == "GATE_SHUT"
