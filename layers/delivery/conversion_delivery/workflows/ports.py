"""The ports: what the workflows need from the world, in the workflows' own words.

Every adapter in ``aws`` and ``tiktok``, and every fake in ``tests/fakes``, fulfils one of these; the contract tests
run the same sentences against each. Those to the bytes of a file stand in ``upload_ports``, those to TikTok in
``events_api_ports``, an operator's in ``operator_ports``. Any method may raise ``SourceUnavailable`` (an AWS service
did not answer).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from conversion_delivery.domain.batches import BatchId, BatchMessage, ContinuationMessage, RowSet
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.files import Checkpoint, FileRecord
from conversion_delivery.domain.outcomes import BatchRecord, Claim, CodedRows, Owner


class SplitQueue(Protocol):
    """Where the splitter puts its work."""

    def send_batches(self, messages: Sequence[BatchMessage]) -> None:
        """All of them are in the queue when this returns; some may be in it when this raises."""
        ...

    def send_continuation(self, message: ContinuationMessage, delay_seconds: int = 0) -> None: ...


class ClaimAnswer(StrEnum):
    """What the ledger said to one claim."""

    CLAIMED = "claimed"
    TAKEN = "taken"
    UNANSWERED = "unanswered"
    """Throttled, failed, or lost: it may or may not have been written. Nothing may be sent on the strength of it."""


class EventLedger(Protocol):
    """One item per event key: which batch and row decide it."""

    def claim(self, claims: Sequence[Claim]) -> list[ClaimAnswer]:
        """Insert each claim whose key is free; one answer per claim, in order. Keys must be distinct."""
        ...

    def owners(self, event_keys: Sequence[str]) -> dict[str, Owner]:
        """Who decides each of these keys (strongly consistent); absent keys are absent from the answer."""
        ...

    def take_over(self, claim: Claim, expected: Owner) -> bool:
        """Make ``claim`` the owner if batch and row are still those of ``expected``; False if they are not.

        True as well where ``claim`` is the owner already, as when a write whose answer was lost is repeated.
        """
        ...


class LeaseState(StrEnum):
    LEASED = "leased"
    BUSY = "busy"
    CLOSED = "closed"


class Lease(NamedTuple):
    """The answer to a try for a lease; ``batch`` is the record after it (LEASED) or as found (BUSY, CLOSED)."""

    state: LeaseState
    batch: BatchRecord


class WriteAheadState(StrEnum):
    WRITTEN = "written"
    LOST = "lost"
    """Somebody else owns the batch now, or it is closed."""
    TOO_LATE = "too_late"
    """Still the owner, but a POST may have been accepted longer ago than re-sending allows."""


class WriteAhead(NamedTuple):
    state: WriteAheadState
    in_doubt: bool = False
    """``maybe_sent_at`` was set already: an earlier POST of this batch has no answer yet."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """Row sets of a batch as they are after an answer, written whole."""

    accepted: RowSet
    refused: CodedRows
    review: CodedRows
    request_ids: Mapping[str, str]
    clear_maybe_sent: bool = False


@dataclass(frozen=True, slots=True)
class Closing:
    """The last write of a batch."""

    settlement: Settlement
    duplicates: CodedRows
    tally: Mapping[str, Any]
    closing_code: str = ""


class Gate(NamedTuple):
    """A destination's delivery gate as stored."""

    shut_until: float
    reason: str
    failures: int
    """Shuttings in a row without a delivery between them."""
    since: float = 0.0
    """Epoch seconds of the first of these failures; 0 where nobody wrote it down."""


class FileProgress(Protocol):
    """Files, batches and gates. Each method is one conditional write, or one strongly consistent read (no snapshot)."""

    def create_file(self, record: FileRecord) -> FileRecord:
        """Store the record unless the file is known; return what is stored either way."""
        ...

    def file(self, file_id: str) -> FileRecord | None: ...

    def closed_batches(self, file_id: str) -> int:
        """How many batches of the file are closed; 0 of an unknown one."""
        ...

    def checkpoint(self, file_id: str, expected: Checkpoint, reached: Checkpoint) -> bool:
        """Advance if position, batches and hops are still those of ``expected`` and the split is not done."""
        ...

    def finish_file(self, file_id: str, now: float) -> bool:
        """Mark finished if it is complete and not finished yet; True if this call did it."""
        ...

    def batch(self, batch_id: BatchId) -> BatchRecord | None: ...

    def batches(self, file_id: str, after: int = 0) -> Iterator[BatchRecord]:
        """Batch records of a file with numbers above ``after``, in order; batches nobody has begun have none."""
        ...

    def lease(self, batch_id: BatchId, owner: str, now: float, until: float) -> Lease:
        """``owner = :me, lease_until, attempts + 1`` unless closed, or leased by another whose lease has not ended."""
        ...

    def write_ahead(self, batch_id: BatchId, owner: str, now: float, not_before: float) -> WriteAhead:
        """``maybe_sent_at = now`` unless set, if owned, open, and an earlier one is after ``not_before``."""
        ...

    def settle(self, batch_id: BatchId, owner: str, settlement: Settlement) -> bool:
        """Write the row sets under ownership; False if the batch is not ours (any more)."""
        ...

    def release(self, batch_id: BatchId, owner: str, waiting_since: float | None = None) -> bool:
        """Give the lease back under ownership; sets ``waiting_since`` unless it is set. False if not ours."""
        ...

    def close(self, batch_id: BatchId, owner: str, closing: Closing, now: float) -> bool:
        """Close the batch and count it on the file in one transaction, under ownership; False if not ours.

        True as well where this very owner has closed it already.
        """
        ...

    def gate(self, destination: str) -> Gate | None: ...

    def shut_gate(self, destination: str, gate: Gate) -> None:
        """Store the gate as shut; a gate that is shut for longer stays as it is."""
        ...

    def open_gate(self, destination: str) -> None:
        """Forget the gate: deliveries go on, the count of failures begins anew."""
        ...


class ReportStore(Protocol):
    """Report files and their pieces. Writing the same again is harmless."""

    def put(self, key: str, body: bytes, content_type: str, metadata: Mapping[str, str] | None = None) -> None: ...

    def get(self, key: str) -> bytes:
        """Raises ``SourceGone`` when there is no such object."""
        ...

    def get_each(self, keys: Sequence[str]) -> Iterator[bytes]:
        """The objects in the order of their keys; several are fetched at a time. Raises ``SourceGone``."""
        ...

    def metadata(self, key: str) -> Mapping[str, str]: ...

    def write_stream(self, key: str, blocks: Iterable[bytes], content_type: str) -> None:
        """Write an object of any size in bounded memory."""
        ...


class Notices(Protocol):
    """Where is told that a file is finished."""

    def publish(self, notice: Mapping[str, Any]) -> None:
        """Tell it (``reports.file_notices``); everybody who listens has it at least once after this returns."""
        ...


class SilentNotices:
    """Tells nobody."""

    def publish(self, notice: Mapping[str, Any]) -> None:
        return None


class DestinationStore(Protocol):
    def settings(self, destination: str) -> DestinationSettings:
        """Raises ``UploadRejected``: ``DESTINATION_UNKNOWN``, ``SETTINGS_INVALID``."""
        ...


class Telemetry(Protocol):
    """Counts and notes for operators: numbers, codes and names, never values."""

    def count(self, metric: str, value: float = 1, **dimensions: str) -> None: ...

    def measure(self, metric: str, value: float, unit: str = "None", **dimensions: str) -> None:
        """A value that stands for itself: a duration, an age, a share. Several are kept apart, never added up."""
        ...

    def note(self, message: str, **facts: int | float | str | None) -> None: ...

    def span(self, name: str) -> AbstractContextManager[None]: ...
