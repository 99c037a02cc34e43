"""The client against servers that misbehave, over real sockets."""

from __future__ import annotations

import gzip
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conversion_delivery.domain.errors import ContractBroken
from conversion_delivery.tiktok.client import LARGEST_ANSWER, LONGEST_IDLE_SECONDS, EventsApiClient
from conversion_delivery.workflows.ports import Answer, AnswerKind, EventsApi
from tests.tiktok.certificates import self_signed
from tests.tiktok.raw_server import RawServer, Script, answer, answering, read_request, reset

TOKEN = "token-0123456789"
OK = b'{"code":0,"message":"OK","request_id":"R1","data":{}}'
HTML = b"<html>502 Bad Gateway</html>"


@contextmanager
def client_of(url: str, **options: Any) -> Iterator[EventsApiClient]:
    client = EventsApiClient(url, **{"connect_timeout": 1.0, "read_timeout": 1.0, "total_timeout": 4.0, **options})
    try:
        yield client
    finally:
        client.close()


def answer_of(script: Script, body: bytes = b"{}", **options: Any) -> Answer:
    with RawServer(script) as server, client_of(server.url, **options) as client:
        return client.track(TOKEN, body)


def timed_answer_of(script: Script, body: bytes) -> tuple[Answer, float]:
    """The answer under a total time of 0.6 s, and the seconds that it took."""
    with RawServer(script) as server, client_of(server.url, total_timeout=0.6) as client:
        before = time.monotonic()
        return client.track(TOKEN, body), time.monotonic() - before


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


def test_requests_share_one_connection() -> None:
    with RawServer(answering(*[answer(OK)] * 3)) as server, client_of(server.url) as client:
        kinds = [client.track(TOKEN, b"{}").kind for _ in range(3)]
        assert kinds == [AnswerKind.ACCEPTED] * 3
        assert server.connections == 1


def test_a_connection_that_was_idle_for_long_is_not_used_again() -> None:
    moment = [1000.0]
    with RawServer(answering(*[answer(OK)] * 3)) as server, client_of(server.url, now=lambda: moment[0]) as client:
        for step in (0.0, LONGEST_IDLE_SECONDS, LONGEST_IDLE_SECONDS + 1, -5.0):
            moment[0] += step
            assert client.track(TOKEN, b"{}").kind is AnswerKind.ACCEPTED
        assert server.connections == 3


def test_a_connection_that_the_server_closed_in_between_is_replaced() -> None:
    with RawServer(answering(answer(OK))) as server, client_of(server.url) as client:
        assert client.track(TOKEN, b"{}").kind is AnswerKind.ACCEPTED
        time.sleep(0.1)
        assert client.track(TOKEN, b"{}").kind is AnswerKind.ACCEPTED
        assert server.connections == 2


def test_a_closed_client_can_be_used_again() -> None:
    with RawServer(answering(answer(OK))) as server, client_of(server.url) as client:
        client.track(TOKEN, b"{}")
        client.close()
        assert client.track(TOKEN, b"{}").kind is AnswerKind.ACCEPTED


def half_a_json(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(answer(OK)[:-20])


def half_a_json_without_a_length(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + OK[:-20])


def a_cut_chunk(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"code":0')


def a_broken_chunk_length(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + OK)


def a_reset_after_reading(connection: socket.socket) -> None:
    read_request(connection)
    reset(connection)


def a_reset_while_sending(connection: socket.socket) -> None:
    connection.recv(1)
    reset(connection)


def an_orderly_end_instead_of_an_answer(connection: socket.socket) -> None:
    read_request(connection)


def no_answer(connection: socket.socket) -> None:
    read_request(connection)
    connection.recv(1)


def half_a_head(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Ty")


def no_http(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")


def an_endless_line(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000)


def broken_gzip(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(answer(b"no gzip", extra="Content-Encoding: gzip\r\n"))


def two_lengths(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(answer(OK, extra="Content-Length: 7\r\n"))


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


def endless_body(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b" " * 65_536)


BOMB = gzip.compress(b" " * 20_000_000)


def a_bomb(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(answer(BOMB, extra="Content-Encoding: gzip\r\n"))


@pytest.mark.parametrize("script", [endless_body, a_bomb])
def test_a_body_without_end_is_read_up_to_a_limit(script: Script) -> None:
    found = answer_of(script)
    assert found == Answer(AnswerKind.UNKNOWN, http_status=200, cause="ANSWER_TOO_LARGE")


def test_an_answer_of_just_the_largest_size_is_read() -> None:
    padded = OK + b" " * (LARGEST_ANSWER - len(OK))
    assert answer_of(answering(answer(padded))).kind is AnswerKind.ACCEPTED
    assert answer_of(answering(answer(padded + b" "))).kind is AnswerKind.UNKNOWN


def dripping_body(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        time.sleep(0.05)
        connection.sendall(b" ")


def dripping_head(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(1000):
        time.sleep(0.05)
        connection.sendall(b"X: y\r\n")


def endless_hints(connection: socket.socket) -> None:
    read_request(connection)
    while True:
        time.sleep(0.05)
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


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


def slow_reader(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    while connection.recv(1000):
        time.sleep(0.05)


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


def test_a_closed_port_means_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with client_of(f"http://127.0.0.1:{port}") as client:
        found = client.track(TOKEN, b"{}")
    assert (found.kind, found.cause) == (AnswerKind.NOT_SENT, "NewConnectionError")


def test_a_host_without_an_address_means_not_sent() -> None:
    with client_of("https://events.invalid") as client:
        assert client.track(TOKEN, b"{}").kind is AnswerKind.NOT_SENT


def test_a_host_that_does_not_pick_up_means_not_sent() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:  # fills the queue of the listener, so a further connection gets no answer
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        with client_of(f"http://127.0.0.1:{listener.getsockname()[1]}", connect_timeout=0.3) as client:
            found = client.track(TOKEN, b"{}")
        for one in waiting:
            one.close()
    assert (found.kind, found.cause) == (AnswerKind.NOT_SENT, "ConnectTimeoutError")


def test_tls_with_a_trusted_certificate_works(tmp_path: Path) -> None:
    context, authority = self_signed(tmp_path)
    with RawServer(answering(answer(OK)), context) as server, client_of(server.url, ca_file=str(authority)) as client:
        assert client.track(TOKEN, b"x" * 100_000).kind is AnswerKind.ACCEPTED


def test_a_certificate_that_nobody_trusts_means_not_sent(tmp_path: Path) -> None:
    context, _ = self_signed(tmp_path)
    seen: list[bytes] = []

    def script(connection: socket.socket) -> None:
        seen.append(read_request(connection))

    with RawServer(script, context) as server, client_of(server.url) as client:
        assert client.track(TOKEN, b"{}").kind is AnswerKind.NOT_SENT
    assert b"".join(seen) == b""


def speaks_no_tls(connection: socket.socket) -> None:
    connection.recv(1)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def resets_the_handshake(connection: socket.socket) -> None:
    connection.recv(1)
    reset(connection)


def ends_the_handshake(connection: socket.socket) -> None:
    connection.recv(65_536)


def sleeps_through_the_handshake(connection: socket.socket) -> None:
    connection.recv(65_536)
    connection.recv(65_536)


@pytest.mark.parametrize(
    "script", [speaks_no_tls, resets_the_handshake, ends_the_handshake, sleeps_through_the_handshake]
)
def test_a_handshake_that_fails_means_not_sent(script: Script) -> None:
    with RawServer(script) as server, client_of(f"https://127.0.0.1:{server.port}") as client:
        assert client.track(TOKEN, b"{}").kind is AnswerKind.NOT_SENT


def test_tls_that_breaks_off_after_the_request_leaves_the_outcome_open(tmp_path: Path) -> None:
    context, authority = self_signed(tmp_path)
    for script in (a_reset_after_reading, half_a_json, an_orderly_end_instead_of_an_answer, no_answer, dripping_body):
        options = {"ca_file": str(authority), "total_timeout": 0.6}
        with RawServer(script, context) as server, client_of(server.url, **options) as client:
            assert client.track(TOKEN, b"{}").kind is AnswerKind.UNKNOWN


@pytest.mark.parametrize("token", ["", "a b", "a\r\nX-Evil: 1", "tökén", "a" * 5000])
def test_a_token_that_no_header_can_carry_is_a_bad_credential_and_nothing_is_sent(token: str) -> None:
    with RawServer(answering(answer(OK))) as server, client_of(server.url) as client:
        found = client.track(token, b"{}")
        assert (found.kind, found.cause) == (AnswerKind.BAD_CREDENTIALS, "TOKEN_UNUSABLE")
        assert server.connections == 0


def test_neither_proxies_nor_cookies_nor_netrc_take_part(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    seen: list[bytes] = []

    def script(connection: socket.socket) -> None:
        for _ in range(2):
            seen.append(read_request(connection))
            connection.sendall(answer(OK, extra="Set-Cookie: session=1; Path=/\r\n"))

    with RawServer(answering()) as proxy, RawServer(script) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("NETRC", str(netrc))
        with client_of(server.url) as client:
            assert client.track(TOKEN, b"{}").kind is AnswerKind.ACCEPTED
            assert client.track(TOKEN, b"{}").kind is AnswerKind.ACCEPTED
        assert proxy.connections == 0
    text = b"".join(seen).lower()
    assert b"cookie" not in text
    assert b"authorization" not in text


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


@pytest.mark.parametrize(
    ("endpoint", "code"),
    [
        ("http://business-api.tiktok.com", "EVENTS_API_URL_UNSAFE"),
        ("http://10.0.0.1:8080", "EVENTS_API_URL_UNSAFE"),
        ("http://127.0.0.1.example.com", "EVENTS_API_URL_UNSAFE"),
        ("http://localhost.example.com", "EVENTS_API_URL_UNSAFE"),
        ("ftp://business-api.tiktok.com", "EVENTS_API_URL_INVALID"),
        ("business-api.tiktok.com", "EVENTS_API_URL_INVALID"),
        ("https://", "EVENTS_API_URL_INVALID"),
        ("https://me:secret@business-api.tiktok.com", "EVENTS_API_URL_INVALID"),
        ("https://business-api.tiktok.com/open_api", "EVENTS_API_URL_INVALID"),
        ("https://business-api.tiktok.com?x=1", "EVENTS_API_URL_INVALID"),
        ("https://host:99999", "EVENTS_API_URL_INVALID"),
        ("https://[::1", "EVENTS_API_URL_INVALID"),
        ("", "EVENTS_API_URL_INVALID"),
    ],
)
def test_an_endpoint_that_is_wrong_or_unsafe_is_refused_at_once(endpoint: str, code: str) -> None:
    with pytest.raises(ContractBroken) as refused:
        EventsApiClient(endpoint)
    assert refused.value.code == code
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "endpoint",
    ["https://business-api.tiktok.com", "https://business-api.tiktok.com/", "http://127.0.0.1:80", "http://[::1]:80"],
)
def test_https_hosts_and_this_machine_are_endpoints(endpoint: str) -> None:
    EventsApiClient(endpoint)
