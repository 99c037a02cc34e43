"""Both functions in this process, as ``runtime.bootstrap`` makes them, over emulated AWS.

Nothing is replaced: real handlers, real adapters, real clients, real HTTP. What is added are botocore's own event
hooks: ``calls`` records every call, and ``refuse`` makes chosen services answer with an error instead of being asked.
No Lambda polls the queues here: a test hands the messages over itself, as often and when it likes.
"""

from __future__ import annotations

import itertools
import json
import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

import boto3
from botocore.awsrequest import AWSResponse, HeadersDict

from conversion_delivery.aws.clients import ATTEMPTS
from conversion_delivery.aws.file_progress import FileProgressTable
from conversion_delivery.domain.batches import parse_batch_message
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.runtime.bootstrap import sender, splitter
from conversion_delivery.workflows.ports import Gate
from local.aws.endpoints import Endpoints
from local.costs import AwsCall
from local.events_api import EventsApiSimulator

FIRST_SOURCE = 7_300_000_000_000_000_000
_destinations = itertools.count(1)


class Refusal(NamedTuple):
    """What a service answers while it refuses."""

    status: int
    code: str


DOWN = Refusal(503, "ServiceUnavailable")
THROTTLED = Refusal(400, "ThrottlingException")


class Clients:
    """A test's own clients, each made once: making them takes longer than a test."""

    def __init__(self, endpoints: Endpoints) -> None:
        self.dynamodb = endpoints.dynamodb
        self.s3 = endpoints.s3
        self.secrets = endpoints.secrets
        self.sqs = endpoints.sqs
        self.ssm = endpoints.ssm


class Hooks:
    """botocore's event hooks of one session."""

    def __init__(self, session: boto3.Session) -> None:
        self.calls: list[AwsCall] = []
        self._refusals: dict[str, Refusal] = {}
        register: Any = session.events.register
        register("provide-client-params.*.*", self._record)
        register("before-send.*.*", self._answer)
        register("needs-retry.*.*", self._at_once)

    @contextmanager
    def refuse(self, name: str, refusal: Refusal = DOWN) -> Iterator[None]:
        """Let a service (``s3``) or one operation of it (``s3.GetObject``) refuse while the block runs."""
        self._refusals[name.lower()] = refusal
        try:
            yield
        finally:
            del self._refusals[name.lower()]

    def _record(self, params: Mapping[str, Any], model: Any, **rest: Any) -> None:
        self.calls.append(AwsCall(model.service_model.service_name, model.name, params))

    def _answer(self, request: Any, event_name: str, **rest: Any) -> AWSResponse | None:
        _, service, operation = event_name.lower().split(".")
        refusal = self._refusals.get(service) or self._refusals.get(f"{service}.{operation}")
        return None if refusal is None else _refusing(request.url, service, refusal)

    def _at_once(self, response: Any, attempts: int, **rest: Any) -> float | None:
        """Retries are as many as ever; only the rests between them are left out."""
        refused = response is not None and response[0].status_code >= 400 and bool(self._refusals)
        return 0.0 if refused and attempts < ATTEMPTS else None


def _refusing(url: str, service: str, refusal: Refusal) -> AWSResponse:
    document = json.dumps({"__type": refusal.code, "message": "refused by the test"}).encode()
    kind = "application/x-amz-json-1.0"
    if service == "s3":
        document, kind = f"<Error><Code>{refusal.code}</Code><Message>no</Message></Error>".encode(), "application/xml"
    headers: Any = HeadersDict({"Content-Type": kind})
    response: Any = AWSResponse(url, refusal.status, headers, None)
    response._content = document
    return cast(AWSResponse, response)


@dataclass(slots=True)
class Functions:
    """A bucket, two tables, two queues, one destination after another, and the two handlers over them."""

    clients: Clients
    events_api: str
    hooks: Hooks
    name: str = field(default_factory=lambda: f"in-process-{uuid.uuid4().hex[:8]}")
    destination: str = "shop"
    source_id: str = str(FIRST_SOURCE)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    """Batch messages that were received and not acknowledged."""
    _split: Callable[..., Any] | None = None
    _send: Callable[..., Any] | None = None

    def create(self) -> None:
        """Make the resources."""
        s3, dynamodb, sqs = self.clients.s3, self.clients.dynamodb, self.clients.sqs
        s3.create_bucket(Bucket=self.name)
        s3.put_bucket_versioning(Bucket=self.name, VersioningConfiguration={"Status": "Enabled"})
        for table, keys in (("ledger", {"event_key": "HASH"}), ("progress", {"pk": "HASH", "sk": "RANGE"})):
            schema: list[Any] = [{"AttributeName": key, "KeyType": role} for key, role in keys.items()]
            dynamodb.create_table(
                TableName=f"{self.name}-{table}",
                KeySchema=schema,
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
                BillingMode="PAY_PER_REQUEST",
            )
        for queue in ("uploads", "batches", "uploads-dead", "batches-dead"):
            sqs.create_queue(QueueName=f"{self.name}-{queue}", Attributes={"VisibilityTimeout": "720"})

    def begin_destination(self) -> None:
        """Go on with a destination and an event source that nobody has used, with settings and a token."""
        number = next(_destinations)
        self.destination, self.source_id = f"shop-{number}", str(FIRST_SOURCE + number)
        self.waiting.clear()
        self.configure()
        self.put_secret('{"access_token": "a-token"}')

    def configure(self, **settings: Any) -> None:
        """Store the destination's settings."""
        basis = {"event_source_id": self.source_id, "default_currency": "USD"}
        self.clients.ssm.put_parameter(
            Name=f"/{self.name}/destinations/{self.destination}",
            Value=json.dumps({**basis, **settings}),
            Type="String",
            Overwrite=True,
        )

    def put_secret(self, value: str) -> None:
        secrets, name = self.clients.secrets, f"{self.name}/destinations/{self.destination}"
        try:
            secrets.create_secret(Name=name, SecretString=value)
        except secrets.exceptions.ResourceExistsException:
            secrets.put_secret_value(SecretId=name, SecretString=value)

    def delete_secret(self) -> None:
        name = f"{self.name}/destinations/{self.destination}"
        self.clients.secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)

    def start_anew(self, events_api: str | None = None) -> None:
        """New processes, as after a deployment: nothing is cached."""
        environment = {
            "STACK_NAME": self.name,
            "FILE_PROGRESS_TABLE": f"{self.name}-progress",
            "EVENT_LEDGER_TABLE": f"{self.name}-ledger",
            "BUCKET_NAME": self.name,
            "BATCHES_QUEUE_URL": self._queue_url("batches"),
            "UPLOADS_QUEUE_URL": self._queue_url("uploads"),
            "UPLOADS_DLQ_URL": self._queue_url("uploads-dead"),
            "BATCHES_DLQ_URL": self._queue_url("batches-dead"),
            "EVENTS_API_ENDPOINT": events_api or self.events_api,
            "LOG_LEVEL": "ERROR",
        }
        self._split, self._send = splitter(environment), sender(environment)

    def upload(self, name: str, content: str) -> Upload:
        key = f"uploads/{self.destination}/{name}"
        answer = self.clients.s3.put_object(Bucket=self.name, Key=key, Body=content.encode())
        return Upload(self.name, key, answer["VersionId"], len(content.encode()))

    def split(self, upload: Upload) -> bool:
        """Hand the notification of an upload to the splitter; True if it may be acknowledged."""
        body = json.dumps({"Records": [_notification(upload)]})
        assert self._split is not None
        answer = self._split(_event({"MessageId": "m", "ReceiptHandle": "r", "Body": body}), Context(300))
        self._receive()
        return not answer["batchItemFailures"]

    def send(self) -> int:
        """Hand every waiting batch message to the sender once; how many of them were handed back."""
        assert self._send is not None
        still = []
        for message in self.waiting:
            if self._send(_event(message), Context(120))["batchItemFailures"]:
                still.append(message)
        self.waiting = still
        return len(still)

    def deliver(self, name: str, content: str) -> Upload:
        upload = self.upload(name, content)
        assert self.split(upload)
        assert self.send() == 0
        return upload

    @property
    def progress(self) -> FileProgressTable:
        return FileProgressTable(self.clients.dynamodb, f"{self.name}-progress", retention_seconds=86_400)

    @property
    def gate(self) -> Gate | None:
        """The destination's gate, as ``conversions gate show`` reads it."""
        return self.progress.gate(self.destination)

    def open_gate(self) -> None:
        """What time does by itself, or an operator with ``conversions gate open``."""
        self.progress.open_gate(self.destination)

    def counts(self, upload: Upload) -> dict[str, int]:
        """The counters of an upload's report."""
        body = self.clients.s3.get_object(Bucket=self.name, Key=f"{upload.report_folder}summary.json")["Body"].read()
        counts: dict[str, int] = json.loads(body)["counts"]
        return counts

    def is_reported(self, upload: Upload) -> bool:
        listing = self.clients.s3.list_objects_v2(Bucket=self.name, Prefix=upload.report_folder)
        return any(entry["Key"].endswith("/_DONE") for entry in listing.get("Contents", []))

    def dead_letters(self) -> int:
        """Messages in both dead-letter queues."""
        found = 0
        for queue in ("uploads-dead", "batches-dead"):
            attributes = self.clients.sqs.get_queue_attributes(
                QueueUrl=self._queue_url(queue), AttributeNames=["ApproximateNumberOfMessages"]
            )
            found += int(attributes["Attributes"]["ApproximateNumberOfMessages"])
        return found

    def _receive(self) -> None:
        """Take this destination's batch messages out of the queue; one that comes again is kept once."""
        known = {parse_batch_message(message["Body"]).batch_id for message in self.waiting}
        url = self._queue_url("batches")
        while messages := self.clients.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                pointer = parse_batch_message(message["Body"])
                if pointer.destination == self.destination and pointer.batch_id not in known:
                    known.add(pointer.batch_id)
                    self.waiting.append(dict(message))

    def _queue_url(self, queue: str) -> str:
        return self.clients.sqs.get_queue_url(QueueName=f"{self.name}-{queue}")["QueueUrl"]


class Context:
    """Lambda's context object."""

    function_name = "in-process"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:in-process"
    aws_request_id = "request"

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return self._seconds * 1000


def _event(message: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:in-process",
                "awsRegion": "us-east-1",
            }
        ]
    }


def _notification(upload: Upload) -> dict[str, Any]:
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "s3": {
            "bucket": {"name": upload.bucket},
            "object": {"key": upload.key, "versionId": upload.version_id, "size": upload.size},
        },
    }


@contextmanager
def functions_in_process(endpoints: Endpoints, simulator: EventsApiSimulator) -> Iterator[Functions]:
    """The functions, ready to work; this process's own environment and default session come back afterwards."""
    before, session = dict(os.environ), boto3.DEFAULT_SESSION
    os.environ.update(endpoints.environment)
    try:
        boto3.setup_default_session()
        assert boto3.DEFAULT_SESSION is not None
        functions = Functions(Clients(endpoints), simulator.url, Hooks(boto3.DEFAULT_SESSION))
        functions.create()
        functions.begin_destination()
        functions.start_anew()
        yield functions
    finally:
        os.environ.clear()
        os.environ.update(before)
        boto3.DEFAULT_SESSION = session
