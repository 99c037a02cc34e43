"""Which uploads there are, for an operator: stored versions of objects, and the reports that name them.

S3 lists by key and not by time, so the newest of many files are found by listing all of them; a listing stops after
``PAGES`` pages of 1,000 and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from conversion_delivery.aws.faults import answered, error_code
from conversion_delivery.domain.errors import SourceGone
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.operator_ports import ListedUpload, Listing

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PAGES = 20

LARGEST_COPY = 5 << 30
"""CopyObject takes 5 GiB; beyond that the SDK copies in parts."""

AGAIN = "stored-again-from"
"""Metadata of a version made by ``store_again``: the version it repeats."""

_GONE = frozenset({"NoSuchVersion", "NoSuchKey", "404", "NotFound", "MethodNotAllowed"})


class S3UploadCatalog:
    """Fulfils the port ``UploadCatalog``."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def versions(self, prefix: str, *, exact: bool = False) -> Listing:
        found: list[ListedUpload] = []
        pages = self._version_pages(prefix)
        for page in islice(pages, PAGES):
            listed = page.get("Versions", [])
            found += [
                ListedUpload(Upload(self._bucket, entry["Key"], entry["VersionId"], entry["Size"]), _seconds(entry))
                for entry in listed
                if not exact or entry["Key"] == prefix
            ]
            if not page.get("IsTruncated") or (exact and listed and listed[-1]["Key"] > prefix):
                return Listing(_newest_first(found), complete=True)
        return Listing(_newest_first(found), complete=False)

    def reported(self, folder: str) -> list[str]:
        with answered("ListObjectsV2"):
            page = self._client.list_objects_v2(Bucket=self._bucket, Prefix=folder, Delimiter="/")
        return [entry["Prefix"].rstrip("/").rsplit("/", 1)[-1] for entry in page.get("CommonPrefixes", [])]

    def store_again(self, upload: Upload) -> Upload:
        source: Any = {"Bucket": upload.bucket, "Key": upload.key, "VersionId": upload.version_id}
        with answered("CopyObject"):
            try:
                head = self._client.head_object(**source)
                change: Any = {
                    "MetadataDirective": "REPLACE",  # S3 refuses a copy onto itself that changes nothing
                    "Metadata": {**head.get("Metadata", {}), AGAIN: upload.version_id},
                    "ContentType": head.get("ContentType", "binary/octet-stream"),
                }
                if head["ContentLength"] <= LARGEST_COPY:
                    answer = self._client.copy_object(Bucket=upload.bucket, Key=upload.key, CopySource=source, **change)
                    return upload._replace(version_id=answer["VersionId"], size=head["ContentLength"])
                self._client.copy(source, upload.bucket, upload.key, ExtraArgs=change)
                made = self._client.head_object(Bucket=upload.bucket, Key=upload.key)
            except ClientError as problem:
                if error_code(problem) in _GONE:
                    raise SourceGone("SOURCE_GONE") from None
                raise
        return upload._replace(version_id=made["VersionId"], size=made["ContentLength"])

    def _version_pages(self, prefix: str) -> Iterator[Any]:
        arguments: Any = {"Bucket": self._bucket, "Prefix": prefix}
        while True:
            with answered("ListObjectVersions"):
                page: Any = self._client.list_object_versions(**arguments)
            yield page
            if not page.get("IsTruncated"):
                return
            arguments |= {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page["NextVersionIdMarker"]}


def _newest_first(found: list[ListedUpload]) -> list[ListedUpload]:
    """Without what is nobody's file: folder markers, hidden files, objects without a version."""
    uploads = [listed for listed in found if listed.upload.has_version and not listed.upload.is_ignorable]
    return sorted(uploads, key=lambda listed: -listed.stored_at)


def _seconds(entry: Any) -> float:
    return float(entry["LastModified"].timestamp())
