"""Reading from S3 when the connection breaks, or when somebody ignores the range."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import FlexibleChecksumError

from conversion_delivery.aws.upload_store import S3UploadStore
from conversion_delivery.domain.errors import ContractBroken, SourceGone, SourceUnavailable
from conversion_delivery.domain.uploads import Upload
from tests.aws.stubbed import Rests, body, ranged, stubbed

UPLOAD = Upload("bucket", "uploads/shop/a.csv", "v1", 10)
CONTENT = b"0123456789"


def asked(span: str | None = None) -> dict[str, Any]:
    """What GetObject is called with."""
    call = {"Bucket": "bucket", "Key": UPLOAD.key, "VersionId": "v1"}
    return call if span is None else call | {"Range": f"bytes={span}"}


def whole(content: bytes, *, breaks_after: int | None = None) -> dict[str, Any]:
    sent = content if breaks_after is None else content[:breaks_after]
    return {
        "Body": body(sent, breaks=breaks_after is not None),
        "ContentLength": len(content),
        "ResponseMetadata": {"HTTPStatusCode": 200},
    }


def store(s3: Any, rests: Rests | None = None, block_size: int = 4, attempts: int = 5) -> S3UploadStore:
    return S3UploadStore(s3, block_size=block_size, backoff=(rests or Rests()).backoff(attempts))


def test_a_stream_goes_on_where_the_connection_broke() -> None:
    rests = Rests()
    with stubbed("s3") as (s3, stub):
        stub.add_response("get_object", whole(CONTENT, breaks_after=5), asked())
        stub.add_response("get_object", ranged(CONTENT[5:], 5, 10, breaks_after=1), asked("5-"))
        stub.add_response("get_object", ranged(CONTENT[6:], 6, 10), asked("6-"))
        assert b"".join(store(s3, rests).stream(UPLOAD)) == CONTENT
    assert rests.seconds == []


def test_a_stream_without_progress_rests_and_then_gives_up() -> None:
    rests = Rests()
    blocks: list[bytes] = []
    with stubbed("s3") as (s3, stub):
        stub.add_response("get_object", whole(CONTENT, breaks_after=4), asked())
        for _ in range(3):
            stub.add_response("get_object", ranged(CONTENT[4:], 4, 10, breaks_after=0), asked("4-"))
        with pytest.raises(SourceUnavailable, match="AWS_UNAVAILABLE"):
            blocks.extend(store(s3, rests, attempts=3).stream(UPLOAD))
    assert blocks == [b"0123"]
    assert rests.seconds == [0.1, 0.2]


def test_bytes_that_are_not_the_stored_ones_end_the_stream() -> None:
    class Damaged:
        def read(self, amount: int) -> bytes:
            raise FlexibleChecksumError(error_msg="other bytes")

        def close(self) -> None:
            pass

    with stubbed("s3") as (s3, stub):
        stub.add_response("get_object", whole(CONTENT) | {"Body": Damaged()}, asked())
        with pytest.raises(SourceUnavailable) as caught:
            list(store(s3).stream(UPLOAD))
    assert caught.value.facts["error"] == "FlexibleChecksumError"


def test_a_slice_that_broke_off_is_read_again() -> None:
    with stubbed("s3") as (s3, stub):
        stub.add_response("get_object", ranged(CONTENT[2:8], 2, 10, breaks_after=3), asked("2-7"))
        stub.add_response("get_object", ranged(CONTENT[2:8], 2, 10), asked("2-7"))
        assert store(s3).read(UPLOAD, 2, 8) == CONTENT[2:8]


def test_a_slice_that_always_breaks_off_is_unavailable() -> None:
    with stubbed("s3") as (s3, stub):
        for _ in range(2):
            stub.add_response("get_object", ranged(CONTENT[2:8], 2, 10, breaks_after=3), asked("2-7"))
        with pytest.raises(SourceUnavailable, match="AWS_UNAVAILABLE"):
            store(s3, attempts=2).read(UPLOAD, 2, 8)


@pytest.mark.parametrize(
    "change",
    [
        {"ResponseMetadata": {"HTTPStatusCode": 200}},
        {"ContentRange": "bytes 0-5/10"},
        {"ContentRange": "bytes 2-6/10"},
        {"ContentRange": "bytes 2-7/*"},
        {"ContentRange": ""},
    ],
)
def test_an_answer_with_another_range_is_never_read(change: dict[str, Any]) -> None:
    answer = ranged(CONTENT[2:8], 2, 10) | change
    with stubbed("s3") as (s3, stub):
        stub.add_response("get_object", answer, asked("2-7"))
        with pytest.raises(ContractBroken, match="RANGE_IGNORED"):
            store(s3).read(UPLOAD, 2, 8)
    with pytest.raises(ValueError, match="closed"):
        answer["Body"].read(1)


def test_a_stream_that_begins_elsewhere_is_never_read() -> None:
    with stubbed("s3") as (s3, stub):
        stub.add_response("get_object", whole(CONTENT), asked("5-"))
        with pytest.raises(ContractBroken, match="RANGE_IGNORED"):
            list(store(s3).stream(UPLOAD, 5))


@pytest.mark.parametrize("code", ["NoSuchVersion", "NoSuchKey", "404", "MethodNotAllowed"])
def test_what_is_gone_is_gone(code: str) -> None:
    with stubbed("s3") as (s3, stub):
        stub.add_client_error("get_object", code, http_status_code=404)
        with pytest.raises(SourceGone, match="SOURCE_GONE"):
            store(s3).read(UPLOAD, 0, 1)


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [("AccessDenied", 403, "AWS_REFUSED"), ("NoSuchBucket", 404, "AWS_REFUSED"), ("SlowDown", 503, "AWS_UNAVAILABLE")],
)
def test_what_is_forbidden_or_slow_is_not_gone(code: str, status: int, expected: str) -> None:
    with stubbed("s3") as (s3, stub):
        stub.add_client_error("get_object", code, http_status_code=status)
        with pytest.raises(SourceUnavailable, match=expected):
            list(store(s3).stream(UPLOAD))
