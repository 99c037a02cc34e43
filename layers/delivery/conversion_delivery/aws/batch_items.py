"""BATCH items of FileProgress <-> ``BatchRecord``: row sets as their text, coded rows as JSON of such texts."""

from __future__ import annotations

from typing import Any

from conversion_delivery.aws.attributes import (
    Item,
    document,
    number,
    read_document,
    read_float,
    read_int,
    read_text,
    text,
)
from conversion_delivery.domain.batches import BatchId, RowSet
from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.domain.outcomes import BatchRecord, CodedRows, ReviewNote
from conversion_delivery.workflows.ports import Closing, Settlement

BATCH_PREFIX = "BATCH#"
LAST_BATCH = 10**10 - 1
"""The greatest number that a key can name."""


def batch_key(batch_id: BatchId) -> Item:
    """Ten digits, so that the order of sort keys is the order of numbers."""
    return {"pk": text(batch_id.file_id), "sk": text(f"{BATCH_PREFIX}{batch_id.number:010d}")}


def batch_id_of(item: Item) -> BatchId:
    """Raises ``ContractBroken`` (``ITEM_INVALID``)."""
    number_text = read_text(item, "sk").removeprefix(BATCH_PREFIX)
    if not number_text.isdigit():
        raise ContractBroken("ITEM_INVALID", attribute="sk")
    return BatchId(read_text(item, "pk"), int(number_text))


def settlement_values(settlement: Settlement) -> Item:
    """Attribute name -> value of what a settlement stores."""
    return {
        "accepted": text(str(settlement.accepted)),
        "refused": _coded(settlement.refused),
        "review": _coded(settlement.review),
        "request_ids": document(dict(settlement.request_ids)),
    }


def closing_values(closing: Closing, now: float) -> Item:
    """Attribute name -> value of what a closing stores. ``tally`` must consist of what JSON has."""
    return {
        **settlement_values(closing.settlement),
        "duplicates": _coded(closing.duplicates),
        "tally": document(dict(closing.tally)),
        "closing_code": text(closing.closing_code),
        "closed_at": number(now),
    }


def batch_record(item: Item) -> BatchRecord:
    """Raises ``ContractBroken`` (``ITEM_INVALID``, ``ROW_SET_INVALID``)."""
    return BatchRecord(
        batch_id=batch_id_of(item),
        owner=read_text(item, "owner") if "owner" in item else None,
        lease_until=_time(item, "lease_until"),
        maybe_sent_at=_time(item, "maybe_sent_at"),
        waiting_since=_time(item, "waiting_since"),
        attempts=read_int(item, "attempts"),
        accepted=_rows(item, "accepted"),
        refused=_coded_rows(item, "refused"),
        review=_coded_rows(item, "review"),
        released=_rows(item, "released"),
        duplicates=_coded_rows(item, "duplicates"),
        request_ids=read_document(item, "request_ids"),
        closed_at=_time(item, "closed_at"),
        closing_code=read_text(item, "closing_code") if "closing_code" in item else "",
        tally=read_document(item, "tally"),
        reviewed=_notes(item),
    )


def review_values(record: BatchRecord) -> Item:
    """Attribute name -> value of what a person's verdict changes."""
    return {
        "accepted": text(str(record.accepted)),
        "released": text(str(record.released)),
        "tally": document(dict(record.tally)),
        "reviewed": document({"notes": [list(note) for note in record.reviewed]}),
    }


def _coded(rows_by_code: CodedRows) -> Item:
    return document({code: str(rows) for code, rows in rows_by_code.items()})


def _coded_rows(item: Item, name: str) -> CodedRows:
    return {code: RowSet.parse(str(rows)) for code, rows in read_document(item, name).items()}


def _rows(item: Item, name: str) -> RowSet:
    return RowSet.parse(read_text(item, name)) if name in item else RowSet()


def _notes(item: Item) -> tuple[ReviewNote, ...]:
    try:
        notes = [(float(at), str(by), str(what), str(rows)) for at, by, what, rows in _listed(item)]
    except (TypeError, ValueError):
        raise ContractBroken("ITEM_INVALID", attribute="reviewed") from None
    return tuple(ReviewNote(*note) for note in notes)


def _listed(item: Item) -> list[list[Any]]:
    notes: list[list[Any]] = read_document(item, "reviewed").get("notes", [])
    return notes


def _time(item: Item, name: str) -> float | None:
    return read_float(item, name) if name in item else None
