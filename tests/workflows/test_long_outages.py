"""Days without TikTok, without a token, without AWS: nothing reaches the dead letters and everything drains by itself.

The real workflows and the real consumption of messages, over in-memory stores and a model of the queue with the
template's numbers. The counts of receives that are asserted here stand in docs/decisions.md ("Receives, visibility
and retention").
"""

from __future__ import annotations

import io
import itertools
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from conversion_delivery.aws.consumed_queue import ConsumedQueue
from conversion_delivery.domain.errors import SourceUnavailable
from conversion_delivery.domain.retry_schedule import GATE_STEPS
from conversion_delivery.domain.uploads import Upload
from conversion_delivery.runtime.consumption import Consumption
from conversion_delivery.runtime.messages import handle_batch_message, handle_upload_message
from conversion_delivery.runtime.telemetry import FunctionTelemetry
from conversion_delivery.workflows.assembly import SenderPorts, assemble_sender
from conversion_delivery.workflows.batch_attempt import DeliveryLimits
from conversion_delivery.workflows.ports import Answer, AnswerKind, Gate
from tests.workflows.delivery_world import DeliveryWorld, file_of, row
from tests.workflows.sqs_model import Message, SqsModel

HOUR = 3600.0
DAY = 24 * HOUR
BATCHES = 12
IN_FLIGHT = 30.0
"""Seconds for which a probe can be under way: until it ends, nobody knows that the gate is to stay shut."""

UNREACHABLE = Answer(AnswerKind.NOT_SENT, cause="ConnectTimeout")
SILENT = Answer(AnswerKind.UNKNOWN, cause="ReadTimeout")
BROKEN = Answer(AnswerKind.UNKNOWN, code=50000, http_status=500)
THROTTLED = Answer(AnswerKind.THROTTLED, code=40100, pause_seconds=30.0)
PER_MINUTE = Answer(AnswerKind.THROTTLED, code=40100, pause_seconds=300.0)
BAD_TOKEN = Answer(AnswerKind.BAD_CREDENTIALS, code=40105)

_services = itertools.count()


class Context:
    """What Lambda tells a function about its invocation."""

    function_name = "sender"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:sender"
    aws_request_id = "request"

    def get_remaining_time_in_millis(self) -> int:
        return 120_000


class Weather:
    """An Events API that gives ``answer`` while ``lasts`` says so, and accepts otherwise."""

    def __init__(
        self, now: Callable[[], float], answer: Callable[[float], Answer], lasts: Callable[[str], bool]
    ) -> None:
        self._now = now
        self._answer = answer
        self._lasts = lasts
        self.probes: list[float] = []
        self.accepted: list[str] = []

    def track(self, token: str, body: bytes) -> Answer:
        if self._lasts(token):
            self.probes.append(self._now())
            return self._answer(self._now())
        self.accepted += [event["event_id"] for event in json.loads(body)["data"]]
        return Answer(AnswerKind.ACCEPTED, code=0, http_status=200, request_id="R")


class LateGate:
    """Passes everything on; shows a gate as it was ``IN_FLIGHT`` seconds ago: many senders work at the same time."""

    def __init__(self, progress: Any, now: Callable[[], float]) -> None:
        self._progress = progress
        self._now = now
        self._seen: list[tuple[float, Gate | None]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._progress, name)

    def shut_gate(self, destination: str, gate: Gate) -> None:
        self._progress.shut_gate(destination, gate)
        self._seen.append((self._now(), self._progress.gate(destination)))

    def open_gate(self, destination: str) -> None:
        self._progress.open_gate(destination)
        self._seen.append((self._now(), None))

    def gate(self, destination: str) -> Gate | None:
        past = [gate for at, gate in self._seen if at <= self._now() - IN_FLIGHT]
        return past[-1] if past else None


class Days(DeliveryWorld):
    """A world whose messages lie in a modelled queue; time jumps from one receive to the next."""

    def __init__(self, answer: Callable[[float], Answer] = lambda now: UNREACHABLE, *, late_gate: bool = False) -> None:
        super().__init__(rows_per_batch=1)
        dice = random.Random(7)
        self.begun = self.time
        self.over = False
        self.weather = Weather(self.now, answer, lambda token: not self.over)
        self.sqs = SqsModel("BatchesQueue", self.now)
        progress: Any = LateGate(self.progress, self.now) if late_gate else self.progress
        self.send = assemble_sender(
            SenderPorts(
                uploads=self.uploads,
                ledger=self.ledger,
                progress=progress,
                tokens=self.tokens,
                api=self.weather,
                reports=self.reports,
                telemetry=self.telemetry,
                now=self.now,
                jitter=dice.random,
                new_id=self.new_id,
            ),
            DeliveryLimits(),
        )
        self.consumption = consumption_of(
            lambda body, remaining: handle_batch_message(body, self.send, remaining), self.sqs, dice.random
        )

    def fill(self, batches: int = BATCHES) -> Upload:
        upload = self.drop(file_of(*(row(number) for number in range(batches))))
        for message in self.pending():
            self.sqs.put(message.to_json())
        return upload

    def pass_time(self, seconds: float) -> None:
        """Deliver whatever becomes visible for so long."""
        pass_time(self, self.sqs, self.consumption, self.time + seconds)

    @property
    def most_receives(self) -> int:
        everything = [*self.sqs.open, *self.sqs.acknowledged, *self.sqs.dead, *self.sqs.lost]
        return max(message.receives for message in everything)

    def assert_drained(self, upload: Upload, batches: int = BATCHES) -> None:
        """Every event was accepted exactly once, the file is reported, no message is left anywhere."""
        assert (self.sqs.open, self.sqs.dead, self.sqs.lost) == ([], [], [])
        assert len(self.weather.accepted) == len(set(self.weather.accepted)) == batches
        assert self.summary(upload)["counts"]["delivered"] == batches
        assert self.progress.gates == {}


def consumption_of(handle: Any, sqs: Any, jitter: Callable[[], float]) -> Consumption:
    telemetry = FunctionTelemetry(
        f"outage-{next(_services)}", level="ERROR", write=lambda line: None, log=io.StringIO()
    )
    return Consumption(handle, ConsumedQueue(sqs, url="batches", dead_letter_url="dead"), telemetry, jitter)


def pass_time(world: DeliveryWorld, sqs: SqsModel, consumption: Consumption, until: float) -> None:
    while (due := sqs.next_visible_at()) is not None and due <= until:
        world.time = max(world.time, due)
        message = sqs.receive()
        if message is not None and not consumption.run(event_of(message), Context())["batchItemFailures"]:
            sqs.acknowledge(message)
    world.time = max(world.time, until)


def event_of(message: Message) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": message.receipt_handle,
                "receiptHandle": message.receipt_handle,
                "body": message.body,
                "attributes": {"ApproximateReceiveCount": str(message.receives)},
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:batches",
                "awsRegion": "us-east-1",
            }
        ]
    }


def receives_at_a_shut_gate(seconds: float, reason: str, senders: int = 1) -> int:
    """The arithmetic of docs/decisions.md: each closing of the gate costs a message one receive, or two where it may
    have been one of several probes at once. The steps without jitter are the shortest that can be."""
    steps, count = list(GATE_STEPS[reason]), 0
    while seconds > 0:
        seconds -= max(1.0, steps.pop(0) if len(steps) > 1 else steps[0])
        count += 1
    return count * (1 if senders == 1 else 2)


@pytest.mark.parametrize("late_gate", [False, True], ids=["one-sender", "many-senders"])
@pytest.mark.parametrize("answer", [UNREACHABLE, SILENT, BROKEN], ids=["unreachable", "silent", "server-error"])
def test_an_outage_of_24_hours_parks_nothing_and_drains_by_itself(answer: Answer, late_gate: bool) -> None:
    days = Days(lambda now: answer, late_gate=late_gate)
    upload = days.fill()
    days.pass_time(DAY)
    assert days.weather.accepted == []
    print(f"24 h outage: at most {days.most_receives} receives, {len(days.weather.probes)} requests")
    assert days.most_receives <= receives_at_a_shut_gate(DAY, "OUTAGE", 1 + late_gate) + 10
    days.over = True
    days.pass_time(HOUR)
    days.assert_drained(upload)


@pytest.mark.parametrize("late_gate", [False, True], ids=["one-sender", "many-senders"])
@pytest.mark.parametrize("answer", [THROTTLED, PER_MINUTE], ids=["unnamed-limit", "per-minute-limit"])
def test_a_throttle_of_24_hours_parks_nothing_and_drains_by_itself(answer: Answer, late_gate: bool) -> None:
    days = Days(lambda now: answer, late_gate=late_gate)
    upload = days.fill()
    days.pass_time(DAY)
    print(f"24 h throttle: at most {days.most_receives} receives, {len(days.weather.probes)} requests")
    assert days.most_receives <= receives_at_a_shut_gate(DAY, "THROTTLED", 1 + late_gate) + 10
    days.over = True
    days.pass_time(HOUR)
    days.assert_drained(upload)


def test_a_daily_quota_costs_a_handful_of_receives_and_ends_soon_after_midnight() -> None:
    days = Days(lambda now: Answer(AnswerKind.THROTTLED, code=40016, pause_seconds=DAY - now % DAY))
    days.time -= 11 * HOUR  # one o'clock: longer than SQS hides a message at once
    upload = days.fill()
    midnight = days.time + DAY - days.time % DAY
    days.pass_time(midnight - days.time)
    assert days.sqs.refused_delays == 0, "SQS hides a message for twelve hours in all"
    assert days.most_receives <= 4
    days.over = True
    days.pass_time(10 * 60)
    days.assert_drained(upload)


@pytest.mark.parametrize("late_gate", [False, True], ids=["one-sender", "many-senders"])
def test_a_token_renewed_after_three_days_parks_nothing_and_drains_by_itself(late_gate: bool) -> None:
    days = Days(lambda now: BAD_TOKEN, late_gate=late_gate)
    days.weather = days.send._post._api = Weather(days.now, lambda now: BAD_TOKEN, lambda token: token != "token-2")
    upload = days.fill()
    days.pass_time(3 * DAY)
    print(f"3 days without a token: at most {days.most_receives} receives, {len(days.weather.probes)} requests")
    assert days.most_receives <= receives_at_a_shut_gate(3 * DAY, "TOKEN_REFUSED", 1 + late_gate)
    days.tokens.tokens["shop"] = "token-2"
    days.pass_time(HOUR)
    days.assert_drained(upload)


@pytest.mark.parametrize("broken", [None, " "], ids=["missing", "empty"])
def test_a_secret_that_is_put_right_after_three_days_drains_by_itself(broken: str | None) -> None:
    days = Days()
    days.over = True
    upload = days.fill()
    days.tokens.tokens = {} if broken is None else {"shop": broken}
    days.pass_time(3 * DAY)
    assert days.weather.probes == [], "nothing is sent without a token"
    assert days.most_receives <= receives_at_a_shut_gate(3 * DAY, "TOKEN_REFUSED")
    days.tokens.tokens = {"shop": "token-1"}
    days.pass_time(HOUR)
    days.assert_drained(upload)


def test_an_outage_without_answers_that_outlasts_the_47_hours_ends_in_review_and_not_among_dead_letters() -> None:
    days = Days(lambda now: SILENT)
    upload = days.fill()
    days.pass_time(3 * DAY)
    assert (days.sqs.dead, days.sqs.lost) == ([], [])
    first_sent = {batch: record.maybe_sent_at for batch, record in days.progress.records.items()}
    days.over = True
    days.pass_time(HOUR)
    assert (days.sqs.open, days.sqs.dead, days.sqs.lost) == ([], [], [])
    counts = days.summary(upload)["counts"]
    too_old = [at for at in first_sent.values() if at is not None and at < days.begun + 3 * DAY - 47 * HOUR]
    assert counts["review"] >= len(too_old) > 0
    assert counts["delivered"] + counts["review"] == BATCHES
    assert len(days.weather.accepted) == counts["delivered"]


def test_a_token_that_is_never_renewed_parks_its_batches_before_sqs_forgets_them() -> None:
    days = Days(lambda now: BAD_TOKEN)
    days.fill(3)
    days.pass_time(14 * DAY)
    assert days.sqs.lost == []
    assert len(days.sqs.dead) == 3
    parked_after = min(message.lifetimes[-1] for message in days.sqs.dead) - days.begun
    print(f"a token that is never renewed: parked after {parked_after / DAY:.1f} days")
    assert 10 * DAY < parked_after < 13 * DAY


@pytest.mark.parametrize("port", ["progress", "uploads", "ledger", "tokens"])
def test_an_aws_service_that_refuses_for_24_hours_parks_no_batch(port: str) -> None:
    days = Days()
    days.over = True
    upload = days.fill()
    broken = Refusing(port)
    pieces: dict[str, list[Any]] = {
        "progress": [
            days.send,
            days.send._gate,
            days.send._claim,
            days.send._post,
            days.send._close,
            days.send._finish,
        ],
        "uploads": [days.send],
        "ledger": [days.send._claim],
        "tokens": [days.send._post],
    }
    good = [getattr(piece, f"_{port}") for piece in pieces[port]]
    for piece in pieces[port]:
        setattr(piece, f"_{port}", broken)
    days.pass_time(DAY)
    assert broken.calls >= BATCHES
    print(f"24 h without {port}: at most {days.most_receives} receives")
    assert days.most_receives <= 250
    for piece, working in zip(pieces[port], good, strict=True):
        setattr(piece, f"_{port}", working)
    days.pass_time(2 * HOUR)
    days.assert_drained(upload)


class Refusing:
    """A port of a service that does not serve."""

    def __init__(self, port: str) -> None:
        self._port = port
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        def refuse(*arguments: Any, **options: Any) -> Any:
            self.calls += 1
            raise SourceUnavailable("AWS_UNAVAILABLE", operation=name, error="ServiceUnavailable")

        return refuse


def test_an_upload_survives_an_aws_outage_of_an_hour_in_its_queue() -> None:
    world = DeliveryWorld()
    sqs = SqsModel("UploadsQueue", world.now)
    upload = world.uploads.put("bucket", "uploads/shop/sales.csv", file_of(row(1), row(2)))
    sqs.put("a notification")
    dice = random.Random(7)

    def handle(body: str, remaining: Any) -> None:
        handle_upload_message('{"Records": []}', world.split, lambda text: [upload], remaining)

    consumption = consumption_of(handle, sqs, dice.random)
    good, world.split._progress = world.split._progress, Refusing("progress")
    pass_time(world, sqs, consumption, world.time + HOUR)
    assert sqs.dead == []
    world.split._progress = good
    pass_time(world, sqs, consumption, world.time + HOUR)
    assert (sqs.open, sqs.dead, sqs.lost) == ([], [], [])
    assert len(world.pending()) == 1
