"""A small model of one SQS standard queue with its dead-letter queue, on a clock of its own.

Visibility, receive counts, ``maxReceiveCount`` and retention are the template's. A message is hidden for at most
twelve hours after its receipt (API reference of ChangeMessageVisibility), and one that outlives the retention is gone
without a trace. Stands where the adapter expects boto3's client.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from tests.template.stack import Stack

LONGEST_HIDDEN = 43_200.0


@dataclass(eq=False, slots=True)
class Message:
    """One message and its life so far; times in epoch seconds."""

    body: str
    sent_at: float
    visible_at: float
    receives: int = 0
    received_at: float = 0.0
    lifetimes: list[float] = field(default_factory=list)
    """Moments of its receives."""

    @property
    def receipt_handle(self) -> str:
        return f"{id(self)}-{self.receives}"


class SqsModel:
    """The queue ``name`` of the template. ``lost`` holds what retention deleted: nothing may ever be in it."""

    def __init__(self, name: str, clock: Callable[[], float]) -> None:
        queue = Stack().resource(name)
        self.visibility = float(queue["VisibilityTimeout"])
        self.retention = float(queue["MessageRetentionPeriod"])
        self.max_receives = int(queue["RedrivePolicy"]["maxReceiveCount"])
        self._clock = clock
        self.open: list[Message] = []
        self.acknowledged: list[Message] = []
        self.dead: list[Message] = []
        self.lost: list[Message] = []
        self.refused_delays = 0

    def put(self, body: str) -> None:
        now = self._clock()
        self.open.append(Message(body, now, now))

    def next_visible_at(self) -> float | None:
        return min((message.visible_at for message in self.open), default=None)

    def receive(self) -> Message | None:
        """The message that has been visible for longest; one that was received too often moves away instead."""
        now = self._clock()
        self._forget(now)
        visible = sorted((message for message in self.open if message.visible_at <= now), key=lambda m: m.visible_at)
        for message in visible:
            if message.receives < self.max_receives:
                message.receives += 1
                message.received_at, message.visible_at = now, now + self.visibility
                message.lifetimes.append(now)
                return message
            self.open.remove(message)
            self.dead.append(message)
        return None

    def acknowledge(self, message: Message) -> None:
        self.open.remove(message)
        self.acknowledged.append(message)

    def change_message_visibility(self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> None:
        message = next(message for message in self.open if message.receipt_handle == ReceiptHandle)
        until = self._clock() + VisibilityTimeout
        if until - message.received_at > LONGEST_HIDDEN:
            self.refused_delays += 1
            raise ClientError({"Error": {"Code": "InvalidParameterValue", "Message": ""}}, "ChangeMessageVisibility")
        message.visible_at = until

    def send_message(self, **message: Any) -> None:
        """What a function parks in the dead-letter queue by itself."""
        self.dead.append(Message(str(message["MessageBody"]), self._clock(), self._clock()))

    def _forget(self, now: float) -> None:
        old = [message for message in self.open if now - message.sent_at > self.retention]
        self.open = [message for message in self.open if message not in old]
        self.lost += old
