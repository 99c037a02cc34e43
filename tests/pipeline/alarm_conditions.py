"""What makes each alarm ring, produced as near to the real thing as this machine allows.

In: a deployed stack. Out: data points. Three sources, and each condition says which it uses: ``by_the_code`` runs the
real workflows over in-memory ports and takes the EMF lines that the functions would log; ``in_the_stack`` does
something to the deployed queues and functions and looks at them; ``made_up`` are numbers that AWS publishes by itself
and that nothing here produces (throttles, dropped recursion, tables, long runs).
"""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.runtime.consumption import Consumption
from conversion_delivery.runtime.telemetry import FunctionTelemetry
from conversion_delivery.workflows.events_api_ports import UNLISTED_CODE, Answer, AnswerKind
from local.aws.local_stack import LocalStack, wait_until
from local.aws.metric_points import (
    Point,
    dimensions_of,
    points_in_logs,
    points_of_function,
    points_of_queues,
)
from tests.workflows.delivery_world import DeliveryWorld, file_of, row

REFUSED = Answer(AnswerKind.REFUSED, code=40002, refused_indices=(0,), field="user.email")
BAD_TOKEN = Answer(AnswerKind.BAD_CREDENTIALS, code=40105)
MISCONFIGURED = Answer(AnswerKind.MISCONFIGURED, code=40002, field="event_source_id")
NO_ANSWER = Answer(AnswerKind.UNKNOWN, cause="ReadTimeout")
UNLISTED = Answer(AnswerKind.UNKNOWN, code=99999, cause=UNLISTED_CODE)
DAILY_QUOTA = Answer(AnswerKind.THROTTLED, code=40133, pause_seconds=6 * 3600.0)
HOUR = 3_600.0
_services = itertools.count()


@dataclass(slots=True)
class Place:
    """The deployed stack, and how late it is for the alarms."""

    stack: LocalStack
    now: float

    @property
    def namespace(self) -> str:
        return f"ConversionDelivery/{self.stack.name}"


Condition = Callable[[Place], Iterable[Point]]


# --- by the code


class Written(FunctionTelemetry):
    """A function's telemetry whose lines are kept."""

    def __init__(self, place: Place, service: str) -> None:
        self.lines: list[str] = []
        log = io.StringIO()
        super().__init__(service, write=self.lines.append, namespace=place.namespace, log=log)

    def points(self, now: float) -> Iterator[Point]:
        """As the bridge reads them; all of them of this moment, whatever the world's clock says."""
        self.flush()
        return (point._replace(time=now) for point in points_in_logs(self.lines))


class Told(DeliveryWorld):
    """A world whose splitter and sender write real metrics."""

    def __init__(self, place: Place, **options: Any) -> None:
        super().__init__(**options)
        self.splitter, self.sender = Written(place, "splitter"), Written(place, "sender")
        _replace_telemetry(self.split, self.splitter)
        _replace_telemetry(self.send, self.sender)

    def points(self, now: float) -> Iterator[Point]:
        yield from self.splitter.points(now)
        yield from self.sender.points(now)


def _replace_telemetry(workflow: Any, telemetry: FunctionTelemetry) -> None:
    """In a workflow and in the workflows that it is made of."""
    for name, part in vars(workflow).items():
        if name == "_telemetry":
            setattr(workflow, name, telemetry)
        elif type(part).__module__.startswith("conversion_delivery.workflows") and hasattr(part, "__dict__"):
            _replace_telemetry(part, telemetry)


def _delivering(body: bytes, *answers: Answer, attempts: int = 1, **options: Any) -> Condition:
    """A file is dropped and its batches are tried so many times, half an hour apart."""

    def by_the_code(place: Place) -> Iterable[Point]:
        world = Told(place, answers=answers, **options)
        world.drop(body)
        for _ in range(attempts):
            for message in world.pending():
                world.deliver(message)
            world.time += HOUR / 2
        return list(world.points(place.now))

    return by_the_code


def an_answer_that_never_comes(place: Place) -> Iterable[Point]:
    """The first request has no answer, and the next attempt comes after 47 hours."""
    world = Told(place, answers=[NO_ANSWER])
    world.drop(file_of(row(1)))
    (message,) = world.pending()
    world.deliver(message)
    world.time += 48 * HOUR
    world.deliver(message)
    return list(world.points(place.now))


def rules_that_changed(place: Place) -> Iterable[Point]:
    """The splitter had found one row more valid than today's rules do."""
    world = Told(place)
    world.drop(file_of(row(1), row(2), row(3, email="nobody")))
    (message,) = world.pending()
    world.deliver(message.model_copy(update={"rows": "1-3"}))
    return list(world.points(place.now))


def a_token_that_ends(place: Place) -> Iterable[Point]:
    """What the sender's start measures of a secret that says when its token ends."""
    telemetry = Written(place, "sender")
    telemetry.measure("TokenExpiresInDays", 3.0, destination="main")
    return list(telemetry.points(place.now))


def an_unexpected_error(place: Place) -> Iterable[Point]:
    def handle(body: str, remaining: Callable[[], float]) -> None:
        raise ZeroDivisionError

    telemetry = Written(place, "sender")
    Consumption(handle, _NoQueue(), telemetry, lambda: 0.5).run(_event(), _Context())
    return list(telemetry.points(place.now))


def _handed_back_after(hours: float, service: str) -> Condition:
    def by_the_code(place: Place) -> Iterable[Point]:
        def handle(body: str, remaining: Callable[[], float]) -> None:
            raise ContractBroken("MESSAGE_INVALID")

        telemetry = Written(place, service)
        queue = _NoQueue(parks=False)
        Consumption(handle, queue, telemetry, lambda: 0.5, lambda: 1_000 + hours * HOUR).run(_event(1_000), _Context())
        return [point for point in telemetry.points(place.now) if point.metric == "HandedBackAgeSeconds"]

    return by_the_code


class _NoQueue:
    def __init__(self, *, parks: bool = True) -> None:
        self._parks = parks

    def delay(self, receipt_handle: str, seconds: float) -> None:
        """The message would be hidden."""

    def park(self, body: str, code: str) -> None:
        if not self._parks:
            raise ConnectionError


class _Context:
    function_name = "sender"
    memory_limit_in_mb = 128
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:sender"
    aws_request_id = "request"

    def get_remaining_time_in_millis(self) -> int:
        return 100_000


def _event(sent: int = 1_000) -> dict[str, Any]:
    attributes = {"ApproximateReceiveCount": "7", "SentTimestamp": str(sent * 1_000)}
    message = {"messageId": "m", "receiptHandle": "r", "body": "{}", "attributes": attributes}
    return {
        "Records": [{**message, "messageAttributes": {}, "eventSource": "aws:sqs", "eventSourceARN": "a:b:c:d:e:f"}]
    }


# --- in the stack


def _dead_letter(queue: str) -> Condition:
    def in_the_stack(place: Place) -> Iterable[Point]:
        endpoints = place.stack.endpoints
        endpoints.sqs.send_message(QueueUrl=place.stack.outputs[queue], MessageBody="{}")
        found = list(points_of_queues(endpoints, place.now))
        endpoints.sqs.purge_queue(QueueUrl=place.stack.outputs[queue])
        return found

    return in_the_stack


def a_function_that_cannot_start(output: str) -> Condition:
    """Its environment lacks a value; Lambda counts the error, and the emulator does as well."""

    def in_the_stack(place: Place) -> Iterable[Point]:
        functions, name = place.stack.endpoints.functions, place.stack.outputs[output]
        before = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        broken = {key: value for key, value in before.items() if key != "STACK_NAME"}
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": broken})
        try:
            answer = functions.invoke(FunctionName=name, Payload=json.dumps({"Records": []}))
            assert "FunctionError" in answer
        finally:
            functions.update_function_configuration(FunctionName=name, Environment={"Variables": before})
        found: list[Point] = []

        def counted() -> bool:
            found[:] = points_of_function(place.stack.endpoints.cloudwatch, name, "Errors", place.now)
            return bool(found)

        assert wait_until(counted, 10)
        return found

    return in_the_stack


# --- made up


def _of_function(output: str, metric: str, value: float, times: int = 1) -> Condition:
    def made_up(place: Place) -> Iterable[Point]:
        dimensions = dimensions_of(FunctionName=_function(place, output))
        return [Point("AWS/Lambda", metric, dimensions, place.now - 300 * each, value) for each in range(times)]

    return made_up


def _function(place: Place, output: str) -> str:
    if output in place.stack.outputs:
        return place.stack.outputs[output]
    answer = place.stack.endpoints.cloudformation.describe_stack_resource(
        StackName=place.stack.name, LogicalResourceId=output
    )
    return answer["StackResourceDetail"]["PhysicalResourceId"]


def _of_table(output: str, metric: str, value: float, times: int = 1) -> Condition:
    def made_up(place: Place) -> Iterable[Point]:
        dimensions = dimensions_of(TableName=place.stack.outputs[output])
        return [Point("AWS/DynamoDB", metric, dimensions, place.now - 300 * each, value) for each in range(times)]

    return made_up


def no_file_at_all(place: Place) -> Iterable[Point]:
    return []


MANY_BAD = file_of(*(row(number, email="nobody" if number <= 15 else None) for number in range(1, 41)))
"""15 of 40 rows are rejected."""
FIVE_REFUSED = [
    Answer(AnswerKind.PARTIAL, code=20001, refused_indices=(0, 1, 2, 3, 4), field="user.email"),
]

CONDITIONS: dict[str, Condition] = {
    "UploadsDeadLettersAlarm": _dead_letter("UploadsDeadLettersUrl"),
    "BatchesDeadLettersAlarm": _dead_letter("BatchesDeadLettersUrl"),
    "UploadsAgeAlarm": _handed_back_after(1.5, "splitter"),
    "BatchesAgeAlarm": _handed_back_after(7, "sender"),
    "SplitterErrorsAlarm": a_function_that_cannot_start("SplitterFunctionName"),
    "SenderErrorsAlarm": a_function_that_cannot_start("SenderFunctionName"),
    "SplitterThrottlesAlarm": _of_function("SplitterFunctionName", "Throttles", 4, times=3),
    "SenderThrottlesAlarm": _of_function("SenderFunctionName", "Throttles", 4, times=3),
    "SplitterDurationAlarm": _of_function("SplitterFunctionName", "Duration", 299_000),
    "SenderDurationAlarm": _of_function("SenderFunctionName", "Duration", 119_000),
    "RecursionDroppedAlarm": _of_function("SplitterFunctionName", "RecursiveInvocationsDropped", 1),
    "TokenRefusedAlarm": _delivering(file_of(row(1)), BAD_TOKEN, BAD_TOKEN),
    "TokenExpiryAlarm": a_token_that_ends,
    "TokenRotationErrorsAlarm": _of_function("TokenRotationFunction", "Errors", 1),
    "DigestErrorsAlarm": _of_function("DigestFunction", "Errors", 1),
    "DestinationMisconfiguredAlarm": _delivering(file_of(row(1)), MISCONFIGURED),
    "HeldForReviewAlarm": an_answer_that_never_comes,
    "BatchesRefusedWholeAlarm": _delivering(file_of(row(1)), REFUSED),
    "UnlistedCodesAlarm": _delivering(file_of(row(1)), UNLISTED),
    "ReconciliationMismatchAlarm": rules_that_changed,
    "RejectedRowsAlarm": _delivering(MANY_BAD),
    "TikTokRefusalsAlarm": _delivering(file_of(*map(row, range(1, 41))), *FIVE_REFUSED),
    "GateShutAlarm": _delivering(file_of(row(1)), DAILY_QUOTA),
    "TableThrottlesAlarm": _of_table("EventLedgerTable", "WriteThrottleEvents", 9, times=3),
    "FailuresAlarm": an_unexpected_error,
    "NoFileAlarm": no_file_at_all,
    "DailyCostAlarm": _of_table("EventLedgerTable", "ConsumedWriteCapacityUnits", 40_000_000),
}
"""Alarm -> its condition."""
