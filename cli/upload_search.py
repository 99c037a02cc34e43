"""From what a person calls a file to the uploads that it may be.

In: a key, an address (``s3://bucket/key``), ``<destination>/<name>`` or a bare name. Out: uploads, newest first. What
is cheap is asked: the stored versions of one key, and the folder of reports, which is named after the file. So a file
in a folder below its destination is found by its bare name only once it has a report.
"""

from __future__ import annotations

from typing import NamedTuple

from cli.operated_stack import OperatedStack
from conversion_delivery.domain.uploads import UPLOADS, Upload


class FoundUpload(NamedTuple):
    upload: Upload
    stored_at: float | None
    """None where only its report is left to tell of it."""


def find_uploads(stack: OperatedStack, wanted: str, destination: str | None = None) -> list[FoundUpload]:
    """Every upload that goes by this name."""
    keys = _keys(stack, wanted, destination)
    found: dict[str, FoundUpload] = {}
    for key in keys:
        for listed in stack.catalog.versions(key, exact=True).uploads:
            found[listed.upload.file_id] = FoundUpload(*listed)
        for file_id in stack.catalog.reported(_reports_of(key)):
            record = stack.progress.file(file_id) if file_id not in found else None
            if record is not None and record.upload.name == key.rsplit("/", 1)[-1]:
                found[file_id] = FoundUpload(record.upload, None)
    return list(found.values())


def latest_uploads(stack: OperatedStack, number: int, destination: str | None = None) -> tuple[list[FoundUpload], bool]:
    """The newest uploads, and whether all were looked at."""
    listing = stack.catalog.versions(f"{UPLOADS}{destination}/" if destination else UPLOADS)
    return [FoundUpload(*listed) for listed in listing.uploads[:number]], listing.complete


def _keys(stack: OperatedStack, wanted: str, destination: str | None) -> list[str]:
    if wanted.startswith("s3://"):
        wanted = wanted.removeprefix("s3://").partition("/")[2]
    if wanted.startswith(UPLOADS):
        return [wanted]
    if "/" in wanted:
        return [UPLOADS + wanted]
    names = [destination] if destination else sorted(stack.registry.documents())
    return [f"{UPLOADS}{name}/{wanted}" for name in names]


def _reports_of(key: str) -> str:
    folder = Upload("", key, "").report_folder
    return folder.rstrip("/").rpartition("/")[0] + "/"
