"""Many workers in one thread, switched at their effects by a fault plan.

In: worker bodies (plain functions over disturbed ports). Out: one interleaving, the same for the same plan.
A crashed worker gets ``Crash`` (no ``Exception``, so nothing catches it) and can do nothing more: effects that a
``finally`` tries while it dies do not happen, as they would not in a process that was killed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from greenlet import getcurrent, greenlet

from conversion_delivery.domain.errors import SourceUnavailable
from tests.faults.disturbances import GO, Disturbance, FaultPlan, Kind
from tests.faults.virtual_time import MINUTE, VirtualClock

LIFETIME = 40 * MINUTE
"""A worker older than this is dead. Real functions live 2 to 5 minutes; the protocol needs "well within an hour"."""

EFFECT_SECONDS = 0.02
POST_SECONDS = 0.3

Apply = Callable[[Disturbance], Any]


class Crash(BaseException):
    """The process of this worker was killed."""


class Worker:
    """One invocation of a function."""

    def __init__(self, name: str, body: Callable[[], None], born: float) -> None:
        self.name = name
        self.born = born
        self.wake_at = born
        self.crashed = False
        self.greenlet = greenlet(body)

    @property
    def is_done(self) -> bool:
        return self.greenlet.dead


class Schedule:
    """Runs workers; every effect of every worker passes through ``effect``."""

    def __init__(self, clock: VirtualClock, plan: FaultPlan) -> None:
        self.clock = clock
        self.plan = plan
        self.step = 0
        self.workers: list[Worker] = []
        self.trace: list[str] | None = None
        self.effects_seen: list[str] = []
        self.reached: dict[str, int] = {}
        """How often each kind of disturbance really happened."""
        self._hub = getcurrent()
        self._current: Worker | None = None

    def start(self, name: str, body: Callable[[], None]) -> Worker:
        """A new worker; it runs when ``run`` is called with it."""
        worker = Worker(name, body, self.clock.now)
        self.workers.append(worker)
        return worker

    def run(self, worker: Worker) -> None:
        """Let a worker go on until it pauses, stalls, dies or ends. Raises what its body raised, but ``Crash``."""
        if self.clock.now - worker.born > LIFETIME:
            self.kill(worker)
            return
        self._resume(worker)

    def kill(self, worker: Worker) -> None:
        """Crash a worker wherever it stands."""
        worker.crashed = True
        self.note(f"{worker.name} is killed")
        if worker.greenlet:
            self._resume(worker)
        elif worker in self.workers:
            self.workers.remove(worker)

    def _resume(self, worker: Worker) -> None:
        self._current = worker
        try:
            worker.greenlet.switch()
        except Crash:
            self.note(f"{worker.name} is dead")
        finally:
            self._current = None
            if worker.is_done:
                self.workers.remove(worker)

    def ready(self) -> list[Worker]:
        return [worker for worker in self.workers if worker.wake_at <= self.clock.now]

    def note(self, line: str) -> None:
        """Add a line to the trace, if one is kept."""
        if self.trace is not None:
            self.trace.append(f"{self.clock.now:.1f} #{self.step} {line}")

    def effect(self, name: str, apply: Apply) -> Any:
        """One effect of the worker that runs now; called from the disturbed ports only."""
        worker = self._current
        if worker is None:
            return apply(GO)
        self._alive(worker)
        self.step += 1
        self.clock.advance(EFFECT_SECONDS)
        fault = self.plan.at(self.step, worker.name, name)
        if fault.kind is not Kind.GO:
            self.reached[fault.kind] = self.reached.get(fault.kind, 0) + 1
            self._before(worker, fault)
        answer = self._applied(worker, name, fault, apply)
        if fault.kind is Kind.CRASH_AFTER:
            self._crash(worker)
        if fault.kind is Kind.STALL_AFTER:
            self._yield(worker, fault.seconds)
        if fault.kind is Kind.LOST_ANSWER:
            raise SourceUnavailable("SIMULATED_LOSS")
        return answer

    def _applied(self, worker: Worker, name: str, fault: Disturbance, apply: Apply) -> Any:
        if self.trace is None:
            answer = apply(fault)
        else:
            answer = apply(fault)
            shown = "" if fault.kind is Kind.GO else f"  !! {fault.kind} {fault.answer}"
            self.note(f"{worker.name} {name} -> {_brief(answer)}{shown}")
        if fault.kind is Kind.TWICE:
            answer = apply(fault)
        if name.endswith(".track"):
            self.clock.advance(POST_SECONDS)
        return answer

    def _before(self, worker: Worker, fault: Disturbance) -> None:
        if fault.kind is Kind.CRASH_BEFORE:
            self._crash(worker)
        elif fault.kind is Kind.PAUSE:
            self._yield(worker, 0)
        elif fault.kind is Kind.STALL_BEFORE:
            self._yield(worker, fault.seconds)
        elif fault.kind is Kind.REFUSED:
            self.note(f"{worker.name} is refused")
            raise SourceUnavailable("SIMULATED_REFUSAL")

    def _crash(self, worker: Worker) -> None:
        worker.crashed = True
        self._alive(worker)

    def _yield(self, worker: Worker, seconds: float) -> None:
        if seconds:
            self.note(f"{worker.name} stalls for {seconds:.0f} s")
        worker.wake_at = self.clock.now + seconds
        self._hub.switch()
        self._alive(worker)

    def _alive(self, worker: Worker) -> None:
        if worker.crashed:
            raise Crash


def _brief(answer: Any) -> str:
    text = repr(answer)
    return text if len(text) <= 160 else text[:157] + "..."
