"""Objects of any size into S3 in bounded memory: one put, or the parts of a multipart upload.

An object appears whole or not at all: whatever the blocks raise ends the upload without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from conversion_delivery.aws.faults import AwsError, answered

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PART_SIZE = 8 << 20
"""Size of the parts of a long object. S3 takes 10,000 parts, so an object may have about 80 GB."""


class Written(NamedTuple):
    version_id: str
    """Empty where the bucket keeps no versions."""
    size: int


class ObjectWriter:
    """Writes into one bucket."""

    def __init__(self, client: S3Client, bucket: str, *, part_size: int = PART_SIZE) -> None:
        self._client = client
        self._bucket = bucket
        self._part_size = part_size

    def write(self, key: str, blocks: Iterable[bytes], content_type: str) -> Written:
        """Holds two parts (16 MiB) at most, and leaves no half-written upload behind."""
        parts = _parts(blocks, self._part_size)
        first = next(parts, b"")
        second = next(parts, None)
        if second is None:
            return self._put(key, first, content_type)
        with answered("CreateMultipartUpload"):
            upload_id = self._client.create_multipart_upload(Bucket=self._bucket, Key=key, ContentType=content_type)[
                "UploadId"
            ]
        try:
            return self._write_parts(key, upload_id, _chain(first, second, parts))
        except BaseException:
            # What cannot be aborted either is removed by the bucket's lifecycle rule for unfinished uploads.
            with suppress(*AwsError):
                self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload_id)
            raise

    def _put(self, key: str, body: bytes, content_type: str) -> Written:
        with answered("PutObject"):
            answer = self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)
        return Written(answer.get("VersionId", ""), len(body))

    def _write_parts(self, key: str, upload_id: str, parts: Iterable[bytes]) -> Written:
        target: Any = {"Bucket": self._bucket, "Key": key, "UploadId": upload_id}
        written: list[Any] = []
        size = 0
        for part_number, part in enumerate(parts, start=1):
            with answered("UploadPart"):
                answer = self._client.upload_part(Body=part, PartNumber=part_number, **target)
            written.append({"PartNumber": part_number, "ETag": answer["ETag"]})
            size += len(part)
        with answered("CompleteMultipartUpload"):
            done = self._client.complete_multipart_upload(MultipartUpload={"Parts": written}, **target)
        return Written(done.get("VersionId", ""), size)


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
