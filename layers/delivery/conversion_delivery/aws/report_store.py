"""Report files and their pieces in S3. Every write is repeatable, and an object appears whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError

from conversion_delivery.aws.backoff import Backoff
from conversion_delivery.aws.faults import UNAVAILABLE, AwsError, answered, error_code
from conversion_delivery.domain.errors import SourceGone, SourceUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PART_SIZE = 8 << 20
"""Size of the parts of a long object. S3 takes 10,000 parts, so an object may have about 80 GB."""

_GONE = frozenset({"NoSuchKey", "404", "NotFound"})


class S3ReportStore:
    """Fulfils the port ``ReportStore``."""

    def __init__(
        self, client: S3Client, bucket: str, *, part_size: int = PART_SIZE, backoff: Backoff | None = None
    ) -> None:
        self._client = client
        self._bucket = bucket
        self._part_size = part_size
        self._backoff = backoff or Backoff()

    def put(self, key: str, body: bytes, content_type: str, metadata: Mapping[str, str] | None = None) -> None:
        """As the port says; S3 takes ASCII alone in ``metadata``, 2 KB in all."""
        with answered("PutObject"):
            self._client.put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType=content_type, Metadata=metadata or {}
            )

    def get(self, key: str) -> bytes:
        for _ in self._backoff.tries():
            with answered("GetObject"):
                try:
                    body = self._client.get_object(Bucket=self._bucket, Key=key)["Body"]
                except ClientError as problem:
                    raise _read_as(problem) from None
                with closing(body), suppress(HTTPClientError, IncompleteReadError):
                    return body.read()
        raise SourceUnavailable(UNAVAILABLE, operation="GetObject", error="ConnectionBroken")

    def metadata(self, key: str) -> Mapping[str, str]:
        """Raises ``SourceGone`` when there is no such object."""
        with answered("HeadObject"):
            try:
                return self._client.head_object(Bucket=self._bucket, Key=key)["Metadata"]
            except ClientError as problem:
                raise _read_as(problem) from None

    def write_stream(self, key: str, blocks: Iterable[bytes], content_type: str) -> None:
        """As the port says; holds two parts (16 MiB) at most, and leaves no half-written upload behind."""
        parts = _parts(blocks, self._part_size)
        first = next(parts, b"")
        second = next(parts, None)
        if second is None:
            self.put(key, first, content_type)
            return
        with answered("CreateMultipartUpload"):
            upload_id = self._client.create_multipart_upload(Bucket=self._bucket, Key=key, ContentType=content_type)[
                "UploadId"
            ]
        try:
            self._write_parts(key, upload_id, _chain(first, second, parts))
        except BaseException:
            # What cannot be aborted either is removed by the bucket's lifecycle rule for unfinished uploads.
            with suppress(*AwsError):
                self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload_id)
            raise

    def _write_parts(self, key: str, upload_id: str, parts: Iterable[bytes]) -> None:
        target: Any = {"Bucket": self._bucket, "Key": key, "UploadId": upload_id}
        written: list[Any] = []
        for part_number, part in enumerate(parts, start=1):
            with answered("UploadPart"):
                answer = self._client.upload_part(Body=part, PartNumber=part_number, **target)
            written.append({"PartNumber": part_number, "ETag": answer["ETag"]})
        with answered("CompleteMultipartUpload"):
            self._client.complete_multipart_upload(MultipartUpload={"Parts": written}, **target)


def _parts(blocks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of exactly ``size``, the last one shorter."""
    held = bytearray()
    for block in blocks:
        held += block
        while len(held) > size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)


def _chain(first: bytes, second: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield second
    yield from rest


def _read_as(problem: ClientError) -> Exception:
    return SourceGone("SOURCE_GONE") if error_code(problem) in _GONE else problem
