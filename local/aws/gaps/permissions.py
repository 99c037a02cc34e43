"""Permissions (with ``AUTH=true``): actions that AWS does not have, and a transport that is never secure."""

from __future__ import annotations

import json
import re
from typing import Any

from local.aws.gaps.replacing import replace, require

_PARTIQL_VERBS = {
    "INSERT": "PartiQLInsert",
    "UPDATE": "PartiQLUpdate",
    "DELETE": "PartiQLDelete",
    "SELECT": "PartiQLSelect",
}
_PARTIQL_TABLE = re.compile(r"""\b(?:INTO|UPDATE|FROM)\s+"?([A-Za-z0-9_.-]+)""", re.IGNORECASE)


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

    require(iam_actions, "_dynamodb_table_arn")
    replace(iam_actions, "dynamodb_transaction_checks", make)


def _statements(body: bytes) -> list[str]:
    request = json.loads(body or b"{}")
    if "Statement" in request:
        return [str(request["Statement"])]
    return [str(entry.get("Statement", "")) for entry in request.get("Statements", [])]


def _verb_and_table(statement: str) -> tuple[str, str]:
    verb = statement.strip().split(None, 1)[0].upper() if statement.strip() else ""
    table = _PARTIQL_TABLE.search(statement)
    return _PARTIQL_VERBS.get(verb, "PartiQLUnknown"), table.group(1) if table else "-"


def mend_batch_permissions(iam_actions: Any) -> None:
    """``SendMessageBatch`` and its like are permitted by the action on a single message, as on AWS."""

    def make(original: Any) -> Any:
        def action_of(*arguments: Any) -> str | None:
            action: str | None = original(*arguments)
            return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

        return action_of

    replace(iam_actions, "extract_iam_action", make)


def mend_secure_transport(iam_evaluator: Any) -> None:
    """Only this machine can reach the endpoint, so its plain http counts as a secure transport."""

    def make(original: Any) -> Any:
        def resolve(key: str, context: Any) -> Any:
            return "true" if key.lower() == "aws:securetransport" else original(key, context)

        return resolve

    replace(iam_evaluator, "_resolve_condition_key", make)


def mend_event_sources_of_events(iam_actions: Any, iam_evaluator: Any) -> None:
    """The condition key ``events:source`` is what the entries of a ``PutEvents`` request say, as on AWS.

    Buses are looked up while a request is checked, right before its conditions are; nothing comes in between.
    """
    sources: list[str] = []

    def make_buses(original: Any) -> Any:
        def buses(body: bytes, region: str, account_id: str) -> list[str]:
            entries = json.loads(body or b"{}").get("Entries", [])
            sources[:] = sorted({str(entry.get("Source")) for entry in entries})
            return list(original(body, region, account_id))

        return buses

    def make_key(original: Any) -> Any:
        def resolve(key: str, context: Any) -> Any:
            if key.lower() != "events:source":
                return original(key, context)
            return sources[0] if len(sources) == 1 else sources

        return resolve

    replace(iam_actions, "eventbridge_resource_arns", make_buses)
    replace(iam_evaluator, "_resolve_condition_key", make_key)
