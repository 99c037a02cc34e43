"""Planted personal data is searched for everywhere it must not be."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.domain.reading.packed import zipped
from tests.pgp.messages import message, new_key
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


OBJECTS: list[dict[str, Any]] = [
    {
        "event": "Purchase",
        "email": CANARIES[0],
        "phone": CANARIES[2],
        "event_time": MOMENT,
        "value": 12,
        "currency": "USD",
    },
    {"event": CANARIES[0], "email": CANARIES[0], "event_time": MOMENT, "value": 12, "currency": "USD"},
    {
        "event": "Purchase",
        "email": CANARIES[0],
        "event_time": CANARIES[1],
        "value": {"of": CANARIES[4]},
        "currency": "USD",
    },
]
JSON_LINES = (
    "".join(json.dumps({"order_id": f"J-{at}"} | each) + "\n" for at, each in enumerate(OBJECTS))
    + f'{{"email":"{CANARIES[0]}","event":\n'
)

NAME = "sales_for_ann@example.com"


def assert_silent(destination: Destination, *further: str) -> None:
    """Nothing planted, nor any of ``further``, is in a log, a table or a message."""
    aws = destination.stack.endpoints
    places = {"logs": every_log_line(aws.logs), "tables": every_item(aws.dynamodb)}
    places["messages"] = destination.stack.messages()
    assert "EventsDelivered" in places["logs"]
    for place, text in places.items():
        assert found(text) == [], place
        assert [canary for canary in further if canary in text] == [], place


def test_the_objects_of_json_lines_are_in_no_log_queue_or_table(destination: Destination) -> None:
    destination.configure(layout="auto")
    report = destination.deliver("canaries.jsonl", JSON_LINES)
    assert (report.counts["delivered"], report.counts["rejected"]) == (1, 3)
    assert_silent(destination)
    for part in ("summary.json", "results.csv", "report.html", "report.txt"):
        assert found(report.text(part)) == [], part


def test_neither_a_private_key_nor_the_clear_text_is_in_a_log_queue_or_table(destination: Destination) -> None:
    destination.configure(layout="auto")
    key, stack = new_key(), destination.stack
    stack.endpoints.secrets.create_secret(
        Name=f"{stack.name}/pgp/{destination.name}", SecretString=json.dumps({"keys": [str(key)]})
    )
    report = destination.deliver("canaries.csv.pgp", message(FILE.encode(), key))
    assert report.summary["file"]["compression"] == "pgp"
    assert report.counts["delivered"] == 1
    lines_of_key = [line for line in str(key).splitlines() if len(line) > 40]
    assert len(lines_of_key) > 5
    assert_silent(destination, "PRIVATE KEY", *lines_of_key)
    for part, body in report.files.items():
        assert "PRIVATE KEY" not in body.decode(), part

    other = destination.upload("other.csv.pgp", message(FILE.encode(), new_key()))
    refused = destination.report(other)
    assert refused.summary["file"]["error"]["code"] == "DECRYPT_FAILED"
    assert_silent(destination, "PRIVATE KEY", *lines_of_key)


def test_an_address_in_the_name_of_a_file_is_in_no_log_and_a_member_s_name_in_no_message(
    destination: Destination,
) -> None:
    destination.configure(layout="auto")
    upload = destination.upload("two.zip", zipped({f"{NAME}.csv": FILE.encode(), "good.csv": FILE.encode()}))
    assert destination.report(upload).counts["rows_read"] == 12
    aws = destination.stack.endpoints
    assert NAME not in destination.stack.messages()
    assert NAME in every_item(aws.dynamodb), "the table of files knows it, as docs/files.md says"
    destination.deliver(f"{NAME}.csv", FILE)
    logs = every_log_line(aws.logs)
    assert "file_finished" in logs
    assert NAME not in logs
    assert "ann@example.com" not in logs
    assert found(logs) == []


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
