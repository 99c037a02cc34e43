"""Split one upload into batches: notification or continuation in, batch messages and a checkpoint out.

Order is always: store the rejects, write the checkpoint with the messages in its outbox, send them. Whoever comes to a
file sends the outbox first, so a crash anywhere repeats messages and never skips any; and a batch is counted before
anybody can deliver it. Whoever loses the race for a checkpoint hands its message back: the winner may crash, and then
this message must go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from conversion_delivery.domain.batches import BatchMessage, ContinuationMessage, Position, parse_batch_message
from conversion_delivery.domain.errors import ContractBroken, SourceGone, TryLater, UploadRejected
from conversion_delivery.domain.files import Checkpoint, FileRecord
from conversion_delivery.domain.reading.file_reading import HEAD_BYTES, Reading
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.slices import JudgedRow, Slice, SliceLimits, cut_slices
from conversion_delivery.domain.reports.rejected_rows import rejected_lines
from conversion_delivery.domain.uploads import UNVERSIONED, Upload
from conversion_delivery.workflows.finish_file import FinishFile
from conversion_delivery.workflows.ports import (
    DestinationStore,
    FileProgress,
    ReportStore,
    SplitQueue,
    Telemetry,
    UploadStore,
)
from conversion_delivery.workflows.write_status import WriteStatus

Remaining = Callable[[], float]
"""Seconds that the running function has left."""


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


@dataclass(slots=True)
class _Stretch:
    """What has been read since the last checkpoint: numbers, the rejected rows, and messages to send."""

    end: Position
    conversions: int = 0
    ignored: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    rejected: list[JudgedRow] = field(default_factory=list)
    messages: list[BatchMessage] = field(default_factory=list)

    def add(self, cut: Slice) -> None:
        self.end = cut.end
        self.conversions += len(cut.valid)
        self.ignored += cut.ignored
        self.rejected += cut.rejected
        self.reasons += cut.reasons
        self.warnings += cut.warnings


class SplitFile:
    """The splitter's workflow."""

    def __init__(
        self,
        *,
        uploads: UploadStore,
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
        self._destinations = destinations
        self._reports = reports
        self._status = WriteStatus(reports)
        self._finish = finish
        self._telemetry = telemetry
        self._now = now
        self._new_id = new_id
        self._reading = reading or Reading()
        self._limits = limits or SplitLimits()

    def start(self, upload: Upload, remaining: Remaining) -> None:
        """Take an upload that a notification names; any number of times."""
        if upload.is_ignorable:
            self._telemetry.note("upload_ignored")
            return
        try:
            upload = self._uploads.resolve(upload)
        except SourceGone:
            self._telemetry.note("upload_gone_before_reading")
            return
        except UploadRejected:
            upload = upload._replace(version_id=UNVERSIONED)
        record = self._progress.file(upload.file_id)
        if record is None:
            record = self._progress.create_file(self._receive(upload))
            self._status.run(record)
        self._split(record, remaining)

    def go_on(self, file_id: str, remaining: Remaining) -> None:
        """Take a file up at its checkpoint. Raises ``ContractBroken`` (``FILE_UNKNOWN``)."""
        record = self._progress.file(file_id)
        if record is None:
            raise ContractBroken("FILE_UNKNOWN")
        self._split(record, remaining)

    def _receive(self, upload: Upload) -> FileRecord:
        received_at = self._now()
        record = FileRecord(upload, received_at)
        try:
            destination = upload.destination
            if destination is None:
                raise UploadRejected("DESTINATION_UNKNOWN", destination="")
            if not upload.has_version:
                raise UploadRejected("BUCKET_UNVERSIONED")
            settings = self._destinations.settings(destination)
            plan = self._reading.plan(
                self._head_of(upload),
                size=upload.size,
                name=upload.name,
                settings=settings,
                as_of=int(received_at),
            )
        except UploadRejected as refusal:
            self._telemetry.count("FilesRejected")
            return replace(record, rejected_code=refusal.code, rejected_facts=refusal.facts)
        except SourceGone:
            return replace(record, rejected_code="FILE_GONE")
        return replace(record, plan=plan, checkpoint=Checkpoint(plan.data_starts))

    def _head_of(self, upload: Upload) -> bytes:
        return self._uploads.read(upload, 0, min(upload.size, HEAD_BYTES)) if upload.size else b""

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
        stretch = _Stretch(record.checkpoint.position)
        if record.checkpoint.hops >= self._limits.hops:
            return self._checkpoint(record, stretch, done=True, stopped="HOPS_EXCEEDED")
        try:
            for cut in self._slices(record):
                self._take(record, stretch, cut)
                out_of_time = remaining() < self._limits.stop_seconds
                if out_of_time or self._is_full(record, stretch):
                    record = self._checkpoint(record, stretch, hop=out_of_time)
                    stretch = _Stretch(cut.end)
                if out_of_time:
                    return record
        except SourceGone:
            return self._checkpoint(record, stretch, done=True, stopped="FILE_GONE")
        return self._checkpoint(record, stretch, done=True)

    def _is_full(self, record: FileRecord, stretch: _Stretch) -> bool:
        """Whether it is time for a checkpoint."""
        limits = self._limits
        return (
            len(stretch.messages) >= limits.batches_per_checkpoint
            or len(stretch.rejected) >= limits.checkpoint_rejects
            or stretch.end.offset - record.checkpoint.position.offset >= limits.checkpoint_bytes
        )

    def _slices(self, record: FileRecord) -> Iterator[Slice]:
        plan, start = _plan_of(record), record.checkpoint.position
        blocks = self._uploads.stream(record.readable, start.offset)
        return cut_slices(self._reading.rows(plan, blocks, start), start, self._limits.slices)

    def _take(self, record: FileRecord, stretch: _Stretch, cut: Slice) -> None:
        stretch.add(cut)
        if cut.valid:
            number = record.checkpoint.batches + len(stretch.messages) + 1
            stretch.messages.append(message_of(record, number, cut))

    def _checkpoint(
        self, record: FileRecord, stretch: _Stretch, *, hop: bool = False, done: bool = False, stopped: str = ""
    ) -> FileRecord:
        """Store, remember, then send. Raises ``TryLater`` (``CHECKPOINT_LOST``) when another one was faster."""
        reached = _advanced(record.checkpoint, stretch, hop=hop, done=done, stopped=stopped)
        if stretch.rejected:
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
        body = "".join(rejected_lines(_plan_of(record), rejected)).encode("utf-8", "surrogateescape")
        before = record.checkpoint.reject_part
        self._reports.put(key, body, "text/csv; charset=utf-8", {"previous": before} if before else None)
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


def _advanced(before: Checkpoint, stretch: _Stretch, *, hop: bool, done: bool, stopped: str) -> Checkpoint:
    """The checkpoint after a stretch; counters are cumulative."""
    seen = Counter({"rejected": len(stretch.rejected), "ignored": stretch.ignored})
    return replace(
        before,
        position=stretch.end,
        batches=before.batches + len(stretch.messages),
        outbox=tuple(message.to_json() for message in stretch.messages),
        hops=before.hops + (1 if hop else 0),
        accepted=before.accepted + stretch.conversions,
        counts=dict(Counter(before.counts) + seen),
        reasons=dict(Counter(before.reasons) + stretch.reasons),
        warnings=dict(Counter(before.warnings) + stretch.warnings),
        done=done,
        stopped=stopped,
    )
