"""Summaries for tests of reports, made by the code that makes real ones, from invented records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from conversion_delivery.domain.batches import Position
from conversion_delivery.domain.destinations import DestinationSettings
from conversion_delivery.domain.events.tiktok_events import EncodedEvent
from conversion_delivery.domain.files import Checkpoint, FileRecord
from conversion_delivery.domain.outcomes import Outcome
from conversion_delivery.domain.reading.reading_plans import ColumnUse, ReadingPlan
from conversion_delivery.domain.reports.summaries import Outcomes, summary_of
from conversion_delivery.domain.reports.tallies import Tally
from conversion_delivery.domain.uploads import Upload

RECEIVED = 1_795_176_000
"""2026-11-20T12:00:00Z."""

DAY = 86_400
EMAIL, PHONE = 1, 2

COLUMNS = (
    ("event_type", "event"),
    ("email", "email"),
    ("phone", "phone"),
    ("timestamp", "event_time"),
    ("order_id", "order_id"),
    ("value", "value"),
    ("currency", "currency"),
)


def delivered_event(
    value: float | None = 25.0,
    currency: str = "USD",
    *,
    event: str = "Purchase",
    days_ago: int = 1,
    keys: int = EMAIL | PHONE,
) -> EncodedEvent:
    return EncodedEvent("id", "key", b"{}", b"", event, RECEIVED - days_ago * DAY, value, currency, "", keys)


def tally(events: Iterable[EncodedEvent]) -> Tally:
    counted = Tally()
    for event in events:
        counted.add(event)
    return counted


def reading_plan(*unused: str, **settings: Any) -> ReadingPlan:
    """A plan with the usual columns, and others that are not used."""
    destination = DestinationSettings(event_source_id="7654321098765432109", default_currency="USD", **settings)
    columns = [ColumnUse(index=at, header=header, field=field) for at, (header, field) in enumerate(COLUMNS)]
    columns += [ColumnUse(index=at, header=header) for at, header in enumerate(unused, len(columns))]
    return ReadingPlan(
        settings=destination,
        as_of=RECEIVED,
        layout="tiktok_offline_template",
        header=tuple(use.header for use in columns),
        columns=tuple(columns),
        data_starts=Position(0, 0, 1),
    )


def summary(
    outcomes: Mapping[str, int] | None = None,
    *,
    codes: Mapping[str, int] | None = None,
    rejected: Mapping[str, int] | None = None,
    ignored: Mapping[str, int] | None = None,
    warnings: Mapping[str, int] | None = None,
    lines: Mapping[str, tuple[int, ...]] | None = None,
    still_open: int = 0,
    events: Iterable[EncodedEvent] = (),
    key: str = "uploads/shop/sales.csv",
    would_send: int = 0,
    stopped: str = "",
    refused: tuple[str, Mapping[str, Any]] | None = None,
    plan: ReadingPlan | None = None,
) -> dict[str, Any]:
    """``outcomes``: accepted rows by outcome, with ``codes``. ``refused``: code and facts of a file that is refused."""
    outcomes, rejected, ignored = outcomes or {}, rejected or {}, ignored or {}
    numbers = {"rejected": sum(rejected.values()), "ignored": sum(ignored.values())}
    accepted = sum(outcomes.values()) + still_open + would_send
    checkpoint = Checkpoint(
        position=Position(1, accepted + sum(numbers.values()), 1),
        batches=-(-accepted // 1000),
        accepted=accepted,
        counts=numbers,
        reasons={**rejected, **ignored},
        warnings=warnings or {},
        lines=lines or {},
        tally=tally(events).to_record() if would_send else {},
        done=True,
        stopped=stopped,
    )
    upload = Upload("conversions-123456789012", key, "3HL4kqtJlcpXroDTDmJ", 1_482_113)
    file = FileRecord(upload, RECEIVED, plan=plan or reading_plan("store_manager"), checkpoint=checkpoint)
    if refused:
        file = replace(file, plan=None, checkpoint=Checkpoint(), rejected_code=refused[0], rejected_facts=refused[1])
    found = Outcomes(last_closed_at=RECEIVED + 95)
    found.counts.update({Outcome(name).value: number for name, number in outcomes.items()})
    found.codes.update(codes or {})
    if not would_send:
        found.delivered = tally(events)
        found.request_ids = [f"2026112012{at:04d}0ABCDEF" for at in range(min(checkpoint.batches, 100))]
        found.requests = checkpoint.batches
    return summary_of(file, found, reports_of(file, rejects=bool(rejected or set(outcomes) & {"refused", "not_sent"})))


def reports_of(file: FileRecord, *, rejects: bool) -> dict[str, str]:
    names = {"summary": "summary.json", "html": "report.html", "text": "report.txt"}
    if rejects:
        names["rejected"] = "rejected.csv"
    if file.plan is not None:
        names["results"] = "results.csv"
    return {kind: f"{file.upload.report_folder}{name}" for kind, name in names.items()}
