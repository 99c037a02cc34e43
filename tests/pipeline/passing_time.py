"""What passing time would do by itself, done at once, so that a test need not wait for it.

Three things wait in this product, and each may end early without harm: the lease of a batch (its owner value alone
carries the safety), the delivery gate, and the time for which a message is hidden. A hidden message cannot be called
back without its receipt, so a copy of it is sent: the queue may deliver any message twice, and here it does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from conversion_delivery.aws.file_progress import FileProgressTable
from conversion_delivery.domain.batches import BatchId, BatchMessage, parse_batch_message
from conversion_delivery.domain.errors import ContractBroken
from local.aws.local_stack import LocalStack


class PassingTime:
    """Makes leases, gates and hidden messages of one stack come to their end."""

    def __init__(self, stack: LocalStack) -> None:
        self._stack = stack
        self._dynamodb = stack.endpoints.dynamodb
        self._sqs = stack.endpoints.sqs
        self._table = stack.outputs["FileProgressTable"]
        self._progress = FileProgressTable(self._dynamodb, self._table, retention_seconds=86_400)
        self.seen: dict[BatchId, BatchMessage] = {}
        """Every pointer that was in a queue at some look."""
        self.ended_leases = 0
        self.copies = 0

    def end_leases(self) -> None:
        """End the lease of every open batch, that of a living attempt too."""
        for item in self._items("BATCH#"):
            if "lease_until" in item and "closed_at" not in item:
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"pk": item["pk"], "sk": item["sk"]},
                    UpdateExpression="SET lease_until = :past",
                    ConditionExpression="attribute_exists(pk)",
                    ExpressionAttributeValues={":past": {"N": "1"}},
                )
                self.ended_leases += 1

    def open_gates(self) -> None:
        """As ``conversions gate open`` does."""
        for item in self._items("GATE"):
            self._progress.open_gate(item["pk"]["S"].removeprefix("GATE#"))

    def send_hidden_again(self) -> None:
        """One copy of each open batch's message."""
        self.send_again(self.open_batches())

    def send_again(self, pointers: Iterable[BatchMessage]) -> None:
        """A copy of each message, as a queue that delivers at least once may make."""
        url = self._stack.outputs["BatchesQueueUrl"]
        for pointer in pointers:
            self._sqs.send_message(QueueUrl=url, MessageBody=pointer.to_json())
            self.copies += 1

    def open_batches(self) -> list[BatchMessage]:
        """Every batch that has a message in a queue and is not closed."""
        pointers = {pointer.batch_id: pointer for pointer in self.pointers()}
        closed = {
            batch_id
            for batch_id in pointers
            if (record := self._progress.batch(batch_id)) is not None and record.is_closed
        }
        return [pointer for batch_id, pointer in pointers.items() if batch_id not in closed]

    def pointers(self) -> list[BatchMessage]:
        """The pointers in all queues, visible or hidden, as the emulator holds them."""
        found = []
        for body in _bodies(json.loads(self._stack.messages())):
            try:
                found.append(parse_batch_message(body))
            except ContractBroken:
                continue  # an upload's message
        self.seen.update((pointer.batch_id, pointer) for pointer in found)
        return found

    def _items(self, sort_key: str) -> list[dict[str, Any]]:
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._table)
        return [item for page in pages for item in page["Items"] if item["sk"]["S"].startswith(sort_key)]


def _bodies(document: Any) -> list[str]:
    """Every message body anywhere in the emulator's listing."""
    if isinstance(document, dict):
        own = [value for name, value in document.items() if name.lower() == "body" and isinstance(value, str)]
        return own + [body for value in document.values() for body in _bodies(value)]
    if isinstance(document, list):
        return [body for value in document for body in _bodies(value)]
    return []
