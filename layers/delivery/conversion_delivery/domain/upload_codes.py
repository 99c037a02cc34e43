"""Codes about how files arrive: markers, archives, and what is not given back."""

from __future__ import annotations

from conversion_delivery.domain.codes import Code, Level

UPLOAD_CODES = {
    "MARKER_AWAITED": Code(
        Level.FILE_NOTE,
        "The file is read once its marker is there too: {marker}.",
        "Store the marker (it may be empty), or take `wait_for_marker` out of the settings and drop the file again.",
    ),
    "MANIFEST_COUNT_DIFFERS": Code(
        Level.FILE_NOTE,
        "The file's marker promises {expected} rows, the file has {found}.",
        "Check that the file came over whole, and drop the whole one; rows that were delivered are not sent twice.",
    ),
    "ROWS_NOT_RETURNED": Code(
        Level.FILE_NOTE,
        "Failed rows are not given back, because `return_rows` is off; the report names the first lines of each cause.",
        "Turn `return_rows` on to get them back.",
    ),
    "ARCHIVE_OF_FILES": Code(Level.FILE_NOTE, "The archive holds {files} files; each of them has a report of its own."),
    "ARCHIVE_FILES_REFUSED": Code(
        Level.FILE,
        "None of the {files} files in the archive could be read. Nothing was sent.",
        "Open each file's own report, which says why; correct the files, then drop the archive again.",
    ),
}
