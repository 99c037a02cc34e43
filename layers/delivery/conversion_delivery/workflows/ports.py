"""The ports: what the workflows need from the world, in the workflows' own words.

Every adapter in ``aws`` and ``tiktok``, and every fake in ``tests/fakes``, fulfils one of these; the contract tests
run the same sentences against each. Any method may raise ``SourceUnavailable`` (an AWS service did not answer).
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
from conversion_delivery.domain.private_keys import PrivateKey
from conversion_delivery.domain.reading.pgp_packets import Recipients
from conversion_delivery.domain.uploads import Upload


class StoredUpload(NamedTuple):
    """A stored version of an object."""

    upload: Upload
    stored_at: float
    """Epoch seconds."""


class Inbox(Protocol):
    """Where files land that come by SFTP."""

    def hand_over(self, upload: Upload, key: str) -> bool:
        """Copy a file of the inbox to ``key``, once however often it is asked; False where the file is gone.

        Raises ``SourceUnavailable``.
        """
        ...


class UploadStore(Protocol):
    """Uploaded (and prepared) objects, always read by version id. Raises ``SourceGone`` when the version is gone."""

    def resolve(self, upload: Upload) -> Upload:
        """The upload with its version id and size filled in.

        Where the bucket keeps no versions the version id is "null": such an upload has no ``has_version``.
        """
        ...

    def find(self, upload: Upload) -> StoredUpload | None:
        """The version, or the newest where the upload names none; None where there is none (any more)."""
        ...

    def keys(self, bucket: str, prefix: str) -> Sequence[str]:
        """The first 1,000 keys that begin with ``prefix``, in order, of objects that are not deleted."""
        ...

    def stream(self, upload: Upload, start: int = 0) -> Iterator[bytes]:
        """Blocks of bytes from ``start`` to the end of the object; the connection closes with the iterator."""
        ...

    def read(self, upload: Upload, start: int, end: int) -> bytes:
        """Exactly the bytes ``start`` (inclusive) to ``end`` (exclusive); anything else is ``ContractBroken``."""
        ...


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


class PreparedStore(Protocol):
    """Plain texts made of uploads. Writing the same again makes another version; the one that is named stays."""

    def write(self, key: str, blocks: Iterable[bytes]) -> Upload:
        """Write an object in bounded memory: the upload that pins it, by version id, with its size.

        What ``blocks`` raises is raised, and then no object appears.
        """
        ...


class KeyStore(Protocol):
    def keys(self, destination: str) -> tuple[PrivateKey, ...]:
        """The private PGP keys of the destination, else those for all; empty where there are none.

        Raises ``UploadRejected`` (``PGP_KEY_UNUSABLE``).
        """
        ...

    def place(self, destination: str) -> str:
        """Where a person puts the destination's keys: a name to show."""
        ...


class PgpDecryption(Protocol):
    def decrypt(
        self, head: bytes, blocks: Iterator[bytes], whom: Recipients, keys: Sequence[PrivateKey]
    ) -> Iterator[bytes]:
        """The clear text of the message that ``blocks`` are and ``head`` begins, in bounded memory.

        It is whole only when the iterator ends. Raises ``UploadRejected``: ``DECRYPT_FAILED``, ``PGP_DAMAGED``,
        ``PGP_KEY_UNUSABLE``.
        """
        ...


class DestinationStore(Protocol):
    def settings(self, destination: str) -> DestinationSettings:
        """Raises ``UploadRejected``: ``DESTINATION_UNKNOWN``, ``SETTINGS_INVALID``."""
        ...


class TokenStore(Protocol):
    def token(self, destination: str, *, fresh: bool = False) -> str:
        """The access token; ``fresh`` skips every cache.

        Raises ``CredentialsRefused``: ``SECRET_MISSING``, ``SECRET_UNUSABLE``.
        """
        ...


UNLISTED_CODE = "UNLISTED_CODE"
"""Cause of an answer whose code no source lists: what it means has to be found out by a person."""


class AnswerKind(StrEnum):
    """What an answer of the Events API means for the events of its request."""

    ACCEPTED = "accepted"
    PARTIAL = "partial"
    """Some events were taken: ``refused_indices`` names the others; None there means nobody said which."""
    REFUSED = "refused"
    """Nothing was taken. ``refused_indices`` names the culprits, or None: one of them, nobody said which."""
    THROTTLED = "throttled"
    BAD_CREDENTIALS = "bad_credentials"
    MISCONFIGURED = "misconfigured"
    """Nothing was taken and no event is to blame: wrong source id, version, host. A person must look."""
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    """No answer, or none that can be read: the events may have been taken."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the Events API, free of TikTok's text (it can echo values)."""

    kind: AnswerKind
    code: int | None = None
    """TikTok's ``code``; None where there was no readable body."""
    http_status: int | None = None
    request_id: str = ""
    refused_indices: tuple[int, ...] | None = None
    field: str = ""
    """Path of the field that TikTok names, such as ``properties.contents.content_id``."""
    cause: str = ""
    """Name of the exception or of the defect when there was no readable answer."""
    pause_seconds: float | None = None
    """How long a throttled caller should rest, where the kind of limit is known."""


class EventsApi(Protocol):
    def track(self, token: str, body: bytes) -> Answer:
        """One POST of one request body; never raises for anything that the network or TikTok can do."""
        ...


class Telemetry(Protocol):
    """Counts and notes for operators: numbers, codes and names, never values."""

    def count(self, metric: str, value: float = 1, **dimensions: str) -> None: ...

    def measure(self, metric: str, value: float, unit: str = "None", **dimensions: str) -> None:
        """A value that stands for itself: a duration, an age, a share. Several are kept apart, never added up."""
        ...

    def note(self, message: str, **facts: int | float | str | None) -> None: ...

    def span(self, name: str) -> AbstractContextManager[None]: ...
