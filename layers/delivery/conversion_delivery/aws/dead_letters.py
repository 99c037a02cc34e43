"""Dead letters in SQS: looked at, sent back, or moved by the service itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from conversion_delivery.aws.faults import answered, error_code
from conversion_delivery.workflows.operator_ports import DeadLetter, QueueDepth

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

HIDDEN_SECONDS = 120
"""How long a letter that was taken is hidden from others; far longer than sending ten of them back takes."""

MOST_PER_CALL = 10

_NOT_OFFERED = frozenset(
    {
        "InvalidAction",
        "UnknownOperationException",
        "UnsupportedOperation",
        "AWS.SimpleQueueService.UnsupportedOperation",
    }
)


class SqsDeadLetters:
    """Fulfils the port ``DeadLetters``."""

    def __init__(self, client: SQSClient, *, url: str, source_url: str) -> None:
        self._client = client
        self._url = url
        self._source_url = source_url

    def depth(self) -> QueueDepth:
        with answered("GetQueueAttributes"):
            answer = self._client.get_queue_attributes(
                QueueUrl=self._url,
                AttributeNames=[
                    "ApproximateNumberOfMessages",
                    "ApproximateNumberOfMessagesNotVisible",
                    "ApproximateNumberOfMessagesDelayed",
                ],
            )["Attributes"]
        held = int(answer["ApproximateNumberOfMessagesNotVisible"]) + int(answer["ApproximateNumberOfMessagesDelayed"])
        return QueueDepth(int(answer["ApproximateNumberOfMessages"]), held)

    def take(self, most: int) -> Sequence[DeadLetter]:
        with answered("ReceiveMessage"):
            answer = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=max(1, min(most, MOST_PER_CALL)),
                VisibilityTimeout=HIDDEN_SECONDS,
                WaitTimeSeconds=1,
                MessageAttributeNames=["code"],
            )
        return [_letter(message) for message in answer.get("Messages", [])]

    def send_back(self, letter: DeadLetter) -> None:
        with answered("SendMessage"):
            self._client.send_message(QueueUrl=self._source_url, MessageBody=letter.body)
        with answered("DeleteMessage"):
            self._client.delete_message(QueueUrl=self._url, ReceiptHandle=letter.receipt)

    def put_back(self, letter: DeadLetter) -> None:
        with answered("ChangeMessageVisibility"):
            self._client.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=letter.receipt, VisibilityTimeout=0
            )

    def move_all(self) -> bool:
        """The target is named, because a letter that a function parked itself has no source queue for SQS to know."""
        with answered("StartMessageMoveTask"):
            try:
                self._client.start_message_move_task(
                    SourceArn=self._arn(self._url), DestinationArn=self._arn(self._source_url)
                )
            except ClientError as problem:
                if error_code(problem) in _NOT_OFFERED:
                    return False
                raise
        return True

    def _arn(self, url: str) -> str:
        answer = self._client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return answer["Attributes"]["QueueArn"]


def _letter(message: MessageTypeDef) -> DeadLetter:
    attributes = message.get("MessageAttributes", {})
    code = attributes["code"].get("StringValue", "") if "code" in attributes else ""
    return DeadLetter(message["MessageId"], message["ReceiptHandle"], message["Body"], code)
