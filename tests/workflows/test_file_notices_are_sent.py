"""When a finished file is told: after its report, before its mark, and what is measured then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from conversion_delivery.domain.errors import SourceUnavailable
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.finish_file import REASONS_NOTED, FinishFile
from conversion_delivery.workflows.ports import Notices
from tests.fakes.notices import FakeNotices
from tests.workflows.delivery_world import DeliveryWorld, file_of, row


def delivered_but_not_finished(world: DeliveryWorld, *rows: str) -> Upload:
    """A file whose batches are closed, as if the last sender had stopped before the finish check."""
    upload = world.drop(file_of(*rows))
    world.deliver_all()
    world.progress.files[upload.file_id] = replace(world.progress.files[upload.file_id], finished_at=None)
    return upload


def finish(world: DeliveryWorld, notices: Notices) -> FinishFile:
    return FinishFile(world.progress, world.reports, world.telemetry, world.now, notices)


def test_a_finished_file_is_told_once() -> None:
    world, notices = DeliveryWorld(), FakeNotices()
    upload = delivered_but_not_finished(world, row(1))
    for _ in range(3):
        finish(world, notices).run(upload.file_id)

    assert [notice["file_id"] for notice in notices.published] == [upload.file_id]


def test_a_notice_comes_after_the_report_and_before_the_mark() -> None:
    world = DeliveryWorld()
    upload = world.drop(b"")
    world.progress.files[upload.file_id] = replace(world.progress.files[upload.file_id], finished_at=None)
    world.reports.objects.clear()
    seen: list[tuple[bool, bool]] = []

    class Watching:
        def publish(self, notice: Mapping[str, Any]) -> None:
            reported = all(key in world.reports.objects for key in notice["reports"].values() if not key.endswith("/"))
            record = world.progress.file(upload.file_id)
            seen.append((reported, record is not None and record.finished_at is not None))

    finish(world, Watching()).run(upload.file_id)

    assert seen == [(True, False)]


def test_a_notice_that_cannot_be_sent_is_sent_by_the_next_attempt() -> None:
    world, notices = DeliveryWorld(), FakeNotices()
    upload = delivered_but_not_finished(world, row(1))

    class Failing:
        def publish(self, notice: Mapping[str, Any]) -> None:
            raise SourceUnavailable("AWS_UNAVAILABLE")

    with pytest.raises(SourceUnavailable):
        finish(world, Failing()).run(upload.file_id)
    finish(world, notices).run(upload.file_id)

    assert len(notices.published) == 1
    record = world.progress.file(upload.file_id)
    assert record is not None
    assert record.finished_at is not None


def test_the_share_of_rejected_rows_is_measured_per_file() -> None:
    world = DeliveryWorld()
    world.drop(file_of(*(row(number, email="nobody" if number <= 5 else None) for number in range(1, 21))))
    world.deliver_all()

    assert ("RejectedPercent", 25.0, {"destination": "shop"}) in world.telemetry.measured


def test_the_time_from_upload_to_delivery_is_measured_where_something_was_delivered() -> None:
    world = DeliveryWorld()
    world.drop(file_of(row(1)))
    world.time += 90
    world.deliver_all()

    assert ("UploadToDeliveredSeconds", 90.0, {"destination": "shop"}) in world.telemetry.measured


def test_reasons_go_to_the_log_those_with_most_rows_first() -> None:
    world = DeliveryWorld()
    world.drop(file_of(row(1), row(2, email="nobody"), row(3, email="nobody")))
    world.deliver_all()

    noted = [dict(note.facts) for note in world.telemetry.notes if note.message == "rows_with_code"]
    assert [(note["code"], note["count"], note["destination"]) for note in noted] == [("EMAIL_INVALID", 2, "shop")]
    assert len(noted) <= REASONS_NOTED


def test_a_folder_that_is_no_destination_makes_no_metric_of_its_own() -> None:
    world = DeliveryWorld()
    world.drop(file_of(row(1)), "uploads/made-up-folder/sales.csv")

    named = {tuple(dimensions.items()) for _, _, dimensions in (*world.telemetry.points, *world.telemetry.measured)}
    assert named == {(("destination", "none"),)}


def test_a_file_that_is_only_checked_is_no_file_that_came_and_no_rejected_row() -> None:
    world = DeliveryWorld()
    world.drop(file_of(row(1), row(2, email="x")), "validate/shop/sales.csv")

    assert not {"FilesReceived", "RowsRead", "RowsRejected"} & world.telemetry.counts.keys()
