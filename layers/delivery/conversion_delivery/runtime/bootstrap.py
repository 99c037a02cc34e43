"""The composition root: the one place that knows every adapter and every workflow.

Each function's ``app.py`` calls one of ``splitter`` and ``sender`` at its cold start and keeps what it returns.
What only functions that post need (requests, the Events API) is imported by those: a splitter starts without it.
"""

from __future__ import annotations

import json
import random
import secrets
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import boto3

from conversion_delivery.aws.batch_queue import SqsSplitQueue
from conversion_delivery.aws.clients import client_config
from conversion_delivery.aws.consumed_queue import ConsumedQueue
from conversion_delivery.aws.destination_store import SsmDestinationStore
from conversion_delivery.aws.dynamodb_requests import DynamoDbRequests
from conversion_delivery.aws.event_ledger import EventLedgerTable
from conversion_delivery.aws.file_progress import FileProgressTable
from conversion_delivery.aws.inbox import S3Inbox
from conversion_delivery.aws.key_store import SecretsKeyStore
from conversion_delivery.aws.notices import EventBridgeNotices, NoticesQueue, NoticesTopic
from conversion_delivery.aws.prepared_store import S3PreparedStore
from conversion_delivery.aws.report_store import S3ReportStore
from conversion_delivery.aws.s3_notifications import uploads_in
from conversion_delivery.aws.secret_versions import AwsSecretVersions
from conversion_delivery.aws.token_store import SecretsTokenStore
from conversion_delivery.aws.upload_store import S3UploadStore
from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.pgp.decryption import SequoiaDecryption
from conversion_delivery.runtime.collection import collect_rarely
from conversion_delivery.runtime.consumption import Consumption, Remaining
from conversion_delivery.runtime.messages import handle_batch_message, handle_upload_message
from conversion_delivery.runtime.settings import (
    BATCHES_OUTLIVE_EVENTS,
    DAY,
    DigestSettings,
    FunctionSettings,
    RotationSettings,
    SenderSettings,
    SplitterSettings,
    read_settings,
)
from conversion_delivery.runtime.telemetry import FunctionTelemetry
from conversion_delivery.workflows.assembly import SenderPorts, SplitterPorts, assemble_sender, assemble_splitter
from conversion_delivery.workflows.ports import Notices, SilentNotices
from conversion_delivery.workflows.renew_token import RenewToken
from conversion_delivery.workflows.send_digest import SendDigest
from conversion_delivery.workflows.take_from_inbox import TakeFromInbox

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


def splitter(environment: Mapping[str, str]) -> Handler:
    """The splitter's handler. Raises ``ContractBroken`` (``ENVIRONMENT_INVALID``)."""
    settings = read_settings(SplitterSettings, environment)
    telemetry = FunctionTelemetry("splitter", settings.log_level, namespace=settings.metrics_namespace)
    s3: S3Client = boto3.client("s3", config=client_config())
    sqs: SQSClient = boto3.client("sqs", config=client_config())
    split = assemble_splitter(
        SplitterPorts(
            uploads=S3UploadStore(s3),
            queue=SqsSplitQueue(sqs, batches_url=settings.batches_queue_url, uploads_url=settings.uploads_queue_url),
            progress=_progress(settings, _dynamodb()),
            destinations=SsmDestinationStore(boto3.client("ssm", config=client_config()), settings.stack_name),
            reports=S3ReportStore(s3, settings.bucket_name),
            prepared=S3PreparedStore(s3, settings.bucket_name),
            keys=SecretsKeyStore(lambda: boto3.client("secretsmanager", config=client_config()), settings.stack_name),
            decryption=SequoiaDecryption(),
            telemetry=telemetry,
            now=time.time,
            new_id=_new_id,
            notices=_notices(settings),
        ),
        settings.split_limits,
    )

    inbox = TakeFromInbox(S3Inbox(s3), telemetry)

    def announced(body: str) -> list[Upload]:
        return inbox.out_of(uploads_in(body))

    def handle(body: str, remaining: Remaining) -> None:
        handle_upload_message(body, split, announced, remaining)

    queue = ConsumedQueue(sqs, url=settings.uploads_queue_url, dead_letter_url=settings.dead_letter_queue_url)
    consumption = Consumption(handle, queue, telemetry, random.random)

    def consume(event: dict[str, Any], context: Any) -> dict[str, Any]:
        if any("s3" in record for record in event.get("Records", ())):
            for upload in announced(json.dumps(event)):
                split.start(upload, lambda: context.get_remaining_time_in_millis() / 1000)
            telemetry.flush()
            return {}
        return dict(consumption.run(event, context))

    collect_rarely()
    return consume


def sender(environment: Mapping[str, str]) -> Handler:
    """The sender's handler. Raises ``ContractBroken`` (``ENVIRONMENT_INVALID``, ``EVENTS_API_URL_INVALID``)."""
    from conversion_delivery.tiktok.client import EventsApiClient

    settings = read_settings(SenderSettings, environment)
    telemetry = FunctionTelemetry("sender", settings.log_level, namespace=settings.metrics_namespace)
    s3: S3Client = boto3.client("s3", config=client_config())
    sqs: SQSClient = boto3.client("sqs", config=client_config())
    dynamodb = _dynamodb()
    send = assemble_sender(
        SenderPorts(
            uploads=S3UploadStore(s3),
            ledger=EventLedgerTable(dynamodb, settings.event_ledger_table, batches=_batches(dynamodb)),
            progress=_progress(settings, dynamodb),
            tokens=SecretsTokenStore(
                boto3.client("secretsmanager", config=client_config()),
                settings.stack_name,
                on_expiry=_expiry_metric(telemetry),
            ),
            api=EventsApiClient(settings.events_api_endpoint),
            reports=S3ReportStore(s3, settings.bucket_name),
            telemetry=telemetry,
            now=time.time,
            jitter=random.random,
            new_id=_new_id,
            notices=_notices(settings),
        ),
        settings.delivery_limits,
    )

    def handle(body: str, remaining: Remaining) -> None:
        handle_batch_message(body, send, remaining)

    queue = ConsumedQueue(sqs, url=settings.batches_queue_url, dead_letter_url=settings.dead_letter_queue_url)
    consumption = Consumption(handle, queue, telemetry, random.random)

    def consume(event: dict[str, Any], context: Any) -> dict[str, Any]:
        return dict(consumption.run(event, context))

    collect_rarely()
    return consume


def token_rotation(environment: Mapping[str, str]) -> Callable[[dict[str, Any]], None]:
    """The rotation function's handler. Raises ``ContractBroken`` as ``sender`` does.

    What goes wrong is raised: Secrets Manager tries again later, and the alarm on the function's errors rings.
    """
    from conversion_delivery.tiktok.client import EventsApiClient
    from conversion_delivery.tiktok.token_renewal import TokenRenewal

    settings = read_settings(RotationSettings, environment)
    renew = RenewToken(
        AwsSecretVersions(boto3.client("secretsmanager", config=client_config())),
        TokenRenewal(settings.events_api_endpoint),
        EventsApiClient(settings.events_api_endpoint),
        time.time,
    )

    def rotate(event: dict[str, Any]) -> None:
        step, secret, version = (event.get(name) for name in ("Step", "SecretId", "ClientRequestToken"))
        if not (isinstance(step, str) and isinstance(secret, str) and isinstance(version, str)):
            raise ContractBroken("MESSAGE_INVALID")
        renew.run(step, secret, version)

    return rotate


def digest(environment: Mapping[str, str]) -> Callable[[Any], None]:
    """The digest function's handler. Raises ``ContractBroken`` (``ENVIRONMENT_INVALID``).

    What goes wrong is raised: the alarm on the function's errors rings, and the notices are in the next digest.
    """
    settings = read_settings(DigestSettings, environment)
    send = SendDigest(
        NoticesQueue(boto3.client("sqs", config=client_config()), settings.notices_queue_url),
        NoticesTopic(boto3.client("sns", config=client_config()), settings.notices_topic),
        settings.stack_name,
    )

    def run(context: Any) -> None:
        send.run(lambda: context.get_remaining_time_in_millis() / 1000)

    return run


def _notices(settings: FunctionSettings) -> Notices:
    """Made at the first notice: most invocations have none, and a client costs time at a cold start."""
    if settings.file_notices == "off":
        return SilentNotices()
    return EventBridgeNotices(lambda: boto3.client("events", config=client_config()), settings.stack_name)


def _expiry_metric(telemetry: FunctionTelemetry) -> Callable[[str, float], None]:
    """Counts the days that are left of a token whose end is known; the alarm watches the least of them."""

    def tell(destination: str, needed_at: float) -> None:
        telemetry.measure("TokenExpiresInDays", (needed_at - time.time()) / DAY, destination=destination)

    return tell


def _dynamodb() -> DynamoDBClient:
    return boto3.client("dynamodb", config=client_config(checks_parameters=False))


def _batches(client: DynamoDBClient) -> DynamoDbRequests:
    """With the credentials of the session that made ``client``: boto3's default one."""
    session = boto3.DEFAULT_SESSION or boto3.Session()
    return DynamoDbRequests(client, session.get_credentials())


def _progress(settings: FunctionSettings, client: DynamoDBClient) -> FileProgressTable:
    retention = settings.ledger_retention_days * DAY + BATCHES_OUTLIVE_EVENTS
    return FileProgressTable(client, settings.file_progress_table, retention_seconds=retention)


def _new_id() -> str:
    return secrets.token_hex(8)
