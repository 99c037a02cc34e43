"""The two fakes whose real counterparts are not in AWS."""

from __future__ import annotations

from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind, EventsApi
from conversion_delivery.workflows.ports import Telemetry
from tests.fakes.events_api import FakeEventsApi, Request
from tests.fakes.telemetry import FakeTelemetry, Note


def test_the_events_api_gives_its_answers_in_order_and_then_accepts() -> None:
    throttled = Answer(AnswerKind.THROTTLED, code=40100, http_status=200)
    fake = FakeEventsApi([throttled])
    api: EventsApi = fake
    answers = [api.track("token", body) for body in (b"1", b"2")]
    assert (answers[0], answers[1].kind, answers[1].request_id) == (throttled, AnswerKind.ACCEPTED, "request-2")
    assert fake.requests == [Request("token", b"1"), Request("token", b"2")]


def test_the_telemetry_keeps_everything_it_is_told() -> None:
    fake = FakeTelemetry()
    telemetry: Telemetry = fake
    with telemetry.span("send"):
        telemetry.count("events", 2, destination="shop")
        telemetry.count("events", 0.5)
        telemetry.note("closed", batch=1)
    assert (fake.counts["events"], fake.spans, fake.notes) == (2.5, ["send"], [Note("closed", {"batch": 1})])
    assert fake.points[0] == ("events", 2, {"destination": "shop"})
