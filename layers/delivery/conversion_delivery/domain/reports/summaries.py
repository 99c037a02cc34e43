"""summary.json: what happened to one file, in numbers that add up.

``rows_read = accepted + rejected + duplicates + ignored`` and
``accepted = delivered + refused + not_sent + review + open``. Of a file that is only checked (``validate/``) nothing is
sent, so ``accepted = would_send`` and ``delivered`` to ``value`` speak of what would be. Holds codes, counts, ids, sums
and the file's headers; no cell of a row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from conversion_delivery.domain.explanations import explain_outcome, sentence_for
from conversion_delivery.domain.files import FileRecord
from conversion_delivery.domain.outcomes import BatchRecord, Outcome
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.reading.upload_planning import file_facts
from conversion_delivery.domain.reports import report_figures as figures
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
    lines: dict[str, list[int]] = field(default_factory=dict)
    """First lines per outcome code."""
    delivered_before: dict[str, list[float]] = field(default_factory=dict)
    """File id -> rows whose events that file had delivered, and when it had the last of them (0: not known)."""

    def add(self, batch: BatchRecord, resolved: Mapping[str, str]) -> None:
        """``resolved``: code of the row's first copy, for rows that waited for one when the batch closed."""
        self.counts.update(batch.tally.get("outcomes", {}))
        self.codes.update(batch.tally.get("codes", {}))
        for code in resolved.values():
            self.codes["FIRST_COPY_UNDECIDED"] -= 1
            self.codes[code] += 1
        self.delivered.merge(Tally.from_record(batch.tally.get("delivered", {})))
        self.lines = figures.first_lines(self.lines, batch.tally.get("lines", {}))
        for file_id, (rows, latest) in batch.tally.get("delivered_before", {}).items():
            known = self.delivered_before.setdefault(file_id, [0, 0.0])
            known[:] = [known[0] + rows, max(known[1], latest)]
        self.requests += len(batch.request_ids)
        room = REQUEST_IDS_LISTED - len(self.request_ids)
        self.request_ids += list(batch.request_ids)[: max(room, 0)]
        self.last_closed_at = max(self.last_closed_at, batch.closed_at or 0.0)
        self.reviewed += [
            {"at": iso_time(note.at), "verdict": note.verdict, "batch": batch.batch_id.number, "rows": note.rows}
            for note in batch.reviewed
        ]


def state_of(file: FileRecord, counts: Mapping[str, int]) -> str:
    """REJECTED (nothing was sent), VALIDATED (nothing was to be sent), PARTIAL (a person has something to do),
    DONE_WITH_REJECTS, or DONE."""
    if file.rejected_code:
        return "REJECTED"
    if file.upload.is_validation:
        return "VALIDATED"
    if file.checkpoint.stopped or counts["not_sent"] or counts["review"] or counts["open"]:
        return "PARTIAL"
    return "DONE_WITH_REJECTS" if counts["rejected"] or counts["refused"] else "DONE"


def counts_of(file: FileRecord, outcomes: Outcomes) -> dict[str, int]:
    """The counters of invariant I1."""
    split = file.checkpoint
    duplicates = outcomes.counts[Outcome.DUPLICATE] + split.counts.get("duplicates", 0)
    decided = {
        "delivered": outcomes.counts[Outcome.DELIVERED],
        "refused": outcomes.counts[Outcome.REFUSED],
        "not_sent": outcomes.counts[Outcome.NOT_SENT],
        "review": outcomes.counts[Outcome.REVIEW],
    }
    accepted = split.accepted - duplicates
    would_send = {"would_send": accepted} if file.upload.is_validation else {}
    return {
        "rows_read": split.position.row,
        "accepted": accepted,
        "rejected": split.counts.get("rejected", 0),
        "duplicates": duplicates,
        "ignored": split.counts.get("ignored", 0),
        **decided,
        "open": accepted - sum(decided.values()) - sum(would_send.values()),
        **would_send,
    }


def summary_of(file: FileRecord, outcomes: Outcomes, reports: Mapping[str, str]) -> dict[str, Any]:
    """The document; the same for the same records, whoever writes it."""
    counts = counts_of(file, outcomes)
    upload, split = file.upload, file.checkpoint
    totals = Tally.from_record(split.tally) if upload.is_validation else outcomes.delivered
    codes = {code: number for code, number in sorted(outcomes.codes.items()) if number}
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
        "reasons": dict(sorted(split.reasons.items())),
        "warnings": dict(sorted(split.warnings.items())),
        "outcomes": codes,
        "explanations": {code: explain_outcome(code) for code in codes},
        "delivered": delivered_totals(totals),
        "earliest_event_time": iso_time(totals.earliest) if totals.earliest is not None else None,
        "latest_event_time": iso_time(totals.latest) if totals.latest is not None else None,
        "batches": split.batches,
        "requests": outcomes.requests,
        "request_ids": outcomes.request_ids,
        "reports": dict(reports),
        **({"reviewed": outcomes.reviewed} if outcomes.reviewed else {}),
        "delivered_before": figures.delivered_before(outcomes.delivered_before),
        **plan_details(file.plan, file.notes),
        **tally_details(totals),
        "first_lines": _lines_of({**split.reasons, **codes}, split.lines, outcomes.lines),
        **figures.words([*split.reasons, *split.warnings, *codes, *filter(None, [file.rejected_code, split.stopped])]),
    }


def tally_details(totals: Tally) -> dict[str, Any]:
    """What a tally says beyond the totals per event and currency."""
    per_currency = ((currency, total) for (_, currency), total in totals.totals().items())
    return {
        "value": figures.value_per_currency(per_currency),
        "by_day": figures.by_day(totals),
        "match_keys": figures.match_keys(totals),
    }


def plan_details(plan: ReadingPlan | None, found: Iterable[tuple[str, Mapping[str, object]]] = ()) -> dict[str, Any]:
    """How the file was understood, and the notes that reading it ``found``; empty where it was refused before that."""
    return {
        "reading": figures.reading_of(plan) if plan else None,
        "event_names": figures.event_names_of(plan) if plan else {},
        "notes": figures.notes_of(plan, found),
    }


def _lines_of(codes: Mapping[str, int], *sources: Mapping[str, Any]) -> dict[str, list[int]]:
    """First lines of the codes that still have rows."""
    return {code: lines for code, lines in figures.first_lines(*sources).items() if code in codes}


def status_of(file: FileRecord, state: str | None = None) -> dict[str, Any]:
    """How far a file has got; ``state`` is given when it is finished."""
    split = file.checkpoint
    return {
        "schema": SCHEMA,
        "state": state or ("SENDING" if split.done else "READING" if split.position.row else "RECEIVED"),
        "file_id": file.file_id,
        "destination": file.upload.destination,
        "file": {"name": file.upload.name, "bytes": _size_of(file)},
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
    """The ``file`` object: name, size, version, how it was read, and why it was refused if it was."""
    name, size, version = file.upload.name, _size_of(file), {"version_id": file.upload.version_id}
    if file.plan is not None:
        facts = file_facts(file.plan, name, size) | version
        if file.checkpoint.stopped:
            facts["error"] = _error(file.checkpoint.stopped, file.checkpoint.stopped_facts)
        return facts
    return {
        "name": name,
        "bytes": size,
        **version,
        "layout": None,
        "encoding": None,
        "delimiter": None,
        "compression": None,
        "columns": {},
        "ignored_columns": [],
        "error": _error(file.rejected_code or "", file.rejected_facts),
    }


def _size_of(file: FileRecord) -> int | None:
    """Bytes of the upload; of a file in an archive those of its text, which nobody knows where it was not unpacked."""
    if not file.upload.member:
        return file.upload.size
    return file.source.size if file.source else None


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
