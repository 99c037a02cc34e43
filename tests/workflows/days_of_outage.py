"""A world whose batch messages lie in a modelled queue, and whose time jumps from one receive to the next."""

from __future__ import annotations

import io
import itertools
import json
import random
from collections.abc import Callable
from typing import Any

from conversion_delivery.aws.consumed_queue import ConsumedQueue
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.runtime.consumption import Consumption
from conversion_delivery.runtime.messages import handle_batch_message
from conversion_delivery.runtime.telemetry import FunctionTelemetry
from conversion_delivery.workflows.assembly import SenderPorts, assemble_sender
from conversion_delivery.workflows.batch_attempt import DeliveryLimits
from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind
from conversion_delivery.workflows.ports import Gate
from tests.workflows.delivery_world import DeliveryWorld, file_of, row
from tests.workflows.sqs_model import Message, SqsModel

HOUR = 3600.0
DAY = 24 * HOUR
BATCHES = 12
IN_FLIGHT = 30.0
"""Seconds for which a probe can be under way: until it ends, nobody knows that the gate is to stay shut."""

UNREACHABLE = Answer(AnswerKind.NOT_SENT, cause="ConnectTimeout")
SILENT = Answer(AnswerKind.UNKNOWN, cause="ReadTimeout")
BROKEN = Answer(AnswerKind.UNKNOWN, code=50000, http_status=500)
THROTTLED = Answer(AnswerKind.THROTTLED, code=40100, pause_seconds=30.0)
PER_MINUTE = Answer(AnswerKind.THROTTLED, code=40100, pause_seconds=300.0)
BAD_TOKEN = Answer(AnswerKind.BAD_CREDENTIALS, code=40105)

_services = itertools.count()


class Context:
    """What Lambda tells a function about its invocation."""

    function_name = "sender"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:sender"
    aws_request_id = "request"

    def get_remaining_time_in_millis(self) -> int:
        return 120_000


class Weather:
    """An Events API that gives ``answer`` while ``lasts`` says so, and accepts otherwise."""

    def __init__(
        self, now: Callable[[], float], answer: Callable[[float], Answer], lasts: Callable[[str], bool]
    ) -> None:
        self._now = now
        self._answer = answer
        self._lasts = lasts
        self.probes: list[float] = []
        self.accepted: list[str] = []

    def track(self, token: str, body: bytes) -> Answer:
        if self._lasts(token):
            self.probes.append(self._now())
            return self._answer(self._now())
        self.accepted += [event["event_id"] for event in json.loads(body)["data"]]
        return Answer(AnswerKind.ACCEPTED, code=0, http_status=200, request_id="R")


class LateGate:
    """Passes everything on; shows a gate as it was ``IN_FLIGHT`` seconds ago: many senders work at the same time."""

    def __init__(self, progress: Any, now: Callable[[], float]) -> None:
        self._progress = progress
        self._now = now
        self._seen: list[tuple[float, Gate | None]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._progress, name)

    def shut_gate(self, destination: str, gate: Gate) -> None:
        self._progress.shut_gate(destination, gate)
        self._seen.append((self._now(), self._progress.gate(destination)))

    def open_gate(self, destination: str) -> None:
        self._progress.open_gate(destination)
        self._seen.append((self._now(), None))

    def gate(self, destination: str) -> Gate | None:
        past = [gate for at, gate in self._seen if at <= self._now() - IN_FLIGHT]
        return past[-1] if past else None


class Days(DeliveryWorld):
    """A world whose messages lie in a modelled queue; time jumps from one receive to the next."""

    def __init__(self, answer: Callable[[float], Answer] = lambda now: UNREACHABLE, *, late_gate: bool = False) -> None:
        super().__init__(rows_per_batch=1)
        dice = random.Random(7)
        self.begun = self.time
        self.over = False
        self.weather = Weather(self.now, answer, lambda token: not self.over)
        self.sqs = SqsModel("BatchesQueue", self.now)
        progress: Any = LateGate(self.progress, self.now) if late_gate else self.progress
        self.send = assemble_sender(
            SenderPorts(
                uploads=self.uploads,
                ledger=self.ledger,
                progress=progress,
                tokens=self.tokens,
                api=self.weather,
                reports=self.reports,
                telemetry=self.telemetry,
                now=self.now,
                jitter=dice.random,
                new_id=self.new_id,
            ),
            DeliveryLimits(),
        )
        self.consumption = consumption_of(
            lambda body, remaining: handle_batch_message(body, self.send, remaining), self.sqs, dice.random
        )

    def fill(self, batches: int = BATCHES) -> Upload:
        upload = self.drop(file_of(*(row(number) for number in range(batches))))
        for message in self.pending():
            self.sqs.put(message.to_json())
        return upload

    def pass_time(self, seconds: float) -> None:
        """Deliver whatever becomes visible for so long."""
        pass_time(self, self.sqs, self.consumption, self.time + seconds)

    @property
    def most_receives(self) -> int:
        everything = [*self.sqs.open, *self.sqs.acknowledged, *self.sqs.dead, *self.sqs.lost]
        return max(message.receives for message in everything)

    def assert_drained(self, upload: Upload, batches: int = BATCHES) -> None:
        """Every event was accepted exactly once, the file is reported, no message is left anywhere."""
        assert (self.sqs.open, self.sqs.dead, self.sqs.lost) == ([], [], [])
        assert len(self.weather.accepted) == len(set(self.weather.accepted)) == batches
        assert self.summary(upload)["counts"]["delivered"] == batches
        assert self.progress.gates == {}


def consumption_of(handle: Any, sqs: Any, jitter: Callable[[], float]) -> Consumption:
    telemetry = FunctionTelemetry(
        f"outage-{next(_services)}", level="ERROR", write=lambda line: None, log=io.StringIO()
    )
    return Consumption(handle, ConsumedQueue(sqs, url="batches", dead_letter_url="dead"), telemetry, jitter)


def pass_time(world: DeliveryWorld, sqs: SqsModel, consumption: Consumption, until: float) -> None:
    while (due := sqs.next_visible_at()) is not None and due <= until:
        world.time = max(world.time, due)
        message = sqs.receive()
        if message is not None and not consumption.run(event_of(message), Context())["batchItemFailures"]:
            sqs.acknowledge(message)
    world.time = max(world.time, until)


def event_of(message: Message) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": message.receipt_handle,
                "receiptHandle": message.receipt_handle,
                "body": message.body,
                "attributes": {"ApproximateReceiveCount": str(message.receives)},
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:batches",
                "awsRegion": "us-east-1",
            }
        ]
    }
