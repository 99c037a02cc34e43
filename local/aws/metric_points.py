"""Data points as CloudWatch would have them, from what the emulated services show.

The functions' own metrics come from the EMF lines that they log. Depth and age of queues come from the queues. Errors,
runs and durations of functions are counted by the emulator itself. Nothing else is emulated: what AWS publishes about
throttles, dropped recursion, tables and logs has to be made up by whoever wants to see its alarm.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from local.aws.endpoints import Endpoints

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

RECEIVED_TOO_OFTEN = 3
"""SQS's age of the oldest message passes over messages that were received so often and not deleted."""

Dimensions = frozenset[tuple[str, str]]


class Point(NamedTuple):
    """One value of one metric."""

    namespace: str
    metric: str
    dimensions: Dimensions
    time: float
    """Epoch seconds."""
    value: float


def dimensions_of(**named: str) -> Dimensions:
    return frozenset(named.items())


def points_in_logs(lines: Iterable[str]) -> Iterator[Point]:
    """What CloudWatch would extract from log lines in embedded metric format; other lines are passed over."""
    for line in lines:
        if '"_aws"' in line:
            yield from _embedded(json.loads(line))


def _embedded(document: Mapping[str, Any]) -> Iterator[Point]:
    seconds = document["_aws"]["Timestamp"] / 1000
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            dimensions = frozenset((name, str(document[name])) for name in names)
            for metric in directive["Metrics"]:
                values = document[metric["Name"]]
                for value in values if isinstance(values, list) else [values]:
                    yield Point(directive["Namespace"], metric["Name"], dimensions, seconds, float(value))


def points_of_queues(endpoints: Endpoints, now: float) -> Iterator[Point]:
    """Depth of each queue, and the age of its oldest message as of ``now``."""
    with urllib.request.urlopen(f"{endpoints.url}/_ministack/sqs/messages", timeout=10) as answer:  # noqa: S310 (loopback)
        held: Mapping[str, Any] = json.load(answer)["messages"]
    queues = [found for regions in held.values() for each in regions.values() for found in each.items()]
    for url, messages in queues:
        dimensions = dimensions_of(QueueName=url.rpartition("/")[2])
        visible = sum(message["IsVisible"] for message in messages)
        yield Point("AWS/SQS", "ApproximateNumberOfMessagesVisible", dimensions, now, visible)
        sent = [message["SentTimestamp"] for message in messages if message["ReceiveCount"] < RECEIVED_TOO_OFTEN]
        if sent:
            yield Point("AWS/SQS", "ApproximateAgeOfOldestMessage", dimensions, now, now - min(sent))


def points_of_function(cloudwatch: CloudWatchClient, name: str, metric: str, now: float) -> Iterator[Point]:
    """What the emulator has counted for a function (``Errors``, ``Invocations``, ``Duration``), minute by minute."""
    end = datetime.fromtimestamp(now, UTC)
    answer = cloudwatch.get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName=metric,
        Dimensions=[{"Name": "FunctionName", "Value": name}],
        StartTime=end - timedelta(hours=1),
        EndTime=end + timedelta(minutes=1),
        Period=60,
        Statistics=["Sum"],
    )
    for found in answer["Datapoints"]:
        at = found["Timestamp"].timestamp()
        yield Point("AWS/Lambda", metric, dimensions_of(FunctionName=name), min(at, now), found["Sum"])
