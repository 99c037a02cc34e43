"""FileProgress in DynamoDB: files, their batches, and the delivery gates, one conditional write per method.

The SDK repeats a call whose answer was lost, so a method can meet its own write. What it answers then:
a settlement and a lease happen again and change nothing (but ``attempts``); ``close`` finds the batch closed by its
own owner value and says True; ``write_ahead`` says *in doubt* about its own mark, ``release``, ``checkpoint`` and
``finish_file`` say False. The last four are on the safe side: doubt withholds a verdict, False hands the message back.

How many batches of a file are closed stands in items of its own (``file_items``), which ``close`` counts up in one
transaction with the BATCH. ``file`` reads FILE and counters with one strongly consistent query, which is no snapshot:
it may miss what is written meanwhile. The finish check needs no more. Counters and ``done`` only ever go up, and
``batches`` stays once ``done`` is set, so what looks complete is complete; and whoever writes last, be it the last
closing or the checkpoint that sets ``done``, begins its own check after its write, when all the rest has been written,
and sees everything.

An item past its ``expires_at`` that DynamoDB has not yet deleted counts as there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from conversion_delivery.aws.attributes import Item, number, read_float, read_int, read_text, text
from conversion_delivery.aws.backoff import Backoff
from conversion_delivery.aws.batch_items import (
    LAST_BATCH,
    batch_key,
    batch_record,
    closing_values,
    review_values,
    settlement_values,
)
from conversion_delivery.aws.conditional_writes import ConditionalTable, Update
from conversion_delivery.aws.file_items import (
    COUNT_PREFIX,
    FILE,
    checkpoint_attributes,
    closed_batches,
    count_key,
    file_item,
    file_key,
    file_record,
)
from conversion_delivery.domain.batches import BatchId
from conversion_delivery.domain.files import Checkpoint, FileRecord
from conversion_delivery.domain.outcomes import BatchRecord
from conversion_delivery.workflows.ports import (
    Closing,
    Gate,
    Lease,
    LeaseState,
    Settlement,
    WriteAhead,
    WriteAheadState,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OWN = "#owner = :me AND attribute_not_exists(#closed_at)"
LEASABLE = "attribute_not_exists(#closed_at) AND (attribute_not_exists(#owner) OR #lease_until < :now OR #owner = :me)"
RESENDABLE = f"{OWN} AND (attribute_not_exists(#maybe_sent_at) OR #maybe_sent_at > :not_before)"
REVIEWABLE = (
    "attribute_exists(#closed_at) AND #accepted = :found_accepted"
    " AND (attribute_not_exists(#released) OR #released = :found_released)"
    " AND (attribute_not_exists(#reviewed) OR #reviewed = :found_reviewed)"
)
"""Closed, and what a verdict changes is as it was read; nothing else of a closed batch ever changes."""
AT_EXPECTED = (
    "#done = :false AND #position_offset = :at_offset AND #position_row = :at_row AND #position_line = :at_line"
    " AND #batches = :at_batches AND #hops = :at_hops"
)
UNFINISHED = "attribute_exists(#pk) AND attribute_not_exists(#finished_at)"


class FileProgressTable:
    """Fulfils the port ``FileProgress``.

    ``retention_seconds`` is how long a FILE or BATCH item outlives its last lease or closing. It must be longer than
    events stay in the ledger: an event whose BATCH is gone has no outcome any more.
    """

    def __init__(
        self, client: DynamoDBClient, table: str, *, retention_seconds: int, backoff: Backoff | None = None
    ) -> None:
        self._items = ConditionalTable(client, table, backoff or Backoff())
        self._retention = retention_seconds

    def create_file(self, record: FileRecord) -> FileRecord:
        write = self._items.insert(file_item(record, self._expiry(record.received_at)), "pk")
        return record if write.done else self.file(record.file_id) or record

    def file(self, file_id: str) -> FileRecord | None:
        values = {":file": text(file_id), ":counters": text(COUNT_PREFIX), ":record": text(FILE)}
        items = list(self._items.read_all("#pk = :file AND #sk BETWEEN :counters AND :record", values))
        found = [item for item in items if read_text(item, "sk") == FILE]
        return file_record(found[0], closed_batches(items)) if found else None

    def closed_batches(self, file_id: str) -> int:
        values = {":file": text(file_id), ":counters": text(COUNT_PREFIX)}
        return closed_batches(self._items.read_all("#pk = :file AND begins_with(#sk, :counters)", values))

    def checkpoint(self, file_id: str, expected: Checkpoint, reached: Checkpoint) -> bool:
        attributes = checkpoint_attributes(reached)
        values = {
            **_as_values(attributes),
            ":false": {"BOOL": False},
            ":at_offset": number(expected.position.offset),
            ":at_row": number(expected.position.row),
            ":at_line": number(expected.position.line),
            ":at_batches": number(expected.batches),
            ":at_hops": number(expected.hops),
        }
        return self._items.update(Update(file_key(file_id), _set(attributes), AT_EXPECTED, values)).done

    def finish_file(self, file_id: str, now: float) -> bool:
        """As the port says. Complete is read before: what was complete stays so. The item outlives its batches."""
        file = self.file(file_id)
        if file is None or not file.is_complete:
            return False
        attributes = {"finished_at": number(now), "expires_at": number(self._expiry(now))}
        return self._items.update(Update(file_key(file_id), _set(attributes), UNFINISHED, _as_values(attributes))).done

    def batch(self, batch_id: BatchId) -> BatchRecord | None:
        item = self._items.read(batch_key(batch_id))
        return None if item is None else batch_record(item)

    def batches(self, file_id: str, after: int = 0) -> Iterator[BatchRecord]:
        first, last = (batch_key(BatchId(file_id, number))["sk"] for number in (after + 1, LAST_BATCH))
        values = {":file": text(file_id), ":first": first, ":last": last}
        for item in self._items.read_all("#pk = :file AND #sk BETWEEN :first AND :last", values):
            yield batch_record(item)

    def lease(self, batch_id: BatchId, owner: str, now: float, until: float) -> Lease:
        expression = (
            "SET #owner = :me, #lease_until = :until, #expires_at = :expires_at,"
            " #attempts = if_not_exists(#attempts, :zero) + :one"
        )
        values = {
            ":me": text(owner),
            ":now": number(now),
            ":until": number(until),
            ":expires_at": number(self._expiry(now)),
            ":zero": number(0),
            ":one": number(1),
        }
        write = self._items.update(Update(batch_key(batch_id), expression, LEASABLE, values), "ALL_NEW")
        record = batch_record(write.item)
        if write.done:
            return Lease(LeaseState.LEASED, record)
        return Lease(LeaseState.CLOSED if record.is_closed else LeaseState.BUSY, record)

    def write_ahead(self, batch_id: BatchId, owner: str, now: float, not_before: float) -> WriteAhead:
        values = {":me": text(owner), ":now": number(now), ":not_before": number(not_before)}
        expression = "SET #maybe_sent_at = if_not_exists(#maybe_sent_at, :now)"
        write = self._items.update(Update(batch_key(batch_id), expression, RESENDABLE, values), "UPDATED_OLD")
        if write.done:
            return WriteAhead(WriteAheadState.WRITTEN, in_doubt="maybe_sent_at" in write.item)
        if _is_owned(write.item, owner):
            return WriteAhead(WriteAheadState.TOO_LATE, in_doubt=True)
        return WriteAhead(WriteAheadState.LOST)

    def settle(self, batch_id: BatchId, owner: str, settlement: Settlement) -> bool:
        attributes = settlement_values(settlement)
        expression = _set(attributes) + _clearing(settlement)
        values = {**_as_values(attributes), ":me": text(owner)}
        return self._items.update(Update(batch_key(batch_id), expression, OWN, values)).done

    def release(self, batch_id: BatchId, owner: str, waiting_since: float | None = None) -> bool:
        expression, values = "REMOVE #owner, #lease_until", {":me": text(owner)}
        if waiting_since is not None:
            expression += " SET #waiting_since = if_not_exists(#waiting_since, :waiting_since)"
            values[":waiting_since"] = number(waiting_since)
        return self._items.update(Update(batch_key(batch_id), expression, OWN, values)).done

    def close(self, batch_id: BatchId, owner: str, closing: Closing, now: float) -> bool:
        attributes = {**closing_values(closing, now), "expires_at": number(self._expiry(now))}
        expression = _set(attributes) + _clearing(closing.settlement)
        close_batch = Update(batch_key(batch_id), expression, OWN, {**_as_values(attributes), ":me": text(owner)})
        count = Update(
            count_key(batch_id),
            "SET #expires_at = :expires_at ADD #closed_batches :one",
            "",
            {":expires_at": attributes["expires_at"], ":one": number(1)},
        )
        closed, _ = self._items.update_together([close_batch, count])
        return closed.done or ("closed_at" in closed.item and _owner(closed.item) == owner)

    def review(self, found: BatchRecord, decided: BatchRecord) -> bool:
        """As ``workflows.operator_ports.ReviewableProgress`` says; a repeated call that meets its own write says True.

        Stored texts are compared, which are equal where the sets are: a row set has one spelling.
        """
        attributes, before = review_values(decided), review_values(found)
        compared = {f":found_{name}": before[name] for name in ("accepted", "released", "reviewed")}
        values = {**_as_values(attributes), **compared}
        write = self._items.update(Update(batch_key(found.batch_id), _set(attributes), REVIEWABLE, values))
        return write.done or (bool(write.item) and batch_record(write.item) == decided)

    def gate(self, destination: str) -> Gate | None:
        item = self._items.read(_gate_key(destination))
        if item is None:
            return None
        since = read_float(item, "since") if "since" in item else 0.0
        return Gate(read_float(item, "shut_until"), read_text(item, "reason"), read_int(item, "failures"), since)

    def shut_gate(self, destination: str, gate: Gate) -> None:
        attributes = {
            "shut_until": number(gate.shut_until),
            "reason": text(gate.reason),
            "failures": number(gate.failures),
            "since": number(gate.since),
        }
        condition = "attribute_not_exists(#shut_until) OR #shut_until <= :shut_until"
        self._items.update(Update(_gate_key(destination), _set(attributes), condition, _as_values(attributes)))

    def open_gate(self, destination: str) -> None:
        self._items.delete(_gate_key(destination))

    def _expiry(self, now: float) -> int:
        return int(now) + self._retention


def _gate_key(destination: str) -> Item:
    return {"pk": text(f"GATE#{destination}"), "sk": text("GATE")}


def _set(attributes: Item) -> str:
    return "SET " + ", ".join(f"#{name} = :{name}" for name in attributes)


def _as_values(attributes: Item) -> Item:
    return {f":{name}": value for name, value in attributes.items()}


def _clearing(settlement: Settlement) -> str:
    return " REMOVE #maybe_sent_at" if settlement.clear_maybe_sent else ""


def _owner(item: Item) -> str:
    return read_text(item, "owner") if "owner" in item else ""


def _is_owned(item: Item, owner: str) -> bool:
    return "closed_at" not in item and _owner(item) == owner
