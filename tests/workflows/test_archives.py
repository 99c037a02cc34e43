"""An archive of several files: each becomes a file of its own, whatever happens on the way."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from conversion_delivery.domain.errors import TryLater
from conversion_delivery.domain.uploads import Upload
from tests.fakes.prepared_store import FakePreparedStore
from tests.workflows.delivery_world import DeliveryWorld, file_of, row
from tests.workflows.mortal_splitter import Fate, deaths, go_on, mortal_splitter, notify

KEY = "uploads/shop/two.zip"


def stored_zip_of(**files: bytes) -> bytes:
    return zip_of(zipfile.ZIP_STORED, **files)


def zip_of(compression: int = zipfile.ZIP_DEFLATED, **files: bytes) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
    return body.getvalue()


BERLIN = file_of(*(row(number) for number in range(1, 26)))
TWO_SHOPS = zip_of(
    berlin=BERLIN,
    paris=file_of(row(101), row(102, email="nobody")),
)


def document(world: DeliveryWorld, upload: Upload, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(world.reports.get(f"{upload.report_folder}{name}"))
    return found


def member(upload: Upload, name: str) -> Upload:
    return upload._replace(member=name)


def test_each_file_of_an_archive_is_delivered_and_reported_on_its_own() -> None:
    world = DeliveryWorld()
    upload = world.drop(TWO_SHOPS, KEY)
    go_on(world)
    berlin, paris = (world.summary(member(upload, name)) for name in ("berlin.csv", "paris.csv"))
    assert (berlin["counts"]["delivered"], paris["counts"]["delivered"]) == (25, 1)
    assert (berlin["file"]["name"], paris["file"]["name"]) == ("berlin.csv", "paris.csv")
    assert (berlin["state"], paris["state"]) == ("DONE", "DONE_WITH_REJECTS")
    assert sorted(world.sent_order_ids()) == sorted([*(f"T-{number}" for number in range(1, 26)), "T-101"])


def test_the_archive_has_a_report_that_adds_its_files_up_and_names_theirs() -> None:
    world = DeliveryWorld()
    upload = world.drop(TWO_SHOPS, KEY)
    assert document(world, upload, "status.json")["state"] == "SENDING"
    assert f"{upload.report_folder}_DONE" not in world.reports.objects
    go_on(world)
    summary = world.summary(upload)
    assert summary["state"] == document(world, upload, "status.json")["state"] == "DONE_WITH_REJECTS"
    assert (summary["counts"]["rows_read"], summary["counts"]["delivered"], summary["counts"]["rejected"]) == (
        27,
        26,
        1,
    )
    assert summary["delivered"] == [{"event": "Purchase", "currency": "USD", "events": 26, "value": "260.0"}]
    assert [each["report"] for each in summary["members"]] == [
        member(upload, name).report_folder for name in ("berlin.csv", "paris.csv")
    ]
    assert f"{upload.report_folder}_DONE" in world.reports.objects
    record = world.progress.file(upload.file_id)
    assert record is not None
    assert record.members == ("berlin.csv", "paris.csv")
    assert record.finished_at is not None


def test_the_archives_own_page_and_mail_name_each_file_with_its_report() -> None:
    world = DeliveryWorld()
    upload = world.drop(TWO_SHOPS, KEY)
    go_on(world)
    summary = world.summary(upload)
    page = world.reports.get(summary["reports"]["html"]).decode()
    mail = world.reports.get(summary["reports"]["text"]).decode()
    assert mail.startswith("1 row must be corrected. 26 events are with TikTok. ")
    for name in ("berlin.csv", "paris.csv"):
        own = member(upload, name)
        assert f'href="../{own.file_id}/report.html"' in page
        assert f"{own.report_folder}report.html" in mail
        assert f"{own.report_folder}report.html" in world.reports.objects
    assert "1 row must be corrected" in page


def test_reading_the_files_of_an_archive_is_left_to_invocations_of_their_own() -> None:
    world = DeliveryWorld()
    upload = world.drop(TWO_SHOPS, KEY)
    assert world.pending() == []
    continued = [message.continue_file_id for message, _ in world.queue.continuations]
    assert continued == [member(upload, name).file_id for name in ("berlin.csv", "paris.csv")]


def test_an_archive_of_one_file_is_read_at_once_under_its_own_name() -> None:
    world = DeliveryWorld()
    upload = world.drop(zip_of(sales=file_of(row(1))), KEY)
    assert (len(world.pending()), world.queue.continuations) == (1, [])
    go_on(world)
    assert world.summary(upload)["file"]["compression"] == "zip"


def test_a_file_of_an_archive_that_cannot_be_read_does_not_hold_up_the_others() -> None:
    world = DeliveryWorld()
    upload = world.drop(zip_of(bad=b"evnt_tme,mail\nx,y\n", good=file_of(row(1))), KEY)
    go_on(world)
    bad = world.summary(member(upload, "bad.csv"))
    assert (bad["state"], bad["file"]["error"]["code"]) == ("REJECTED", "COLUMN_REQUIRED")
    assert world.summary(member(upload, "good.csv"))["counts"]["delivered"] == 1
    summary = world.summary(upload)
    assert (summary["state"], summary["file"]["error"]) == ("PARTIAL", None)
    assert [each["error_code"] for each in summary["members"]] == ["COLUMN_REQUIRED", ""]
    mail = world.reports.get(summary["reports"]["text"]).decode()
    assert mail.startswith("1 of the archive's 2 files was refused. 1 event is with TikTok. Open the report of each")


def test_an_archive_of_refused_files_only_is_refused() -> None:
    world = DeliveryWorld()
    upload = world.drop(zip_of(bad=b"evnt_tme,mail\nx,y\n", worse=b"a,b\n1,2\n"), KEY)
    go_on(world)
    summary = world.summary(upload)
    assert (summary["state"], summary["file"]["error"]["code"]) == ("REJECTED", "ARCHIVE_FILES_REFUSED")
    assert f"{upload.report_folder}_FAILED" in world.reports.objects
    mail = world.reports.get(summary["reports"]["text"]).decode()
    assert mail.startswith("The file was refused and nothing was sent. None of the 2 files in the archive")


def test_an_archive_that_is_only_checked_says_which_of_its_files_would_be_refused() -> None:
    world = DeliveryWorld()
    upload = world.drop(zip_of(bad=b"evnt_tme,mail\nx,y\n", good=file_of(row(1))), "validate/shop/two.zip")
    go_on(world)
    summary = world.summary(upload)
    assert (summary["state"], summary["counts"]["would_send"], world.sent_order_ids()) == ("VALIDATED", 1, [])
    mail = world.reports.get(summary["reports"]["text"]).decode()
    assert mail.startswith(
        "Checked only, nothing was sent. 1 of the archive's 2 files was refused. 1 row would be sent."
    )


def test_a_known_archive_costs_one_read_of_its_record_and_no_preparing() -> None:
    world = DeliveryWorld()
    upload = world.drop(TWO_SHOPS, KEY)
    go_on(world)
    fate = Fate()
    assert notify(mortal_splitter(world, fate), upload)
    assert fate.effects == ["resolve", "file"]
    assert (world.pending(), world.queue.continuations) == ([], [])


def test_a_splitter_killed_at_any_effect_unpacks_every_file_once_and_loses_none() -> None:
    calm = Fate()
    world = DeliveryWorld()
    assert notify(mortal_splitter(world, calm), world.uploads.put("bucket", KEY, TWO_SHOPS))
    for die_at, after in deaths(len(calm.effects)):
        world = DeliveryWorld()
        prepared = FakePreparedStore(world.uploads)
        upload = world.uploads.put("bucket", KEY, TWO_SHOPS)
        assert not notify(mortal_splitter(world, Fate(die_at, after=after), prepared), upload)
        known = {file.upload.member for file in world.progress.files.values()}
        before = len(prepared.keys)
        assert notify(mortal_splitter(world, Fate(), prepared), upload)
        go_on(world)
        where = f"{calm.effects[die_at - 1]} ({die_at}, after: {after})"
        assert sorted(world.sent_order_ids()) == sorted([*(f"T-{number}" for number in range(1, 26)), "T-101"]), where
        assert world.summary(upload)["counts"]["delivered"] == 26, where
        again = {key.rpartition("/")[2] for key in prepared.keys[before:]}
        assert not again & {member(upload, name).file_id for name in known}, where


def test_a_member_that_needs_more_time_than_the_others_left_is_taken_up_by_the_next_invocation() -> None:
    world = DeliveryWorld()
    upload = world.uploads.put("bucket", KEY, TWO_SHOPS)
    left = iter([300.0, *([10.0] * 20)])
    with pytest.raises(TryLater) as later:
        world.split.start(upload, lambda: next(left))
    assert later.value.code == "PREPARING_CONTINUES"
    assert [file.upload.member for file in world.progress.files.values()] == ["berlin.csv"]
    world.split.start(upload, lambda: 300.0)
    go_on(world)
    assert world.summary(upload)["counts"]["delivered"] == 26


def test_an_archive_that_is_no_archive_is_refused_as_a_whole() -> None:
    world = DeliveryWorld()
    upload = world.drop(TWO_SHOPS[:-30], KEY)
    assert world.summary(upload)["state"] == "REJECTED"


def test_a_member_that_is_finished_before_the_archive_is_unpacked_does_not_finish_it() -> None:
    world = DeliveryWorld()
    upload = world.uploads.put("bucket", KEY, TWO_SHOPS)
    left = iter([300.0, *([10.0] * 20)])
    with pytest.raises(TryLater):
        world.split.start(upload, lambda: next(left))
    go_on(world)
    assert world.summary(member(upload, "berlin.csv"))["state"] == "DONE"
    assert f"{upload.report_folder}_DONE" not in world.reports.objects
    world.split.start(upload, lambda: 300.0)
    assert [message.continue_file_id for message, _ in world.queue.continuations] == [
        member(upload, "paris.csv").file_id
    ]
    go_on(world)
    assert f"{upload.report_folder}_DONE" in world.reports.objects


def test_an_archive_that_is_deleted_while_it_is_unpacked_keeps_what_came_out_of_it() -> None:
    world = DeliveryWorld()
    paris = file_of(*(row(number) for number in range(101, 100_000)))
    upload = world.uploads.put("bucket", KEY, stored_zip_of(berlin=BERLIN, paris=paris))

    class Deleting(Fate):
        def call(self, name: str, method: Any, *values: Any, **named: Any) -> Any:
            answer = super().call(name, method, *values, **named)
            if name == "send_continuation":
                world.uploads.delete(upload)
            return answer

    assert notify(mortal_splitter(world, Deleting()), upload)
    go_on(world)
    assert world.summary(upload)["file"]["error"]["code"] == "FILE_GONE"
    assert world.summary(member(upload, "berlin.csv"))["counts"]["delivered"] == 25
