"""One table of DynamoDB, written only under conditions: each write says whether it happened, and what it met.

Expressions name attributes as ``#name`` and values as ``:name``; the placeholders are derived from the text, so no
attribute name can meet DynamoDB's list of reserved words (``row``, ``owner``, ``key`` ... stand in it).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from conversion_delivery.aws.attributes import Item
from conversion_delivery.aws.backoff import Backoff
from conversion_delivery.aws.faults import UNAVAILABLE, answered, error_code, unavailable_code
from conversion_delivery.domain.errors import SourceUnavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.literals import ReturnValueType

_NAME = re.compile(r"#(\w+)")
_CONFLICT = "TransactionConflict"


class Write(NamedTuple):
    """What became of a conditional write."""

    done: bool
    item: Item
    """Done: what ``returns`` asked for. Not done: the item as it was found, empty where there is none."""


class Update(NamedTuple):
    """An UpdateItem that has not happened yet; ``condition`` may be empty."""

    key: Item
    expression: str
    condition: str
    values: Item


class ConditionalTable:
    """The conditional writes and consistent reads of one table. Raises ``SourceUnavailable``."""

    def __init__(self, client: DynamoDBClient, table: str, backoff: Backoff) -> None:
        self._client = client
        self._table = table
        self._backoff = backoff

    def read(self, key: Item) -> Item | None:
        """The item, strongly consistent."""
        with answered("GetItem"):
            return self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")

    def read_all(self, condition: str, values: Item) -> Iterator[Item]:
        """Every item of a partition that meets the key condition, in order of sort key, strongly consistent."""
        arguments: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": condition,
            "ExpressionAttributeNames": _names(condition),
            "ExpressionAttributeValues": values,
            "ConsistentRead": True,
        }
        while True:
            with answered("Query"):
                page = self._client.query(**arguments)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def insert(self, item: Item, key_name: str) -> Write:
        """Put the item unless one with its key is there."""
        condition = f"attribute_not_exists(#{key_name})"
        arguments: dict[str, Any] = {"Item": item, "ConditionExpression": condition}
        return self._write("PutItem", arguments | {"ExpressionAttributeNames": _names(condition)})

    def update(self, update: Update, returns: ReturnValueType = "NONE") -> Write:
        """Change one item."""
        return self._write("UpdateItem", _arguments(update) | {"ReturnValues": returns})

    def delete(self, key: Item) -> None:
        """Delete the item, if there is one."""
        with answered("DeleteItem"):
            self._client.delete_item(TableName=self._table, Key=key)

    def update_together(self, updates: Sequence[Update]) -> list[Write]:
        """Change all or none. All ``done``, or those that failed their condition are not.

        botocore gives each call a ClientRequestToken and keeps it when it repeats the call, so a repeated call whose
        first answer was lost happens once and succeeds. A token of our own would have to be unlike all other tokens
        of the account's last ten minutes, or DynamoDB refuses (IdempotentParameterMismatchException).
        """
        actions: list[Any] = [
            {
                "Update": {"TableName": self._table, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
                | _arguments(update)
            }
            for update in updates
        ]
        for _ in self._backoff.tries():
            with answered("TransactWriteItems"):
                try:
                    self._client.transact_write_items(TransactItems=actions)
                    return [Write(True, {}) for _ in updates]
                except self._client.exceptions.TransactionCanceledException as problem:
                    verdicts = _verdicts(problem)
                    if verdicts is not None:
                        return verdicts
        raise SourceUnavailable(UNAVAILABLE, operation="TransactWriteItems", error=_CONFLICT)

    def _write(self, operation: str, arguments: dict[str, Any]) -> Write:
        call: Any = self._client.put_item if operation == "PutItem" else self._client.update_item
        for _ in self._backoff.tries():
            with answered(operation):
                try:
                    answer = call(TableName=self._table, ReturnValuesOnConditionCheckFailure="ALL_OLD", **arguments)
                    return Write(True, answer.get("Attributes", {}))
                except self._client.exceptions.ConditionalCheckFailedException as problem:
                    return Write(False, _found(problem))
                except self._client.exceptions.TransactionConflictException:
                    # A transaction holds the item just now. botocore does not repeat this one by itself.
                    continue
        raise SourceUnavailable(UNAVAILABLE, operation=operation, error=_CONFLICT)


def _arguments(update: Update) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "Key": update.key,
        "UpdateExpression": update.expression,
        "ExpressionAttributeNames": _names(update.expression + update.condition),
        "ExpressionAttributeValues": update.values,
    }
    if update.condition:
        arguments["ConditionExpression"] = update.condition
    return arguments


def _names(expression: str) -> dict[str, str]:
    return {f"#{name}": name for name in _NAME.findall(expression)}


def _found(problem: ClientError) -> Item:
    response: Any = problem.response
    return response.get("Item") or {}


def _verdicts(problem: ClientError) -> list[Write] | None:
    """One verdict per action; None where the transaction only met another one and may be tried again."""
    response: Any = problem.response
    reasons = response.get("CancellationReasons", [])
    codes = {reason.get("Code", "None") for reason in reasons}
    if "ConditionalCheckFailed" in codes:
        return [
            Write(reason.get("Code", "None") != "ConditionalCheckFailed", reason.get("Item") or {})
            for reason in reasons
        ]
    if _CONFLICT in codes:
        return None
    raise unavailable_code(next(iter(sorted(codes - {"None"})), error_code(problem)), "TransactWriteItems")
