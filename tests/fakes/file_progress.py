"""Files, batches and gates in memory, with the conditions of the real store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conversion_delivery.domain.batches import BatchId
from conversion_delivery.domain.files import Checkpoint, FileRecord
from conversion_delivery.domain.outcomes import BatchRecord
from conversion_delivery.workflows.ports import (
    Closing,
    Gate,
    Lease,
    LeaseState,
    Settlement,
    WriteAhead,
    WriteAheadState,
)


class FakeFileProgress:
    """``files``, ``counts``, ``records`` and ``gates`` are all there is.

    Each method is one step that cannot be cut in two; ``file`` is two reads, as in the real store, and ``record`` and
    ``closed_batches`` are the two.
    """

    def __init__(self) -> None:
        self.files: dict[str, FileRecord] = {}
        self.counts: dict[str, int] = {}
        """File id -> closed batches."""
        self.records: dict[BatchId, BatchRecord] = {}
        self.gates: dict[str, Gate] = {}

    def create_file(self, record: FileRecord) -> FileRecord:
        stored = self.files.setdefault(record.file_id, record)
        return replace(stored, closed_batches=self.closed_batches(record.file_id))

    def file(self, file_id: str) -> FileRecord | None:
        record = self.record(file_id)
        return None if record is None else replace(record, closed_batches=self.closed_batches(file_id))

    def record(self, file_id: str) -> FileRecord | None:
        return self.files.get(file_id)

    def closed_batches(self, file_id: str) -> int:
        return self.counts.get(file_id, 0)

    def checkpoint(self, file_id: str, expected: Checkpoint, reached: Checkpoint) -> bool:
        record = self.files.get(file_id)
        if record is None or record.checkpoint.done or _place(record.checkpoint) != _place(expected):
            return False
        self.files[file_id] = replace(record, checkpoint=reached)
        return True

    def finish_file(self, file_id: str, now: float) -> bool:
        record = self.file(file_id)
        if record is None or record.finished_at is not None or not record.is_complete:
            return False
        self.files[file_id] = replace(record, finished_at=now)
        return True

    def batch(self, batch_id: BatchId) -> BatchRecord | None:
        return self.records.get(batch_id)

    def batches(self, file_id: str, after: int = 0) -> Iterator[BatchRecord]:
        for batch_id in sorted(self.records):
            if batch_id.file_id == file_id and batch_id.number > after:
                yield self.records[batch_id]

    def lease(self, batch_id: BatchId, owner: str, now: float, until: float) -> Lease:
        found = self.records.get(batch_id, BatchRecord(batch_id))
        if found.is_closed:
            return Lease(LeaseState.CLOSED, found)
        if found.owner not in (None, owner) and not _is_over(found.lease_until, now):
            return Lease(LeaseState.BUSY, found)
        leased = replace(found, owner=owner, lease_until=until, attempts=found.attempts + 1)
        self.records[batch_id] = leased
        return Lease(LeaseState.LEASED, leased)

    def write_ahead(self, batch_id: BatchId, owner: str, now: float, not_before: float) -> WriteAhead:
        record = self._owned(batch_id, owner)
        if record is None:
            return WriteAhead(WriteAheadState.LOST)
        if record.maybe_sent_at is None:
            self.records[batch_id] = replace(record, maybe_sent_at=now)
            return WriteAhead(WriteAheadState.WRITTEN)
        if record.maybe_sent_at > not_before:
            return WriteAhead(WriteAheadState.WRITTEN, in_doubt=True)
        return WriteAhead(WriteAheadState.TOO_LATE, in_doubt=True)

    def settle(self, batch_id: BatchId, owner: str, settlement: Settlement) -> bool:
        record = self._owned(batch_id, owner)
        if record is None:
            return False
        self.records[batch_id] = _settled(record, settlement)
        return True

    def release(self, batch_id: BatchId, owner: str, waiting_since: float | None = None) -> bool:
        record = self._owned(batch_id, owner)
        if record is None:
            return False
        waiting = waiting_since if record.waiting_since is None else record.waiting_since
        self.records[batch_id] = replace(record, owner=None, lease_until=None, waiting_since=waiting)
        return True

    def close(self, batch_id: BatchId, owner: str, closing: Closing, now: float) -> bool:
        record = self._owned(batch_id, owner)
        if record is None:
            found = self.records.get(batch_id)
            return found is not None and found.is_closed and found.owner == owner
        self.counts[batch_id.file_id] = self.closed_batches(batch_id.file_id) + 1
        self.records[batch_id] = replace(
            _settled(record, closing.settlement),
            duplicates=closing.duplicates,
            tally=closing.tally,
            closing_code=closing.closing_code,
            closed_at=now,
        )
        return True

    def review(self, found: BatchRecord, decided: BatchRecord) -> bool:
        record = self.records.get(found.batch_id)
        if record is None or not record.is_closed:
            return False
        stored = (record.accepted, record.released, record.reviewed)
        if stored != (found.accepted, found.released, found.reviewed):
            return record == decided
        self.records[found.batch_id] = replace(
            record,
            accepted=decided.accepted,
            released=decided.released,
            tally=decided.tally,
            reviewed=decided.reviewed,
        )
        return True

    def gate(self, destination: str) -> Gate | None:
        return self.gates.get(destination)

    def shut_gate(self, destination: str, gate: Gate) -> None:
        stored = self.gates.get(destination)
        if stored is None or stored.shut_until <= gate.shut_until:
            self.gates[destination] = gate

    def open_gate(self, destination: str) -> None:
        self.gates.pop(destination, None)

    def _owned(self, batch_id: BatchId, owner: str) -> BatchRecord | None:
        record = self.records.get(batch_id)
        return record if record is not None and record.owner == owner and not record.is_closed else None


def _place(checkpoint: Checkpoint) -> tuple[object, ...]:
    return checkpoint.position, checkpoint.batches, checkpoint.hops


def _is_over(lease_until: float | None, now: float) -> bool:
    return lease_until is not None and lease_until < now


def _settled(record: BatchRecord, settlement: Settlement) -> BatchRecord:
    return replace(
        record,
        accepted=settlement.accepted,
        refused=settlement.refused,
        review=settlement.review,
        request_ids=settlement.request_ids,
        maybe_sent_at=None if settlement.clear_maybe_sent else record.maybe_sent_at,
    )
