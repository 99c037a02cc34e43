"""summary.json: what happened to one file, in numbers that add up.

``rows_read = accepted + rejected + duplicates + ignored`` and
``accepted = delivered + refused + not_sent + review + open``. Holds codes, counts, ids and sums; no cell of the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from conversion_delivery.domain.explanations import explain_outcome, sentence_for
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.outcomes import BatchRecord, Outcome
from conversion_delivery.domain.reading.upload_planning import file_facts
from conversion_delivery.domain.reports.tallies import Tally

SCHEMA = 1
REQUEST_IDS_LISTED = 100
"""A summary lists this many of TikTok's request ids; results.csv has them all."""


@dataclass(slots=True)
class Outcomes:
    """What the closed batches of a file say, added up."""

    counts: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    delivered: Tally = field(default_factory=Tally)
    request_ids: list[str] = field(default_factory=list)
    requests: int = 0
    last_closed_at: float = 0.0
    reviewed: list[dict[str, Any]] = field(default_factory=list)
    """What persons have decided about rows in review, in the order of batches."""

    def add(self, batch: BatchRecord, resolved: Mapping[str, str]) -> None:
        """``resolved``: code of the row's first copy, for rows that waited for one when the batch closed."""
        self.counts.update(batch.tally.get("outcomes", {}))
        self.codes.update(batch.tally.get("codes", {}))
        for code in resolved.values():
            self.codes["FIRST_COPY_UNDECIDED"] -= 1
            self.codes[code] += 1
        self.delivered.merge(Tally.from_record(batch.tally.get("delivered", {})))
        self.requests += len(batch.request_ids)
        room = REQUEST_IDS_LISTED - len(self.request_ids)
        self.request_ids += list(batch.request_ids)[: max(room, 0)]
        self.last_closed_at = max(self.last_closed_at, batch.closed_at or 0.0)
        self.reviewed += [
            {"at": iso_time(note.at), "verdict": note.verdict, "batch": batch.batch_id.number, "rows": note.rows}
            for note in batch.reviewed
        ]


def state_of(file: FileRecord, counts: Mapping[str, int]) -> str:
    """REJECTED (nothing was sent), PARTIAL (a person has something to do), DONE_WITH_REJECTS, or DONE."""
    if file.rejected_code:
        return "REJECTED"
    if file.checkpoint.stopped or counts["not_sent"] or counts["review"] or counts["open"]:
        return "PARTIAL"
    return "DONE_WITH_REJECTS" if counts["rejected"] or counts["refused"] else "DONE"


def counts_of(file: FileRecord, outcomes: Outcomes) -> dict[str, int]:
    """The counters of invariant I1."""
    split = file.checkpoint
    duplicates = outcomes.counts[Outcome.DUPLICATE]
    decided = {
        "delivered": outcomes.counts[Outcome.DELIVERED],
        "refused": outcomes.counts[Outcome.REFUSED],
        "not_sent": outcomes.counts[Outcome.NOT_SENT],
        "review": outcomes.counts[Outcome.REVIEW],
    }
    accepted = split.accepted - duplicates
    return {
        "rows_read": split.position.row,
        "accepted": accepted,
        "rejected": split.counts.get("rejected", 0),
        "duplicates": duplicates,
        "ignored": split.counts.get("ignored", 0),
        **decided,
        "open": accepted - sum(decided.values()),
    }


def summary_of(file: FileRecord, outcomes: Outcomes, reports: Mapping[str, str]) -> dict[str, Any]:
    """The document; the same for the same records, whoever writes it."""
    counts = counts_of(file, outcomes)
    upload, totals = file.upload, outcomes.delivered
    return {
        "schema": SCHEMA,
        "state": state_of(file, counts),
        "file_id": file.file_id,
        "destination": upload.destination,
        "upload": {"bucket": upload.bucket, "key": upload.key, "version_id": upload.version_id},
        "received_at": iso_time(file.received_at),
        "finished_at": iso_time(outcomes.last_closed_at or file.received_at),
        "file": facts_of(file),
        "settings": file.plan.settings.model_dump(mode="json") if file.plan else None,
        "counts": counts,
        "reasons": dict(sorted(file.checkpoint.reasons.items())),
        "warnings": dict(sorted(file.checkpoint.warnings.items())),
        "outcomes": {code: number for code, number in sorted(outcomes.codes.items()) if number},
        "explanations": {code: explain_outcome(code) for code, number in sorted(outcomes.codes.items()) if number},
        "delivered": delivered_totals(totals),
        "earliest_event_time": iso_time(totals.earliest) if totals.earliest is not None else None,
        "latest_event_time": iso_time(totals.latest) if totals.latest is not None else None,
        "batches": file.checkpoint.batches,
        "requests": outcomes.requests,
        "request_ids": outcomes.request_ids,
        "reports": dict(reports),
        **({"reviewed": outcomes.reviewed} if outcomes.reviewed else {}),
    }


def status_of(file: FileRecord, state: str | None = None) -> dict[str, Any]:
    """How far a file has got; ``state`` is given when it is finished."""
    split = file.checkpoint
    return {
        "schema": SCHEMA,
        "state": state or ("SENDING" if split.done else "READING" if split.position.row else "RECEIVED"),
        "file_id": file.file_id,
        "destination": file.upload.destination,
        "file": {"name": file.upload.name, "bytes": file.upload.size},
        "received_at": iso_time(file.received_at),
        "bytes_read": split.position.offset,
        "rows_read": split.position.row,
        "accepted": split.accepted,
        "rejected": split.counts.get("rejected", 0),
        "ignored": split.counts.get("ignored", 0),
        "reasons": dict(sorted(split.reasons.items())),
        "batches": split.batches,
    }


def facts_of(file: FileRecord) -> dict[str, Any]:
    """The ``file`` object: name, size, how it was read, and why it was refused if it was."""
    name, size = file.upload.name, file.upload.size
    if file.plan is not None:
        facts = dict(file_facts(file.plan, name, size))
        if file.checkpoint.stopped:
            facts["error"] = _error(file.checkpoint.stopped, {"hops": file.checkpoint.hops})
        return facts
    return {
        "name": name,
        "bytes": size,
        "layout": None,
        "encoding": None,
        "delimiter": None,
        "compression": None,
        "columns": {},
        "ignored_columns": [],
        "error": _error(file.rejected_code or "", file.rejected_facts),
    }


def _error(code: str, facts: Mapping[str, Any]) -> dict[str, str]:
    return {"code": code, "message": sentence_for(code, facts)}


def delivered_totals(tally: Tally) -> list[dict[str, Any]]:
    """Events and exact value sums per event name and currency."""
    return [
        {"event": event, "currency": currency or None, "events": totals.events, "value": totals.value or None}
        for (event, currency), totals in tally.totals().items()
    ]


def iso_time(seconds: float) -> str:
    """Epoch seconds as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
