"""Prepared objects in memory, where the fake of the uploads reads them."""

from __future__ import annotations

from collections.abc import Iterable

from conversion_delivery.domain.uploads import Upload
from tests.fakes.upload_store import FakeUploadStore


class FakePreparedStore:
    """``keys`` are those that were written, in order."""

    def __init__(self, uploads: FakeUploadStore, bucket: str = "bucket") -> None:
        self._uploads = uploads
        self._bucket = bucket
        self.keys: list[str] = []

    def write(self, key: str, blocks: Iterable[bytes]) -> Upload:
        body = b"".join(blocks)
        self.keys.append(key)
        return self._uploads.put(self._bucket, key, body)
