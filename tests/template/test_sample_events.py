"""The sample events: each is what AWS sends, and each says to this software what its name says."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes import S3Event, SQSEvent
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from conversion_delivery.aws.s3_notifications import uploads_in, uploads_in_event
from conversion_delivery.domain.batches import parse_batch_message, parse_continuation
from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.domain.uploads import Upload
from tests.template.stack import ROOT

EVENTS = sorted((ROOT / "events").glob("*.json"))
FROM_QUEUES = [path for path in EVENTS if path.stem != "upload_put_without_queue"]
KEY = "uploads/main/Käufe März+April 2026.csv"
VERSION = "3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrH"
UPLOAD = Upload("conversions-123456789012-0123456789ab", KEY, VERSION, 48_213)

ANNOUNCING = {
    "upload_put": "ObjectCreated:Put",
    "upload_multipart_completed": "ObjectCreated:CompleteMultipartUpload",
    "upload_copied": "ObjectCreated:Copy",
    "upload_deleted": "ObjectRemoved:DeleteMarkerCreated",
}


def event(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ROOT / "events" / f"{name}.json").read_text(encoding="utf-8"))
    return document


def records(name: str) -> list[SQSRecord]:
    return list(SQSEvent(event(name)).records)


def body(name: str) -> str:
    (record,) = records(name)
    return record.body


def announced(name: str) -> S3Event:
    return S3Event(json.loads(body(name)))


def test_these_tests_know_every_event() -> None:
    assert [path.stem for path in EVENTS] == sorted(
        [
            *ANNOUNCING,
            "batch",
            "continuation",
            "upload_delivered_twice",
            "upload_put_without_queue",
            "upload_queue_test",
        ]
    )


@pytest.mark.parametrize("path", FROM_QUEUES, ids=lambda path: path.stem)
def test_a_record_from_a_queue_is_complete_and_its_checksum_is_right(path: Path) -> None:
    for record in records(path.stem):
        assert record.event_source == "aws:sqs"
        assert record.message_id
        assert record.receipt_handle
        assert record.attributes.sent_timestamp.isdigit()
        assert int(record.attributes.approximate_receive_count) >= 1
        assert record.md5_of_body == hashlib.md5(record.body.encode(), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("path", FROM_QUEUES, ids=lambda path: path.stem)
def test_a_record_comes_from_the_queue_that_carries_its_kind(path: Path) -> None:
    queue = "conversions-batches" if path.stem == "batch" else "conversions-uploads"

    assert {record.event_source_arn.rsplit(":", 1)[1] for record in records(path.stem)} == {queue}


@pytest.mark.parametrize(("name", "event_name"), ANNOUNCING.items())
def test_a_notification_is_of_its_kind_and_names_a_version(name: str, event_name: str) -> None:
    record = announced(name).record

    assert record.event_name == event_name
    assert record.s3.get_object.version_id
    assert record.s3.bucket.name == UPLOAD.bucket


def test_a_key_with_blank_plus_and_umlaut_arrives_form_encoded() -> None:
    notification = announced("upload_put")

    assert notification.record.raw_event["s3"]["object"]["key"] == "uploads/main/K%C3%A4ufe+M%C3%A4rz%2BApril+2026.csv"
    assert notification.object_key == KEY
    assert uploads_in(body("upload_put")) == [UPLOAD]


@pytest.mark.parametrize("name", ["upload_multipart_completed", "upload_copied"])
def test_completed_and_copied_objects_are_uploads(name: str) -> None:
    (upload,) = uploads_in(body(name))

    assert upload.destination == "main"
    assert upload.has_version
    assert upload.size > 0


def test_the_same_notification_twice_is_the_same_file_in_two_messages() -> None:
    first, second = records("upload_delivered_twice")

    assert first.message_id != second.message_id
    assert uploads_in(first.body) == uploads_in(second.body) == [UPLOAD]


@pytest.mark.parametrize("name", ["upload_deleted", "upload_queue_test"])
def test_a_deletion_and_the_test_of_the_queue_announce_no_upload(name: str) -> None:
    assert uploads_in(body(name)) == []


def test_a_bare_s3_event_is_understood_without_a_queue() -> None:
    document = event("upload_put_without_queue")

    assert S3Event(document).object_key == KEY
    assert uploads_in_event(document) == [UPLOAD]


def test_a_continuation_names_a_file_and_nothing_else() -> None:
    assert parse_continuation(body("continuation")).continue_file_id == UPLOAD.file_id


def test_a_batch_points_to_a_slice_of_the_upload() -> None:
    message = parse_batch_message(body("batch"))

    assert (message.bucket, message.key, message.version_id) == (UPLOAD.bucket, UPLOAD.key, UPLOAD.version_id)
    assert message.file_id == UPLOAD.file_id
    assert message.destination == UPLOAD.destination
    assert 0 < message.start < message.end == UPLOAD.size
    assert len(message.valid_rows) == 411


def test_a_message_of_one_kind_is_never_taken_for_the_other() -> None:
    with pytest.raises(ContractBroken):
        parse_batch_message(body("continuation"))
    with pytest.raises(ContractBroken):
        parse_continuation(body("batch"))
