"""The report of a finished file: every part is there before the marker, for persons and for programs alike."""

from __future__ import annotations

import json

import pytest

from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind
from conversion_delivery.workflows.finish_file import FinishFile
from tests.workflows.delivery_world import DeliveryWorld, file_of, row

REFUSED_SECOND = Answer(AnswerKind.PARTIAL, code=40002, refused_indices=(1,), field="user.email")


def page_of(world: DeliveryWorld, upload: Upload, name: str = "report.html") -> str:
    return world.reports.get(f"{upload.report_folder}{name}").decode()


def test_page_and_text_speak_of_the_file() -> None:
    world = DeliveryWorld(answers=[REFUSED_SECOND])
    upload = world.drop(file_of(row(1), row(2), row(3, email="nobody"), row(4, value="")))
    world.deliver_all()

    summary = world.summary(upload)
    assert summary["reports"]["html"] == f"{upload.report_folder}report.html"
    assert summary["reports"]["text"] == f"{upload.report_folder}report.txt"
    text = page_of(world, upload, "report.txt")
    assert text.startswith("TikTok refused 1 event. 2 rows must be corrected. 1 event is with TikTok. Correct the rows")
    assert "EMAIL_INVALID; line 4" in text
    page = page_of(world, upload)
    assert "<!DOCTYPE html>" in page
    assert "TikTok refused 1 event." in page


def test_lines_of_refused_rows_are_named() -> None:
    world = DeliveryWorld(answers=[REFUSED_SECOND])
    upload = world.drop(file_of(row(1), row(2)))
    world.deliver_all()

    (code,) = world.summary(upload)["outcomes"]
    assert code.startswith("TIKTOK_REFUSED:40002")
    assert world.summary(upload)["first_lines"] == {code: [3]}


def test_days_values_and_identifiers_of_delivered_events_reach_the_summary() -> None:
    world = DeliveryWorld(rows_per_batch=2)
    upload = world.drop(file_of(*map(row, range(1, 6))))
    world.deliver_all()

    summary = world.summary(upload)
    assert summary["value"] == {"USD": "50.0"}
    assert summary["by_day"] == [{"date": "2026-11-19", "events": 5, "value": {"USD": "50.0"}}]
    assert (summary["match_keys"]["events"], summary["match_keys"]["email"], summary["match_keys"]["phone"]) == (
        5,
        5,
        0,
    )


@pytest.mark.parametrize(
    ("body", "marker"), [(file_of(row(1), row(2, email="x")), "_DONE"), (b"", "_FAILED")], ids=["read", "refused"]
)
def test_the_marker_is_the_last_thing_written(body: bytes, marker: str) -> None:
    world = DeliveryWorld()
    world.drop(body)
    world.deliver_all()

    names = [key.rpartition("/")[2] for key in world.reports.objects]
    assert names[-1] == marker
    assert {"summary.json", "report.html", "report.txt", "status.json"} <= set(names)


def test_a_refused_file_has_a_page_that_names_the_cause() -> None:
    world = DeliveryWorld()
    upload = world.drop(b"")

    assert "The file was refused and nothing was sent." in page_of(world, upload)
    assert page_of(world, upload, "report.txt").startswith("The file was refused and nothing was sent.")


def test_writing_the_report_again_changes_nothing() -> None:
    world = DeliveryWorld()
    upload = world.drop(file_of(row(1), row(2, email="x")))
    world.deliver_all()
    before = dict(world.reports.objects)
    record = world.progress.file(upload.file_id)
    assert record is not None
    world.time += 1000
    FinishFile(world.progress, world.reports, world.telemetry, world.now).write_report(record)

    assert world.reports.objects == before


def test_a_header_that_is_no_text_does_not_stop_the_report() -> None:
    world = DeliveryWorld()
    upload = world.drop(b"event_type,email,timestamp,order_id,value,currency,caf\xe9\n" + row(1).encode() + b",x\n")
    world.deliver_all()

    assert "1 event is with TikTok" in page_of(world, upload)


def test_a_second_drop_says_when_and_by_which_file_its_events_were_delivered() -> None:
    world = DeliveryWorld()
    first = world.drop(file_of(row(1), row(2)))
    world.deliver_all()
    world.time += 3 * 86_400
    again = world.drop(file_of(row(1), row(2)), "uploads/shop/again.csv")
    world.deliver_all()

    summary = world.summary(again)
    assert summary["delivered_before"] == [{"file_id": first.file_id, "rows": 2, "date": "2026-11-20"}]
    assert page_of(world, again, "report.txt").startswith(
        "Nothing new was sent: all 2 rows had been delivered before (2026-11-20). Nothing to do."
    )
    assert first.file_id in page_of(world, again)


def test_pieces_of_json_lines_are_named_as_what_they_are() -> None:
    world = DeliveryWorld(answers=[Answer(AnswerKind.REFUSED, code=40002, request_id="R", refused_indices=(0,))])
    good = {"event": "Purchase", "event_time": "2026-11-15T10:00:00Z", "email": "a@example.com", "value": 1}
    objects = [good | {"order_id": "J-1"}, good | {"order_id": "J-2"}, good | {"email": "nobody"}]
    upload = world.drop(b"".join(json.dumps(each).encode() + b"\n" for each in objects), "uploads/shop/sales.jsonl")
    world.deliver_all()
    parts = {key for key in world.reports.objects if key.startswith(upload.parts_folder)}
    assert {key.rpartition(".")[2] for key in parts if "/rejected/" in key or "/returned/" in key} == {"jsonl"}
    assert len([key for key in parts if "/returned/" in key]) == 1
    returned = world.reports.get(f"{upload.report_folder}rejected.jsonl").splitlines()
    assert [json.loads(line)["_codes"].partition(":")[0] for line in returned] == ["EMAIL_INVALID", "TIKTOK_REFUSED"]
