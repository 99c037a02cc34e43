"""The simulator over real sockets, spoken to without the product's own client."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import orjson
import pytest

from local.events_api import EventsApiSimulator, FaultPlanInvalid, SimulatorSettings
from local.events_api.field_checks import Wrong
from local.events_api.replies import refusal_text
from local.events_api.settings import MessageStyle
from tests.local.events_api.builders import OFFLINE_SET, a_body, an_event
from tests.local.events_api.calls import HEADERS, PATH, call


@pytest.fixture
def simulator() -> Iterator[EventsApiSimulator]:
    with EventsApiSimulator() as running:
        yield running


def test_it_listens_on_this_machine_only(simulator: EventsApiSimulator) -> None:
    assert simulator.url == f"http://127.0.0.1:{simulator.port}"
    assert simulator._server.server_address[0] == "127.0.0.1"


def test_a_valid_request_gets_the_documented_envelope(simulator: EventsApiSimulator) -> None:
    got = call(simulator, body=a_body())
    assert got.status == 200
    assert got.headers["content-type"].startswith("application/json")
    assert got.json == {"code": 0, "message": "OK", "request_id": got.json["request_id"], "data": {}}


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Content-Type": "application/json"}, 40104),
        ({"Content-Type": "application/json", "Access-Token": ""}, 40104),
        ({"Content-Type": "application/json", "Access-Token": "Bearer token"}, 40105),
        ({"Content-Type": "application/json", "Access-Token": "other"}, 40105),
        ({"Content-Type": "text/plain", "Access-Token": "token"}, 40002),
        ({"Content-Type": "application/json; charset=utf-8", "Access-Token": "token"}, 0),
    ],
)
def test_token_and_content_type_are_looked_at(headers: dict[str, str], code: int) -> None:
    with EventsApiSimulator(token="token") as simulator:
        assert call(simulator, body=a_body(), headers=headers).json["code"] == code


@pytest.mark.parametrize("body", [b"", b"{", b'{"event_source":"offline"', b"\xff"])
def test_a_body_that_is_no_json_is_refused(simulator: EventsApiSimulator, body: bytes) -> None:
    assert call(simulator, body=body).json["code"] == 40002


def test_the_trailing_slash_is_required(simulator: EventsApiSimulator) -> None:
    got = call(simulator, path=PATH.rstrip("/"), body=a_body())
    assert (got.status, got.headers["content-type"]) == (404, "text/html")
    assert simulator.stats()["requests"] == 0
    assert call(simulator, "GET").status == 404


@pytest.mark.parametrize(
    ("code", "always", "as_4xx"),
    [(40002, 200, 400), (40105, 200, 401), (40100, 200, 401), (40001, 200, 403), (61000, 200, 429), (50000, 200, 500)],
)
def test_errors_come_with_200_or_with_4xx(code: int, always: int, as_4xx: int) -> None:
    for settings, status in [
        (SimulatorSettings(), always),
        (SimulatorSettings(error_status="4xx"), as_4xx),
    ]:
        with EventsApiSimulator(settings=settings, faults={"rules": [{"action": "answer", "code": code}]}) as simulator:
            got = call(simulator, body=a_body())
            assert (got.status, got.json["code"]) == (status, code)


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("spaced", "Invalid value for data. 1 .properties.contents. 0 .content_id: not a valid string."),
        ("dotted", "Invalid value for data.1.properties.contents.0.content_id: not a valid string."),
        ("brackets", "data[1].properties.contents[0].content_id: not a valid string"),
        ("batch", "Batch.1.properties.contents.0.content_id: Not a valid string"),
        ("nested", "{'data': {1: {'properties': {'contents': {0: {'content_id': ['not a valid string.']}}}}}}"),
        ("unindexed", "Invalid value for properties.contents.content_id: not a valid string."),
        ("mute", "Invalid parameters."),
    ],
)
def test_each_style_has_its_own_sentence(style: MessageStyle, text: str) -> None:
    wrong = Wrong("not a valid string", ("data", 1, "properties", "contents", 0, "content_id"))
    assert refusal_text(wrong, style) == text


def test_styles_agree_about_a_whole_request() -> None:
    for style in get_args(MessageStyle):
        assert refusal_text(Wrong("the body is wrong"), style) == "The body is wrong."
        assert "event_source_id" in refusal_text(Wrong("bad", ("event_source_id",)), style)


def test_a_refused_request_counts_nothing_and_echoes_nothing(simulator: EventsApiSimulator) -> None:
    got = call(simulator, body=a_body(an_event("a"), an_event("b", user={"email": "alice@example.com"})))
    assert got.json["code"] == 40062
    assert got.json["message"].startswith("Invalid value for data. 1 .user.email")
    assert b"alice" not in got.body
    assert simulator.stats()["accepted"] == 0
    assert simulator.stats()["received"] == 2


def test_an_oversized_or_unmeasured_body_is_refused_unread() -> None:
    with EventsApiSimulator(settings=SimulatorSettings(largest_body=1000)) as simulator:
        assert call(simulator, body=b" " * 1001).status == 413
        assert call(simulator, body=b"{" + b" " * 999).status == 200
        with socket.create_connection(("127.0.0.1", simulator.port), timeout=5) as connection:
            connection.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 411")


def test_a_client_that_leaves_in_the_middle_of_its_body_leaves_no_trace(
    simulator: EventsApiSimulator, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection(("127.0.0.1", simulator.port), timeout=5) as connection:
        connection.sendall(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf".encode())
    assert call(simulator, body=a_body()).json["code"] == 0
    assert (simulator.stats()["counted"], simulator.stats()["defects"]) == (1, 0)
    assert capfd.readouterr().err == ""


def test_an_answer_that_comes_too_late_is_still_an_acceptance() -> None:
    rule = {"action": "hang_before_accepting", "seconds": 0.3}
    with EventsApiSimulator(faults={"rules": [rule]}) as simulator:
        with socket.create_connection(("127.0.0.1", simulator.port), timeout=5) as connection:
            body = a_body()
            head = f"POST {PATH} HTTP/1.1\r\nAccess-Token: t\r\nContent-Type: application/json\r\n"
            connection.sendall(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        deadline = time.monotonic() + 5
        while simulator.stats()["counted"] == 0 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert simulator.stats()["counted"] == 1


def test_stopping_ends_hanging_exchanges_at_once() -> None:
    ended: list[str] = []

    def hang(hanging: EventsApiSimulator) -> None:
        try:
            call(hanging, body=a_body())
        except (OSError, http.client.HTTPException) as fault:
            ended.append(type(fault).__name__)

    with EventsApiSimulator(faults={"rules": [{"action": "hang_before_accepting", "seconds": 600}]}) as running:
        caller = threading.Thread(target=hang, args=(running,))
        caller.start()
        while not running.stats()["faults"]:
            time.sleep(0.01)
        before = time.monotonic()
    caller.join(timeout=5)
    assert time.monotonic() - before < 4
    assert ended
    assert running.stats()["counted"] == 0


def test_many_clients_at_once_are_counted_exactly(simulator: EventsApiSimulator) -> None:
    def send(client: int) -> None:
        for number in range(10):
            call(simulator, body=a_body(an_event(f"{client}-{number}"), an_event(f"shared-{number}")))

    threads = [threading.Thread(target=send, args=(client,)) for client in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stats = simulator.stats()
    assert (stats["requests"], stats["counted"], stats["duplicates"]) == (80, 90, 70)


def test_a_kept_connection_answers_without_delay(simulator: EventsApiSimulator) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=5)
    body = a_body()
    before = time.monotonic()
    for _ in range(50):
        connection.request("POST", PATH, body, HEADERS)
        assert connection.getresponse().read()
    connection.close()
    assert time.monotonic() - before < 2, "a delayed acknowledgement costs 40 ms per request or more"


def test_the_log_has_numbers_and_codes_and_no_values(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    plan = {"rules": [{"action": "accept_then_cut", "requests": [2], "name": "lost"}]}
    with EventsApiSimulator(log=log, faults=plan) as simulator:
        call(simulator, body=a_body(an_event("order-4711")))
        with pytest.raises(http.client.RemoteDisconnected):
            call(simulator, body=a_body())
    lines = [orjson.loads(line) for line in log.read_bytes().splitlines()]
    assert [{name: line[name] for name in line if name != "at"} for line in lines] == [
        {"request": 1, "events": 1, "fault": None},
        {"request": 1, "answer": "0"},
        {"request": 2, "events": 1, "fault": "lost"},
        {"request": 2, "answer": "cut"},
    ]
    assert b"4711" not in log.read_bytes()
    assert OFFLINE_SET.encode() not in log.read_bytes()


def test_the_state_file_links_two_runs(tmp_path: Path) -> None:
    state = tmp_path / "state.jsonl"
    with EventsApiSimulator(state=state) as first:
        call(first, body=a_body())
    with EventsApiSimulator(state=state) as second:
        call(second, body=a_body())
        assert (second.stats()["counted"], second.stats()["duplicates"]) == (0, 1)


def test_a_plan_that_cannot_work_is_refused_at_the_start() -> None:
    with pytest.raises(FaultPlanInvalid):
        EventsApiSimulator(faults={"rules": [{"action": "hang"}]})


def test_a_taken_port_is_an_os_error(simulator: EventsApiSimulator) -> None:
    with pytest.raises(OSError, match="in use"):
        EventsApiSimulator(simulator.port)
