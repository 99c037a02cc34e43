"""Bucket and tables: encryption, versions, lifecycle, expiry and recovery are ignored by every emulator."""

from __future__ import annotations

import re

import pytest

from conversion_delivery.domain.uploads import PARTS, PREPARED, REPORTS, UPLOADS, VALIDATE
from tests.template.stack import Document, Stack, source, statements

TABLES = ["EventLedger", "FileProgress"]
KEPT = ["ConversionsBucket", *TABLES]


def bucket() -> Document:
    return Stack().resource("ConversionsBucket")


def lifecycle(**parameters: str) -> dict[str, Document]:
    rules = Stack(**parameters).resource("ConversionsBucket")["LifecycleConfiguration"]["Rules"]
    assert all(rule["Status"] == "Enabled" for rule in rules)
    return {rule["Id"]: rule for rule in rules}


def refusals() -> dict[str, Document]:
    policy = Stack().resource("ConversionsBucketPolicy")["PolicyDocument"]
    return {entry["Sid"]: entry for entry in statements(policy) if entry["Effect"] == "Deny"}


def days_that_a_queued_message_can_be_old() -> float:
    """Longest way without a redrive: uploads queue, batches queue, then parked as a copy, which counts anew."""
    stack = Stack()
    way = ("UploadsQueue", "BatchesQueue", "BatchesDeadLetters")
    return float(sum(stack.resource(name)["MessageRetentionPeriod"] for name in way)) / 86_400


# --- bucket


def test_the_bucket_keeps_versions() -> None:
    assert bucket()["VersioningConfiguration"] == {"Status": "Enabled"}


def test_the_bucket_is_encrypted() -> None:
    (rule,) = bucket()["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] in {"AES256", "aws:kms"}


def test_nobody_can_make_the_bucket_public() -> None:
    assert bucket()["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }


def test_everything_in_the_bucket_belongs_to_its_owner() -> None:
    assert bucket()["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


@pytest.mark.parametrize(
    ("sid", "condition"),
    [
        ("TlsOnly", {"Bool": {"aws:SecureTransport": "false"}}),
        ("NoOldTls", {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
    ],
)
def test_the_bucket_refuses_requests_without_modern_tls(sid: str, condition: Document) -> None:
    refusal = refusals()[sid]

    assert refusal["Principal"] == "*"
    assert refusal["Action"] == ["s3:*"]
    assert refusal["Resource"] == ["<ConversionsBucket.Arn>", "<ConversionsBucket.Arn>/*"]
    assert refusal["Condition"] == condition


def test_the_bucket_policy_lets_nobody_in() -> None:
    policy = Stack().resource("ConversionsBucketPolicy")["PolicyDocument"]

    assert {entry["Effect"] for entry in statements(policy)} == {"Deny"}


def test_every_new_object_below_uploads_and_validate_is_announced_and_nothing_else_is() -> None:
    assert bucket()["NotificationConfiguration"] == {
        "QueueConfigurations": [
            {
                "Event": "s3:ObjectCreated:*",
                "Queue": "<UploadsQueue.Arn>",
                "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": prefix}]}},
            }
            for prefix in (UPLOADS, VALIDATE)
        ]
    }


def test_the_bucket_is_made_after_the_policy_that_lets_it_notify() -> None:
    assert "UploadsQueuePolicy" in Stack().attribute("ConversionsBucket", "DependsOn")


def test_the_buckets_name_is_legal_and_another_one_for_a_stack_made_anew() -> None:
    name = bucket()["BucketName"]

    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", name)
    assert name == "conversions-111122223333-0123456789ab"


# --- lifecycle


def test_queued_work_can_be_as_old_as_the_parameters_description_says() -> None:
    description = source()["Parameters"]["UploadRetentionDays"]["Description"]

    assert f"point to it for {days_that_a_queued_message_can_be_old():.0f} days" in description


@pytest.mark.parametrize("rule", ["uploads", "validate", "prepared"])
def test_a_version_that_queued_work_points_to_outlives_queues_and_dead_letters(rule: str) -> None:
    kept = lifecycle(UploadRetentionDays="1")[rule]["NoncurrentVersionExpiration"]["NoncurrentDays"]

    assert kept > days_that_a_queued_message_can_be_old()


def test_pieces_of_a_report_outlive_the_batches_they_wait_for() -> None:
    assert lifecycle()["parts"]["ExpirationInDays"] > days_that_a_queued_message_can_be_old()


@pytest.mark.parametrize(
    ("rule", "prefix"),
    [
        ("uploads", UPLOADS),
        ("validate", VALIDATE),
        ("prepared", PREPARED),
        ("parts", PARTS),
        ("reports", REPORTS),
    ],
)
def test_every_folder_with_personal_data_is_emptied(rule: str, prefix: str) -> None:
    entry = lifecycle()[rule]

    assert entry["Prefix"] == prefix
    assert int(entry["ExpirationInDays"]) > 0
    assert entry["NoncurrentVersionExpiration"]["NoncurrentDays"] > 0


def test_the_owner_decides_how_long_uploads_and_reports_are_kept() -> None:
    rules = lifecycle(UploadRetentionDays="3", ReportRetentionDays="5")

    kept = {name: rules[name]["ExpirationInDays"] for name in ("uploads", "validate", "reports")}
    assert kept == {"uploads": "3", "validate": "3", "reports": "5"}


def test_uploads_that_never_completed_are_removed_after_a_day() -> None:
    rule = lifecycle()["leftovers"]

    assert "Prefix" not in rule
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert rule["ExpiredObjectDeleteMarker"] is True


# --- tables


@pytest.mark.parametrize("table", TABLES)
def test_items_expire_by_their_own_date(table: str) -> None:
    assert Stack().resource(table)["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


@pytest.mark.parametrize("table", TABLES)
def test_tables_can_be_restored_to_any_moment(table: str) -> None:
    assert Stack().resource(table)["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


@pytest.mark.parametrize("table", TABLES)
def test_tables_are_encrypted_and_cannot_be_deleted_by_a_slip(table: str) -> None:
    properties = Stack().resource(table)

    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert properties["DeletionProtectionEnabled"] is True


@pytest.mark.parametrize("table", TABLES)
def test_tables_cost_nothing_while_idle(table: str) -> None:
    assert Stack().resource(table)["BillingMode"] == "PAY_PER_REQUEST"


def test_the_ledger_is_keyed_by_event() -> None:
    assert Stack().resource("EventLedger")["KeySchema"] == [{"AttributeName": "event_key", "KeyType": "HASH"}]


def test_progress_is_keyed_by_file_and_part() -> None:
    assert Stack().resource("FileProgress")["KeySchema"] == [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]


@pytest.mark.parametrize("name", KEPT)
def test_deleting_the_stack_deletes_no_data(name: str) -> None:
    assert Stack().attribute(name, "DeletionPolicy") == "Retain"
    assert Stack().attribute(name, "UpdateReplacePolicy") == "Retain"


def test_the_ledger_is_warmed_up_only_where_the_owner_says_how_much() -> None:
    assert "WarmThroughput" not in Stack().resource("EventLedger")
    warmed = Stack(LedgerWarmWrites="40000").resource("EventLedger")["WarmThroughput"]
    assert {name: int(value) for name, value in warmed.items()} == {"WriteUnitsPerSecond": 40_000}
