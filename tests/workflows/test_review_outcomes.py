"""Rows that nobody knows the outcome of, and a person's verdict on them."""

from __future__ import annotations

import pytest

from conversion_delivery.domain.batches import BatchId, RowSet
from conversion_delivery.domain.errors import NotPossible
from conversion_delivery.domain.reviews import Verdict
from tests.workflows.delivery_world import file_of, row
from tests.workflows.operator_world import NO_ANSWER, OperatedWorld


def test_rows_without_an_answer_are_listed_with_their_batch() -> None:
    world = OperatedWorld()
    upload = world.drop_unanswered()

    (found,) = world.review.rows(upload.file_id)
    assert (found.batch.batch_id.number, found.numbers) == (1, RowSet([1, 2]))
    assert list(found.rows) == ["OUTCOME_UNKNOWN"]


def test_marking_delivered_rewrites_the_report_with_the_values_of_the_rows() -> None:
    world = OperatedWorld()
    upload = world.drop_unanswered()
    before = world.summary(upload)
    assert (before["state"], before["counts"]["review"], before["counts"]["delivered"]) == ("PARTIAL", 2, 2)

    assert world.review.decide(upload.file_id, None, Verdict.DELIVERED, "jo") == (2, True)

    after = world.summary(upload)
    assert (after["state"], after["counts"]["review"], after["counts"]["delivered"]) == ("DONE", 0, 4)
    assert after["delivered"] == [{"event": "Purchase", "currency": "USD", "events": 4, "value": "40.0"}]
    assert [note["rows"] for note in after["reviewed"]] == ["1-2"]
    assert {line["outcome"] for line in world.report(upload, "results.csv")} == {"delivered"}
    assert {line["code"] for line in world.report(upload, "results.csv")} == {""}


def test_the_report_names_the_time_of_a_verdict_and_not_the_person() -> None:
    world = OperatedWorld()
    upload = world.drop_unanswered()
    world.review.decide(upload.file_id, RowSet([1]), Verdict.DELIVERED, "arn:aws:iam::1:user/jo")
    (note,) = world.summary(upload)["reviewed"]
    assert note["at"].startswith("2026-11-22T1")
    assert "user/jo" not in world.reports.get(f"{upload.report_folder}summary.json").decode()
    batch = world.progress.batch(BatchId(upload.file_id, 1))
    assert batch is not None
    assert batch.reviewed[0].by == "arn:aws:iam::1:user/jo"


def test_a_released_row_is_sent_with_the_next_upload_and_a_row_marked_delivered_is_not() -> None:
    world = OperatedWorld()
    upload = world.drop_unanswered()
    world.review.decide(upload.file_id, RowSet([1]), Verdict.RELEASED, "jo")
    world.review.decide(upload.file_id, RowSet([2]), Verdict.DELIVERED, "jo")
    assert world.summary(upload)["outcomes"]["RELEASED"] == 1
    sent_before = len(world.sent_order_ids())

    again = world.drop(file_of(row(1), row(2), row(3)))
    world.deliver_all()

    assert world.sent_order_ids()[sent_before:] == ["T-1"]
    assert world.summary(again)["counts"]["duplicates"] == 2


def test_without_the_file_the_rows_are_delivered_and_their_values_missing() -> None:
    world = OperatedWorld()
    upload = world.drop_unanswered()
    world.uploads.delete(upload)
    assert world.review.decide(upload.file_id, None, Verdict.DELIVERED, "jo") == (2, False)
    assert world.summary(upload)["counts"]["delivered"] == 4
    assert world.summary(upload)["delivered"][0]["events"] == 2


def test_a_file_that_is_not_finished_gets_no_report_from_a_verdict() -> None:
    world = OperatedWorld()
    upload = world.drop_unanswered()
    record = world.progress.files[upload.file_id]
    world.progress.files[upload.file_id] = type(record)(
        record.upload, record.received_at, record.plan, checkpoint=record.checkpoint, closed_batches=1
    )
    world.reports.objects.clear()
    world.review.decide(upload.file_id, None, Verdict.RELEASED, "jo")
    assert world.reports.objects == {}


@pytest.mark.parametrize(
    ("wanted", "code"), [(RowSet([3]), "NOTHING_IN_REVIEW"), (RowSet([1, 3]), "ROWS_NOT_IN_REVIEW")]
)
def test_rows_that_are_not_in_review_change_nothing(wanted: RowSet, code: str) -> None:
    world = OperatedWorld()
    upload = world.drop_unanswered()
    before = dict(world.progress.records)
    with pytest.raises(NotPossible, match=code):
        world.review.decide(upload.file_id, wanted, Verdict.RELEASED, "jo")
    assert world.progress.records == before


def test_an_open_batch_cannot_be_decided() -> None:
    world = OperatedWorld()
    upload = world.drop_unanswered()
    batch_id = BatchId(upload.file_id, 1)
    record = world.progress.records[batch_id]
    world.progress.records[batch_id] = type(record)(batch_id, review=record.review)
    with pytest.raises(NotPossible, match="BATCH_OPEN"):
        world.review.decide(upload.file_id, None, Verdict.RELEASED, "jo")


def test_of_two_persons_at_the_same_moment_one_is_told() -> None:
    world = OperatedWorld()
    upload = world.drop_unanswered()
    (found,) = world.review.rows(upload.file_id)
    world.review.decide(upload.file_id, RowSet([2]), Verdict.RELEASED, "first")
    world.review.rows = lambda *_: iter([found])  # type: ignore[method-assign]
    with pytest.raises(NotPossible, match="REVIEW_LOST"):
        world.review.decide(upload.file_id, None, Verdict.DELIVERED, "second")


def test_an_unknown_file_is_said_to_be_unknown() -> None:
    with pytest.raises(NotPossible, match="FILE_UNKNOWN"):
        OperatedWorld(answers=(NO_ANSWER,)).review.decide("0" * 32, None, Verdict.RELEASED, "jo")
