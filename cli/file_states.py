"""How far a file is, in words and numbers: from its record, its batches and its report.

In: a stack and a file. Out: a document for ``--json`` and lines for a person. Holds ids, times, counts and codes only.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from cli.operated_stack import OperatedStack
from cli.operation import shown_time
from conversion_delivery.domain.errors import SourceGone
from conversion_delivery.domain.explanations import explain_outcome, sentence_for
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.reviews import rows_in_review
from conversion_delivery.domain.uploads import Upload

REQUEST_IDS_SHOWN = 10


def state_of(record: FileRecord | None) -> str:
    """One word per stage; ``waiting``: the upload is stored and nobody has begun to read it.

    ``unpacked``: an archive of several files, each of which has a state of its own.
    """
    if record is None:
        return "waiting"
    if record.rejected_code is not None:
        return "refused"
    if record.finished_at is not None:
        return "finished"
    if record.is_archive:
        return "unpacked"
    return "delivering" if record.checkpoint.done else "reading"


def brief(upload: Upload, record: FileRecord | None, stored_at: float | None = None) -> dict[str, Any]:
    """What the record alone says."""
    document: dict[str, Any] = {
        "file_id": upload.file_id,
        "key": upload.key,
        "version_id": upload.version_id,
        "destination": upload.destination,
        "state": state_of(record),
        "stored_at": shown_time(stored_at) or None,
        "received_at": shown_time(record.received_at) if record else None,
        "finished_at": shown_time(record.finished_at) or None if record else None,
    }
    if upload.member:
        document["member"] = upload.member
    if record is not None and record.members:
        document["members"] = {name: upload._replace(member=name).file_id for name in record.members}
    if record is not None:
        split = record.checkpoint
        document |= {
            "rows_read": split.position.row,
            "accepted": split.accepted,
            "rejected": split.counts.get("rejected", 0),
            "batches": split.batches,
            "closed_batches": record.closed_batches,
            "code": record.rejected_code or split.stopped or None,
        }
    return document


def detailed(stack: OperatedStack, upload: Upload, record: FileRecord | None) -> dict[str, Any]:
    """With the report's figures where there is one, else with those of the batches."""
    document = brief(upload, record)
    if record is None:
        return document | _awaited(stack, upload)
    if record.rejected_code is not None:
        document["message"] = sentence_for(record.rejected_code, record.rejected_facts)
    summary = _summary(stack, upload)
    if record.finished_at is not None and summary is not None:
        kept = ("state", "counts", "reasons", "outcomes", "delivered", "requests", "request_ids", "reviewed")
        document["report"] = {name: summary[name] for name in kept if name in summary}
        document["report"]["folder"] = upload.report_folder
    else:
        document["open_batches"] = _open_batches(stack, record)
        gate = stack.progress.gate(upload.destination) if upload.destination else None
        if gate is not None:
            document["gate"] = {"reason": gate.reason, "shut_until": shown_time(gate.shut_until)}
    return document


def _awaited(stack: OperatedStack, upload: Upload) -> dict[str, Any]:
    """What a file waits for that nobody has begun to read, as far as its status says."""
    try:
        status = json.loads(stack.reports.get(f"{upload.report_folder}status.json"))
    except SourceGone:
        return {}
    return {name: status[name] for name in ("waiting_for", "message") if name in status}


def _summary(stack: OperatedStack, upload: Upload) -> dict[str, Any] | None:
    try:
        summary: dict[str, Any] = json.loads(stack.reports.get(f"{upload.report_folder}summary.json"))
    except SourceGone:
        return None
    return summary


def _open_batches(stack: OperatedStack, record: FileRecord) -> dict[str, Any]:
    """Numbers of the batches that are not closed, and why, as far as their records say."""
    begun: set[int] = set()
    doing: Counter[str] = Counter()
    numbers: list[int] = []
    review = 0
    for batch in stack.progress.batches(record.file_id):
        begun.add(batch.batch_id.number)
        review += sum(len(rows) for rows in rows_in_review(batch).values())
        if not batch.is_closed:
            numbers.append(batch.batch_id.number)
            doing["waiting for another file" if batch.waiting_since is not None else "tried before"] += 1
    waiting = [number for number in range(1, record.checkpoint.batches + 1) if number not in begun]
    doing["not begun"] = len(waiting)
    return {"numbers": sorted(numbers + waiting)[:100], "because": dict(+doing), "rows_in_review": review}


def lines(document: Mapping[str, Any]) -> list[str]:
    """The same for a person."""
    name = " > ".join(filter(None, [document["key"], document.get("member")]))
    shown = [f"{name}  ({document['file_id']})", f"  state:     {document['state']}"]
    for name in ("stored_at", "received_at", "finished_at"):
        if document.get(name):
            shown.append(f"  {name.replace('_at', '') + ':':10} {document[name]}")
    if document.get("message"):
        shown.append(f"  {document['message']}")
    if document.get("members"):
        shown += ["  files:", *(f"    {file_id}  {member}" for member, file_id in document["members"].items())]
    if "batches" in document and document["state"] not in ("refused", "unpacked"):
        shown.append(
            f"  rows:      {document['rows_read']:,} read, {document['rejected']:,} rejected;"
            f" {document['closed_batches']:,} of {document['batches']:,} batches done"
        )
    shown += _report_lines(document["report"]) if "report" in document else _open_lines(document)
    return shown


def _report_lines(report: Mapping[str, Any]) -> list[str]:
    counts = ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in report["counts"].items() if number)
    shown = [f"  outcome:   {report['state']}: {counts}"]
    shown += [f"             {number:,} x {explain_outcome(code)}" for code, number in report["outcomes"].items()]
    ids = report["request_ids"]
    if ids:
        more = f" and {report['requests'] - REQUEST_IDS_SHOWN:,} more" if report["requests"] > REQUEST_IDS_SHOWN else ""
        shown.append(f"  requests:  {', '.join(ids[:REQUEST_IDS_SHOWN])}{more}")
    return [*shown, f"  report:    {report['folder']}"]


def _open_lines(document: Mapping[str, Any]) -> list[str]:
    shown = []
    open_batches = document.get("open_batches")
    if open_batches and open_batches["numbers"]:
        because = ", ".join(f"{number} {why}" for why, number in open_batches["because"].items())
        shown.append(f"  open:      batches {', '.join(map(str, open_batches['numbers'][:20]))} ({because})")
    if "gate" in document:
        shown.append(f"  gate:      {document['gate']['reason']}, tries again at {document['gate']['shut_until']}")
    return shown
