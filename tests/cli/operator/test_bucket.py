"""``conversions bucket``: a bucket that exists already is looked at, and announces its uploads afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from conversion_delivery.aws.bucket_connection import in_the_way, merged, our_notifications
from local.aws.local_stack import wait_until
from tests.cli.operator.conftest import Workplace
from tests.template.stack import Stack

QUEUE = "arn:aws:sqs:us-east-1:000000000000:uploads"
OURS = our_notifications("sales", QUEUE, sftp=False)


def theirs(prefix: str, event: str = "s3:ObjectCreated:*", name: str = "theirs") -> dict[str, Any]:
    rules = [{"Name": "Prefix", "Value": prefix}] if prefix else []
    return {"Id": name, "QueueArn": f"{QUEUE}-2", "Events": [event], "Filter": {"Key": {"FilterRules": rules}}}


@pytest.fixture
def bucket(place: Workplace) -> str:
    return place.stack.outputs["Bucket"]


def announced(place: Workplace, bucket: str) -> dict[str, set[str]]:
    """Prefixes and events, by name of the notification."""
    found = place.client("s3").get_bucket_notification_configuration(Bucket=bucket)
    return {
        each["Id"]: {each["Filter"]["Key"]["FilterRules"][0]["Value"], *each["Events"]}
        for each in found.get("QueueConfigurations", [])
    }


def bodies(place: Workplace) -> list[str]:
    answer = place.client("sqs").receive_message(
        QueueUrl=place.stack.outputs["UploadsQueueUrl"], MaxNumberOfMessages=10, WaitTimeSeconds=1
    )
    return [message["Body"] for message in answer.get("Messages", [])]


def test_a_connected_bucket_announces_uploads(
    place: Workplace, bucket: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert place.run("bucket", "check") == 1
    assert "does not announce" in capsys.readouterr().out
    assert place.run("bucket", "connect", "--yes") == 0
    assert place.run("bucket", "check") == 0
    place.client("s3").put_object(Bucket=bucket, Key="uploads/shop/connected.csv", Body=b"x")

    assert wait_until(lambda: any("connected.csv" in body for body in bodies(place)), 10)


def test_notifications_of_others_stay(place: Workplace, bucket: str) -> None:
    queue = place.client("sqs").create_queue(QueueName=f"{place.name}-others")["QueueUrl"]
    arn = place.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    before = theirs("pictures/") | {"QueueArn": arn}
    place.client("s3").put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [before]}
    )
    assert place.run("bucket", "connect", "--yes") == 0
    assert place.run("bucket", "connect", "--yes") == 0

    created = "s3:ObjectCreated:*"
    assert announced(place, bucket) == {
        "theirs": {"pictures/", created},
        f"{place.name}-uploads": {"uploads/", created},
        f"{place.name}-validate": {"validate/", created},
    }


def test_nothing_changes_in_a_dry_run_or_without_a_yes(place: Workplace, bucket: str) -> None:
    assert place.run("bucket", "connect", "--dry-run") == 0
    assert place.run("bucket", "connect") == 64
    assert announced(place, bucket) == {}


def test_a_bucket_without_versions_is_not_connected(
    place: Workplace, bucket: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})

    assert place.run("bucket", "connect", "--yes") == 1
    assert "must  The bucket keeps no versions" in capsys.readouterr().out
    assert announced(place, bucket) == {}


def test_a_bucket_with_a_key_that_the_stack_does_not_know_is_not_connected(
    place: Workplace, bucket: str, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000"
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    place.client("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})

    assert place.run("bucket", "connect", "--yes") == 1
    assert "ExistingBucketKeyArn" in capsys.readouterr().out


def test_what_is_only_advisable_is_said_and_stands_in_nobodys_way(
    place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert place.run("bucket", "connect", "--yes") == 0

    shown = capsys.readouterr().out
    assert "note  Nothing is ever deleted below uploads/, validate/, prepared/, parts/, reports/." in shown
    assert "note  The bucket's policy does not refuse requests without TLS." in shown


@pytest.mark.parametrize(
    ("present", "ids"),
    [
        ({"QueueConfigurations": [theirs("uploads/shop/")]}, ["theirs"]),
        ({"LambdaFunctionConfigurations": [theirs("")]}, ["theirs"]),
        ({"TopicConfigurations": [theirs("up", "s3:ObjectCreated:Put")]}, ["theirs"]),
        ({"QueueConfigurations": [theirs("uploads/", "s3:ObjectRemoved:*")]}, []),
        ({"QueueConfigurations": [theirs("uploads2/"), theirs("pictures/")]}, []),
        ({"QueueConfigurations": [theirs("uploads/", name="sales-uploads")]}, []),
    ],
)
def test_a_notification_of_others_is_in_the_way_where_s3_would_refuse_both(
    present: dict[str, Any], ids: list[str]
) -> None:
    assert in_the_way(present, OURS) == ids


def test_all_kinds_of_notifications_of_others_are_written_back() -> None:
    present = {
        "TopicConfigurations": [theirs("a/")],
        "QueueConfigurations": [theirs("b/"), theirs("old/", name="sales-uploads")],
        "LambdaFunctionConfigurations": [theirs("c/")],
        "EventBridgeConfiguration": {},
    }

    assert merged(present, OURS) == {**present, "QueueConfigurations": [theirs("b/"), *OURS]}


@pytest.mark.parametrize("endpoint", ["none", "public"])
def test_a_connected_bucket_announces_what_a_bucket_of_the_template_announces(endpoint: str) -> None:
    template = Stack(SftpEndpoint=endpoint).resource("ConversionsBucket")["NotificationConfiguration"]
    ours = our_notifications("sales", "<UploadsQueue.Arn>", sftp=endpoint != "none")

    assert [(each["Events"], each["QueueArn"], each["Filter"]["Key"]["FilterRules"][0]["Value"]) for each in ours] == [
        ([each["Event"]], each["Queue"], each["Filter"]["S3Key"]["Rules"][0]["Value"])
        for each in template["QueueConfigurations"]
    ]
