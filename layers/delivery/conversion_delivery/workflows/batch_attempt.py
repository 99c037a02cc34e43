"""One attempt at one batch: what it knows, and what it has decided so far.

Lives for one invocation. The row sets here are what the next settle or close writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from conversion_delivery.domain.batches import BatchId, BatchMessage, RowSet
from conversion_delivery.domain.events.tiktok_events import EncodedEvent
from conversion_delivery.domain.outcomes import BatchRecord, CodedRows
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.workflows.ports import Gate, Settlement

LEASE_MARGIN_SECONDS = 60.0
"""How much longer than the function a lease lives."""

RESEND_MARGIN_SECONDS = 3600.0
"""TikTok forgets an event id after the de-duplication window; re-sending stops this much earlier (the 47-hour rule)."""


@dataclass(frozen=True, slots=True)
class DeliveryLimits:
    """Bounds and waits of the sender, in seconds unless said."""

    dedup_window: float = 48 * 3600
    """How long TikTok drops repeats of an event id (help page "About event deduplication"). 0: never re-send."""
    first_copy_wait: float = 3600
    """How long rows wait for another batch that decides the same event."""
    post_seconds: float = 45
    """Time that must be left before a POST begins."""
    posts_per_attempt: int = 100
    """Bound on the isolation of refused events within one attempt; the next attempt goes on from what is settled."""
    ledger_retention: float = 90 * 86400
    body_bytes: int = 1_000_000

    @property
    def resend_seconds(self) -> float:
        """How long after the first POST that may have been accepted an event may still be re-sent; never negative."""
        return max(0.0, self.dedup_window - RESEND_MARGIN_SECONDS)


WrittenRow = tuple[int, list[str]]
"""Line and cells of one record."""


@dataclass(slots=True)
class SendableRow:
    """One accepted row of the slice, encoded. ``number`` is the row that row sets name for its event."""

    row: int
    line: int
    cells: list[str]
    event: EncodedEvent
    number: int
    rest: tuple[WrittenRow, ...] = ()
    """The further rows of an order of several rows."""


@dataclass(slots=True)
class BatchAttempt:
    """State of the attempt that owns a batch."""

    message: BatchMessage
    me: str
    record: BatchRecord
    now: Callable[[], float]
    plan: ReadingPlan | None = None
    """None until the file's record is read."""
    rows: list[SendableRow] = field(default_factory=list)
    """Every accepted row of the slice that today's rules still accept, in order."""
    no_longer_valid: list[int] = field(default_factory=list)
    invalid_rows: dict[int, tuple[WrittenRow, ...]] = field(default_factory=dict)
    """Those as they were written, an order with all of its rows, so that they can go back to the customer."""
    accepted: set[int] = field(default_factory=set)
    refused: dict[str, set[int]] = field(default_factory=dict)
    review: dict[str, set[int]] = field(default_factory=dict)
    duplicates: dict[str, set[int]] = field(default_factory=dict)
    request_ids: dict[str, str] = field(default_factory=dict)
    delivered_before: dict[str, tuple[int, float]] = field(default_factory=dict)
    """Id of a file that has delivered some of these events before -> how many, and when it had the last of them."""
    waiting: dict[int, str] = field(default_factory=dict)
    """Rows whose event another batch decides and has not decided yet -> ``<batch>#<row>`` of that one."""
    gate: Gate | None = None
    """The destination's gate as read at the start; None when there was none, or it has been forgotten since."""
    in_doubt: bool = False
    """An earlier POST of this batch has no stored answer: ``maybe_sent_at`` must stay."""
    unsaved: bool = False
    """The row sets hold decisions that are not stored yet."""
    clear_maybe_sent: bool = False
    """Storing them also removes ``maybe_sent_at``."""
    posts: int = 0

    def __post_init__(self) -> None:
        self.accepted = set(self.record.accepted)
        self.refused = {code: set(rows) for code, rows in self.record.refused.items()}
        self.review = {code: set(rows) for code, rows in self.record.review.items()}
        self.request_ids = dict(self.record.request_ids)
        self.in_doubt = self.record.maybe_sent_at is not None

    @property
    def batch_id(self) -> BatchId:
        return self.message.batch_id

    def is_decided(self, number: int) -> bool:
        """Whether a row set decides this row already."""
        if number in self.accepted:
            return True
        return any(number in rows for rows in (*self.refused.values(), *self.review.values()))

    def announced(self, *, in_doubt: bool) -> None:
        """A write-ahead is stored: from now on a POST may be accepted."""
        self.in_doubt = in_doubt
        self.clear_maybe_sent = False

    def saved(self) -> None:
        """The row sets are stored as they are."""
        self.unsaved = self.clear_maybe_sent = False

    def accept(self, rows: Iterable[SendableRow], request_id: str) -> None:
        numbers = {row.number for row in rows}
        self.accepted |= numbers
        if numbers and request_id:
            self.request_ids[request_id] = str(RowSet.parse(self.request_ids.get(request_id, "")) | numbers)

    def refuse(self, row: int, code: str, request_id: str = "") -> None:
        self.refused.setdefault(code, set()).add(row)
        self._remember(row, request_id)

    def hold_for_review(self, row: int, code: str, request_id: str = "") -> None:
        self.review.setdefault(code, set()).add(row)
        self._remember(row, request_id)

    def mark_duplicate(self, row: int, code: str) -> None:
        self.duplicates.setdefault(code, set()).add(row)

    def mark_delivered_before(self, batch: BatchRecord | None) -> None:
        """One more row whose event ``batch``, of this file or another, has delivered before."""
        if batch is not None:
            rows, latest = self.delivered_before.get(batch.batch_id.file_id, (0, 0.0))
            self.delivered_before[batch.batch_id.file_id] = (rows + 1, max(latest, batch.closed_at or 0.0))

    def mark_copy(self, row: SendableRow, *, of: SendableRow) -> None:
        """The row names the same event as another row of this batch."""
        same = row.event.fingerprint == of.event.fingerprint
        self.mark_duplicate(row.row, "COPY_IN_BATCH" if same else "CHANGED_COPY_IN_BATCH")

    def swap_copies(self, *, first: SendableRow, copy: SendableRow) -> None:
        """``first`` was marked as a copy of ``copy``; it is the other way round."""
        for rows in self.duplicates.values():
            rows.discard(first.row)
        self.mark_copy(copy, of=first)

    def row_at(self, number: int) -> SendableRow | None:
        return next((row for row in self.rows if row.row == number), None)

    def _remember(self, row: int, request_id: str) -> None:
        if request_id:
            self.request_ids[request_id] = str(RowSet.parse(self.request_ids.get(request_id, "")) | {row})

    def settlement(self, *, clear_maybe_sent: bool = False) -> Settlement:
        """The row sets as they are now."""
        return Settlement(
            accepted=RowSet(self.accepted),
            refused=coded(self.refused),
            review=coded(self.review),
            request_ids=dict(self.request_ids),
            clear_maybe_sent=clear_maybe_sent,
        )


def coded(rows_by_code: dict[str, set[int]]) -> CodedRows:
    """Sets of rows per code in stored form; empty ones are left out."""
    return {code: RowSet(rows) for code, rows in sorted(rows_by_code.items()) if rows}
