"""Alarms: those on metric math and composite ones, which CloudFormation does not know although CloudWatch does in part.

They are recorded with state, actions and definition; ``local.aws.alarm_bridge`` judges the metrics, and CloudWatch then
does the rest: composite alarms and messages to topics.
"""

from __future__ import annotations

from typing import Any

from local.aws.gaps.replacing import GapMoved, replace, require

COMPOSITE = "AWS::CloudWatch::CompositeAlarm"


def mend_alarms(provisioners: Any, cloudwatch: Any) -> None:
    """Let a template make both kinds."""
    handlers: dict[str, dict[str, Any]] = provisioners._RESOURCE_HANDLERS
    if COMPOSITE in handlers:
        raise GapMoved(f"ministack knows {COMPOSITE} now; take it out of local.aws.gaps.alarms")
    require(cloudwatch, "_put_composite_alarm", "_composite_alarms")
    replace(provisioners, "_cw_metric_alarm_record", _with_metric_math)

    def put(name: str, props: dict[str, Any]) -> tuple[str, dict[str, str]]:
        status, _, body = cloudwatch._put_composite_alarm({}, {**props, "AlarmName": name}, False, is_json=True)
        if status >= 400:
            raise ValueError(f"{COMPOSITE}: {body!r}")
        return name, {"Arn": cloudwatch._composite_alarms[name]["AlarmArn"]}

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
        return put(props.get("AlarmName") or f"{stack_name}-{logical_id}", props)

    def update(
        physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str, *logical_id: str
    ) -> tuple[str, dict[str, str]]:
        return put(physical_id, new)

    def delete(physical_id: str, props: dict[str, Any]) -> None:
        cloudwatch._composite_alarms.pop(physical_id, None)

    handlers[COMPOSITE] = {"create": create, "update": update, "delete": delete}


def _with_metric_math(original: Any) -> Any:
    def record(name: str, props: dict[str, Any]) -> dict[str, Any]:
        if not props.get("Metrics"):
            plain: dict[str, Any] = original(name, props)
            return plain
        single = {key: value for key, value in props.items() if key != "Metrics"}
        alarm: dict[str, Any] = original(name, {**single, "MetricName": "none", "Namespace": "none"})
        for key in ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit"):
            del alarm[key]
        return {**alarm, "Metrics": props["Metrics"]}

    return record
