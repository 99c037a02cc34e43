"""What S3 says about uploads, in all the ways it says it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversion_delivery.aws.s3_notifications import uploads_in, uploads_in_event
from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.domain.uploads import Upload


def a_record(key: str = "uploads/shop/a.csv", name: str = "ObjectCreated:Put", **changes: Any) -> dict[str, Any]:
    entity = {"key": key, "size": 12, "eTag": "e", "versionId": "v1", "sequencer": "00"} | changes
    return {
        "eventSource": "aws:s3",
        "eventName": name,
        "s3": {"bucket": {"name": "bucket", "arn": "arn:aws:s3:::bucket"}, "object": entity},
    }


def body(*records: object) -> str:
    return json.dumps({"Records": list(records)})


@pytest.mark.parametrize("name", ["Put", "Post", "Copy", "CompleteMultipartUpload"])
def test_every_way_to_create_an_object_is_an_upload(name: str) -> None:
    announced = uploads_in(body(a_record(name=f"ObjectCreated:{name}")))
    assert announced == [Upload("bucket", "uploads/shop/a.csv", "v1", 12)]


def test_an_event_without_a_queue_is_understood_too() -> None:
    assert uploads_in_event({"Records": [a_record()]}) == uploads_in(body(a_record()))


def test_several_records_are_several_uploads() -> None:
    announced = uploads_in(
        body(a_record("uploads/a"), a_record("uploads/b", "ObjectRemoved:Delete"), a_record("uploads/c"))
    )
    assert [upload.key for upload in announced] == ["uploads/a", "uploads/c"]


@pytest.mark.parametrize(
    ("encoded", "key"),
    [
        ("uploads/shop/M%C3%A4rz+1.csv", "uploads/shop/März 1.csv"),
        ("uploads/shop/100%25+a%2Bb.csv", "uploads/shop/100% a+b.csv"),
        ("uploads/shop/%2525.csv", "uploads/shop/%25.csv"),
    ],
)
def test_keys_are_decoded_once(encoded: str, key: str) -> None:
    assert uploads_in(body(a_record(encoded)))[0].key == key


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=200))
def test_any_key_comes_back_as_it_was(key: str) -> None:
    assert uploads_in(body(a_record(quote_plus(key, safe="/"))))[0].key == key


def test_a_notification_without_a_version_has_an_empty_one() -> None:
    record = a_record()
    del record["s3"]["object"]["versionId"], record["s3"]["object"]["size"]
    assert uploads_in(body(record)) == [Upload("bucket", "uploads/shop/a.csv", "", 0)]


def test_the_test_event_of_a_new_notification_is_nobody_s_file() -> None:
    assert uploads_in('{"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "bucket"}') == []


@pytest.mark.parametrize(
    "name", ["ObjectRemoved:Delete", "ObjectRemoved:DeleteMarkerCreated", "ObjectRestore:Completed"]
)
def test_what_is_not_created_is_nobody_s_file(name: str) -> None:
    assert uploads_in(body(a_record(name=name))) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"Records": {}}',
        '{"Records": [1]}',
        '{"Records": [{}]}',
        body({"eventName": "ObjectCreated:Put"}),
        body(a_record(key="")),
        body(a_record(size=-1)),
        body(a_record(key="a%FF")),
        body(a_record(versionId=3)),
    ],
)
def test_a_body_that_s3_never_sends_is_a_broken_contract(text: str) -> None:
    with pytest.raises(ContractBroken) as broken:
        uploads_in(text)
    assert (broken.value.code, broken.value.facts) == ("MESSAGE_INVALID", {})
