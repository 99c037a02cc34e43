"""Packed, encrypted and transcoded uploads on emulated AWS: delivered as plain files would be, with their reports."""

from __future__ import annotations

import gzip
import json

import pytest
import zstandard

from conversion_delivery.domain.uploads import Upload
from tests.domain.reading.packed import zipped
from tests.pgp.messages import message, new_key
from tests.pipeline.conftest import Destination, Report

pytestmark = pytest.mark.pipeline

HEADER = "event_type,email,timestamp,order_id,value,currency"


def file_of(recent: str, *orders: str) -> bytes:
    rows = (f"Purchase,{order}@example.com,{recent},{order},10.00,USD" for order in orders)
    return "\n".join((HEADER, *rows, "")).encode()


def orders(destination: Destination) -> list[str]:
    return sorted(event["event"]["properties"]["order_id"] for event in destination.received("counted"))


def give_keys(destination: Destination, *armoured: str) -> None:
    stack = destination.stack
    stack.endpoints.secrets.create_secret(
        Name=f"{stack.name}/pgp/{destination.name}", SecretString=json.dumps({"keys": armoured})
    )


def assert_delivered(report: Report, rows: int, compression: str) -> None:
    assert (report.counts["delivered"], report.summary["file"]["compression"]) == (rows, compression)


def test_a_compressed_file_is_delivered(destination: Destination, recent: str) -> None:
    report = destination.deliver("sales.csv.gz", gzip.compress(file_of(recent, "G-1", "G-2")))
    assert_delivered(report, 2, "gzip")
    report = destination.deliver("sales.csv.zst", zstandard.compress(file_of(recent, "G-3")))
    assert_delivered(report, 1, "zstd")
    assert orders(destination) == ["G-1", "G-2", "G-3"]


def test_a_file_in_utf_16_is_delivered(destination: Destination, recent: str) -> None:
    report = destination.deliver("unicode.txt", file_of(recent, "U-1").decode().encode("utf-16"))
    assert_delivered(report, 1, "none")
    assert report.summary["file"]["encoding"] == "utf-16-le"


def test_each_file_of_an_archive_has_a_report_of_its_own(destination: Destination, recent: str) -> None:
    members = {"a.csv": file_of(recent, "Z-1"), "b.csv": file_of(recent, "Z-2", "Z-3"), "c.pdf": b"%PDF-1.7"}
    upload = destination.upload("all.zip", zipped(members))
    first, second, third = (destination.report(member_of(upload, name)) for name in members)
    assert_delivered(first, 1, "zip")
    assert_delivered(second, 2, "zip")
    assert third.summary["file"]["error"]["code"] == "FORMAT_UNSUPPORTED"
    assert orders(destination) == ["Z-1", "Z-2", "Z-3"]
    whole = destination.report(upload)
    assert (whole.counts["delivered"], whole.summary["state"]) == (3, "PARTIAL")
    assert set(whole.files) == {"_DONE", "summary.json", "status.json", "report.html", "report.txt"}
    assert f"../{member_of(upload, 'b.csv').file_id}/report.html" in whole.text("report.html")
    assert whole.text("report.txt").startswith("1 of the archive's 3 files was refused. 3 events are with TikTok.")


def member_of(upload: Upload, name: str) -> Upload:
    return upload._replace(member=name)


def test_an_encrypted_file_is_delivered_with_the_old_and_the_new_key(destination: Destination, recent: str) -> None:
    old, new = new_key("RSA-3072"), new_key("Curve25519")
    give_keys(destination, str(old), str(new))
    for number, key in enumerate((old, new)):
        report = destination.deliver(f"{number}.csv.pgp", message(gzip.compress(file_of(recent, f"P-{number}")), key))
        assert_delivered(report, 1, "pgp+gzip")
    assert orders(destination) == ["P-0", "P-1"]


def test_a_file_for_another_key_is_refused_and_nothing_is_sent(destination: Destination, recent: str) -> None:
    give_keys(destination, str(new_key()))
    report = destination.deliver("other.pgp", message(file_of(recent, "P-9"), new_key()))
    assert report.summary["file"]["error"]["code"] == "DECRYPT_FAILED"
    assert destination.received() == []


def test_a_file_that_was_cut_off_is_refused_and_nothing_is_sent(destination: Destination, recent: str) -> None:
    report = destination.deliver("sales.csv.gz", gzip.compress(file_of(recent, "C-1"))[:-4])
    assert report.summary["file"]["error"]["code"] == "FILE_TRUNCATED"
    assert destination.received() == []
