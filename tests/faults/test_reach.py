"""The random histories reach every corner of the protocol: what never happens proves nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from conversion_delivery.domain.batches import BatchId
from conversion_delivery.domain.outcomes import Claim, Owner
from conversion_delivery.workflows.events_api_ports import AnswerKind
from conversion_delivery.workflows.ports import Lease, Settlement, WriteAhead
from tests.faults.altered_ports import Altered
from tests.faults.disturbances import Kind
from tests.faults.random_history import RandomHistory
from tests.faults.wiring import Parts

HISTORIES = 800


class Observed(Altered):
    """Counts what its port answered; changes nothing."""

    def __init__(self, port: Any, seen: Counter[str]) -> None:
        super().__init__(port)
        self._seen = seen

    def lease(self, batch_id: BatchId, owner: str, now: float, until: float) -> Lease:
        answer: Lease = self.port.lease(batch_id, owner, now, until)
        self._seen[f"lease {answer.state}"] += 1
        return answer

    def write_ahead(self, batch_id: BatchId, owner: str, now: float, not_before: float) -> WriteAhead:
        answer: WriteAhead = self.port.write_ahead(batch_id, owner, now, not_before)
        self._seen[f"write-ahead {answer.state}"] += 1
        self._seen["in doubt"] += answer.in_doubt
        return answer

    def settle(self, batch_id: BatchId, owner: str, settlement: Settlement) -> bool:
        return self._count("settle", bool(self.port.settle(batch_id, owner, settlement)))

    def close(self, batch_id: BatchId, *rest: Any) -> bool:
        return self._count("close", bool(self.port.close(batch_id, *rest)))

    def release(self, batch_id: BatchId, owner: str, waiting_since: float | None = None) -> bool:
        self._seen["wait"] += waiting_since is not None
        return self._count("release", bool(self.port.release(batch_id, owner, waiting_since)))

    def checkpoint(self, *values: Any) -> bool:
        return self._count("checkpoint", bool(self.port.checkpoint(*values)))

    def take_over(self, claim: Claim, expected: Owner) -> bool:
        return self._count("take-over", bool(self.port.take_over(claim, expected)))

    def _count(self, what: str, worked: bool) -> bool:
        self._seen[f"{what} {'worked' if worked else 'failed'}"] += 1
        return worked


CONDITIONAL = ("settle", "close", "release", "checkpoint", "take-over")
CORNERS = (
    *(f"lease {state}" for state in ("leased", "busy", "closed")),
    *(f"write-ahead {state}" for state in ("written", "lost", "too_late")),
    *(f"{what} {how}" for what in CONDITIONAL for how in ("worked", "failed")),
    *("in doubt", "wait", "review", "dead letter", "late arrival", "source gone", "other rules", "token refused"),
    *(f"answer {kind}" for kind in AnswerKind),
    *(f"disturbance {kind}" for kind in Kind if kind is not Kind.GO),
)


def observed() -> Counter[str]:
    seen: Counter[str] = Counter()
    observe: Callable[[Any], Any] = lambda port: Observed(port, seen)  # noqa: E731
    for seed in range(HISTORIES):
        history = RandomHistory(seed, Parts(progress=observe, ledger=observe))
        history.run()
        world = history.world
        seen.update({f"answer {kind}": count for kind, count in world.tiktok.answers.items()})
        seen.update({f"disturbance {kind}": count for kind, count in world.schedule.reached.items()})
        seen["dead letter"] += world.queue.moved_to_dead
        seen["late arrival"] += world.tiktok.late_arrivals
        seen["other rules"] += world.rules.strict
        seen["token refused"] += world.tiktok.token != "token-1"
        for batch in world.stores.progress.records.values():
            seen["review"] += bool(batch.review)
            seen["source gone"] += batch.closing_code == "SOURCE_GONE"
    return seen


def test_every_corner_of_the_protocol_is_reached() -> None:
    seen = observed()
    assert [corner for corner in CORNERS if not seen[corner]] == []
