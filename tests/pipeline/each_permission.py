"""A deployed stack whose roles a test can narrow, with its functions invoked by hand instead of by Lambda's pollers.

In: a stack on an emulator that enforces policies. Out: what a function did while an action was missing. The messages
are the real ones: S3's notification and the splitter's pointers, taken out of their queues by the account's root.
"""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from conversion_delivery.domain.batches import parse_batch_message
from conversion_delivery.domain.uploads import Upload
from local.aws.endpoints import Endpoints
from local.aws.local_stack import LocalStack
from local.events_api import EventsApiSimulator

FIRST_SOURCE = 7_500_000_000_000_000_000
_numbers = itertools.count(1)


class Permission(NamedTuple):
    """One action of one statement of one role."""

    role: str
    sid: str
    action: str


class Invocation(NamedTuple):
    """What came of invoking a function with one message."""

    handed_back: bool
    log: str

    def refused(self, operation: str) -> bool:
        """Whether the function says that this operation was refused for lack of a permission."""
        lines = [json.loads(line) for line in self.log.splitlines() if line.startswith("{")]
        return any(line.get("operation") == operation and _is_denial(str(line.get("error"))) for line in lines)


def _is_denial(error: str) -> bool:
    """The answer to a HEAD has no body, so no code either: only its status."""
    return "Denied" in error or error == "403"


class Roles:
    """The stack's two roles; an action can be taken away for a while."""

    def __init__(self, stack: LocalStack) -> None:
        make: Any = stack.endpoints.session.client
        self._iam = make("iam", endpoint_url=stack.endpoints.url)
        self._names = {role: self._physical_name(stack, role) for role in ("SplitterRole", "SenderRole")}

    @staticmethod
    def _physical_name(stack: LocalStack, role: str) -> str:
        answer = stack.endpoints.cloudformation.describe_stack_resource(StackName=stack.name, LogicalResourceId=role)
        return answer["StackResourceDetail"]["PhysicalResourceId"]

    def permissions(self) -> list[Permission]:
        """Everything that the deployed roles allow."""
        return [
            Permission(role, statement["Sid"], action)
            for role in self._names
            for _, document in self._policies(role)
            for statement in document["Statement"]
            for action in _actions(statement)
        ]

    @contextmanager
    def without(self, *missing: Permission) -> Iterator[None]:
        """Take actions away while the block runs."""
        before = [(role, name, document) for role in self._names for name, document in self._policies(role)]
        for role, name, document in before:
            self._put(role, name, _narrowed(document, {gone for gone in missing if gone.role == role}))
        try:
            yield
        finally:
            for role, name, document in before:
                self._put(role, name, document)

    def _policies(self, role: str) -> list[tuple[str, dict[str, Any]]]:
        names = self._iam.list_role_policies(RoleName=self._names[role])["PolicyNames"]
        answers = (self._iam.get_role_policy(RoleName=self._names[role], PolicyName=name) for name in names)
        return [(answer["PolicyName"], answer["PolicyDocument"]) for answer in answers]

    def _put(self, role: str, name: str, document: dict[str, Any]) -> None:
        self._iam.put_role_policy(RoleName=self._names[role], PolicyName=name, PolicyDocument=json.dumps(document))


def _actions(statement: dict[str, Any]) -> list[str]:
    actions = statement["Action"]
    return [actions] if isinstance(actions, str) else list(actions)


def _narrowed(document: dict[str, Any], missing: set[Permission]) -> dict[str, Any]:
    gone = {(permission.sid, permission.action) for permission in missing}
    statements = [
        {**statement, "Action": [action for action in _actions(statement) if (statement["Sid"], action) not in gone]}
        for statement in document["Statement"]
    ]
    return {**document, "Statement": [statement for statement in statements if statement["Action"]]}


@dataclass(slots=True)
class HandDriven:
    """The stack with its event sources at rest, and a destination that nobody has used."""

    stack: LocalStack
    simulator: EventsApiSimulator
    roles: Roles
    destination: str = ""
    source_id: str = ""

    def begin(self) -> None:
        number = next(_numbers)
        self.destination, self.source_id = f"guarded-{number}", str(FIRST_SOURCE + number)
        settings = {"event_source_id": self.source_id, "default_currency": "USD"}
        self.stack.configure(self.destination, settings=json.dumps(settings), token="a-token")

    def upload(self, content: str, name: str = "sales.csv") -> tuple[Upload, dict[str, Any]]:
        """An upload and S3's notification of it, as the queue delivered it."""
        upload = self.stack.upload(name, content.encode(), self.destination)
        return upload, self._take("UploadsQueueUrl", lambda body: f"uploads/{self.destination}/" in body)

    def pointer(self) -> dict[str, Any]:
        """The pointer to this destination's next batch, as the queue delivered it."""
        return self._take("BatchesQueueUrl", lambda body: parse_batch_message(body).destination == self.destination)

    def split(self, message: dict[str, Any]) -> Invocation:
        return self._invoke("SplitterFunctionName", message)

    def send(self, message: dict[str, Any]) -> Invocation:
        return self._invoke("SenderFunctionName", message)

    def counted(self) -> int:
        events = self.simulator.events("counted")
        return sum(event["event_source_id"] == self.source_id for event in events)

    @property
    def endpoints(self) -> Endpoints:
        return self.stack.endpoints

    def _take(self, queue: str, wanted: Callable[[str], bool]) -> dict[str, Any]:
        """Receive until the wanted message comes; it stays in its queue, hidden."""
        sqs, url = self.endpoints.sqs, self.stack.outputs[queue]
        for _ in range(50):
            answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in answer.get("Messages", []):
                if wanted(message["Body"]):
                    return dict(message)
        raise AssertionError(f"no message of {self.destination} in {queue}")

    def _invoke(self, function: str, message: dict[str, Any]) -> Invocation:
        record = {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": {"ApproximateReceiveCount": "1"},
            "messageAttributes": {},
            "md5OfBody": "",
            "eventSource": "aws:sqs",
            "eventSourceARN": f"arn:aws:sqs:us-east-1:000000000000:{function}",
            "awsRegion": "us-east-1",
        }
        answer = self.endpoints.functions.invoke(
            FunctionName=self.stack.outputs[function], Payload=json.dumps({"Records": [record]}), LogType="Tail"
        )
        payload = json.loads(answer["Payload"].read())
        log = base64.b64decode(answer.get("LogResult", "")).decode()
        assert "FunctionError" not in answer, log
        return Invocation(bool(payload["batchItemFailures"]), log)
