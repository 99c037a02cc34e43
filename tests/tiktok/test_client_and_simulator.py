"""The client and the Events API simulator: every answer and every fault, over real sockets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, get_args

import pytest

from conversion_delivery.tiktok.client import EventsApiClient
from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind
from local.events_api import EventsApiSimulator, SimulatorSettings
from local.events_api.settings import ErrorStatus, MessageStyle
from tests.local.events_api.builders import OFFLINE_SET, a_body, an_event

STATUSES: tuple[ErrorStatus, ...] = get_args(ErrorStatus)
NAMING_STYLES: list[MessageStyle] = ["spaced", "dotted", "brackets", "batch", "nested"]


@contextmanager
def delivery(*rules: dict[str, Any], **settings: Any) -> Iterator[tuple[EventsApiClient, EventsApiSimulator]]:
    with EventsApiSimulator(settings=SimulatorSettings(**settings), faults={"rules": rules}) as simulator:
        client = EventsApiClient(simulator.url, read_timeout=1.0, total_timeout=4.0)
        try:
            yield client, simulator
        finally:
            client.close()


def outcome(*rules: dict[str, Any], body: bytes | None = None, **settings: Any) -> tuple[Answer, int]:
    """The answer to one request, and how many events were counted."""
    with delivery(*rules, **settings) as (client, simulator):
        answer = client.track("token", body or a_body())
        return answer, int(simulator.stats()["counted"])


def test_a_valid_request_is_accepted_and_counted() -> None:
    answer, counted = outcome(body=a_body(an_event("a"), an_event("b")))
    assert (answer.kind, answer.code, answer.http_status) == (AnswerKind.ACCEPTED, 0, 200)
    assert answer.request_id
    assert counted == 2


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("style", NAMING_STYLES)
def test_the_refused_event_is_found_in_every_spelling_and_with_either_status(
    style: MessageStyle, status: ErrorStatus
) -> None:
    bad = an_event("c", properties={"contents": [{"content_id": "x"}, {"content_id": 7}]})
    answer, counted = outcome(body=a_body(an_event("a"), an_event("b"), bad), message_style=style, error_status=status)
    assert (answer.kind, answer.code, answer.refused_indices) == (AnswerKind.REFUSED, 40002, (2,))
    assert counted == 0
    if style != "nested":
        assert answer.field == "properties.contents.content_id"


@pytest.mark.parametrize("style", ["unindexed", "mute"])
def test_a_refusal_without_an_index_leaves_the_culprit_open(style: MessageStyle) -> None:
    answer, _ = outcome(body=a_body(an_event("a"), an_event("b", event_time="x")), message_style=style)
    assert (answer.kind, answer.refused_indices) == (AnswerKind.REFUSED, None)
    assert answer.field == ("event_time" if style == "unindexed" else "")


@pytest.mark.parametrize("style", [*NAMING_STYLES, "unindexed", "mute"])
def test_a_pixel_code_as_offline_source_is_a_wrong_setting_in_every_spelling(style: MessageStyle) -> None:
    answer, _ = outcome(body=a_body(event_source_id="C4A7PIXELCODE"), message_style=style)
    assert answer.kind is AnswerKind.MISCONFIGURED
    assert answer.refused_indices is None


@pytest.mark.parametrize("status", STATUSES)
def test_access_is_refused_as_bad_credentials(status: ErrorStatus) -> None:
    with delivery(tokens={"good": frozenset({"1"}), "best": None}, error_status=status) as (client, _):
        assert client.track("bad", a_body()).code == 40105
        assert client.track("good", a_body()).code == 40001
        assert client.track("bad", a_body()).kind is AnswerKind.BAD_CREDENTIALS
        assert client.track("good", a_body()).kind is AnswerKind.BAD_CREDENTIALS
        assert client.track("best", a_body()).kind is AnswerKind.ACCEPTED


@pytest.mark.parametrize("status", STATUSES)
def test_too_many_requests_are_throttled_with_a_second_of_rest(status: ErrorStatus) -> None:
    with delivery(rate_limit=2, error_status=status) as (client, simulator):
        simulator.clock.set(1_760_000_000, freeze=True)
        answers = [client.track("token", a_body(an_event(str(number)))) for number in range(3)]
        assert [answer.kind for answer in answers] == [AnswerKind.ACCEPTED] * 2 + [AnswerKind.THROTTLED]
        assert answers[2].pause_seconds == 1.0
        simulator.clock.advance(1)
        assert client.track("token", a_body()).kind is AnswerKind.ACCEPTED


def test_a_body_that_is_too_large_for_the_gateway_is_a_refusal_without_index() -> None:
    answer, _ = outcome(largest_body=100)
    assert (answer.kind, answer.http_status, answer.refused_indices) == (AnswerKind.REFUSED, 413, None)


def test_more_than_a_thousand_events_are_refused_without_index() -> None:
    answer, _ = outcome(body=a_body(*[an_event(str(number)) for number in range(1001)]))
    assert (answer.kind, answer.code, answer.refused_indices) == (AnswerKind.REFUSED, 40061, None)


@pytest.mark.parametrize(
    ("rule", "kind", "counted"),
    [
        ({"action": "answer", "code": 50000}, AnswerKind.UNKNOWN, 0),
        ({"action": "answer", "http_status": 502, "body": "<html>"}, AnswerKind.UNKNOWN, 0),
        ({"action": "answer", "http_status": 200, "body": "<html>"}, AnswerKind.UNKNOWN, 0),
        ({"action": "answer", "http_status": 302, "body": "", "headers": {"Location": "/"}}, AnswerKind.UNKNOWN, 0),
        ({"action": "answer", "code": 40050}, AnswerKind.UNKNOWN, 0),
        ({"action": "answer", "code": 12345}, AnswerKind.UNKNOWN, 0),
        ({"action": "accept_then_answer", "code": 50002, "http_status": 500}, AnswerKind.UNKNOWN, 1),
        ({"action": "accept_then_answer", "http_status": 504, "body": ""}, AnswerKind.UNKNOWN, 1),
        ({"action": "accept_late", "seconds": 100}, AnswerKind.UNKNOWN, 0),
        ({"action": "accept_late", "seconds": 100, "http_status": 504, "body": ""}, AnswerKind.UNKNOWN, 0),
        ({"action": "hang", "seconds": 30}, AnswerKind.UNKNOWN, 0),
        ({"action": "hang_before_accepting", "seconds": 30}, AnswerKind.UNKNOWN, 0),
        ({"action": "accept_then_hang", "seconds": 30}, AnswerKind.UNKNOWN, 1),
        ({"action": "slow", "seconds": 0.2}, AnswerKind.ACCEPTED, 1),
        ({"action": "cut_before_reading"}, AnswerKind.UNKNOWN, 0),
        ({"action": "cut_before_accepting"}, AnswerKind.UNKNOWN, 0),
        ({"action": "cut_before_accepting", "reset": True}, AnswerKind.UNKNOWN, 0),
        ({"action": "accept_then_cut"}, AnswerKind.UNKNOWN, 1),
        ({"action": "accept_then_cut", "reset": True}, AnswerKind.UNKNOWN, 1),
        ({"action": "accept_then_half_answer"}, AnswerKind.UNKNOWN, 1),
    ],
    ids=lambda value: value["action"] if isinstance(value, dict) else None,
)
def test_each_fault_ends_as_it_should_on_both_sides(rule: dict[str, Any], kind: AnswerKind, counted: int) -> None:
    with delivery(rule | {"times": 1}) as (client, simulator):
        assert client.track("token", a_body()).kind is kind
        assert simulator.stats()["counted"] == counted
        assert simulator.stats()["faults"] == {rule["action"]: 1}
        assert client.track("token", a_body(an_event("after"))).kind is AnswerKind.ACCEPTED


@pytest.mark.parametrize("action", ["accept_then_answer", "accept_late", "refuse_event", "partial"])
def test_a_fault_accepts_nothing_that_the_checks_refuse(action: str) -> None:
    rule = {"action": action, "code": 50000, "event_id": "a", "seconds": 1}
    answer, counted = outcome(rule, body=a_body(an_event("a", event_time="noon")))
    assert (answer.code, answer.field) == (40002, "event_time")
    assert counted == 0


def test_one_refused_event_costs_only_the_request_that_held_it() -> None:
    rule = {"action": "refuse_event", "event_id": "b", "field": "user.email", "code": 40062}
    with delivery(rule) as (client, simulator):
        answer = client.track("token", a_body(an_event("a"), an_event("b"), an_event("c")))
        assert (answer.kind, answer.refused_indices, answer.field) == (AnswerKind.REFUSED, (1,), "user.email")
        assert client.track("token", a_body(an_event("a"), an_event("c"))).kind is AnswerKind.ACCEPTED
        assert simulator.stats()["counted"] == 2


@pytest.mark.parametrize(("named", "indices"), [(True, (1, 2)), (False, None)])
def test_a_partial_success_counts_the_others(named: bool, indices: tuple[int, ...] | None) -> None:
    rule = {"action": "partial", "event_id": ["b", "c"], "named": named}
    answer, counted = outcome(rule, body=a_body(an_event("a"), an_event("b"), an_event("c")))
    assert (answer.kind, answer.refused_indices) == (AnswerKind.PARTIAL, indices)
    assert counted == 1


def test_a_resend_after_a_lost_answer_counts_nothing_twice_within_48_hours_and_twice_after() -> None:
    with delivery({"action": "accept_then_cut", "times": 1}) as (client, simulator):
        simulator.clock.set(1_760_000_000, freeze=True)
        assert client.track("token", a_body()).kind is AnswerKind.UNKNOWN
        simulator.clock.advance(48 * 3600 - 1)
        assert client.track("token", a_body()).kind is AnswerKind.ACCEPTED
        assert (simulator.stats()["counted"], simulator.stats()["double_counts"]) == (1, 0)
        simulator.clock.advance(1)
        assert client.track("token", a_body()).kind is AnswerKind.ACCEPTED
        assert (simulator.stats()["counted"], simulator.stats()["double_counts"]) == (2, 1)
        assert simulator.stats()["double_counted"] == [[OFFLINE_SET, "Purchase", "e-1"]]
