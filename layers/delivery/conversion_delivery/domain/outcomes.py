"""What became of an event, and the records that say so.

The ledger item of an event says only *who decides*: a batch and a row of it. The batch's record holds the row sets;
``outcome_of`` is the one place that reads an outcome out of them. First match wins:

    accepted has the row -> delivered      open batch, none of these          -> undecided
    refused has it       -> refused        closed, a POST may have arrived    -> review
    released has it      -> not sent       closed, certainly never POSTed     -> not sent
    review has it        -> review

*Delivered* needs positive evidence. *Refused* and *not sent* mean "certainly never counted"; *review* means "may have
been counted". Everything but *undecided* is final for that batch and row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from conversion_delivery.domain.batches import BatchId, RowSet


class Outcome(StrEnum):
    """How an event ended, or that it has not ended yet."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    REVIEW = "review"
    UNDECIDED = "undecided"
    DUPLICATE = "duplicate"
    """Of a row, not of an event: another row's copy of the event decides."""


class Decision(NamedTuple):
    """An outcome with the code that explains it (empty for a plain delivery)."""

    outcome: Outcome
    code: str = ""


class Claim(NamedTuple):
    """What a batch writes into the ledger to decide an event: the key, and who decides it."""

    event_key: str
    """``<event_source_id>#<event>#<event_id>``: TikTok's own scope of de-duplication."""
    batch: str
    row: int
    fingerprint: bytes
    """16 bytes of the normalised content; another fingerprint under the same key is changed content."""
    event_time: int
    expires_at: int


class Owner(NamedTuple):
    """The ledger's item of an event: which batch and row decide it."""

    batch: str
    row: int
    fingerprint: bytes


CodedRows = Mapping[str, RowSet]
"""Code -> rows."""


class ReviewNote(NamedTuple):
    """A person's verdict on rows in review, kept with the batch for whoever asks later."""

    at: float
    by: str
    """Who: the identity that AWS knows the operator by."""
    verdict: str
    """``delivered`` or ``released``."""
    rows: str
    """Text of a RowSet."""


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """One batch as FileProgress stores it. Only its owner writes it; closed, only a release changes it."""

    batch_id: BatchId
    owner: str | None = None
    lease_until: float | None = None
    maybe_sent_at: float | None = None
    """Since when a POST may have been accepted without its answer being stored (epoch seconds)."""
    waiting_since: float | None = None
    attempts: int = 0
    accepted: RowSet = field(default_factory=RowSet)
    refused: CodedRows = field(default_factory=dict)
    review: CodedRows = field(default_factory=dict)
    released: RowSet = field(default_factory=RowSet)
    duplicates: CodedRows = field(default_factory=dict)
    request_ids: Mapping[str, str] = field(default_factory=dict)
    """TikTok's request id -> the rows of that request, as text of a RowSet."""
    closed_at: float | None = None
    closing_code: str = ""
    """Why rows that were never sent were not (``SOURCE_GONE``, ...); empty for an ordinary closing."""
    tally: Mapping[str, Any] = field(default_factory=dict)
    """Counts and sums of the closed batch, as ``domain.reports.tallies`` writes them."""
    reviewed: tuple[ReviewNote, ...] = ()
    """What persons have decided since the batch was closed, oldest first."""

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class SettledRows(Protocol):
    """Anything that holds a batch's row sets."""

    @property
    def accepted(self) -> Iterable[int]: ...

    @property
    def refused(self) -> Mapping[str, Iterable[int]]: ...

    @property
    def review(self) -> Mapping[str, Iterable[int]]: ...


def outcome_of(batch: BatchRecord | None, row: int) -> Decision:
    """The outcome of the event that ``row`` of ``batch`` decides.

    A batch without a record has not begun: undecided.
    """
    if batch is None:
        return Decision(Outcome.UNDECIDED)
    if row in batch.accepted:
        return Decision(Outcome.DELIVERED)
    if (code := _code_of(batch.refused, row)) is not None:
        return Decision(Outcome.REFUSED, code)
    if row in batch.released:
        return Decision(Outcome.NOT_SENT, "RELEASED")
    if (code := _code_of(batch.review, row)) is not None:
        return Decision(Outcome.REVIEW, code)
    if not batch.is_closed:
        return Decision(Outcome.UNDECIDED)
    if batch.maybe_sent_at is not None:
        return Decision(Outcome.REVIEW, "OUTCOME_UNKNOWN")
    return Decision(Outcome.NOT_SENT, batch.closing_code or "UPLOAD_AGAIN")


def _code_of(rows_by_code: CodedRows, row: int) -> str | None:
    return next((code for code, rows in rows_by_code.items() if row in rows), None)


def is_verdict_on_content(code: str) -> bool:
    """Whether a refusal would meet the same content again: TikTok's own verdicts, and an event that is too large.

    Every other code among the refused means that the row was never sent, which says nothing about its content.
    """
    return code.startswith("TIKTOK_REFUSED") or code == "TOO_LARGE"


def decisions_of(batch_sets: SettledRows) -> dict[int, Decision]:
    """What the row sets say about each row they name, in the order of precedence of ``outcome_of``."""
    decisions: dict[int, Decision] = {}
    for code, rows in batch_sets.review.items():
        decisions.update(dict.fromkeys(rows, Decision(Outcome.REVIEW, code)))
    for code, rows in batch_sets.refused.items():
        outcome = Outcome.REFUSED if is_verdict_on_content(code) else Outcome.NOT_SENT
        decisions.update(dict.fromkeys(rows, Decision(outcome, code)))
    decisions.update(dict.fromkeys(batch_sets.accepted, Decision(Outcome.DELIVERED)))
    return decisions
