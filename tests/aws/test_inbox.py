"""Handing a file of the inbox over: one copy for any number of notifications."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.stub import Stubber

from conversion_delivery.aws.inbox import S3Inbox
from conversion_delivery.domain.errors import SourceUnavailable
from conversion_delivery.domain.uploads import Upload
from tests.aws.stubbed import stubbed

RENAMED = Upload("bucket", "inbox/shop/a.csv", "v1", 10)
KEY = "uploads/shop/a.csv"
ASKED = {"Bucket": "bucket", "Key": KEY}


def copying(source: dict[str, str], version: str) -> dict[str, Any]:
    return {
        **ASKED,
        "CopySource": source,
        "MetadataDirective": "REPLACE",
        "Metadata": {"inbox-version": version},
        "ContentType": "application/octet-stream",
    }


COPY = copying({"Bucket": "bucket", "Key": RENAMED.key, "VersionId": "v1"}, "v1")


def nothing_there(stub: Stubber) -> None:
    stub.add_client_error("head_object", "404", http_status_code=404, expected_params=ASKED)


def test_the_announced_version_is_copied() -> None:
    with stubbed("s3") as (s3, stub):
        nothing_there(stub)
        stub.add_response("copy_object", {}, COPY)
        assert S3Inbox(s3).hand_over(RENAMED, KEY)


def test_a_repeated_notification_copies_nothing() -> None:
    with stubbed("s3") as (s3, stub):
        stub.add_response("head_object", {"Metadata": {"inbox-version": "v1"}}, ASKED)
        assert S3Inbox(s3).hand_over(RENAMED, KEY)


@pytest.mark.parametrize("metadata", [{}, {"inbox-version": "v0"}])
def test_another_file_of_the_same_name_does_not_stand_in_the_way(metadata: dict[str, str]) -> None:
    with stubbed("s3") as (s3, stub):
        stub.add_response("head_object", {"Metadata": metadata}, ASKED)
        stub.add_response("copy_object", {}, COPY)
        assert S3Inbox(s3).hand_over(RENAMED, KEY)


def test_without_a_version_the_newest_is_copied() -> None:
    with stubbed("s3") as (s3, stub):
        stub.add_response("copy_object", {}, copying({"Bucket": "bucket", "Key": RENAMED.key}, ""))
        assert S3Inbox(s3).hand_over(RENAMED._replace(version_id=""), KEY)


@pytest.mark.parametrize("code", ["NoSuchVersion", "NoSuchKey"])
def test_a_file_that_is_gone_is_said_to_be_gone(code: str) -> None:
    with stubbed("s3") as (s3, stub):
        nothing_there(stub)
        stub.add_client_error("copy_object", code, http_status_code=404)
        assert not S3Inbox(s3).hand_over(RENAMED, KEY)


@pytest.mark.parametrize(("code", "meaning"), [("SlowDown", "AWS_UNAVAILABLE"), ("AccessDenied", "AWS_REFUSED")])
@pytest.mark.parametrize("call", ["head_object", "copy_object"])
def test_what_s3_refuses_goes_back_to_the_queue(call: str, code: str, meaning: str) -> None:
    with stubbed("s3") as (s3, stub):
        if call == "copy_object":
            nothing_there(stub)
        stub.add_client_error(call, code)
        with pytest.raises(SourceUnavailable, match=meaning):
            S3Inbox(s3).hand_over(RENAMED, KEY)
