"""What a file costs in processor time from its notification to its last closed batch, over both functions.

Everything that the functions run is there: messages as Lambda hands them over, the workflows, the telemetry (into a
buffer), the adapters on botocore, the client of the Events API. Buckets, queues, parameters, secrets and the table of
files and batches are the emulated AWS; the event ledger and TikTok are the stub, for an emulated ledger is slow. All
of these are other processes, whose time is not counted. Nor are TLS, Lambda's own part, and the imports.

Run ``python -m tests.benchmarks.whole_path`` for this figure alone.
"""

from __future__ import annotations

import io
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from conversion_delivery.aws.consumed_queue import ConsumedQueue
from conversion_delivery.aws.s3_notifications import uploads_in
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.pgp.decryption import SequoiaDecryption
from conversion_delivery.runtime.collection import collect_rarely
from conversion_delivery.runtime.consumption import Consumption
from conversion_delivery.runtime.messages import handle_batch_message, handle_upload_message
from conversion_delivery.runtime.telemetry import FunctionTelemetry
from conversion_delivery.tiktok.client import EventsApiClient
from conversion_delivery.workflows.assembly import SenderPorts, SplitterPorts, assemble_sender, assemble_splitter
from conversion_delivery.workflows.batch_attempt import DeliveryLimits
from local.aws.emulator import Emulator
from tests.benchmarks.claims import ledgers
from tests.benchmarks.dynamodb_stub import dynamodb_stub
from tests.benchmarks.generated_file import AS_OF, write_file
from tests.benchmarks.measuring import ROUNDS, cpu_seconds, report
from tests.benchmarks.naive_sender import EVENTS as NAIVE_EVENTS
from tests.benchmarks.naive_sender import NaiveSender, first_rows
from tests.benchmarks.work import SETTINGS
from tests.contracts.backends import EmulatedBackend, Services

EVENTS = 20_000
"""Rows of the file that is delivered, bad ones included; a file's own few calls are spread over them."""

DESTINATION = "shop"
TARGET_US = 140.0
"""Most CPU microseconds per event."""

NAIVE = "naive sender, one PutItem and one POST per event"


class Taken(NamedTuple):
    """CPU seconds of one delivery of ``events`` events, and what the naive sender takes for one event."""

    splitter: float
    sender: float
    events: int
    naive_each: float = 0.0

    @property
    def each_us(self) -> float:
        """CPU microseconds per event over both functions."""
        return (self.splitter + self.sender) / self.events * 1e6


class _Context:
    """The part of Lambda's context that is read; time never runs out."""

    aws_request_id = "request"

    def get_remaining_time_in_millis(self) -> int:
        return 300_000


class Functions:
    """Splitter and sender as the composition root makes them, on a world of their own in the emulated AWS."""

    def __init__(self, services: Services, stub: str) -> None:
        self.world = EmulatedBackend(services)
        self.world.configure(DESTINATION, settings=SETTINGS.model_dump_json(exclude_defaults=True), secret="token-1")
        self.log = io.StringIO()
        self.api = EventsApiClient(stub)
        self._ids = count(1)
        splitter, sender = self._telemetry("splitter"), self._telemetry("sender")
        split = assemble_splitter(self._splitter_ports(splitter))
        send = assemble_sender(self._sender_ports(sender, stub), DeliveryLimits())
        self._splitter = self._function(
            lambda body, remaining: handle_upload_message(body, split, uploads_in, remaining), splitter
        )
        self._sender = self._function(lambda body, remaining: handle_batch_message(body, send, remaining), sender)

    def deliver(self, body: bytes) -> Taken:
        """Drop a file, let the functions bring it to its end, and look whether they did."""
        upload = self.world.put_upload(f"uploads/{DESTINATION}/liveramp.csv", body)
        splitter = cpu_seconds(lambda: self._splitter(_notification(upload)))
        batches = self.world.bodies("batches")
        sender = cpu_seconds(lambda: [self._sender(message) for message in batches])
        record = self.world.progress.file(upload.file_id)
        if record is None or record.finished_at is None:
            raise RuntimeError(f"the file was not delivered:\n{self.log.getvalue()[-2000:]}")
        return Taken(splitter, sender, record.checkpoint.accepted)

    def close(self) -> None:
        self.api.close()
        self.world.close()

    def _telemetry(self, service: str) -> FunctionTelemetry:
        return FunctionTelemetry(service, write=lambda line: print(line, file=self.log), log=self.log)

    def _function(
        self, handle: Callable[[str, Callable[[], float]], None], telemetry: FunctionTelemetry
    ) -> Callable[[str], None]:
        queue = ConsumedQueue(
            self.world.sqs, url=self.world.queue_url("uploads"), dead_letter_url=self.world.queue_url("dead")
        )
        consumption = Consumption(handle, queue, telemetry, random.random)

        def invoke(body: str) -> None:
            answer = consumption.run(_records(body), _Context())
            if answer["batchItemFailures"]:
                raise RuntimeError(f"a message was handed back:\n{self.log.getvalue()[-2000:]}")

        return invoke

    def _splitter_ports(self, telemetry: FunctionTelemetry) -> SplitterPorts:
        world = self.world
        return SplitterPorts(
            uploads=world.uploads,
            queue=world.queue,
            progress=world.progress,
            destinations=world.destinations,
            reports=world.reports,
            prepared=world.prepared,
            keys=world.keys,
            decryption=SequoiaDecryption(),
            telemetry=telemetry,
            now=AS_OF.timestamp,
            new_id=self._new_id,
        )

    def _sender_ports(self, telemetry: FunctionTelemetry, stub: str) -> SenderPorts:
        world = self.world
        return SenderPorts(
            uploads=world.uploads,
            ledger=ledgers(stub)[1],
            progress=world.progress,
            tokens=world.tokens,
            api=self.api,
            reports=world.reports,
            telemetry=telemetry,
            now=AS_OF.timestamp,
            jitter=lambda: 0.5,
            new_id=self._new_id,
        )

    def _new_id(self) -> str:
        return f"{next(self._ids):016x}"


def _notification(upload: Upload) -> str:
    entity = {"bucket": {"name": upload.bucket}}
    stored = {"key": upload.key, "size": upload.size, "versionId": upload.version_id}
    return json.dumps({"Records": [{"eventName": "ObjectCreated:Put", "s3": {**entity, "object": stored}}]})


def _records(body: str) -> dict[str, Any]:
    """One message as Lambda's poller hands it over."""
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": str(int(time.time() * 1000))}
    record = {
        "messageId": "00000000-0000-4000-8000-000000000001",
        "receiptHandle": "handle",
        "body": body,
        "attributes": attributes,
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:batches",
        "awsRegion": "us-east-1",
    }
    return {"Records": [record]}


@contextmanager
def emulated_services() -> Iterator[Services]:
    """The emulated AWS with its state in a folder of this run."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        emulator = stack.enter_context(Emulator(Path(folder)))
        yield stack.enter_context(closing(Services(emulator.endpoints)))


def measure(rounds: int = ROUNDS, rows: int = EVENTS) -> list[Taken]:
    """One delivery per round, each by new functions; a small file goes before it, so that connections stand."""
    with tempfile.TemporaryDirectory() as folder, emulated_services() as services, dynamodb_stub() as stub:
        small, whole = Path(folder) / "small.csv", Path(folder) / "whole.csv"
        write_file(small, 100, seed=3)
        write_file(whole, rows)
        with closing(NaiveSender(stub)) as naive:
            return [_round(services, stub, naive, small, whole) for _ in range(rounds)]


def _round(services: Services, stub: str, naive: NaiveSender, small: Path, whole: Path) -> Taken:
    rows = first_rows(whole)
    with closing(Functions(services, stub)) as functions:
        functions.deliver(small.read_bytes())
        naive.run(rows, 10)
        taken = functions.deliver(whole.read_bytes())
    return taken._replace(naive_each=cpu_seconds(lambda: naive.run(rows, NAIVE_EVENTS)) / NAIVE_EVENTS)


def middle(taken: list[Taken]) -> Taken:
    """The median of each figure."""
    splitter, sender = median(one.splitter for one in taken), median(one.sender for one in taken)
    return Taken(splitter, sender, taken[0].events, median(one.naive_each for one in taken))


def show(found: Taken) -> None:
    """The figures with their target, and what is in them."""
    print(f"\nwhole path: {found.events:,} events, file to closed batches, over both functions")
    report("splitter", found.splitter, found.events, "event")
    report("sender", found.sender, found.events, "event")
    report("whole path", found.splitter + found.sender, found.events, "event", TARGET_US)
    report(NAIVE, found.naive_each, 1, "event")
    print(f"the whole path is {found.naive_each * 1e6 / found.each_us:.1f} times as fast as the naive sender")
    print("  counted: message handling, workflows, telemetry, botocore's calls of S3, SQS, SSM, Secrets Manager and")
    print("  DynamoDB, HTTP to TikTok; not counted: the services (other processes), TLS, Lambda's own part, imports")


def main() -> None:
    collect_rarely()
    show(middle(measure()))


if __name__ == "__main__":
    main()
