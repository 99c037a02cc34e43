"""What the bridge says of alarms: periods, statistics, math, and periods without data."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conversion_delivery.runtime.telemetry import FunctionTelemetry
from local.aws.alarm_bridge import ALARM, OK, state_of
from local.aws.alarm_math import Series, UnknownMath, evaluate
from local.aws.endpoints import Endpoints
from local.aws.metric_points import Point, dimensions_of, points_in_logs, points_of_queues

NOW = 1_795_176_000.0
SENDER = dimensions_of(service="sender")


def alarm(**changes: Any) -> dict[str, Any]:
    return {
        "Namespace": "N",
        "MetricName": "M",
        "Dimensions": [{"Name": "service", "Value": "sender"}],
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 0.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        "StateValue": OK,
        **changes,
    }


def point(value: float = 1, seconds_ago: float = 10, metric: str = "M", **dimensions: str) -> Point:
    return Point("N", metric, dimensions_of(**dimensions) if dimensions else SENDER, NOW - seconds_ago, value)


# --- alarms


def test_an_alarm_rings_for_its_own_metric_and_dimensions_only() -> None:
    assert state_of(alarm(), [point()], NOW) == ALARM
    assert state_of(alarm(), [point(metric="Other")], NOW) == OK
    assert state_of(alarm(), [point(service="splitter")], NOW) == OK
    assert state_of(alarm(), [point(service="sender", destination="shop")], NOW) == OK
    assert state_of(alarm(), [point()._replace(namespace="Other")], NOW) == OK


def test_what_is_older_than_the_periods_does_not_count() -> None:
    assert state_of(alarm(), [point(seconds_ago=299)], NOW) == ALARM
    assert state_of(alarm(), [point(seconds_ago=300)], NOW) == OK
    assert state_of(alarm(), [point(seconds_ago=-5)], NOW) == OK


@pytest.mark.parametrize(
    ("statistic", "threshold", "state"),
    [("Sum", 5, ALARM), ("Sum", 6, OK), ("Maximum", 3, ALARM), ("Maximum", 4, OK), ("Average", 2, ALARM)],
)
def test_the_statistic_is_the_alarms_own(statistic: str, threshold: float, state: str) -> None:
    values = [point(2), point(4)]
    assert state_of(alarm(Statistic=statistic, Threshold=threshold), values, NOW) == state


def test_every_period_must_breach_unless_fewer_are_asked_for() -> None:
    two_of_three = [point(seconds_ago=10), point(seconds_ago=310)]
    assert state_of(alarm(EvaluationPeriods=3), two_of_three, NOW) == OK
    assert state_of(alarm(EvaluationPeriods=3, DatapointsToAlarm=2), two_of_three, NOW) == ALARM


@pytest.mark.parametrize(
    ("missing", "before", "after"),
    [("notBreaching", ALARM, OK), ("breaching", OK, ALARM), ("ignore", ALARM, ALARM), ("ignore", OK, OK)],
)
def test_what_no_data_means_is_the_alarms_own(missing: str, before: str, after: str) -> None:
    assert state_of(alarm(TreatMissingData=missing, StateValue=before), [], NOW) == after


def test_an_alarm_on_math_watches_the_result() -> None:
    def metric(name: str) -> dict[str, Any]:
        return {"Namespace": "N", "MetricName": name, "Dimensions": [{"Name": "service", "Value": "sender"}]}

    computed = alarm(
        Metrics=[
            {"Id": "watched", "Expression": "a / b", "ReturnData": True},
            *({"Id": each, "MetricStat": {"Metric": metric(each), "Period": 300, "Stat": "Sum"}} for each in "ab"),
        ],
        Threshold=0.5,
    )
    assert state_of(computed, [point(3, metric="a"), point(4, metric="b")], NOW) == ALARM
    assert state_of(computed, [point(2, metric="a"), point(4, metric="b")], NOW) == OK
    assert state_of(computed, [point(2, metric="a")], NOW) == OK


# --- math


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("a + 1", [2.0, None]),
        ("2 * a - b", [-1.0, None]),
        ("a / 0", [None, None]),
        ("FILL(a, 7)", [1.0, 7.0]),
        ("SUM([a, b])", [4.0, 5.0]),
        ("MAX(METRICS())", [3.0, 5.0]),
        ("MIN([a, b])", [1.0, 5.0]),
        ("IF(b >= 4, 1, 0)", [0.0, 1.0]),
        ("IF(a > 0, b, 0)", [3.0, None]),
    ],
)
def test_math_is_cloudwatchs(expression: str, result: Series) -> None:
    assert evaluate(expression, {"a": [1.0, None], "b": [3.0, 5.0]}) == result


@pytest.mark.parametrize(
    "expression",
    [
        "RATE(a)",
        "c",
        "a ** 2",
        "SUM(a)",
        "METRICS()",
        "a < b < a",
        "'text'",
        "SEARCH('x', 'Sum', 60)",
        "a.b()",
        "FILL(a)",
    ],
)
def test_what_is_not_understood_is_refused(expression: str) -> None:
    with pytest.raises(UnknownMath):
        evaluate(expression, {"a": [1.0], "b": [2.0]})


# --- points


def test_lines_of_a_function_become_the_points_that_cloudwatch_would_have() -> None:
    lines: list[str] = []
    telemetry = FunctionTelemetry("sender", write=lines.append, namespace="N")
    telemetry.count("M", 2, destination="shop")
    telemetry.measure("Age", 5.0, "Seconds")
    telemetry.measure("Age", 7.0, "Seconds")
    telemetry.flush()

    found = {(each.metric, each.dimensions, each.value) for each in points_in_logs([*lines, "START RequestId: 1"])}
    assert found == {
        ("M", SENDER, 2.0),
        ("M", dimensions_of(service="sender", destination="shop"), 2.0),
        ("Age", SENDER, 5.0),
        ("Age", SENDER, 7.0),
    }


@pytest.mark.pipeline
def test_depth_and_age_of_a_queue_are_what_sqs_would_tell(endpoints: Endpoints) -> None:
    sqs = endpoints.sqs
    url = sqs.create_queue(QueueName="aged", Attributes={"VisibilityTimeout": "0"})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="{}")

    def told(now: float) -> dict[str, float]:
        found = [each for each in points_of_queues(endpoints, now) if ("QueueName", "aged") in each.dimensions]
        return {each.metric: each.value for each in found}

    sent = json.loads(
        sqs.receive_message(QueueUrl=url, AttributeNames=["All"])["Messages"][0]["Attributes"]["SentTimestamp"]
    )
    first = told(sent / 1000 + 7_200)
    assert first["ApproximateNumberOfMessagesVisible"] == 1
    assert first["ApproximateAgeOfOldestMessage"] == pytest.approx(7_200, abs=2)
    for _ in range(2):
        sqs.receive_message(QueueUrl=url)
    assert "ApproximateAgeOfOldestMessage" not in told(sent / 1000 + 7_200)
