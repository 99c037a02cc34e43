"""One way to set up and look at each port's world, whether it is a fake or an emulated service."""

from __future__ import annotations

import json
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from conversion_delivery.aws.batch_queue import SqsSplitQueue
from conversion_delivery.aws.clients import client_config
from conversion_delivery.aws.destination_store import SsmDestinationStore
from conversion_delivery.aws.dynamodb_requests import DynamoDbRequests
from conversion_delivery.aws.event_ledger import EventLedgerTable
from conversion_delivery.aws.file_progress import FileProgressTable
from conversion_delivery.aws.key_store import SecretsKeyStore
from conversion_delivery.aws.prepared_store import S3PreparedStore
from conversion_delivery.aws.report_store import S3ReportStore
from conversion_delivery.aws.token_store import SecretsTokenStore
from conversion_delivery.aws.upload_store import S3UploadStore
from conversion_delivery.domain.private_keys import PrivateKey
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.events_api_ports import TokenStore
from conversion_delivery.workflows.ports import DestinationStore, EventLedger, FileProgress, ReportStore, SplitQueue
from conversion_delivery.workflows.upload_ports import KeyStore, PreparedStore, UploadStore
from local.aws.endpoints import Endpoints
from tests.fakes.destination_store import FakeDestinationStore
from tests.fakes.event_ledger import FakeEventLedger
from tests.fakes.file_progress import FakeFileProgress
from tests.fakes.key_store import FakeKeyStore
from tests.fakes.prepared_store import FakePreparedStore
from tests.fakes.report_store import FakeReportStore
from tests.fakes.split_queue import FakeSplitQueue
from tests.fakes.token_store import FakeTokenStore
from tests.fakes.upload_store import FakeUploadStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

BUCKET = "uploads-bucket"
PLAIN_BUCKET = "unversioned-bucket"
RETENTION_SECONDS = 90 * 86_400


class Backend(ABC):
    """The ports of one world, and what a test does to that world behind the ports' back."""

    ledger: EventLedger
    progress: FileProgress
    uploads: UploadStore
    queue: SplitQueue
    reports: ReportStore
    destinations: DestinationStore
    tokens: TokenStore
    prepared: PreparedStore
    keys: KeyStore

    @abstractmethod
    def put_keys(self, name: str, *armoured: str) -> None:
        """Store private PGP keys for a destination, or for all (``default``)."""

    @abstractmethod
    def put_upload(self, key: str, body: bytes, *, versioned: bool = True) -> Upload:
        """Store an object, and return what its notification would say."""

    @abstractmethod
    def delete_upload(self, upload: Upload) -> None:
        """Delete one version for good."""

    @abstractmethod
    def queued(self) -> tuple[list[str], list[str]]:
        """Bodies of the batch messages and of the continuations."""

    @abstractmethod
    def configure(self, destination: str, *, settings: str | None = None, secret: str | None = None) -> None:
        """Store a settings document or a secret."""

    @abstractmethod
    def close(self) -> None:
        """Give back what was taken."""


class FakeBackend(Backend):
    def __init__(self) -> None:
        self.ledger = FakeEventLedger()
        self.progress = FakeFileProgress()
        self.uploads = self._uploads = FakeUploadStore(block_size=1 << 20)
        self._uploads.now = time.time
        self.queue = self._queue = FakeSplitQueue()
        self.reports = FakeReportStore()
        self.destinations = self._destinations = FakeDestinationStore()
        self.tokens = self._tokens = FakeTokenStore()
        self.prepared = FakePreparedStore(self._uploads)
        self.keys = self._keys = FakeKeyStore()

    def put_keys(self, name: str, *armoured: str) -> None:
        self._keys.put(name, [PrivateKey(each, "horse") for each in armoured])

    def put_upload(self, key: str, body: bytes, *, versioned: bool = True) -> Upload:
        return self._uploads.put(BUCKET if versioned else PLAIN_BUCKET, key, body, versioned=versioned)

    def delete_upload(self, upload: Upload) -> None:
        self._uploads.delete(upload)

    def queued(self) -> tuple[list[str], list[str]]:
        continuations = [message.to_json() for message, _ in self._queue.continuations]
        return [message.to_json() for message in self._queue.batches], continuations

    def configure(self, destination: str, *, settings: str | None = None, secret: str | None = None) -> None:
        if settings is not None:
            self._destinations.documents[destination] = settings
        if secret is not None:
            self._tokens.tokens[destination] = secret

    def close(self) -> None:
        """It took nothing."""


class Services:
    """Clients of one emulator in the adapters' own configuration, made once: making them takes longer than a test."""

    def __init__(self, endpoints: Endpoints) -> None:
        self._url = endpoints.url
        self.environment = endpoints.environment
        """What lets a process that reads its environment reach the same emulator."""
        self._make: Callable[..., Any] = endpoints.session.client
        self._credentials: Any = endpoints.session.get_credentials()
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            config = client_config(checks_parameters=service != "dynamodb")
            self._clients[service] = self._make(service, endpoint_url=self._url, config=config)
        return self._clients[service]

    @cached_property
    def batches(self) -> DynamoDbRequests:
        return DynamoDbRequests(self.client("dynamodb"), self._credentials)

    def close(self) -> None:
        for client in self._clients.values():
            client.close()


class DynamoBackend(Backend):
    """Ledger and progress on tables of their own; the ledger's batches by boto3 where ``plain``."""

    def __init__(self, services: Services, *, plain: bool = False) -> None:
        self.client = services.client
        self.batches = None if plain else services.batches
        self.name = f"test-{uuid.uuid4().hex[:12]}"
        self._tables: list[str] = []
        self.dynamodb: DynamoDBClient = self.client("dynamodb")

    @cached_property
    def ledger(self) -> EventLedger:  # type: ignore[override]
        table = self._table("ledger", event_key="HASH")
        return EventLedgerTable(self.dynamodb, table, batches=self.batches)

    @cached_property
    def progress(self) -> FileProgress:  # type: ignore[override]
        table = self._table("progress", pk="HASH", sk="RANGE")
        return FileProgressTable(self.dynamodb, table, retention_seconds=RETENTION_SECONDS)

    def _table(self, kind: str, **keys: str) -> str:
        schema: list[Any] = [{"AttributeName": name, "KeyType": role} for name, role in keys.items()]
        types: list[Any] = [{"AttributeName": name, "AttributeType": "S"} for name in keys]
        table = f"{self.name}-{kind}"
        self.dynamodb.create_table(
            TableName=table, KeySchema=schema, AttributeDefinitions=types, BillingMode="PAY_PER_REQUEST"
        )
        self._tables.append(table)
        return table

    def put_keys(self, name: str, *armoured: str) -> None:
        raise NotImplementedError

    def put_upload(self, key: str, body: bytes, *, versioned: bool = True) -> Upload:
        raise NotImplementedError

    def delete_upload(self, upload: Upload) -> None:
        raise NotImplementedError

    def queued(self) -> tuple[list[str], list[str]]:
        raise NotImplementedError

    def configure(self, destination: str, *, settings: str | None = None, secret: str | None = None) -> None:
        raise NotImplementedError

    def close(self) -> None:
        for table in self._tables:
            self.dynamodb.delete_table(TableName=table)


class EmulatedBackend(DynamoBackend):
    """Every port, on buckets, queues, parameters and secrets of its own."""

    @cached_property
    def s3(self) -> S3Client:
        client: S3Client = self.client("s3")
        return client

    @cached_property
    def sqs(self) -> SQSClient:
        client: SQSClient = self.client("sqs")
        return client

    @cached_property
    def uploads(self) -> UploadStore:  # type: ignore[override]
        return S3UploadStore(self.s3)

    @cached_property
    def queue(self) -> SplitQueue:  # type: ignore[override]
        return SqsSplitQueue(self.sqs, batches_url=self.queue_url("batches"), uploads_url=self.queue_url("uploads"))

    @cached_property
    def reports(self) -> ReportStore:  # type: ignore[override]
        return S3ReportStore(self.s3, self._bucket("reports", versioned=True), part_size=5 << 20)

    @cached_property
    def destinations(self) -> DestinationStore:  # type: ignore[override]
        return SsmDestinationStore(self.client("ssm"), self.name)

    @cached_property
    def tokens(self) -> TokenStore:  # type: ignore[override]
        return SecretsTokenStore(self.client("secretsmanager"), self.name)

    @cached_property
    def prepared(self) -> PreparedStore:  # type: ignore[override]
        return S3PreparedStore(self.s3, self._bucket("prepared", versioned=True), part_size=5 << 20)

    @cached_property
    def keys(self) -> KeyStore:  # type: ignore[override]
        return SecretsKeyStore(lambda: self.client("secretsmanager"), self.name)

    def put_keys(self, name: str, *armoured: str) -> None:
        self._put_secret(f"{self.name}/pgp/{name}", json.dumps({"keys": armoured, "passphrase": "horse"}))

    def put_upload(self, key: str, body: bytes, *, versioned: bool = True) -> Upload:
        bucket = self._bucket(BUCKET if versioned else PLAIN_BUCKET, versioned=versioned)
        answer = self.s3.put_object(Bucket=bucket, Key=key, Body=body)
        return Upload(bucket, key, answer.get("VersionId", ""), len(body))

    def delete_upload(self, upload: Upload) -> None:
        self.s3.delete_object(Bucket=upload.bucket, Key=upload.key, VersionId=upload.version_id)

    def queued(self) -> tuple[list[str], list[str]]:
        return self.bodies("batches"), self.bodies("uploads")

    def bodies(self, kind: str) -> list[str]:
        """Every message of a queue, received once."""
        bodies: list[str] = []
        while True:
            answer = self.sqs.receive_message(QueueUrl=self.queue_url(kind), MaxNumberOfMessages=10)
            if not answer.get("Messages"):
                return bodies
            bodies += [message["Body"] for message in answer["Messages"]]

    def queue_url(self, kind: str) -> str:
        return self.sqs.create_queue(QueueName=f"{self.name}-{kind}")["QueueUrl"]

    def configure(self, destination: str, *, settings: str | None = None, secret: str | None = None) -> None:
        name = f"{self.name}/destinations/{destination}"
        if settings is not None:
            self.client("ssm").put_parameter(Name=f"/{name}", Value=settings, Type="String", Overwrite=True)
        if secret is not None:
            self._put_secret(name, secret)

    def _put_secret(self, name: str, secret: str) -> None:
        secrets = self.client("secretsmanager")
        try:
            secrets.create_secret(Name=name, SecretString=secret)
        except secrets.exceptions.ResourceExistsException:
            secrets.put_secret_value(SecretId=name, SecretString=secret)

    def _bucket(self, kind: str, *, versioned: bool) -> str:
        bucket = f"{self.name}-{kind}"
        self.s3.create_bucket(Bucket=bucket)
        if versioned:
            self.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        return bucket
