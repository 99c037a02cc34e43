"""Split one upload into batches: notification or continuation in, batch messages and a checkpoint out.

Order is always: store the rejects, write the checkpoint with the messages in its outbox, send them. Whoever comes to a
file sends the outbox first, so a crash anywhere repeats messages and never skips any; and a batch is counted before
anybody can deliver it. Whoever loses the race for a checkpoint hands its message back: the winner may crash, and then
this message must go on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from conversion_delivery.domain.batches import BatchMessage, ContinuationMessage, parse_batch_message
from conversion_delivery.domain.errors import ContractBroken, SourceGone, TryLater, UploadRejected
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.reading.file_reading import Reading
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.slices import JudgedRow, Rows, Slice, SliceLimits, cut_slices
from conversion_delivery.domain.reports.rejected_rows import rejected_lines, rejected_type
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.checked_rows import CheckedRows, event_names
from conversion_delivery.workflows.finish_file import FinishFile
from conversion_delivery.workflows.ports import (
    DestinationStore,
    FileProgress,
    ReportStore,
    SplitQueue,
    Telemetry,
    UploadStore,
)
from conversion_delivery.workflows.prepare_upload import PrepareUpload
from conversion_delivery.workflows.receive_upload import ReceiveUpload, Remaining
from conversion_delivery.workflows.split_stretch import Stretch
from conversion_delivery.workflows.write_status import WriteStatus


@dataclass(frozen=True, slots=True)
class SplitLimits:
    """Bounds of one pass over a file."""

    slices: SliceLimits = field(default_factory=SliceLimits)
    batches_per_checkpoint: int = 10
    """SQS takes ten messages a call, and the outbox has to fit into the file's item."""
    checkpoint_bytes: int = 8 << 20
    checkpoint_rejects: int = 20_000
    """Rejected rows held in memory before they are stored."""
    stop_seconds: float = 60.0
    """With less time than this left, the rest of the file is left to a continuation."""
    hops: int = 500
    """Passes over one file; more means that something feeds itself."""


class SplitFile:
    """The splitter's workflow."""

    def __init__(
        self,
        *,
        uploads: UploadStore,
        prepare: PrepareUpload,
        queue: SplitQueue,
        progress: FileProgress,
        destinations: DestinationStore,
        reports: ReportStore,
        finish: FinishFile,
        telemetry: Telemetry,
        now: Callable[[], float],
        new_id: Callable[[], str],
        reading: Reading | None = None,
        limits: SplitLimits | None = None,
    ) -> None:
        self._uploads = uploads
        self._queue = queue
        self._progress = progress
        self._reports = reports
        self._status = WriteStatus(reports)
        self._finish = finish
        self._telemetry = telemetry
        self._new_id = new_id
        self._reading = reading or Reading()
        self._limits = limits or SplitLimits()
        self._receive = ReceiveUpload(
            uploads=uploads,
            prepare=prepare,
            progress=progress,
            destinations=destinations,
            status=self._status,
            telemetry=telemetry,
            now=now,
            reading=self._reading,
        )

    def start(self, upload: Upload, remaining: Remaining) -> None:
        """Take an upload that a notification names; any number of times."""
        for record, is_one_of_several in self._receive.run(upload, remaining):
            if record.is_archive:
                if record.finished_at is None:
                    self._finish.run(record.file_id)
            elif not is_one_of_several:
                self._split(record, remaining)
            elif record.finished_at is None:
                self._queue.send_continuation(ContinuationMessage(schema=1, continue_file_id=record.file_id))

    def go_on(self, file_id: str, remaining: Remaining) -> None:
        """Take a file up at its checkpoint. Raises ``ContractBroken`` (``FILE_UNKNOWN``)."""
        record = self._progress.file(file_id)
        if record is None:
            raise ContractBroken("FILE_UNKNOWN")
        self._split(record, remaining)

    def _split(self, record: FileRecord, remaining: Remaining) -> None:
        if not record.is_complete:
            self._send_outbox(record)
        if record.rejected_code is None and not record.checkpoint.done:
            record = self._read_on(record, remaining)
            self._status.run(record)
        if record.rejected_code is not None or record.checkpoint.done:
            self._finish.run(record.file_id)
        else:
            self._queue.send_continuation(ContinuationMessage(schema=1, continue_file_id=record.file_id))
            self._telemetry.note("split_continues", file_id=record.file_id, hops=record.checkpoint.hops)

    def _send_outbox(self, record: FileRecord) -> None:
        if record.checkpoint.outbox:
            self._queue.send_batches([parse_batch_message(text) for text in record.checkpoint.outbox])

    def _read_on(self, record: FileRecord, remaining: Remaining) -> FileRecord:
        """Read from the checkpoint to the end, or until the time is up; the record with its new checkpoint."""
        stretch = Stretch(record.checkpoint.position)
        if record.checkpoint.hops >= self._limits.hops:
            return self._stop(record, stretch, "HOPS_EXCEEDED", {"hops": record.checkpoint.hops})
        try:
            rows = self._rows(record)
            for cut in cut_slices(rows, record.checkpoint.position, self._limits.slices):
                self._take(record, stretch, cut, rows)
                out_of_time = remaining() < self._limits.stop_seconds
                if out_of_time or self._is_full(record, stretch):
                    record = self._checkpoint(record, stretch, hop=out_of_time)
                    stretch = Stretch(cut.end)
                if out_of_time:
                    return record
        except SourceGone:
            return self._stop(record, stretch, "FILE_GONE", {})
        except UploadRejected as refusal:
            return self._stop(record, stretch, refusal.code, refusal.facts)
        return self._checkpoint(record, stretch, done=True)

    def _stop(
        self, record: FileRecord, stretch: Stretch, code: str, facts: Mapping[str, int | float | str]
    ) -> FileRecord:
        """End the file before its end: what was read up to here counts."""
        stretch.stopped, stretch.stopped_facts = code, facts
        return self._checkpoint(record, stretch, done=True)

    def _is_full(self, record: FileRecord, stretch: Stretch) -> bool:
        """Whether it is time for a checkpoint."""
        limits = self._limits
        return (
            len(stretch.messages) >= limits.batches_per_checkpoint
            or len(stretch.rejected) >= limits.checkpoint_rejects
            or stretch.end.offset - record.checkpoint.position.offset >= limits.checkpoint_bytes
        )

    def _rows(self, record: FileRecord) -> Rows:
        plan, start = _plan_of(record), record.checkpoint.position
        rows = self._reading.rows(plan, self._uploads.stream(record.readable, start.offset), start)
        if not record.upload.is_validation:
            return rows
        return CheckedRows(rows, self._reading.encoder(plan), event_names(record.checkpoint.tally))

    def _take(self, record: FileRecord, stretch: Stretch, cut: Slice, rows: Rows) -> None:
        stretch.add(cut)
        if isinstance(rows, CheckedRows):
            stretch.add_checked(rows)
        elif cut.valid:
            number = record.checkpoint.batches + len(stretch.messages) + 1
            stretch.messages.append(message_of(record, number, cut))

    def _checkpoint(self, record: FileRecord, stretch: Stretch, *, hop: bool = False, done: bool = False) -> FileRecord:
        """Store, remember, then send. Raises ``TryLater`` (``CHECKPOINT_LOST``) when another one was faster."""
        reached = stretch.reached(record.checkpoint, hop=hop, done=done)
        if stretch.rejected and _plan_of(record).settings.return_rows:
            reached = replace(reached, reject_part=self._store_rejects(record, stretch.rejected))
        if not self._progress.checkpoint(record.file_id, record.checkpoint, reached):
            raise TryLater("CHECKPOINT_LOST")
        before, record = record.checkpoint, replace(record, checkpoint=reached)
        self._send_outbox(record)
        self._telemetry.count("RowsRead", reached.position.row - before.position.row)
        self._telemetry.count("RowsAccepted", reached.accepted - before.accepted)
        self._telemetry.count("RowsRejected", len(stretch.rejected))
        return record

    def _store_rejects(self, record: FileRecord, rejected: list[JudgedRow]) -> str:
        """Store a piece of rejected.csv under a name nobody else uses; it names the piece before it."""
        key = f"{record.upload.parts_folder}rejected/{rejected[0].row:012d}-{self._new_id()}.csv"
        plan = _plan_of(record)
        body = b"".join(rejected_lines(plan, rejected))
        before = record.checkpoint.reject_part
        self._reports.put(key, body, rejected_type(plan), {"previous": before} if before else None)
        return key


def _plan_of(record: FileRecord) -> ReadingPlan:
    if record.plan is None:
        raise ContractBroken("PLAN_MISSING")
    return record.plan


def message_of(record: FileRecord, number: int, cut: Slice) -> BatchMessage:
    """The pointer to a slice: the ``number``-th of its file that holds a conversion."""
    return BatchMessage(
        schema=1,
        file_id=record.file_id,
        batch=number,
        destination=record.upload.destination or "",
        bucket=record.readable.bucket,
        key=record.readable.key,
        version_id=record.readable.version_id,
        start=cut.start.offset,
        end=cut.end.offset,
        rows_before=cut.start.row,
        lines_before=cut.start.line,
        rows=str(cut.valid_rows),
    )
