"""Queues: an emulator takes any numbers here; AWS refuses some and loses messages with others."""

from __future__ import annotations

import pytest

from conversion_delivery.domain.retry_schedule import MESSAGE_CAP
from tests.template.stack import Document, Stack, statements

DAY = 86_400
LONGEST_RETENTION = 14 * DAY
SOURCES = [
    ("UploadsQueue", "UploadsDeadLetters", "SplitterFunction"),
    ("BatchesQueue", "BatchesDeadLetters", "SenderFunction"),
]
ALL_QUEUES = ["UploadsQueue", "UploadsDeadLetters", "BatchesQueue", "BatchesDeadLetters"]


def policy_of(queue: str) -> Document:
    policies = Stack().of_type("AWS::SQS::QueuePolicy").values()
    (document,) = (policy["PolicyDocument"] for policy in policies if f"<{queue}>" in policy["Queues"])
    return dict(document)


def test_these_tests_look_at_every_queue() -> None:
    assert sorted(Stack().of_type("AWS::SQS::Queue")) == sorted(ALL_QUEUES)


@pytest.mark.parametrize(("queue", "dead_letters", "function"), SOURCES)
def test_a_message_stays_hidden_for_six_times_the_functions_timeout(
    queue: str, dead_letters: str, function: str
) -> None:
    assert Stack().resource(queue)["VisibilityTimeout"] >= 6 * Stack().resource(function)["Timeout"]


@pytest.mark.parametrize(("queue", "dead_letters", "function"), SOURCES)
def test_a_message_that_keeps_failing_is_parked(queue: str, dead_letters: str, function: str) -> None:
    redrive = Stack().resource(queue)["RedrivePolicy"]

    assert redrive["deadLetterTargetArn"] == f"<{dead_letters}.Arn>"
    assert 5 <= redrive["maxReceiveCount"] <= 1_000


@pytest.mark.parametrize(("queue", "dead_letters", "function"), SOURCES)
def test_dead_letters_are_kept_as_long_as_sqs_allows(queue: str, dead_letters: str, function: str) -> None:
    assert Stack().resource(dead_letters)["MessageRetentionPeriod"] == LONGEST_RETENTION


def test_a_parked_upload_has_ten_days_left_although_its_first_sending_counts() -> None:
    stack = Stack()
    source, parked = stack.resource("UploadsQueue"), stack.resource("UploadsDeadLetters")

    assert parked["MessageRetentionPeriod"] - source["MessageRetentionPeriod"] >= 10 * DAY


def test_an_upload_uses_up_its_receives_long_before_the_queue_forgets_it() -> None:
    queue = Stack().resource("UploadsQueue")

    longest_life = queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"]

    assert longest_life <= queue["MessageRetentionPeriod"] / 4


def test_batches_wait_three_days_for_a_token_without_being_parked() -> None:
    receives = Stack().resource("BatchesQueue")["RedrivePolicy"]["maxReceiveCount"]
    mean_pause = MESSAGE_CAP / 2  # full jitter

    assert 3 * DAY / mean_pause <= 0.6 * receives


def test_a_batch_that_fails_all_the_time_is_parked_with_days_to_spare() -> None:
    queue = Stack().resource("BatchesQueue")

    parked_after = queue["RedrivePolicy"]["maxReceiveCount"] * MESSAGE_CAP / 2

    assert queue["MessageRetentionPeriod"] == LONGEST_RETENTION
    assert LONGEST_RETENTION - parked_after >= 7 * DAY


@pytest.mark.parametrize(("queue", "dead_letters", "function"), SOURCES)
def test_only_its_own_queue_may_park_messages_in_a_dead_letter_queue(
    queue: str, dead_letters: str, function: str
) -> None:
    stack = Stack()
    allowed = stack.resource(dead_letters)["RedriveAllowPolicy"]
    name = stack.resource(queue)["QueueName"]

    assert allowed["redrivePermission"] == "byQueue"
    assert allowed["sourceQueueArns"] == [f"arn:aws:sqs:eu-central-1:111122223333:{name}"]
    assert stack.resource(queue)["RedriveAllowPolicy"] == {"redrivePermission": "denyAll"}


@pytest.mark.parametrize("queue", ALL_QUEUES)
def test_queues_are_encrypted(queue: str) -> None:
    assert Stack().resource(queue)["SqsManagedSseEnabled"] is True


@pytest.mark.parametrize("queue", ALL_QUEUES)
def test_queues_refuse_requests_without_tls(queue: str) -> None:
    (refusal,) = (entry for entry in statements(policy_of(queue)) if entry["Effect"] == "Deny")

    assert refusal["Principal"] == "*"
    assert refusal["Action"] == ["sqs:*"]
    assert refusal["Resource"] == [f"<{queue}.Arn>"]
    assert refusal["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_only_s3_on_behalf_of_our_bucket_may_send_to_the_uploads_queue() -> None:
    stack = Stack()
    (grant,) = (entry for entry in statements(policy_of("UploadsQueue")) if entry["Effect"] == "Allow")

    assert grant["Principal"] == {"Service": "s3.amazonaws.com"}
    assert grant["Action"] == ["sqs:SendMessage"]
    assert grant["Resource"] == ["<UploadsQueue.Arn>"]
    assert grant["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{stack.resource('ConversionsBucket')['BucketName']}"},
    }


@pytest.mark.parametrize("queue", [name for name in ALL_QUEUES if name != "UploadsQueue"])
def test_nobody_is_let_into_the_other_queues_by_policy(queue: str) -> None:
    assert [entry["Effect"] for entry in statements(policy_of(queue))] == ["Deny"]
