"""Deliver one batch: a batch message in, a closed batch out, or ``TryLater`` and the message goes back.

The steps are those of docs/decisions.md, "The ledger protocol": (1) gate and lease, (2) read the slice, (3-5) claim,
(6) POST between write-ahead and settle, (7) wait for rows that others decide, (8) close, (9) finish check. Safety
rests on the owner value alone; the lease only saves work. A message is acknowledged only after step 9.
"""

from __future__ import annotations

from collections.abc import Callable

from conversion_delivery.domain.batches import BatchMessage
from conversion_delivery.domain.errors import ContractBroken, SourceGone, TryLater, UploadRejected
from conversion_delivery.domain.events.tiktok_events import EncodedEvent
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.reading.file_reading import Reading
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.batch_attempt import (
    LEASE_MARGIN_SECONDS,
    BatchAttempt,
    DeliveryLimits,
    SendableRow,
)
from conversion_delivery.workflows.claim_events import ClaimEvents
from conversion_delivery.workflows.close_batch import CloseBatch
from conversion_delivery.workflows.delivery_gate import DeliveryGate
from conversion_delivery.workflows.finish_file import FinishFile
from conversion_delivery.workflows.ports import FileProgress, LeaseState, Telemetry
from conversion_delivery.workflows.post_events import PostEvents
from conversion_delivery.workflows.upload_ports import UploadStore

WAIT_FOR_FIRST_COPY = 60.0
"""Seconds between two looks at rows that another batch decides."""


class SendBatch:
    """The sender's workflow."""

    def __init__(
        self,
        *,
        uploads: UploadStore,
        progress: FileProgress,
        gate: DeliveryGate,
        claim: ClaimEvents,
        post: PostEvents,
        close: CloseBatch,
        finish: FinishFile,
        telemetry: Telemetry,
        now: Callable[[], float],
        new_id: Callable[[], str],
        limits: DeliveryLimits,
        reading: Reading | None = None,
    ) -> None:
        self._uploads = uploads
        self._progress = progress
        self._gate = gate
        self._claim = claim
        self._post = post
        self._close = close
        self._finish = finish
        self._telemetry = telemetry
        self._now = now
        self._new_id = new_id
        self._limits = limits
        self._reading = reading or Reading()

    def run(self, message: BatchMessage, remaining: Callable[[], float]) -> None:
        """Bring the batch to its end; returning means that the message may be acknowledged.

        Raises ``TryLater`` to hand the message back, ``ContractBroken`` for a message that can never be served.
        """
        attempt = self._begin(message, remaining)
        if attempt is not None:
            try:
                self._deliver(attempt, remaining)
            except TryLater as later:
                self._give_back(attempt, later)
                raise
        self._finish.run(message.file_id, remaining)

    def _begin(self, message: BatchMessage, remaining: Callable[[], float]) -> BatchAttempt | None:
        """Gate and lease (step 1). None: the batch is closed already."""
        gate = self._gate.check(message.destination)
        me, now = self._new_id(), self._now()
        lease = self._progress.lease(message.batch_id, me, now, now + remaining() + LEASE_MARGIN_SECONDS)
        if lease.state is LeaseState.CLOSED:
            return None
        if lease.state is LeaseState.BUSY:
            raise TryLater("LEASED_ELSEWHERE", after_seconds=max(1.0, (lease.batch.lease_until or now) - now))
        attempt = BatchAttempt(message, me, lease.batch, self._now)
        attempt.gate = gate
        return attempt

    def _deliver(self, attempt: BatchAttempt, remaining: Callable[[], float]) -> None:
        file = self._progress.file(attempt.message.file_id)
        if file is None or file.plan is None:
            raise ContractBroken("FILE_UNKNOWN")
        try:
            self._read(attempt, file, file.plan)
        except SourceGone:
            self._close.without_source(attempt, "SOURCE_GONE")
            return
        settings = file.plan.settings
        rows = self._claim.run(attempt, settings.max_event_age_days)
        self._post.run(attempt, rows, settings, remaining)
        if attempt.waiting and self._should_wait(attempt):
            self._post.settle(attempt)
            raise TryLater("FIRST_COPY_PENDING", after_seconds=WAIT_FOR_FIRST_COPY)
        self._close.run(attempt, file)

    def _read(self, attempt: BatchAttempt, file: FileRecord, plan: ReadingPlan) -> None:
        """Read the slice again and encode its rows (step 2); rows that today's rules refuse are noted.

        So are those that today's rules do not come to any more: where reading stops, or finds fewer rows.
        """
        message = attempt.message
        attempt.plan = plan
        upload = Upload(message.bucket, message.key, message.version_id, file.readable.size)
        body = self._uploads.read(upload, message.start, message.end)
        expected = frozenset(message.valid_rows)
        try:
            self._take_rows(attempt, plan, body, expected)
        except UploadRejected as refusal:
            self._telemetry.note(
                "slice_not_read_to_its_end", file_id=message.file_id, batch=message.batch, code=refusal.code
            )
        seen = {row.row for row in attempt.rows}.union(attempt.no_longer_valid)
        attempt.no_longer_valid += sorted(expected - seen)
        if len(attempt.rows) != len(expected):
            self._telemetry.count("ReconciliationMismatch", destination=message.destination)
            self._telemetry.note(
                "reconciliation_mismatch",
                file_id=message.file_id,
                batch=message.batch,
                split=len(expected),
                now=len(attempt.rows),
            )

    def _take_rows(self, attempt: BatchAttempt, plan: ReadingPlan, body: bytes, expected: frozenset[int]) -> None:
        rows = self._reading.rows(plan, [body], attempt.message.position)
        invalid = 0
        for row, line, cells, found, rest in self._reading.events(plan, rows):
            if row in expected and isinstance(found, EncodedEvent):
                attempt.rows.append(SendableRow(row, line, cells, found, row, rest))
            elif row in expected:
                attempt.no_longer_valid.append(row)
                invalid = row
            if invalid:
                attempt.invalid_rows[invalid] = (*attempt.invalid_rows.get(invalid, ()), (line, cells))
                invalid = 0 if rows.is_border() else invalid

    def _should_wait(self, attempt: BatchAttempt) -> bool:
        since = attempt.record.waiting_since
        now = self._now()
        return now < (now if since is None else since) + self._limits.first_copy_wait

    def _give_back(self, attempt: BatchAttempt, later: TryLater) -> None:
        """Release the lease, so that the next attempt need not wait for its end (steps 4, 6 and 7)."""
        if later.code == "OWNERSHIP_LOST":
            return
        waiting_since = self._now() if later.code == "FIRST_COPY_PENDING" else None
        self._progress.release(attempt.batch_id, attempt.me, waiting_since)
