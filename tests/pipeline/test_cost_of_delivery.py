"""What a million events cost, from the calls that real functions make for three thousand."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from local.aws.emulator import Emulator
from local.costs import (
    AwsCall,
    Cost,
    Usage,
    attribute_bytes,
    cost_of,
    function_usage,
    per_million,
    storage_dollars,
    usage_of,
    waiting_seconds,
)
from local.events_api import EventsApiSimulator
from local.scale.estimate import calls_of_file
from tests.pipeline.functions_in_process import Functions, functions_in_process
from tests.pipeline.test_main_path import file_of, row

pytestmark = pytest.mark.pipeline

EVENTS = 3000
NEW, AGAIN = 0.75, 0.20
"""Dollars per million that a delivery may cost at most: of new events, and of a file that was delivered before."""


@pytest.fixture
def functions(emulator: Emulator, simulator: EventsApiSimulator) -> Iterator[Functions]:
    with functions_in_process(emulator.endpoints, simulator) as functions:
        yield functions


def sizes(functions: Functions) -> dict[str, int]:
    """Bytes of the largest item of each kind, and of all batches of a file."""
    dynamodb = functions.clients.dynamodb
    found = {"EVENT": 0, "FILE": 0, "BATCH": 0, "COUNT": 0, "GATE": 100}
    for item in dynamodb.scan(TableName=f"{functions.name}-progress")["Items"]:
        kind = str(item["sk"]["S"]).partition("#")[0]
        found[kind] = max(found[kind], attribute_bytes(item))
    for item in dynamodb.scan(TableName=f"{functions.name}-ledger", Limit=100)["Items"]:
        found["EVENT"] = max(found["EVENT"], attribute_bytes(item))
    return {**found, "QUERY": found["BATCH"] * EVENTS // 1000}


def delivered(
    functions: Functions, simulator: EventsApiSimulator, name: str, share: float
) -> tuple[Cost, dict[str, int]]:
    """Dollars per million of delivering the file once, and its counters; ``share``: delivered before."""
    functions.hooks.calls.clear()
    posts, cpu = simulator.stats()["requests"], time.process_time()
    upload = functions.deliver(name, file_of(*(row(number) for number in range(EVENTS))))
    cpu, posts = time.process_time() - cpu, simulator.stats()["requests"] - posts
    calls = [call for call in functions.hooks.calls if (call.service, call.operation) not in OURS]
    invocations = 1 + EVENTS // 1000
    billed = usage_of(calls, sizes(functions))
    print_units(name, calls, billed, sizes(functions))
    estimated = calls_of_file(EVENTS, duplicates=share)
    assert cost_of(estimated).total == pytest.approx(cost_of(billed).total, rel=0.03), "see local/scale/stages.py"
    usage = billed + function_usage(invocations, cpu, waiting_seconds(calls, posts))
    return per_million(usage, EVENTS), functions.counts(upload)


def print_units(name: str, calls: list[AwsCall], billed: Usage, sizes: dict[str, int]) -> None:
    """Billed units of the senders per batch, and of the rest per file: what ``local.scale.stages`` is made of."""
    batches = EVENTS // 1000
    sender = [call for call in calls if is_of_a_batch(call)]
    per_batch = usage_of(sender, sizes)
    print(f"\n{name}: items of {sizes} bytes")
    print("  per batch:", *units(per_batch, batches))
    for operation, number in sorted(Counter(call.operation for call in sender).items()):
        print(f"    {operation:<24}{number / batches:8.2f}")
    rest = {each: getattr(billed, each) - getattr(per_batch, each) for each in Usage.__slots__}
    print("  per file:", *units(Usage(**rest), 1))


def is_of_a_batch(call: AwsCall) -> bool:
    """Whether a sender makes the call once for each batch, or more often."""
    key = call.parameters.get("Key")
    if isinstance(key, str):
        return call.operation in ("PutObject", "GetObject") and ("/results/" in key or "Range" in call.parameters)
    kind = key["sk"]["S"] if isinstance(key, dict) and "sk" in key else ""
    ledger = call.operation in ("BatchExecuteStatement", "BatchGetItem", "TransactWriteItems")
    return ledger or kind.startswith(("BATCH#", "GATE"))


def units(usage: Usage, count: int) -> list[str]:
    return [f"{each}={getattr(usage, each) / count:.2f}" for each in Usage.__slots__ if getattr(usage, each)]


OURS = {("sqs", "ReceiveMessage"), ("sqs", "GetQueueUrl")}
"""Calls of the test itself, should its clients be counted as well."""


def test_new_and_repeated_events_cost_no_more_than_promised(
    functions: Functions, simulator: EventsApiSimulator
) -> None:
    new, counts = delivered(functions, simulator, "sales.csv", 0.0)
    assert counts["delivered"] == EVENTS
    again, counts = delivered(functions, simulator, "sales-again.csv", 1.0)
    assert counts["duplicates"] == EVENTS
    for title, cost in (("newly delivered", new), ("uploaded again", again)):
        print(f"\nDollars per million events, {title}:", *cost.lines(), sep="\n  ")
    kept = storage_dollars(1_000_000, sizes(functions)["EVENT"] + 100, 3)
    print(f"\nKeeping a million events for 90 days beyond DynamoDB's free storage: {kept:.2f}")
    assert 0.625 < new.total <= NEW
    assert 0.125 < again.total <= AGAIN
