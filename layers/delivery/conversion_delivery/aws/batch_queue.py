"""The queues, as the splitter fills them and as a message's receiver puts it off."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from conversion_delivery.aws.backoff import Backoff
from conversion_delivery.aws.faults import REFUSED, UNAVAILABLE, answered, error_code
from conversion_delivery.domain.batches import BatchMessage, ContinuationMessage
from conversion_delivery.domain.errors import SourceUnavailable

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MESSAGES_PER_CALL = 10
"""SendMessageBatch takes 10 messages a call; ten of ours have 200 KB at most, SQS takes 256 KiB in all."""

MAX_DELAY_SECONDS = 900
"""Longest DelaySeconds that SQS accepts."""

MAX_VISIBILITY_SECONDS = 43_200 - 900
"""SQS refuses what would hide a message for more than 12 hours in all, counted from its receipt. The function that puts
it off has had it for up to five minutes by then."""

_NO_LONGER_MINE = frozenset(
    {
        "ReceiptHandleIsInvalid",
        "MessageNotInflight",
        "AWS.SimpleQueueService.MessageNotInflight",
        "InvalidParameterValue",
    }
)
"""SQS words it differently by protocol and by age. InvalidParameterValue also means that the message would be
invisible for more than 12 hours in all; either way it comes back by itself."""


class SqsSplitQueue:
    """Fulfils the port ``SplitQueue``."""

    def __init__(
        self, client: SQSClient, *, batches_url: str, uploads_url: str, backoff: Backoff | None = None
    ) -> None:
        self._client = client
        self._batches_url = batches_url
        self._uploads_url = uploads_url
        self._backoff = backoff or Backoff()

    def send_batches(self, messages: Sequence[BatchMessage]) -> None:
        bodies = [message.to_json() for message in messages]
        for start in range(0, len(bodies), MESSAGES_PER_CALL):
            self._send(bodies[start : start + MESSAGES_PER_CALL])

    def send_continuation(self, message: ContinuationMessage, delay_seconds: int = 0) -> None:
        with answered("SendMessage"):
            self._client.send_message(
                QueueUrl=self._uploads_url,
                MessageBody=message.to_json(),
                DelaySeconds=max(0, min(delay_seconds, MAX_DELAY_SECONDS)),
            )

    def _send(self, bodies: Sequence[str]) -> None:
        entries: list[Any] = [{"Id": str(index), "MessageBody": body} for index, body in enumerate(bodies)]
        error = ""
        for _ in self._backoff.tries():
            with answered("SendMessageBatch"):
                answer = self._client.send_message_batch(QueueUrl=self._batches_url, Entries=entries)
            sent = {entry["Id"] for entry in answer.get("Successful", [])}
            entries = [entry for entry in entries if entry["Id"] not in sent]
            if not entries:
                return
            failed = answer.get("Failed", [])
            error = failed[0]["Code"] if failed else "NotMentioned"
            if any(entry["SenderFault"] for entry in failed):
                raise SourceUnavailable(REFUSED, operation="SendMessageBatch", error=error)
        raise SourceUnavailable(UNAVAILABLE, operation="SendMessageBatch", error=error)


class MessageVisibility:
    """Puts a received message off, so that it comes back when there is a point in trying again."""

    def __init__(self, client: SQSClient) -> None:
        self._client = client

    def delay(self, queue_url: str, receipt_handle: str, seconds: float) -> bool:
        """Let the message reappear after ``seconds``, rounded up (clamped to 0 .. 11 h 45 min).

        False where that is not possible any more: the message was delivered again, is gone, or has been put off for
        12 hours already. Raises ``SourceUnavailable``.
        """
        with answered("ChangeMessageVisibility"):
            try:
                self._client.change_message_visibility(
                    QueueUrl=queue_url,
                    ReceiptHandle=receipt_handle,
                    VisibilityTimeout=math.ceil(max(0, min(seconds, MAX_VISIBILITY_SECONDS))),
                )
            except ClientError as problem:
                if error_code(problem) in _NO_LONGER_MINE:
                    return False
                raise
        return True
