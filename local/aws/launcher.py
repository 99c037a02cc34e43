"""Starts the emulated AWS with its known gaps mended.

In: the environment that ``local.aws.emulator`` sets. Out: ministack, serving on the loopback interface until SIGTERM.
Owns the failure "another release than the one these replacements were written for": it refuses to start.

Run by the emulator's own Python, as a script, because ministack and the project's packages do not fit into one
environment. What is replaced, and why the real template would not work without it:

- ranged GET with a version id (answers the whole object): a batch would be read with other rows;
- permission checks of PartiQL statements and of SQS batches (ask for actions that AWS does not have);
- resources CloudFormation does not know or half knows (see ``NO_OP_TYPES``, ``mend_cloudformation``);
- ``aws:SecureTransport`` (always false on http): TLS-only policies would shut everybody out;
- queue URLs (hold the port of the moment): a kept state would lose its queues when the port changes;
- messages that were being handled when the emulator stopped: nobody handles them now, so they are visible at once;
- event sources of a kept state: they rest until the deployment wakes them, or old settings would handle messages.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

VERSION = "1.5.33"

NO_OP_TYPES = (
    "AWS::ApplicationSignals::ServiceLevelObjective",
    "AWS::Budgets::Budget",
    "AWS::CloudWatch::AnomalyDetector",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::Logs::QueryDefinition",
    "AWS::SecretsManager::ResourcePolicy",
    "AWS::SecretsManager::RotationSchedule",
    "AWS::SQS::QueueInlinePolicy",
    "AWS::Transfer::Server",
    "AWS::Transfer::User",
)
"""Accepted and recorded, but nothing comes of them. A type outside this list is refused, as the emulator does."""

QUEUE_URL_PORT = "4566"
"""Only a part of the queues' names: clients send requests to the endpoint, whatever the queue URL says."""

_PARTIQL_VERBS = {
    "INSERT": "PartiQLInsert",
    "UPDATE": "PartiQLUpdate",
    "DELETE": "PartiQLDelete",
    "SELECT": "PartiQLSelect",
}
_PARTIQL_TABLE = re.compile(r"""\b(?:INTO|UPDATE|FROM)\s+"?([A-Za-z0-9_.-]+)""", re.IGNORECASE)

Replacement = Callable[[Any], Any]


class GapMoved(SystemExit):
    """A function to be replaced is not where it was."""


def replace(module: Any, name: str, make: Replacement) -> None:
    """Put ``make(original)`` in the place of ``module.name``."""
    original = getattr(module, name, None)
    if original is None:
        raise GapMoved(f"{module.__name__}.{name} does not exist in this release of ministack")
    setattr(module, name, make(original))


def mend_s3(s3: Any) -> None:
    """A ranged GET by version id answers 206 with the slice, as one without a version id does."""

    def make(original: Any) -> Any:
        def get_object(bucket: str, key: str, headers: dict[str, str], query: dict[str, Any] | None = None) -> Any:
            status, answer, body = original(bucket, key, headers, query)
            wanted = headers.get("range", "")
            if status != 200 or not wanted:
                return status, answer, body
            return _slice(s3, wanted, answer, body)

        return get_object

    _require(s3, "_parse_range")
    replace(s3, "_get_object", make)


def _slice(s3: Any, wanted: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
    span = s3._parse_range(wanted, len(body))
    if span is None:
        return 416, {"Content-Range": f"bytes */{len(body)}"}, b""
    start, end = span
    # A checksum of the whole object does not fit a slice; S3 leaves it out too.
    kept = {name: value for name, value in headers.items() if not name.lower().startswith("x-amz-checksum-")}
    part = body[start : end + 1]
    kept.update({"Content-Length": str(len(part)), "Content-Range": f"bytes {start}-{end}/{len(body)}"})
    return 206, kept, part


def mend_partiql_permissions(iam_actions: Any) -> None:
    """Each PartiQL statement needs the action of its verb on its table, as on AWS."""

    def make(original: Any) -> Any:
        def checks(action: str, body: bytes, region: str, account: str) -> list[tuple[str, str]]:
            if action not in ("dynamodb:BatchExecuteStatement", "dynamodb:ExecuteStatement"):
                return list(original(action, body, region, account))
            return [
                (f"dynamodb:{verb}", iam_actions._dynamodb_table_arn(table, region, account))
                for verb, table in map(_verb_and_table, _statements(body))
            ]

        return checks

    _require(iam_actions, "_dynamodb_table_arn")
    replace(iam_actions, "dynamodb_transaction_checks", make)


def mend_batch_permissions(iam_actions: Any) -> None:
    """``SendMessageBatch`` and its like are permitted by the action on a single message, as on AWS."""

    def make(original: Any) -> Any:
        def action_of(*arguments: Any) -> str | None:
            action: str | None = original(*arguments)
            return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

        return action_of

    replace(iam_actions, "extract_iam_action", make)


def _statements(body: bytes) -> list[str]:
    request = json.loads(body or b"{}")
    if "Statement" in request:
        return [str(request["Statement"])]
    return [str(entry.get("Statement", "")) for entry in request.get("Statements", [])]


def _verb_and_table(statement: str) -> tuple[str, str]:
    verb = statement.strip().split(None, 1)[0].upper() if statement.strip() else ""
    table = _PARTIQL_TABLE.search(statement)
    return _PARTIQL_VERBS.get(verb, "PartiQLUnknown"), table.group(1) if table else "-"


def mend_cloudformation(provisioners: Any, lambda_svc: Any) -> None:
    """Make the template deployable as it stands: see the four changes inside."""
    handlers: dict[str, dict[str, Any]] = provisioners._RESOURCE_HANDLERS
    for kind in NO_OP_TYPES:
        if kind in handlers:
            raise GapMoved(f"ministack knows {kind} now; take it off the list of no-ops")
        handlers[kind] = {"create": _no_op_create, "update": _no_op_update, "delete": _no_op_delete}
    _mend_metric_math(handlers["AWS::CloudWatch::Alarm"])
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


def _mend_metric_math(alarm: dict[str, Any]) -> None:
    """An alarm on metric math is recorded as a no-op; every other alarm goes its usual way."""
    create, update, delete = alarm["create"], alarm["update"], alarm["delete"]

    def create_alarm(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        return (_no_op_create if props.get("Metrics") else create)(logical_id, props, stack_name)

    def update_alarm(
        physical_id: str, old: dict[str, Any], new: dict[str, Any], stack_name: str, logical_id: str | None = None
    ) -> Any:
        if new.get("Metrics"):
            return _no_op_update(physical_id, old, new, stack_name)
        return update(physical_id, old, new, stack_name, logical_id)

    def delete_alarm(physical_id: str, props: dict[str, Any]) -> Any:
        return None if props.get("Metrics") else delete(physical_id, props)

    alarm.update(create=create_alarm, update=update_alarm, delete=delete_alarm)


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


def mend_secure_transport(iam_evaluator: Any) -> None:
    """Only this machine can reach the endpoint, so its plain http counts as a secure transport."""

    def make(original: Any) -> Any:
        def resolve(key: str, context: Any) -> Any:
            return "true" if key.lower() == "aws:securetransport" else original(key, context)

        return resolve

    replace(iam_evaluator, "_resolve_condition_key", make)


def mend_queues(sqs: Any) -> None:
    """Queue URLs survive a change of port; after a restart no message is held by a worker that is gone."""

    def make(original: Any) -> Any:
        def load(data: Any) -> None:
            original(data)
            now = time.time()
            for _, queue in sqs._queues.to_dict().items():
                for message in queue["messages"]:
                    message["visible_at"] = min(message["visible_at"], now)

        return load

    _require(sqs, "DEFAULT_PORT")
    sqs.DEFAULT_PORT = QUEUE_URL_PORT
    replace(sqs, "load_persisted_state", make)


def mend_event_sources(lambda_svc: Any) -> None:
    """Event sources that come out of a kept state are disabled; the deployment enables them (``local.aws.stack``)."""

    def make(original: Any) -> Any:
        def restore(data: Any) -> None:
            original(data)
            for _, _, mapping in lambda_svc._iter_all_esms():
                mapping.update(Enabled=False, State="Disabled")

        return restore

    _require(lambda_svc, "_iter_all_esms")
    replace(lambda_svc, "_restore_state", make)


def _require(module: Any, name: str) -> None:
    replace(module, name, lambda original: original)


def end_workers(lambda_runtime: Any) -> None:
    """End the processes of the functions; without this they would outlive the emulator."""
    lambda_runtime.kill_workers([worker for pool in lambda_runtime._workers.values() for worker in pool])


def end_with(parent: int) -> None:
    """Stop cleanly when the process that started this one is gone, so that no emulator outlives its user unseen."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def main() -> None:
    """Mend, say what is not emulated, serve. Blocks until SIGTERM."""
    end_with(os.getppid())
    found = importlib.metadata.version("ministack")
    if found != VERSION:
        raise SystemExit(f"ministack {VERSION} is needed, {found} is installed")
    parts = {
        name.rsplit(".", 1)[-1]: importlib.import_module(f"ministack.{name}")
        for name in (
            "app",
            "core.iam_actions",
            "core.iam_evaluator",
            "core.lambda_runtime",
            "services.cloudformation.provisioners",
            "services.lambda_svc",
            "services.s3",
            "services.sqs",
        )
    }
    mend_s3(parts["s3"])
    mend_partiql_permissions(parts["iam_actions"])
    mend_batch_permissions(parts["iam_actions"])
    mend_cloudformation(parts["provisioners"], parts["lambda_svc"])
    mend_secure_transport(parts["iam_evaluator"])
    mend_queues(parts["sqs"])
    mend_event_sources(parts["lambda_svc"])
    _require(parts["lambda_runtime"], "_workers")
    print("Not emulated (accepted, nothing comes of them): alarms on metric math,", ", ".join(NO_OP_TYPES), flush=True)
    try:
        parts["app"].main()
    finally:
        end_workers(parts["lambda_runtime"])
    Path(os.environ["RUNNING_MARKER"]).unlink(missing_ok=True)  # gone means: everything was saved


if __name__ == "__main__":
    sys.argv = sys.argv[:1]
    main()
