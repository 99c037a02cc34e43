"""Least privilege: a file goes all the way with the template's own roles in force, and each action in them is needed.

Each action is taken from its role alone; exactly the call that needs it is refused, the message goes back, nothing is
lost, and with the action back the file is delivered. What the emulator cannot show stands in ``NOT_SHOWN``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from conversion_delivery.aws.file_progress import FileProgressTable
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.workflows.ports import Gate
from local.aws.build import ensure_build
from local.aws.emulator import Emulator
from local.aws.local_stack import LocalStack
from local.events_api import EventsApiSimulator
from tests.pgp.messages import message, new_key
from tests.pipeline.each_permission import HandDriven, Invocation, Permission, Roles

pytestmark = pytest.mark.pipeline

SETTINGS = '{"event_source_id": "7200000000000000001"}'
HEADER = "event,event_time,email,value,currency,order_id"
ROWS = """event,event_time,email,value,currency,order_id
Purchase,{time},first@example.com,19.99,USD,A-1
Purchase,{time},nobody,5.00,USD,A-2
"""

POLLERS = "Lambda's pollers need it, and the emulator's ask for no permission"
GONE = "decides between 403 and 404 for objects that are gone; the emulator always says 404"
NOT_REACHED = "only a multipart upload that fails half-way is aborted"
LOGS = "the emulator writes the logs itself"

NOT_SHOWN = {
    **{
        Permission(role, sid, f"sqs:{action}"): POLLERS
        for role, sid in (("SplitterRole", "TakeUploads"), ("SenderRole", "TakeBatches"))
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
    },
    **{
        Permission(role, "TellGoneFromForbidden", f"s3:{action}"): GONE
        for role in ("SplitterRole", "SenderRole")
        for action in ("ListBucket", "ListBucketVersions")
    },
    **{
        Permission(role, "WriteLogs", f"logs:{action}"): LOGS
        for role in ("SplitterRole", "SenderRole")
        for action in ("CreateLogStream", "PutLogEvents")
    },
    Permission("SplitterRole", "WritePreparedAndReports", "s3:AbortMultipartUpload"): NOT_REACHED,
    Permission("SenderRole", "ReadAndWriteReports", "s3:AbortMultipartUpload"): NOT_REACHED,
}
"""Action -> why taking it away shows nothing here."""


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, simulator: EventsApiSimulator) -> Iterator[LocalStack]:
    """The stack on an emulator that refuses what the roles do not allow."""
    with Emulator(tmp_path_factory.mktemp("guarded"), auth=True) as emulator:
        stack = LocalStack.deployed(emulator.endpoints, ensure_build(), events_api=simulator.url, settings=SETTINGS)
        stack.configure("main", settings=SETTINGS, token="a-token")
        yield stack


@pytest.fixture(scope="module")
def at_rest(guarded: LocalStack, simulator: EventsApiSimulator) -> HandDriven:
    """The same stack after its event sources have been put to rest."""
    functions = guarded.endpoints.functions
    for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    return HandDriven(guarded, simulator, Roles(guarded))


@pytest.fixture
def driven(at_rest: HandDriven, simulator: EventsApiSimulator) -> Iterator[HandDriven]:
    at_rest.begin()
    yield at_rest
    simulator.set_faults(None)


def test_the_roles_of_the_template_suffice(guarded: LocalStack, recent: str) -> None:
    report = guarded.wait_for_report(guarded.upload("orders.csv", ROWS.format(time=recent).encode()), 90)
    assert b'"delivered": 1' in report["summary.json"]
    assert b"A-2" in report["rejected.csv"]


def good(recent: str, order: str = "A-1", value: str = "5.00") -> str:
    return f"{HEADER}\nPurchase,{recent},first@example.com,{value},USD,{order}\n"


Step = Callable[[HandDriven, str, Permission], Invocation]
"""Does what comes before, takes the permission away for one invocation, gives it back and ends what was begun."""


def _finish(driven: HandDriven, upload: Upload, delivered: int = 1) -> None:
    """The rest of the way with the roles whole: nothing was lost, nothing counts twice."""
    assert driven.stack.is_finished(upload)
    assert driven.counted() == delivered


def splitting(driven: HandDriven, recent: str, missing: Permission) -> Invocation:
    upload, notification = driven.upload(good(recent))
    with driven.roles.without(missing):
        refused = driven.split(notification)
    assert not driven.split(notification).handed_back
    assert not driven.send(driven.pointer()).handed_back
    _finish(driven, upload)
    return refused


def splitting_what_is_encrypted(driven: HandDriven, recent: str, missing: Permission) -> Invocation:
    """An encrypted file: its destination's private key is read."""
    key = new_key()
    secret = f"{driven.stack.name}/pgp/{driven.destination}"
    driven.endpoints.secrets.create_secret(Name=secret, SecretString=json.dumps({"keys": [str(key)]}))
    upload, notification = driven.upload(message(good(recent).encode(), key, armour=True).decode())
    with driven.roles.without(missing):
        refused = driven.split(notification)
    assert not driven.split(notification).handed_back
    assert not driven.send(driven.pointer()).handed_back
    _finish(driven, upload)
    return refused


def splitting_without_version(driven: HandDriven, recent: str, missing: Permission) -> Invocation:
    """A notification that names no version, as replayed ones do: S3 is asked which one it is."""
    upload, notification = driven.upload(good(recent))
    nameless = {**notification, "Body": notification["Body"].replace(upload.version_id, "")}
    with driven.roles.without(missing):
        refused = driven.split(nameless)
    assert not driven.split(nameless).handed_back
    assert not driven.send(driven.pointer()).handed_back
    _finish(driven, upload)
    return refused


def splitting_bad_rows_only(driven: HandDriven, recent: str, missing: Permission) -> Invocation:
    """A file without a good row is finished by the splitter, which puts rejected.csv together."""
    upload, notification = driven.upload(f"{HEADER}\nPurchase,{recent},nobody,5.00,USD,A-1\n")
    with driven.roles.without(missing):
        refused = driven.split(notification)
    assert not driven.split(notification).handed_back
    _finish(driven, upload, delivered=0)
    return refused


def splitting_what_is_closed(driven: HandDriven, recent: str, missing: Permission) -> Invocation:
    """The sender stopped between closing the last batch and the end of the report; a repeated notification ends it.

    One of the batch's rows had waited in vain for the copy of another batch, so that one's record is read again.
    """
    upload, notification = driven.upload(good(recent))
    assert not driven.split(notification).handed_back
    with driven.roles.without(Permission("SenderRole", "TellOfFinishedFiles", "events:PutEvents")):
        assert driven.send(driven.pointer()).handed_back
    _remember_a_first_copy(driven, upload)
    with driven.roles.without(missing):
        refused = driven.split(notification)
    assert not driven.split(notification).handed_back
    _finish(driven, upload)
    return refused


def _remember_a_first_copy(driven: HandDriven, upload: Upload) -> None:
    dynamodb, table = driven.endpoints.dynamodb, driven.stack.outputs["FileProgressTable"]
    key: Any = {"pk": {"S": upload.file_id}, "sk": {"S": "BATCH#0000000001"}}
    tally = json.loads(dynamodb.get_item(TableName=table, Key=key)["Item"]["tally"]["S"])
    tally["first_copies"] = {"999": f"{upload.file_id}/0000000001#1"}
    dynamodb.update_item(
        TableName=table,
        Key=key,
        UpdateExpression="SET tally = :tally",
        ExpressionAttributeValues={":tally": {"S": json.dumps(tally)}},
    )


def putting_off_an_upload(driven: HandDriven, recent: str, missing: Permission) -> Invocation:
    upload, notification = driven.upload(good(recent))
    with driven.roles.without(missing, Permission("SplitterRole", "ReadSettings", "ssm:GetParameter")):
        refused = driven.split(notification)
    assert "delay_failed" in refused.log
    assert not driven.split(notification).handed_back
    assert not driven.send(driven.pointer()).handed_back
    _finish(driven, upload)
    return refused


def parking_an_upload(driven: HandDriven, recent: str, missing: Permission) -> Invocation:
    _, notification = driven.upload(good(recent))
    broken = {**notification, "Body": "this is no notification"}
    with driven.roles.without(missing):
        refused = driven.split(broken)
    assert "park_failed" in refused.log
    assert not driven.split(broken).handed_back
    return refused


def sending(driven: HandDriven, recent: str, missing: Permission) -> Invocation:
    upload, notification = driven.upload(good(recent))
    assert not driven.split(notification).handed_back
    pointer = driven.pointer()
    with driven.roles.without(missing):
        refused = driven.send(pointer)
    assert not driven.send(pointer).handed_back
    _finish(driven, upload)
    return refused


def sending_again(driven: HandDriven, recent: str, missing: Permission) -> Invocation:
    """A second file with the same event: its owner is read."""
    sending(driven, recent, missing=Permission("", "", ""))
    return sending(driven, recent, missing)


def sending_what_was_corrected(driven: HandDriven, recent: str, missing: Permission) -> Invocation:
    """TikTok refused the event; the corrected row takes its item over."""
    rule = {"action": "refuse_event", "event": "Purchase", "event_source_id": driven.source_id}
    driven.simulator.set_faults({"rules": [rule]})
    _, notification = driven.upload(good(recent))
    assert not driven.split(notification).handed_back
    assert not driven.send(driven.pointer()).handed_back
    driven.simulator.set_faults(None)
    upload, notification = driven.upload(good(recent, value="6.00"), "corrected.csv")
    assert not driven.split(notification).handed_back
    pointer = driven.pointer()
    with driven.roles.without(missing):
        refused = driven.send(pointer)
    assert not driven.send(pointer).handed_back
    _finish(driven, upload)
    return refused


def sending_after_a_gate(driven: HandDriven, recent: str, missing: Permission) -> Invocation:
    """A gate whose time is over is forgotten at the first success."""
    table = driven.stack.outputs["FileProgressTable"]
    progress = FileProgressTable(driven.endpoints.dynamodb, table, retention_seconds=86_400)
    progress.shut_gate(driven.destination, Gate(1.0, "OUTAGE", 3))
    refused = sending(driven, recent, missing)
    assert progress.gate(driven.destination) is None
    return refused


def putting_off_a_batch(driven: HandDriven, recent: str, missing: Permission) -> Invocation:
    upload, notification = driven.upload(good(recent))
    assert not driven.split(notification).handed_back
    pointer = driven.pointer()
    with driven.roles.without(missing, Permission("SenderRole", "ReadTokens", "secretsmanager:GetSecretValue")):
        refused = driven.send(pointer)
    assert "delay_failed" in refused.log
    assert not driven.send(pointer).handed_back
    _finish(driven, upload)
    return refused


def parking_a_batch(driven: HandDriven, recent: str, missing: Permission) -> Invocation:
    upload, notification = driven.upload(good(recent))
    assert not driven.split(notification).handed_back
    pointer = driven.pointer()
    broken = {**pointer, "Body": pointer["Body"].replace('"schema":1', '"schema":99')}
    with driven.roles.without(missing):
        refused = driven.send(broken)
    assert "park_failed" in refused.log
    assert not driven.send(broken).handed_back
    assert not driven.send(pointer).handed_back
    _finish(driven, upload)
    return refused


class Shown(NamedTuple):
    """How taking an action away is made to show, and the operation that is refused then."""

    step: Step
    operation: str


SHOWN = {
    Permission("SplitterRole", "ReadUploads", "s3:GetObjectVersion"): Shown(splitting, "GetObject"),
    Permission("SplitterRole", "ReadUploads", "s3:GetObject"): Shown(splitting_without_version, "HeadObject"),
    Permission("SplitterRole", "ReadReports", "s3:GetObject"): Shown(splitting_bad_rows_only, "HeadObject"),
    Permission("SplitterRole", "WritePreparedAndReports", "s3:PutObject"): Shown(splitting_bad_rows_only, "PutObject"),
    Permission("SplitterRole", "TakeUploads", "sqs:ChangeMessageVisibility"): Shown(
        putting_off_an_upload, "ChangeMessageVisibility"
    ),
    Permission("SplitterRole", "QueueBatchesAndContinuations", "sqs:SendMessage"): Shown(splitting, "SendMessageBatch"),
    Permission("SplitterRole", "ParkBrokenMessages", "sqs:SendMessage"): Shown(parking_an_upload, "SendMessage"),
    Permission("SplitterRole", "RecordProgress", "dynamodb:GetItem"): Shown(splitting_what_is_closed, "GetItem"),
    Permission("SplitterRole", "RecordProgress", "dynamodb:PutItem"): Shown(splitting, "PutItem"),
    Permission("SplitterRole", "RecordProgress", "dynamodb:UpdateItem"): Shown(splitting, "UpdateItem"),
    Permission("SplitterRole", "RecordProgress", "dynamodb:Query"): Shown(splitting, "Query"),
    Permission("SplitterRole", "TellOfFinishedFiles", "events:PutEvents"): Shown(splitting_bad_rows_only, "PutEvents"),
    Permission("SplitterRole", "ReadSettings", "ssm:GetParameter"): Shown(splitting, "GetParameter"),
    Permission("SplitterRole", "ReadPgpKeys", "secretsmanager:GetSecretValue"): Shown(
        splitting_what_is_encrypted, "GetSecretValue"
    ),
    Permission("SenderRole", "ReadUploads", "s3:GetObjectVersion"): Shown(sending, "GetObject"),
    Permission("SenderRole", "ReadAndWriteReports", "s3:GetObject"): Shown(sending, "GetObject"),
    Permission("SenderRole", "ReadAndWriteReports", "s3:PutObject"): Shown(sending, "PutObject"),
    Permission("SenderRole", "TakeBatches", "sqs:ChangeMessageVisibility"): Shown(
        putting_off_a_batch, "ChangeMessageVisibility"
    ),
    Permission("SenderRole", "ParkBrokenMessages", "sqs:SendMessage"): Shown(parking_a_batch, "SendMessage"),
    Permission("SenderRole", "ClaimEvents", "dynamodb:PartiQLInsert"): Shown(sending, "BatchExecuteStatement"),
    Permission("SenderRole", "ClaimEvents", "dynamodb:BatchGetItem"): Shown(sending_again, "BatchGetItem"),
    Permission("SenderRole", "ClaimEvents", "dynamodb:UpdateItem"): Shown(sending_what_was_corrected, "UpdateItem"),
    Permission("SenderRole", "RecordProgress", "dynamodb:GetItem"): Shown(sending, "GetItem"),
    Permission("SenderRole", "RecordProgress", "dynamodb:UpdateItem"): Shown(sending, "UpdateItem"),
    Permission("SenderRole", "RecordProgress", "dynamodb:Query"): Shown(sending, "Query"),
    Permission("SenderRole", "TellOfFinishedFiles", "events:PutEvents"): Shown(sending, "PutEvents"),
    Permission("SenderRole", "OpenGates", "dynamodb:DeleteItem"): Shown(sending_after_a_gate, "DeleteItem"),
    Permission("SenderRole", "ReadTokens", "secretsmanager:GetSecretValue"): Shown(sending, "GetSecretValue"),
}
"""Action -> how its absence shows."""


def test_every_action_of_both_roles_is_shown_or_explained(at_rest: HandDriven) -> None:
    assert set(at_rest.roles.permissions()) == SHOWN.keys() | NOT_SHOWN.keys()


@pytest.mark.parametrize("missing", SHOWN, ids=lambda missing: "-".join(missing))
def test_without_an_action_exactly_its_call_is_refused_and_nothing_is_lost(
    driven: HandDriven, recent: str, missing: Permission
) -> None:
    step, operation = SHOWN[missing]
    refused = step(driven, recent, missing)
    assert refused.handed_back
    assert refused.refused(operation), refused.log


@pytest.mark.parametrize("action", ["s3:ListBucket", "s3:ListBucketVersions"])
def test_the_emulator_says_404_whoever_asks_for_what_is_gone(driven: HandDriven, recent: str, action: str) -> None:
    missing = Permission("SenderRole", "TellGoneFromForbidden", action)
    assert NOT_SHOWN[missing] == GONE
    upload, notification = driven.upload(good(recent))
    assert not driven.split(notification).handed_back
    driven.endpoints.s3.delete_object(Bucket=upload.bucket, Key=upload.key, VersionId=upload.version_id)
    with driven.roles.without(missing):
        assert not driven.send(driven.pointer()).handed_back
    assert driven.counted() == 0
    assert b"SOURCE_GONE" in driven.stack.report(upload)["summary.json"]
