"""Close a batch that will never run again, because its message is lost or nobody wants it sent any more.

What the row sets do not decide was not sent (``CLOSED_BY_OPERATOR``) and is free for the next upload, or is in review
where a POST may have been accepted. A message of the batch that turns up later finds it closed and is acknowledged.

The message is not looked for in the queues: it may be in none. The slice is cut again from the stored file. Where the
file is gone as well, only a message knows the rows; the sender closes such a batch by itself when it is redriven.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from conversion_delivery.domain.batches import BatchId, BatchMessage
from conversion_delivery.domain.errors import NotPossible, SourceGone
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.outcomes import BatchRecord
from conversion_delivery.workflows.batch_attempt import BatchAttempt
from conversion_delivery.workflows.close_batch import CloseBatch
from conversion_delivery.workflows.finish_file import FinishFile
from conversion_delivery.workflows.ports import FileProgress, LeaseState
from conversion_delivery.workflows.slices_again import SlicesAgain

LEASE_SECONDS = 120.0
CODE = "CLOSED_BY_OPERATOR"


class AbandonedBatch(NamedTuple):
    """A batch as found, before anything is changed."""

    file: FileRecord
    message: BatchMessage
    record: BatchRecord | None
    """None: no attempt has begun."""


class CloseAbandonedBatch:
    """The operator's verb ``close-batch``."""

    def __init__(
        self,
        *,
        slices: SlicesAgain,
        progress: FileProgress,
        close: CloseBatch,
        finish: FinishFile,
        now: Callable[[], float],
        new_id: Callable[[], str],
    ) -> None:
        self._slices = slices
        self._progress = progress
        self._close = close
        self._finish = finish
        self._now = now
        self._new_id = new_id

    def look(self, file_id: str, number: int) -> AbandonedBatch:
        """The batch, if it can be closed. Changes nothing.

        Raises ``NotPossible``: ``FILE_UNKNOWN``, ``BATCH_UNKNOWN``, ``BATCH_CLOSED``, ``ROWS_UNKNOWN`` (the file is
        gone), ``RULES_CHANGED``.
        """
        file = self._progress.file(file_id)
        if file is None:
            raise NotPossible("FILE_UNKNOWN")
        record = self._progress.batch(BatchId(file_id, number))
        if record is not None and record.is_closed:
            raise NotPossible("BATCH_CLOSED", batch=number)
        try:
            message = self._slices.message(file, number)
        except SourceGone:
            raise NotPossible("ROWS_UNKNOWN", batch=number) from None
        if record is not None and not _rows_of(record) <= set(message.valid_rows):
            raise NotPossible("RULES_CHANGED", batch=number)
        return AbandonedBatch(file, message, record)

    def run(self, found: AbandonedBatch) -> BatchRecord:
        """Close it and finish its file if it was the last one; the record as it is then.

        Raises ``NotPossible`` (``BATCH_BUSY``: an attempt holds the lease) and ``TryLater`` (``OWNERSHIP_LOST``).
        """
        me, now = self._new_id(), self._now()
        batch_id = found.message.batch_id
        lease = self._progress.lease(batch_id, me, now, now + LEASE_SECONDS)
        if lease.state is LeaseState.BUSY:
            raise NotPossible(
                "BATCH_BUSY", batch=batch_id.number, seconds=round((lease.batch.lease_until or now) - now)
            )
        if lease.state is LeaseState.LEASED:
            attempt = BatchAttempt(found.message, me, lease.batch, self._now)
            attempt.plan = found.file.plan
            _hold_doubtful_rows(attempt)
            self._close.without_source(attempt, CODE)
        self._finish.run(batch_id.file_id)
        return self._progress.batch(batch_id) or lease.batch


def _hold_doubtful_rows(attempt: BatchAttempt) -> None:
    """Rows that a POST without an answer may have delivered: the code says that, not that an operator closed them."""
    if attempt.in_doubt:
        for row in attempt.message.valid_rows:
            if not attempt.is_decided(row):
                attempt.hold_for_review(row, "OUTCOME_UNKNOWN")


def _rows_of(record: BatchRecord) -> set[int]:
    """Every row that an attempt has decided."""
    return set(record.accepted).union(*record.refused.values(), *record.review.values())
