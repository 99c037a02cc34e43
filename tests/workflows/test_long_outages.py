"""Days without TikTok, without a token, without AWS: nothing reaches the dead letters and everything drains by itself.

The real workflows and the real consumption of messages, over in-memory stores and a model of the queue with the
template's numbers. The counts of receives that are asserted here stand in docs/decisions.md ("Receives, visibility
and retention").
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from conversion_delivery.domain.errors import SourceUnavailable
from conversion_delivery.domain.retry_schedule import GATE_STEPS
from conversion_delivery.runtime.messages import handle_upload_message
from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind
from tests.workflows.days_of_outage import (
    BAD_TOKEN,
    BATCHES,
    BROKEN,
    DAY,
    HOUR,
    PER_MINUTE,
    SILENT,
    THROTTLED,
    UNREACHABLE,
    Days,
    Weather,
    consumption_of,
    pass_time,
)
from tests.workflows.delivery_world import DeliveryWorld, file_of, row
from tests.workflows.sqs_model import SqsModel


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
