"""Plain texts made of uploads, in the same bucket, each pinned by the version id that S3 gave it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from conversion_delivery.aws.object_writing import PART_SIZE, ObjectWriter
from conversion_delivery.domain.errors import UploadRejected
from conversion_delivery.domain.uploads import Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3PreparedStore:
    """Fulfils the port ``PreparedStore``."""

    def __init__(self, client: S3Client, bucket: str, *, part_size: int = PART_SIZE) -> None:
        self._bucket = bucket
        self._writer = ObjectWriter(client, bucket, part_size=part_size)

    def write(self, key: str, blocks: Iterable[bytes]) -> Upload:
        """As the port says. Raises ``UploadRejected`` (``BUCKET_UNVERSIONED``) where nothing pins what was written."""
        written = self._writer.write(key, blocks, "text/plain")
        upload = Upload(self._bucket, key, written.version_id, written.size)
        if not upload.has_version:
            raise UploadRejected("BUCKET_UNVERSIONED")
        return upload
