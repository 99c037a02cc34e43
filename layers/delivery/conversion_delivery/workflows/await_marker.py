"""Markers: a file beside a file that says "it is whole" (setting ``wait_for_marker``). Either may come first.

Both notifications look for the other object. S3 announces an object only once everybody can read it, so whichever of
the two is stored last finds the other: nothing is missed, and what both of them start is one file record.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from conversion_delivery.domain.errors import SourceGone
from conversion_delivery.domain.manifests import MANIFEST_BYTES, expected_rows
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.upload_ports import StoredUpload, UploadStore

EARLY_SECONDS = 3_600.0
"""How much sooner than its file a marker may come. An older one belonged to an earlier file of the same name."""


class Released(NamedTuple):
    """A file whose marker is there."""

    upload: Upload
    expected_rows: int | None
    """The number of rows that the marker promises, if it does."""


class AwaitMarker:
    """Brings files and their markers together."""

    def __init__(self, uploads: UploadStore) -> None:
        self._uploads = uploads

    def released(self, upload: Upload, ending: str) -> Released | None:
        """The file, if its marker is there; else None. Raises ``SourceGone`` when the file itself is gone."""
        file = self._uploads.find(upload)
        if file is None:
            raise SourceGone("SOURCE_GONE")
        for spelling in dict.fromkeys((ending, ending.lower(), ending.upper())):
            for key in upload.marker_keys(spelling):
                marker = self._uploads.find(Upload(upload.bucket, key, ""))
                if marker is not None and marker.stored_at >= file.stored_at - EARLY_SECONDS:
                    return Released(file.upload, self._promised(marker))
        return None

    def files_of(self, marker: Upload, ending: str) -> Iterator[Released]:
        """The newest version of each file that a marker speaks of, as far as it is there."""
        base, spelling = marker.key[: -len(ending)], marker.key[-len(ending) :]
        for key in (base, *self._uploads.keys(marker.bucket, f"{base}.")):
            upload = Upload(marker.bucket, key, "")
            if upload.is_ignorable or upload.ends_with([ending]) or marker.key not in upload.marker_keys(spelling):
                continue
            with suppress(SourceGone):
                released = self.released(upload, spelling)
                if released is not None:
                    yield released

    def _promised(self, marker: StoredUpload) -> int | None:
        upload = marker.upload
        if not upload.size or not upload.has_version:
            return None
        try:
            return expected_rows(self._uploads.read(upload, 0, min(upload.size, MANIFEST_BYTES)))
        except SourceGone:
            return None
