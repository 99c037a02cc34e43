"""CloudFormation: resources that it does not know, or half knows."""

from __future__ import annotations

from typing import Any

from local.aws.gaps.replacing import GapMoved

NO_OP_TYPES = (
    "AWS::ApplicationSignals::ServiceLevelObjective",
    "AWS::Budgets::Budget",
    "AWS::CloudWatch::AnomalyDetector",
    "AWS::Logs::QueryDefinition",
    "AWS::SecretsManager::ResourcePolicy",
    "AWS::SecretsManager::RotationSchedule",
    "AWS::SQS::QueueInlinePolicy",
)
"""Accepted and recorded, but nothing comes of them. A type outside this list is refused, as the emulator does."""


def mend_cloudformation(provisioners: Any, lambda_svc: Any) -> None:
    """Make the template deployable as it stands: see the three changes inside."""
    handlers: dict[str, dict[str, Any]] = provisioners._RESOURCE_HANDLERS
    for kind in NO_OP_TYPES:
        if kind in handlers:
            raise GapMoved(f"ministack knows {kind} now; take it off the list of no-ops")
        handlers[kind] = {"create": _no_op_create, "update": _no_op_update, "delete": _no_op_delete}
    mapping = handlers["AWS::Lambda::EventSourceMapping"]
    for verb in ("create", "update"):
        mapping[verb] = _with_whole_numbers(mapping[verb])
        handlers["AWS::Lambda::Function"][verb] = _with_recursion(handlers["AWS::Lambda::Function"][verb], lambda_svc)


def _no_op_create(logical_id: str, props: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    name = f"{stack_name}-{logical_id}-not-emulated"
    return name, {"Arn": f"arn:aws:not-emulated:us-east-1:000000000000:{name}"}


def _no_op_update(
    physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str, *logical_id: str
) -> tuple[str, dict[str, str]]:
    return physical_id, {"Arn": f"arn:aws:not-emulated:us-east-1:000000000000:{physical_id}"}


def _no_op_delete(physical_id: str, props: dict[str, Any]) -> None:
    return None


def _with_whole_numbers(original: Any) -> Any:
    """MaximumConcurrency arrives as text when the template refers to a parameter; as text it stops every poller."""

    def provision(*arguments: Any) -> Any:
        return original(*[_whole_concurrency(each) if isinstance(each, dict) else each for each in arguments])

    return provision


def _whole_concurrency(props: dict[str, Any]) -> dict[str, Any]:
    scaling = props.get("ScalingConfig")
    if not isinstance(scaling, dict) or scaling.get("MaximumConcurrency") is None:
        return props
    return {**props, "ScalingConfig": {**scaling, "MaximumConcurrency": int(scaling["MaximumConcurrency"])}}


def _with_recursion(original: Any, lambda_svc: Any) -> Any:
    """RecursiveLoop is left out by the emulator's CloudFormation; its Lambda service knows it."""

    def provision(*arguments: Any, **options: Any) -> Any:
        physical_id, attributes = original(*arguments, **options)
        props = [each for each in arguments if isinstance(each, dict)][-1]  # an update passes the old ones first
        lambda_svc._functions[physical_id]["recursive_loop"] = props.get("RecursiveLoop", "Terminate")
        return physical_id, attributes

    return provision
