"""The splitter's queues in memory: lists of what was sent, in order."""

from __future__ import annotations

from collections.abc import Sequence

from conversion_delivery.domain.batches import (
    BatchMessage,
    ContinuationMessage,
    parse_batch_message,
    parse_continuation,
)


class FakeSplitQueue:
    """Messages go through their text form, so what does not survive a queue does not survive this one."""

    def __init__(self) -> None:
        self.batches: list[BatchMessage] = []
        self.continuations: list[tuple[ContinuationMessage, int]] = []
        """Each continuation with its delay in seconds."""

    def send_batches(self, messages: Sequence[BatchMessage]) -> None:
        self.batches += [parse_batch_message(message.to_json()) for message in messages]

    def send_continuation(self, message: ContinuationMessage, delay_seconds: int = 0) -> None:
        self.continuations.append((parse_continuation(message.to_json()), delay_seconds))
