"""Uploaded objects in S3, read by version id: what was checked is what is sent, whatever happens to the key meanwhile.

A ranged answer is believed only with status 206 and exactly the range that was asked for: a server that ignores the
range would otherwise hand over other rows. A connection that breaks is taken up again where it stopped.
Needs ``s3:GetObjectVersion``, and ``s3:ListBucket``: without the latter S3 says "forbidden" of what is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError

from conversion_delivery.aws.backoff import Backoff
from conversion_delivery.aws.faults import UNAVAILABLE, answered, error_code
from conversion_delivery.domain.errors import ContractBroken, SourceGone, SourceUnavailable
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.upload_ports import StoredUpload

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

BLOCK_SIZE = 1 << 20

KEYS_LISTED = 1_000
"""The most that S3 lists at once."""

UNVERSIONED = "null"
"""The version id that S3 gives to objects written without versioning."""

_GONE = frozenset({"NoSuchVersion", "NoSuchKey", "404", "NotFound", "MethodNotAllowed"})
"""MethodNotAllowed: the version is a delete marker."""
_OUTSIDE = frozenset({"InvalidRange", "416"})
_PARTIAL = 206
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class S3UploadStore:
    """Fulfils the port ``UploadStore``."""

    def __init__(self, client: S3Client, *, block_size: int = BLOCK_SIZE, backoff: Backoff | None = None) -> None:
        self._client = client
        self._block_size = block_size
        self._backoff = backoff or Backoff()

    def resolve(self, upload: Upload) -> Upload:
        """As the port says. Asks S3 only where version id or size are missing."""
        if upload.version_id and upload.size:
            return upload
        return _resolved(upload, self._head(upload))

    def find(self, upload: Upload) -> StoredUpload | None:
        try:
            head = self._head(upload)
        except SourceGone:
            return None
        return StoredUpload(_resolved(upload, head), head["LastModified"].timestamp())

    def keys(self, bucket: str, prefix: str) -> list[str]:
        with answered("ListObjectsV2"):
            page = self._client.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=KEYS_LISTED)
        return [entry["Key"] for entry in page.get("Contents", [])]

    def _head(self, upload: Upload) -> HeadObjectOutputTypeDef:
        version: Any = {"VersionId": upload.version_id} if upload.version_id else {}
        with answered("HeadObject"):
            try:
                return self._client.head_object(Bucket=upload.bucket, Key=upload.key, **version)
            except ClientError as problem:
                raise _read_as(problem) from None

    def stream(self, upload: Upload, start: int = 0) -> Iterator[bytes]:
        """As the port says, in blocks of a mebibyte. Every block that arrives renews the number of attempts."""
        position, end = start, upload.size if start else None
        tries = self._backoff.tries()
        while position != end:
            if next(tries, None) is None:
                raise SourceUnavailable(UNAVAILABLE, operation="GetObject", error="ConnectionBroken")
            end, body = self._open(upload, position)
            with closing(body):
                for block in _blocks(body, self._block_size):
                    position += len(block)
                    tries = self._backoff.tries()
                    yield block

    def read(self, upload: Upload, start: int, end: int) -> bytes:
        if start == end:
            return b""
        content = b""
        for _ in self._backoff.tries():
            _, body = self._open(upload, start, end)
            with closing(body):
                content = b"".join(_blocks(body, self._block_size))
            if len(content) == end - start:
                return content
        raise SourceUnavailable(UNAVAILABLE, operation="GetObject", error="ConnectionBroken")

    def _open(self, upload: Upload, start: int, end: int | None = None) -> tuple[int, StreamingBody]:
        """Where the opened body ends (exclusive), and the body; it begins at ``start``."""
        if not upload.has_version:
            raise ContractBroken("VERSION_ID_MISSING")
        whole = start == 0 and end is None
        asked: Any = {} if whole else {"Range": f"bytes={start}-{'' if end is None else end - 1}"}
        with answered("GetObject"):
            try:
                answer = self._client.get_object(
                    Bucket=upload.bucket, Key=upload.key, VersionId=upload.version_id, **asked
                )
            except ClientError as problem:
                raise _read_as(problem) from None
        body: StreamingBody = answer["Body"]
        ends_at = answer["ContentLength"] if whole else _end_of_range(answer, start, end)
        if ends_at is None:
            body.close()
            raise ContractBroken("RANGE_IGNORED")
        return ends_at, body


def _resolved(upload: Upload, head: HeadObjectOutputTypeDef) -> Upload:
    return upload._replace(version_id=head.get("VersionId", UNVERSIONED), size=head["ContentLength"])


def _blocks(body: StreamingBody, size: int) -> Iterator[bytes]:
    """What arrives before the body ends or the connection breaks. Raises ``SourceUnavailable`` for wrong bytes."""
    with answered("GetObject"), suppress(HTTPClientError, IncompleteReadError):
        while block := body.read(size):
            yield block


def _end_of_range(answer: Any, start: int, end: int | None) -> int | None:
    """The end (exclusive) of a ranged answer; None unless it is exactly the range that was asked for."""
    found = _CONTENT_RANGE.fullmatch(answer.get("ContentRange", ""))
    if answer["ResponseMetadata"]["HTTPStatusCode"] != _PARTIAL or found is None:
        return None
    first, last, total = map(int, found.groups())
    wanted_end = total if end is None else end
    return wanted_end if (first, last + 1) == (start, wanted_end) else None


def _read_as(problem: ClientError) -> Exception:
    """What a refused read means; itself where it means nothing special."""
    code = error_code(problem)
    if code in _GONE:
        return SourceGone("SOURCE_GONE")
    return ContractBroken("RANGE_IGNORED") if code in _OUTSIDE else problem
