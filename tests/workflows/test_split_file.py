"""Splitting a file: which slices it becomes, and that no interruption changes them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator

import pytest

from conversion_delivery.domain.batches import ContinuationMessage, Position
from conversion_delivery.domain.errors import ContractBroken, SourceUnavailable, TryLater, UploadRejected
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.reading.file_reading import Reading
from conversion_delivery.domain.reading.judged_rows import JudgedRow
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.slices import Rows
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.ports import FileProgress
from conversion_delivery.workflows.split_file import SplitLimits
from tests.workflows.delivery_world import DeliveryWorld, file_of, row

ROWS = [row(number) if number % 7 else row(number, email="not-an-address") for number in range(1, 101)]


def slices(world: DeliveryWorld) -> list[str]:
    """What the queue was told, without repetitions, in order of batches."""
    return [message.to_json() for message in sorted(set(world.pending()), key=lambda message: message.batch)]


def test_a_batch_holds_up_to_the_limit_of_valid_rows_and_slices_touch() -> None:
    world = DeliveryWorld(rows_per_batch=20)
    world.drop(file_of(*ROWS))
    messages = world.pending()
    assert [len(message.valid_rows) for message in messages] == [20, 20, 20, 20, 6]
    assert all(earlier.end == later.start for earlier, later in itertools.pairwise(messages))


def test_messages_carry_no_cell_of_the_file() -> None:
    world = DeliveryWorld()
    world.drop(file_of(row(1)))
    (message,) = world.pending()
    assert "buyer1" not in message.to_json()
    assert len(message.to_json()) < 2000


def test_the_same_notification_twice_makes_the_same_slices() -> None:
    once, twice = DeliveryWorld(rows_per_batch=20), DeliveryWorld(rows_per_batch=20)
    once.drop(file_of(*ROWS))
    upload = twice.drop(file_of(*ROWS))
    twice.split.start(upload, lambda: 300.0)
    assert slices(once) == slices(twice)


class Dying(Exception):
    """The process ends here."""


class FailingProgress:
    """A progress store whose n-th checkpoint fails before or after it is written."""

    def __init__(self, inner: FileProgress, fail_at: int, *, after: bool) -> None:
        self._inner = inner
        self._left = fail_at
        self._after = after

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def checkpoint(self, *arguments: object) -> bool:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise Dying
        written = self._inner.checkpoint(*arguments)  # type: ignore[arg-type]
        if self._left == 0:
            raise Dying
        return written


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("fail_at", [1, 2, 3, 4, 5])
def test_a_splitter_killed_at_any_checkpoint_ends_in_the_same_slices_and_rejects(fail_at: int, after: bool) -> None:
    limits = SplitLimits(checkpoint_bytes=500)
    calm = DeliveryWorld(rows_per_batch=20, split_limits=limits)
    calm_upload = calm.drop(file_of(*ROWS))
    world = DeliveryWorld(rows_per_batch=20, split_limits=limits)
    upload = world.uploads.put("bucket", "uploads/shop/sales.csv", file_of(*ROWS))
    world.split._progress = FailingProgress(world.progress, fail_at, after=after)  # type: ignore[assignment]
    with pytest.raises(Dying):
        world.split.start(upload, lambda: 300.0)
    world.split._progress = world.progress
    world.split.start(upload, lambda: 300.0)
    assert slices(world) == slices(calm)
    for each, of in ((calm, calm_upload), (world, upload)):
        each.queue.batches[:] = sorted(set(each.queue.batches), key=lambda message: message.batch)
        each.deliver_all()
        assert each.summary(of)["counts"]["rejected"] == 14
    assert world.report(upload, "rejected.csv") == calm.report(calm_upload, "rejected.csv")


def test_a_long_file_hops_through_continuations_and_ends_in_the_same_slices() -> None:
    calm = DeliveryWorld(rows_per_batch=10)
    calm.drop(file_of(*ROWS))
    world = DeliveryWorld(rows_per_batch=10)
    upload = world.uploads.put("bucket", "uploads/shop/sales.csv", file_of(*ROWS))
    world.split.start(upload, lambda: 10.0)
    hops = 0
    while world.queue.continuations:
        (continuation, _) = world.queue.continuations.pop()
        world.split.go_on(continuation, lambda: 10.0)
        hops += 1
    assert hops > 5
    assert slices(world) == slices(calm)


def test_a_file_that_needs_too_many_hops_stops_and_reports_what_was_read() -> None:
    world = DeliveryWorld(rows_per_batch=10, split_limits=SplitLimits(hops=3))
    upload = world.uploads.put("bucket", "uploads/shop/sales.csv", file_of(*ROWS))
    world.split.start(upload, lambda: 10.0)
    while world.queue.continuations:
        (continuation, _) = world.queue.continuations.pop()
        world.split.go_on(continuation, lambda: 10.0)
    world.deliver_all()
    summary = world.summary(upload)
    assert summary["state"] == "PARTIAL"
    assert summary["file"]["error"]["code"] == "HOPS_EXCEEDED"
    assert summary["counts"]["delivered"] == 30


def test_the_loser_of_a_checkpoint_race_hands_its_message_back() -> None:
    world = DeliveryWorld(rows_per_batch=20)
    upload = world.uploads.put("bucket", "uploads/shop/sales.csv", file_of(*ROWS))
    world.progress.checkpoint = lambda *_: False  # type: ignore[method-assign]
    with pytest.raises(TryLater) as later:
        world.split.start(upload, lambda: 300.0)
    assert later.value.code == "CHECKPOINT_LOST"


def test_rejected_rows_come_back_in_their_own_layout_with_line_code_and_sentence() -> None:
    world = DeliveryWorld()
    upload = world.drop(file_of(row(1), row(2, email="nobody"), row(3, event="Walk-in")))
    world.deliver_all()
    first, second = world.report(upload, "rejected.csv")
    assert (first["email"], first["_line"], first["_codes"]) == ("nobody", "3", "EMAIL_INVALID")
    assert (second["event_type"], second["_line"], second["_codes"]) == ("Walk-in", "4", "EVENT_UNKNOWN")
    assert second["_messages"]


def test_a_corrected_rejected_csv_can_be_dropped_as_it_is() -> None:
    world = DeliveryWorld()
    upload = world.drop(file_of(row(1), row(2, email="nobody")))
    world.deliver_all()
    returned = world.reports.get(f"{upload.report_folder}rejected.csv").replace(b"nobody", b"buyer2@example.com")
    again = world.drop(returned, "uploads/shop/rejected.csv")
    world.deliver_all()
    assert world.summary(again)["counts"]["delivered"] == 1
    assert world.sent_order_ids() == ["T-1", "T-2"]


def test_an_upload_for_an_unknown_destination_is_refused_by_name() -> None:
    world = DeliveryWorld()
    upload = world.drop(file_of(row(1)), "uploads/nowhere/sales.csv")
    summary = world.summary(upload)
    assert summary["state"] == "REJECTED"
    assert summary["file"]["error"]["code"] == "DESTINATION_UNKNOWN"
    assert "nowhere" in summary["file"]["error"]["message"]
    assert world.reports.get(f"{upload.report_folder}_FAILED") == b""


def test_an_upload_outside_any_folder_is_refused() -> None:
    world = DeliveryWorld()
    upload = world.drop(file_of(row(1)), "uploads/sales.csv")
    assert upload.report_folder.startswith("reports/_unrouted/")
    assert world.summary(upload)["state"] == "REJECTED"


def test_unreadable_settings_refuse_the_file_and_name_the_key() -> None:
    world = DeliveryWorld(settings={"default_timezone": "Mars/Olympus"})
    upload = world.drop(file_of(row(1)))
    error = world.summary(upload)["file"]["error"]
    assert error["code"] == "SETTINGS_INVALID"
    assert "default_timezone" in error["message"]


def test_an_empty_file_is_refused_and_reported() -> None:
    world = DeliveryWorld()
    upload = world.drop(b"")
    assert world.summary(upload)["file"]["error"]["code"] == "FILE_EMPTY"


def test_a_file_without_a_good_row_is_finished_by_the_splitter() -> None:
    world = DeliveryWorld()
    upload = world.drop(file_of(row(1, email="x"), row(2, email="y")))
    assert world.pending() == []
    assert world.summary(upload)["counts"]["rejected"] == 2


def test_an_unversioned_bucket_is_refused_with_a_report() -> None:
    world = DeliveryWorld()
    upload = world.uploads.put("bucket", "uploads/shop/sales.csv", file_of(row(1)), versioned=False)
    world.split.start(upload, lambda: 300.0)
    report = Upload(upload.bucket, upload.key, "null").report_folder
    assert b"BUCKET_UNVERSIONED" in world.reports.get(f"{report}summary.json")


def test_hidden_files_and_folder_markers_are_left_alone() -> None:
    world = DeliveryWorld()
    for key in ("uploads/shop/", "uploads/shop/.part", "uploads/shop/_DONE"):
        world.drop(file_of(row(1)), key)
    assert world.progress.files == {}


def test_a_file_deleted_while_it_is_read_keeps_what_was_sent() -> None:
    world = DeliveryWorld(rows_per_batch=10)
    upload = world.uploads.put("bucket", "uploads/shop/sales.csv", file_of(*ROWS))
    world.split.start(upload, lambda: 10.0)
    world.uploads.delete(upload)
    (continuation, _) = world.queue.continuations.pop()
    world.split.go_on(continuation, lambda: 300.0)
    world.deliver_all()
    summary = world.summary(upload)
    assert summary["file"]["error"]["code"] == "FILE_GONE"
    assert summary["counts"]["not_sent"] == 10


def test_a_service_that_does_not_answer_hands_the_message_back() -> None:
    world = DeliveryWorld()
    upload = world.uploads.put("bucket", "uploads/shop/sales.csv", file_of(row(1)))

    def unavailable(_: str) -> None:
        raise SourceUnavailable("SERVICE_UNAVAILABLE", operation="GetParameter")

    world.destinations.settings = unavailable  # type: ignore[method-assign,assignment]
    with pytest.raises(TryLater):
        world.split.start(upload, lambda: 300.0)
    assert world.progress.files == {}


def test_a_status_exists_from_the_arrival_on_and_ends_with_the_state_of_the_report() -> None:
    world = DeliveryWorld(rows_per_batch=10)
    upload = world.uploads.put("bucket", "uploads/shop/sales.csv", file_of(*ROWS))

    def status() -> dict[str, object]:
        document: dict[str, object] = json.loads(world.reports.get(f"{upload.report_folder}status.json"))
        return document

    world.split.start(upload, lambda: 10.0)
    assert (status()["state"], status()["rows_read"]) == ("READING", 11)
    (continuation, _) = world.queue.continuations.pop()
    world.split.go_on(continuation, lambda: 300.0)
    assert (status()["state"], status()["rows_read"]) == ("SENDING", 100)
    world.deliver_all()
    assert status()["state"] == "DONE_WITH_REJECTS"


class EndsEarly(Reading):
    """Refuses to go on at a certain row, as an order without end does."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self._at = at

    def rows(self, plan: ReadingPlan, blocks: Iterable[bytes], start: Position) -> Rows:
        return _UpTo(super().rows(plan, blocks, start), self._at)


class _UpTo:
    def __init__(self, rows: Rows, at: int) -> None:
        self._rows, self._at, self._reached = rows, at, rows.position()

    def __iter__(self) -> Iterator[JudgedRow]:
        for judged in self._rows:
            if judged.row >= self._at:
                raise UploadRejected("ORDER_ENDLESS", line=judged.line)
            self._reached = self._rows.position()
            yield judged

    def position(self) -> Position:
        return self._reached

    def is_border(self) -> bool:
        return True


def test_a_file_that_nobody_can_read_on_from_some_row_keeps_what_came_before() -> None:
    world = DeliveryWorld(rows_per_batch=20)
    world.split._reading = EndsEarly(at=50)
    upload = world.drop(file_of(*(row(number) for number in range(1, 101))))
    world.deliver_all()
    record = world.progress.file(upload.file_id)
    assert record is not None
    assert (record.checkpoint.stopped, record.checkpoint.stopped_facts) == ("ORDER_ENDLESS", {"line": 51})
    summary = world.summary(upload)
    assert (summary["state"], summary["file"]["error"]["code"]) == ("PARTIAL", "ORDER_ENDLESS")
    assert (summary["counts"]["rows_read"], summary["counts"]["delivered"]) == (49, 49)


def test_a_continuation_of_a_file_without_a_record_or_a_plan_is_a_broken_contract() -> None:
    world = DeliveryWorld()
    unplanned = FileRecord(Upload("bucket", "uploads/shop/sales.csv", "v1", 1), world.now())
    for record, code in ((None, "FILE_UNKNOWN"), (unplanned, "PLAN_MISSING")):
        if record is not None:
            world.progress.create_file(record)
        with pytest.raises(ContractBroken, match=code):
            world.split.go_on(ContinuationMessage(schema=1, continue_file_id=unplanned.file_id), lambda: 300.0)
