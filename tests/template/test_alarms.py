"""Alarms: each watches a metric that exists, reaches a person, and says what to do."""

from __future__ import annotations

import json

import pytest

from conversion_delivery.runtime.telemetry import FunctionTelemetry
from tests.template.stack import Stack, statements

WATCHED = {
    "UploadsDeadLettersAlarm": (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        {"QueueName": "<UploadsDeadLetters.QueueName>"},
    ),
    "BatchesDeadLettersAlarm": (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        {"QueueName": "<BatchesDeadLetters.QueueName>"},
    ),
    "SplitterErrorsAlarm": ("AWS/Lambda", "Errors", {"FunctionName": "<SplitterFunction>"}),
    "SenderErrorsAlarm": ("AWS/Lambda", "Errors", {"FunctionName": "<SenderFunction>"}),
    "TokenRefusedAlarm": ("ConversionDelivery/sales", "TokenRefused", {"service": "sender"}),
    "DestinationMisconfiguredAlarm": ("ConversionDelivery/sales", "DestinationMisconfigured", {"service": "sender"}),
    "HeldForReviewAlarm": ("ConversionDelivery/sales", "EventsHeldForReview", {"service": "sender"}),
    "BatchesRefusedWholeAlarm": ("ConversionDelivery/sales", "BatchesRefusedWhole", {"service": "sender"}),
    "UnlistedCodesAlarm": ("ConversionDelivery/sales", "UnlistedCodes", {"service": "sender"}),
    "TokenExpiryAlarm": ("ConversionDelivery/sales", "TokenExpiresInDays", {"service": "sender"}),
}
AT_FIRST_OCCURRENCE = sorted(set(WATCHED) - {"TokenExpiryAlarm"})


def test_these_tests_look_at_every_alarm() -> None:
    assert sorted(Stack().of_type("AWS::CloudWatch::Alarm")) == sorted(WATCHED)


@pytest.mark.parametrize("name", WATCHED)
def test_an_alarm_watches_its_metric(name: str) -> None:
    alarm = Stack().resource(name)
    dimensions = {entry["Name"]: entry["Value"] for entry in alarm["Dimensions"]}

    assert (alarm["Namespace"], alarm["MetricName"], dimensions) == WATCHED[name]


@pytest.mark.parametrize("name", AT_FIRST_OCCURRENCE)
def test_an_alarm_rings_at_the_first_occurrence_and_is_silent_without_data(name: str) -> None:
    alarm = Stack().resource(name)

    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")
    assert alarm["EvaluationPeriods"] == 1
    assert alarm["Period"] <= 300
    assert alarm["Statistic"] in {"Sum", "Maximum"}
    assert alarm["TreatMissingData"] == "notBreaching"


@pytest.mark.parametrize("name", WATCHED)
def test_an_alarm_tells_somebody_what_it_means_and_what_to_do(name: str) -> None:
    alarm = Stack().resource(name)

    assert alarm["AlarmActions"] == ["<AlarmsTopic>"]
    assert len(alarm["AlarmDescription"].split(". ")) >= 2
    assert len(alarm["AlarmDescription"]) <= 1_024  # CloudWatch's limit


def test_the_token_alarm_looks_where_the_sender_counts() -> None:
    stack = Stack()
    told = stack.resource("SenderFunction")["Environment"]["Variables"]
    alarm = stack.resource("TokenRefusedAlarm")

    assert alarm["Namespace"] == told["POWERTOOLS_METRICS_NAMESPACE"]
    assert alarm["Dimensions"] == [{"Name": "service", "Value": told["POWERTOOLS_SERVICE_NAME"]}]


def test_alarms_are_mailed_if_an_address_is_given() -> None:
    subscription = Stack(AlarmEmail="ops@example.com").resource("AlarmsByMail")

    assert subscription == {"TopicArn": "<AlarmsTopic>", "Protocol": "email", "Endpoint": "ops@example.com"}


def test_without_an_address_nobody_is_subscribed() -> None:
    assert "AlarmsByMail" not in Stack()


def test_only_alarms_of_this_account_may_publish() -> None:
    policy = Stack().resource("AlarmsTopicPolicy")["PolicyDocument"]
    (grant,) = (entry for entry in statements(policy) if entry["Effect"] == "Allow")

    assert grant["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert grant["Action"] == ["sns:Publish"]
    assert grant["Resource"] == ["<AlarmsTopic>"]
    assert grant["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:*"},
    }


def test_nobody_publishes_without_tls() -> None:
    policy = Stack().resource("AlarmsTopicPolicy")["PolicyDocument"]
    (refusal,) = (entry for entry in statements(policy) if entry["Effect"] == "Deny")

    assert (refusal["Principal"], refusal["Action"]) == ("*", ["sns:Publish"])
    assert refusal["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_refused_token_is_counted_where_its_alarm_looks() -> None:
    lines: list[str] = []
    stack = Stack()
    told = stack.resource("SenderFunction")["Environment"]["Variables"]
    telemetry = FunctionTelemetry("sender", write=lines.append, namespace=told["POWERTOOLS_METRICS_NAMESPACE"])
    alarm = stack.resource("TokenRefusedAlarm")

    telemetry.count("TokenRefused", destination="main")
    telemetry.flush()

    (metrics,) = json.loads(lines[0])["_aws"]["CloudWatchMetrics"]
    assert metrics["Namespace"] == alarm["Namespace"]
    assert alarm["MetricName"] in {metric["Name"] for metric in metrics["Metrics"]}
    assert [dimension["Name"] for dimension in alarm["Dimensions"]] in metrics["Dimensions"]


def test_the_expiry_alarm_rings_a_week_before_and_looks_at_a_whole_day_of_rare_values() -> None:
    alarm = Stack().resource("TokenExpiryAlarm")

    assert (alarm["Statistic"], alarm["Threshold"], alarm["ComparisonOperator"]) == ("Minimum", 7, "LessThanThreshold")
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 86_400  # CloudWatch's limit
    assert alarm["TreatMissingData"] == "notBreaching"
