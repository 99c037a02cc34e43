"""Where an upload came from and where its results go.

In: bucket, key and version id of an S3 object. Out: its destination, its identity, its report folder.
Owns no failure: a key that belongs nowhere simply has no destination.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from typing import NamedTuple

UPLOADS = "uploads/"
VALIDATE = "validate/"
"""Files below it get a whole report, and nothing of them is sent."""
PREPARED = "prepared/"
"""Plain text made of uploads that are compressed, encrypted or in another encoding."""
INBOX = "inbox/"
"""Where files land that come by SFTP. Complete ones go on to ``uploads/``."""
PARTIAL = "partial/"
"""What came of SFTP uploads that broke off; nobody reads it."""
REPORTS = "reports/"
PARTS = "parts/"
UNROUTED = "_unrouted"

UNVERSIONED = "null"
"""S3's version id of an object in a bucket that keeps no versions."""

DESTINATION_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
"""What a destination may be called: it is a folder name, part of an SSM parameter name and of a secret name."""

MARKERS = frozenset({".done", ".ok", ".ctl", ".md5", ".sha256", ".manifest", ".trigger", ".complete"})
"""Endings of files that say something about a file beside them, and hold no conversions (common practice; no vendor's
page was found that names them)."""

_UNFINISHED = (
    ".filepart", ".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".opdownload", ".upload",
    ".uploading", ".in_progress", ".inprogress", ".swp", "._copying_", "~",
)  # fmt: skip
"""Endings that programs give to files which they are still writing: WinSCP, rclone, browsers, editors, Hadoop."""

_WRAPPERS = (".gz", ".zip", ".bz2", ".zst", ".pgp", ".gpg", ".asc")
"""Endings that are put behind a file's own ending."""

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
    def key_after_inbox(self) -> str | None:
        """Where a file of the inbox goes on; None if it is none, belongs to nobody, or is not (yet) a file to be read.

        Folders that a sender made below its own are left out, as the SFTP server does with files it copies itself.
        """
        folder, _, below = self.key.removeprefix(INBOX).partition("/")
        is_ours = self.key.startswith(INBOX) and below and DESTINATION_NAME.fullmatch(folder)
        return f"{UPLOADS}{folder}/{self.name}" if is_ours and not self.is_hidden_or_partial else None

    @property
    def is_in_inbox(self) -> bool:
        """Whether the object lies where SFTP puts files."""
        return self.key.startswith(INBOX)

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
        """Whether nobody expects conversions in it."""
        return self.is_hidden_or_partial or self.is_marker

    @property
    def is_hidden_or_partial(self) -> bool:
        """A folder's own object, a hidden file (``.name``, ``_name``), or one that is still being written.

        When the writer renames it, S3 announces a new object under the final name, and that one counts.
        """
        name = self.name.lower()
        return not name or name.startswith((".", "_", "~")) or name.endswith(_UNFINISHED)

    @property
    def is_marker(self) -> bool:
        """Whether the name says that it speaks of another file (``sales.csv.done``)."""
        return self.ends_with(MARKERS)

    def ends_with(self, endings: Collection[str]) -> bool:
        """Whether the name has one of these endings, in any case, and something before it."""
        name = self.name.lower()
        return any(name.endswith(ending) and len(name) > len(ending) for ending in map(str.lower, endings))

    def marker_keys(self, ending: str) -> tuple[str, ...]:
        """Where this file's marker may lie: behind its name, or in the place of its ending.

        ``sales.csv.gz`` has ``sales.csv.gz.done``, ``sales.csv.done`` and ``sales.done``.
        """
        folder, slash, name = self.key.rpartition("/")
        names = [name]
        while "." in name.lstrip(".") and (len(names) == 1 or names[-2].lower().endswith(_WRAPPERS)):
            name = name.rpartition(".")[0]
            names.append(name)
        return tuple(f"{folder}{slash}{name}{ending}" for name in names)

    @property
    def whole(self) -> Upload:
        """The upload itself, where this is a member of its archive."""
        return self._replace(member="")

    @property
    def report_folder(self) -> str:
        """``reports/<destination>/<file>/<file id>/``; the name is reduced to characters safe in any tool."""
        safe_name = _UNSAFE.sub("_", self.key.rsplit("/", 1)[-1])[:100].strip("_") or "file"
        return f"{REPORTS}{self.destination or UNROUTED}/{safe_name}/{self.file_id}/"

    @property
    def parts_folder(self) -> str:
        """Where the pieces of a report lie until the file is finished."""
        return f"{PARTS}{self.file_id}/"
