"""What a function may do with a message it has received, besides acknowledging it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conversion_delivery.aws.batch_queue import MessageVisibility
from conversion_delivery.aws.faults import answered

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class ConsumedQueue:
    """Fulfils ``runtime.consumption.MessageQueue`` for one queue and its dead-letter queue."""

    def __init__(self, client: SQSClient, *, url: str, dead_letter_url: str) -> None:
        self._client = client
        self._url = url
        self._dead_letter_url = dead_letter_url
        self._visibility = MessageVisibility(client)

    def delay(self, receipt_handle: str, seconds: float) -> None:
        """Let the message reappear after ``seconds``. Raises ``SourceUnavailable``."""
        self._visibility.delay(self._url, receipt_handle, seconds)

    def park(self, body: str, code: str) -> None:
        """Put a copy into the dead-letter queue, with the code that says why. Raises ``SourceUnavailable``."""
        with answered("SendMessage"):
            self._client.send_message(
                QueueUrl=self._dead_letter_url,
                MessageBody=body,
                MessageAttributes={"code": {"DataType": "String", "StringValue": code}},
            )
