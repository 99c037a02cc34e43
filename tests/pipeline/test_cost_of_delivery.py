"""What a million events cost, from the calls that real functions make for three thousand."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from local.aws.emulator import Emulator
from local.costs import Cost, attribute_bytes, function_usage, per_million, storage_dollars, usage_of, waiting_seconds
from local.events_api import EventsApiSimulator
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
    found = {"EVENT": 0, "FILE": 0, "BATCH": 0, "GATE": 100}
    for item in dynamodb.scan(TableName=f"{functions.name}-progress")["Items"]:
        kind = str(item["sk"]["S"]).partition("#")[0]
        found[kind] = max(found[kind], attribute_bytes(item))
    for item in dynamodb.scan(TableName=f"{functions.name}-ledger", Limit=100)["Items"]:
        found["EVENT"] = max(found["EVENT"], attribute_bytes(item))
    return {**found, "QUERY": found["BATCH"] * EVENTS // 1000}


def delivered(functions: Functions, simulator: EventsApiSimulator, name: str) -> tuple[Cost, dict[str, int]]:
    """Dollars per million of delivering the file once, and its counters."""
    functions.hooks.calls.clear()
    posts, cpu = simulator.stats()["requests"], time.process_time()
    upload = functions.deliver(name, file_of(*(row(number) for number in range(EVENTS))))
    cpu, posts = time.process_time() - cpu, simulator.stats()["requests"] - posts
    calls = [call for call in functions.hooks.calls if (call.service, call.operation) not in OURS]
    invocations = 1 + EVENTS // 1000
    usage = usage_of(calls, sizes(functions)) + function_usage(invocations, cpu, waiting_seconds(calls, posts))
    return per_million(usage, EVENTS), functions.counts(upload)


OURS = {("sqs", "ReceiveMessage"), ("sqs", "GetQueueUrl")}
"""Calls of the test itself, should its clients be counted as well."""


def test_new_and_repeated_events_cost_no_more_than_promised(
    functions: Functions, simulator: EventsApiSimulator
) -> None:
    new, counts = delivered(functions, simulator, "sales.csv")
    assert counts["delivered"] == EVENTS
    again, counts = delivered(functions, simulator, "sales-again.csv")
    assert counts["duplicates"] == EVENTS
    for title, cost in (("newly delivered", new), ("uploaded again", again)):
        print(f"\nDollars per million events, {title}:", *cost.lines(), sep="\n  ")
    kept = storage_dollars(1_000_000, sizes(functions)["EVENT"] + 100, 3)
    print(f"\nKeeping a million events for 90 days beyond DynamoDB's free storage: {kept:.2f}")
    assert 0.625 < new.total <= NEW
    assert 0.125 < again.total <= AGAIN
