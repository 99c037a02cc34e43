"""What the folders and the files in them say: check only, wait for a marker, one archive of several files."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from conversion_delivery.domain.uploads import VALIDATE, Upload
from local.aws.local_stack import wait_until
from tests.pipeline.conftest import Destination, Report

pytestmark = pytest.mark.pipeline

HEADER = "event_type,email,timestamp,order_id,value,currency"


def file_of(recent: str, *numbers: int) -> bytes:
    rows = [f"Purchase,buyer{number}@example.com,{recent},T-{number},10.00,USD" for number in numbers]
    return "\n".join((HEADER, *rows, "")).encode()


def state_in_status(destination: Destination, upload: Upload) -> str:
    found = destination.stack.report(upload).get("status.json")
    return "" if found is None else str(json.loads(found)["state"])


def test_a_file_below_validate_gets_its_report_and_nothing_is_sent(destination: Destination, recent: str) -> None:
    body = file_of(recent, 1, 2) + b"Purchase,nobody," + recent.encode() + b",T-3,1.00,USD\n"
    upload = destination.stack.upload_key(f"{VALIDATE}{destination.name}/sales.csv", body)
    report = destination.report(upload)
    assert report.summary["state"] == "VALIDATED"
    assert (report.counts["accepted"], report.counts["rejected"]) == (2, 1)
    assert b"nobody" in report.files["rejected.csv"]
    assert destination.received() == []
    assert destination.deliver("sales.csv", body).counts["delivered"] == 2


@pytest.mark.parametrize("marker_first", [False, True])
def test_a_file_and_its_marker_come_in_either_order(destination: Destination, recent: str, marker_first: bool) -> None:
    destination.configure(wait_for_marker=".done")
    if marker_first:
        destination.upload("sales.csv.done", b"2")
    upload = destination.upload("sales.csv", file_of(recent, 1, 2))
    if not marker_first:
        assert wait_until(lambda: state_in_status(destination, upload) == "WAITING", 60)
        assert destination.received() == []
        destination.upload("sales.csv.done", b"3")
    report = destination.report(upload)
    assert report.counts["delivered"] == 2
    promised_another_count = "MANIFEST_COUNT_DIFFERS" in {note["code"] for note in report.summary["notes"]}
    assert promised_another_count is not marker_first


def test_the_files_of_an_archive_are_delivered_each_with_its_report(destination: Destination, recent: str) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("berlin.csv", file_of(recent, 1, 2))
        archive.writestr("paris.csv", file_of(recent, 3))
    upload = destination.upload("shops.zip", body.getvalue())
    report = destination.report(upload)
    assert (report.summary["state"], report.counts["delivered"]) == ("DONE", 3)
    members = [upload._replace(member=name) for name in ("berlin.csv", "paris.csv")]
    assert [Report(destination.stack.report(each)).counts["delivered"] for each in members] == [2, 1]
