"""The client against servers that misbehave, over real sockets."""

from __future__ import annotations

import gzip
import logging
import socket
import time

import pytest

from conversion_delivery.tiktok.client import LARGEST_ANSWER, EventsApiClient
from conversion_delivery.workflows.events_api_ports import Answer, AnswerKind, EventsApi
from tests.tiktok.exchanges import (
    HTML,
    OK,
    TOKEN,
    a_bomb,
    a_broken_chunk_length,
    a_cut_chunk,
    a_reset_after_reading,
    a_reset_while_sending,
    an_endless_line,
    an_orderly_end_instead_of_an_answer,
    answer_of,
    broken_gzip,
    client_of,
    dripping_body,
    dripping_head,
    endless_body,
    endless_hints,
    half_a_head,
    half_a_json,
    half_a_json_without_a_length,
    no_answer,
    no_http,
    slow_reader,
    timed_answer_of,
    two_lengths,
)
from tests.tiktok.raw_server import RawServer, Script, answer, answering, read_request


def test_the_client_fulfils_the_port() -> None:
    port: EventsApi = EventsApiClient("https://business-api.tiktok.com")
    assert callable(port.track)


def test_one_post_goes_to_the_track_path_with_the_two_headers_and_the_body() -> None:
    seen: list[bytes] = []

    def script(connection: socket.socket) -> None:
        seen.append(read_request(connection))
        connection.sendall(answer(OK))

    assert answer_of(script, b'{"data":[]}') == Answer(AnswerKind.ACCEPTED, 0, 200, "R1")
    head, _, body = seen[0].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /open_api/v1.3/event/track/ HTTP/1.1"
    assert b"Access-Token: " + TOKEN.encode() in lines
    assert b"Content-Type: application/json" in lines
    assert b"Accept-Encoding: identity" in lines
    assert body == b'{"data":[]}'


@pytest.mark.parametrize(
    "script",
    [
        half_a_json,
        half_a_json_without_a_length,
        a_cut_chunk,
        a_broken_chunk_length,
        a_reset_after_reading,
        a_reset_while_sending,
        an_orderly_end_instead_of_an_answer,
        no_answer,
        half_a_head,
        no_http,
        an_endless_line,
        broken_gzip,
        two_lengths,
    ],
)
def test_an_exchange_that_breaks_off_leaves_the_outcome_open(script: Script) -> None:
    found = answer_of(script, b"x" * 400_000)
    assert found.kind is AnswerKind.UNKNOWN
    assert found.code is None
    assert found.cause


def test_the_status_of_an_answer_whose_body_broke_off_is_kept() -> None:
    assert answer_of(half_a_json).http_status == 200


def test_an_answer_of_gzip_is_read_although_nobody_asked_for_it() -> None:
    script = answering(answer(gzip.compress(OK), extra="Content-Encoding: gzip\r\n"))
    assert answer_of(script).kind is AnswerKind.ACCEPTED


@pytest.mark.parametrize("script", [endless_body, a_bomb])
def test_a_body_without_end_is_read_up_to_a_limit(script: Script) -> None:
    found = answer_of(script)
    assert found == Answer(AnswerKind.UNKNOWN, http_status=200, cause="ANSWER_TOO_LARGE")


def test_an_answer_of_just_the_largest_size_is_read() -> None:
    padded = OK + b" " * (LARGEST_ANSWER - len(OK))
    assert answer_of(answering(answer(padded))).kind is AnswerKind.ACCEPTED
    assert answer_of(answering(answer(padded + b" "))).kind is AnswerKind.UNKNOWN


@pytest.mark.parametrize("script", [dripping_body, dripping_head, endless_hints])
def test_a_server_that_drips_cannot_hold_the_client_beyond_its_total_time(script: Script) -> None:
    found, seconds = timed_answer_of(script, b"{}")
    assert 0.5 < seconds < 3.0
    assert (found.kind, found.cause) == (AnswerKind.UNKNOWN, "ReadTimeoutError")


def test_the_total_time_also_ends_a_longer_read_timeout() -> None:
    with RawServer(no_answer) as server, client_of(server.url, read_timeout=9.0, total_timeout=0.4) as client:
        before = time.monotonic()
        assert client.track(TOKEN, b"{}").kind is AnswerKind.UNKNOWN
        assert time.monotonic() - before < 4.0


def test_a_server_that_reads_slowly_cannot_hold_the_client_beyond_its_total_time() -> None:
    found, seconds = timed_answer_of(slow_reader, b"x" * 20_000_000)
    assert 0.5 < seconds < 3.0
    assert found.kind is AnswerKind.UNKNOWN


def test_a_slow_answer_within_the_total_time_is_an_answer() -> None:
    def script(connection: socket.socket) -> None:
        read_request(connection)
        reply = answer(OK)
        for start in range(0, len(reply), 10):
            connection.sendall(reply[start : start + 10])
            time.sleep(0.02)

    assert answer_of(script).kind is AnswerKind.ACCEPTED


def test_a_gateway_page_leaves_the_outcome_open() -> None:
    found = answer_of(answering(answer(HTML, "502 Bad Gateway", "text/html")))
    assert found == Answer(AnswerKind.UNKNOWN, http_status=502, cause="HTML")
    assert answer_of(answering(answer(HTML, "200 OK", "text/html"))).kind is AnswerKind.UNKNOWN


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("301 Moved", AnswerKind.MISCONFIGURED),
        ("302 Found", AnswerKind.UNKNOWN),
        ("308 Moved", AnswerKind.MISCONFIGURED),
    ],
)
def test_no_redirect_is_followed(status: str, kind: AnswerKind) -> None:
    with RawServer(answering(answer(OK))) as elsewhere:
        found = answer_of(answering(answer(b"", status, extra=f"Location: {elsewhere.url}/\r\n")))
        assert found.kind is kind
        assert elsewhere.connections == 0


@pytest.mark.parametrize("token", ["", "a b", "a\r\nX-Evil: 1", "tökén", "a" * 5000])
def test_a_token_that_no_header_can_carry_is_a_bad_credential_and_nothing_is_sent(token: str) -> None:
    with RawServer(answering(answer(OK))) as server, client_of(server.url) as client:
        found = client.track(token, b"{}")
        assert (found.kind, found.cause) == (AnswerKind.BAD_CREDENTIALS, "TOKEN_UNUSABLE")
        assert server.connections == 0


def test_the_token_shows_in_no_log_line_and_no_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    broken_head = answering(answer(OK, extra="no header, but alice@example.com\r\n"))
    scripts: list[Script] = [answering(answer(OK)), half_a_json, a_reset_after_reading, two_lengths, broken_head]
    for script in scripts:
        with RawServer(script) as server, client_of(server.url) as client:
            found = client.track(TOKEN, b"{}")
            assert TOKEN not in repr(found) + repr(client) + repr(vars(client))
    assert TOKEN not in caplog.text
    assert "alice" not in caplog.text
    assert "open_api" not in caplog.text
    assert logging.getLogger("urllib3").getEffectiveLevel() == logging.WARNING
