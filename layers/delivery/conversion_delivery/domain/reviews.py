"""A person's verdict on rows in review: what it changes in the record of their (closed) batch.

In: a record, rows, a verdict. Out: the record as it is to be stored. Only rows that are in review now can be decided:
a released event may be delivered by another batch at any moment, so no verdict is ever taken back or given twice.

*Delivered* adds to ``accepted`` and *released* to ``released``; the review set stays as it was, because the order of
precedence of ``outcome_of`` makes it irrelevant for these rows and it shows what the person decided about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from conversion_delivery.domain.batches import RowSet
from conversion_delivery.domain.errors import NotPossible
from conversion_delivery.domain.outcomes import BatchRecord, CodedRows, Decision, Outcome, ReviewNote, outcome_of
from conversion_delivery.domain.reports.tallies import Tally


class Verdict(StrEnum):
    """What a person found out at TikTok."""

    DELIVERED = "delivered"
    """It was counted."""
    RELEASED = "released"
    """It was never counted: the next upload that holds it may send it."""


def rows_in_review(record: BatchRecord) -> CodedRows:
    """The rows whose outcome nobody knows yet, by the code that says why."""
    waiting: dict[str, set[int]] = {}
    for rows in record.review.values():
        for row in rows:
            decision = outcome_of(record, row)
            if decision.outcome is Outcome.REVIEW:
                waiting.setdefault(decision.code, set()).add(row)
    return {code: RowSet(rows) for code, rows in sorted(waiting.items())}


def with_verdict(
    record: BatchRecord, rows: RowSet, verdict: Verdict, *, at: float, by: str, delivered: Tally | None = None
) -> BatchRecord:
    """The record after the verdict. ``delivered``: events and values of the rows, where they could be read again.

    Raises ``NotPossible``: ``BATCH_OPEN``, ``ROWS_NOT_IN_REVIEW``.
    """
    if not record.is_closed:
        raise NotPossible("BATCH_OPEN", batch=record.batch_id.number)
    codes = {row: code for code, waiting in rows_in_review(record).items() for row in waiting}
    if not rows or any(row not in codes for row in rows):
        raise NotPossible("ROWS_NOT_IN_REVIEW", batch=record.batch_id.number)
    decided = replace(record, reviewed=(*record.reviewed, ReviewNote(at, by, verdict.value, str(rows))))
    if verdict is Verdict.DELIVERED:
        decided = replace(decided, accepted=record.accepted | rows)
    else:
        decided = replace(decided, released=record.released | rows)
    tally = _moved(record.tally, Counter(codes[row] for row in rows), verdict, delivered)
    return replace(decided, tally=tally)


def reviewed_decisions(record: BatchRecord) -> dict[int, Decision]:
    """Row -> outcome, for the rows that a person has decided about."""
    rows: Iterable[int] = (row for note in record.reviewed for row in RowSet.parse(note.rows))
    return {row: outcome_of(record, row) for row in rows}


def _moved(tally: Mapping[str, Any], codes: Counter[str], verdict: Verdict, delivered: Tally | None) -> dict[str, Any]:
    """The batch's counts with these rows counted under their new outcome."""
    number = codes.total()
    outcomes, by_code = Counter(tally.get("outcomes", {})), Counter(tally.get("codes", {}))
    outcomes[Outcome.REVIEW.value] -= number
    by_code.subtract(codes)
    if verdict is Verdict.DELIVERED:
        outcomes[Outcome.DELIVERED.value] += number
    else:
        outcomes[Outcome.NOT_SENT.value] += number
        by_code["RELEASED"] += number
    totals = Tally.from_record(tally.get("delivered", {}))
    if delivered is not None:
        totals.merge(delivered)
    return {
        **tally,
        "outcomes": dict(+outcomes),
        "codes": dict(+by_code),
        "delivered": totals.to_record(),
    }
