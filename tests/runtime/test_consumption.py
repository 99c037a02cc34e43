"""What becomes of a message after its workflow returned or raised."""

from __future__ import annotations

import io
import itertools
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from conversion_delivery.domain.errors import ContractBroken, CredentialsRefused, SourceUnavailable, TryLater
from conversion_delivery.runtime.consumption import Consumption, Remaining
from conversion_delivery.runtime.telemetry import FunctionTelemetry

CANARY = "canary.person@example.com"

SERVICES = itertools.count()
"""Powertools keeps one logger per service name; each stage writes to its own."""


class RecordedQueue:
    def __init__(self) -> None:
        self.delays: list[tuple[str, float]] = []
        self.parked: list[tuple[str, str]] = []

    def delay(self, receipt_handle: str, seconds: float) -> None:
        self.delays.append((receipt_handle, seconds))

    def park(self, body: str, code: str) -> None:
        self.parked.append((body, code))


class Context:
    function_name = "sender"
    memory_limit_in_mb = 128
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:sender"
    aws_request_id = "request"

    def get_remaining_time_in_millis(self) -> int:
        return 100_000


class Stage:
    """A consumption around one handler, with everything it writes."""

    def __init__(self, handle: Callable[[str, Remaining], None]) -> None:
        self.metrics: list[str] = []
        self.logs = io.StringIO()
        self.queue = RecordedQueue()
        telemetry = FunctionTelemetry(f"sender-{next(SERVICES)}", write=self.metrics.append, log=self.logs)
        self.consumption = Consumption(handle, self.queue, telemetry, lambda: 0.5)

    def run(self, *bodies: str) -> list[str]:
        """Ids of the messages that go back to the queue."""
        answer = self.consumption.run({"Records": [record(at, body) for at, body in enumerate(bodies)]}, Context())
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    @property
    def written(self) -> str:
        return self.logs.getvalue() + "".join(self.metrics)


def record(number: int, body: str, receives: int = 1) -> dict[str, Any]:
    return {
        "messageId": f"message-{number}",
        "receiptHandle": f"handle-{number}",
        "body": body,
        "attributes": {"ApproximateReceiveCount": str(receives)},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:batches",
        "awsRegion": "us-east-1",
    }


def raising(error: Exception) -> Callable[[str, Remaining], None]:
    def handle(body: str, remaining: Remaining) -> None:
        raise error

    return handle


def test_a_message_whose_workflow_returns_is_acknowledged() -> None:
    seen: list[tuple[str, float]] = []
    stage = Stage(lambda body, remaining: seen.append((body, remaining())))
    assert stage.run("one", "two") == []
    assert seen == [("one", 100.0), ("two", 100.0)]


def test_one_bad_message_does_not_hold_up_the_others() -> None:
    def handle(body: str, remaining: Remaining) -> None:
        if body == "bad":
            raise TryLater("GATE_SHUT", after_seconds=42.0)

    stage = Stage(handle)
    assert stage.run("good", "bad", "good") == ["message-1"]
    assert stage.queue.delays == [("handle-1", 42.0)]


def test_all_messages_may_fail_without_an_error_that_would_show_tracebacks() -> None:
    stage = Stage(raising(TryLater("GATE_SHUT", after_seconds=1.0)))
    assert stage.run("a", "b") == ["message-0", "message-1"]


def test_without_a_wait_of_its_own_a_message_backs_off_with_jitter() -> None:
    stage = Stage(raising(TryLater("CLAIM_UNANSWERED")))
    stage.run("a")
    assert stage.queue.delays == [("handle-0", 15.0)]


def test_a_broken_contract_is_parked_at_the_first_failure_and_rings() -> None:
    stage = Stage(raising(ContractBroken("MESSAGE_INVALID")))
    assert stage.run("{}") == []
    assert stage.queue.parked == [("{}", "MESSAGE_INVALID")]
    assert any("ContractBroken" in line for line in stage.metrics)


def test_a_message_that_cannot_be_parked_goes_back_to_its_queue() -> None:
    stage = Stage(raising(ContractBroken("MESSAGE_INVALID")))

    def refuse(body: str, code: str) -> None:
        raise TryLater("SERVICE_UNAVAILABLE")

    stage.queue.park = refuse  # type: ignore[method-assign]
    assert stage.run("{}") == ["message-0"]


def test_a_delay_that_fails_still_hands_the_message_back() -> None:
    stage = Stage(raising(TryLater("GATE_SHUT", after_seconds=1.0)))

    def refuse(receipt_handle: str, seconds: float) -> None:
        raise TryLater("SERVICE_UNAVAILABLE")

    stage.queue.delay = refuse  # type: ignore[method-assign]
    assert stage.run("a") == ["message-0"]


@pytest.mark.parametrize(
    "error",
    [
        ValueError(f"could not convert {CANARY}"),
        KeyError(CANARY),
        json.JSONDecodeError("bad", CANARY, 0),
        UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, CANARY),
        CredentialsRefused("SECRET_MISSING"),
    ],
)
def test_no_error_text_reaches_logs_or_metrics(error: Exception) -> None:
    stage = Stage(raising(error))
    assert stage.run(json.dumps({"email": CANARY})) == ["message-0"]
    assert type(error).__name__ in stage.written
    assert CANARY not in stage.written


def test_an_unforeseen_error_says_its_type_and_place() -> None:
    stage = Stage(raising(ZeroDivisionError("x")))
    stage.run("a")
    (line,) = [json.loads(line) for line in stage.logs.getvalue().splitlines() if "unexpected_error" in line]
    assert line["type"] == "ZeroDivisionError"
    assert line["place"].startswith("test_consumption:") or "test_consumption" in line["place"]


def test_a_refusal_by_aws_that_does_not_pass_rings_and_hands_back() -> None:
    stage = Stage(raising(SourceUnavailable("AWS_REFUSED", operation="PutItem", error="AccessDeniedException")))
    assert stage.run("a") == ["message-0"]
    assert any("DeliveryErrors" in line for line in stage.metrics)
    assert "AccessDeniedException" in stage.written


def test_the_age_of_what_goes_back_is_measured_because_sqs_forgets_it() -> None:
    stage = Stage(raising(TryLater("GATE_SHUT", after_seconds=60)))
    sent = record(0, "{}", receives=7)
    sent["attributes"]["SentTimestamp"] = str(int((time.time() - 7_200) * 1_000))
    stage.consumption.run({"Records": [sent]}, Context())

    (line,) = stage.metrics
    assert json.loads(line)["HandedBackAgeSeconds"] == [pytest.approx(7_200, abs=5)]
