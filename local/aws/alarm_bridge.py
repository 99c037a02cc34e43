"""Judges the deployed alarms on this machine: the emulated CloudWatch keeps them and sends messages, but judges badly.

(It adds up all dimensions of a metric and knows no metric math.)

In: data points (``local.aws.metric_points``) and the alarms as the template deployed them, read back from CloudWatch.
Out: states, set in CloudWatch, which then does what it does on AWS: it publishes to the alarm's topics and looks at the
composite alarms. Judged are exactly the last EvaluationPeriods periods up to now; CloudWatch's longer look back for
periods without data, and its delays, are not imitated.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from local.aws.alarm_math import Series, evaluate
from local.aws.metric_points import Dimensions, Point

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

ALARM, OK = "ALARM", "OK"

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_STATISTICS: dict[str, Callable[[list[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "Minimum": min,
    "Average": lambda values: sum(values) / len(values),
    "SampleCount": lambda values: float(len(values)),
}


class AlarmBridge:
    """Keeps points and judges the alarms whose names begin with ``prefix``."""

    def __init__(self, cloudwatch: CloudWatchClient, prefix: str) -> None:
        self._cloudwatch = cloudwatch
        self._prefix = prefix
        self._points: list[Point] = []

    def add(self, points: Iterable[Point]) -> None:
        self._points += points

    def forget(self) -> None:
        """As if there had never been any data."""
        self._points.clear()

    def definitions(self) -> dict[str, dict[str, Any]]:
        """Every metric alarm as deployed, by name."""
        pages = self._cloudwatch.get_paginator("describe_alarms").paginate(
            AlarmNamePrefix=self._prefix, AlarmTypes=["MetricAlarm"]
        )
        return {alarm["AlarmName"]: dict(alarm) for page in pages for alarm in page["MetricAlarms"]}

    def judge(self, now: float) -> dict[str, str]:
        """Judge every alarm as of ``now`` and set the states that changed; state by name."""
        states = {}
        for name, alarm in self.definitions().items():
            before = alarm["StateValue"]
            states[name] = state_of(alarm, self._points, now)
            if states[name] != before:
                reason = f"{before} -> {states[name]}, judged by the local bridge"
                self._cloudwatch.set_alarm_state(AlarmName=name, StateValue=states[name], StateReason=reason)  # type: ignore[arg-type]  # one of CloudWatch's words
        return states


def state_of(alarm: Mapping[str, Any], points: Iterable[Point], now: float) -> str:
    """The state of an alarm with these points. Raises ``KeyError`` for what is not understood, ``UnknownMath``."""
    series = _watched(alarm, list(points), now)
    compare, threshold = _COMPARISONS[alarm["ComparisonOperator"]], float(alarm["Threshold"])
    missing = alarm["TreatMissingData"]
    if missing == "ignore" and None in series:
        series = [value for value in series if value is not None]
        if not series:
            return str(alarm["StateValue"])
    breaching = [missing == "breaching" if value is None else compare(value, threshold) for value in series]
    needed = min(int(alarm.get("DatapointsToAlarm") or alarm["EvaluationPeriods"]), len(breaching))
    return ALARM if sum(breaching) >= needed else OK


def _watched(alarm: Mapping[str, Any], points: list[Point], now: float) -> Series:
    periods = int(alarm["EvaluationPeriods"])
    if not alarm.get("Metrics"):
        return _series(alarm, alarm["Period"], alarm["Statistic"], points, now, periods)
    metrics = {
        entry["Id"]: _series(
            entry["MetricStat"]["Metric"],
            entry["MetricStat"]["Period"],
            entry["MetricStat"]["Stat"],
            points,
            now,
            periods,
        )
        for entry in alarm["Metrics"]
        if "MetricStat" in entry
    }
    (watched,) = (entry for entry in alarm["Metrics"] if entry.get("Expression"))
    return evaluate(watched["Expression"], metrics)


def _series(
    metric: Mapping[str, Any], period: int, statistic: str, points: list[Point], now: float, periods: int
) -> Series:
    """The last ``periods`` periods up to ``now``, oldest first."""
    wanted: Dimensions = frozenset((each["Name"], str(each["Value"])) for each in metric.get("Dimensions") or [])
    found: list[list[float]] = [[] for _ in range(periods)]
    for point in points:
        age = int((now - point.time) // int(period))
        of_metric = (point.namespace, point.metric, point.dimensions) == (
            metric["Namespace"],
            metric["MetricName"],
            wanted,
        )
        if of_metric and 0 <= age < periods:
            found[periods - 1 - age].append(point.value)
    return [_STATISTICS[statistic](values) if values else None for values in found]
