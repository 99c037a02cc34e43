"""The simulator's own endpoints, over real sockets."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from local.events_api import EventsApiSimulator
from tests.local.events_api.builders import a_body, an_event
from tests.local.events_api.calls import HEADERS, call, control


@pytest.fixture
def simulator() -> Iterator[EventsApiSimulator]:
    with EventsApiSimulator() as running:
        yield running


def test_statistics_tell_what_was_received_and_answered(simulator: EventsApiSimulator) -> None:
    call(simulator, body=a_body(an_event("a"), an_event("b")))
    call(simulator, body=a_body(an_event("a")))
    call(simulator, body=a_body(an_event(event="Nonsense")))
    stats = control(simulator, "/_stats").json
    assert stats == simulator.stats()
    assert stats == {
        "requests": 3,
        "received": 4,
        "accepted": 3,
        "counted": 2,
        "duplicates": 1,
        "double_counts": 0,
        "test_events": 0,
        "without_event_id": 0,
        "known_event_ids": 2,
        "kept_events": 3,
        "late": 0,
        "double_counted": [],
        "answers": {"0": 2, "40002": 1},
        "faults": {},
        "defects": 0,
    }


def test_received_events_are_listed_as_lines_or_as_one_document(simulator: EventsApiSimulator) -> None:
    call(simulator, body=a_body(*[an_event(name) for name in "aab"]))
    lines = control(simulator, "/_events?limit=2")
    assert lines.headers["x-next-offset"] == "2"
    assert [orjson.loads(line)["verdict"] for line in lines.body.splitlines()] == ["counted", "duplicate"]
    rest = control(simulator, "/_events?offset=2")
    assert "x-next-offset" not in rest.headers
    assert len(rest.body.splitlines()) == 1
    document = control(simulator, "/_events?format=array&verdict=counted&limit=1").json
    assert (len(document["events"]), document["next_offset"]) == (1, 1)
    assert control(simulator, "/_events?format=array&offset=9").json == {"events": [], "next_offset": None}
    assert [event["event"]["event_id"] for event in simulator.events("counted")] == ["a", "b"]


def test_faults_tokens_clock_and_memory_can_be_changed_while_it_runs(simulator: EventsApiSimulator) -> None:
    assert (
        control(simulator, "/_faults", {"rules": [{"action": "answer", "code": 60001, "requests": [1]}]}).status == 200
    )
    assert call(simulator, body=a_body()).json["code"] == 60001
    assert call(simulator, body=a_body()).json["code"] == 0
    assert control(simulator, "/_tokens", {"tokens": {"new": None, "one": ["1"]}}).status == 200
    assert call(simulator, body=a_body()).json["code"] == 40105
    assert call(simulator, body=a_body(), headers=HEADERS | {"Access-Token": "one"}).json["code"] == 40001
    assert control(simulator, "/_tokens", {"tokens": {}}).status == 200
    assert control(simulator, "/_clock", {"advance": 48 * 3600}).status == 200
    assert call(simulator, body=a_body()).json["code"] == 0
    assert simulator.stats()["double_counts"] == 1
    assert control(simulator, "/_reset", {}).status == 200
    assert (simulator.stats()["requests"], simulator.stats()["known_event_ids"]) == (0, 0)
    assert abs(simulator.clock.now() - time.time()) < 5


def test_the_clock_is_set_by_number_or_iso_text_and_frozen_on_demand(simulator: EventsApiSimulator) -> None:
    assert control(simulator, "/_clock", {"now": "2026-11-16T12:00:00Z", "freeze": True}).json == {"now": 1794830400.0}
    assert simulator.clock.now() == 1794830400.0
    assert control(simulator, "/_clock", {"advance": 60}).json == {"now": 1794830460.0}
    assert 1000 <= control(simulator, "/_clock", {"now": 1000}).json["now"] < 1010
    assert control(simulator, "/_clock", {"release": True}).json["now"] > 1_700_000_000


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("/_clock", {}),
        ("/_clock", {"now": "noon"}),
        ("/_clock", {"now": "2026-11-16T12:00:00"}),
        ("/_clock", {"now": True}),
        ("/_clock", {"advance": "1"}),
        ("/_clock", []),
        ("/_tokens", {}),
        ("/_tokens", {"tokens": {"a": "b"}}),
        ("/_faults", {"rules": [{"action": "explode"}]}),
        ("/_events?offset=x", None),
        ("/_events?verdict=x", None),
    ],
)
def test_a_control_call_that_makes_no_sense_is_refused_with_a_reason(
    simulator: EventsApiSimulator, path: str, document: Any
) -> None:
    got = control(simulator, path, document)
    assert got.status == 400
    assert got.json["error"]


def test_a_control_body_that_is_no_json_is_refused(simulator: EventsApiSimulator) -> None:
    assert call(simulator, "POST", "/_faults", b"{").status == 400
