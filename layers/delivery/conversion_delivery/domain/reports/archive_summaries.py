"""summary.json of an archive of several files: the sums of its files' summaries, and where those lie.

In: the archive's record and the summaries of its files. Out: a document with the same counters and the same state words
as that of a single file, so that a job can read both alike, and the same pages can be made of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conversion_delivery.domain.explanations import remedy_of, sentence_for
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.reports import added_figures as figures
from conversion_delivery.domain.reports.report_figures import FILES_LISTED
from conversion_delivery.domain.reports.summaries import REQUEST_IDS_LISTED, SCHEMA, delivered_totals, iso_time
from conversion_delivery.domain.reports.tallies import Tally

UNPACKED = "SENDING"
"""State of an archive whose files are known and not all finished."""

_WORST_FIRST = ("PARTIAL", "VALIDATED", "DONE_WITH_REJECTS")


def archive_status(archive: FileRecord, state: str | None = None) -> dict[str, Any]:
    """status.json of an archive; ``state`` is given when all its files are finished."""
    upload = archive.upload
    return {
        "schema": SCHEMA,
        "state": state or UNPACKED,
        "file_id": archive.file_id,
        "destination": upload.destination,
        "file": {"name": upload.name, "bytes": upload.size},
        "received_at": iso_time(archive.received_at),
        "members": [_member(archive, name) for name in archive.members],
    }


def archive_summary(
    archive: FileRecord, summaries: Sequence[Mapping[str, Any]], finished_at: float, reports: Mapping[str, str]
) -> dict[str, Any]:
    """``summaries``: of each member in order; ``finished_at``: epoch seconds; ``reports``: what lies beside it.

    What is said about columns, lines and settings of a file stands in that file's own report alone: a line number
    without a file would mean nothing.
    """
    state = _state([summary["state"] for summary in summaries])
    error = _refusal(len(summaries)) if state == "REJECTED" else None
    status = archive_status(archive, state)
    upload = archive.upload
    return {
        **status,
        "file": {**status["file"], "version_id": upload.version_id, "error": error},
        "upload": {"bucket": upload.bucket, "key": upload.key, "version_id": upload.version_id},
        "finished_at": iso_time(finished_at),
        **{name: figures.added(summaries, name) for name in ("counts", "reasons", "warnings", "outcomes")},
        **{name: figures.joined(summaries, name) for name in ("explanations", "sentences")},
        "remedies": figures.joined(summaries, "remedies")
        | ({error["code"]: remedy_of(error["code"])} if error else {}),
        "delivered": _delivered(summaries),
        "value": figures.added_values(summary.get("value", {}) for summary in summaries),
        "by_day": figures.added_days(summaries),
        "match_keys": figures.added(summaries, "match_keys"),
        "batches": sum(summary["batches"] for summary in summaries),
        "requests": sum(summary["requests"] for summary in summaries),
        "request_ids": [each for summary in summaries for each in summary["request_ids"]][:REQUEST_IDS_LISTED],
        "delivered_before": figures.added_deliveries(summaries, FILES_LISTED),
        "notes": [_note(len(summaries))],
        "settings": next((summary["settings"] for summary in summaries if summary.get("settings")), None),
        "reports": dict(reports),
        "members": [
            _finished_member(archive, name, summary) for name, summary in zip(archive.members, summaries, strict=True)
        ],
    }


def _refusal(files: int) -> dict[str, str]:
    code = "ARCHIVE_FILES_REFUSED"
    return {"code": code, "message": sentence_for(code, {"files": files})}


def _note(files: int) -> dict[str, str]:
    code = "ARCHIVE_OF_FILES"
    return {"code": code, "message": sentence_for(code, {"files": files}), "remedy": remedy_of(code)}


def _finished_member(archive: FileRecord, name: str, summary: Mapping[str, Any]) -> dict[str, Any]:
    """A file of the archive in a line; ``error_code`` is empty where it was read to its end."""
    error = summary["file"].get("error") or {}
    return {
        **_member(archive, name),
        "state": summary["state"],
        "error_code": error.get("code", ""),
        "counts": summary["counts"],
    }


def _member(archive: FileRecord, name: str) -> dict[str, Any]:
    upload = archive.upload._replace(member=name)
    return {"name": name, "file_id": upload.file_id, "report": upload.report_folder}


def _state(states: Sequence[str]) -> str:
    """The word that leads a person to what needs one."""
    if set(states) == {"REJECTED"}:
        return "REJECTED"
    if "REJECTED" in states and "VALIDATED" not in states:
        return "PARTIAL"
    return next((state for state in _WORST_FIRST if state in states), "DONE")


def _delivered(summaries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Events and exact sums per event and currency, in alphabetical order."""
    tally = Tally()
    for summary in summaries:
        for total in summary["delivered"]:
            sums = {"events": total["events"], "value": total["value"] or ""}
            tally.merge(Tally.from_record({"events": {total["event"]: {total["currency"] or "": sums}}}))
    return delivered_totals(tally)
