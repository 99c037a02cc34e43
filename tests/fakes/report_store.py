"""Report objects in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from conversion_delivery.domain.errors import SourceGone


class StoredReport(NamedTuple):
    body: bytes
    content_type: str
    metadata: Mapping[str, str]


class FakeReportStore:
    """``objects`` is all there is; an object appears whole or not at all."""

    def __init__(self) -> None:
        self.objects: dict[str, StoredReport] = {}

    def put(self, key: str, body: bytes, content_type: str, metadata: Mapping[str, str] | None = None) -> None:
        self.objects[key] = StoredReport(bytes(body), content_type, dict(metadata or {}))

    def get(self, key: str) -> bytes:
        return self._stored(key).body

    def get_each(self, keys: Sequence[str]) -> Iterator[bytes]:
        return (self.get(key) for key in keys)

    def metadata(self, key: str) -> Mapping[str, str]:
        return self._stored(key).metadata

    def write_stream(self, key: str, blocks: Iterable[bytes], content_type: str) -> None:
        self.put(key, b"".join(blocks), content_type)

    def _stored(self, key: str) -> StoredReport:
        stored = self.objects.get(key)
        if stored is None:
            raise SourceGone("SOURCE_GONE")
        return stored
