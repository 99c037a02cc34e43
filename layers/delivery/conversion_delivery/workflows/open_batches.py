"""When the splitter rests: a long file must not fill the queue in which the batches of short ones wait.

Senders take messages in about the order in which they were sent. A file of 100 million rows would put 100,000 batches
before those of a file of 20 rows that is dropped a minute later. So the splitter stops while too many batches of its
file are open, stores its checkpoint as always, and sends itself a continuation that comes back later. Its delay doubles
while no batch is closed (a gate that is shut for days), and begins anew as soon as one is. The continuation carries
what that takes; a message that is lost or repeated changes no more than a delay.
"""

from __future__ import annotations

from conversion_delivery.domain.batches import ContinuationMessage
from conversion_delivery.workflows.ports import FileProgress

OPEN_BATCHES = 300
"""Least bound on the open batches of one file: what five senders do in about two minutes."""

OPEN_BATCHES_PER_SENDER = 40
"""A sender takes one to two seconds a batch, so this is work for 40 seconds and more: none is idle while the splitter
rests for ``REST_SECONDS`` and takes a few more to come back."""

REST_SECONDS = 10
LONGEST_REST_SECONDS = 900
"""SQS's limit on the delay of a message."""


def open_batches_for(senders: int) -> int:
    """How many batches of one file may be open where so many senders run at once."""
    return max(OPEN_BATCHES, OPEN_BATCHES_PER_SENDER * senders)


class OpenBatches:
    """Watches one file during one pass. ``limit`` 0: there are never too many."""

    def __init__(self, progress: FileProgress, file_id: str, closed: int, limit: int) -> None:
        self._progress = progress
        self._file_id = file_id
        self._limit = limit
        self.closed = closed
        """Closed batches when last looked at; there may be more by now, never fewer."""
        self.are_too_many = False
        """Whether the last look found so."""

    def look(self, batches: int) -> bool:
        """Whether too many of ``batches`` are open. The counters are read only where what is known does not say no."""
        if not self._limit or batches - self.closed < self._limit:
            self.are_too_many = False
        else:
            self.closed = self._progress.closed_batches(self._file_id)
            self.are_too_many = batches - self.closed >= self._limit
        return self.are_too_many

    def continuation(self, taken: ContinuationMessage | None, sent: int) -> ContinuationMessage:
        """The message with which the file goes on, of which ``sent`` batches are in the queue.

        ``taken`` is the continuation that this pass was begun with, None where it was a notification.
        """
        rest = REST_SECONDS if self.are_too_many else 0
        if rest and taken is not None and taken.rested and taken.closed >= self.closed:
            rest = min(2 * taken.rested, LONGEST_REST_SECONDS)
        return ContinuationMessage(schema=1, continue_file_id=self._file_id, rested=rest, closed=self.closed, sent=sent)
