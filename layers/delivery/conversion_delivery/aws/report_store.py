"""Report files and their pieces in S3. Every write is repeatable, and an object appears whole or not at all."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError

from conversion_delivery.aws.backoff import Backoff
from conversion_delivery.aws.faults import UNAVAILABLE, answered, error_code
from conversion_delivery.aws.object_writing import PART_SIZE, ObjectWriter
from conversion_delivery.domain.errors import SourceGone, SourceUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FETCHED_AT_ONCE = 8
"""Below botocore's ten connections to a host."""

_GONE = frozenset({"NoSuchKey", "404", "NotFound"})


class S3ReportStore:
    """Fulfils the port ``ReportStore``."""

    def __init__(
        self, client: S3Client, bucket: str, *, part_size: int = PART_SIZE, backoff: Backoff | None = None
    ) -> None:
        self._client = client
        self._bucket = bucket
        self._writer = ObjectWriter(client, bucket, part_size=part_size)
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

    def get_each(self, keys: Sequence[str]) -> Iterator[bytes]:
        """As the port says. Holds ``FETCHED_AT_ONCE`` objects at most: a small one's time is waiting for S3."""
        with ThreadPoolExecutor(FETCHED_AT_ONCE) as pool:
            under_way: deque[Future[bytes]] = deque()
            try:
                for key in keys:
                    under_way.append(pool.submit(self.get, key))
                    if len(under_way) >= FETCHED_AT_ONCE:
                        yield under_way.popleft().result()
                while under_way:
                    yield under_way.popleft().result()
            finally:
                for fetch in under_way:
                    fetch.cancel()

    def metadata(self, key: str) -> Mapping[str, str]:
        """Raises ``SourceGone`` when there is no such object."""
        with answered("HeadObject"):
            try:
                return self._client.head_object(Bucket=self._bucket, Key=key)["Metadata"]
            except ClientError as problem:
                raise _read_as(problem) from None

    def write_stream(self, key: str, blocks: Iterable[bytes], content_type: str) -> None:
        """As the port says; holds two parts (16 MiB) at most, and leaves no half-written upload behind."""
        self._writer.write(key, blocks, content_type)


def _read_as(problem: ClientError) -> Exception:
    return SourceGone("SOURCE_GONE") if error_code(problem) in _GONE else problem
