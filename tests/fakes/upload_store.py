"""Uploaded objects in memory: every put makes a new version, every read names one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from conversion_delivery.domain.errors import ContractBroken, SourceGone
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.upload_ports import StoredUpload

UNVERSIONED = "null"
"""The version id that S3 gives to the objects of a bucket without versioning."""


class FakeUploadStore:
    """``versions`` is all there is: (bucket, key) -> version id -> bytes, oldest first."""

    def __init__(self, block_size: int = 1 << 20) -> None:
        self.versions: dict[tuple[str, str], dict[str, bytes]] = {}
        self.stored_at: dict[str, float] = {}
        """Version id -> epoch seconds."""
        self.now: Callable[[], float] = lambda: float(self._puts)
        self._block_size = block_size
        self._puts = 0

    def put(self, bucket: str, key: str, body: bytes, *, versioned: bool = True) -> Upload:
        """Store another version, and return what its notification would say."""
        self._puts += 1
        version_id = f"version-{self._puts}" if versioned else UNVERSIONED
        self.versions.setdefault((bucket, key), {})[version_id] = body
        self.stored_at[version_id] = self.now()
        return Upload(bucket, key, version_id if versioned else "", len(body))

    def delete(self, upload: Upload) -> None:
        """Delete one version for good."""
        self.versions[upload.bucket, upload.key].pop(upload.version_id, None)

    def resolve(self, upload: Upload) -> Upload:
        if upload.version_id and upload.size:
            return upload
        versions = self.versions.get((upload.bucket, upload.key), {})
        version_id = upload.version_id or next(reversed(versions), "")
        if version_id not in versions:
            raise SourceGone("SOURCE_GONE")
        return upload._replace(version_id=version_id, size=len(versions[version_id]))

    def find(self, upload: Upload) -> StoredUpload | None:
        try:
            found = self.resolve(upload._replace(size=0))
        except SourceGone:
            return None
        return StoredUpload(found, self.stored_at[found.version_id])

    def keys(self, bucket: str, prefix: str) -> list[str]:
        stored = sorted(key for (of, key), versions in self.versions.items() if of == bucket and versions)
        return [key for key in stored if key.startswith(prefix)][:1000]

    def stream(self, upload: Upload, start: int = 0) -> Iterator[bytes]:
        body = self._body(upload)
        if start > len(body):
            raise ContractBroken("RANGE_IGNORED")
        for begin in range(start, len(body), self._block_size):
            yield body[begin : begin + self._block_size]

    def read(self, upload: Upload, start: int, end: int) -> bytes:
        if start == end:
            return b""
        body = self._body(upload)
        if not 0 <= start < end <= len(body):
            raise ContractBroken("RANGE_IGNORED")
        return body[start:end]

    def _body(self, upload: Upload) -> bytes:
        if not upload.has_version:
            raise ContractBroken("VERSION_ID_MISSING")
        body = self.versions.get((upload.bucket, upload.key), {}).get(upload.version_id)
        if body is None:
            raise SourceGone("SOURCE_GONE")
        return body
