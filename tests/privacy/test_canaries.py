"""Planted personal data is searched for everywhere it must not be."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.pipeline.conftest import Destination

pytestmark = pytest.mark.pipeline

MOMENT = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"

CANARIES = ("canary.one@example.com", "canary-two@example", "+13035550199", "3035550", "Canaria Person")

FILE = (
    "email_1,phone_1,first_name,transaction_category,transaction_timestamp,transaction_amount,order_id\n"
    f"canary.one@example.com,+13035550199,Canaria Person,Purchase,{MOMENT},12.00,C-1\n"
    f"canary-two@example,3035550,Canaria Person,Purchase,{MOMENT},12.00,C-2\n"
    f"canary.one@example.com,,Canaria Person,Purchase,canary-two@example,12.00,C-3\n"
    f"canary.one@example.com,,Canaria Person,canary.one@example.com,{MOMENT},12.00,C-4\n"
    f"canary.one@example.com,,Canaria Person,Purchase,{MOMENT},canary.one@example.com,C-5\n"
    f"canary.one@example.com,,Canaria Person,Purchase,{MOMENT},12.00,C-6,canary.one@example.com\n"
)

DIGESTS = tuple(hashlib.sha256(text.encode()).hexdigest() for text in ("canary.one@example.com", "+13035550199"))


def found(text: str, *, digests: bool = True) -> list[str]:
    return [canary for canary in (*CANARIES, *(DIGESTS if digests else ())) if canary in text]


def every_item(dynamodb: Any) -> str:
    pages = [
        page["Items"]
        for table in dynamodb.list_tables()["TableNames"]
        for page in dynamodb.get_paginator("scan").paginate(TableName=table)
    ]
    return json.dumps(pages, default=repr)


def every_log_line(logs: Any) -> str:
    lines = []
    for group in logs.describe_log_groups()["logGroups"]:
        for stream in logs.describe_log_streams(logGroupName=group["logGroupName"])["logStreams"]:
            events = logs.get_log_events(logGroupName=group["logGroupName"], logStreamName=stream["logStreamName"])
            lines += [event["message"] for event in events["events"]]
    return "\n".join(lines)


def test_personal_data_is_in_no_log_metric_queue_or_table(destination: Destination) -> None:
    destination.configure(layout="auto")
    report = destination.deliver("canaries.csv", FILE)
    assert report.counts["delivered"] == 1
    assert report.counts["rejected"] == 5
    aws = destination.stack.endpoints
    logs = every_log_line(aws.logs)
    assert "EventsDelivered" in logs, "metrics are written to the logs; an empty log proves nothing"
    assert found(logs) == []
    items = every_item(aws.dynamodb)
    assert "event_key" in items
    assert found(items) == []
    assert found(destination.stack.messages()) == []


def test_reports_without_rows_hold_no_personal_data(destination: Destination) -> None:
    report = destination.deliver("canaries.csv", FILE)
    assert found(report.text("summary.json")) == []
    assert found(report.text("results.csv")) == []
    assert found(report.text("report.html")) == []
    assert found(report.text("report.txt")) == []


def test_only_hashes_travel_to_tiktok(destination: Destination) -> None:
    destination.deliver("canaries.csv", FILE)
    (event,) = destination.received()
    assert found(json.dumps(event), digests=False) == []
    assert event["event"]["user"] == {"email": DIGESTS[0], "phone": DIGESTS[1]}
