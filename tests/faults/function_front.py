"""The functions' own message handling (``runtime.consumption``) between the queue and the workflows.

Slower than calling the workflows directly, so only some histories take this way.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from conversion_delivery.domain.errors import SourceUnavailable
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.runtime.consumption import Consumption
from conversion_delivery.runtime.messages import handle_batch_message, handle_upload_message
from tests.faults.disturbances import Disturbance
from tests.faults.message_queue import Message
from tests.faults.wiring import RealWorkflows, SilentTelemetry
from tests.faults.world import Remaining, World


class LoudTelemetry(SilentTelemetry):
    """What ``FunctionTelemetry`` offers beyond the port."""

    def flush(self) -> None:
        """Nothing is buffered."""

    def warn(self, message: str, **facts: int | float | str | None) -> None:
        self.count(message)


class OneMessage:
    """What a consumer may do with the message of its invocation."""

    def __init__(self, world: World, message: Message) -> None:
        self._world = world
        self._message = message

    def delay(self, receipt_handle: str, seconds: float) -> None:
        self._world.hide(self._message, seconds)

    def park(self, body: str, code: str) -> None:
        def park(fault: Disturbance) -> None:
            message = self._message
            self._world.queue.bury(self._world.queue.send(message.queue, body, message.file_id, message.batch))

        self._world.schedule.effect("queue.park", park)


class Context:
    """The part of Lambda's context that is read."""

    aws_request_id = "request"

    def __init__(self, remaining: Remaining) -> None:
        self._remaining = remaining

    def get_remaining_time_in_millis(self) -> int:
        return int(self._remaining() * 1000)


def through_the_functions(world: World, workflows: RealWorkflows) -> LoudTelemetry:
    """Let every invocation of ``world`` go through the functions' message handling from now on."""
    telemetry: Any = LoudTelemetry()

    def uploads_in(body: str) -> list[Upload]:
        return [world.file_of(json.loads(body)["uploaded"]).upload]

    def handle(message: Message, body: str, remaining: Remaining) -> None:
        if message.batch is not None:
            handle_batch_message(body, workflows.sender, remaining)
        else:
            handle_upload_message(body, workflows.splitter, uploads_in, remaining)

    def work(message: Message, _: object) -> None:
        consumption = Consumption(partial(handle, message), OneMessage(world, message), telemetry, lambda: 0.5)
        sizes = world.sizes
        seconds = sizes.splitter_seconds if message.batch is None else sizes.sender_seconds
        response = consumption.run(_event_of(message), Context(world.deadline(seconds)))
        if not response["batchItemFailures"]:
            _acknowledge(world, message)

    world.work = work
    done: LoudTelemetry = telemetry
    return done


def _acknowledge(world: World, message: Message) -> None:
    try:
        world.acknowledge(message)
    except SourceUnavailable:
        world.schedule.note(f"m{message.number}: SQS did not answer")


def _event_of(message: Message) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"m{message.number}",
                "receiptHandle": f"receipt-{message.number}",
                "body": message.body,
                "attributes": {"ApproximateReceiveCount": str(message.receives)},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:eu-central-1:000000000000:{message.queue}",
                "awsRegion": "eu-central-1",
            }
        ]
    }
