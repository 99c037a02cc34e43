"""The notice of a finished file: what happened in numbers, and where the report lies.

In: the document that becomes summary.json. Out: what everybody may read who subscribes: counts, states, codes, object
keys; never a value, a header or a line of the file. Described in docs/notices.md and docs/notice.schema.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NOTICE_SCHEMA = 1

ROWS_FOR_A_SHARE = 20
"""In a file of fewer rows one bad row would be a large share."""

_COUNTS = (
    "rows_read",
    "accepted",
    "rejected",
    "duplicates",
    "ignored",
    "delivered",
    "refused",
    "not_sent",
    "review",
    "open",
)

_REPORTS = ("summary", "html", "text", "rejected", "results")
"""Of a long file there are more; they lie in the same folder, and a notice stays short."""


def notice_of(summary: Mapping[str, Any]) -> dict[str, Any]:
    """The notice; the same for the same report, so whoever gets it twice can tell by ``file_id``."""
    file, upload = summary["file"], summary["upload"]
    folder = summary["reports"]["summary"].rpartition("/")[0] + "/"
    return {
        "schema": NOTICE_SCHEMA,
        "file_id": summary["file_id"],
        "kind": "archive" if "members" in summary else "file",
        "state": summary["state"],
        "destination": summary["destination"] or "",
        "name": file["name"],
        "bytes": file["bytes"] or 0,
        "received_at": summary["received_at"],
        "finished_at": summary["finished_at"],
        "error_code": (file.get("error") or {}).get("code", ""),
        "counts": {name: summary["counts"].get(name, 0) for name in _COUNTS},
        "upload": {"bucket": upload["bucket"], "key": upload["key"], "version_id": upload["version_id"]},
        "reports": {"folder": folder, **{name: key for name, key in summary["reports"].items() if name in _REPORTS}},
    }


def rejected_percent(summary: Mapping[str, Any]) -> float | None:
    """Share of a file's rows that were rejected; 100 for a file that was refused as a whole.

    None where it says nothing: too few rows, or a file that was only to be checked.
    """
    counts = summary["counts"]
    if summary["state"] == "VALIDATED":
        return None
    if summary["state"] == "REJECTED":
        return 100.0
    rows = counts["rows_read"] - counts["ignored"]
    return 100.0 * counts["rejected"] / rows if rows >= ROWS_FOR_A_SHARE else None
