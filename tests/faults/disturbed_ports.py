"""Ports whose every method is an effect of the schedule: it may be put off, refused, repeated or never come back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from conversion_delivery.domain.batches import BatchMessage, ContinuationMessage
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.outcomes import Claim
from conversion_delivery.workflows.events_api_ports import Answer
from conversion_delivery.workflows.ports import ClaimAnswer, EventLedger
from tests.faults.disturbances import Disturbance, Kind
from tests.faults.message_queue import MessageQueue
from tests.faults.schedule import Schedule
from tests.faults.tiktok_model import TikTok

UPLOADS_QUEUE = "uploads"
BATCHES_QUEUE = "batches"

_METHODS = {
    "uploads": ("resolve", "find", "keys", "stream", "read"),
    "progress": (
        "create_file", "closed_batches", "checkpoint", "finish_file", "batch", "batches", "lease", "write_ahead",
        "settle", "release", "close", "gate", "shut_gate", "open_gate",
    ),
    "reports": ("put", "get", "get_each", "metadata", "write_stream"),
    "destinations": ("settings",),
    "tokens": ("token",),
}  # fmt: skip
_LISTS = {"stream", "batches", "get_each"}
"""Methods that give iterators: read to the end within their one effect."""


class Disturbed:
    """A port of ``_METHODS`` with an effect around each method."""

    def __init__(self, schedule: Schedule, name: str, port: object) -> None:
        for method in _METHODS[name]:
            wrapped = _effect(schedule, f"{name}.{method}", getattr(port, method), method in _LISTS)
            setattr(self, method, wrapped)


class DisturbedProgress(Disturbed):
    """FileProgress, whose ``file`` is two effects: the record, then the counters. The real query is no snapshot."""

    def __init__(self, schedule: Schedule, port: Any) -> None:
        super().__init__(schedule, "progress", port)
        self._record = _effect(schedule, "progress.file", port.record, False)
        self._closed = _effect(schedule, "progress.closed_batches", port.closed_batches, False)

    def file(self, file_id: str) -> FileRecord | None:
        record: FileRecord | None = self._record(file_id)
        closed: int = self._closed(file_id)
        return None if record is None else replace(record, closed_batches=closed)


def _effect(schedule: Schedule, name: str, method: Callable[..., Any], is_list: bool) -> Callable[..., Any]:
    def call(*values: Any, **named: Any) -> Any:
        def apply(fault: Disturbance) -> Any:
            return list(method(*values, **named)) if is_list else method(*values, **named)

        answer = schedule.effect(name, apply)
        return iter(answer) if is_list else answer

    return call


class DisturbedLedger:
    """An event ledger whose claims may stay without answer, one by one."""

    def __init__(self, schedule: Schedule, ledger: EventLedger) -> None:
        self._schedule = schedule
        self._ledger = ledger
        self.owners = _effect(schedule, "ledger.owners", ledger.owners, False)
        self.take_over = _effect(schedule, "ledger.take_over", ledger.take_over, False)

    def claim(self, claims: Sequence[Claim]) -> list[ClaimAnswer]:
        def apply(fault: Disturbance) -> list[ClaimAnswer]:
            if fault.kind is Kind.SOME_UNANSWERED:
                return self._some_unanswered(claims, fault.choice)
            return self._ledger.claim(claims)

        answers: list[ClaimAnswer] = self._schedule.effect("ledger.claim", apply)
        return answers

    def _some_unanswered(self, claims: Sequence[Claim], choice: int) -> list[ClaimAnswer]:
        """Bits of ``choice``, two a claim: answered, answered, lost and not written, lost and written."""
        answers = []
        for index, claim in enumerate(claims):
            fate = choice >> (2 * index) & 3
            answer = ClaimAnswer.UNANSWERED if fate == 2 else self._ledger.claim([claim])[0]
            answers.append(ClaimAnswer.UNANSWERED if fate == 3 else answer)
        return answers


class DisturbedEventsApi:
    """The Events API of the model, an effect a POST."""

    def __init__(self, schedule: Schedule, tiktok: TikTok) -> None:
        self._schedule = schedule
        self._tiktok = tiktok

    def track(self, token: str, body: bytes) -> Answer:
        answer: Answer = self._schedule.effect("tiktok.track", lambda fault: self._tiktok.track(token, body, fault))
        return answer


class DisturbedSplitQueue:
    """Batch and continuation messages; a call that fails may have put some of its messages into the queue."""

    def __init__(self, schedule: Schedule, queue: MessageQueue) -> None:
        self._schedule = schedule
        self._queue = queue

    def send_batches(self, messages: Sequence[BatchMessage]) -> None:
        def apply(fault: Disturbance) -> None:
            count = len(messages) if fault.kind is not Kind.LOST_ANSWER else fault.choice % (len(messages) + 1)
            for message in messages[:count]:
                self._queue.send(BATCHES_QUEUE, message.to_json(), message.file_id, message.batch)

        self._schedule.effect("queue.send_batches", apply)

    def send_continuation(self, message: ContinuationMessage, delay_seconds: int = 0) -> None:
        def apply(fault: Disturbance) -> None:
            self._queue.send(UPLOADS_QUEUE, message.to_json(), message.continue_file_id, delay=delay_seconds)

        self._schedule.effect("queue.send_continuation", apply)
