"""The operator's verbs on emulated AWS: a stack with the outputs of template.yaml and none of its functions.

What the functions would do is done here, by the same workflows over the same adapters, so that a test decides when.
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest

from cli.main import main
from cli.operated_stack import OperatedStack, described
from conversion_delivery.aws.batch_queue import SqsSplitQueue
from conversion_delivery.aws.clients import client_config
from conversion_delivery.aws.event_ledger import EventLedgerTable
from conversion_delivery.aws.prepared_store import S3PreparedStore
from conversion_delivery.aws.token_store import SecretsTokenStore
from conversion_delivery.aws.upload_store import S3UploadStore
from conversion_delivery.domain.batches import BatchMessage, parse_batch_message, parse_continuation
from conversion_delivery.domain.errors import TryLater
from conversion_delivery.domain.reading.slices import SliceLimits
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.pgp.decryption import SequoiaDecryption
from conversion_delivery.workflows.assembly import SenderPorts, SplitterPorts, assemble_sender, assemble_splitter
from conversion_delivery.workflows.batch_attempt import DeliveryLimits
from conversion_delivery.workflows.split_file import SplitFile, SplitLimits
from local.aws.build import EMULATOR_PYTHON
from local.aws.emulator import Emulator
from local.aws.endpoints import Endpoints
from local.aws.local_stack import wait_until
from local.events_api import EventsApiSimulator
from tests.fakes.events_api import FakeEventsApi
from tests.fakes.key_store import FakeKeyStore
from tests.fakes.telemetry import FakeTelemetry
from tests.workflows.delivery_world import SETTINGS

TABLES = {"EventLedger": ("event_key",), "FileProgress": ("pk", "sk")}
QUEUES = ("UploadsQueue", "UploadsDeadLetters", "BatchesQueue", "BatchesDeadLetters")
_numbers = itertools.count(1)


def small_template() -> dict[str, Any]:
    """Tables, bucket and queues of the real template with its outputs' names."""
    resources: dict[str, Any] = {
        name: {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"} for key in keys],
                "KeySchema": [
                    {"AttributeName": key, "KeyType": role} for key, role in zip(keys, ("HASH", "RANGE"), strict=False)
                ],
            },
        }
        for name, keys in TABLES.items()
    }
    resources |= {name: {"Type": "AWS::SQS::Queue"} for name in QUEUES}
    resources["Files"] = {
        "Type": "AWS::S3::Bucket",
        "Properties": {"VersioningConfiguration": {"Status": "Enabled"}},
    }
    outputs = {f"{name}Table": name for name in TABLES} | {f"{name}Url": name for name in QUEUES} | {"Bucket": "Files"}
    values: dict[str, Any] = {name: {"Value": {"Ref": resource}} for name, resource in outputs.items()}
    values["DestinationSettingsName"] = {"Value": {"Fn::Sub": "/${AWS::StackName}/destinations/main"}}
    return {
        "Parameters": {
            "EventsApiEndpoint": {"Type": "String"},
            "LedgerRetentionDays": {"Type": "String", "Default": "90"},
        },
        "Resources": resources,
        "Outputs": values,
    }


@functools.cache
def _client(endpoints: Endpoints, service: str) -> Any:
    make: Any = endpoints.session.client
    return make(service, endpoint_url=endpoints.url, config=client_config())


class Workplace:
    """A stack of a test's own, its functions run by hand, and the command line in front of it."""

    def __init__(self, endpoints: Endpoints, simulator: EventsApiSimulator, name: str) -> None:
        self.name = name
        self.simulator = simulator
        self.api = FakeEventsApi()
        self._endpoints = endpoints
        cloudformation = endpoints.cloudformation
        cloudformation.create_stack(
            StackName=name,
            TemplateBody=json.dumps(small_template()),
            Parameters=[{"ParameterKey": "EventsApiEndpoint", "ParameterValue": simulator.url}],
        )
        assert wait_until(
            lambda: cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE",
            60,
            0.05,
        )
        self.stack: OperatedStack = described(name, self.client)
        self.time = self.stack.now()

    def client(self, service: str) -> Any:
        return _client(self._endpoints, service)

    def configure(self, destination: str = "shop", token: str | None = "token-1", **settings: Any) -> None:  # noqa: S107
        self.stack.registry.put(destination, json.dumps({**SETTINGS, **settings}))
        if token is not None:
            self.stack.registry.put_token(destination, token)

    def now(self) -> float:
        return self.time

    def drop(self, body: bytes, key: str = "uploads/shop/sales.csv") -> Upload:
        """Store a file and split it; two rows a batch."""
        bucket = self.stack.outputs["Bucket"]
        answer = self.client("s3").put_object(Bucket=bucket, Key=key, Body=body)
        upload = Upload(bucket, key, answer["VersionId"], len(body))
        self.split(upload)
        return upload

    def split(self, upload: Upload) -> None:
        self._splitter().start(upload, lambda: 300.0)

    def go_on(self) -> None:
        """Take up every continuation that is in the queue."""
        for body in self._bodies("UploadsQueueUrl"):
            self._splitter().go_on(parse_continuation(body), lambda: 300.0)

    def _splitter(self) -> SplitFile:
        sqs = self.client("sqs")
        queue = SqsSplitQueue(
            sqs, batches_url=self.stack.outputs["BatchesQueueUrl"], uploads_url=self.stack.outputs["UploadsQueueUrl"]
        )
        ports = SplitterPorts(
            uploads=S3UploadStore(self.client("s3")),
            queue=queue,
            progress=self.stack.progress,
            destinations=self.stack.destinations,
            reports=self.stack.reports,
            prepared=S3PreparedStore(self.client("s3"), self.stack.outputs["Bucket"]),
            keys=FakeKeyStore(),
            decryption=SequoiaDecryption(),
            telemetry=FakeTelemetry(),
            now=self.now,
            new_id=lambda: f"id{next(_numbers)}",
        )
        limits = SplitLimits(slices=SliceLimits(conversions=2))
        return assemble_splitter(ports, limits)

    def batches(self) -> list[BatchMessage]:
        """Take every batch message off its queue."""
        return sorted(map(parse_batch_message, self._bodies("BatchesQueueUrl")), key=lambda message: message.batch)

    def _bodies(self, queue: str) -> list[str]:
        """Every message of a queue, taken off it."""
        sqs, url = self.client("sqs"), self.stack.outputs[queue]
        bodies: list[str] = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                bodies.append(message["Body"])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def deliver(self, *messages: BatchMessage) -> list[TryLater]:
        """Run the sender once for each; what was handed back."""
        ports = SenderPorts(
            uploads=S3UploadStore(self.client("s3")),
            ledger=EventLedgerTable(self.client("dynamodb"), self.stack.outputs["EventLedgerTable"]),
            progress=self.stack.progress,
            tokens=SecretsTokenStore(self.client("secretsmanager"), self.name),
            api=self.api,
            reports=self.stack.reports,
            telemetry=FakeTelemetry(),
            now=self.now,
            jitter=lambda: 0.5,
            new_id=lambda: f"id{next(_numbers)}",
        )
        send = assemble_sender(ports, DeliveryLimits())
        later = []
        for message in messages:
            try:
                send.run(message, lambda: 120.0)
            except TryLater as problem:
                later.append(problem)
        return later

    def run(self, *arguments: str) -> int:
        """The command line on this stack; its exit code."""
        try:
            return main([*arguments, "--stack", self.name])
        except SystemExit as stop:
            return int(stop.code or 0)


@pytest.fixture(scope="session")
def endpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    if not EMULATOR_PYTHON.exists():
        pytest.skip(f"{EMULATOR_PYTHON.parent.parent.name} is missing; `make environments` makes it")
    with Emulator(tmp_path_factory.mktemp("emulated-aws")) as running:
        yield running.endpoints


@pytest.fixture(scope="session")
def events_api() -> Iterator[EventsApiSimulator]:
    with EventsApiSimulator(token="token-1") as simulator:
        yield simulator


@pytest.fixture
def place(endpoints: Endpoints, events_api: EventsApiSimulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workplace]:
    """The environment names the emulated AWS, as an operator's environment names the real one."""
    for name, value in endpoints.environment.items():
        monkeypatch.setenv(name, value)
    made = Workplace(endpoints, events_api, f"stack-{next(_numbers)}")
    made.configure()
    yield made
    events_api.set_faults(None)
