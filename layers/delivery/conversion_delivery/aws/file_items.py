"""FILE and COUNT items of FileProgress <-> ``FileRecord``.

FILE holds what the splitter writes: the plan, the checkpoint, the outbox, ten kilobytes and more. What every closing of
a batch counts up lies in COUNT items beside it, a hundred bytes each: DynamoDB bills a write by the size of the whole
item, and one partition takes 1,000 write units a second. There are several, taken in turn by the batch's number,
because two transactions on one item at the same moment cancel each other.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from conversion_delivery.aws.attributes import (
    Item,
    document,
    flag,
    number,
    read_document,
    read_flag,
    read_float,
    read_int,
    read_text,
    read_texts,
    text,
    texts,
)
from conversion_delivery.domain.batches import BatchId, Position
from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.domain.files import Checkpoint, FileRecord
from conversion_delivery.domain.reading.reading_plans import ReadingPlan
from conversion_delivery.domain.uploads import Upload

COUNTERS = 16
"""COUNT items per file. 200 senders close about 120 batches a second; a transaction of 20 ms then meets another one on
its counter in one of seven cases, and is repeated."""

FILE = "FILE"
COUNT_PREFIX = "COUNT#"
"""Sorts before FILE, with nothing between them: one query reads the file and its counters."""


def file_key(file_id: str) -> Item:
    return {"pk": text(file_id), "sk": text(FILE)}


def count_key(batch_id: BatchId) -> Item:
    """The counter on which a batch is counted when it is closed."""
    return {"pk": text(batch_id.file_id), "sk": text(f"{COUNT_PREFIX}{batch_id.number % COUNTERS:02d}")}


def closed_batches(items: Iterable[Item]) -> int:
    """Sum of the counters among ``items``. Raises ``ContractBroken`` (``ITEM_INVALID``)."""
    return sum(read_int(item, "closed_batches") for item in items if read_text(item, "sk").startswith(COUNT_PREFIX))


def file_item(record: FileRecord, expires_at: int) -> Item:
    """The whole item, as it is first written: all of the record but ``closed_batches``."""
    upload = record.upload
    item: Item = {
        **file_key(record.file_id),
        "bucket": text(upload.bucket),
        "key": text(upload.key),
        "version_id": text(upload.version_id),
        "size": number(upload.size),
        "received_at": number(record.received_at),
        "rejected_facts": document(record.rejected_facts),
        "expires_at": number(expires_at),
        **checkpoint_attributes(record.checkpoint),
    }
    if upload.member:
        item["member"] = text(upload.member)
    if record.source is not None:
        item["source_key"] = text(record.source.key)
        item["source_version_id"] = text(record.source.version_id)
        item["source_size"] = number(record.source.size)
    if record.expected_rows is not None:
        item["expected_rows"] = number(record.expected_rows)
    if record.members:
        item["members"] = texts(record.members)
    if record.plan is not None:
        item["plan"] = text(record.plan.model_dump_json())
    if record.rejected_code is not None:
        item["rejected_code"] = text(record.rejected_code)
    if record.finished_at is not None:
        item["finished_at"] = number(record.finished_at)
    return item


def checkpoint_attributes(checkpoint: Checkpoint) -> Item:
    """The checkpoint's attributes by name; ``reject_part`` is empty where no piece has been stored."""
    return {
        "position_offset": number(checkpoint.position.offset),
        "position_row": number(checkpoint.position.row),
        "position_line": number(checkpoint.position.line),
        "batches": number(checkpoint.batches),
        "outbox": texts(checkpoint.outbox),
        "hops": number(checkpoint.hops),
        "accepted": number(checkpoint.accepted),
        "reject_part": text(checkpoint.reject_part or ""),
        "counts": document(checkpoint.counts),
        "reasons": document(checkpoint.reasons),
        "warnings": document(checkpoint.warnings),
        "lines": document({code: list(lines) for code, lines in checkpoint.lines.items()}),
        "tally": document(checkpoint.tally),
        "done": flag(checkpoint.done),
        "stopped": text(checkpoint.stopped),
        "stopped_facts": document(checkpoint.stopped_facts),
    }


def file_record(item: Item, closed: int = 0) -> FileRecord:
    """The record, of which ``closed`` batches are closed. Raises ``ContractBroken`` (``ITEM_INVALID``)."""
    return FileRecord(
        upload=Upload(
            read_text(item, "bucket"),
            read_text(item, "key"),
            read_text(item, "version_id"),
            read_int(item, "size"),
            read_text(item, "member") if "member" in item else "",
        ),
        received_at=read_float(item, "received_at"),
        plan=_plan(item),
        rejected_code=read_text(item, "rejected_code") if "rejected_code" in item else None,
        rejected_facts=read_document(item, "rejected_facts"),
        checkpoint=_checkpoint(item),
        closed_batches=closed,
        finished_at=read_float(item, "finished_at") if "finished_at" in item else None,
        source=_source(item),
        expected_rows=read_int(item, "expected_rows") if "expected_rows" in item else None,
        members=read_texts(item, "members") if "members" in item else (),
    )


def _source(item: Item) -> Upload | None:
    if "source_key" not in item:
        return None
    return Upload(
        read_text(item, "bucket"),
        read_text(item, "source_key"),
        read_text(item, "source_version_id"),
        read_int(item, "source_size"),
    )


def _plan(item: Item) -> ReadingPlan | None:
    if "plan" not in item:
        return None
    try:
        return ReadingPlan.model_validate_json(read_text(item, "plan"))
    except ValidationError:
        raise ContractBroken("ITEM_INVALID", attribute="plan") from None


def _checkpoint(item: Item) -> Checkpoint:
    return Checkpoint(
        position=Position(
            read_int(item, "position_offset"), read_int(item, "position_row"), read_int(item, "position_line")
        ),
        batches=read_int(item, "batches"),
        outbox=read_texts(item, "outbox"),
        hops=read_int(item, "hops"),
        accepted=read_int(item, "accepted"),
        reject_part=read_text(item, "reject_part") or None,
        counts=read_document(item, "counts"),
        reasons=read_document(item, "reasons"),
        warnings=read_document(item, "warnings"),
        lines={code: tuple(lines) for code, lines in read_document(item, "lines").items()},
        tally=read_document(item, "tally"),
        done=read_flag(item, "done"),
        stopped=read_text(item, "stopped"),
        stopped_facts=read_document(item, "stopped_facts"),
    )
