"""Faults drawn from a seeded generator: the fault plan and the troubles of the world of one random history."""

from __future__ import annotations

from random import Random

from tests.faults.disturbances import GO, AnswerFault, Disturbance, Kind
from tests.faults.virtual_time import MINUTE

STALLS = (1 * MINUTE, 4 * MINUTE, 13 * MINUTE, 36 * MINUTE)
_ANSWERS = tuple(fault for fault in AnswerFault if fault)
CONDITIONAL = frozenset(
    f"progress.{method}"
    for method in (
        "create_file", "checkpoint", "finish_file", "lease", "write_ahead", "settle", "release", "close",
    )
) | {"ledger.take_over", "queue.send_batches", "queue.send_continuation", "queue.acknowledge"}  # fmt: skip


class RandomFaults:
    """Each effect is disturbed with a probability; what happens depends on what the effect is."""

    def __init__(self, random: Random, rate: float, post_rate: float, pause_rate: float) -> None:
        self._post_stalls = random.choice((0.0, 0.0, 0.3))
        self._kinds = random.choice(_MIXTURES)
        self._random = random
        self._rate = rate
        self._post_rate = post_rate
        self._pause_rate = pause_rate

    def at(self, step: int, worker: str, effect: str) -> Disturbance:
        random = self._random
        drawn = random.random()
        if effect == "tiktok.track" and drawn < self._post_rate:
            return self._post_fault()
        if drawn < self._pause_rate:
            return Disturbance(Kind.PAUSE)
        if drawn > 1 - self._rate:
            return self._fault(effect)
        return GO

    def _post_fault(self) -> Disturbance:
        """An answer that is not plain success, and sometimes a stall before it: two POSTs of one batch may cross."""
        random = self._random
        stalls = random.random() < self._post_stalls
        answer = random.choice(_ANSWERS)
        seconds = random.choice(STALLS) if stalls else 0.0
        return Disturbance(Kind.STALL_BEFORE if stalls else Kind.ANSWER, seconds, answer, random.getrandbits(16))

    def _fault(self, effect: str) -> Disturbance:
        random = self._random
        if effect == "ledger.claim" and random.random() < 0.4:
            return Disturbance(Kind.SOME_UNANSWERED, choice=random.getrandbits(16))
        kind = random.choice(self._kinds)
        if kind in (Kind.STALL_BEFORE, Kind.STALL_AFTER):
            return Disturbance(kind, seconds=random.choice(STALLS))
        if effect == "tiktok.track" and kind in (Kind.REFUSED, Kind.LOST_ANSWER, Kind.TWICE):
            return Disturbance(Kind.ANSWER, answer=AnswerFault.ACCEPTED_LOST)
        if kind is Kind.TWICE and effect not in CONDITIONAL:
            return GO
        return Disturbance(kind, choice=random.getrandbits(8))


_KINDS = (
    Kind.CRASH_BEFORE,
    Kind.CRASH_AFTER,
    Kind.STALL_BEFORE,
    Kind.STALL_AFTER,
    Kind.REFUSED,
    Kind.LOST_ANSWER,
    Kind.TWICE,
)
_MIXTURES = (
    _KINDS,
    (Kind.CRASH_BEFORE, Kind.CRASH_AFTER),
    (Kind.STALL_BEFORE, Kind.STALL_AFTER),
    (Kind.REFUSED, Kind.LOST_ANSWER, Kind.TWICE),
)
"""A history may know one sort of trouble only: pairs of the same sort meet more often than in an even mixture."""
