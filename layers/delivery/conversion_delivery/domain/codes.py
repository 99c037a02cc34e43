"""What a code is, and the codes of files and outcomes. ``domain.explanations`` has the whole table.

Sentences are templates: ``{column}`` and ``{shown}`` come from a ``Problem``, other names from an error's facts.
``{shown}`` is masked or free of personal data before it gets here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """Whom a code is about."""

    FILE = "file"
    """The file is refused as a whole."""
    FILE_NOTE = "file_note"
    """Worth saying about a file that was read."""
    ROW = "row"
    """The row is not sent."""
    WARNING = "warning"
    """The row is sent; something about it was repaired or left out."""
    IGNORED = "ignored"
    """The row is nobody's conversion and nobody's error."""
    OUTCOME = "outcome"
    """What became of an accepted row."""


class Code(NamedTuple):
    level: Level
    sentence: str
    remedy: str = ""


FILE_CODES = {
    "DESTINATION_UNKNOWN": Code(
        Level.FILE,
        'No destination is configured for the folder "{destination}". Nothing was sent.',
        "Configure the destination or move the file to the folder of a configured one.",
    ),
    "SETTINGS_INVALID": Code(
        Level.FILE,
        'The settings of the destination cannot be used: "{key}" {problem}. Nothing was sent.',
        "Correct the settings document, then drop the file again.",
    ),
    "BUCKET_UNVERSIONED": Code(
        Level.FILE,
        "The bucket keeps no versions, so a file could change while it is read. Nothing was sent.",
        "Turn versioning on for the bucket, then drop the file again.",
    ),
    "FILE_GONE": Code(
        Level.FILE,
        "The file was deleted before it had been read completely. Rows read before that are reported.",
        "Drop the file again; rows that were delivered are not sent twice.",
    ),
    "LINE_ENDLESS": Code(
        Level.FILE,
        "Behind row {row} there is no end of a line within {bytes} bytes. Reading stopped; rows read before that are"
        " reported.",
        "Check how the file was made: it holds no line breaks there, or is no table at all.",
    ),
    "HOPS_EXCEEDED": Code(
        Level.FILE,
        "The file needs more than {hops} passes. Reading stopped; rows read before that are reported.",
        "Split the file into smaller ones and drop those.",
    ),
}

OUTCOME_CODES = {
    "ALREADY_DELIVERED": Code(Level.OUTCOME, "Delivered before, by an earlier file or row; not sent again."),
    "CHANGED_AFTER_DELIVERY": Code(
        Level.OUTCOME,
        "Delivered before with other content; the first one counts and this one was not sent.",
        "TikTok has no correction of delivered events. Give a really different event its own id.",
    ),
    "COPY_IN_BATCH": Code(Level.OUTCOME, "Same event as an earlier row of this file; sent once."),
    "CHANGED_COPY_IN_BATCH": Code(
        Level.OUTCOME,
        "Same event id as an earlier row of this file, but other content; the first one counts.",
        "If these are different events, give each its own order or event id.",
    ),
    "FIRST_COPY_IN_REVIEW": Code(
        Level.OUTCOME, "An earlier copy of this event may have been counted and is under review; not sent again."
    ),
    "FIRST_COPY_UNDECIDED": Code(
        Level.OUTCOME,
        "An earlier copy of this event is still being delivered by another file.",
        "If that file's report says that it was not delivered, drop the row again.",
    ),
    "TIKTOK_REFUSED": Code(
        Level.OUTCOME,
        "TikTok refused the event{tiktok_code}{field}.",
        "Correct the row and drop it again.",
    ),
    "NO_LONGER_VALID": Code(
        Level.OUTCOME,
        "Accepted when the file was read, but not by the rules in force when it was to be sent.",
        "Drop the row again: the report then says what today's rules ask for.",
    ),
    "SOURCE_GONE": Code(
        Level.OUTCOME, "The uploaded file was deleted before this row was sent.", "Drop the file again."
    ),
    "CLOSED_BY_OPERATOR": Code(
        Level.OUTCOME, "An operator closed the batch before this row was sent.", "Drop the row again to have it sent."
    ),
    "UPLOAD_AGAIN": Code(
        Level.OUTCOME, "Not sent: the time in which it could safely be sent has passed.", "Drop the row again."
    ),
    "RELEASED": Code(
        Level.OUTCOME, "Reviewed by a person: it was never counted.", "Drop the row again to have it sent."
    ),
    "FIRST_COPY_NOT_DELIVERED": Code(
        Level.OUTCOME,
        "Another file's copy of this event was tried first and was not delivered.",
        "Drop the row again to have it sent.",
    ),
    "OUTCOME_UNKNOWN": Code(
        Level.OUTCOME,
        "Sent, but no answer came in time to be sure; it may have been counted.",
        "Compare with Events Manager, then mark it delivered or release it.",
    ),
    "TOO_LARGE": Code(
        Level.OUTCOME,
        "The event alone is larger than a request may be.",
        "Shorten its texts or its list of products, then drop the row again.",
    ),
}
