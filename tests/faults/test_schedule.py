"""The scheduler: workers interleave at effects, die where they are told to, and leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conversion_delivery.domain.errors import SourceUnavailable
from tests.faults.disturbances import GO, Disturbance, Kind
from tests.faults.schedule import LIFETIME, Schedule
from tests.faults.virtual_time import VirtualClock


class At:
    """One disturbance at one step."""

    def __init__(self, step: int, disturbance: Disturbance) -> None:
        self._step = step
        self._disturbance = disturbance

    def at(self, step: int, worker: str, effect: str) -> Disturbance:
        return self._disturbance if step == self._step else GO


class Case:
    """A schedule whose workers write their effects into ``done``."""

    def __init__(self, step: int, disturbance: Disturbance) -> None:
        self.clock = VirtualClock()
        self.schedule = Schedule(self.clock, At(step, disturbance))
        self.done: list[str] = []

    def start(self, *effects: str, finally_: str = "") -> None:
        def body() -> None:
            try:
                for effect in effects:
                    self.effect(effect)
            finally:
                if finally_:
                    self.effect(finally_)

        self.schedule.run(self.schedule.start("w", body))

    def effect(self, name: str) -> None:
        self.schedule.effect(name, lambda fault: self.done.append(name))


@pytest.mark.parametrize(
    ("kind", "done"),
    [
        (Kind.CRASH_BEFORE, ["a"]),
        (Kind.CRASH_AFTER, ["a", "b"]),
        (Kind.TWICE, ["a", "b", "b", "c"]),
        (Kind.GO, ["a", "b", "c"]),
    ],
)
def test_an_effect_happens_as_often_as_its_disturbance_says(kind: Kind, done: list[str]) -> None:
    case = Case(2, Disturbance(kind))
    case.start("a", "b", "c")
    assert case.done == done
    assert case.schedule.workers == []


@pytest.mark.parametrize(("kind", "done"), [(Kind.REFUSED, ["a"]), (Kind.LOST_ANSWER, ["a", "b"])])
def test_a_refusal_and_a_lost_answer_look_the_same_to_the_worker(kind: Kind, done: list[str]) -> None:
    case = Case(2, Disturbance(kind))
    with pytest.raises(SourceUnavailable):
        case.start("a", "b", "c")
    assert case.done == done


def test_a_crashed_worker_does_nothing_more_not_even_in_a_finally() -> None:
    case = Case(1, Disturbance(Kind.CRASH_AFTER))
    case.start("a", "b", finally_="clean up")
    assert case.done == ["a"]


def test_a_paused_worker_lets_another_go_first() -> None:
    case = Case(1, Disturbance(Kind.PAUSE))
    case.start("a1", "a2")
    case.start("b1", "b2")
    assert case.done == ["b1", "b2"]
    case.schedule.run(case.schedule.workers[0])
    assert case.done == ["b1", "b2", "a1", "a2"]


def test_a_stalled_worker_is_ready_when_its_time_has_come() -> None:
    case = Case(1, Disturbance(Kind.STALL_BEFORE, 300.0))
    case.start("a")
    assert case.schedule.ready() == []
    case.clock.advance(300)
    assert len(case.schedule.ready()) == 1


def test_a_worker_that_stalled_past_its_lifetime_is_dead() -> None:
    case = Case(1, Disturbance(Kind.STALL_AFTER, 60.0))
    case.start("a", "b")
    case.clock.advance(LIFETIME + 1)
    case.schedule.run(case.schedule.workers[0])
    assert case.done == ["a"]
    assert case.schedule.workers == []


def test_an_error_of_a_worker_reaches_whoever_runs_it() -> None:
    schedule = Schedule(VirtualClock(), At(0, GO))

    def body() -> None:
        raise ZeroDivisionError

    worker = schedule.start("w", body)
    with pytest.raises(ZeroDivisionError):
        schedule.run(worker)


def test_things_put_off_happen_at_their_moment_and_in_order() -> None:
    clock = VirtualClock(0)
    seen: list[tuple[str, float]] = []

    def see(name: str) -> Callable[[float], None]:
        return lambda moment: seen.append((name, clock.now))

    clock.at(30, see("late"))
    clock.at(10, see("early"))
    clock.advance(20)
    assert seen == [("early", 10)]
    clock.advance(20)
    assert seen == [("early", 10), ("late", 30)]
    assert clock.now == 40
