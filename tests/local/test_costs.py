"""Units and dollars: worked out by AWS's documented rules, by a table that says how old it is."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from local.costs import (
    CPU_FACTOR,
    MEMORY_GIB,
    PRICES,
    PRICES_KNOWN_IN,
    SERVICE_OF,
    AwsCall,
    Usage,
    attribute_bytes,
    cost_of,
    function_usage,
    per_million,
    storage_dollars,
    usage_of,
    waiting_seconds,
)
from tests.template.stack import Stack


def between(*sort_keys: str) -> dict[str, Any]:
    """A query's values: the partition and the bounds of the sort key."""
    return {"ExpressionAttributeValues": {":file": {"S": "f"}} | {f":{key}": {"S": key} for key in sort_keys}}


SIZES = {"EVENT": 300, "FILE": 1500, "BATCH": 900, "GATE": 100, "QUERY": 9_000}


def dynamodb(operation: str, **parameters: object) -> Usage:
    return usage_of([AwsCall("dynamodb", operation, parameters)], SIZES)


def key(sort: str) -> dict[str, object]:
    return {"pk": {"S": "file"}, "sk": {"S": sort}}


def test_every_unit_has_a_price_and_a_service() -> None:
    assert {each.name for each in fields(Usage)} == set(SERVICE_OF)
    assert all(getattr(PRICES, each.name) > 0 for each in fields(Usage))
    assert len(PRICES_KNOWN_IN) == len("2025-01")


def test_each_claim_is_a_write_whether_it_is_taken_or_not() -> None:
    assert dynamodb("BatchExecuteStatement", Statements=[{}] * 25).write_units == 25


@pytest.mark.parametrize(("consistent", "units"), [(True, 100), (False, 50)])
def test_each_owner_is_a_read_of_its_own(consistent: bool, units: float) -> None:
    table = {"Keys": [{}] * 100, "ConsistentRead": consistent}
    assert dynamodb("BatchGetItem", RequestItems={"ledger": table}).read_units == units


def test_items_are_counted_in_started_units() -> None:
    assert dynamodb("UpdateItem", Key=key("FILE")).write_units == 2
    assert dynamodb("UpdateItem", Key=key("BATCH#0000000001")).write_units == 1
    assert dynamodb("GetItem", Key=key("FILE"), ConsistentRead=True).read_units == 1
    assert dynamodb("Query", ConsistentRead=True, **between("BATCH#0000000001", "BATCH#9999999999")).read_units == 3
    assert dynamodb("Query", ConsistentRead=True, **between("COUNT#", "FILE")).read_units == 1
    assert dynamodb("Query", **between("COUNT#")).read_units == 0.5
    assert dynamodb("DeleteItem", Key=key("GATE")).write_units == 1
    assert dynamodb("UpdateItem", Key={"event_key": {"S": "x"}}).write_units == 1


def test_a_transaction_costs_twice_its_writes() -> None:
    items = [{"Update": {"Key": key("BATCH#0000000001")}}, {"Update": {"Key": key("FILE")}}]
    assert dynamodb("TransactWriteItems", TransactItems=items).write_units == 2 * (1 + 2)


def test_an_items_size_is_that_of_its_names_and_values() -> None:
    item = {"name": {"S": "é"}, "n": {"N": "-12.5"}, "b": {"B": b"abc"}, "t": {"BOOL": True}, "x": {"NULL": True}}
    assert attribute_bytes(item) == (4 + 2) + (1 + 3) + (1 + 3) + (1 + 1) + (1 + 1)
    assert attribute_bytes({"m": {"M": {"a": {"S": "b"}}}}) == 1 + 3 + 1 + 2
    assert attribute_bytes({"l": {"L": [{"S": "ab"}]}}) == 1 + 3 + 1 + 2
    assert dynamodb("PutItem", Item={"a": {"S": "x" * 1024}}).write_units == 2


def test_a_call_without_a_rule_is_an_error_and_not_free() -> None:
    with pytest.raises(KeyError):
        usage_of([AwsCall("s3", "SelectObjectContent", {})], SIZES)


def test_a_million_writes_cost_what_the_table_says() -> None:
    cost = cost_of(Usage(write_units=1_000_000, read_units=1_000_000))
    assert cost.total == pytest.approx(0.75)
    assert cost.by_service["DynamoDB writes"] == pytest.approx(0.625)
    assert cost.lines()[0].split() == ["DynamoDB", "writes", "0.6250"]
    assert cost.lines()[-1].split() == ["total", "0.7500"]


def test_dollars_per_million_scale_with_the_events() -> None:
    assert per_million(Usage(write_units=1_000), 1_000).total == pytest.approx(0.625)


def test_functions_are_billed_for_the_template_s_memory() -> None:
    assert Stack().resource("SenderFunction")["MemorySize"] / 1024 == MEMORY_GIB
    usage = function_usage(1, cpu_seconds=2.0, waited_seconds=1.0)
    assert usage.gib_seconds == pytest.approx((2.0 * CPU_FACTOR + 1.0) * MEMORY_GIB)
    assert usage.sqs_requests == 2


def test_waiting_adds_up_over_calls_and_requests() -> None:
    calls = [AwsCall("s3", "GetObject", {}), AwsCall("dynamodb", "GetItem", {})]
    assert waiting_seconds(calls, posts=1) == pytest.approx(0.030 + 0.004 + 0.6)


def test_keeping_a_million_events_for_three_months_is_named_apart() -> None:
    assert 0.2 < storage_dollars(1_000_000, 300, 3) < 0.5
