"""From what a person calls a file to the uploads that it may be.

In: a key, an address (``s3://bucket/key``), ``<destination>/<name>`` or a bare name. Out: uploads, newest first. What
is cheap is asked: the stored versions of one key, and the folder of reports, which is named after the file. So a file
in a folder below its destination is found by its bare name only once it has a report. The files in an archive have
their reports in the archive's folder, so its name finds them too.
"""

from __future__ import annotations

from typing import NamedTuple

from cli.operated_stack import OperatedStack
from conversion_delivery.domain.uploads import UPLOADS, VALIDATE, Upload

FOLDERS = (UPLOADS, VALIDATE)


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
            if record is not None and record.upload.key.rsplit("/", 1)[-1] == key.rsplit("/", 1)[-1]:
                found[file_id] = FoundUpload(record.upload, None)
    return list(found.values())


def latest_uploads(stack: OperatedStack, number: int, destination: str | None = None) -> tuple[list[FoundUpload], bool]:
    """The newest uploads, those that are only checked among them, and whether all were looked at."""
    below = f"{destination}/" if destination else ""
    listings = [stack.catalog.versions(folder + below) for folder in FOLDERS]
    listed = sorted((each for listing in listings for each in listing.uploads), key=lambda each: -each.stored_at)
    return [FoundUpload(*each) for each in listed[:number]], all(listing.complete for listing in listings)


def _keys(stack: OperatedStack, wanted: str, destination: str | None) -> list[str]:
    if wanted.startswith("s3://"):
        wanted = wanted.removeprefix("s3://").partition("/")[2]
    if wanted.startswith(FOLDERS):
        return [wanted]
    if "/" in wanted:
        return [folder + wanted for folder in FOLDERS]
    names = [destination] if destination else sorted(stack.registry.documents())
    return [f"{folder}{name}/{wanted}" for name in names for folder in FOLDERS]


def _reports_of(key: str) -> str:
    folder = Upload("", key, "").report_folder
    return folder.rstrip("/").rpartition("/")[0] + "/"
