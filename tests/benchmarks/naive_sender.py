"""The obvious sender: for every row one conditional PutItem and one POST, with plain boto3 and ``requests``.

It reads with ``csv.DictReader``, applies no rule, writes no report and can lose or repeat events at any crash: what it
saves in rules makes it faster than an honest rival would be. Its calls go to the stub, whose time is not counted.
"""

from __future__ import annotations

import csv
import io
import json
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import boto3
import requests
from botocore.exceptions import ClientError

from conversion_delivery.tiktok.client import TRACK_PATH
from tests.benchmarks.claims import TABLE, TOKEN_LENGTH
from tests.benchmarks.work import SETTINGS

EVENTS = 300
"""A few hundred are enough: every event costs the same."""

Row = dict[str, str]


class NaiveSender:
    """Kept-alive connections, as even a naive sender has them."""

    def __init__(self, stub: str) -> None:
        session = boto3.Session("AKIAIOSFODNN7EXAMPLE", "s" * 40, "t" * TOKEN_LENGTH, region_name="eu-central-1")
        self._dynamodb: Any = session.client("dynamodb", endpoint_url=stub)
        self._url = stub + TRACK_PATH
        self._session = requests.Session()
        self.sent = 0

    def run(self, text: str, events: int) -> None:
        """Send the first ``events`` rows of a CSV text."""
        for row in islice(csv.DictReader(io.StringIO(text)), events):
            if self._is_new(row["order_id"]):
                self._post(_event(row))
                self.sent += 1

    def close(self) -> None:
        self._session.close()
        self._dynamodb.close()

    def _is_new(self, order_id: str) -> bool:
        item = {"event_key": {"S": f"{SETTINGS.event_source_id}#CompletePayment#{order_id}"}}
        try:
            self._dynamodb.put_item(TableName=TABLE, Item=item, ConditionExpression="attribute_not_exists(event_key)")
        except ClientError as refusal:
            if refusal.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def _post(self, event: dict[str, Any]) -> None:
        body = {"event_source": "offline", "event_source_id": SETTINGS.event_source_id, "data": [event]}
        answer = self._session.post(self._url, json=body, headers={"Access-Token": "token-1"}, timeout=30)
        if json.loads(answer.content)["code"] != 0:
            raise RuntimeError("the stub refused an event")


def _event(row: Row) -> dict[str, Any]:
    user = {"email": _digest(row["email_1"]), "phone": _digest(row["phone_1"])}
    content = {"content_id": row["product_id"], "content_name": row["product_name"], "price": row["product_price"]}
    properties = {"currency": "USD", "value": row["transaction_amount"], "order_id": row["order_id"]}
    return {
        "event": "CompletePayment",
        "event_time": row["transaction_timestamp"],
        "event_id": row["order_id"],
        "user": user,
        "properties": {**properties, "contents": [content]},
    }


def _digest(text: str) -> str:
    return sha256(text.strip().lower().encode()).hexdigest()


def first_rows(path: Path) -> str:
    """The text of a file's beginning, longer than ``EVENTS`` rows."""
    with path.open(encoding="utf-8") as file:
        return "".join(islice(file, 2 * EVENTS))
