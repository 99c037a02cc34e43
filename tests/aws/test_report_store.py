"""Long reports that fail half-way, and short ones whose connection breaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conversion_delivery.aws.report_store import S3ReportStore
from conversion_delivery.domain.errors import SourceUnavailable
from tests.aws.stubbed import Rests, body, stubbed

UPLOAD = {"Bucket": "b", "Key": "k", "UploadId": "u"}


def test_an_upload_that_s3_refuses_half_way_is_aborted() -> None:
    with stubbed("s3") as (s3, stub):
        stub.add_response("create_multipart_upload", {"UploadId": "u"})
        stub.add_response("upload_part", {"ETag": "e"})
        stub.add_client_error("upload_part", "SlowDown", http_status_code=503)
        stub.add_response("abort_multipart_upload", {}, UPLOAD)
        with pytest.raises(SourceUnavailable) as caught:
            S3ReportStore(s3, "b", part_size=4).write_stream("k", [b"12345678"] * 3, "text/csv")
    assert caught.value.facts == {"operation": "UploadPart", "error": "SlowDown"}


def test_an_upload_whose_source_breaks_is_aborted_even_if_that_fails_too() -> None:
    def breaking() -> Iterator[bytes]:
        yield b"12345678"
        yield b"12345678"
        raise LookupError("broken")

    with stubbed("s3") as (s3, stub):
        stub.add_response("create_multipart_upload", {"UploadId": "u"})
        for _ in range(3):
            stub.add_response("upload_part", {"ETag": "e"})
        stub.add_client_error("abort_multipart_upload", "InternalError", http_status_code=500)
        with pytest.raises(LookupError, match="broken"):
            S3ReportStore(s3, "b", part_size=4).write_stream("k", breaking(), "text/csv")


def test_parts_are_all_of_one_size_but_the_last() -> None:
    sizes: list[int] = []
    with stubbed("s3") as (s3, stub):
        s3.meta.events.register(
            "provide-client-params.s3.UploadPart", lambda params, **_: sizes.append(len(params["Body"]))
        )
        stub.add_response("create_multipart_upload", {"UploadId": "u"})
        for number in range(1, 4):
            stub.add_response("upload_part", {"ETag": f"e{number}"})
        parts = [{"PartNumber": number, "ETag": f"e{number}"} for number in range(1, 4)]
        stub.add_response("complete_multipart_upload", {}, {**UPLOAD, "MultipartUpload": {"Parts": parts}})
        S3ReportStore(s3, "b", part_size=4).write_stream("k", [b"1", b"234567", b"", b"890"], "text/csv")
    assert sizes == [4, 4, 2]


def test_what_fits_into_one_part_is_put_at_once() -> None:
    call = {"Bucket": "b", "Key": "k", "Body": b"1234", "ContentType": "text/csv"}
    with stubbed("s3") as (s3, stub):
        stub.add_response("put_object", {}, call)
        S3ReportStore(s3, "b", part_size=4).write_stream("k", [b"12", b"34"], "text/csv")


def test_a_report_whose_connection_breaks_is_read_again() -> None:
    rests = Rests()
    with stubbed("s3") as (s3, stub):
        stub.add_response("get_object", {"Body": body(b"12", breaks=True)})
        stub.add_response("get_object", {"Body": body(b"1234")})
        assert S3ReportStore(s3, "b", backoff=rests.backoff()).get("k") == b"1234"
    assert rests.seconds == [0.1]


def test_a_report_whose_connection_always_breaks_is_unavailable() -> None:
    with stubbed("s3") as (s3, stub):
        for _ in range(2):
            stub.add_response("get_object", {"Body": body(b"12", breaks=True)})
        with pytest.raises(SourceUnavailable, match="AWS_UNAVAILABLE"):
            S3ReportStore(s3, "b", backoff=Rests().backoff(attempts=2)).get("k")


def test_a_report_that_is_forbidden_is_not_gone() -> None:
    with stubbed("s3") as (s3, stub):
        stub.add_client_error("get_object", "AccessDenied", http_status_code=403)
        with pytest.raises(SourceUnavailable, match="AWS_REFUSED"):
            S3ReportStore(s3, "b").get("k")
