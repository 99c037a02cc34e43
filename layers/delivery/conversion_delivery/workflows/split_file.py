"""Split one upload into batches: notification or continuation in, batch messages and a checkpoint out.

Order is always: store the rejects, write the checkpoint with the messages in its outbox, send them. Whoever comes to a
file sends the outbox first (unless its own message was sent after all of it), so a crash anywhere repeats messages and
never skips any; and a batch is counted before anybody can deliver it. Whoever loses the race for a checkpoint hands its
message back: the winner may crash, and then this message must go on. While too many batches of a file are open, the
splitter rests (``open_batches``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from conversion_delivery.domain.batches import BatchMessage, ContinuationMessage, parse_batch_message
from conversion_delivery.domain.errors import ContractBroken, SourceGone, TryLater, UploadRejected
from conversion_delivery.domain.files import Checkpoint, FileRecord
from conversion_delivery.domain.reading.file_reading import Reading
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.slices import Rows, Slice, SliceLimits, cut_slices
from conversion_delivery.domain.reports.rejected_rows import rejected_ending, rejected_lines, rejected_type
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.checked_rows import CheckedRows, event_names
from conversion_delivery.workflows.finish_file import FinishFile
from conversion_delivery.workflows.open_batches import OPEN_BATCHES, OpenBatches
from conversion_delivery.workflows.ports import DestinationStore, FileProgress, ReportStore, SplitQueue, Telemetry
from conversion_delivery.workflows.prepare_upload import PrepareUpload
from conversion_delivery.workflows.read_ahead import LineEndless, ReadAhead
from conversion_delivery.workflows.receive_upload import ReceiveUpload, Remaining
from conversion_delivery.workflows.reject_pieces import RejectPieces
from conversion_delivery.workflows.split_stretch import Stretch
from conversion_delivery.workflows.upload_ports import UploadStore
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
    """Passes over one file, beyond one per ``BYTES_PER_HOP`` that were read; more means that something feeds itself."""
    line_bytes: int = 1 << 30
    """Most bytes between two slices. A longer line or order is never cut, and would outlast every invocation."""
    open_batches: int = OPEN_BATCHES
    """Batches of one file that may be open before its splitter rests; 0: any number."""

    def ceiling(self, offset: int) -> int:
        """Passes that a file may have taken to get to ``offset``."""
        return self.hops + offset // BYTES_PER_HOP


BYTES_PER_HOP = 20_000
"""A pass reads one slice at least, and no slice but the last of a file is shorter: it has 1,000 conversions (an event,
a time and an identifier are 20 bytes and more), 20,000 rows, or 8 MiB. A pass that only finds that the file must rest
writes nothing and is not counted: its growing delay bounds it."""


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

    def go_on(self, message: ContinuationMessage, remaining: Remaining) -> None:
        """Take a file up at its checkpoint. Raises ``ContractBroken`` (``FILE_UNKNOWN``)."""
        record = self._progress.file(message.continue_file_id)
        if record is None:
            raise ContractBroken("FILE_UNKNOWN")
        self._split(record, remaining, message)

    def _split(self, record: FileRecord, remaining: Remaining, message: ContinuationMessage | None = None) -> None:
        """``message``: the continuation that this pass was begun with; None where it was a notification."""
        if not record.is_complete and (message is None or message.sent != record.checkpoint.batches):
            self._send_outbox(record)
        opened = OpenBatches(self._progress, record.file_id, record.closed_batches, self._limits.open_batches)
        if not _is_read(record) and not opened.look(record.checkpoint.batches):
            record = self._read_on(record, remaining, opened)
            self._status.run(record)
        if _is_read(record):
            self._finish.run(record.file_id, remaining)
        else:
            self._continue(record, opened.continuation(message, record.checkpoint.batches))

    def _continue(self, record: FileRecord, message: ContinuationMessage) -> None:
        self._queue.send_continuation(message, message.rested)
        self._telemetry.note(
            "split_rests" if message.rested else "split_continues",
            file_id=record.file_id,
            hops=record.checkpoint.hops,
            seconds=message.rested,
        )

    def _send_outbox(self, record: FileRecord) -> None:
        if record.checkpoint.outbox:
            self._queue.send_batches([parse_batch_message(text) for text in record.checkpoint.outbox])

    def _read_on(self, record: FileRecord, remaining: Remaining, opened: OpenBatches) -> FileRecord:
        """Read from the checkpoint to the end, or until the time is up or too many batches are open.

        Gives the record with its new checkpoint.
        """
        stretch, ceiling = self._stretch(record), self._limits.ceiling(record.checkpoint.position.offset)
        if record.checkpoint.hops >= ceiling:
            return self._stop(record, stretch, "HOPS_EXCEEDED", {"hops": ceiling})
        ahead = ReadAhead(self._limits.line_bytes)
        try:
            rows = self._rows(record, ahead)
            for cut in cut_slices(rows, record.checkpoint.position, self._limits.slices):
                self._take(record, stretch, cut, rows)
                ahead.since_slice = 0
                too_many = opened.look(record.checkpoint.batches + len(stretch.messages))
                hop = too_many or remaining() < self._limits.stop_seconds
                if hop or self._is_full(record, stretch):
                    record = self._checkpoint(record, stretch, hop=hop)
                    stretch = Stretch(cut.end, stretch.pieces)
                if hop:
                    return record
        except SourceGone:
            return self._stop(record, stretch, "FILE_GONE", {})
        except LineEndless:
            facts = {"row": stretch.end.row, "bytes": self._limits.line_bytes}
            return self._stop(record, stretch, "LINE_ENDLESS", facts)
        except UploadRejected as refusal:
            return self._stop(record, stretch, refusal.code, refusal.facts)
        return self._checkpoint(record, stretch, done=True)

    def _stretch(self, record: FileRecord) -> Stretch:
        """The beginning of a pass."""
        folder = f"{record.upload.parts_folder}rejected/"
        pieces = RejectPieces(self._reports, folder, record.checkpoint.reject_part, self._new_id)
        return Stretch(record.checkpoint.position, pieces)

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

    def _rows(self, record: FileRecord, ahead: ReadAhead) -> Rows:
        plan, start = _plan_of(record), record.checkpoint.position
        rows = self._reading.rows(plan, ahead.of(self._uploads.stream(record.readable, start.offset)), start)
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
            reached = replace(reached, reject_part=self._store_rejects(record, stretch))
        if not self._progress.checkpoint(record.file_id, record.checkpoint, reached):
            raise TryLater("CHECKPOINT_LOST")
        before, record = record.checkpoint, replace(record, checkpoint=reached)
        self._send_outbox(record)
        self._count(record, before, len(stretch.rejected))
        return record

    def _count(self, record: FileRecord, before: Checkpoint, rejected: int) -> None:
        """Rows of files that are only checked are not counted: nobody waits for their events."""
        if not record.upload.is_validation:
            destination, reached = record.known_destination, record.checkpoint
            read = reached.position.row - before.position.row
            self._telemetry.count("RowsRead", read, destination=destination)
            self._telemetry.count("RowsAccepted", reached.accepted - before.accepted, destination=destination)
            self._telemetry.count("RowsRejected", rejected, destination=destination)

    def _store_rejects(self, record: FileRecord, stretch: Stretch) -> str:
        """Store the rejected rows; the key of the last piece of them."""
        plan = _plan_of(record)
        lines = b"".join(rejected_lines(plan, stretch.rejected))
        return stretch.pieces.add(stretch.rejected[0].row, lines, rejected_type(plan), rejected_ending(plan))


def _is_read(record: FileRecord) -> bool:
    """Whether nothing of the file is left to read."""
    return record.rejected_code is not None or record.checkpoint.done


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
