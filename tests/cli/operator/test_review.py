"""``conversions review``: rows that nobody knows the outcome of."""

from __future__ import annotations

import json

import pytest

from conversion_delivery.domain.batches import BatchId, RowSet
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind
from tests.cli.operator.conftest import Workplace
from tests.workflows.delivery_world import file_of, row

NO_ANSWER = Answer(AnswerKind.UNKNOWN, cause="ReadTimeout")


def drop_unanswered(place: Workplace) -> Upload:
    """Rows 1 and 2 may have been counted; row 3 was delivered."""
    upload = place.drop(file_of(row(1), row(2), row(3)))
    first, second = place.batches()
    place.api.answers = [NO_ANSWER]
    assert place.deliver(first) != []
    place.time += 48 * 3600
    assert place.deliver(first, second) == []
    return upload


def summary(place: Workplace, upload: Upload) -> dict[str, object]:
    document: dict[str, object] = json.loads(place.stack.reports.get(f"{upload.report_folder}summary.json"))
    return document


def test_rows_in_review_are_listed_with_file_batch_reason_and_what_it_means(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    upload = drop_unanswered(place)
    assert place.run("review", "list") == 0
    shown = capsys.readouterr().out
    assert upload.file_id in shown
    assert "1-2" in shown
    assert "OUTCOME_UNKNOWN: Sent, but no answer came" in shown
    assert place.run("review", "list", "--file-id", upload.file_id, "--json") == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert (entry["batch"], entry["rows"], entry["events"], entry["open"]) == (1, "1-2", 2, False)


def test_nothing_in_review_is_said_with_exit_code_1(place: Workplace, capsys: pytest.CaptureFixture[str]) -> None:
    place.drop(file_of(row(1)))
    place.deliver(*place.batches())
    assert place.run("review", "list") == 1
    assert capsys.readouterr().out == "No row is in review.\n"


def test_rows_are_marked_delivered_under_the_operators_name(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    upload = drop_unanswered(place)
    assert place.run("review", "mark-delivered", "--file-id", upload.file_id, "--all", "--yes") == 0
    assert "2 events: delivered" in capsys.readouterr().out
    record = place.stack.progress.batch(BatchId(upload.file_id, 1))
    assert record is not None
    assert record.accepted == RowSet([1, 2])
    assert record.reviewed[0].by.startswith("arn:aws:")
    assert summary(place, upload)["state"] == "DONE"


def test_rows_are_released_and_the_way_to_send_them_is_named(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    upload = drop_unanswered(place)
    assert place.run("review", "release", "--file-id", upload.file_id, "--rows", "2", "--yes") == 0
    assert f"resend --file-id {upload.file_id}" in capsys.readouterr().out
    assert summary(place, upload)["outcomes"] == {"OUTCOME_UNKNOWN": 1, "RELEASED": 1}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--all", "--dry-run"], 0, "Dry run: nothing was changed."),
        (["--all"], 64, "--yes"),
        (["--rows", "3", "--yes"], 1, "None of these rows is in review."),
        (["--rows", "2-3", "--yes"], 1, "Not all of these rows are in review"),
        (["--rows", "one", "--yes"], 64, "--rows takes"),
        (["--rows", "5-1", "--yes"], 64, "--rows takes"),
        (["--rows", "1-99999999999", "--yes"], 64, "--rows takes"),
        ([], 64, "required"),
    ],
)
def test_nothing_changes_without_a_yes_or_for_other_rows(
    place: Workplace, arguments: list[str], code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    upload = drop_unanswered(place)
    before = place.stack.progress.batch(BatchId(upload.file_id, 1))
    assert place.run("review", "release", "--file-id", upload.file_id, *arguments) == code
    assert told in "".join(capsys.readouterr())
    assert place.stack.progress.batch(BatchId(upload.file_id, 1)) == before
