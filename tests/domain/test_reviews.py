"""A person's verdict on rows in review."""

from __future__ import annotations

from typing import Any

import pytest

from conversion_delivery.domain.batches import BatchId, RowSet
from conversion_delivery.domain.errors import NotPossible
from conversion_delivery.domain.outcomes import BatchRecord, Decision, Outcome, ReviewNote, outcome_of
from conversion_delivery.domain.reports.tallies import Tally
from conversion_delivery.domain.reviews import Verdict, reviewed_decisions, rows_in_review, with_verdict

NOW = 1_795_176_000.0


def a_batch(**changes: Any) -> BatchRecord:
    """Rows 1-3 delivered, 4 refused, 5-8 in review for two reasons."""
    parts: dict[str, Any] = {
        "accepted": RowSet([1, 2, 3]),
        "refused": {"TIKTOK_REFUSED:40002:": RowSet([4])},
        "review": {"OUTCOME_UNKNOWN": RowSet([5, 6, 7]), "TIKTOK_REFUSED:40002:user.email": RowSet([8])},
        "closed_at": NOW - 60,
        "maybe_sent_at": NOW - 200_000,
        "tally": {
            "rows": 8,
            "outcomes": {"delivered": 3, "refused": 1, "review": 4},
            "codes": {"OUTCOME_UNKNOWN": 3, "TIKTOK_REFUSED:40002:user.email": 1, "TIKTOK_REFUSED:40002:": 1},
            "delivered": {
                "events": {"Purchase": {"USD": {"events": 3, "value": "30.0"}}},
                "earliest": 5,
                "latest": 9,
            },
        },
    }
    return BatchRecord(BatchId("f" * 32, 1), **(parts | changes))


def two_purchases() -> Tally:
    return Tally.from_record(
        {"events": {"Purchase": {"USD": {"events": 2, "value": "12.5"}}}, "earliest": 4, "latest": 6}
    )


def test_rows_in_review_are_listed_by_their_reason() -> None:
    assert rows_in_review(a_batch()) == {
        "OUTCOME_UNKNOWN": RowSet([5, 6, 7]),
        "TIKTOK_REFUSED:40002:user.email": RowSet([8]),
    }


def test_a_row_that_is_decided_otherwise_is_not_in_review() -> None:
    record = a_batch(accepted=RowSet([1, 2, 3, 5]), released=RowSet([6]), refused={"X": RowSet([7])})
    assert rows_in_review(record) == {"TIKTOK_REFUSED:40002:user.email": RowSet([8])}


def test_rows_marked_delivered_are_delivered_and_counted_with_their_values() -> None:
    decided = with_verdict(a_batch(), RowSet([5, 6]), Verdict.DELIVERED, at=NOW, by="jo", delivered=two_purchases())
    assert [outcome_of(decided, row).outcome for row in (5, 6, 7, 8)] == [
        Outcome.DELIVERED, Outcome.DELIVERED, Outcome.REVIEW, Outcome.REVIEW,
    ]  # fmt: skip
    assert decided.tally["outcomes"] == {"delivered": 5, "refused": 1, "review": 2}
    assert decided.tally["codes"]["OUTCOME_UNKNOWN"] == 1
    assert decided.tally["delivered"]["events"] == {"Purchase": {"USD": {"events": 5, "value": "42.5"}}}
    assert decided.reviewed == (ReviewNote(NOW, "jo", "delivered", "5-6"),)


def test_released_rows_are_not_sent_and_free_for_the_next_upload() -> None:
    decided = with_verdict(a_batch(), RowSet([5, 6, 7, 8]), Verdict.RELEASED, at=NOW, by="jo")
    assert {outcome_of(decided, row) for row in (5, 6, 7, 8)} == {Decision(Outcome.NOT_SENT, "RELEASED")}
    assert decided.tally["outcomes"] == {"delivered": 3, "refused": 1, "not_sent": 4}
    assert decided.tally["codes"] == {"TIKTOK_REFUSED:40002:": 1, "RELEASED": 4}
    assert rows_in_review(decided) == {}


def test_verdicts_add_up_and_the_row_counts_stay_the_same() -> None:
    first = with_verdict(a_batch(), RowSet([5]), Verdict.RELEASED, at=NOW, by="jo")
    second = with_verdict(first, RowSet([8]), Verdict.DELIVERED, at=NOW + 1, by="al")
    assert [note.by for note in second.reviewed] == ["jo", "al"]
    assert reviewed_decisions(second) == {
        5: Decision(Outcome.NOT_SENT, "RELEASED"),
        8: Decision(Outcome.DELIVERED),
    }
    assert sum(second.tally["outcomes"].values()) == 8


@pytest.mark.parametrize("rows", [RowSet(), RowSet([4]), RowSet([1]), RowSet([5, 99])])
def test_only_rows_in_review_can_be_decided(rows: RowSet) -> None:
    with pytest.raises(NotPossible, match="ROWS_NOT_IN_REVIEW"):
        with_verdict(a_batch(), rows, Verdict.RELEASED, at=NOW, by="jo")


def test_a_verdict_is_never_taken_back_because_the_event_may_be_elsewhere_by_now() -> None:
    released = with_verdict(a_batch(), RowSet([5]), Verdict.RELEASED, at=NOW, by="jo")
    with pytest.raises(NotPossible, match="ROWS_NOT_IN_REVIEW"):
        with_verdict(released, RowSet([5]), Verdict.DELIVERED, at=NOW, by="jo")


def test_an_open_batch_is_left_to_its_sender() -> None:
    with pytest.raises(NotPossible, match="BATCH_OPEN"):
        with_verdict(a_batch(closed_at=None), RowSet([5]), Verdict.RELEASED, at=NOW, by="jo")
