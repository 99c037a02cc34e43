"""summary.json of an archive of several files: the sums of its files' summaries, and where those lie.

In: the archive's record and the summaries of its files. Out: a document with the same counters and the same state words
as that of a single file, so that a job can read both alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from conversion_delivery.domain.files import FileRecord
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


def archive_summary(archive: FileRecord, summaries: Sequence[Mapping[str, Any]], finished_at: float) -> dict[str, Any]:
    """``summaries``: of each member in order; ``finished_at``: epoch seconds."""
    state = _state([summary["state"] for summary in summaries])
    members = [
        {**_member(archive, name), "state": summary["state"], "counts": summary["counts"]}
        for name, summary in zip(archive.members, summaries, strict=True)
    ]
    added = {name: _added(summaries, name) for name in ("counts", "reasons", "warnings", "outcomes")}
    explained = [summary.get("explanations", {}) for summary in summaries]
    return {
        **archive_status(archive, state),
        "upload": {"bucket": archive.upload.bucket, "key": archive.upload.key, "version_id": archive.upload.version_id},
        "finished_at": iso_time(finished_at),
        **added,
        "explanations": {code: text for each in explained for code, text in each.items()},
        "delivered": _delivered(summaries),
        "batches": sum(summary["batches"] for summary in summaries),
        "requests": sum(summary["requests"] for summary in summaries),
        "request_ids": [each for summary in summaries for each in summary["request_ids"]][:REQUEST_IDS_LISTED],
        "reports": {"summary": f"{archive.upload.report_folder}summary.json"},
        "members": members,
    }


def _member(archive: FileRecord, name: str) -> dict[str, Any]:
    upload = archive.upload._replace(member=name)
    return {"name": name, "file_id": upload.file_id, "report": upload.report_folder}


def _state(states: Sequence[str]) -> str:
    """The word that leads a person to what needs one."""
    if set(states) == {"REJECTED"}:
        return "REJECTED"
    if "REJECTED" in states:
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


def _added(summaries: Sequence[Mapping[str, Any]], name: str) -> dict[str, int]:
    total: Counter[str] = Counter()
    for summary in summaries:
        total.update(summary[name])
    return dict(total)
