"""Notices of finished files: out through EventBridge, and back from a queue for the digest.

EventBridge stores an event before it answers and delivers it at least once; rules of the template hand it to the topic
or to the digest's queue. A part of the answer can refuse, so each entry is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from conversion_delivery.aws.faults import answered, unavailable_code
from conversion_delivery.domain.reports.digests import WaitingNotice

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

DETAIL_TYPE = "File finished"

RECEIVED_AT_ONCE = 10
"""SQS's limit, for receiving and for deleting."""


class EventBus(Protocol):
    """What of boto3's client for EventBridge is used."""

    def put_events(self, *, Entries: list[dict[str, str]]) -> Mapping[str, Any]: ...


def source_of(stack: str) -> str:
    """``source`` of a stack's events: the stacks of an account share a bus."""
    return f"conversion-delivery.{stack}"


class EventBridgeNotices:
    """Puts notices on the account's default bus. The client is made at the first of them."""

    def __init__(self, make_client: Callable[[], EventBus], stack: str) -> None:
        self._make_client = make_client
        self._client: EventBus | None = None
        self._source = source_of(stack)

    def publish(self, notice: Mapping[str, Any]) -> None:
        """Raises ``SourceUnavailable``."""
        if self._client is None:
            self._client = self._make_client()
        detail = json.dumps(notice, ensure_ascii=False).encode("utf-8", "replace").decode()
        with answered("PutEvents"):
            answer = self._client.put_events(
                Entries=[{"Source": self._source, "DetailType": DETAIL_TYPE, "Detail": detail}]
            )
        for entry in answer["Entries"]:
            if "ErrorCode" in entry:
                raise unavailable_code(entry["ErrorCode"], "PutEvents")


class NoticesQueue:
    """Notices that wait for the digest; each body is an event as EventBridge hands it on."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def take(self) -> Sequence[WaitingNotice]:
        """Raises ``SourceUnavailable``."""
        with answered("ReceiveMessage"):
            answer = self._client.receive_message(
                QueueUrl=self._url, MaxNumberOfMessages=RECEIVED_AT_ONCE, WaitTimeSeconds=1
            )
        return [
            WaitingNotice(json.loads(message["Body"])["detail"], message["ReceiptHandle"])
            for message in answer.get("Messages", [])
        ]

    def forget(self, receipts: Sequence[str]) -> None:
        """Raises ``SourceUnavailable``. What SQS does not delete comes again, in the next digest."""
        for first in range(0, len(receipts), RECEIVED_AT_ONCE):
            some = receipts[first : first + RECEIVED_AT_ONCE]
            with answered("DeleteMessageBatch"):
                self._client.delete_message_batch(
                    QueueUrl=self._url,
                    Entries=[{"Id": str(number), "ReceiptHandle": receipt} for number, receipt in enumerate(some)],
                )


class NoticesTopic:
    """The topic to which persons subscribe."""

    def __init__(self, client: SNSClient, topic: str) -> None:
        self._client = client
        self._topic = topic

    def tell(self, subject: str, text: str) -> None:
        """Raises ``SourceUnavailable``."""
        with answered("Publish"):
            self._client.publish(TopicArn=self._topic, Subject=subject, Message=text)
