"""Where an upload came from and where its results go.

In: bucket, key and version id of an S3 object. Out: its destination, its identity, its report folder.
Owns no failure: a key that belongs nowhere simply has no destination.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

UPLOADS = "uploads/"
VALIDATE = "validate/"
"""Files below it get a whole report, and nothing of them is sent."""
PREPARED = "prepared/"
"""Plain text made of uploads that are compressed, encrypted or in another encoding."""
REPORTS = "reports/"
PARTS = "parts/"
UNROUTED = "_unrouted"

UNVERSIONED = "null"
"""S3's version id of an object in a bucket that keeps no versions."""

DESTINATION_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
"""What a destination may be called: it is a folder name, part of an SSM parameter name and of a secret name."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class Upload(NamedTuple):
    """One version of one object: the identity of a file. A changed file is another version, so another upload."""

    bucket: str
    key: str
    version_id: str
    size: int = 0
    member: str = ""
    """Path inside an archive of several files, each of which is a file of its own; else empty."""

    @property
    def file_id(self) -> str:
        """32 hex digits, the same for every notification of the same version."""
        identity = "\0".join((self.bucket, self.key, self.version_id, *filter(None, [self.member])))
        return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def name(self) -> str:
        """The file's own name, without folders; of a member of an archive, its own."""
        return (self.member or self.key).rsplit("/", 1)[-1]

    @property
    def destination(self) -> str | None:
        """The folder below ``uploads/`` or ``validate/`` that holds the file; None where it has no legal name."""
        if not self.key.startswith((UPLOADS, VALIDATE)):
            return None
        _, folder, *below = self.key.split("/", 2)
        return folder if below and DESTINATION_NAME.fullmatch(folder) else None

    @property
    def is_validation(self) -> bool:
        """Whether the file is only to be checked: nothing of it is sent."""
        return self.key.startswith(VALIDATE)

    @property
    def has_version(self) -> bool:
        """Whether the version id pins the bytes."""
        return self.version_id not in ("", UNVERSIONED)

    @property
    def is_ignorable(self) -> bool:
        """Folder markers and hidden files (``.name``, ``_name``) are nobody's conversions."""
        return not self.name or self.name.startswith((".", "_"))

    @property
    def report_folder(self) -> str:
        """``reports/<destination>/<file>/<file id>/``; the name is reduced to characters safe in any tool."""
        safe_name = _UNSAFE.sub("_", self.key.rsplit("/", 1)[-1])[:100].strip("_") or "file"
        return f"{REPORTS}{self.destination or UNROUTED}/{safe_name}/{self.file_id}/"

    @property
    def parts_folder(self) -> str:
        """Where the pieces of a report lie until the file is finished."""
        return f"{PARTS}{self.file_id}/"
