"""A splitter and a sender over in-memory ports, with a queue that a test empties by hand."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from conversion_delivery.domain.batches import BatchMessage
from conversion_delivery.domain.errors import TryLater
from conversion_delivery.domain.reading.slices import SliceLimits
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.pgp.decryption import SequoiaDecryption
from conversion_delivery.workflows.assembly import SenderPorts, SplitterPorts, assemble_sender, assemble_splitter
from conversion_delivery.workflows.batch_attempt import DeliveryLimits
from conversion_delivery.workflows.events_api_ports import Answer
from conversion_delivery.workflows.split_file import SplitLimits
from tests.fakes.destination_store import FakeDestinationStore
from tests.fakes.event_ledger import FakeEventLedger
from tests.fakes.events_api import FakeEventsApi
from tests.fakes.file_progress import FakeFileProgress
from tests.fakes.key_store import FakeKeyStore
from tests.fakes.prepared_store import FakePreparedStore
from tests.fakes.report_store import FakeReportStore
from tests.fakes.split_queue import FakeSplitQueue
from tests.fakes.telemetry import FakeTelemetry
from tests.fakes.token_store import FakeTokenStore
from tests.fakes.upload_store import FakeUploadStore

NOW = 1_795_176_000.0
"""2026-11-20T12:00:00Z."""

SETTINGS = {"event_source": "offline", "event_source_id": "7654321098765432109", "default_currency": "USD"}

HEADER = "event_type,email,timestamp,order_id,value,currency"


def row(number: int, *, event: str = "Purchase", value: str = "10.00", email: str | None = None) -> str:
    """One good row of an offline file; the number makes order id and address."""
    address = f"buyer{number}@example.com" if email is None else email
    return f"{event},{address},2026-11-19T10:00:00Z,T-{number},{value},USD"


def file_of(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows, "")).encode()


class DeliveryWorld:
    """One destination called ``shop``; time stands still until a test moves it."""

    def __init__(
        self,
        *,
        answers: Iterable[Answer] = (),
        rows_per_batch: int = 1000,
        limits: DeliveryLimits | None = None,
        split_limits: SplitLimits | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.time = NOW
        self.remaining = 120.0
        self.uploads = FakeUploadStore()
        self.uploads.now = self.now
        self.queue = FakeSplitQueue()
        self.ledger = FakeEventLedger()
        self.progress = FakeFileProgress()
        self.destinations = FakeDestinationStore({"shop": json.dumps({**SETTINGS, **(settings or {})})})
        self.tokens = FakeTokenStore({"shop": "token-1"})
        self.api = FakeEventsApi(answers)
        self.reports = FakeReportStore()
        self.telemetry = FakeTelemetry()
        self._ids = itertools.count(1)
        limits = limits or DeliveryLimits()
        slices = SliceLimits(conversions=rows_per_batch)
        self.split = assemble_splitter(
            SplitterPorts(
                uploads=self.uploads,
                queue=self.queue,
                progress=self.progress,
                destinations=self.destinations,
                reports=self.reports,
                prepared=FakePreparedStore(self.uploads),
                keys=FakeKeyStore(),
                decryption=SequoiaDecryption(),
                telemetry=self.telemetry,
                now=self.now,
                new_id=self.new_id,
            ),
            replace(split_limits or SplitLimits(), slices=slices),
        )
        self.sender_ports = SenderPorts(
            uploads=self.uploads,
            ledger=self.ledger,
            progress=self.progress,
            tokens=self.tokens,
            api=self.api,
            reports=self.reports,
            telemetry=self.telemetry,
            now=self.now,
            jitter=lambda: 0.5,
            new_id=self.new_id,
        )
        self.send = assemble_sender(self.sender_ports, limits)

    def now(self) -> float:
        return self.time

    def new_id(self) -> str:
        return f"id{next(self._ids):04d}"

    def drop(self, body: bytes, key: str = "uploads/shop/sales.csv") -> Upload:
        """Put a file into the bucket and split it to its end."""
        upload = self.uploads.put("bucket", key, body)
        self.split.start(upload, lambda: self.remaining)
        return upload

    def pending(self) -> list[BatchMessage]:
        """Batch messages that are in the queue."""
        return list(self.queue.batches)

    def deliver(self, message: BatchMessage) -> TryLater | None:
        """Run the sender once; the error with which it hands the message back, if it does."""
        try:
            self.send.run(message, lambda: self.remaining)
        except TryLater as later:
            return later
        return None

    def deliver_all(self, attempts: int = 20, wait: float = 60.0) -> None:
        """Deliver every batch message until none is handed back; time passes between two rounds."""
        messages = self.pending()
        self.queue.batches.clear()
        for _ in range(attempts):
            messages = [message for message in messages if self.deliver(message) is not None]
            if not messages:
                return
            self.time += wait
        raise AssertionError(f"{len(messages)} batches are still open")

    def summary(self, upload: Upload) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.reports.get(f"{upload.report_folder}summary.json"))
        return document

    def report(self, upload: Upload, name: str) -> list[dict[str, str]]:
        """The rows of results.csv or rejected.csv."""
        text = self.reports.get(f"{upload.report_folder}{name}").decode()
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def sent_order_ids(self) -> list[str]:
        """Order ids of all events in all requests so far, in order."""
        return [event["properties"]["order_id"] for body in self.sent_bodies() for event in body["data"]]

    def sent_bodies(self) -> list[dict[str, Any]]:
        return [json.loads(request.body) for request in self.api.requests]
