"""Files that came by SFTP, in S3: copied inside S3, so that no byte of them passes through the function.

One CopyObject is enough, for S3 announces as copied only what a CopyObject has made, and that is 5 GB at most
(S3 API reference). The copy carries the version it was made of, so a repeated notification finds it and copies nothing.
Needs ``s3:GetObjectVersion`` and ``s3:GetObject`` on the inbox, ``s3:PutObject`` and ``s3:GetObject`` on uploads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from conversion_delivery.aws.faults import answered, error_code
from conversion_delivery.domain.uploads import Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MADE_OF = "inbox-version"
"""Metadata of a copy: the version id of the inbox file."""

_GONE = frozenset({"NoSuchVersion", "NoSuchKey", "404", "NotFound", "MethodNotAllowed"})
"""MethodNotAllowed: the version is a delete marker."""


class S3Inbox:
    """Fulfils the port ``Inbox``."""

    def __init__(self, client: S3Client) -> None:
        self._client = client

    def hand_over(self, upload: Upload, key: str) -> bool:
        if self._is_there(upload, key):
            return True
        source: Any = {"Bucket": upload.bucket, "Key": upload.key}
        if upload.version_id:
            source["VersionId"] = upload.version_id
        with answered("CopyObject"):
            try:
                self._client.copy_object(
                    Bucket=upload.bucket,
                    Key=key,
                    CopySource=source,
                    MetadataDirective="REPLACE",
                    Metadata={MADE_OF: upload.version_id},
                    ContentType="application/octet-stream",
                )
            except ClientError as problem:
                if error_code(problem) in _GONE:
                    return False
                raise
        return True

    def _is_there(self, upload: Upload, key: str) -> bool:
        """Whether the newest object at ``key`` is the copy. Without a version id nobody can tell."""
        if not upload.version_id:
            return False
        with answered("HeadObject"):
            try:
                head = self._client.head_object(Bucket=upload.bucket, Key=key)
            except ClientError as problem:
                if error_code(problem) in _GONE:
                    return False
                raise
        return head["Metadata"].get(MADE_OF) == upload.version_id
