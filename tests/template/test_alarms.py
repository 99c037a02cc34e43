"""Alarms: each watches a metric that exists, reaches a person, and says what to do."""

from __future__ import annotations

import json
import re

import pytest

from conversion_delivery.runtime.telemetry import FunctionTelemetry
from local.aws.alarm_math import evaluate
from local.costs import MEMORY_GIB, PRICES
from tests.template.stack import Document, Stack, statements

OWN = "ConversionDelivery/sales"
SENDER, SPLITTER = {"service": "sender"}, {"service": "splitter"}
SENDS, SPLITS = {"FunctionName": "<SenderFunction>"}, {"FunctionName": "<SplitterFunction>"}
DEPTH = "ApproximateNumberOfMessagesVisible"
AGE = "ApproximateAgeOfOldestMessage"

Watched = tuple[str, str, dict[str, str]]

WATCHED: dict[str, Watched] = {
    "UploadsDeadLettersAlarm": ("AWS/SQS", DEPTH, {"QueueName": "<UploadsDeadLetters.QueueName>"}),
    "BatchesDeadLettersAlarm": ("AWS/SQS", DEPTH, {"QueueName": "<BatchesDeadLetters.QueueName>"}),
    "SplitterErrorsAlarm": ("AWS/Lambda", "Errors", SPLITS),
    "SenderErrorsAlarm": ("AWS/Lambda", "Errors", SENDS),
    "SplitterThrottlesAlarm": ("AWS/Lambda", "Throttles", SPLITS),
    "SenderThrottlesAlarm": ("AWS/Lambda", "Throttles", SENDS),
    "SplitterDurationAlarm": ("AWS/Lambda", "Duration", SPLITS),
    "SenderDurationAlarm": ("AWS/Lambda", "Duration", SENDS),
    "RecursionDroppedAlarm": ("AWS/Lambda", "RecursiveInvocationsDropped", SPLITS),
    "TokenRefusedAlarm": (OWN, "TokenRefused", SENDER),
    "DestinationMisconfiguredAlarm": (OWN, "DestinationMisconfigured", SENDER),
    "HeldForReviewAlarm": (OWN, "EventsHeldForReview", SENDER),
    "BatchesRefusedWholeAlarm": (OWN, "BatchesRefusedWhole", SENDER),
    "UnlistedCodesAlarm": (OWN, "UnlistedCodes", SENDER),
    "TokenExpiryAlarm": (OWN, "TokenExpiresInDays", SENDER),
    "ReconciliationMismatchAlarm": (OWN, "ReconciliationMismatch", SENDER),
    "GateShutAlarm": (OWN, "GateShutMinutes", SENDER),
    "NoFileAlarm": (OWN, "FilesReceived", {**SPLITTER, "destination": "main"}),
    "TokenRotationErrorsAlarm": ("AWS/Lambda", "Errors", {"FunctionName": "<TokenRotationFunction>"}),
    "DigestErrorsAlarm": ("AWS/Lambda", "Errors", {"FunctionName": "<DigestFunction>"}),
}
"""Alarms on one metric."""

COMPUTED: dict[str, list[Watched]] = {
    "UploadsAgeAlarm": [
        ("AWS/SQS", AGE, {"QueueName": "<UploadsQueue.QueueName>"}),
        (OWN, "HandedBackAgeSeconds", SPLITTER),
    ],
    "BatchesAgeAlarm": [
        ("AWS/SQS", AGE, {"QueueName": "<BatchesQueue.QueueName>"}),
        (OWN, "HandedBackAgeSeconds", SENDER),
    ],
    "RejectedRowsAlarm": [(OWN, "RejectedPercent", SENDER), (OWN, "RejectedPercent", SPLITTER)],
    "TikTokRefusalsAlarm": [(OWN, "EventsDelivered", SENDER), (OWN, "EventsRefused", SENDER)],
    "TableThrottlesAlarm": [
        ("AWS/DynamoDB", metric, {"TableName": table})
        for table in ("<EventLedger>", "<FileProgress>")
        for metric in ("ReadThrottleEvents", "WriteThrottleEvents")
    ],
    "FailuresAlarm": [
        (OWN, metric, dimensions)
        for dimensions in (SPLITTER, SENDER)
        for metric in ("UnexpectedErrors", "DeliveryErrors")
    ],
    "DailyCostAlarm": [
        *(("AWS/Lambda", metric, function) for metric in ("Duration", "Invocations") for function in (SPLITS, SENDS)),
        *(
            ("AWS/DynamoDB", f"Consumed{kind}CapacityUnits", {"TableName": table})
            for table in ("<EventLedger>", "<FileProgress>")
            for kind in ("Write", "Read")
        ),
        *(
            ("AWS/Logs", "IncomingBytes", {"LogGroupName": group})
            for group in ("<SplitterLogGroup>", "<SenderLogGroup>")
        ),
    ],
}
"""Alarms on metric math."""

AT_FIRST_OCCURRENCE = sorted(
    set(WATCHED)
    - {
        *("TokenExpiryAlarm", "GateShutAlarm", "NoFileAlarm", "SplitterDurationAlarm", "SenderDurationAlarm"),
        *("SplitterThrottlesAlarm", "SenderThrottlesAlarm"),
    }
)
EVERYTHING = {"TokenRotation": "yes", "NoFileHours": "24", "FileNotices": "digest"}
"""Parameters with which every alarm exists."""


def whole_stack() -> Stack:
    return Stack(**EVERYTHING)


def every_alarm() -> list[str]:
    kinds = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
    return sorted(name for kind in kinds for name in whole_stack().of_type(kind))


def watched(entry: Document) -> Watched:
    dimensions = {each["Name"]: each["Value"] for each in entry["Dimensions"]}
    return entry["Namespace"], entry["MetricName"], dimensions


def test_these_tests_look_at_every_alarm() -> None:
    assert every_alarm() == sorted([*WATCHED, *COMPUTED, "PersonNeededAlarm"])


@pytest.mark.parametrize("name", WATCHED)
def test_an_alarm_watches_its_metric(name: str) -> None:
    assert watched(whole_stack().resource(name)) == WATCHED[name]


@pytest.mark.parametrize("name", COMPUTED)
def test_an_alarm_on_metric_math_watches_its_metrics(name: str) -> None:
    metrics = [each for each in whole_stack().resource(name)["Metrics"] if "MetricStat" in each]

    assert sorted(map(str, (watched(each["MetricStat"]["Metric"]) for each in metrics))) == sorted(
        map(str, COMPUTED[name])
    )


@pytest.mark.parametrize("name", COMPUTED)
def test_metric_math_stays_within_what_alarms_allow(name: str) -> None:
    metrics = whole_stack().resource(name)["Metrics"]
    sources = [each for each in metrics if "MetricStat" in each]

    assert [each["Id"] for each in metrics if each["ReturnData"]] == ["watched"]
    assert len(sources) <= 10
    assert len({each["MetricStat"]["Period"] for each in sources}) == 1
    assert not [each for each in metrics if "SEARCH" in each.get("Expression", "")]
    assert all(re.fullmatch("[a-z][a-zA-Z0-9_]*", each["Id"]) for each in metrics)


@pytest.mark.parametrize("name", every_alarm())
def test_no_alarm_looks_back_further_than_cloudwatch_allows(name: str) -> None:
    alarm = Stack(**{**EVERYTHING, "NoFileHours": "168"}).resource(name)
    if "AlarmRule" in alarm:
        return
    periods = [each["MetricStat"]["Period"] for each in alarm.get("Metrics", []) if "MetricStat" in each]
    period = int(alarm.get("Period") or periods[0])
    limit = 86_400 if period < 3_600 else 7 * 86_400

    assert period % 60 == 0
    assert period * int(alarm["EvaluationPeriods"]) <= limit


@pytest.mark.parametrize("name", AT_FIRST_OCCURRENCE)
def test_an_alarm_rings_at_the_first_occurrence_and_is_silent_without_data(name: str) -> None:
    alarm = whole_stack().resource(name)

    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")
    assert alarm["EvaluationPeriods"] == 1
    assert alarm["Period"] <= 300
    assert alarm["Statistic"] in {"Sum", "Maximum"}
    assert alarm["TreatMissingData"] == "notBreaching"


@pytest.mark.parametrize("name", sorted([*WATCHED, *COMPUTED]))
def test_an_alarm_tells_somebody_what_it_means_and_what_to_do(name: str) -> None:
    alarm = whole_stack().resource(name)

    assert alarm["AlarmActions"] == ["<AlarmsTopic>"]
    assert len(alarm["AlarmDescription"].split(". ")) >= 2
    assert len(alarm["AlarmDescription"]) <= 1_024  # CloudWatch's limit


MISSING_DATA = {"GateShutAlarm": "ignore", "NoFileAlarm": "breaching"}
"""All others: no data is no alarm. A gate's alarm lasts until a delivery works; that on files rings for their lack."""


@pytest.mark.parametrize("name", sorted([*WATCHED, *COMPUTED]))
def test_what_no_data_means_is_decided_for_each_alarm(name: str) -> None:
    assert whole_stack().resource(name)["TreatMissingData"] == MISSING_DATA.get(name, "notBreaching")


def test_thresholds_are_what_the_owner_says() -> None:
    stack = Stack(GateShutAlarmMinutes="7", RejectedAlarmPercent="8", NoFileHours="9", DailyCostAlarmDollars="10")

    assert stack.resource("GateShutAlarm")["Threshold"] == "7"
    assert stack.resource("RejectedRowsAlarm")["Threshold"] == "8"
    assert stack.resource("NoFileAlarm")["EvaluationPeriods"] == "9"
    assert stack.resource("DailyCostAlarm")["Threshold"] == "10"


def test_the_alarm_on_missing_files_exists_only_where_somebody_expects_files() -> None:
    assert "NoFileAlarm" not in Stack()


@pytest.mark.parametrize(("alarm", "seconds"), [("UploadsAgeAlarm", 3_600), ("BatchesAgeAlarm", 21_600)])
def test_files_may_wait_for_an_hour_and_batches_for_six(alarm: str, seconds: int) -> None:
    properties = Stack().resource(alarm)

    assert (properties["Threshold"], properties["ComparisonOperator"]) == (seconds, "GreaterThanThreshold")


@pytest.mark.parametrize(
    ("alarm", "function"), [("SplitterDurationAlarm", "SplitterFunction"), ("SenderDurationAlarm", "SenderFunction")]
)
def test_a_run_close_to_its_time_limit_rings(alarm: str, function: str) -> None:
    stack = Stack()
    properties = stack.resource(alarm)

    assert properties["Threshold"] == pytest.approx(0.95 * 1_000 * stack.resource(function)["Timeout"])
    assert properties["Statistic"] == "Maximum"


@pytest.mark.parametrize("alarm", ["SplitterThrottlesAlarm", "SenderThrottlesAlarm", "TableThrottlesAlarm"])
def test_throttling_that_passes_within_minutes_rings_nothing(alarm: str) -> None:
    assert Stack().resource(alarm)["EvaluationPeriods"] == 3


def test_the_days_cost_is_added_up_at_the_prices_of_the_price_table() -> None:
    per_millisecond = PRICES.gib_seconds * MEMORY_GIB / 1_000
    units = {
        "splitter_ms": per_millisecond,
        "sender_ms": per_millisecond,
        **dict.fromkeys(("splitter_runs", "sender_runs"), PRICES.invocations),
        **dict.fromkeys(("ledger_writes", "progress_writes"), PRICES.write_units),
        **dict.fromkeys(("ledger_reads", "progress_reads"), PRICES.read_units),
        **dict.fromkeys(("splitter_log", "sender_log"), PRICES.log_bytes),
    }
    (entry,) = (each for each in Stack().resource("DailyCostAlarm")["Metrics"] if each["Id"] == "watched")

    for name, dollars in units.items():
        (cost,) = evaluate(entry["Expression"], {each: [1e9 if each == name else None] for each in units})
        assert cost == pytest.approx(1e9 * dollars, rel=0.001), name


NOBODY_NEEDED = {
    *("SplitterErrorsAlarm", "SenderErrorsAlarm", "SplitterThrottlesAlarm", "SenderThrottlesAlarm"),
    *("SplitterDurationAlarm", "SenderDurationAlarm", "TableThrottlesAlarm"),
}
"""They pass by themselves, or become one of the others."""


@pytest.mark.parametrize("parameters", [{}, EVERYTHING], ids=["few", "all"])
def test_one_alarm_stands_for_all_that_need_a_person(parameters: dict[str, str]) -> None:
    stack = Stack(**parameters)
    alarm = stack.resource("PersonNeededAlarm")
    parts = alarm["AlarmRule"].split(" OR ")
    single = set(stack.of_type("AWS::CloudWatch::Alarm"))

    assert sorted(parts) == sorted(f'ALARM("<{name}>")' for name in single - NOBODY_NEEDED)
    assert alarm["AlarmActions"] == alarm["OKActions"] == ["<PersonNeededTopic>"]
    assert len(alarm["AlarmRule"]) <= 10_240  # CloudWatch's limit


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


@pytest.mark.parametrize("topic", ["AlarmsTopic", "PersonNeededTopic"])
def test_only_alarms_of_this_account_may_publish(topic: str) -> None:
    policy = Stack().resource(f"{topic}Policy")["PolicyDocument"]
    (grant,) = (entry for entry in statements(policy) if entry["Effect"] == "Allow")

    assert grant["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert grant["Action"] == ["sns:Publish"]
    assert grant["Resource"] == [f"<{topic}>"]
    assert grant["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:*"},
    }


@pytest.mark.parametrize("topic", ["AlarmsTopic", "PersonNeededTopic", "NoticesTopic"])
def test_nobody_publishes_without_tls(topic: str) -> None:
    policy = Stack().resource(f"{topic}Policy")["PolicyDocument"]
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
